"""`tailrace sql`: a statement over a file, as a table, JSON or CSV, with exit codes that scripts can rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.store.written import make

from tailrace.cli import commands
from tailrace.model.sql import SQL_VIEWS
from tailrace.store import Writer

SECOND = 10**9
START = 1_795_000_000 * SECOND


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Three traces of one model call each; the last one has a long name and is open."""
    path = tmp_path / "calls.tailrace"
    with Writer(path) as writer:
        writer.write(
            [
                make("a" * 16, None, f"{i:032x}", name="chat" if i < 3 else "n" * 500, start_ns=START + i * SECOND,
                     end_ns=START + (i + i) * SECOND if i < 3 else None)
                for i in (1, 2, 3)
            ]
        )  # fmt: skip
        writer.settle()
    return path


def run(*arguments: object, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(commands, ["sql", *map(str, arguments)], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_result_is_a_table_and_the_counts_stand_beside_it(database: Path) -> None:
    result = run(database, "SELECT trace_id, name, duration_ms FROM traces ORDER BY started")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "trace_id                          name                                                          duration_ms",
        f"{'─' * 32}  {'─' * 60}  {'─' * 11}",
        f"{1:032x}  {'chat':<60}  {1000:>11}",
        f"{2:032x}  {'chat':<60}  {2000:>11}",
        f"{3:032x}  {'n' * 42}… (500 characters)  {'NULL':>11}",
    ]
    assert result.stderr.startswith("3 rows, ")


def test_json_is_a_list_of_objects_with_exact_values(database: Path) -> None:
    result = run(database, "SELECT count(*) AS n, NULL AS nothing, 0.25::DECIMAL(9, 2) AS d, 2::HUGEINT ** 70 AS h, "
                           "(2::HUGEINT << 70) AS big, max(name) AS name FROM traces", "--json")  # fmt: skip
    assert json.loads(result.stdout) == [
        {"n": 3, "nothing": None, "d": 0.25, "h": 2.0**70, "big": str(2 << 70), "name": "n" * 500}
    ]


def test_lists_and_structs_are_json_in_json_and_text_elsewhere(database: Path) -> None:
    statement = (
        "SELECT ['a, b', 'c', NULL] AS texts, {'a': 1, 'b': [true]} AS thing, map {'k': 0.5} AS named, "
        "[1.25::DECIMAL(4, 2)] AS exact, [2::HUGEINT << 70] AS big, ['nan'::DOUBLE] AS odd, NULL::INTEGER[] AS nothing"
    )
    said = {
        **{"texts": ["a, b", "c", None], "thing": {"a": 1, "b": [True]}, "named": {"k": 0.5}},
        **{"exact": [1.25], "big": [str(2 << 70)], "odd": [None], "nothing": None},
    }
    assert json.loads(run(database, statement, "--json").stdout) == [said]
    assert '["a, b","c",null]' in run(database, statement).stdout
    assert '"[""a, b"",""c"",null]"' in run(database, statement, "--csv").stdout


def test_a_plan_is_shown_as_it_is_drawn(database: Path) -> None:
    lines = run(database, "EXPLAIN SELECT count(*) FROM spans WHERE kind = 'llm'").stdout.splitlines()
    assert len(lines) > 5
    assert all("characters)" not in line for line in lines)
    assert any(line.startswith(("┌", "╭")) for line in lines)


def test_csv_goes_to_stdout_alone(database: Path) -> None:
    result = run(database, "SELECT name, duration_ms FROM traces WHERE id <> 2 ORDER BY id", "--csv")
    assert result.stdout.replace("\r\n", "\n") == f"name,duration_ms\nchat,1000.0\n{'n' * 500},\n"


def test_a_statement_is_read_from_stdin(database: Path) -> None:
    result = run(database, "-", "--json", stdin="SELECT count(*) AS n\nFROM spans -- all of them\n")
    assert json.loads(result.stdout) == [{"n": 3}]


def test_what_the_limit_cuts_is_said(database: Path) -> None:
    result = run(database, "SELECT * FROM spans", "--limit", 2, "--json")
    assert len(json.loads(result.stdout)) == 2
    assert result.stderr.startswith("The first 2 rows of more than 2, ")


def test_a_mistake_is_wrong_usage_with_its_place(database: Path) -> None:
    result = run(database, "SELECT name,\n  duraton_ms FROM spans")
    assert result.exit_code == 2
    assert result.stderr == (
        "tailrace: Line 2, column 3: there is no column “duraton_ms” in spans. Did you mean duration_ms?\n"
    )
    assert result.stdout == ""


@pytest.mark.parametrize("sql", ["DROP TABLE span", "COPY traces TO 'x.csv'", "SELECT * FROM read_csv('/etc/passwd')"])
def test_what_is_no_reading_is_wrong_usage(database: Path, sql: str) -> None:
    before = database.read_bytes()
    result = run(database, sql)
    assert result.exit_code == 2
    assert result.stderr.startswith("tailrace: Line 1, column ")
    assert database.read_bytes() == before


def test_a_limit_of_time_is_no_fault_of_the_words(database: Path) -> None:
    result = run(database, "SELECT levenshtein(repeat('a', 1000000), repeat('b', 1000000))", "--seconds", 0.5)
    assert result.exit_code == 1
    assert result.stderr.startswith("tailrace: The statement was stopped after 500 ms")


def test_the_views_are_said_without_a_file() -> None:
    said = run("--views").stdout
    for view in SQL_VIEWS:
        assert f"{view.name}: {view.description}" in said
        for column in view.columns:
            assert f"  {column.name:<20} {column.type:<10} {column.description}\n" in said
    assert "attr.customer.tier" in said
    assert [view["view"] for view in json.loads(run("--views", "--json").stdout)] == ["traces", "spans", "scores"]


def test_a_file_and_a_statement_are_needed(database: Path) -> None:
    assert run(database).exit_code == 2
    assert run().exit_code == 2
    assert run(database, "SELECT 1", "--json", "--csv").exit_code == 2


def test_a_file_that_is_not_there_is_the_files_fault(tmp_path: Path) -> None:
    result = run(tmp_path / "no.tailrace", "SELECT 1")
    assert result.exit_code == 1
    assert "does not exist" in result.stderr
