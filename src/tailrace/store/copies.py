"""Another Tailrace database beside this one: what it has that this one lacks, and a copy of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tailrace.jobs import Ticket
from tailrace.model import LogRecord
from tailrace.model.versions import Version
from tailrace.store.connections import explained, open_to_read
from tailrace.store.rebuild import LOG_COLUMNS, log_record_of
from tailrace.store.schema import MOST_SPANS, ORDINAL_BITS
from tailrace.store.versions import TABLES, read_versions

_DETAILS = "span_id, end_ns IS NOT NULL, event_count, has_input, has_output"


def versions_in(path: Path) -> Iterator[Version | None]:
    """Every version of every review record in a database, of one moment; None for a record that is damaged."""
    with explained(path), closing(_open(path)) as connection:
        connection.execute("BEGIN")
        for kind in TABLES:
            for _, versions, _ in read_versions(connection, kind):
                if versions is None:
                    yield None
                else:
                    yield from versions


def traces_lacking(path: Path, other: Path, ticket: Ticket | None = None) -> list[int]:
    """The keys, in `other`, of traces with spans or parts of spans that the database at `path` has not."""
    with (
        explained(path), closing(_open(path)) as here,
        explained(other), closing(_open(other)) as there,
    ):  # fmt: skip
        lacking: list[int] = []
        for key, trace_id in there.execute("SELECT id, trace_id FROM trace ORDER BY id"):
            if ticket is not None:
                ticket.check()
            known = here.execute("SELECT id FROM trace WHERE trace_id = ?", (trace_id,)).fetchone()
            if known is None or not _details(there, key) <= _details(here, known[0]):
                lacking.append(key)
        return lacking


def _details(connection: sqlite3.Connection, key: int) -> set[tuple[str, int, int, int, int]]:
    first = key << ORDINAL_BITS
    return set(
        connection.execute(f"SELECT {_DETAILS} FROM span WHERE id BETWEEN ? AND ?", (first, first + MOST_SPANS - 1))
    )


def logs_in(path: Path) -> Iterator[LogRecord]:
    """Every log record of a database, in order of arrival."""
    with explained(path), closing(_open(path)) as connection:
        for row in connection.execute(f"SELECT {LOG_COLUMNS} FROM log_record ORDER BY id"):
            yield log_record_of(row)


def copy_database(source: Path, out: Path) -> None:
    """Copy a database as it is at this moment, also while somebody writes to it. `out` must not be there."""
    with explained(source), closing(_open(source)) as connection, explained(out), closing(sqlite3.connect(out)) as copy:
        connection.backup(copy)


def _open(path: Path) -> sqlite3.Connection:
    connection = open_to_read(path)
    # a file from elsewhere may hold texts that are none
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection
