"""Whatever becomes of the cache or of the database, the numbers are those of the database as it is."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from tests.store.columns.filler import summed
from tests.store.columns.told import built, facts_of
from tests.store.first_version import write_first_version
from tests.store.written import make

from tailrace.model import Span, SpanKind, Usage
from tailrace.store import Reader, Writer
from tailrace.store.columns import Columns, DamagedColumns, place
from tailrace.workspace import Workspace

ROOT = Path(__file__).parents[3]
KILLS = 18


def some(first: int, count: int) -> list[Span]:
    """Spans of traces with numbers from `first` on, three each."""
    return [
        make(
            f"{i}",
            None if i == 0 else "0",
            trace_id=f"t{number}",
            start_ns=number * 1_000 + i * 100,
            end_ns=number * 1_000 + 900 - i * 200,
            session_id=f"s{number // 3}",
            kind=SpanKind.LLM if i else SpanKind.AGENT,
            usage=Usage(number, i) if i else None,
        )
        for number in range(first, first + count)
        for i in range(3)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where caches are."""
    return tmp_path / "cache"


@pytest.fixture
def written(path: Path) -> Path:
    """A database of some traces."""
    with Writer(path) as writer:
        writer.write(some(0, 400))
    return path


def started(path: Path, folder: Path, *more: str) -> subprocess.Popen[str]:
    """The program of filler.py."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.columns.filler", str(path), str(folder), *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    )


def the_file(folder: Path) -> Path:
    """The one cache that is there."""
    (found,) = folder.glob("*.duckdb")
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9 and a process that forks")
def test_a_process_that_is_killed_while_it_fills_leaves_no_wrong_number(
    path: Path, folder: Path, tmp_path: Path
) -> None:
    chance = random.Random(5)
    ended: list[bool] = []
    with Writer(path) as writer, started(path, folder) as maker:
        assert maker.stdin is not None
        assert maker.stdout is not None
        for run in range(KILLS):
            # new traces, and more of old ones, so that there is always something to fill
            writer.write(some(run * 150, 150))
            if run:
                writer.write([make("late", "0", trace_id=f"t{(run - 1) * 150 + i}", start_ns=5) for i in range(9)])
                writer.settle()
            maker.stdin.write("\n")
            maker.stdin.flush()
            child = int(maker.stdout.readline())
            time.sleep(chance.random() * 0.25)
            with_signal = True
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                with_signal = False
            ended.append(int(maker.stdout.readline()) == signal.SIGKILL and with_signal)
            if run % 6 == 5:
                fresh = tmp_path / f"fresh{run}"
                assert summed(path, folder) == summed(path, fresh)
        maker.stdin.close()
    assert any(ended)


def deleted(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_to_its_head(path: Path) -> None:
    os.truncate(path, 5_000)


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(50_000))


def garbage_in_the_log(path: Path) -> None:
    path.with_name(path.name + ".wal").write_bytes(os.urandom(5_000))


def of_another_version(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE cache_state SET version = '0 of long ago'")
        connection.execute("UPDATE kept_span SET self_ns = 1")


def of_another_kind(path: Path) -> None:
    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE kept_span AS SELECT 7 AS cheese")


def of_another_database(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE cache_state SET identity = 'another'")
        connection.execute("UPDATE kept_span SET self_ns = 1")


@pytest.mark.parametrize(
    "harm",
    [
        deleted, emptied, cut_short, cut_to_its_head, garbage, garbage_in_the_log, of_another_version, of_another_kind,
        of_another_database,
    ],
)  # fmt: skip
def test_a_cache_that_came_to_harm_is_made_anew(written: Path, folder: Path, harm: Callable[[Path], None]) -> None:
    before = built(written, folder)
    harm(the_file(folder))
    assert built(written, folder) == before
    assert built(written, folder) == before


@pytest.mark.parametrize("share", [0.03, 0.2, 0.4, 0.6, 0.8, 0.97])
def test_garbage_within_the_file_is_found_when_it_is_read(path: Path, folder: Path, share: float) -> None:
    with Writer(path) as writer:
        writer.write(some(0, 2_000))
    wanted = summed(path, folder.with_name("other"))
    columns = Columns(path, folder)
    reader = Reader(path)
    columns.refresh(reader)
    columns.close()
    file = the_file(folder)
    at = int(file.stat().st_size * share)
    with file.open("r+b") as stream:
        stream.seek(at)
        stream.write(os.urandom(3_000))
    for _ in range(3):
        try:
            found = summed(path, folder)
        except DamagedColumns:
            continue
        break
    assert found == wanted
    reader.close()


def test_the_workspace_says_no_word_of_a_damaged_cache(written: Path) -> None:
    workspace = Workspace(written)
    asked = "SELECT count(*), sum(self_ns), sum(began_ns), count(DISTINCT step) FROM span_facts"

    def ask() -> list[tuple[object, ...]]:
        def answer(columns: Columns) -> list[tuple[object, ...]]:
            with columns.reading() as cursor:
                return cursor.execute(asked).fetchall()

        return workspace.monitor._of_columns(answer, None)

    wanted = ask()
    workspace.monitor.close()
    from tailrace.workspace.folders import cache_folder

    file = the_file(cache_folder() / "columns")
    whole = file.read_bytes()
    for at in range(12_288, len(whole), 65_536):
        workspace.monitor.close()
        damaged = bytearray(the_file(cache_folder() / "columns").read_bytes())
        damaged[at : at + 2_000] = os.urandom(2_000)
        file.write_bytes(damaged)
        assert ask() == wanted
    workspace.close()


def test_without_a_folder_the_columns_live_in_memory(written: Path, tmp_path: Path, folder: Path) -> None:
    no_folder = tmp_path / "a file"
    no_folder.write_text("no folder")
    assert built(written, no_folder / "cache") == built(written, folder)


def test_where_the_file_should_be_something_else_may_be(written: Path, folder: Path) -> None:
    before = built(written, folder)
    file = the_file(folder)
    file.unlink()
    file.mkdir()
    (file / "a thing").touch()
    assert built(written, folder) == before


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_with_a_full_disk_the_columns_live_in_memory(written: Path, folder: Path) -> None:
    import resource

    wanted = summed(written, folder.with_name("other"))
    starved = subprocess.run(
        [sys.executable, "-m", "tests.store.columns.filler", str(written), str(folder), "once"],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
    )
    assert starved.stdout.strip() == wanted


def test_a_second_process_makes_a_second_cache(written: Path, folder: Path) -> None:
    with started(written, folder, "hold") as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        assert summed(written, folder) == summed(written, folder.with_name("other"))
        assert len(list(folder.glob("*.duckdb"))) == 2
        holder.stdin.write("\n")
        holder.stdin.flush()
        assert holder.wait() == 0


def test_a_database_of_an_earlier_version_is_charted_as_it_is(path: Path, folder: Path) -> None:
    write_first_version(path)
    assert [fact["name"] for fact in built(path, folder)["trace"].values()] == ["a", "b"]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE trace SET name = 'new'")
        connection.commit()
    assert [fact["name"] for fact in built(path, folder)["trace"].values()] == ["new", "new"]


def test_a_database_that_becomes_another_is_charted_as_that(written: Path, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.tailrace"
    with Writer(other) as writer:
        writer.write([make("b", trace_id=f"o{i}") for i in range(700)])
    built(written, folder)
    for name in ("", "-wal", "-shm"):
        Path(f"{written}{name}").unlink(missing_ok=True)
    shutil.copy(other, written)
    found = built(written, folder)
    assert {fact["step"] for fact in found["span"].values()} == {"b"}


def test_a_former_copy_of_the_database_put_back_in_its_place_is_charted_as_it_was(
    written: Path, folder: Path, tmp_path: Path
) -> None:
    columns = Columns(written, folder)
    copy = tmp_path / "copy.tailrace"
    before = facts_of(columns, written)
    columns.close()
    with closing(sqlite3.connect(written)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(written, copy)
    with Writer(written) as writer:
        writer.write([make("late", "0", trace_id="t3")])
        writer.settle()
    assert built(written, folder) != before
    with closing(sqlite3.connect(written)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # into the same file, as a program for copies does
    with copy.open("rb") as source, written.open("r+b") as target:
        shutil.copyfileobj(source, target)
        target.truncate()
    assert built(written, folder) == before


def test_a_cache_that_nobody_opened_for_months_goes(written: Path, folder: Path) -> None:
    folder.mkdir()
    old = folder / "0123.duckdb"
    old.touch()
    os.utime(old, (0, 0))
    fresh = folder / "4567.duckdb"
    fresh.touch()
    built(written, folder)
    assert not old.exists()
    assert fresh.exists()


def test_the_columns_reach_nothing_outside(written: Path, folder: Path, tmp_path: Path) -> None:
    columns = Columns(written, folder)
    reader = Reader(written)
    columns.refresh(reader)
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    for sql in (
        f"SELECT * FROM read_csv('{secret}')",
        f"SELECT * FROM read_text('{secret}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        f"ATTACH '{tmp_path / 'out.duckdb'}' AS o",
        "SET enable_external_access = TRUE",
        "SET lock_configuration = FALSE",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM secret",
        "DELETE FROM kept_span",
        "CREATE TABLE mine AS SELECT 1",
    ):
        with pytest.raises(duckdb.Error), columns.reading() as cursor:
            cursor.execute(sql)
    assert not (tmp_path / "out.csv").exists()
    reader.close()
    columns.close()


def test_a_small_machine_is_left_room(monkeypatch: pytest.MonkeyPatch) -> None:
    class Machine:
        def __init__(self, told: str) -> None:
            self.told = told

        def execute(self, sql: str) -> Machine:
            return self

        def fetchall(self) -> list[tuple[str]]:
            return [(self.told,)]

    memory = place._memory
    assert memory(Machine("6.4 GiB")) == 2 << 30  # type: ignore[arg-type]
    assert memory(Machine("100.0 GiB")) == 4 << 30  # type: ignore[arg-type]
    assert memory(Machine("800.0 MiB")) == 512 << 20  # type: ignore[arg-type]
