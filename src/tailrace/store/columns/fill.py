"""Bring the columns from one state of the trace database to another: all at once, out of one transaction of SQLite.

SQLite tells on the caller's thread while DuckDB takes in on others what was told before; neither holds Python's lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

from tailrace.store.columns import derive, scores, traces
from tailrace.store.columns.came import register, taken
from tailrace.store.columns.source import TRACES, Piece, pieces_between, pieces_of
from tailrace.store.columns.state import State, changed_since, continues, keep_state, kept_state

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tailrace.jobs import Ticket

Progress: TypeAlias = Callable[[int, int], None]

# What the tables of single attributes are called, and how many of them are kept
PREFIX = "attribute_"
_MOST = 60
# How many take in at a time what SQLite tells: it tells about as fast as two can take
_TAKERS = 2


class Extra(Protocol):
    """Columns that are kept beside the others for who has asked for them."""

    @property
    def name(self) -> str:
        """What it is known by among what is kept."""

    def forget(self, cursor: DuckDBPyConnection) -> None:
        """Take out what is kept of the traces in the table `changed`."""

    def fill(
        self, connection: sqlite3.Connection, cursor: DuckDBPyConnection, changed: Sequence[int], after: int, last: int,
        ticket: Ticket | None,
    ) -> None:  # fmt: skip
        """Take in what there is of the changed traces and of those with keys in (after, last]."""


def fill(
    connection: sqlite3.Connection,
    cursor: DuckDBPyConnection,
    now: State,
    extras: Iterable[Extra],
    ticket: Ticket | None,
    progress: Progress,
) -> None:
    """Make the columns show the state that a read transaction of SQLite sees. `progress(done, total)` counts spans."""
    kept = kept_state(cursor)
    if kept == now:
        return
    is_new = kept is None
    if is_new:
        _begin(connection, cursor, now, ticket, progress)
    with _transaction(cursor):
        changed: list[int] = []
        if kept is None:
            kept = State(now.identity, 0, 0, "")
        elif not continues(connection, cursor, kept, now):
            kept = _empty(cursor, now)
        else:
            changed = changed_since(connection, kept.trace, kept.revision)
            if 2 * len(changed) > kept.trace:
                # to take all in anew is less work than to take so many out
                kept, changed = _empty(cursor, now), []
        taker = _Taker(cursor)
        if changed or now.trace > kept.trace:
            if is_new:
                traces.touch_all(cursor)
            else:
                mark(cursor, changed)
                traces.forget_traces(cursor)
                pieces = chain(pieces_of(connection, changed), pieces_between(connection, kept.trace, now.trace))
                _take_in(pieces, [taker], _count(connection, changed, kept.trace), ticket, progress)
                traces.insert_traces(cursor)
            traces.place_traces(cursor)
        if now.scores != kept.scores or scores.want_traces(cursor):
            scores.replace_scores(connection, cursor, ticket)
        elif changed or now.trace > kept.trace:
            scores.place_scores(cursor)
        for extra in extras:
            _bring(connection, cursor, extra, now, ticket)
        keep_state(cursor, now)


def fill_extra(
    connection: sqlite3.Connection,
    cursor: DuckDBPyConnection,
    extra: Extra,
    now: State,
    others: Container[str],
    ticket: Ticket | None,
) -> None:
    """Make an extra show the state that the columns show. Of attributes that are not among `others`, which somebody
    has asked for lately, those that were filled longest ago may go for it."""
    with _transaction(cursor):
        _bring(connection, cursor, extra, now, ticket)
        names = cursor.execute("SELECT name FROM kept_extra WHERE starts_with(name, ?) ORDER BY rowid", [PREFIX])
        kept = [name for (name,) in names.fetchall()]
        for name in [name for name in kept if name != extra.name and name not in others][: max(0, len(kept) - _MOST)]:
            cursor.execute(f"DROP TABLE {name}")
            cursor.execute("DELETE FROM kept_extra WHERE name = ?", [name])


@contextmanager
def _transaction(cursor: DuckDBPyConnection) -> Iterator[None]:
    cursor.execute("BEGIN")
    try:
        yield
        cursor.execute("COMMIT")
    except BaseException:
        _roll_back(cursor)
        raise


def _roll_back(cursor: DuckDBPyConnection) -> None:
    import duckdb

    # where the file has failed, or all was committed, there is nothing to undo
    with suppress(duckdb.Error):
        cursor.execute("ROLLBACK")


def _bring(
    connection: sqlite3.Connection, cursor: DuckDBPyConnection, extra: Extra, now: State, ticket: Ticket | None
) -> None:
    known = cursor.execute("SELECT trace, revision FROM kept_extra WHERE name = ?", [extra.name]).fetchall()
    trace, revision = known[0] if known else (0, 0)
    changed = changed_since(connection, trace, revision) if known else []
    mark(cursor, changed)
    extra.forget(cursor)
    extra.fill(connection, cursor, changed, trace, now.trace, ticket)
    cursor.execute("DELETE FROM kept_extra WHERE name = ?", [extra.name])
    cursor.execute("INSERT INTO kept_extra VALUES (?, ?, ?)", [extra.name, now.trace, now.revision])


def mark(cursor: DuckDBPyConnection, keys: Sequence[int]) -> None:
    """Put keys of traces into the table `changed` of one cursor."""
    cursor.register("changed", {"trace": np.array(keys, np.int64)})


def _empty(cursor: DuckDBPyConnection, now: State) -> State:
    """Take out everything; the state that this is."""
    for (name,) in cursor.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall():
        if name.startswith(PREFIX):
            cursor.execute(f'DROP TABLE "{name}"')
        elif name.startswith("kept_"):
            cursor.execute(f'DELETE FROM "{name}"')
    return State(now.identity, 0, 0, "")


def _begin(
    connection: sqlite3.Connection,
    cursor: DuckDBPyConnection,
    now: State,
    ticket: Ticket | None,
    progress: Progress,
) -> None:
    """Take in all spans and traces where nobody can read yet, in several transactions at a time: what is there without
    a state counts for nothing."""
    with _transaction(cursor):
        _empty(cursor, now)
    with ExitStack() as stack:
        takers: list[_Taker] = []
        for _ in range(_TAKERS):
            one = stack.enter_context(closing(cursor.cursor()))
            if ticket is not None:
                stack.enter_context(ticket.interruptible(one.interrupt))
            one.execute("BEGIN")
            stack.callback(_roll_back, one)
            takers.append(_Taker(one))
        _take_in(pieces_between(connection, 0, now.trace), takers, _count(connection, (), 0), ticket, progress)
        threads = stack.enter_context(ThreadPoolExecutor(_TAKERS, thread_name_prefix="tailrace-columns"))
        for _ in threads.map(_Taker.commit, takers):
            pass


class _Taker:
    """Takes in what pieces hold on one cursor, in its transaction."""

    def __init__(self, cursor: DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._parted = False
        derive.begin_spans(cursor)
        traces.begin_traces(cursor)

    def take(self, piece: Piece) -> None:
        """Take in a piece, which comes behind the one before where that did not end."""
        for i, shape in enumerate(derive.SPAN_SHAPES):
            register(self._cursor, shape, [documents[i] for documents in piece.spans])
        if self._parted or not piece.ends:
            derive.keep_part(self._cursor)
        if piece.ends:
            register(self._cursor, TRACES, piece.traces)
            traces.keep_rows(self._cursor)
            derive.insert_spans(self._cursor, piece.opened, self._parted)
        self._parted = not piece.ends

    def commit(self) -> None:
        """Take in the traces of all pieces, and end the transaction."""
        traces.insert_traces(self._cursor)
        self._cursor.execute("COMMIT")


def _take_in(
    pieces: Iterable[Piece], takers: Sequence[_Taker], total: int, ticket: Ticket | None, progress: Progress
) -> None:
    done = 0
    progress(0, total)
    for piece in taken(pieces, [taker.take for taker in takers], ticket, lambda piece: not piece.ends):
        done += piece.count
        progress(min(done, total), total)
    progress(total, total)


def _count(connection: sqlite3.Connection, changed: Sequence[int], after: int) -> int:
    row = connection.execute(
        "SELECT total(next_ordinal) FROM trace WHERE id > ? OR id IN (SELECT value FROM json_each(?))",
        (after, str(list(changed))),
    ).fetchone()
    return int(row[0])
