"""Another program's SQLite database is read as it is, and left as it was."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tailrace.errors import SourceError
from tailrace.formats import foreign_sqlite
from tailrace.formats.foreign_sqlite import ForeignDatabase

ITEMS = frozenset({"item", "absent"})


def write_items(path: Path, count: int, *, wal: bool = False, text: str = "x") -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {'wal' if wal else 'delete'}")
        connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("CREATE TABLE secret (id INTEGER PRIMARY KEY, word TEXT)")
        connection.executemany("INSERT INTO item (name) VALUES (?)", [(f"{text}{index}",) for index in range(count)])
        connection.commit()


def read_names(path: Path) -> list[str]:
    with ForeignDatabase(path, ITEMS) as database:
        return [row[1] for rows in database.batches("item", ("name",)) for row in rows]


@contextmanager
def untouched(folder: Path) -> Iterator[None]:
    """Fails when the block adds, removes or changes a file of the folder; -shm is the owners' shared scratch memory."""

    def look() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}

    before, names = look(), {path.name for path in folder.iterdir()}
    yield
    assert look() == before
    assert {path.name for path in folder.iterdir()} == names


def test_every_row_comes_once_and_in_order(tmp_path: Path) -> None:
    write_items(tmp_path / "a.db", 1_234)
    assert read_names(tmp_path / "a.db") == [f"x{index}" for index in range(1_234)]


def test_reading_goes_on_behind_a_row(tmp_path: Path) -> None:
    write_items(tmp_path / "a.db", 10)
    with ForeignDatabase(tmp_path / "a.db", ITEMS) as database:
        assert [row for rows in database.batches("item", ("name",), after=8) for row in rows] == [(9, "x8"), (10, "x9")]


@pytest.mark.parametrize("wal", [False, True])
def test_a_database_that_nobody_has_open_is_left_as_it_was(tmp_path: Path, wal: bool) -> None:
    write_items(tmp_path / "a.db", 5, wal=wal)
    with untouched(tmp_path):
        assert len(read_names(tmp_path / "a.db")) == 5


def test_rows_that_are_only_in_the_wal_of_a_running_owner_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    write_items(path, 3, wal=True)
    with closing(sqlite3.connect(path)) as owner:
        owner.execute("INSERT INTO item (name) VALUES ('new')")
        owner.commit()
        assert (tmp_path / "a.db-wal").stat().st_size > 0
        with untouched(tmp_path):
            assert read_names(path)[-1] == "new"
        owner.execute("INSERT INTO item (name) VALUES ('newer')")
        owner.commit()
        assert read_names(path)[-1] == "newer"


