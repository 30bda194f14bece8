"""Prices from the command line: listing, setting, importing, and pricing a database again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.store.written import make, rows

from tailrace.cli import commands
from tailrace.model import Cost, SpanKind, Usage
from tailrace.store import Writer
from tailrace.workspace.prices import current_prices, own_path, used_of


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(commands, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def answer(*arguments: object) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "calls.tailrace"
    prices = current_prices()
    with Writer(path, prices.price, used_of(prices)) as writer:
        writer.write(
            [
                make(name, kind=SpanKind.LLM, model=model, usage=Usage(1_000, 100), cost=cost)
                for name, model, cost in (
                    ("a", "gpt-4o", None),
                    ("b", "house-model", None),
                    ("c", "house-model", None),
                    ("d", "told", Cost(0.25)),
                )
            ]
        )
        writer.settle()
        writer.index()
    return path


def test_the_tables_in_force_are_listed_with_their_names_and_dates() -> None:
    said = answer("prices", "list")
    assert said["own"] == []
    assert said["tables"] == [{"name": "LiteLLM 1.109.1", "date": "2026-11", "models": 3_725}]
    assert "LiteLLM 1.109.1 (2026-11): 3,725 models" in run("prices", "list").stdout
    found = answer("prices", "list", "--find", "gpt-4o-mini-2024")["tables"][0]["rows"]
    assert next(row for row in found if row["model"] == "gpt-4o-mini-2024-07-18")["input"] == pytest.approx(0.15)


def test_a_price_is_set_changed_and_removed(database: Path) -> None:
    result = run(
        "prices", "set", "house-*", "--input", 3, "--output", 15, "--cached", 0.3, "--since", "1970-01-01",
        "--tier", "200000:6:22.5", "--batch-discount", 0.5, "--provider", "vllm",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "Set: house-* (vllm) since 1970-01-01: $3 in, $15 out, $0.3 cached, batch 50% less,"
        " over 200,000: $6 in $22.5 out per million tokens\n"
    )
    assert run("prices", "set", "house-*", "--input", 1).stdout.startswith("Set: house-*: $1 in")
    assert run("prices", "set", "HOUSE-*", "--input", 2).stdout.startswith("Changed: HOUSE-*: $2 in")
    own = answer("prices", "list")["own"]
    assert [(row["model"], row["input"], row["since"]) for row in own] == [
        ("house-*", 3.0, "1970-01-01"),
        ("HOUSE-*", 2.0, None),
    ]
    assert own[0]["tiers"][0]["over"] == 200_000
    assert run("prices", "remove", "house-*", "--since", "1970-01-01").exit_code == 0
    assert len(answer("prices", "list")["own"]) == 1
    assert run("prices", "remove", "house-*").exit_code == 0
    assert answer("prices", "list")["own"] == []


def test_what_a_person_keeps_in_the_file_stays_when_a_price_is_set() -> None:
    own_path().parent.mkdir(parents=True, exist_ok=True)
    own_path().write_text('{"note": "ours", "rows": [{"model": "m", "input": 1, "why": "?"}, {"model": "odd"}]}')
    listed = run("prices", "list")
    assert "Row 2, odd has no price of input." in listed.stderr
    assert run("prices", "set", "m", "--input", 2).exit_code == 0
    assert json.loads(own_path().read_text()) == {
        "note": "ours",
        "rows": [{"model": "m", "input": 2.0, "why": "?"}, {"model": "odd"}],
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", "m"), "--input"),
        (("set", "m", "--input", "-1"), "must be from 0"),
        (("set", "m", "--input", "nan"), "is no number"),
        (("set", "m", "--input", "1", "--since", "soon"), "is no day"),
        (("set", "m", "--input", "1", "--tier", "5"), "OVER:INPUT"),
        (("set", "m", "--input", "1", "--tier", "x:1"), "OVER:INPUT"),
        (("set", "m", "--input", "1", "--tier", "-5:1"), "make no sense"),
        (("set", "m", "--input", "1", "--batch-discount", "50"), "the batch discount must be from 0 to 1.\n"),
        (("set", "m", "--input", "1", "--output", "-1"), "must be from 0"),
        (("set", " ", "--input", "1"), "which model"),
        (("remove", "m"), "no such price"),
        (("remove", "m", "--since", "x"), "is no day"),
        (("list", "--unknown"), "name one"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage_with_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    result = run("prices", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "left out" not in result.stderr  # for nothing is taken
    assert not own_path().exists()


def test_models_of_a_file_are_listed_with_their_price_and_unknown_ones_never_as_free(database: Path) -> None:
    said = answer("prices", "list", database)
    assert [(one["model"], one["calls"], one["table"]) for one in said["models"]] == [
        ("house-model", 2, None),
        ("gpt-4o", 1, "LiteLLM 1.109.1"),
    ]
    assert said["models"][0]["price"] is None
    unknown = answer("prices", "list", database, "--unknown")["unknown"]
    assert unknown == [
        {
            "model": "house-model",
            "providers": [],
            "calls": 2,
            "input_tokens": 2_000,
            "output_tokens": 200,
            "total_tokens": 2_200,
            "reason": "no price is known for it",
        }
    ]
    lines = run("prices", "list", database, "--unknown").stdout.splitlines()
    assert len(lines) == 1
    assert "house-model" in lines[0]
    assert "no price" in lines[0]
    assert "$0" not in run("prices", "list", database).stdout.replace("$0.", "")


def test_a_database_is_priced_again_when_it_is_asked_for(database: Path) -> None:
    cost = "SELECT span_id, cost FROM span ORDER BY span_id"
    before = rows(database, cost)
    run("prices", "set", "house-model", "--input", "1", "--output", "10")
    assert rows(database, cost) == before
    dry = answer("reprice", database, "--dry-run")
    assert (dry["calls_changed"], dry["models"], dry["cost_before_usd"]) == (2, ["house-model"], None)
    assert dry["cost_after_usd"] == pytest.approx(0.004)
    assert rows(database, cost) == before
    done = run("reprice", database)
    assert done.stdout == (
        "2 of 3 calls, of 1 model, cost something else: unknown before, ~$0.004 after.\n  house-model\n"
    )
    assert rows(database, cost) == [before[0], ("b", pytest.approx(0.002)), ("c", pytest.approx(0.002)), ("d", 0.25)]
    assert "No call costs anything else" in run("reprice", database).stdout
    assert "Every call has a price." in run("prices", "list", database, "--unknown").stderr


def test_a_public_file_is_imported_and_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text('{"house-model": {"input_cost_per_token": 1e-6}, "odd": {"input_cost_per_token": -1}}')
    result = run("prices", "import", path)
    assert result.exit_code == 0
    assert "LiteLLM" in result.stdout
    assert "prices of 1 model." in result.stdout
    assert "left out: 1 × no price per token (first: odd)" in result.stdout
    assert [table["models"] for table in answer("prices", "list")["tables"]] == [1, 3_725]
    assert run("prices", "forget").stdout == "Forgotten.\n"
    assert run("prices", "forget").stdout == "Nothing was imported.\n"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff"])
def test_a_file_without_prices_is_the_files_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "prices.json"
    path.write_bytes(content)
    result = run("prices", "import", path)
    assert result.exit_code == 1
    assert result.stderr.startswith("tailrace: ")
    assert len(result.stderr.splitlines()) == 1
    assert run("prices", "import", tmp_path / "absent.json").exit_code == 1


def test_names_of_any_length_stand_below_each_other(database: Path) -> None:
    lines = run("prices", "list", "--find", "claude-haiku-4-5").stdout.splitlines()
    columns = {line.index("$") for line in lines if "$" in line}
    assert len(columns) == 1
    assert run("prices", "set", "long", "--input", 1, "--tier", "200000:2:3:0.1").stdout.startswith(
        "Set: long: $1 in, over 200,000: $2 in $3 out $0.1 cached"
    )
    listed = run("prices", "list", database).stdout
    assert "house-model" in listed
    assert "no price: no price" not in listed


def test_a_file_without_calls_says_so_and_an_import_says_what_to_do_next(tmp_path: Path) -> None:
    empty = tmp_path / "empty.tailrace"
    with Writer(empty) as writer:
        writer.settle()
    assert "No call of it has a price" in run("prices", "list", empty).stderr
    public = tmp_path / "model_prices_and_context_window.json"
    public.write_bytes(json.dumps({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}}).encode())
    assert "tailrace reprice FILE" in run("prices", "import", public).stdout
