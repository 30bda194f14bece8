"""A database as the first version of the schema left it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.store.written import make

from tailrace.model import Score, ScoreKind
from tailrace.store import ScoreBook, Writer, migrations, schema


def write_first_version(path: Path) -> None:
    """Make a file with the tables of the first migration alone and two traces, a thumb, its history and a note."""
    donor = path.with_name("donor.tailrace")
    with Writer(donor) as writer:
        writer.write([make("a"), make("b", trace_id="t2")])
        writer.settle()
        writer.index()
    book = ScoreBook(donor)
    book.put(Score("x", "thumb", ScoreKind.THUMB, "t1", value=1.0, updated_ns=10))
    book.put(Score("x", "thumb", ScoreKind.THUMB, "t1", value=0.0, updated_ns=20))
    book.put(Score("n", "note", ScoreKind.TEXT, "t1", comment="Too long", author="Jo", created_ns=7))
    book.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {schema.PAGE_SIZE}")
        connection.execute("PRAGMA journal_mode = WAL")
        apply_first_migration(connection)
        connection.execute("ATTACH ? AS donor", (str(donor),))
        for table in ("source", "resource", "trace", "span", "span_payload", "attribute_key", "score", "score_history"):
            columns = ", ".join(
                name for (name,) in connection.execute(f"SELECT name FROM pragma_table_info('{table}')")
            )
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM donor.{table}")
        connection.execute("INSERT INTO main.search_pending SELECT id FROM main.span")
        connection.commit()
    donor.unlink()


def apply_first_migration(connection: sqlite3.Connection) -> None:
    """Run the first migration as the first version did."""
    from sqlite_utils import Database

    migrations._migrations().apply(Database(connection, execute_plugins=False), stop_before="review_tables")
