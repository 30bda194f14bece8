"""Another process reads a copy of the columns: the latest state, whole, as long as it is held."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from tests.store.written import make

from tailrace.errors import DatabaseError
from tailrace.jobs import Ticket
from tailrace.store import Reader, Writer
from tailrace.store.columns import Columns, DamagedColumns
from tailrace.store.columns import place as place_module

SECOND = 10**9


class Kept:
    """The columns of a database that can be written to."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "some.tailrace"
        self.folder = folder / "it's a cache"
        self.reader = Reader(self.path)
        self.columns = Columns(self.path, self.folder)
        self.write(1)

    def write(self, *numbers: int) -> None:
        with Writer(self.path) as writer:
            writer.write(
                [make("a" * 16, None, f"{n:032x}", start_ns=n * SECOND, end_ns=(n + 1) * SECOND) for n in numbers]
            )
            writer.settle()
        self.columns.refresh(self.reader)

    def copies(self) -> list[str]:
        return sorted(path.name.partition(".")[2] for path in self.folder.iterdir() if ".copy-" in path.name)

    def close(self) -> None:
        self.columns.close()
        self.reader.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.close()


def count(path: Path) -> int:
    """Traces in a copy, as another process reads it."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("SELECT count(*) FROM trace_facts").fetchall()[0][0]  # type: ignore[no-any-return]


def test_a_copy_shows_the_latest_state_while_the_columns_are_open(kept: Kept) -> None:
    with kept.columns.copied(Ticket()) as path:
        assert count(path) == 1
    kept.write(2, 3)
    with kept.columns.copied(Ticket()) as path, kept.columns.reading() as cursor:
        assert count(path) == 3
        assert cursor.execute("SELECT count(*) FROM trace_facts").fetchall() == [(3,)]


def test_an_attribute_that_was_asked_for_is_in_the_copy(kept: Kept) -> None:
    with kept.columns.copied() as path:
        assert count(path) == 1
    table = kept.columns.attribute(None, "customer.tier")
    with kept.columns.copied() as path, duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]


def test_nothing_is_copied_twice(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    with kept.columns.copied() as first:
        pass
    monkeypatch.setattr(shutil, "copyfile", None)
    kept.columns.refresh(kept.reader)
    with kept.columns.copied() as second, kept.columns.copied() as third:
        assert first == second == third


def test_a_copy_stays_while_it_is_held_and_goes_when_a_later_one_is_there(kept: Kept) -> None:
    with kept.columns.copied() as former:
        kept.write(2)
        with kept.columns.copied() as later:
            assert (count(former), count(later)) == (1, 2)
            assert len([name for name in kept.copies() if not name.endswith(".wal")]) == 2
    assert not former.exists()
    assert later.exists()


def test_closing_leaves_no_copy_behind(kept: Kept) -> None:
    with kept.columns.copied():
        pass
    assert kept.copies()
    kept.columns.close()
    assert kept.copies() == []


def test_what_a_killed_program_has_left_is_swept(kept: Kept) -> None:
    with kept.columns.copied() as path:
        pass
    kept.columns.close()
    stem = path.name.partition(".copy-")[0]
    (kept.folder / f"{stem}.copy-7.duckdb").write_bytes(b"left")
    (kept.folder / f"{stem}.copy-7.duckdb-spilled").mkdir()
    (kept.folder / f"{stem}.copy-7.duckdb-spilled" / "x").write_bytes(b"left")
    (kept.folder / "somebody.else.copy-7.duckdb").write_bytes(b"another's")
    kept.columns.refresh(kept.reader)
    with kept.columns.copied() as path:
        assert count(path) == 1
        assert [name for name in kept.copies() if not name.endswith(".wal")] == [
            f"{path.name.partition('.')[2]}", "else.copy-7.duckdb",
        ]  # fmt: skip


def test_where_nobody_else_may_read_an_open_file_duckdb_copies_it(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: object, target: object) -> None:
        raise PermissionError(errno.EACCES, "used by another process")

    kept.write(2)
    monkeypatch.setattr(shutil, "copyfile", refuse)
    with kept.columns.copied() as path:
        assert count(path) == 2
    kept.write(3)
    with kept.columns.copied() as path:
        assert count(path) == 3


def test_a_full_disk_is_said_and_leaves_no_half_a_copy(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(source: object, target: Path) -> None:
        Path(target).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfile", fill)
        with (
            pytest.raises(DatabaseError, match=r"cannot be copied to .*: No space left on device"),
            kept.columns.copied(),
        ):
            pass
    assert kept.copies() == []
    with kept.columns.copied() as path:
        assert count(path) == 1


def test_columns_that_are_in_memory_alone_say_that_sql_needs_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place_module, "_open", lambda path: None)
    kept = Kept(tmp_path)
    with pytest.raises(DatabaseError, match="SQL needs a file for the columns"), kept.columns.copied():
        pass
    kept.close()


def test_before_they_were_filled_there_is_nothing_to_copy(tmp_path: Path) -> None:
    columns = Columns(tmp_path / "some.tailrace", tmp_path)
    with pytest.raises(DamagedColumns), columns.copied():
        pass
    columns.close()
