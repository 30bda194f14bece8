"""Attributes flattened with dots and indexes, and the nested form of the same."""

from __future__ import annotations

from collections.abc import Iterator

from tailrace.model import Json
from tailrace.semconv.values import json_text

_DEEPEST = 24  # no convention nests half as deep; deeper keys stay in one piece

# OpenInference keeps these as JSON texts; Phoenix stores them decoded
_JSON_TEXTS = frozenset({"metadata", "tool.parameters", "llm.prompt_template.variables"})


def unflatten(attributes: dict[str, Json], prefix: str) -> list[Json]:
    """The list that was flattened as `prefix.N.…`, by index (which may have gaps); [] where there is none."""
    start = prefix + "."
    skip = len(start)
    root: dict[str, Json] = {}
    made: list[tuple[dict[str, Json], str]] = []
    for key, value in attributes.items():
        if not key.startswith(start):
            continue
        *path, leaf = key[skip:].split(".", _DEEPEST)
        place = root
        for step in path:
            below = place.get(step)
            if type(below) is not dict:
                below = {} if below is None else {"": below}
                place[step] = below
                made.append((place, step))
            place = below
        if type(place.get(leaf)) is not dict:
            place[leaf] = value
    if not root:
        return []
    for place, step in reversed(made):
        below = place[step]
        if _has_indexes(below):
            place[step] = _by_index(below)
    return _by_index(root) if _has_indexes(root) else []


def _has_indexes(value: Json) -> bool:
    return type(value) is dict and all(key.isascii() and key.isdecimal() and len(key) < 10 for key in value)


def _by_index(value: dict[str, Json]) -> list[Json]:
    return [value[key] for key in sorted(value, key=int)]


def find_prefix(attributes: dict[str, Json], prefixes: tuple[str, ...]) -> str | None:
    """The one of these with which an attribute's name begins; None where none does."""
    for key in attributes:
        if key.startswith(prefixes):
            return next(prefix for prefix in prefixes if key.startswith(prefix))
    return None


def flatten_openinference(nested: dict[str, Json]) -> dict[str, Json]:
    """The dotted form of OpenInference attributes that a store keeps nested (Phoenix): {"llm": {"input_messages":
    [{"message": {"role": …}}]}} becomes {"llm.input_messages.0.message.role": …}. Lists of plain values stay lists;
    what OpenInference itself writes as JSON text (metadata, tool.parameters, documents' metadata) becomes that again.
    """
    flat: dict[str, Json] = {}
    waiting: list[tuple[str, Iterator[tuple[str, Json]]]] = [("", iter(list(nested.items())))]
    while waiting:
        prefix, items = waiting[-1]
        for name, value in items:
            key = f"{prefix}{name}"
            if type(value) is dict and value:
                if key in _JSON_TEXTS or key.endswith(".document.metadata"):
                    flat[key] = json_text(value)
                    continue
                waiting.append((key + ".", iter(list(value.items()))))
                break
            if type(value) is list and any(type(item) is dict for item in value):
                waiting.append((key + ".", iter([(str(i), item) for i, item in enumerate(value)])))
                break
            flat[key] = value
        else:
            waiting.pop()
        if len(waiting) > 256:
            _, items = waiting.pop()
            flat[key] = json_text(dict(items))
    return flat
