"""`tailrace metrics` tells what plain SQL tells of the same database, and unknown is null."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tailrace.cli import commands
from tailrace.model.time import parse_time
from tailrace.workspace.demo import write_demo

END_NS = 1_795_219_200_000_000_000


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.tailrace"
    write_demo(path, END_NS, traces=150, reviewed=False)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, ["metrics", *map(str, arguments)])


def told(*arguments: object) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def sql(path: Path, statement: str) -> Any:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def test_the_usual_figures_are_those_of_plain_sql(database: Path) -> None:
    whole = told(database)["whole"]
    [(traces, failed, tokens, cost, unpriced)] = sql(
        database, "SELECT count(*), sum(error_count > 0), sum(total_tokens), sum(cost), sum(unpriced_spans) FROM trace"
    )
    assert whole["traffic.requests"] == traces == 150
    assert whole["reliability.success"] == pytest.approx(1 - failed / traces)
    assert whole["tokens.total"] == tokens
    assert whole["cost.total"] == pytest.approx(cost, rel=1e-12)
    assert whole["cost.unpriced_spans"] == unpriced
    durations = sorted(d for (d,) in sql(database, "SELECT duration_ns FROM trace WHERE duration_ns IS NOT NULL"))
    place = 0.95 * (len(durations) - 1)
    low = int(place)
    between = durations[low] + (durations[min(low + 1, len(durations) - 1)] - durations[low]) * (place - low)
    assert whole["latency.p95"] == pytest.approx(between, rel=1e-12)


def test_groups_and_the_others_are_the_whole(database: Path) -> None:
    found = told(database, "-m", "traffic.requests", "--group-by", "name", "--top", 2)
    counts = dict(sql(database, "SELECT name, count(*) FROM trace GROUP BY name"))
    named = [row for row in found["rows"] if not row["others"]]
    assert [row["traffic.requests"] for row in named] == sorted(counts.values(), reverse=True)[:2]
    assert all(counts[row["group"]] == row["traffic.requests"] for row in named)
    assert sum(row["traffic.requests"] for row in found["rows"]) == 150
    assert found["groups_in_others"] == len(counts) - 2


def test_buckets_are_half_open_and_add_up(database: Path) -> None:
    found = told(database, "-m", "traffic.requests", "--bucket", "1d")
    starts = [start for (start,) in sql(database, "SELECT start_ns FROM trace")]
    for row in found["rows"]:
        begin, end = parse_time(row["start"]), parse_time(row["end"])
        assert row["traffic.requests"] == sum(begin <= start < end for start in starts)
    assert sum(row["traffic.requests"] for row in found["rows"]) == found["whole"]["traffic.requests"] == 150


def test_so_far_back_counts_from_the_newest_trace(database: Path) -> None:
    newest = max(start for (start,) in sql(database, "SELECT start_ns FROM trace"))
    [(expected,)] = sql(database, f"SELECT count(*) FROM trace WHERE start_ns > {newest} - 2 * 86400000000000")
    assert told(database, "-m", "traffic.requests", "--since", "2d")["whole"]["traffic.requests"] == expected
    assert told(database, "-m", "traffic.requests", "--until", "2001-01-01")["whole"]["traffic.requests"] == 0


def test_a_filter_and_a_formula(database: Path) -> None:
    found = told(database, "-q", "status:error", "-m", "cost.total / traffic.requests * 1000", "-m", "traffic.requests")
    [(cost, traces)] = sql(database, "SELECT sum(cost), count(*) FROM trace WHERE error_count > 0")
    [formula] = [key for key in found["whole"] if "/" in key]
    assert found["whole"][formula] == pytest.approx(cost / traces * 1000)
    assert found["whole"]["traffic.requests"] == traces


def test_unknown_is_null_and_a_dash(database: Path) -> None:
    nothing = ("-q", "name:nothing", "-m", "cost.total", "-m", "latency.p95", "-m", "traffic.requests")
    assert told(database, *nothing)["whole"] == {"cost.total": None, "latency.p95": None, "traffic.requests": 0}
    assert run(database, *nothing).stdout.split("\n")[1].split() == ["–", "–", "0"]


def test_no_traces_have_no_time_to_be_divided(database: Path) -> None:
    nothing = ("-q", "name:nothing", "-m", "traffic.requests", "--bucket", "1d")
    assert told(database, *nothing)["rows"] == []
    assert run(database, *nothing).stdout.split() == ["Requests", "0"]
    assert run(database, "-q", "name:nothing", "--bucket", "3x").exit_code == 2
    within = told(database, *nothing, "--since", "2026-01-01", "--until", "2026-01-04")["rows"]
    assert [row["traffic.requests"] for row in within] in ([0, 0, 0], [0, 0, 0, 0])  # by the time zone


def test_an_attribute_that_nothing_has_is_named(database: Path) -> None:
    slip = run(database, "-m", "p95(attr.loop.iteratoins) + 1", "--group-by", "attr.tiers")
    assert slip.exit_code == 0
    assert "No span has an attribute “tiers”." in slip.stderr
    assert "No span has an attribute “loop.iteratoins”." in slip.stderr
    key = sql(database, "SELECT name FROM attribute_key WHERE name LIKE 'gen_ai.%' LIMIT 1")[0][0]
    assert "No span has" not in run(database, "-q", "name:nothing", "-m", f"p95(attr.{key})").stderr


def test_a_table_has_a_line_a_group(database: Path) -> None:
    lines = run(database, "-m", "traffic.requests", "--group-by", "env").stdout.splitlines()
    assert lines[0].split() == ["env", "Requests"]
    assert {line.split()[0] for line in lines[1:]} == {"prod", "staging", "dev", "all"}
    assert len({len(line) for line in lines}) == 1


def test_every_measure_can_be_listed_with_its_definition(database: Path) -> None:
    listed = json.loads(run(database, "--list", "--json").stdout)
    assert {"traffic.requests", "latency.p95", "cost.total"} <= {one["id"] for one in listed}
    assert all(one["definition"] and one["unit"] for one in listed)
    assert "latency.p95" in run(database, "--list").stdout
    without_a_file = {one["id"] for one in json.loads(run("--list", "--json").stdout)}
    assert without_a_file <= {one["id"] for one in listed}
    assert run().exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-m", "nonsense("), "nonsense"),
        (("--group-by", "colour"), "colour"),
        (("--bucket", "3x"), "3x"),
        (("--since", "yesterday"), "yesterday"),
        (("-q", "foo:bar"), "foo"),
        (("--bucket", "1s"), "take longer ones, or a shorter time"),
        (("--since", "2026-01-02", "--until", "2026-01-01"), "no time between --since and --until"),
    ],
)
def test_what_means_nothing_is_said(database: Path, arguments: tuple[str, ...], words: str) -> None:
    result = run(database, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
