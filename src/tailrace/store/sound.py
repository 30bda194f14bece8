"""Values that SQLite and JSON can hold. The fast way first; what it refuses is mended rather than lost."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson

from tailrace.model import Json

LARGEST = (1 << 63) - 1
# SQLite's own limit on one row is a billion bytes
_LONGEST_TEXT = 200_000_000
_DEEPEST = 200


def dump(value: Json) -> str:
    """JSON text of any value. What JSON cannot say (lone surrogates, not-a-number, endless depth) is mended."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError, RecursionError):
        return orjson.dumps(_mended(value)).decode()


def load(text: str) -> Json:
    """The value of JSON text that `dump` wrote."""
    return orjson.loads(text)


@lru_cache(4096)
def dump_list(values: frozenset[str]) -> str:
    """A sorted JSON list of texts."""
    return dump(sorted(values))


def digest(value: Json) -> str:
    """A digest that equal JSON values share, prefixed with its algorithm."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError, RecursionError):
        text = orjson.dumps(_mended(value), option=orjson.OPT_SORT_KEYS)
    return "b2:" + blake2b(text, digest_size=16).hexdigest()


def sound_text(text: str) -> str:
    """Text that can be encoded and stored."""
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT] + "…"
    return text.encode("utf-8", "replace").decode("utf-8")


def run_many(connection: sqlite3.Connection, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """`executemany` that mends values SQLite refuses (lone surrogates, integers over 64 bits) instead of failing."""
    if not rows:
        return
    connection.execute("SAVEPOINT rows")
    try:
        connection.executemany(sql, rows)
    except (UnicodeEncodeError, OverflowError, sqlite3.DataError):
        connection.execute("ROLLBACK TO rows")
        connection.executemany(sql, [sound_row(row) for row in rows])
    connection.execute("RELEASE rows")


def sound_row(row: Iterable[Any]) -> tuple[Any, ...]:
    """A row with every value in what SQLite can hold."""
    return tuple(_sound_value(value) for value in row)


def _sound_value(value: Any) -> Any:
    if isinstance(value, str):
        return sound_text(value)
    if isinstance(value, int):
        return max(-LARGEST, min(LARGEST, value))
    return value


def _mended(value: Json) -> Json:
    """A copy of a JSON-like value that orjson can write. An own stack: depth is the sender's choice."""
    holder: list[Json] = [None]
    todo: list[tuple[Any, Any, Any, int]] = [(holder, 0, value, 0)]
    while todo:
        into, key, item, depth = todo.pop()
        copy: Json
        if item is None or isinstance(item, bool):
            copy = item
        elif isinstance(item, str):
            copy = sound_text(item)
        elif isinstance(item, int):
            copy = item if -LARGEST <= item <= LARGEST else str(item)
        elif isinstance(item, float):
            copy = item if math.isfinite(item) else None
        elif isinstance(item, dict):
            if depth >= _DEEPEST:
                copy = "…"
            else:
                copy = dict.fromkeys([sound_text(str(k)) for k in item])
                todo += [(copy, sound_text(str(k)), v, depth + 1) for k, v in item.items()]
        elif isinstance(item, list | tuple):
            if depth >= _DEEPEST:
                copy = "…"
            else:
                copy = [None] * len(item)
                todo += [(copy, i, v, depth + 1) for i, v in enumerate(item)]
        else:
            copy = sound_text(str(item))
        into[key] = copy
    return holder[0]
