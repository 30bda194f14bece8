"""A statement cannot write, read files, change settings or reach the program: each of the two walls holds alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.store.sql.attacks import ALL, FILES, PYTHON, SETTINGS, WRITES
from tests.store.sql.kept import HandMade

from tailrace.errors import QueryError
from tailrace.jobs import Ticket
from tailrace.model.sql import SqlResult
from tailrace.store.sql.checking import Refused, check
from tailrace.store.sql.child import Order, open_locked
from tailrace.store.sql.select import select
from tailrace.store.sql.views import KEPT, view_statements

SECRET = "the queen's recipe"


class Place:
    """A folder with a file that nobody may read and one that nobody may make."""

    def __init__(self, folder: Path, columns: HandMade) -> None:
        self.folder = folder
        self.columns = columns
        (folder / "secret.csv").write_text(SECRET, encoding="utf-8")
        self.before = (columns.content(), self._names())

    def aim(self, attack: str) -> str:
        """An attack on what is here."""
        named = {"{out}": "out.csv", "{secret}": "secret.csv", "{database}": self.columns.path.name}
        for word, name in named.items():
            attack = attack.replace(word, (self.folder / name).as_posix())
        return attack

    def assert_untouched(self) -> None:
        """Nothing was written, made or removed."""
        assert (self.columns.content(), self._names()) == self.before

    def _names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.name != "spill")


@pytest.fixture
def place(tmp_path: Path, columns: HandMade) -> Place:
    return Place(tmp_path, columns)


@pytest.fixture
def locked(tmp_path: Path, columns: HandMade, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as the process has it, with nobody in front of it who checks statements."""
    spill = tmp_path / "spill"
    spill.mkdir()
    order = Order(
        database=str(columns.path), kept=KEPT, views=view_statements({}), sql="", spill=str(spill), seconds=5, rows=10,
        size=1 << 20, memory=1 << 28, disk=1 << 20,
    )  # fmt: skip
    monkeypatch.chdir(spill)
    with open_locked(order) as connection:
        yield connection


@pytest.fixture(scope="module")
def parser() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that statements are checked with, and nothing to run them on."""
    with duckdb.connect(config={"enable_external_access": False}) as connection:
        yield connection


@pytest.mark.parametrize("attack", ALL)
def test_the_first_wall_refuses_with_a_reason(parser: duckdb.DuckDBPyConnection, attack: str) -> None:
    aimed = attack.replace("{out}", "/tmp/out").replace("{secret}", "/etc/passwd").replace("{database}", "c.duckdb")
    with pytest.raises((Refused, duckdb.ParserException)) as raised:
        check(parser, aimed)
    assert str(raised.value)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1", "FROM spans", "TABLE traces", "VALUES (1)", "WITH a AS (FROM spans) SELECT * FROM a, a AS b",
        "DESCRIBE scores", "SUMMARIZE SELECT * FROM traces", "EXPLAIN FROM spans", "explain (analyze) select 1",
        "SELECT * FROM range(3), generate_series(1, 2), unnest([1]), json_each('{}')",
        "PIVOT spans ON kind IN ('llm') USING count(*)", "UNPIVOT traces ON cost INTO NAME n VALUE v",
        "SELECT x.upper() FROM (SELECT 'a' AS x) QUALIFY row_number() OVER () = 1",
        "(SELECT 1) UNION ALL (SELECT 2) ORDER BY 1 LIMIT 1",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION SELECT n + 1 FROM r WHERE n < 3) SELECT * FROM r",
        "SELECT list_transform(tags, lambda t: upper(t)) FROM traces", "SELECT COLUMNS('.*_ms') FROM memory.main.spans",
    ],
)  # fmt: skip
def test_the_first_wall_lets_pass_whatever_only_reads(parser: duckdb.DuckDBPyConnection, sql: str) -> None:
    check(parser, sql)


def test_the_second_wall_lets_nothing_out_and_nothing_in(place: Place, locked: duckdb.DuckDBPyConnection) -> None:
    for attack in ALL:
        shown = ""
        try:
            shown = str(locked.execute(place.aim(attack)).fetchall())
        except (duckdb.Error, RuntimeError, ValueError) as error:
            shown = str(error)
        assert SECRET not in shown, attack
        place.assert_untouched()
        assert locked.execute("SELECT value FROM duckdb_settings() WHERE name = 'lock_configuration'").fetchone() == (
            "true",
        ), attack
        assert locked.execute(f"SELECT count(*) FROM {KEPT}.kept_trace").fetchone() == (12,), attack


# of the process's own memory, and over with it
_HARMLESS = ("DROP VIEW spans", "SET VARIABLE x = 1", "PRAGMA enable_profiling")


@pytest.mark.parametrize("attack", [one for one in (*WRITES[:9], *FILES, *SETTINGS[:12]) if one not in _HARMLESS])
def test_the_second_wall_alone_refuses_to_write_to_read_files_and_to_be_unlocked(
    place: Place, locked: duckdb.DuckDBPyConnection, attack: str
) -> None:
    with pytest.raises(duckdb.Error):
        locked.execute(place.aim(attack)).fetchall()


def test_the_second_wall_does_not_see_python(locked: duckdb.DuckDBPyConnection) -> None:
    numbers = {"a": [1, 2, 3]}
    for name in ("numbers", "locked", "os", "SECRET"):
        with pytest.raises(duckdb.CatalogException):
            locked.execute(f"SELECT * FROM {name}")
    assert numbers


@pytest.mark.parametrize(
    "attack", [WRITES[0], WRITES[11], WRITES[18], SETTINGS[0], SETTINGS[12], FILES[0], FILES[5], PYTHON[0], ALL[-1]]
)
def test_from_outside_each_is_refused_with_a_sentence_and_nothing_is_written(place: Place, attack: str) -> None:
    with pytest.raises(QueryError) as raised:
        select(place.columns, place.aim(attack), Ticket())
    sentence = str(raised.value)
    assert sentence.endswith((".", "…", "?"))
    assert "\n" not in sentence
    assert SECRET not in sentence
    place.assert_untouched()


def test_nothing_is_left_behind_by_a_statement_that_ran(place: Place, ask: Callable[..., SqlResult]) -> None:
    assert ask("SELECT count(*) FROM spans").rows == ((36,),)
    place.assert_untouched()


def test_the_environment_does_not_reach_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    from tailrace.store.sql import process

    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "abc")
    monkeypatch.setenv("HOME", "/home/somebody")
    environment: dict[str, Any] = process.environment()
    assert set(environment) <= {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "SYSTEMROOT", "TZ", *_library_paths()}


def _library_paths() -> set[str]:
    return {name for name in os.environ if name.endswith("LIBRARY_PATH")}
