"""Make the summaries of traces that were touched again after their first batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tailrace.jobs.runner import Ticket
from tailrace.store import scores
from tailrace.store.connections import explained, transaction
from tailrace.store.schema import MOST_SPANS, ORDINAL_BITS
from tailrace.store.sound import sound_row
from tailrace.store.summary import SUMMARY_COLUMNS, SUMMARY_INPUT, Columns, Summary, summarise
from tailrace.store.turns import turns_of

_READ = f"SELECT {', '.join(SUMMARY_INPUT)}, usage_counts FROM span WHERE id BETWEEN ? AND ? ORDER BY id"
_UPDATE = (
    f"UPDATE trace SET {', '.join(name + ' = ?' for name in SUMMARY_COLUMNS)}, stale = 0 WHERE id = ? AND stale = ?"
)
_BLOCK = 2_000
_SPANS_AT_ONCE = 20_000
_TRACES_AT_ONCE = 500
# Few different values in these, and a million copies of each in a giant trace
_REPEATED = tuple(
    SUMMARY_INPUT.index(name)
    for name in ("name", "kind", "status", "model", "tool_name", "prompt_name", "prompt_version", "session_id",
                 "user_id", "environment", "version", "tags", "cost_source")
)  # fmt: skip

_Settled = tuple[int, str, int, Summary, list[tuple[int, int]]]


def settle_stale(
    connection: sqlite3.Connection,
    path: Path,
    ticket: Ticket | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Settle every stale trace, some a transaction. `progress(done, total)` counts traces."""
    stale = connection.execute("SELECT id, trace_id, stale FROM trace WHERE stale <> 0 ORDER BY id").fetchall()
    waiting: list[_Settled] = []
    spans = 0
    for done, (trace, trace_id, mark) in enumerate(stale, 1):
        columns, counts = _read(connection, trace, ticket)
        if not columns.id:
            continue
        summary = summarise(columns, lambda i, given, ids=columns.id: _text(connection, ids[i], given))  # type: ignore[misc]
        changes = [
            (counted, columns.id[i])
            for i, (was, counted) in enumerate(
                zip(counts, (int(i not in summary.repeats) for i in range(len(counts))), strict=True)
            )
            if was != counted
        ]
        waiting.append((trace, trace_id, mark, summary, changes))
        spans += len(counts)
        if spans >= _SPANS_AT_ONCE or len(waiting) >= _TRACES_AT_ONCE or done == len(stale):
            _store(connection, path, waiting)
            waiting.clear()
            spans = 0
            if progress is not None:
                progress(done, len(stale))
    if waiting:
        _store(connection, path, waiting)


def _store(connection: sqlite3.Connection, path: Path, settled: list[_Settled]) -> None:
    with turns_of(path).take(), explained(path), transaction(connection):
        for trace, trace_id, mark, summary, changes in settled:
            # spans that came since it was read leave it stale: it is settled again
            cursor = connection.execute(_UPDATE, (*sound_row(summary.values), trace, mark))
            if cursor.rowcount:
                connection.executemany("UPDATE span SET usage_counts = ? WHERE id = ?", changes)
                if connection.execute("SELECT 1 FROM score WHERE trace_id = ?", (trace_id,)).fetchone():
                    scores.recount(connection, [trace_id])


def _read(connection: sqlite3.Connection, trace: int, ticket: Ticket | None) -> tuple[Columns, list[int]]:
    """A trace's spans by column, read in blocks: whole rows of a giant trace would take a gigabyte."""
    columns: list[list[Any]] = [[] for _ in range(len(SUMMARY_INPUT) + 1)]
    same: dict[Any, Any] = {}
    first = trace << ORDINAL_BITS
    cursor = connection.execute(_READ, (first, first + MOST_SPANS - 1))
    while block := cursor.fetchmany(_BLOCK):
        if ticket is not None:
            ticket.check()
        for i, values in enumerate(zip(*block, strict=True)):
            columns[i] += [same.setdefault(v, v) for v in values] if i in _REPEATED else values
    counts = columns.pop()
    return Columns(*columns), counts


def _text(connection: sqlite3.Connection, span: int, given: bool) -> str | None:
    column = "input" if given else "output"
    found = connection.execute(f"SELECT {column} FROM span_payload WHERE id = ?", (span,)).fetchone()
    return None if found is None else found[0]
