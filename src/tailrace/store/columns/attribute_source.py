"""Which traces have which values of attributes, as the trace database tells it: documents of many spans at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import orjson
from numpy.typing import NDArray

from tailrace.store.schema import ORDINAL_BITS

# In characters: a longer text is a message, not a value to compare by
LONGEST: Final = 100
_PIECE: Final = 25_000  # spans

Range: TypeAlias = tuple[int, int]


class Held(NamedTuple):
    """Rows: a trace has a text (None: one that is too long) of an attribute; `numbers[i]`: it is a number. No two rows
    are the same."""

    traces: NDArray[np.int64]
    keys: NDArray[np.int32]
    numbers: NDArray[np.bool_]
    texts: list[str | None]


class Piece(NamedTuple):
    """Spans by half-open ranges of their ids. `last` is the last of their traces; it `ends` here, or more of it
    follows. A `part` is of a trace that is in several pieces."""

    ranges: list[Range]
    last: int
    ends: bool
    part: bool
    spans: int


_TEXT = (
    "CASE j.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'"
    f" WHEN 'real' THEN printf('%!.17g', j.atom) ELSE iif(length(j.value) > {LONGEST}, NULL, CAST(j.value AS TEXT)) END"
)
_SPANS = (
    "json_each(:ranges) AS asked CROSS JOIN span_payload AS p"
    " ON p.id >= json_extract(asked.value, '$[0]') AND p.id < json_extract(asked.value, '$[1]')"
)


def _sql(attributes: str) -> str:
    """`attributes` makes a JSON object of a column of that name."""
    own, shared = (attributes.format(name) for name in ("p.attributes", "r.attributes"))
    each = f"w.key, j.type IN ('integer', 'real'), {_TEXT}"
    wanted = "CROSS JOIN wanted AS w ON w.name = j.key WHERE j.type <> 'null'"
    return (
        "WITH wanted(key, name) AS MATERIALIZED (SELECT value, key FROM json_each(:names)),"
        " whose(trace, resource) AS MATERIALIZED"
        f" (SELECT DISTINCT p.id >> {ORDINAL_BITS}, p.resource FROM {_SPANS}),"
        " had(trace, key, number, text) AS ("
        f"SELECT p.id >> {ORDINAL_BITS}, {each} FROM {_SPANS} CROSS JOIN json_each({own}) AS j {wanted}"
        f" UNION SELECT whose.trace, {each} FROM whose JOIN resource AS r ON r.id = whose.resource"
        f" CROSS JOIN json_each({shared}) AS j {wanted})"
        " SELECT CAST(json_array(json_group_array(trace), json_group_array(key), json_group_array(number),"
        " json_group_array(text)) AS BLOB) FROM had WHERE text IS NOT ''"
    )


_PLAIN: Final = _sql("{}")
# what another program has left may be no JSON, which would end the statement
_GUARDED: Final = _sql("iif(json_valid({0}), {0}, '{{}}')")


def read_held(connection: sqlite3.Connection, names: Mapping[str, int], ranges: Sequence[Range]) -> Held:
    """What the spans with ids in some half-open ranges have of the named attributes, which go by their numbers."""
    bound = {"names": orjson.dumps(dict(names)).decode(), "ranges": orjson.dumps(ranges).decode()}
    try:
        [document] = connection.execute(_PLAIN, bound).fetchone()
    except sqlite3.OperationalError as error:
        if "malformed" not in str(error):
            raise
        [document] = connection.execute(_GUARDED, bound).fetchone()
    traces, keys, numbers, texts = _loaded(document)
    return Held(np.array(traces, np.int64), np.array(keys, np.int32), np.array(numbers, np.bool_), texts)


def pieces_of(traces: Iterable[tuple[int, int]]) -> list[Piece]:
    """The spans of some traces (keys with how many ordinals each has used, in order) in pieces of about equal size."""
    pieces: list[Piece] = []
    waiting: list[Range] = []
    spans = 0
    for trace, size in traces:
        low = trace << ORDINAL_BITS
        if waiting and (size > _PIECE or spans >= _PIECE):
            pieces.append(_piece(waiting, spans))
            waiting, spans = [], 0
        if size > _PIECE:
            starts = range(0, size, _PIECE)
            ranges = [(low + start, low + min(start + _PIECE, size)) for start in starts]
            pieces += [Piece([one], trace, one[1] == low + size, True, one[1] - one[0]) for one in ranges]
            continue
        if waiting and waiting[-1][1] == low:
            waiting[-1] = (waiting[-1][0], (trace + 1) << ORDINAL_BITS)
        else:
            waiting.append((low, (trace + 1) << ORDINAL_BITS))
        spans += size
    return [*pieces, _piece(waiting, spans)] if waiting else pieces


def _piece(ranges: list[Range], spans: int) -> Piece:
    return Piece(ranges, (ranges[-1][1] >> ORDINAL_BITS) - 1, True, False, spans)


def _loaded(document: bytes) -> list[list[Any]]:
    try:
        loaded: list[list[Any]] = orjson.loads(document)
    except orjson.JSONDecodeError:  # a text that is none
        loaded = orjson.loads(document.decode(errors="replace"))
    return loaded
