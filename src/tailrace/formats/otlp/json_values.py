"""OTLP JSON's attribute values as plain JSON values."""

from __future__ import annotations

from typing import Any

import orjson

from tailrace.formats.otlp.words import INT64_MAX, INT64_MIN, MAX_DEPTH, ODD_VALUE, TOO_DEEP, read_whole, real
from tailrace.model import Json

_SORT_OF = {
    "stringValue": "string",
    "string_value": "string",
    "intValue": "int",
    "int_value": "int",
    "doubleValue": "double",
    "double_value": "double",
    "boolValue": "bool",
    "bool_value": "bool",
    "arrayValue": "array",
    "array_value": "array",
    "kvlistValue": "kvlist",
    "kvlist_value": "kvlist",
    "bytesValue": "bytes",
    "bytes_value": "bytes",
}
# Names of attributes, each one object for all spans: whatever looks one up later need not compare it by letters.
_NAMES: dict[str, str] = {}
_MOST_NAMES = 4_096
_WORDS = ("NaN", "Infinity", "-Infinity")


def read_attributes_quickly(items: list[Any]) -> dict[str, Json]:
    """Attributes as the OTLP specification writes them. Raises KeyError, TypeError, ValueError or AttributeError for
    anything else, which `read_attributes` can then make the best of."""
    found: dict[str, Json] = {}
    for item in items:
        value = item["value"]
        key = _NAMES.get(item["key"]) or _note_name(item["key"])
        if "stringValue" in value:
            text = value["stringValue"]
            if type(text) is not str:
                raise TypeError
            found[key] = text
        elif "intValue" in value:
            raw = value["intValue"]
            if type(raw) is bool or type(raw) is float:
                raise TypeError
            number = int(raw)
            if not INT64_MIN <= number <= INT64_MAX:
                raise ValueError
            found[key] = number
        elif "doubleValue" in value and type(real_number := value["doubleValue"]) is float:
            found[key] = real(real_number)
        elif "boolValue" in value and type(truth := value["boolValue"]) is bool:
            found[key] = truth
        elif "arrayValue" in value and (texts := _read_texts(value["arrayValue"])):
            found[key] = texts
        else:
            lost: list[str] = []
            found[key] = read_value(value, lost)
            if lost:
                raise ValueError
    return found


def _note_name(name: Any) -> str:
    """The name itself. Raises TypeError when it is not a text."""
    if type(name) is not str:
        raise TypeError
    if len(_NAMES) >= _MOST_NAMES:
        _NAMES.clear()
    _NAMES[name] = name
    return name


def _read_texts(array: dict[str, Any]) -> list[str] | None:
    """The members of an array of texts, by far the most frequent one; None for any other."""
    members: list[Json] = [member.get("stringValue") for member in array.get("values", ())]
    for member in members:
        if type(member) is not str:
            return None
    return members


def read_attributes(items: Json, lost: list[str]) -> dict[str, Json]:
    """Attributes in whatever shape; a reason is added to `lost` for each that cannot be taken as it is."""
    if items is None:
        return {}
    if isinstance(items, dict):
        # a plain object in place of the list of pairs
        return {str(key): read_value(value, lost) for key, value in items.items()}
    if not isinstance(items, list):
        lost.append(ODD_VALUE)
        return {}
    found: dict[str, Json] = {}
    for item in items:
        key = item.get("key") if isinstance(item, dict) else None
        if not isinstance(key, str):
            lost.append(ODD_VALUE)
            continue
        found[key] = read_value(item.get("value"), lost)
    return found


def read_value(value: Json, lost: list[str]) -> Json:
    """One AnyValue as plain JSON, however deep. A reason is added to `lost` for each part that cannot be taken."""
    whole: list[Json] = [None]
    work: list[tuple[Any, Any, Json, int]] = [(whole, 0, value, 0)]
    while work:
        into, at, value, depth = work.pop()
        sort, raw = _unwrap(value)
        if sort == "array" or sort == "kvlist":
            members = raw.get("values", []) if isinstance(raw, dict) else raw
            if not isinstance(members, list):
                lost.append(ODD_VALUE)
            elif depth >= MAX_DEPTH:
                into[at] = _as_text(value, lost)
            elif sort == "array":
                into[at] = inner = [None] * len(members)
                work.extend([(inner, i, member, depth + 1) for i, member in enumerate(members)])
            else:
                into[at] = pairs = _pairs(members, lost)
                work.extend([(pairs, key, pair, depth + 1) for key, pair in pairs.items()])
        else:
            into[at] = _read_scalar(sort, raw, lost)
    return whole[0]


def _unwrap(value: Json) -> tuple[str, Json]:
    """The sort of an AnyValue and its content; "" for nothing set, "plain" where there is no AnyValue around it."""
    if not isinstance(value, dict):
        return ("array", value) if isinstance(value, list) else ("plain", value)
    for key, raw in value.items():
        if key in _SORT_OF:
            return _SORT_OF[key], raw
    return ("", None) if not value else ("odd", value)


def _pairs(members: list[Json], lost: list[str]) -> dict[str, Json]:
    pairs: dict[str, Json] = {}
    for member in members:
        if isinstance(member, dict) and isinstance(key := member.get("key"), str):
            pairs[key] = member.get("value")
        else:
            lost.append(ODD_VALUE)
    return pairs


def _read_scalar(sort: str, raw: Json, lost: list[str]) -> Json:
    if sort in ("string", "bytes"):
        if isinstance(raw, str):
            return raw
    elif sort == "bool":
        if isinstance(raw, bool):
            return raw
        if raw in ("true", "false"):
            return raw == "true"
    elif sort == "int":
        if (whole := read_whole(raw)) is not None:
            return whole
    elif sort == "double":
        if isinstance(raw, float | int) and not isinstance(raw, bool):
            return _double(raw, lost)
        if isinstance(raw, str):
            if raw in _WORDS:
                return raw
            try:
                return real(float(raw))
            except ValueError:
                pass
    elif sort == "":
        return None
    elif sort == "plain":
        return _double(raw, lost) if isinstance(raw, float) else _plain(raw, lost)
    return _as_text(raw, lost, ODD_VALUE)


def _double(raw: float, lost: list[str]) -> Json:
    try:
        return real(float(raw))
    except OverflowError:
        return _as_text(raw, lost, ODD_VALUE)


def _plain(raw: Json, lost: list[str]) -> Json:
    if isinstance(raw, int) and not INT64_MIN <= raw <= INT64_MAX:
        return _as_text(raw, lost, ODD_VALUE)
    return raw


def _as_text(raw: Json, lost: list[str], reason: str | None = None) -> Json:
    """The raw JSON as text, so that it is still there to be read; `reason` says why it could not be more."""
    if reason is not None:
        lost.append(reason)
    try:
        return orjson.dumps(raw).decode()
    except (TypeError, ValueError, RecursionError):
        if reason is None:
            lost.append(TOO_DEEP)
        return str(raw)[:100] if isinstance(raw, int | float) else None
