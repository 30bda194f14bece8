"""Sound values out of whatever an attribute holds. The readers return None for what they cannot use and never raise."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final

import orjson

from tailrace.model import Json

_EMPTY = ("", "null", "[]", "{}", '""')
_MOST = 1 << 62  # SQLite and NumPy hold 64 bits; a larger count is nonsense anyway

_LONG: Final = 100_000  # characters
_REMEMBERED: ContextVar[dict[str, Json] | None] = ContextVar("remembered", default=None)


def read_text(value: object) -> str | None:
    """A non-empty text. Numbers become their digits (versions and ids are sometimes numbers)."""
    if type(value) is str:
        return value or None
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return str(value) if -_MOST < value < _MOST else None
    return None


def read_count(value: object) -> int | None:
    """A count of tokens: zero or more. Takes 12, 12.0 and "12"."""
    if type(value) is int:
        return value if 0 <= value < _MOST else None
    if type(value) is float:
        return int(value) if 0 <= value < _MOST else None  # False for NaN too
    if type(value) is str:
        number = read_number(value)
        return int(number) if number is not None and 0 <= number < _MOST else None
    return None


def read_number(value: object) -> float | None:
    """A finite number. Takes 0.5, 1 and "0.5"."""
    if type(value) is float:
        return value if math.isfinite(value) else None
    if type(value) is int:
        return float(value) if -_MOST < value < _MOST else None
    if type(value) is str and len(value) < 40:
        try:
            number = float(value)
        except ValueError:
            return None
        return number if math.isfinite(number) else None
    return None


def read_amount(value: object) -> float | None:
    """A finite number that is not negative: money, a waiting time."""
    number = read_number(value)
    return number if number is not None and number >= 0 else None


def read_content(value: object) -> Json:
    """Anything that can be an input or an output; None where there is nothing in it."""
    if type(value) is str:
        return value if value not in _EMPTY else None
    return value or None if type(value) in (list, dict) else value


def read_tags(value: object) -> tuple[str, ...] | None:
    """A list of texts, or one as JSON, or texts between commas."""
    if type(value) is str:
        decoded = parse_json(value) if value.startswith("[") else None
        value = decoded if type(decoded) is list else value.split(",")
    if not isinstance(value, list | tuple):
        return None
    return tuple(dict.fromkeys(tag.strip() for tag in value if type(tag) is str and tag.strip())) or None


@lru_cache(maxsize=1024)
def _clean_provider(text: str) -> str:
    lowered = text.strip().lower()
    # "aws.bedrock" is a name; "openai.chat" is a name and the Vercel SDK's word for one of its interfaces
    return lowered if lowered.startswith(("aws.", "azure.", "az.", "gcp.", "ibm.")) else lowered.partition(".")[0]


def read_provider(value: object) -> str | None:
    """A provider's name in lower case: "OpenAI" and "openai.chat" are openai, "aws.bedrock" stays."""
    return (_clean_provider(value) or None) if type(value) is str and value else None


@lru_cache(maxsize=1024)
def _clean_error(text: str) -> str:
    name = text.strip()
    if name.startswith("<class '") and name.endswith("'>"):
        name = name[8:-2]
    module, _, last = name.rpartition(".")
    return last if module and last.isidentifier() and module.replace(".", "").isidentifier() else name


def read_error_type(value: object) -> str | None:
    """The bare name of an error: "<class 'openai.RateLimitError'>" and "openai.RateLimitError" are RateLimitError."""
    if type(value) is int:
        return str(value)[:20]
    return (_clean_error(value[:500]) or None) if type(value) is str else None


STANDARD_TIER: Final = "default"
# providers' other words for the same ways of being served; "auto" says nothing of how it was in the end
_TIERS: Final = {
    "auto": None,
    "standard": STANDARD_TIER,
    "standard_only": STANDARD_TIER,
    "on_demand": STANDARD_TIER,
    "fast": "priority",
    "batches": "batch",
}


@lru_cache(maxsize=256)
def _clean_tier(text: str) -> str | None:
    word = text.strip().lower()
    if word in _TIERS:
        return _TIERS[word]
    return word if word.isascii() and word.replace("_", "").replace("-", "").isalnum() else None


def read_tier(value: object) -> str | None:
    """A provider's service tier in one word for each: default, batch, flex, priority, or a word of its own."""
    return _clean_tier(value) if type(value) is str and 0 < len(value) <= 40 else None


def parse_json(text: str) -> Json:
    """The JSON value of a text; None where it is none (and for null)."""
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        pass
    # NaN and lone surrogates, which Python and JavaScript write
    if len(text) > 1_000_000 or text[:1] not in '{["':
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


@contextmanager
def remembering() -> Iterator[None]:
    """Inside, a long text is parsed once however many readers ask for it; 20 MB of JSON take 25 ms each time."""
    token = _REMEMBERED.set({})
    try:
        yield
    finally:
        _REMEMBERED.reset(token)


def _parse_once(text: str) -> Json | None:
    known = _REMEMBERED.get()
    if known is None or len(text) < _LONG:
        return parse_json(text)
    if text not in known:
        known[text] = parse_json(text)
    return known[text]


def decode(value: Json) -> Json:
    """The value behind a JSON text, also one encoded twice; other texts and values as they are."""
    for _ in range(3):
        if type(value) is not str or value.lstrip()[:1] not in ("{", "[", '"'):
            break
        inner = _parse_once(value)
        if inner is None:
            break
        value = inner
    return value


def json_text(value: Json) -> str:
    """A text as it is, anything else as compact JSON."""
    if type(value) is str:
        return value
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError):
        pass
    # more than 64 bits, lone surrogates, keys that are no text, deeper than orjson goes
    try:
        return json.dumps(value, separators=(",", ":"), default=str)
    except (TypeError, ValueError, RecursionError):
        return '"(nested too deeply to show)"'
