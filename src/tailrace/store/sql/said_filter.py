"""A filter as conditions on the documented views, for people to read and go on from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tailrace.model import TraceFilter
from tailrace.query import And, Everything, FieldKind, Not, Op, Or, Prefix, Term, Text, Tree, children_of, fold, render
from tailrace.store.sql.views import quoted

_COMPARE = {Op.EQ: "=", Op.GT: ">", Op.GE: ">=", Op.LT: "<", Op.LE: "<="}
# a column of traces, and how many of the filter's units are one of its
_NUMBERS = {
    "latency": ("duration_ms", 1e6),
    "ttft": ("ttft_ms", 1e6),
    "tokens": ("total_tokens", 1.0),
    "cost": ("cost", 1.0),
    "spans": ("span_count", 1.0),
    "errors": ("error_count", 1.0),
}
_TEXTS = {"name": "name", "session": "session_id", "user": "user_id", "env": "environment", "version": "version"}
_TEXTS |= {"trace": "trace_id"}
_OF_SPANS = {"model": "model", "tool": "tool_name", "span": "name", "prompt": "prompt"}
_THUMBS = {"up": "thumb = 1", "down": "thumb = 0", "none": "thumb IS NULL"}
_HAS = {
    "error": "error_count > 0",
    "thumb": "thumb IS NOT NULL",
    "session": "session_id <> ''",
    "user": "user_id <> ''",
    "env": "environment <> ''",
    "version": "version <> ''",
    "tag": "len(tags) > 0",
    "tokens": "total_tokens IS NOT NULL",
    "cost": "cost IS NOT NULL",
    "unpriced": "unpriced_spans > 0",
    "ttft": "ttft_ms IS NOT NULL",
    "tool": "tool_calls > 0",
    "retrieval": "retrievals > 0",
}


def said_of_traces(asked: TraceFilter, tree: Tree) -> tuple[list[str], list[str]]:
    """Conditions on `traces`, all of which must be met, and the parts of the filter that the views have no column for,
    as they are written in the filter language."""
    met = times("started", asked)
    left_out: list[str] = []
    for part in tree.children if isinstance(tree, And) else (tree,):
        said = fold(part, _say)
        if said is None:
            left_out.append(render(part))
        elif said:
            met.append(said)
    return met, left_out


def times(column: str, asked: TraceFilter) -> list[str]:
    """That a time lies within the filter's range."""
    found = [] if asked.since_ns is None else [f"{column} >= {timestamp(asked.since_ns)}"]
    return found if asked.until_ns is None else [*found, f"{column} < {timestamp(asked.until_ns)}"]


def timestamp(time_ns: int) -> str:
    """A moment as the views tell it: in UTC, to the microsecond. A range begins and ends at the first one that is not
    before it: the views round down."""
    micros = -(-time_ns // 1000)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    written = moment.strftime("%Y-%m-%d %H:%M:%S")
    return f"TIMESTAMP '{written}.{moment.microsecond:06}'" if moment.microsecond else f"TIMESTAMP '{written}'"


def literal(value: str) -> str:
    """A text as it is written in a statement."""
    return "'" + value.replace("'", "''") + "'"


def _say(node: Tree, below: list[str | None]) -> str | None:
    """A condition; empty for none, None for what the views cannot say."""
    if any(part is None for part in below):
        return None
    if isinstance(node, Everything):
        return ""
    if isinstance(node, Not):
        return f"NOT coalesce({below[0]}, FALSE)"
    if isinstance(node, And | Or):
        word = " AND " if isinstance(node, And) else " OR "
        parts = [
            f"({part})" if children_of(child) else str(part) for child, part in zip(node.children, below, strict=True)
        ]
        return f"({word.join(parts)})"
    return None if isinstance(node, Text) else _term(node)


def _term(term: Term) -> str | None:
    name, value = term.field.name, term.value
    if name in _NUMBERS and isinstance(value, int | float):
        column, unit = _NUMBERS[name]
        return f"{column} {_COMPARE[term.op]} {value / unit!r}"
    if name in _TEXTS:
        return _text(_TEXTS[name], value)
    if name in _OF_SPANS:
        said = _text(_OF_SPANS[name], value)
        if name == "prompt" and said is not None and not isinstance(value, Prefix):
            said = f"{said} OR {_text('prompt', Prefix(f'{value}@'))}"
        return None if said is None else _of_spans(said)
    if name == "tag":
        return _tag(value)
    if name in ("status", "kind", "failed", "category"):
        return _choice(name, str(value))
    if name == "error":
        said = _text("error_type", value)
        return None if said is None else _of_spans(f"failed AND {said}")
    if name == "thumb":
        return _THUMBS[str(value)]
    if name == "has":
        return _HAS.get(str(value))
    return _attribute(term) if term.field.kind is FieldKind.ATTRIBUTE else None


def _choice(name: str, value: str) -> str:
    return {
        "status": f"status = {literal(value)}",
        "kind": _of_spans(f"kind = {literal(value)}"),
        "failed": _of_spans(f"failed AND kind = {literal(value)}"),
        "category": _of_spans(f"error_category = {literal(value)}"),
    }[name]


def _text(column: str, value: object) -> str | None:
    """A text without regard to case; of a prefix, one that begins with it."""
    text = value.text if isinstance(value, Prefix) else str(value)
    if not text.isprintable():
        return None  # a statement cannot be read with such signs in it
    if isinstance(value, Prefix):
        return f"{column} <> ''" if not text else f"starts_with(lower({column}), {literal(text.lower())})"
    return f"lower({column}) = {literal(text.lower())}"


def _tag(value: object) -> str | None:
    if isinstance(value, Prefix) or not str(value).isprintable():
        return None
    return f"list_contains(list_transform(tags, lambda tag: lower(tag)), {literal(str(value).lower())})"


def _attribute(term: Term) -> str | None:
    key = term.field.key or ""
    if not key.isprintable():
        return None
    column = quoted(f"attr.{key}")
    if isinstance(term.value, str | Prefix):
        said = _text(column, term.value)
        return None if said is None else _of_spans(said)
    return _of_spans(f"try_cast({column} AS DOUBLE) {_COMPARE[term.op]} {term.value!r}")


def _of_spans(condition: str) -> str:
    return f"trace_id IN (SELECT trace_id FROM spans WHERE {condition})"
