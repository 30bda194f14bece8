"""Attributes as tokens of the attribute index: what is put in, and what a filter looks for.

A token is the key's digest, and for a value also a letter and the value in a form that keeps its order:

    DIGEST              some span has the key
    DIGEST a, b TEXT    ... with this text of up to 10, 48 characters; ASCII's two cases are one to the tokenizer
    DIGEST c BEGINNING  ... with a longer text that begins with these 24 characters
    DIGEST d BEGINNING  ... with a text of more than 10 characters that begins with these 10
    DIGEST e-h          the same four for the text in Unicode's folded case, where that differs
    DIGEST n DIGITS     ... with this number
    DIGEST o DIGITS     ... with a number that begins with these four digits

Looking for a beginning takes a step for every different token that begins so, and ids and measured times have a
million: d and o are for what many of them share.

The text of a value is what `attr.KEY:value` is compared with: a text itself, `true` and `false`, a number as JSON
writes it, lists and objects as their JSON.
"""

from __future__ import annotations

import struct
from base64 import b32encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson

from tailrace.query import Op, Prefix

# Raise it when the same attributes give other tokens: taking a row out of a contentless index needs the very tokens
# that were put in, so the index is then filled anew.
TOKEN_VERSION = 1

# In characters. Ids fit whole; of a long text a few words say enough, and every one of them costs space.
_SHORT, _LONGEST = 10, 48
_BEGINNING = 24
_WHOLE, _FOLDED = "abcd", "efgh"
# What is looked at of a text: enough to see that it is too long
_MOST = _LONGEST + 1

# The tokenizer takes letters, digits, all that is not ASCII and these (`tokenchars` of the table) for part of a token.
_SIGNS = "!#$%&()*+,-./:;<=>?@[]^_`{|}~"
# The rest stands outside of ASCII, but for the two that are frequent. Each character becomes a string that begins none
# of the others, so that a text's beginning stays its beginning.
_ESCAPE = "\U0010ffff"
_AS_TOKEN: dict[int, str] = {
    **{c: chr(0xE000 + c) for c in range(128) if not (chr(c).isalnum() or chr(c) in _SIGNS) or chr(c) in "~^"},
    **{c: _ESCAPE + chr(c) for c in (*range(0xE000, 0xE080), 0x10FFFF)},
    ord(" "): "~",
    ord('"'): "^",
}

_DIGEST = 12
_LARGEST = 1 << 63
_EXACT = 1 << 53
_DIGITS = "0123456789abcdef"
_ROUGH_DIGITS = 4  # the sign, the magnitude and 16 steps within it


class Tokens:
    """Collects the tokens of the attributes of several spans."""

    __slots__ = ("_pairs", "_texts")

    def __init__(self) -> None:
        # texts never equal anything but texts; 1, 1.0 and True are equal and not the same value
        self._texts: dict[tuple[str, str], None] = {}
        self._pairs: dict[tuple[str, type, Any], None] = {}

    def add(self, attributes: dict[str, Any]) -> None:
        """The attributes of a span, as they come out of JSON."""
        texts, pairs = self._texts, self._pairs
        for key, value in attributes.items():
            kind = value.__class__
            if kind is str:
                texts[key, value if len(value) <= _LONGEST else value[:_MOST]] = None
            elif kind is list or kind is dict:
                texts[key, orjson.dumps(value)[: 4 * _MOST].decode(errors="ignore")[:_MOST]] = None
            else:
                pairs[key, kind, value] = None

    def add_text(self, key: str, value: str | None) -> None:
        """An attribute that is a text of its own."""
        if value is None:
            self._pairs[key, type(None), None] = None
        else:
            self._texts[key, value[:_MOST]] = None

    def joined(self) -> str:
        """All of them."""
        keys = {key for key, _ in self._texts}
        keys.update(key for key, _, _ in self._pairs)
        found = [_digest(key) for key in keys]
        # a long text hardly comes again
        found += [
            _text_tokens(key, text) if len(text) <= _LONGEST else _new_text_tokens(key, text)
            for key, text in self._texts
        ]
        found.extend(_pair_tokens(key, kind, value) for key, kind, value in self._pairs)
        return " ".join(found)


def number_text(value: float) -> str:
    """A number as text, the shortest that reads back as the same. A zero has no sign."""
    return repr(value + 0.0)


def equal_query(key: str, text: str) -> tuple[str, str]:
    """What to match for `attr.KEY:text`: a query that settles it, and one for what may do; either may be empty."""
    text, sides = _sought(text)
    if len(text) > _LONGEST:
        return "", _any(_phrase(key, side[2], text[:_BEGINNING]) for side in sides)
    return _any(_phrase(key, side[len(text) > _SHORT], text) for side in sides), ""


