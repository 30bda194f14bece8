"""What calls cost by kind of token, size of the input and service tier, against figures worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.metrics.pricing import PriceTable
from tailrace.metrics.rates import PriceRow, Rates, make_row
from tailrace.model import Usage

# input 1, output 10, cached 0.1, written 2, reasoning 20, audio in 5, audio out 50
ALL = Rates(1.0, 10.0, 0.1, 2.0, 20.0, 5.0, 50.0)


@pytest.mark.parametrize(
    ("usage", "input_cost", "output_cost"),
    [
        (Usage(100, 10), 100.0, 100.0),
        (Usage(100, 10, cache_read=40), 60 + 4.0, 100.0),
        (Usage(100, 10, cache_read=40, cache_write=50), 10 + 4.0 + 100, 100.0),
        (Usage(100, 10, reasoning=4), 100.0, 6 * 10 + 4 * 20.0),
        (Usage(100, 10, audio_input=30), 70 + 150.0, 100.0),
        (Usage(100, 10, audio_output=3), 100.0, 7 * 10 + 3 * 50.0),
        (Usage(100, 10, cache_read=40, cache_write=50, audio_input=10), 4.0 + 100 + 50, 100.0),
        (Usage(100, 10, reasoning=4, audio_output=6), 100.0, 80 + 300.0),
        # parts that contradict the whole are cut to it, in this order
        (Usage(100, 10, cache_read=400, cache_write=50, audio_input=10), 10.0, 100.0),
        (Usage(100, 10, reasoning=40, audio_output=6), 100.0, 200.0),
        (Usage(0, 0), 0.0, 0.0),
        (Usage(100), 100.0, 0.0),
    ],
)
def test_each_kind_of_token_costs_its_own_price(usage: Usage, input_cost: float, output_cost: float) -> None:
    found = ALL.cost(usage)
    assert found == pytest.approx((input_cost, output_cost), rel=1e-12)


def test_a_kind_without_a_price_costs_what_the_whole_costs() -> None:
    bare = Rates(1.0, 10.0)
    full = Usage(100, 10, cache_read=20, cache_write=20, reasoning=5, audio_input=20, audio_output=5)
    assert bare.cost(full) == (100.0, 100.0)


def test_what_is_not_known_makes_the_cost_unknown() -> None:
    assert ALL.cost(Usage(None, 10, 10)) is None
    assert Rates(1.0).cost(Usage(10, 1)) is None
    assert Rates(1.0).cost(Usage(10, 0)) == (10.0, 0.0)


def test_a_tier_begins_above_its_limit_and_is_for_the_whole_request() -> None:
    row = PriceRow("m", Rates(1.0, 2.0), ((200_000, Rates(3.0, 4.0)), (1_000_000, Rates(5.0, 6.0))))
    table = PriceTable("T", "", [row])
    for tokens, price in ((199_999, 1), (200_000, 1), (200_001, 3), (1_000_000, 3), (1_000_001, 5)):
        cost = table.price("m", None, Usage(tokens, 1), 0)
        assert cost is not None
        assert cost.input == tokens * price
        assert cost.output == price + 1
    # the cached part counts towards the size
    cost = table.price("m", None, Usage(200_001, 0, cache_read=200_000), 0)
    assert cost is not None
    assert cost.total == 200_001 * 3


@pytest.fixture(scope="module")
def tiered() -> PriceTable:
    said = {
        ("", 0): [2.0, 8.0, 0.2],
        ("", 100): [4.0, 12.0],
        ("batch", 0): [1.0, 4.0],
        ("batch", 100): [2.0],
        ("flex", 0): [None, 5.0],
    }
    return PriceTable("T", "", [make_row("m", said)])


@pytest.mark.parametrize(
    ("tokens", "tier", "cost_in", "cost_out", "words"),
    [
        (100, None, 200.0, 8.0, ""),
        (101, None, 404.0, 12.0, ", over 100 tokens"),
        (100, "batch", 100.0, 4.0, ", batch"),
        # what a service tier does not say is as in the usual service for an input of that size
        (101, "batch", 202.0, 12.0, ", batch, over 100 tokens"),
        (100, "flex", 200.0, 5.0, ", flex"),
        (101, "flex", 404.0, 12.0, ", flex, over 100 tokens"),
        (100, "priority", 200.0, 8.0, ", no price for priority: the usual one"),
        (101, "priority", 404.0, 12.0, ", over 100 tokens, no price for priority: the usual one"),
    ],
)
def test_a_service_tier_costs_its_own_prices_and_the_cost_says_which(
    tiered: PriceTable, tokens: int, tier: str | None, cost_in: float, cost_out: float, words: str
) -> None:
    cost = tiered.price("m", None, Usage(tokens, 1, service_tier=tier), 0)
    assert cost is not None
    assert (cost.input, cost.output) == (cost_in, cost_out)
    assert cost.detail == f"T: m{words}"


def test_cached_input_in_a_batch_costs_what_the_row_says_of_cached_input(tiered: PriceTable) -> None:
    cost = tiered.price("m", None, Usage(100, 0, cache_read=50, service_tier="batch"), 0)
    assert cost is not None
    assert cost.total == pytest.approx(50 * 1.0 + 50 * 0.2)


def test_a_row_needs_a_price_of_input() -> None:
    with pytest.raises(ValueError, match="without a price per input token"):
        make_row("m", {("", 0): [None, 1.0]})


prices = st.none() | st.floats(0, 1)
counts = st.none() | st.integers(-(1 << 62), 1 << 62)


@given(
    st.builds(Rates, st.floats(0, 1), *[prices] * 6),
    st.builds(Usage, *[counts] * 8, st.none() | st.sampled_from(("batch", "flex"))),
)
def test_a_cost_is_never_negative_nor_not_a_number(rates: Rates, usage: Usage) -> None:
    found = rates.cost(usage)
    if found is not None:
        assert all(math.isfinite(amount) and amount >= 0 for amount in found)