def test_an_owner_that_is_writing_keeps_nobody_out_and_is_not_kept_out(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    write_items(path, 2_000)
    with closing(sqlite3.connect(path, timeout=0.1)) as owner, ForeignDatabase(path, ITEMS) as database:
        rows = database.batches("item", ("name",))
        assert len(next(rows)) < 2_000
        owner.execute("INSERT INTO item (name) VALUES ('meanwhile')")
        owner.commit()
        assert [row for batch in rows for row in batch][-1][1] == "meanwhile"


def test_a_wal_without_its_shared_memory_is_read_from_a_copy(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    here.mkdir()
    write_items(there / "a.db", 3, wal=True)
    with closing(sqlite3.connect(there / "a.db")) as owner:
        owner.execute("INSERT INTO item (name) VALUES ('only in the wal')")
        owner.commit()
        for name in ("a.db", "a.db-wal"):
            (here / name).write_bytes((there / name).read_bytes())
    with untouched(here):
        assert read_names(here / "a.db")[-1] == "only in the wal"


def test_a_database_that_cannot_be_opened_in_place_is_read_from_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root every folder is writable, so the refusal of read-only media is played."""
    path = tmp_path / "a.db"
    write_items(path, 3, wal=True)
    real = ForeignDatabase._connect
    opened: list[str] = []

    def connect(self: ForeignDatabase, uri: str) -> sqlite3.Connection:
        opened.append(uri)
        if tmp_path.as_uri() in uri:
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        return real(self, uri)

    monkeypatch.setattr(ForeignDatabase, "_connect", connect)
    with closing(sqlite3.connect(path)) as owner:
        owner.execute("INSERT INTO item (name) VALUES ('new')")
        owner.commit()
        assert read_names(path)[-1] == "new"
    copies = [Path(uri.removeprefix("file://").partition("?")[0]) for uri in opened[1:]]
    assert copies
    assert not any(copy.exists() for copy in copies)


def test_an_owner_that_comes_back_while_its_database_is_read_without_locks_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    write_items(path, 1_500, wal=True)
    with ForeignDatabase(path, ITEMS) as database:
        rows = database.batches("item", ("name",))
        first = next(rows)
        with closing(sqlite3.connect(path)) as owner:
            owner.execute("UPDATE item SET name = 'changed' WHERE id > 1000")
            owner.commit()
            rest = [row for batch in rows for row in batch]
    assert len(first) + len(rest) == 1_500
    assert {row[1] for row in rest if row[0] > 1_000} == {"changed"}


def test_only_the_tables_asked_for_can_be_read(tmp_path: Path) -> None:
    write_items(tmp_path / "a.db", 1)
    with ForeignDatabase(tmp_path / "a.db", ITEMS) as database:
        assert database.tables == {"item"}
        with pytest.raises(sqlite3.DatabaseError, match="prohibited"):
            database._connection.execute("SELECT word FROM secret")
        with pytest.raises(sqlite3.DatabaseError):
            database._connection.execute("DELETE FROM item")
        with pytest.raises(sqlite3.DatabaseError):
            database._connection.execute("ATTACH ':memory:' AS other")


def test_a_view_that_poses_as_a_table_is_not_read(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.executescript("CREATE TABLE secret (word); CREATE VIEW item AS SELECT word AS name FROM secret")
    assert read_names(tmp_path / "a.db") == []


def test_a_schema_that_sqlite_refuses_in_part_is_read_for_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    write_items(path, 3)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (j TEXT, k TEXT GENERATED ALWAYS AS (json_extract(j, '$.a')))")
    assert len(read_names(path)) == 3


def test_columns_and_tables_that_are_not_there_are_empty(tmp_path: Path) -> None:
    write_items(tmp_path / "a.db", 2)
    with ForeignDatabase(tmp_path / "a.db", ITEMS) as database:
        assert list(database.batches("item", ("colour", "name"))) == [[(1, None, "x0"), (2, None, "x1")]]
        assert list(database.batches("absent", ("name",))) == []
        assert database.lookup("absent", ("name",), "id", (1,)) == []
        assert database.lookup("item", ("name",), "colour", (1,)) == []
        assert database.count("absent") is None


def test_text_that_is_not_utf8_is_repaired(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO item (name) VALUES (CAST(x'66ff6f' AS TEXT))")
        connection.commit()
    assert read_names(tmp_path / "a.db") == ["f\ufffdo"]


def test_a_damaged_page_costs_its_own_rows_only(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    write_items(path, 4_000, text="some text to fill the pages ")
    damage = bytearray(path.read_bytes())
    page = (len(damage) // 4096) // 2 * 4096
    damage[page : page + 4096] = b"\xff" * 4096
    path.write_bytes(damage)
    with ForeignDatabase(path, ITEMS) as database:
        rows = [row for batch in database.batches("item", ("name",)) for row in batch]
        skipped = database.take_skipped()
    assert 3_700 < len(rows) < 4_000
    assert len(rows) + len(skipped) == 4_000
    assert len({row[0] for row in rows}) == len(rows)
    assert {skip.reason for skip in skipped} == {"a damaged part of the database cannot be read"}


def test_a_cut_off_file_gives_what_is_left_or_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    write_items(path, 4_000, text="some text to fill the pages ")
    whole = path.read_bytes()
    for keep in (100, 2_048, 4_096, len(whole) // 2, len(whole) - 4_096):
        path.write_bytes(whole[:keep])
        names: list[str] = []
        with suppress(SourceError):
            names = read_names(path)
        assert len(names) < 4_000
        assert (len(names) > 1_000) == (keep > 10_000)


@pytest.mark.parametrize("content", [b"SQLite format 3\x00" + b"\xa5" * 5_000, b"SQLite format 3\x00", b"\x8e" * 4_096])
def test_what_is_no_database_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.db").write_bytes(content)
    with pytest.raises(SourceError, match=r"a\.db"):
        ForeignDatabase(tmp_path / "a.db", ITEMS)


def test_a_file_that_is_not_there_is_said_not_to_be(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        ForeignDatabase(tmp_path / "a.db", ITEMS)


def test_a_locked_database_is_said_to_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_sqlite, "_BUSY_SECONDS", 0.05)
    write_items(tmp_path / "a.db", 1)
    with closing(sqlite3.connect(tmp_path / "a.db")) as owner:
        owner.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SourceError, match="locked by another program"):
            ForeignDatabase(tmp_path / "a.db", ITEMS)


def test_a_name_with_signs_that_mean_something_in_a_uri_is_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "100% #1?.db"
    write_items(path, 2)
    path.chmod(stat.S_IRUSR)
    with untouched(tmp_path):
        assert len(read_names(path)) == 2


@pytest.mark.parametrize("size", [10, 400_000])
def test_big_cells_make_small_batches(tmp_path: Path, size: int) -> None:
    write_items(tmp_path / "a.db", 60, text="y" * size)
    with ForeignDatabase(tmp_path / "a.db", ITEMS) as database:
        batches = list(database.batches("item", ("name",)))
    assert sum(len(batch) for batch in batches) == 60
    assert (len(batches) > 1) == (size > 1_000)
