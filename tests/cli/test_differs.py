"""`tailrace differs` and `tailrace compare` say what the window says, for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.workspace.anomalies import DEPLOY, anomalies

from tailrace.cli import commands
from tailrace.model.time import format_time
from tailrace.store import Writer

OLD, NEW = "answer-with-context@7", "answer-with-context@8"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compared") / "some.tailrace"
    with Writer(path) as writer:
        writer.write(list(anomalies(6, traces=1_200)))
        writer.settle()
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments])


def told(*arguments: object) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_differs_puts_the_cause_first(database: Path) -> None:
    slow = ("differs", database, "-q", "name:docs.answer latency:>5s", "--against", "name:docs.answer")
    result = run(*slow)
    assert result.exit_code == 0, result.stderr
    head, first, also = result.stdout.splitlines()[:3]
    assert head.split() == ["selected", "rest", "lift", "p"]
    assert first.startswith(f"prompt = {NEW} ")
    assert first.endswith("<0.001")
    assert also.strip() == "the same traces: version = 2.1"
    assert "traces selected" in result.stderr
    assert "too rare to tell" in result.stderr
    assert "Not compared" in result.stderr
    assert "request.id" in result.stderr


def test_differs_as_json_has_every_count(database: Path) -> None:
    found = told("differs", database, "-q", "has:error", "--limit", 3)
    assert list(found) == [
        *("selection", "against", "selected", "rest", "compared", "of", "found", "left_out", "elapsed_ms"),
        "differences",
    ]
    assert len(found["differences"]) == 3
    assert found["found"] > 3
    assert found["selected"] + found["rest"] == 1_200
    for one in found["differences"]:
        assert one["selected_of"] == found["selected"]
        assert one["rest_of"] == found["rest"]
        if one["filter"]:
            both = len(told("traces", database, "-q", f"has:error {one['filter']}"))
            assert one["selected"] == both
        if one["rest"]:
            lift = one["selected"] / one["selected_of"] / (one["rest"] / one["rest_of"])
            assert one["lift"] == pytest.approx(lift)
        else:
            assert one["lift"] is None


def test_differs_of_a_time_alone(database: Path) -> None:
    found = told("differs", database, "--since", format_time(DEPLOY))
    assert found["selection"] == {"filter": "", "since": format_time(DEPLOY), "until": None}
    assert found["differences"][0]["value"] == NEW


def test_where_nothing_differs_it_says_so(database: Path) -> None:
    result = run("differs", database, "-q", "attr.host.name:node-1")
    assert result.exit_code == 0
    assert result.stdout == "Nothing sets them apart beyond chance.\n"
    nobody = run("differs", database, "-q", "name:nobody")
    assert nobody.exit_code == 0
    assert nobody.stdout == ""
    assert "0 traces selected" in nobody.stderr
    assert "No trace is selected." in nobody.stderr
    assert (
        "no other traces to compare with"
        in run("differs", database, "-q", "has:error", "--against", "name:nobody").stderr
    )


def test_differs_without_a_selection_is_wrong_usage(database: Path) -> None:
    assert run("differs", database).exit_code == 2
    result = run("differs", database, "-q", "latency:>")
    assert result.exit_code == 2
    assert "a value is missing" in result.stderr
    assert run("differs", database, "-q", "has:error", "--against", "(").exit_code == 2


def test_compare_shows_figures_the_best_and_the_difference(database: Path) -> None:
    result = run("compare", database, "--by", "prompt", OLD, NEW, "-m", "latency.p95", "-m", "traffic.requests")
    assert result.exit_code == 0, result.stderr
    head, latency, requests = (line.split("  ") for line in result.stdout.splitlines())
    assert [cell.strip() for cell in head if cell] == ["prompt", OLD, NEW, f"Δ {NEW}"]
    cells = [cell.strip() for cell in latency if cell]
    assert cells[0] == "Latency p95"
    assert cells[1].startswith("*")
    assert cells[3].startswith("+")
    assert cells[3].endswith("(p<0.001)")
    assert "(p" not in requests[-1]


def test_compare_as_json_says_the_test(database: Path) -> None:
    found = told("compare", database, "--by", "prompt", OLD, NEW, "nobody@1")
    assert found["values"] == [OLD, NEW, "nobody@1"]
    assert found["traces"][2] == 0
    by_id = {one["id"]: one for one in found["measures"]}
    assert by_id["latency.p95"]["best"] == OLD
    assert by_id["latency.p95"]["against"][0]["test"].startswith("Fisher's exact test")
    assert by_id["cost.per_request"]["against"][0]["test"] == "Welch's t-test"
    assert by_id["latency.p95"]["figures"][2] is None
    assert by_id["latency.p95"]["against"][1]["p"] is None
    assert by_id["traffic.requests"]["against"][0]["test"] == "none"
    assert "No trace has “nobody@1”." in found["notes"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--by", "nonsense", "a", "b"),
        ("--by", "prompt", "a"),
        ("--by", "prompt", "a", "a"),
        ("--by", "prompt", "a", "b", "c", "d"),
        ("a", "b"),
        ("--by", "prompt", "a", "b", "-m", "no.such.measure("),
        ("--by", "prompt", "a", "b", "-q", "latency:>"),
    ],
)
def test_what_cannot_be_compared_is_wrong_usage(database: Path, arguments: tuple[str, ...]) -> None:
    result = run("compare", database, *arguments)
    assert result.exit_code == 2
    assert result.stderr


def test_names_from_the_data_stay_on_their_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.tailrace"
    odd = 'evil\n\x1b[31m"name"\t' + "x" * 500
    with Writer(path) as writer:
        spans = list(anomalies(6, traces=300))
        writer.write([replace_model(span, odd) for span in spans])
        writer.settle()
    result = run("differs", path, "-q", "name:docs.answer")
    assert result.exit_code == 0, result.stderr
    assert "\x1b" not in result.stdout
    compared = run("compare", path, "--by", "model", odd, "not\x1bthere", "-m", "traffic.requests")
    assert compared.exit_code == 0, compared.stderr
    assert "\x1b" not in compared.stdout + compared.stderr
    assert "No trace has “not there”." in compared.stderr
    assert len(compared.stdout.splitlines()) == 2


def replace_model(span: Any, odd: str) -> Any:
    from dataclasses import replace

    return replace(span, model=odd) if span.model == "gemini-flash" else span
