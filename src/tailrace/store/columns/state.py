"""Which state of the trace database the columns show, and whether a later one is its continuation."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tailrace.store.connections import is_current

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class State(NamedTuple):
    """What there is in a database. `identity` tells it from any other that could be found at its place, `trace` is its
    greatest key of a trace, `revision` its latest change of one, `scores` stands for all scores."""

    identity: str
    trace: int
    revision: int
    scores: str


def read_state(connection: sqlite3.Connection, path: Path) -> State:
    """The state of the trace database, inside a read transaction."""
    trace, revision = connection.execute(
        "SELECT (SELECT max(id) FROM trace), (SELECT max(revision) FROM trace_change)"
    ).fetchone()
    scores = connection.execute(
        "SELECT (SELECT count(*) FROM score), (SELECT max(rowid) FROM score), (SELECT max(id) FROM score_history)"
    ).fetchone()
    return State(_identity(connection, path), trace or 0, revision or 0, ":".join(map(str, scores)))


def kept_state(cursor: DuckDBPyConnection) -> State | None:
    """The state that the columns were made of; None while there are none."""
    row = cursor.execute("SELECT identity, trace, revision, scores FROM cache_state").fetchall()[0]
    return None if row[0] is None else State(*row)


def keep_state(cursor: DuckDBPyConnection, state: State) -> None:
    """Note what the columns are made of."""
    cursor.execute(
        "UPDATE cache_state SET identity = ?, trace = ?, revision = ?, scores = ?,"
        " spans = (SELECT count(*) FROM kept_span)",
        list(state),
    )


def continues(connection: sqlite3.Connection, cursor: DuckDBPyConnection, kept: State, now: State) -> bool:
    """Whether `now` came out of `kept`, and its traces are still the same ones."""
    if kept.identity != now.identity or kept.trace > now.trace or kept.revision > now.revision:
        return False
    known = cursor.execute("SELECT count(*), max(trace_id) FILTER (trace = ?) FROM kept_trace", [kept.trace])
    there = connection.execute(
        "SELECT (SELECT count(*) FROM trace WHERE id <= ?1), (SELECT nullif(trace_id, '') FROM trace WHERE id = ?1)",
        (kept.trace,),
    )
    return bool(known.fetchall()[0] == there.fetchone())


def changed_since(connection: sqlite3.Connection, trace: int, revision: int) -> list[int]:
    """The keys up to `trace` of traces that changed after a revision, in order."""
    rows = connection.execute(
        "SELECT trace FROM trace_change WHERE revision > ? AND trace <= ? ORDER BY trace", (revision, trace)
    )
    return [key for (key,) in rows]


def _identity(connection: sqlite3.Connection, path: Path) -> str:
    """When the file got its tables, to the microsecond, and which file it is. One of an earlier version says nothing of
    its changes: of that it is also how large it is and when it was written."""
    parts: list[object] = []
    with suppress(sqlite3.OperationalError):  # made by another program
        parts += connection.execute("SELECT name, applied_at FROM _sqlite_migrations ORDER BY name").fetchall()
    current = is_current(connection)
    for file in (path, path.with_name(f"{path.name}-wal")):
        with suppress(OSError):
            status = os.stat(file)
            if file == path:
                parts.append(status.st_ino)
            if not current:
                parts += (status.st_size, status.st_mtime_ns)
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()
