"""Where Tailrace's own files are, deleting the cache, and keys in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.written import make

from tailrace.errors import SourceError
from tailrace.jobs import Ticket
from tailrace.model import TraceFilter
from tailrace.store.writer import Writer
from tailrace.workspace import Workspace
from tailrace.workspace.folders import data_folder
from tailrace.workspace.key_files import read_key_file, write_key_file
from tailrace.workspace.own_files import column_folder, delete_column_cache, read_own_files


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    path = tmp_path / "a.tailrace"
    with Writer(path) as writer:
        writer.write([make("a" * 16, None, "1" * 32)])
        writer.settle()
    made = Workspace(path)
    yield made
    made.close()


def test_what_is_not_there_takes_nothing() -> None:
    found = read_own_files(data_folder() / "settings.json")
    assert (found.workspaces, found.workspaces_size, found.columns, found.columns_size) == (0, 0, 0, 0)
    assert delete_column_cache() == 0


def test_the_cache_that_is_open_stays_and_others_go_with_what_lies_beside_them(workspace: Workspace) -> None:
    workspace.monitor.prepare(Ticket())
    (mine,) = column_folder().glob("*.duckdb")
    other = column_folder() / "feed.duckdb"
    other.write_bytes(b"x" * 1000)  # damaged, of nobody
    (column_folder() / "feed.copy-1.duckdb").write_bytes(b"x" * 500)
    (column_folder() / "feed.duckdb.tmp").mkdir()
    found = read_own_files(data_folder() / "settings.json")
    assert found.columns_size == sum(path.stat().st_size for path in column_folder().rglob("*") if path.is_file())
    assert delete_column_cache() == 1500
    assert [path for path in column_folder().iterdir() if path.name.startswith("feed")] == []
    assert mine.exists()
    assert workspace.monitor.range_of(TraceFilter()) is not None


def test_charts_make_a_deleted_cache_again(workspace: Workspace) -> None:
    workspace.monitor.prepare(Ticket())
    database = workspace.database
    workspace.close()
    assert delete_column_cache() > 0
    assert list(column_folder().iterdir()) == []
    again = Workspace(database)
    assert again.monitor.range_of(TraceFilter()) is not None
    again.close()


def test_keys_go_into_a_file_and_come_back(tmp_path: Path) -> None:
    keys = {"trace.next": ("J", "Ctrl+J"), "edit.undo": ()}
    write_key_file(tmp_path / "keys.json", keys)
    assert read_key_file(tmp_path / "keys.json") == keys


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "no file of keys"),
        ('{"keys": {}}', "does not say"),
        ('{"tailrace_keys": 99, "keys": {}}', "newer version"),
        ('{"tailrace_keys": 1, "keys": 3}', "holds no keys"),
        (None, "cannot be read"),
    ],
)
def test_another_file_is_refused_with_a_reason(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "keys.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SourceError, match=words):
        read_key_file(path)
