"""Bringing a database file to this version: what `schema` says, step by step, all or nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tailrace.store.schema import APPLICATION_ID, FIRST, MONITOR, REVIEW

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Migrations

# What an earlier version that may not be written reads as: its spans with the columns they lack.
_LATER_SPANS = (
    "CREATE TEMP VIEW span AS SELECT *, NULL AS audio_input_tokens, NULL AS audio_output_tokens,"
    " NULL AS service_tier FROM main.span"
)


@cache
def _migrations() -> Migrations:
    # sqlite_utils takes a quarter of a second to import, and an existing file of this version needs none of it
    from sqlite_utils import Migrations

    migrations = Migrations("tailrace")

    @migrations()
    def first_tables(db: Any) -> None:
        for statement in statements(FIRST):
            db.conn.execute(statement)
        db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.conn.execute("PRAGMA user_version = 1")

    @migrations()
    def review_tables(db: Any) -> None:
        for statement in statements(REVIEW):
            db.conn.execute(statement)
        db.conn.execute("PRAGMA user_version = 2")

    @migrations()
    def monitor_tables(db: Any) -> None:
        for statement in statements(MONITOR):
            db.conn.execute(statement)
        db.conn.execute("PRAGMA user_version = 3")

    return migrations


def later_tables() -> list[str]:
    """The statements that make what the second version and later brought, empty and for one connection alone."""
    tables = [statement for statement in statements(REVIEW + MONITOR) if "CREATE TABLE " in statement]
    return [*(table.replace("CREATE TABLE ", "CREATE TEMP TABLE ", 1) for table in tables), _LATER_SPANS]


def statements(script: str) -> list[str]:
    """The statements of a script, one by one: `executescript` would commit the transaction around a migration."""
    import sqlite3

    found: list[str] = []
    lines: list[str] = []
    for line in script.splitlines():
        if line.strip() or lines:
            lines.append(line)
        if line.rstrip().endswith(";") and sqlite3.complete_statement("\n".join(lines)):
            found.append("\n".join(lines))
            lines = []
    return found


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file behind a connection (in Python's default transaction mode) to SCHEMA_VERSION, wholly or not at
    all. Who comes second waits, and finds nothing left to do."""
    from sqlite_utils import Database

    connection.execute("BEGIN IMMEDIATE")
    try:
        _migrations().apply(Database(connection, execute_plugins=False))
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
