"""Estimates from the price table that comes along, against figures worked out by hand."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tailrace.errors import SourceError
from tailrace.metrics.pricing import PriceTable
from tailrace.metrics.rates import PriceRow, Rates
from tailrace.model import CostSource, Usage


@pytest.fixture(scope="module")
def table() -> PriceTable:
    return PriceTable.load()


@pytest.fixture(scope="module")
def source(sample: Callable[[str], Path]) -> dict[str, dict[str, float]]:
    whole: dict[str, dict[str, float]] = json.loads(
        sample("prices/litellm-model_prices_and_context_window.json").read_bytes()
    )
    return whole


@pytest.mark.parametrize(
    ("model", "provider", "row"),
    [
        ("gpt-4o", None, "gpt-4o"),
        ("GPT-4o-2024-08-06", "openai", "gpt-4o-2024-08-06"),
        ("openai/gpt-4o", None, "gpt-4o"),
        ("gpt-4o-2031-01-01", "openai", "gpt-4o"),
        ("models/gemini-2.5-flash", "gcp.gemini", "gemini-2.5-flash"),
        ("claude-sonnet-4-5@20250929", None, "claude-sonnet-4-5"),
        ("claude-haiku-4-5-20991231", "anthropic", "claude-haiku-4-5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("mistral-large-latest", "mistral_ai", "mistral/mistral-large-latest"),
        ("text-embedding-3-small", "openai", "text-embedding-3-small"),
    ],
)
def test_a_model_is_found_under_the_names_people_use(
    table: PriceTable, model: str, provider: str | None, row: str
) -> None:
    found = table.find(model, provider)
    assert found is not None
    assert found.name == row


@pytest.mark.parametrize(
    "model", ["claude-sonnet-4-20250514", "my-own-model", "", "gpt-", "-latest", "/", "x" * 100_000]
)
def test_an_unknown_model_has_no_price_rather_than_none_to_pay(table: PriceTable, model: str) -> None:
    assert table.price(model, "anthropic", Usage(100, 100, 200), 0) is None


@pytest.mark.parametrize(
    ("model", "usage", "dollars"),
    [
        ("gpt-4o", Usage(1_000, 100, 1_100), 1_000 * 2.5e-6 + 100 * 1e-5),
        ("gpt-4o", Usage(1_000, 100, 1_100, cache_read=400), 600 * 2.5e-6 + 400 * 1.25e-6 + 100 * 1e-5),
        (
            "claude-sonnet-4-5",
            Usage(1_000, 100, 1_100, cache_read=400, cache_write=500),
            100 * 3e-6 + 400 * 3e-7 + 500 * 3.75e-6 + 100 * 1.5e-5,
        ),
        # no price of its own for cached input: the price of input
        ("text-embedding-3-small", Usage(1_000, None, 1_000, cache_read=400), 1_000 * 2e-8),
        # over the limit the whole request is at that limit's rates
        ("gemini-2.5-pro", Usage(200_000, 10, None), 200_000 * 1.25e-6 + 10 * 1e-5),
        ("gemini-2.5-pro", Usage(200_001, 10, None), 200_001 * 2.5e-6 + 10 * 1.5e-5),
        # cached counts that contradict the input are cut to it
        ("gpt-4o", Usage(31, 0, 31, cache_read=128), 31 * 1.25e-6),
        ("gpt-4o", Usage(0, 0, 0), 0.0),
    ],
)
def test_a_cost_is_what_its_tokens_cost(table: PriceTable, model: str, usage: Usage, dollars: float) -> None:
    cost = table.price(model, None, usage, 0)
    assert cost is not None
    assert cost.total == pytest.approx(dollars, rel=1e-12)
    assert cost.total == pytest.approx((cost.input or 0) + (cost.output or 0), rel=1e-12)
    assert cost.source is CostSource.PRICE_TABLE
    over = ", over 200,000 tokens" if usage.input == 200_001 else ""
    assert cost.detail == f"LiteLLM 1.109.1: {model}{over}"


def test_reasoning_has_its_own_price_where_the_table_has_one() -> None:
    table = PriceTable("T", "2026-11", [PriceRow("m", Rates(1.0, 2.0, reasoning=5.0))])
    cost = table.price("m", None, Usage(1, 10, 11, reasoning=4), 0)
    assert cost is not None
    assert cost.total == 1 + 6 * 2 + 4 * 5


def test_output_without_a_price_makes_the_cost_unknown() -> None:
    table = PriceTable("T", "2026-11", [PriceRow("m", Rates(1.0))])
    assert table.price("m", None, Usage(1, 1, 2), 0) is None
    cost = table.price("m", None, Usage(1, 0, 1), 0)
    assert cost is not None
    assert cost.total == 1.0


@pytest.mark.parametrize(("model", "usage"), [(None, Usage(1, 1, 2)), ("gpt-4o", None), ("gpt-4o", Usage(None, 5, 5))])
def test_without_a_model_or_input_tokens_there_is_no_estimate(
    table: PriceTable, model: str | None, usage: Usage | None
) -> None:
    assert table.price(model, None, usage, 0) is None


def test_the_table_is_the_sources_own_figures(table: PriceTable, source: dict[str, dict[str, float]]) -> None:
    priced = 0
    for name, entry in source.items():
        if name == "sample_spec" or "input_cost_per_token" not in entry:
            continue
        row = table.find(name)
        if row is None:
            # its tokens are free because something else costs
            assert not entry["input_cost_per_token"]
            assert any("cost" in key and value for key, value in entry.items() if isinstance(value, float))
            continue
        if row.name != name:
            continue  # differs in case only
        priced += 1
        assert row.rates.input == entry["input_cost_per_token"]
        if not entry.get("tiered_pricing"):
            assert row.rates.output == entry.get("output_cost_per_token")
            assert row.rates.cache_read == entry.get("cache_read_input_token_cost")
            assert row.rates.cache_write == entry.get("cache_creation_input_token_cost")
            over = row.rates_for(200_001)
            if "input_cost_per_token_above_200k_tokens" in entry:
                assert over.input == entry["input_cost_per_token_above_200k_tokens"]
                assert over.output == entry["output_cost_per_token_above_200k_tokens"]
    assert priced > 3_600


def test_the_generators_own_cost_is_reached(table: PriceTable) -> None:
    """Prices that the trace generator works with, as its own table has them."""
    prices = {
        "gpt-4o-mini": (0.15e-6, 0.60e-6, 0.075e-6),
        "gpt-4.1": (2.0e-6, 8.0e-6, 0.5e-6),
        "claude-sonnet-4-5": (3.0e-6, 15.0e-6, 0.3e-6),
        "claude-haiku-4-5-20251001": (1.0e-6, 5.0e-6, 0.1e-6),
        "gemini-2.5-flash": (0.30e-6, 2.50e-6, 0.03e-6),
        "gpt-5-mini": (0.25e-6, 2.0e-6, 0.025e-6),
    }
    for model, (input_price, output_price, cached_price) in prices.items():
        cost = table.price(model, None, Usage(1_000, 100, 1_100, cache_read=300, reasoning=30), 0)
        assert cost is not None
        assert cost.total == pytest.approx(700 * input_price + 300 * cached_price + 100 * output_price, rel=1e-9)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"rows": {"m": []}}', '{"name":"x","date":"y","rows":{"m":["a"]}}'])
def test_a_file_that_is_no_table_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "prices.json"
    path.write_text(text)
    with pytest.raises(SourceError, match="is not a price table"):
        PriceTable.load(path)
    with pytest.raises(SourceError, match="is not a price table"):
        PriceTable.load(tmp_path / "absent.json")


def test_asking_again_is_cheap(table: PriceTable) -> None:
    usage = Usage(1_000, 100, 1_100)
    table.price("gpt-4o-2031-01-01", "openai", usage, 0)
    began = time.process_time()
    for _ in range(10_000):
        table.price("gpt-4o-2031-01-01", "openai", usage, 0)
        table.price("unknown-model", "openai", usage, 0)
    assert time.process_time() - began < 0.5
