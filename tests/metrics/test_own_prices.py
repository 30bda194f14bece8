"""A person's own prices: which row counts for a call, and what becomes of a file that a person edits."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from tailrace.errors import SourceError
from tailrace.metrics.own_prices import (
    OwnPrice,
    OwnTier,
    make_own,
    own_table,
    read_own,
    since_ns,
    with_row,
    write_own,
)
from tailrace.metrics.pricing import Prices, PriceTable
from tailrace.metrics.rates import PriceRow, Rates
from tailrace.model import Usage

MILLION = Usage(1_000_000)
DAY = 86_400 * 10**9


def ns(day: str) -> int:
    found = since_ns(date.fromisoformat(day))
    assert found is not None
    return found


def price(rows: list[OwnPrice], model: str, at: int = 0, provider: str | None = None) -> float | None:
    cost = Prices((own_table(rows),)).price(model, provider, MILLION, at)
    return None if cost is None else cost.total


def test_a_price_counts_from_its_day_on_until_the_next() -> None:
    rows = [
        OwnPrice("m", 3.0, since=date(2026, 3, 1)),
        OwnPrice("m", 1.0),
        OwnPrice("m", 2.0, since=date(2026, 1, 1)),
    ]
    for day, dollars in (("2025-12-31", 1), ("2026-01-01", 2), ("2026-02-28", 2), ("2026-03-01", 3), ("2030-01-01", 3)):
        assert price(rows, "m", ns(day)) == dollars
    assert price(rows, "m", ns("2026-01-01") - 1) == 1
    assert price(rows, "m", -DAY) == 1
    assert price(rows[:1], "m", ns("2026-02-28")) is None


def test_a_name_goes_before_a_pattern_and_a_provider_before_any() -> None:
    rows = [
        OwnPrice("*", 1.0),
        OwnPrice("gpt-*", 2.0),
        OwnPrice("gpt-4*", 3.0),
        OwnPrice("gpt-4*", 4.0, provider="azure"),
        OwnPrice("GPT-4o", 5.0),
        OwnPrice("gpt-4o", 6.0, provider="OpenAI"),
    ]
    assert price(rows, "claude") == 1
    assert price(rows, "gpt-5") == 2
    assert price(rows, "gpt-4.1", provider="openai") == 3
    assert price(rows, "gpt-4.1", provider="azure") == 4
    assert price(rows, "gpt-4o") == 5
    assert price(rows, "gpt-4o", provider="azure") == 5
    assert price(rows, "gpt-4o", provider="openai") == 6


def test_a_named_row_that_is_not_in_force_yet_leaves_the_pattern_its_say() -> None:
    rows = [OwnPrice("m", 5.0, since=date(2026, 6, 1)), OwnPrice("m*", 1.0)]
    assert price(rows, "m", ns("2026-05-31")) == 1
    assert price(rows, "m", ns("2026-06-01")) == 5


def test_own_prices_are_taken_at_their_word() -> None:
    rows = [OwnPrice("gpt-4o", 7.0)]
    assert price(rows, "openai/gpt-4o") is None
    assert price(rows, "gpt-4o-2024-08-06") is None
    assert price(rows, " GPT-4o ") == 7


def test_own_prices_go_before_the_table_and_the_table_before_nothing() -> None:
    shipped = PriceTable("Shipped", "2026-11", [PriceRow("m", Rates(1e-6)), PriceRow("n", Rates(2e-6))])
    prices = Prices((own_table([OwnPrice("m", 9.0, since=date(2026, 1, 1))]), shipped))
    for model, at, dollars, words in (
        ("m", "2025-12-31", 1, "Shipped: m"),
        ("m", "2026-01-01", 9, "own prices: m since 2026-01-01"),
        ("n", "2026-01-01", 2, "Shipped: n"),
    ):
        cost = prices.price(model, None, MILLION, ns(at))
        assert cost is not None
        assert (cost.total, cost.detail) == (dollars, words)
    assert prices.price("o", None, MILLION, 0) is None
    assert prices.name == "own prices, Shipped"


def test_own_prices_have_tiers_caches_reasoning_audio_and_batches() -> None:
    row = OwnPrice(
        "m", 2.0, 8.0, cached_input=0.5, cache_write=3.0, reasoning=10.0, audio_input=20.0, audio_output=40.0,
        batch_discount=0.5, tiers=(OwnTier(100_000, 4.0, 12.0), OwnTier(500_000, 6.0, batch_output=1.0)),
    )  # fmt: skip
    prices = Prices((own_table([row]),))
    for usage, dollars in (
        (Usage(100_000, 100_000), 0.1 * 2 + 0.1 * 8),
        (Usage(100_001, 100_000), 0.100001 * 4 + 0.1 * 12),
        (Usage(500_001, 100_000), 0.500001 * 6 + 0.1 * 12),
        (Usage(100_000, 0, cache_read=40_000), 0.06 * 2 + 0.04 * 0.5),
        (Usage(100_000, 0, cache_write=40_000), 0.06 * 2 + 0.04 * 3),
        (Usage(0, 100_000, reasoning=40_000), 0.06 * 8 + 0.04 * 10),
        (Usage(100_000, 100_000, audio_input=50_000, audio_output=50_000), 0.05 * 2 + 0.05 * 20 + 0.05 * 8 + 0.05 * 40),
        (Usage(100_000, 100_000, cache_read=40_000, service_tier="batch"), (0.06 * 2 + 0.04 * 0.5 + 0.1 * 8) / 2),
        (Usage(100_001, 100_000, service_tier="batch"), (0.100001 * 4 + 0.1 * 12) / 2),
        (Usage(500_001, 100_000, service_tier="batch"), 0.500001 * 3 + 0.1 * 1),
    ):
        cost = prices.price("m", None, usage, 0)
        assert cost is not None
        assert cost.total == pytest.approx(dollars, rel=1e-9), usage


def test_a_batch_may_have_prices_of_its_own() -> None:
    rows = [OwnPrice("m", 2.0, 8.0, cached_input=0.5, batch_input=1.0, batch_output=3.0)]
    cost = Prices((own_table(rows),)).price("m", None, Usage(100_000, 10_000, service_tier="batch"), 0)
    assert cost is not None
    assert cost.total == pytest.approx(0.1 * 1 + 0.01 * 3)
    assert cost.detail == "own prices: m, batch"


def test_prices_agree_where_every_moment_between_two_costs_the_same() -> None:
    before = Prices((own_table([OwnPrice("m", 1.0)]),))
    after = Prices((own_table([OwnPrice("m", 1.0), OwnPrice("m", 2.0, since=date(2026, 6, 1))]),))
    assert after.agrees(before, "m", None, 0, ns("2026-06-01") - 1)
    assert not after.agrees(before, "m", None, 0, ns("2026-06-01"))
    assert not after.agrees(before, "m", None, ns("2027-01-01"), ns("2027-01-01"))
    assert after.agrees(before, "other", None, 0, 1 << 62)
    assert before.fingerprint != after.fingerprint
    assert before.fingerprint == Prices((own_table([OwnPrice("m", 1.0)]),)).fingerprint


# The file


def test_a_file_gives_back_what_was_written() -> None:
    row = OwnPrice(
        "gpt-4o*", 2.5, 10.0, "openai", date(2026, 1, 31), 1.25, 2.5, 12.0, 40.0, 80.0, 1.0, 5.0, 0.25,
        (OwnTier(200_000, 5.0, 20.0, batch_input=2.0),),
    )  # fmt: skip
    found = read_own(write_own(read_own(b'{"rows": []}', "p")), "p")
    assert found.rows == ()
    content = write_own(type(found)((row,)))
    assert read_own(content, "p") == type(found)((row,))
    assert json.loads(content)["rows"][0]["tiers"] == [
        {"over": 200000, "input": 5.0, "output": 20.0, "batch_input": 2.0}
    ]


def test_what_is_not_known_stays_in_the_file() -> None:
    whole = {
        "version": 9,
        "rows": [
            {"model": "m", "input": 1, "note": "from the contract", "tiers": [{"over": 5, "input": 2, "why": "?"}]},
            {"model": "broken", "input": "a lot", "note": "ask them"},
            {"model": "half", "input": 1, "output": -3},
        ],
    }
    found = read_own(json.dumps(whole).encode(), "prices.json")
    assert [row.model for row in found.rows] == ["m", "half"]
    assert found.rows[1].output is None
    assert found.problems == (
        "Row 2, broken: input is no number.",
        "Row 3, half: output must be from 0 to 1,000,000 US dollars per million tokens. It is left out.",
    )
    again = json.loads(write_own(found))
    assert again["version"] == 9
    assert sorted(again["rows"], key=lambda row: row["model"]) == sorted(whole["rows"], key=lambda row: row["model"])  # type: ignore[arg-type, index]


def test_a_row_that_is_made_anew_keeps_what_is_not_known_and_drops_what_made_no_sense() -> None:
    raw = {"model": "m", "input": 1, "output": "dear", "note": "hello"}
    (former,) = read_own(json.dumps({"rows": [raw]}).encode(), "p").rows
    made = make_own({"model": "m", "input": 2}, former)
    assert (made.input, made.output, dict(made.extra)) == (2.0, None, {"note": "hello"})
    with pytest.raises(ValueError, match="must be from 0"):
        make_own({"model": "m", "input": -2})
    with pytest.raises(ValueError, match="is no day"):
        make_own({"model": "m", "input": 2, "since": "soon"})


def test_a_row_takes_the_place_of_one_for_the_same_calls() -> None:
    rows = with_row((OwnPrice("m", 1.0), OwnPrice("n", 1.0)), OwnPrice("M", 2.0))
    assert [(row.model, row.input) for row in rows] == [("M", 2.0), ("n", 1.0)]
    assert len(with_row(rows, OwnPrice("m", 2.0, since=date(2026, 1, 1)))) == 3


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (7, "is not an object"),
        ({"input": 1}, "does not say which model"),
        ({"model": "", "input": 1}, "does not say which model"),
        ({"model": "x" * 301, "input": 1}, "does not say which model"),
        ({"model": "a\x00b", "input": 1}, "does not say which model"),
        ({"model": "m"}, "has no price of input"),
        ({"model": "m", "input": True}, "is no number"),
        ({"model": "m", "input": 1, "since": "2026-13-01"}, "is no day"),
        ({"model": "m", "input": 1, "since": "1969-12-31"}, "is no day"),
        ({"model": "m", "input": 1, "since": 20260101}, "is no day"),
        ({"model": "m", "input": 1, "provider": 7}, "the provider is no name"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_and_left_out(row: object, words: str) -> None:
    found = read_own(json.dumps({"rows": [row, {"model": "ok", "input": 1}]}).encode(), "p")
    assert [one.model for one in found.rows] == ["ok"]
    assert words in found.problems[-1]
    assert found.unread == (row,)


def test_only_one_row_says_what_a_call_costs() -> None:
    rows = [{"model": "m", "input": 1}, {"model": " M ", "input": 2}, {"model": "m", "input": 3, "since": "2026-01-01"}]
    found = read_own(json.dumps({"rows": rows}).encode(), "p")
    assert [row.input for row in found.rows] == [1, 3]
    assert "another row" in found.problems[0]


@pytest.mark.parametrize("content", [b"", b"[]", b"7", b'{"rows": 7}', b"\xff", b"[" * 5_000, b'{"rows": [NaN]}'])
def test_a_file_that_is_no_price_table_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"prices\.json is not"):
        read_own(content, "prices.json")


names = (
    "model",
    "provider",
    "since",
    "input",
    "output",
    "cached_input",
    "batch_input",
    "batch_discount",
    "tiers",
    "over",
)
leaves = (
    st.none() | st.booleans() | st.integers(-(1 << 70), 1 << 70) | st.floats(allow_nan=False)
    | st.text(max_size=6) | st.sampled_from(("2026-01-01", "gpt*", "m", "?"))
)  # fmt: skip
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(names) | st.text(max_size=3), inner),
    max_leaves=10,
)


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(values | st.dictionaries(st.sampled_from(names), values), max_size=4), st.sampled_from(("m", "gpt-4o")))
def test_no_file_does_harm(rows: list[Any], model: str) -> None:
    try:
        found = read_own(json.dumps({"rows": rows}).encode("utf-8", "surrogatepass"), "p")
    except SourceError:
        return
    again = read_own(write_own(found), "p")
    assert again.rows == found.rows
    prices = Prices((own_table(found.rows),))
    for tier in (None, "batch"):
        cost = prices.price(model, None, Usage(300_000, 5, cache_read=7, service_tier=tier), ns("2026-06-01"))
        if cost is not None:
            assert math.isfinite(cost.total)
            assert cost.total >= 0
