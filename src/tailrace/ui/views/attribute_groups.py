"""The attributes of a span in groups, as values: what Tailrace read of it, then what the source said by prefix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from tailrace.model import Json, SpanDetail
from tailrace.model.time import format_time


@dataclass(frozen=True, slots=True)
class Attribute:
    """One row. `field` is what a filter for it asks, empty when it cannot be filtered for."""

    key: str
    value: Json
    field: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Attributes of one prefix."""

    title: str
    rows: tuple[Attribute, ...]


def attribute_groups(detail: SpanDetail) -> list[Group]:
    """What Tailrace read of a span, its attributes by prefix, then those of its resource and scope."""
    span = detail.span
    groups = [Group("span", tuple(_facts(detail)))]
    by_prefix: dict[str, list[Attribute]] = {}
    for key, value in span.all_attributes().items():
        prefix, dot, _ = key.partition(".")
        by_prefix.setdefault(prefix if dot else "other", []).append(Attribute(key, value, f"attr.{key}"))
    for prefix in sorted(by_prefix, key=lambda name: (name == "other", name)):
        groups.append(Group(prefix, tuple(sorted(by_prefix[prefix], key=lambda row: _natural(row.key)))))
    if span.resource:
        rows = (Attribute(key, span.resource[key], f"attr.{key}") for key in sorted(span.resource))
        groups.append(Group("resource", tuple(rows)))
    if span.scope_name or span.scope_version:
        scope = (Attribute("name", span.scope_name), Attribute("version", span.scope_version))
        groups.append(Group("scope", tuple(row for row in scope if row.value)))
    if span.links:
        links = tuple(
            Attribute(f"{number}", {"trace": link.trace_id, "span": link.span_id, **link.attributes})
            for number, link in enumerate(span.links, 1)
        )
        groups.append(Group("links", links))
    return groups


def _facts(detail: SpanDetail) -> Iterable[Attribute]:
    span = detail.span
    yield Attribute("name", span.name, "span")
    yield Attribute("kind", span.kind.value, "kind")
    yield Attribute("status", span.status.value, "status")
    rows: list[tuple[str, Json, str]] = [
        ("status message", span.status_message, ""),
        ("error type", span.error_type, ""),
        ("model", span.model, "model"),
        ("provider", span.provider, ""),
        ("tool", span.tool_name, "tool"),
        ("agent", span.agent_name, ""),
        ("prompt", "@".join(filter(None, (span.prompt_name, span.prompt_version))), "prompt"),
        ("session", span.session_id, "session"),
        ("user", span.user_id, "user"),
        ("environment", span.environment, "env"),
        ("version", span.version, "version"),
        *(("tag", tag, "tag") for tag in span.tags),
        ("trace id", span.trace_id, "trace"),
        ("span id", span.span_id, ""),
        ("parent id", span.parent_id, ""),
        ("start", format_time(span.start_ns), ""),
        ("end", "not ended" if span.end_ns is None else format_time(span.end_ns), ""),
    ]
    for key, value, field in rows:
        if value:
            yield Attribute(key, value, field)


def value_text(value: Json) -> str:
    """A value as text: strings as they are, the rest as JSON."""
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError):
        return repr(value)


def type_word(value: Json) -> str:
    """What a value is, in a word."""
    words = {bool: "bool", int: "int", float: "float", str: "text", list: "list", dict: "object"}
    return "null" if value is None else words.get(type(value), type(value).__name__)


def groups_json(groups: Sequence[Group]) -> str:
    """The shown attributes as JSON, group by group where a key is not unique."""
    plain = {
        row.key: row.value for group in groups if group.title not in ("span", "scope", "links") for row in group.rows
    }
    try:
        return orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()
    except (TypeError, ValueError):
        return repr(plain)


def _natural(key: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in key.split(".")]


def row_json(row: Attribute) -> str:
    """One attribute as a JSON object."""
    try:
        return orjson.dumps({row.key: row.value}).decode()
    except (TypeError, ValueError):
        return repr({row.key: row.value})


def matches(row: Attribute, words: Sequence[str]) -> bool:
    """Whether all words occur in key or value, regardless of case."""
    text = f"{row.key}\n{value_text(row.value)}".casefold()
    return all(word in text for word in words)
