"""What may be written after a field: text to value and back."""

from __future__ import annotations

import math
import re
from difflib import get_close_matches

from tailrace.query.fields import Field, FieldKind
from tailrace.query.tree import Op, Prefix, Value


class BadValue(Exception):
    """A value that means nothing. `unfinished`: more characters at its end could make it mean something."""

    def __init__(self, message: str, unfinished: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.unfinished = unfinished


# Atomic, so that no text makes the search for a match go back and forth.
_NUMBER = r"(?>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
_DURATION = re.compile(rf"([+-]?)((?:{_NUMBER}[a-zµμ]++)++)", re.IGNORECASE)
_DURATION_PART = re.compile(rf"({_NUMBER})([a-zµμ]+)", re.IGNORECASE)
_MAYBE_DURATION = re.compile(rf"[+-]?(?:{_NUMBER}[a-zµμ]++)*+(?:{_NUMBER}|\.)?", re.IGNORECASE)
_PLAIN = re.compile(rf"[+-]?{_NUMBER}")
_SCALED = re.compile(rf"([+-]?)(\$?)([+-]?)({_NUMBER})([kKmMbBgG]?)")
_MAYBE_SCALED = re.compile(r"[+-]?\$?[+-]?(?:\.|\d+(?:\.\d*)?[eE][+-]?)?")
_THOUSANDS = re.compile(r"[+-]?\$?\d{1,3}(?:,\d{3})+(?:\.\d+)?")

_UNITS = {
    "ns": 1.0,
    "us": 1e3,
    "µs": 1e3,
    "μs": 1e3,
    "ms": 1e6,
    "s": 1e9,
    "sec": 1e9,
    "m": 60e9,
    "min": 60e9,
    "h": 3600e9,
    "d": 86400e9,
}
_SCALES = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9, "g": 1e9}
_EXAMPLES = {
    FieldKind.DURATION: "a duration like 300ms, 2s or 1.5m",
    FieldKind.NUMBER: "a number like 12 or 12k",
    FieldKind.MONEY: "an amount like $0.05",
    FieldKind.SCORE: "a number like 0.5",
    FieldKind.ATTRIBUTE: "a number like 0.5",
}


def read_value(field: Field, op: Op, written: str, quoted: bool = False, prefix: bool = False) -> Value:
    """The value that `written` stands for after this field and operator. `written` is without quotes, escapes and the
    `*` at its end, which `quoted` and `prefix` tell. Raises BadValue with a sentence."""
    if op is not Op.EQ and not field.ordered:
        instead = f"{field.name}:{field.choices[0][0] if field.choices else 'value'}"
        raise BadValue(f"{field.name} has no order; write {instead} (or -{instead} for all others)")
    if field.kind in (FieldKind.CHOICE, FieldKind.HAS):
        return _read_choice(field, written, prefix)
    if op is Op.EQ and field.kind in (FieldKind.TEXT, FieldKind.SCORE, FieldKind.ATTRIBUTE):
        if prefix:
            return Prefix(written)
        if field.kind is FieldKind.SCORE and not quoted and _PLAIN.fullmatch(written):
            return _finite(float(written))
        return written
    if prefix:
        raise BadValue(f"“*” cannot stand in a number; {field.name} takes {_EXAMPLES[field.kind]}")
    if field.kind is FieldKind.DURATION:
        return _read_duration(field, written)
    return _read_number(field, op, written)


def _read_choice(field: Field, written: str, prefix: bool) -> str:
    words = field.choice_words
    lowered = written.lower()
    if prefix:
        raise BadValue(f"“*” cannot be used with {field.name}; it is one of {', '.join(words)}")
    if lowered in words:
        return lowered
    begun = [word for word in words if word.startswith(lowered)]
    if begun:
        raise BadValue(f"“{written}” is not finished: {' or '.join(begun[:5])}", unfinished=True)
    one_of = f"{field.name} is one of {', '.join(words)}"
    near = get_close_matches(lowered, words, n=1, cutoff=0.6)
    meant = f"; did you mean {near[0]}?" if near else f"; {one_of}"
    raise BadValue(f"{field.name} cannot be “{shorten(written)}”{meant}")


