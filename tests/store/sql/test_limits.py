"""A statement ends at its limits of time, memory and size, whatever it does and whoever is left to stop it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.store.sql.kept import HandMade

from tailrace.errors import DatabaseError, LimitError, QueryError
from tailrace.jobs import Cancelled, Ticket
from tailrace.model.sql import SqlResult
from tailrace.store.sql import process as process_module
from tailrace.store.sql import select as select_module
from tailrace.store.sql.child import OUT_OF_TIME, Order
from tailrace.store.sql.select import select
from tailrace.store.sql.views import KEPT, view_statements

Ask = Callable[..., SqlResult]
Started = list[subprocess.Popen[bytes]]

ENDLESS = "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """The processes that were started."""
    found: Started = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)  # type: ignore[call-overload]
            found.append(self)

    monkeypatch.setattr(process_module.subprocess, "Popen", Noted)
    return found


@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS,
        "SELECT max(hash(a.id, b.id, g.id)) FROM spans a, spans b, spans c, spans d, spans e, spans f, spans g",
        "SELECT count(*) FROM range(1000000000000) WHERE hash(range) = 1",
        "SELECT count(*) FROM generate_series(TIMESTAMP '0001-01-01', TIMESTAMP '9999-01-01', INTERVAL 1 MICROSECOND)",
        # these do not look whether they were interrupted
        "SELECT levenshtein(repeat('a', 1000000), repeat('b', 1000000))",
        "SELECT max(length(regexp_replace(repeat(range::VARCHAR, 100000), '(.*)(.*)(.*)x', 'y'))) FROM range(100000)",
        "SELECT max(a), max(b) FROM (SELECT sum(n) OVER w AS a, mode(n) OVER w AS b FROM range(1000000) AS r(n) "
        "WINDOW w AS (ORDER BY n ROWS BETWEEN 500000 PRECEDING AND 500000 FOLLOWING))",
        "EXPLAIN ANALYZE SELECT count(*) FROM range(1000000000000) WHERE hash(range) = 1",
    ],
)  # fmt: skip
def test_what_takes_longer_than_its_limit_is_ended(ask: Ask, started: Started, sql: str) -> None:
    with pytest.raises(LimitError) as raised:
        ask(sql, seconds=0.7)
    assert str(raised.value).startswith("The statement was stopped after 700 ms, the most it may take.")
    assert [one.returncode is not None for one in started] == [True]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list_sum(range(1000000000))",  # counts no memory
        "SELECT lpad('x', 2000000000, 'y')",
        "SELECT repeat('x', 1000000000), repeat('y', 1000000000)",
        "SELECT list_resize([1], 4000000000)",
        "SELECT string_agg(repeat('x', 100000), '') FROM range(1000000)",
        "SELECT array_agg(a.id) FROM spans a, range(100000000)",
        "SELECT to_json(range(100000000))::VARCHAR",
    ],
)
def test_what_needs_more_memory_than_its_limit_is_ended(ask: Ask, started: Started, sql: str) -> None:
    with pytest.raises(LimitError) as raised:
        ask(sql, seconds=20, memory=1 << 28)
    assert str(raised.value).startswith("The statement was stopped: it needed more than the 0.25 GB of memory")
    assert [one.returncode is not None for one in started] == [True]


@pytest.mark.parametrize("sql", ["SELECT repeat('x', 10000000000)", "SELECT list_sum(range(10000000000))"])
def test_what_no_text_or_list_can_hold_is_said_by_duckdb(ask: Ask, sql: str) -> None:
    with pytest.raises(QueryError, match=r"maximum|not supported"):
        ask(sql)


@pytest.mark.parametrize(
    "sql",
    [f"SELECT {'(' * 20_000}1{')' * 20_000}", f"SELECT {'[' * 20_000}1{']' * 20_000}", f"SELECT 1{'+1' * 20_000}"],
    ids=["brackets", "lists", "sums"],
)
def test_what_nests_too_deep_is_refused(ask: Ask, sql: str) -> None:
    with pytest.raises(QueryError, match="nests deeper"):
        ask(sql)


def test_a_result_that_is_too_large_is_cut_and_says_so(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select_module, "SIZE", 1 << 20)
    result = ask("SELECT repeat('x', 300000) FROM range(10)")
    assert len(result.rows) == 3
    assert result.more == "the first 3 rows: more of them would take over 1 MB"
    assert ask("SELECT repeat('x', 3000000)").more == "no row: the first one alone would take over 1 MB"


def test_a_cancel_ends_it_at_once(columns: HandMade, started: Started) -> None:
    ticket = Ticket()
    ended: list[Exception] = []

    def run() -> None:
        try:
            select(columns, ENDLESS, ticket, seconds=60)
        except Cancelled as error:
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    while not started:
        thread.join(0.01)
    ticket.cancel()
    thread.join(30)
    assert len(ended) == 1
    assert started[0].returncode is not None


def test_a_cancel_before_it_began_starts_nothing(columns: HandMade, started: Started) -> None:
    ticket = Ticket()
    ticket.cancel()
    with pytest.raises(Cancelled):
        select(columns, "SELECT 1", ticket)
    assert all(one.returncode is not None for one in started)


def _order(columns: HandMade, spill: Path, sql: str, seconds: float) -> bytes:
    spill.mkdir()
    order = Order(
        database=str(columns.path), kept=KEPT, views=view_statements({}), sql=sql, spill=str(spill), seconds=seconds,
        rows=10, size=1 << 20, memory=1 << 28, disk=1 << 20,
    )  # fmt: skip
    return json.dumps(order).encode()


def test_it_ends_by_itself_when_nobody_is_left_to_stop_it(columns: HandMade, tmp_path: Path) -> None:
    order = _order(columns, tmp_path / "spill", ENDLESS, 0.2)
    ended = subprocess.run([sys.executable, "-m", process_module.CHILD], input=order, capture_output=True, timeout=60)
    assert ended.returncode == OUT_OF_TIME
    assert ended.stdout == b""


def test_a_packed_program_starts_itself_for_it(columns: HandMade, tmp_path: Path) -> None:
    order = _order(columns, tmp_path / "spill", "SELECT count(*) FROM spans", 20)
    command = [sys.executable, "-m", "tailrace", process_module.CHILD]
    lines = subprocess.run(command, input=order, capture_output=True, timeout=60).stdout.splitlines()
    assert json.loads(lines[1]) == [36]


def test_a_process_that_breaks_is_said_so_and_breaks_nothing_else(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, columns: HandMade
) -> None:
    before = columns.content()
    with monkeypatch.context() as patched:
        patched.setattr(
            process_module, "_command", lambda: [sys.executable, "-c", "import os; os.write(1, b'{\"col'); os.abort()"]
        )
        with pytest.raises(DatabaseError, match=r"made the process that ran it fail \(signal 6\)"):
            ask("SELECT 1")
    assert ask("SELECT 1").rows == ((1,),)
    assert columns.content() == before


def test_a_program_that_cannot_be_started_is_said_so(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "_command", lambda: ["/nowhere/python"])
    with pytest.raises(DatabaseError, match="cannot be started"):
        ask("SELECT 1")