def prefix_query(key: str, prefix: str) -> tuple[str, str]:
    """The same for `attr.KEY:prefix*`."""
    if not prefix:
        return _phrase(key, "", ""), ""
    text, sides = _sought(prefix)
    if len(text) > _BEGINNING:
        sure = [_phrase(key, side[1], text) + " *" for side in sides] if len(text) <= _LONGEST else []
        return _any(sure), _any(_phrase(key, side[2], text[:_BEGINNING]) for side in sides)
    letters = (0, 3) if len(text) <= _SHORT else (1, 2)
    return _any(_phrase(key, side[i], text) + " *" for side in sides for i in letters), ""


def number_query(key: str, op: Op, bound: float) -> str:
    """What to match for `attr.KEY:>bound` and the like."""
    digits = _number(bound)
    found: list[str] = []
    if op in (Op.EQ, Op.GE, Op.LE):
        found.append(_phrase(key, "n", digits))
    if op is not Op.EQ:
        upwards = op in (Op.GT, Op.GE)
        for i, digit in enumerate(digits):
            at = _DIGITS.index(digit)
            others = _DIGITS[at + 1 :] if upwards else _DIGITS[:at]
            letter = "o" if i < _ROUGH_DIGITS else "n"
            found += [_phrase(key, letter, digits[:i] + other) + " *" for other in others]
    return _any(found)


def value_query(key: str, op: Op, value: str | float | Prefix) -> tuple[str, str]:
    """The two queries (see `equal_query`) of one term."""
    if isinstance(value, Prefix):
        return prefix_query(key, value.text)
    if isinstance(value, str):
        return equal_query(key, value)
    return number_query(key, op, float(value)), ""


def _sought(text: str) -> tuple[str, tuple[str, ...]]:
    """A text as it is sought, with the letters that it is sought under."""
    if text.isascii():
        return text, (_WHOLE,)
    return text.casefold(), (_WHOLE, _FOLDED)


def _phrase(key: str, letter: str, value: str) -> str:
    return f'"{_digest(key)}{letter}{value.translate(_AS_TOKEN)}"'


def _any(queries: Iterable[str]) -> str:
    return " OR ".join(queries)


@lru_cache(8192)
def _digest(key: str) -> str:
    # of one length, and short: it stands before every value
    return b32encode(blake2b(key.encode(), digest_size=8).digest())[:_DIGEST].decode().lower()


def _new_text_tokens(key: str, text: str) -> str:
    digest = _digest(key)
    tokens = _one_text(digest, _WHOLE, text)
    if not text.isascii():
        folded = text.casefold()
        if folded != text.encode().lower().decode():
            tokens += " " + _one_text(digest, _FOLDED, folded)
    return tokens


_text_tokens = lru_cache(32768)(_new_text_tokens)


def _one_text(digest: str, letters: str, text: str) -> str:
    size = len(text)
    if size <= _SHORT:
        return f"{digest}{letters[0]}{text.translate(_AS_TOKEN)}"
    letter = letters[1]
    if size > _LONGEST:
        letter = letters[2]
        text = text[:_BEGINNING]
    token = text.translate(_AS_TOKEN)
    rough = token[:_SHORT] if len(token) == len(text) else text[:_SHORT].translate(_AS_TOKEN)
    return f"{digest}{letters[3]}{rough} {digest}{letter}{token}"


@lru_cache(32768, typed=True)
def _pair_tokens(key: str, kind: type, value: Any) -> str:
    digest = _digest(key)
    if value is None:
        return ""
    if kind is bool:
        return _one_text(digest, _WHOLE, "true" if value else "false")
    if kind is int and not -_LARGEST <= value < _LARGEST:
        value = float(value)
    text = str(value) if isinstance(value, int) else number_text(value)
    digits = _number(value)
    return f"{_one_text(digest, _WHOLE, text)} {digest}n{digits} {digest}o{digits[:_ROUGH_DIGITS]}"


def _number(value: float) -> str:
    """A number as 17 digits that sort as the numbers do: those of the double, and one for which side of it an integer
    is that no double can hold."""
    nearest = float(value) + 0.0  # no negative zero
    (bits,) = struct.unpack(">Q", struct.pack(">d", nearest))
    bits = bits ^ 0xFFFFFFFFFFFFFFFF if bits >> 63 else bits | 1 << 63
    side = 2
    if isinstance(value, int) and abs(value) > _EXACT:
        side += (value > int(nearest)) - (value < int(nearest))
    return f"{bits:016x}{side}"
