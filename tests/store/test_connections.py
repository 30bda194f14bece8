"""What opening a trace database promises."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tailrace.errors import DatabaseError
from tailrace.store import Reader
from tailrace.store.connections import open_to_read, open_to_write, transaction
from tailrace.store.schema import APPLICATION_ID, SCHEMA_VERSION


def test_a_new_file_is_ours_and_can_be_read_by_any_sqlite_tool(tmp_path: Path) -> None:
    path = tmp_path / "odd # name? 100%.tailrace"
    open_to_write(path, durable=False).close()
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert int.from_bytes(path.read_bytes()[68:72], "big") == APPLICATION_ID
    connection = open_to_read(path)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")}
    assert {"trace", "span", "span_payload", "score", "spans", "traces", "scores", "span_fts"} <= names
    for view in ("spans", "traces", "scores"):
        assert connection.execute(f"SELECT * FROM {view}").fetchall() == []
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM trace")
    connection.close()


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.tailrace"
    open_to_write(path, durable=True).close()
    before = path.read_bytes()
    open_to_write(path, durable=False).close()
    assert path.read_bytes() == before


@pytest.mark.parametrize("opener", [open_to_read, lambda path: open_to_write(path, durable=False)])
def test_a_file_from_a_newer_version_is_refused_by_name(tmp_path: Path, opener) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "future.tailrace"
    connection = open_to_write(path, durable=False)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(DatabaseError, match=r"future\.tailrace was written by a newer Tailrace"):
        opener(path)


@pytest.mark.parametrize("opener", [open_to_read, lambda path: open_to_write(path, durable=False)])
def test_what_is_not_ours_is_refused_and_left_alone(tmp_path: Path, opener) -> None:  # type: ignore[no-untyped-def]
    text = tmp_path / "notes.txt"
    text.write_text("These are notes and no database. " * 100)
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(DatabaseError, match="is not a Tailrace database") as caught:
            opener(path)
        assert str(path) in caught.value.message
        assert path.read_bytes() == before


def test_a_missing_folder_and_a_missing_file_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot be opened"):
        open_to_write(tmp_path / "nowhere" / "a.tailrace", durable=False)
    with pytest.raises(DatabaseError, match="does not exist"):
        open_to_read(tmp_path / "a.tailrace")


def test_many_may_make_the_same_new_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.tailrace"
    failures: list[BaseException] = []

    def make_it() -> None:
        try:
            open_to_write(path, durable=True).close()
        except BaseException as error:  # noqa: BLE001 - any failure counts
            failures.append(error)

    threads = [threading.Thread(target=make_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    open_to_read(path).close()


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    connection = open_to_write(tmp_path / "a.tailrace", durable=False)

    def stumble() -> None:
        with transaction(connection):
            connection.execute("INSERT INTO attribute_key VALUES ('a')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    with transaction(connection):
        connection.execute("INSERT INTO attribute_key VALUES ('b')")
    assert connection.execute("SELECT name FROM attribute_key").fetchall() == [("b",)]
    connection.close()


def test_a_database_that_only_claims_to_be_ours_is_refused_with_a_sentence(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("CREATE TABLE trace (id INTEGER)")
    reader = Reader(path)
    with pytest.raises(DatabaseError, match="lacks parts"):
        reader.info()
    reader.close()
