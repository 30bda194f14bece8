"""What opening a database of the first version promises: nothing is lost, and reading never needs to write."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.store.first_version import write_first_version
from tests.store.written import rows

from tailrace.errors import DatabaseError
from tailrace.jobs import Ticket
from tailrace.model.review import FailureMode, Put
from tailrace.store import SCHEMA_VERSION, Reader, connections, migrations
from tailrace.store.connections import migrate_file, open_to_read, open_to_write
from tailrace.workspace import Workspace

TABLES = ("trace", "span", "span_payload", "score", "score_history")
ADDED = ("audio_input_tokens", "audio_output_tokens", "service_tier")


@pytest.fixture
def old(path: Path) -> Path:
    """A database of the first version."""
    write_first_version(path)
    assert version(path) == 1
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def contents(path: Path) -> dict[str, list[dict[str, Any]]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            table: [
                {name: value for name, value in dict(row).items() if name not in ADDED}
                for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")
            ]
            for table in TABLES
        }


def test_an_old_database_is_brought_up_to_date_and_keeps_everything(old: Path) -> None:
    before = contents(old)
    assert [len(before[table]) for table in TABLES] == [2, 2, 2, 2, 1]
    workspace = Workspace(old)
    workspace.prepare()
    assert version(old) == SCHEMA_VERSION
    assert contents(old) == before
    workspace.reviews.apply([Put(FailureMode("m", "rash"))])
    assert [mode.name for mode, _ in workspace.reviews.modes()] == ["rash"]
    assert [remark.text for remark in workspace.reviews.remarks()] == ["Too long"]
    assert workspace.index_search(Ticket()) == 2
    workspace.close()
    assert rows(old, "PRAGMA integrity_check") == [("ok",)]
    fresh = old.with_name("fresh.tailrace")
    open_to_write(fresh, durable=False).close()
    tables = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE '%sqlite%' ORDER BY name"
    assert rows(old, tables) == rows(fresh, tables)


def test_an_old_database_that_may_not_be_written_reads_as_one_without_reviews(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode = sqlite3.SQLITE_READONLY
        raise error

    monkeypatch.setattr(connections, "_prepare", refuse)
    workspace = Workspace(old)
    workspace.prepare()
    reviews = workspace.reviews
    assert reviews.queues("Jo") == reviews.modes() == reviews.definitions() == reviews.datasets() == []
    assert reviews.read_queue("q", "Jo") is None
    assert len(reviews.remarks()) == 1
    assert len(reviews.judged()) == 0
    assert workspace.info().traces == 2
    (key,) = (key for key in (workspace.find_trace("t1"),) if key is not None)
    detail = workspace.read_span(key, "a")
    assert detail is not None
    assert detail.span.usage is None
    with pytest.raises(DatabaseError, match="read-only"):
        reviews.apply([Put(FailureMode("m", "rash"))])
    monkeypatch.undo()
    assert version(old) == 1
    # another process brings it up to date while this one reads
    migrate_file(old)
    reviews.apply([Put(FailureMode("m", "rash"))])
    assert [mode.name for mode, _ in reviews.modes()] == ["rash"]
    workspace.close()


_READ = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN")
print(connection.execute("SELECT count(*) FROM trace").fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute("SELECT count(*) FROM score").fetchone()[0], flush=True)
"""


def test_an_old_database_is_brought_up_to_date_while_another_process_reads(old: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", _READ, str(old)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ}
    )
    with other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"2"
        reader = Reader(old)
        assert reader.info().traces == 2
        workspace = Workspace(old)
        workspace.prepare()
        workspace.reviews.apply([Put(FailureMode("m", "rash"))])
        workspace.close()
        other.stdin.write(b"\n")
        other.stdin.flush()
        assert other.stdout.readline().strip() == b"2"
    assert reader.info().traces == 2
    with reader.reading(None) as snapshot:
        assert snapshot.connection.execute("SELECT count(*) FROM failure_mode").fetchone() == (1,)
    reader.close()


def test_many_may_bring_the_same_database_up_to_date_at_once(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[Exception] = []
    read_script = migrations.statements

    def read_slowly(script: str) -> list[str]:
        time.sleep(0.05)  # between the steps, so that all threads meet there
        return read_script(script)

    monkeypatch.setattr(migrations, "statements", read_slowly)

    def bring() -> None:
        try:
            migrate_file(old)
        except Exception as error:  # noqa: BLE001 - any failure counts
            failures.append(error)

    threads = [threading.Thread(target=bring) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert version(old) == SCHEMA_VERSION


def test_reading_an_old_database_changes_no_byte_of_it(old: Path) -> None:
    before = old.read_bytes()
    connection = open_to_read(old)
    assert connection.execute("SELECT count(*) FROM review_item").fetchone() == (0,)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM score")
    connection.close()
    assert old.read_bytes() == before
