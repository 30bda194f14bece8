"""What is told of scores: all of them anew when one changed, for they are few beside the spans."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tailrace.store.columns.came import register
from tailrace.store.columns.source import Document, Shape, exact, short

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tailrace.jobs import Ticket

_PIECE = 50_000
_SCORES = Shape(
    "came_scores",
    {
        "trace": "(SELECT id FROM trace WHERE trace.trace_id = score.trace_id)",
        "said_ns": "coalesce(updated_ns, created_ns)",
    },
    {
        "score": short("name"),
        "score_kind": "kind",
        "value": exact("value"),
        "label": short("label"),
        "source": "source",
        "author": short("author"),
        "span_id": short("span_id"),
        "session": f"iif(trace_id IS NULL, {short('session_id')}, NULL)",
    },
)
# Of a text that judges nothing there is nothing to count
_SQL = f"SELECT {_SCORES.written()} FROM score WHERE rowid > ? AND rowid <= ? AND (kind <> 'text' OR value IS NOT NULL)"


def replace_scores(connection: sqlite3.Connection, cursor: DuckDBPyConnection, ticket: Ticket | None) -> None:
    """Take in all scores. The traces are there."""
    cursor.execute("DELETE FROM kept_score")
    for document in _documents(connection):
        if ticket is not None:
            ticket.check()
        register(cursor, _SCORES, [document])
        cursor.execute(
            "INSERT INTO kept_score BY NAME SELECT * EXCLUDE (value), value::DOUBLE AS value,"
            f" said_ns AS start_ns FROM ({_SCORES.rows()})"
        )
    place_scores(cursor)


def place_scores(cursor: DuckDBPyConnection) -> None:
    """Give scores the time of their trace, those of a session that of its first trace."""
    cursor.execute(
        "UPDATE kept_score SET start_ns = placed.start_ns FROM ("
        " SELECT said.rowid AS said, coalesce(about.start_ns, first.start_ns, said.said_ns) AS start_ns"
        " FROM kept_score AS said LEFT JOIN kept_trace AS about ON about.trace = said.trace"
        " LEFT JOIN kept_trace AS first ON first.session = said.session AND first.turn = 1"
        ") AS placed WHERE placed.said = kept_score.rowid AND placed.start_ns IS DISTINCT FROM kept_score.start_ns"
    )


def want_traces(cursor: DuckDBPyConnection) -> bool:
    """Whether a score is about a trace that was not there."""
    sql = "SELECT 1 FROM kept_score WHERE trace IS NULL AND session IS NULL LIMIT 1"
    return bool(cursor.execute(sql).fetchall())


def _documents(connection: sqlite3.Connection) -> Iterator[Document]:
    last = -(1 << 63)
    while True:
        row = connection.execute(
            "SELECT max(rowid) FROM (SELECT rowid FROM score WHERE rowid > ? ORDER BY rowid LIMIT ?)", (last, _PIECE)
        ).fetchone()
        if row[0] is None:
            return
        yield Document(*connection.execute(_SQL, (last, row[0])).fetchone())
        last = row[0]