def _read_duration(field: Field, written: str) -> float:
    found = _DURATION.fullmatch(written)
    if found is None:
        if _PLAIN.fullmatch(written):
            if float(written) == 0:
                return 0.0
            raise BadValue(f"a unit is missing: write {written}s, {written}ms or {written}m", unfinished=True)
        unfinished = _MAYBE_DURATION.fullmatch(written) is not None
        raise BadValue(f"{field.name} takes {_EXAMPLES[field.kind]}, not “{shorten(written)}”", unfinished)
    sign, parts = found.groups()
    total = 0.0
    for number, unit in _DURATION_PART.findall(parts):
        scale = _UNITS.get(unit.lower())
        if scale is None:
            unfinished = any(known.startswith(unit.lower()) for known in _UNITS)
            raise BadValue(f"there is no unit “{shorten(unit)}”; units are us, ms, s, m, h and d", unfinished)
        total += float(number) * scale
    return _finite(-total if sign == "-" else total)


def _read_number(field: Field, op: Op, written: str) -> float:
    if _THOUSANDS.fullmatch(written):
        if op is Op.EQ:
            joined = written.replace(",", "")
            either = written.replace(",", " OR ")
            raise BadValue(f"“{written}” may be one number or several; write {joined} or ({either})")
        written = written.replace(",", "")
    found = _SCALED.fullmatch(written)
    if found is None or (found[1] and found[3]):
        unfinished = _MAYBE_SCALED.fullmatch(written) is not None
        raise BadValue(f"{field.name} takes {_EXAMPLES[field.kind]}, not “{shorten(written)}”", unfinished)
    before, dollar, after, number, scale = found.groups()
    if dollar and field.kind is not FieldKind.MONEY:
        raise BadValue(f"{field.name} is not money; it takes {_EXAMPLES[field.kind]}")
    value = float(number) * _SCALES[scale.lower()]
    return _finite(-value if "-" in (before, after) else value)


def is_ambiguous(field: Field, written: str) -> bool:
    """Whether this may be one number with separators or several numbers."""
    return field.kind in (FieldKind.NUMBER, FieldKind.MONEY) and _THOUSANDS.fullmatch(written) is not None


def _finite(value: float) -> float:
    if math.isfinite(value):
        return value
    raise BadValue("the number is too large")


def looks_like_number(written: str) -> bool:
    """Whether a comparison was probably meant when this follows `>` or `<`."""
    return bool(written) and (written[0].isdigit() or written[0] in "$." or written[:2].lstrip("-").isdigit())


def shorten(written: str, limit: int = 40) -> str:
    """A piece of the filter as messages show it."""
    return written if len(written) <= limit else written[: limit - 1] + "…"


# ---- and back ----

_BARE = re.compile(r"[^\s()\",*\\<>=!][^\s()\",*\\]*")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NEEDS_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029]')
_ESCAPED = re.compile(r"\\(?:([\"\\nrt])|u([0-9a-fA-F]{4}))")
_UNESCAPES = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
KEYWORDS = frozenset(("AND", "OR", "NOT"))


def quote(value: str) -> str:
    """A text as it must be written to be taken literally as a value: as it is where that is safe, else in quotes."""
    return value if _BARE.fullmatch(value) and value not in KEYWORDS else in_quotes(value)


def in_quotes(value: str) -> str:
    """A text in quotes, on one line."""
    return '"' + _NEEDS_ESCAPE.sub(lambda found: _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04x}", value) + '"'


def unescape(inside: str) -> str:
    """What stands between quotes, without escapes. A backslash before anything else is a backslash."""
    if "\\" not in inside:
        return inside
    return _ESCAPED.sub(lambda found: _UNESCAPES[found[1]] if found[1] else chr(int(found[2], 16)), inside)


def write_value(field: Field, value: Value) -> str:
    """The shortest usual way to write a value so that reading it gives the same."""
    if isinstance(value, Prefix):
        return f"{quote(value.text) if value.text else ''}*"
    if isinstance(value, str):
        if field.kind is FieldKind.SCORE and _PLAIN.fullmatch(value):
            return in_quotes(value)
        return quote(value)
    if field.kind is FieldKind.DURATION:
        return _write_duration(value)
    written = _write_number(value)
    return f"${written}" if field.kind is FieldKind.MONEY and value >= 0 else written


def _write_number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))


def _write_duration(ns: float) -> str:
    for unit in ("h", "m", "s", "ms", "us"):
        amount = ns / _UNITS[unit]
        written = f"{amount:.6g}"
        if abs(amount) >= 1 and float(written) * _UNITS[unit] == ns:
            return f"{written}{unit}"
    return f"{_write_number(ns)}ns"
