"""Cut a formula into its pieces: numbers with units, names, texts in quotes and signs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tailrace.errors import QueryError
from tailrace.model.measures import Unit
from tailrace.query.values import shorten, unescape

MAX_LENGTH: Final = 2_000  # characters


class Kind(StrEnum):
    """What a piece is. END stands behind the last one."""

    NUMBER = "number"
    NAME = "name"
    TEXT = "text"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a formula, [start, end) of its text. `text` is without quotes and escapes for a TEXT; `number` and
    `unit` (None where none is written) are those of a NUMBER, durations in nanoseconds."""

    kind: Kind
    text: str
    start: int
    end: int
    number: float = 0.0
    unit: Unit | None = None


# Atomic, so that no text makes the search for a match go back and forth.
_NUMBER: Final = re.compile(r"(\$ ?)?((?>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?))([^\W\d]\w*)?( ?%)?")
# The parts behind a dot: `attr."x-y"`, `p99.9`; the last may be still to come, or not closed yet
NAME: Final = re.compile(r'[^\W\d]\w*+(?:\.(?:"(?:[^"\\]++|\\.)*+"|\w*+))*+', re.DOTALL)
QUOTED: Final = re.compile(r'"((?:[^"\\]++|\\.)*+)("?)', re.DOTALL)
_SIGN: Final = re.compile(r"<=|>=|<>|!=|==|[-+*/(),<>=×÷−]")
_SPACE: Final = re.compile(r"\s*+")
_SIGNS: Final = {"×": "*", "÷": "/", "−": "-", "==": "=", "!=": "<>"}

_DURATIONS: Final = {
    "ns": 1.0, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "min": 60e9, "h": 3600e9, "d": 86400e9,
}  # fmt: skip
_SCALES: Final = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9}


def wrong(message: str, position: int, hint: str = "") -> QueryError:
    """What a formula is refused with: a sentence, and where the piece at fault begins."""
    end = "?" if "did you mean" in message else "."
    return QueryError(f"The formula does not work: {message}{end}", position, hint)


def cut(text: str) -> list[Piece]:
    """The pieces of a formula, END last. Raises QueryError."""
    if len(text) > MAX_LENGTH:
        raise wrong(f"it has {len(text):,} characters, and {MAX_LENGTH:,} is the most", MAX_LENGTH)
    found: list[Piece] = []
    at = 0
    while True:
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
        if at >= len(text):
            found.append(Piece(Kind.END, "", len(text), len(text)))
            return found
        found.append(_read(text, at))
        at = found[-1].end


def _read(text: str, at: int) -> Piece:
    if number := _NUMBER.match(text, at):
        return _read_number(number)
    if name := NAME.match(text, at):
        return Piece(Kind.NAME, name[0], at, name.end())
    if quoted := QUOTED.match(text, at):
        if not quoted[2]:
            raise wrong("the quotes are not closed", at)
        return Piece(Kind.TEXT, unescape(quoted[1]), at, quoted.end())
    if sign := _SIGN.match(text, at):
        return Piece(Kind.SIGN, _SIGNS.get(sign[0], sign[0]), at, sign.end())
    raise wrong(f"“{text[at]}” means nothing here", at)


def _read_number(found: re.Match[str]) -> Piece:
    dollar, digits, suffix, percent = found.groups()
    value, unit = float(digits), None
    if dollar:
        unit = Unit.MONEY
    if suffix in _SCALES:
        value *= _SCALES[suffix]
    elif suffix in _DURATIONS and not dollar:
        value, unit = value * _DURATIONS[suffix], Unit.DURATION
    elif suffix == "m":
        raise wrong(f"“{found[0]}” may be minutes or millions; write {digits}min or {digits}M", found.start(3))
    elif suffix:
        raise wrong(
            f"there is no unit “{shorten(suffix)}”; units are us, ms, s, min, h, d, $, %, k and M", found.start(3)
        )
    if percent:
        if suffix or dollar:
            raise wrong("a number has one unit", found.start(4))
        value /= 100
    if not math.isfinite(value):
        raise wrong("the number is too large", found.start())
    return Piece(Kind.NUMBER, found[0], found.start(), found.end(), value, unit)
