"""What the columns are made of, as the trace database tells it: JSON documents of many rows at once.

SQLite makes them without Python's lock, and DuckDB takes them in without it: between the two there is one text for
some ten thousand spans, and no value of Python for each of them. JSON tells NULL from an empty text and holds every
character there is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import orjson

from tailrace.store.schema import ORDINAL_BITS

# Of spans in one piece: documents of some fifteen megabytes
PIECE = 100_000
# A group's name that is longer is nothing that anybody reads
_LONGEST = 500
# Why a span failed is told from so much of both ends of its message
_TOLD = 4_000
_ORDINAL = (1 << ORDINAL_BITS) - 1

Range: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """Columns of rows of a table, each with how SQLite gives it, integers apart from texts; of those rows only for
    which `where` holds. Their documents are registered under `name`."""

    name: str
    numbers: dict[str, str]
    texts: dict[str, str]
    where: str = ""

    def written(self) -> str:
        """SQL of SQLite: the two texts of the document of a group of rows."""
        where = f" FILTER (WHERE {self.where})" if self.where else ""
        arrays = (f"json_array({', '.join(columns.values())})" for columns in (self.numbers, self.texts))
        return ", ".join(f"CAST(json_group_array({array}){where} AS BLOB)" for array in arrays)

    def rows(self, *names: str) -> str:
        """SQL of DuckDB: the rows of the documents, or of their integers the named ones alone. Empty texts are NULL."""
        numbers = [
            f'numbers[{i}] AS "{name}"' for i, name in enumerate(self.numbers, 1) if name in (names or self.numbers)
        ]
        texts = [f"nullif(texts[{i}], '') AS \"{name}\"" for i, name in enumerate(self.texts, 1)]
        lists = ["""from_json(decode(numbers), '[["BIGINT"]]') AS numbers"""]
        unnested = ["unnest(numbers) AS numbers"]
        if names:
            texts.clear()
        else:
            lists.append("""from_json(decode(texts), '[["VARCHAR"]]') AS texts""")
            unnested.append("unnest(texts) AS texts")
        return (
            f"SELECT {', '.join(numbers + texts)} FROM (SELECT {', '.join(unnested)}"
            f" FROM (SELECT {', '.join(lists)} FROM {self.name}))"
        )


class Document(NamedTuple):
    """Rows of one shape: their integers and their texts, each a JSON list of lists."""

    numbers: bytes
    texts: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """Documents of some spans (each of SPANS, USES and FAILED) and of their traces. Where `ends`, all traces of these
    spans are in them; else more of the one trace that they belong to follow, and its own row with the last.
    `opened` is how many spans have no end."""

    spans: list[tuple[Document, Document, Document]]
    traces: list[Document]
    ends: bool
    count: int
    opened: int


def short(text: str) -> str:
    """SQL of SQLite: a text that says how long it was where it is cut."""
    return f"iif(length({text}) > {_LONGEST}, substr({text}, 1, {_LONGEST}) || '… (' || length({text}) || ')', {text})"


def exact(number: str) -> str:
    """SQL of SQLite: a real number as text with all its digits, of which JSON would get 15."""
    return f"iif({number} IS NULL, NULL, printf('%!.20e', {number}))"


SPANS = Shape(
    "came_spans",
    {
        "span": "span.id",
        "began_ns": "start_ns",
        "ended_ns": "end_ns",
        "parent": "(SELECT p.id FROM span AS p WHERE p.trace = span.trace AND p.span_id = span.parent_id)",
    },
    {
        "step": short("name"),
        "kind": "kind",
        "status": "status",
        "tool": short("tool_name"),
        "agent": short("agent_name"),
    },
)
# What most spans have nothing of
USES = Shape(
    "came_uses",
    {
        "span": "span.id",
        "counts": "usage_counts",
        "ttft_ns": "ttft_ns",
        "input_tokens": "input_tokens",
        "output_tokens": "output_tokens",
        "total_tokens": "total_tokens",
        "cached_tokens": "cache_read_tokens",
        "cache_write_tokens": "cache_write_tokens",
        "reasoning_tokens": "reasoning_tokens",
    },
    {
        "model": short("model"),
        "provider": short("provider"),
        "prompt_name": short("prompt_name"),
        "prompt_version": short("prompt_version"),
        "cost": exact("cost"),
        "cost_input": exact("cost_input"),
        "cost_output": exact("cost_output"),
        "cost_source": "cost_source",
    },
    "coalesce(total_tokens, model, provider, cost, prompt_name, ttft_ns, input_tokens, output_tokens,"
    " cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_input, cost_output) IS NOT NULL",
)
FAILED = Shape(
    "came_failed",
    {"span": "span.id"},
    {
        "error": short("error_type"),
        "message": f"iif(length(status_message) > {2 * _TOLD},"
        f" substr(status_message, 1, {_TOLD}) || substr(status_message, -{_TOLD}), status_message)",
        "kind": "kind",
    },
    "status = 'error'",
)
TRACES = Shape(
    "came_traces",
    {
        "trace": "trace.id",
        "root": "trace.root",
        "start_ns": "start_ns",
        "ended_ns": "end_ns",
        "duration_ns": "duration_ns",
        "span_count": "span_count",
        "error_count": "error_count",
        "max_depth": "max_depth",
        "input_tokens": "input_tokens",
        "output_tokens": "output_tokens",
        "total_tokens": "total_tokens",
        "estimated": "estimated_cost",
        "unpriced_spans": "unpriced_spans",
        "ttft_ns": "ttft_ns",
        "thumb": "thumb",
    },
    {
        "trace_id": "trace_id",
        "name": short("name"),
        "status": "status",
        "env": short("environment"),
        "version": short("version"),
        "user": short("user_id"),
        "session": short("session_id"),
        "tags": "tags",
        "cost": exact("cost"),
    },
)
# The rows of a table in ranges of ids, which are the first parameter
ASKED = (
    "FROM json_each(?1) AS asked CROSS JOIN {table} ON {table}.id >= json_extract(asked.value, '$[0]')"
    " AND {table}.id < json_extract(asked.value, '$[1]')"
)
_SPAN_SQL = (
    f"SELECT {SPANS.written()}, {USES.written()}, {FAILED.written()}, count(*), count(*) FILTER (WHERE end_ns IS NULL)"
    f" {ASKED.format(table='span')}"
)
_TRACE_SQL = f"SELECT {TRACES.written()} {ASKED.format(table='trace')}"


def pieces_between(connection: sqlite3.Connection, after: int, last: int) -> Iterator[Piece]:
    """The traces with keys in (after, last], in order."""
    for ranges in ranges_between(connection, after, last):
        yield _piece(connection, ranges, ends=not ranges[0][1] & _ORDINAL)


def pieces_of(connection: sqlite3.Connection, traces: Sequence[int]) -> Iterator[Piece]:
    """Some traces."""
    for ranges in ranges_of(connection, traces):
        [(low, high), *_] = ranges
        if len(ranges) == 1:
            yield from pieces_between(connection, (low >> ORDINAL_BITS) - 1, (high >> ORDINAL_BITS) - 1)
        else:
            yield _piece(connection, ranges, ends=True)


def ranges_of(connection: sqlite3.Connection, traces: Sequence[int]) -> Iterator[list[Range]]:
    """The ids of the spans of some traces, of about as many spans at a time as make a piece, but each trace whole."""
    sizes = connection.execute(
        "SELECT json_group_array(id), json_group_array(next_ordinal) FROM trace"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (orjson.dumps(traces).decode(),),
    ).fetchone()
    waiting: list[Range] = []
    spans = 0
    for trace, size in zip(*map(orjson.loads, sizes), strict=True):
        if waiting and spans + size > PIECE:
            yield waiting
            waiting, spans = [], 0
        waiting.append((trace << ORDINAL_BITS, (trace + 1) << ORDINAL_BITS))
        spans += size
    if waiting:
        yield waiting


def ranges_between(connection: sqlite3.Connection, after: int, last: int) -> Iterator[list[Range]]:
    """The ids of the spans of the traces with keys in (after, last], about as many at a time as make a piece."""
    low, end = (after + 1) << ORDINAL_BITS, (last + 1) << ORDINAL_BITS
    while low < end:
        high = _border(connection, low, end)
        yield [(low, high)]
        low = high


def _border(connection: sqlite3.Connection, low: int, end: int) -> int:
    """Where a piece that begins at `low` ends: between two traces, or within the trace that it begins in."""
    row = connection.execute(
        "SELECT id FROM span WHERE id >= ? AND id < ? ORDER BY id LIMIT 1 OFFSET ?", (low, end, PIECE)
    ).fetchone()
    if row is None:
        return end
    first = row[0] & ~_ORDINAL
    return int(first if first > low else row[0])


def _piece(connection: sqlite3.Connection, ranges: list[Range], ends: bool) -> Piece:
    spans: list[tuple[Document, Document, Document]] = []
    count = opened = 0
    for *texts, some, some_opened in documents(connection, _SPAN_SQL, ranges):
        spans.append((Document(*texts[:2]), Document(*texts[2:4]), Document(*texts[4:])))
        count += some
        opened += some_opened
    traces: list[Document] = []
    if ends:
        whole = [(low >> ORDINAL_BITS, high >> ORDINAL_BITS) for low, high in ranges]
        traces += [Document(*texts) for texts in documents(connection, _TRACE_SQL, whole)]
    return Piece(spans, traces, ends, count, opened)


def documents(connection: sqlite3.Connection, sql: str, ranges: list[Range], *parameters: str) -> list[tuple[Any, ...]]:
    """What a query gives for rows with ids in some half-open ranges (see ASKED), in order: one row, or more where
    SQLite cannot hold all of it in one text."""
    found: list[tuple[Any, ...]] = []
    todo = [ranges]
    while todo:
        asked = todo.pop()
        try:
            found.append(connection.execute(sql, (orjson.dumps(asked).decode(), *parameters)).fetchone())
        except sqlite3.DataError:
            if len(asked) == 1 and asked[0][1] - asked[0][0] < 2:
                raise
            todo += reversed(_halves(asked))
    return found


def _halves(ranges: list[Range]) -> list[list[Range]]:
    if len(ranges) > 1:
        return [ranges[: len(ranges) // 2], ranges[len(ranges) // 2 :]]
    [(low, high)] = ranges
    middle = (low + high) // 2
    return [[(low, middle)], [(middle, high)]]
