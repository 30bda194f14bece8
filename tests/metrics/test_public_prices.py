"""The price files that others publish: what they say is what calls cost, and what makes no sense does no harm."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from tailrace.assets import asset
from tailrace.errors import SourceError
from tailrace.metrics import public_prices
from tailrace.metrics.price_files import load_table, read_table, write_table
from tailrace.metrics.pricing import PriceTable
from tailrace.metrics.public_prices import NO_PRICE, PublicPrices, read_public
from tailrace.model import Usage

Source = dict[str, dict[str, Any]]


def table_of(prices: PublicPrices) -> PriceTable:
    return read_table(write_table(prices.name, prices.date, prices.entries))


def public(value: object) -> PublicPrices:
    return read_public(json.dumps(value).encode(), "prices.json")


@pytest.fixture(scope="module")
def source(sample: Callable[[str], Path]) -> Source:
    found: Source = json.loads(sample("prices/litellm-model_prices_and_context_window.json").read_bytes())
    return found


@pytest.fixture(scope="module")
def litellm(sample: Callable[[str], Path]) -> PublicPrices:
    return read_public(sample("prices/litellm-model_prices_and_context_window.json").read_bytes(), "litellm")


@pytest.fixture(scope="module")
def langfuse(sample: Callable[[str], Path]) -> PublicPrices:
    return read_public(sample("prices/langfuse-default-model-prices.json").read_bytes(), "langfuse")


MODELS = (
    "gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-nano", "gpt-5", "gpt-5-mini", "gpt-5.4", "gpt-5.5", "o3", "o4-mini",
    "claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-5", "claude-opus-4-6", "gemini-2.5-pro", "gemini-2.5-flash",
    "gemini-3-flash-preview", "deepseek/deepseek-chat", "mistral/mistral-large-latest", "text-embedding-3-small",
)  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("service", "suffix"), [(None, ""), ("batch", "_batches"), ("flex", "_flex")])
def test_twenty_models_cost_what_the_file_says(
    litellm: PublicPrices, source: Source, model: str, service: str | None, suffix: str
) -> None:
    assert len(MODELS) == 20
    entry = source[model]
    table = table_of(litellm)

    def price(field: str) -> float:
        return float(entry.get(field + suffix, entry.get(field)) or 0.0)

    usage = Usage(1_000, 0 if model.startswith("text-emb") else 100, cache_read=300, service_tier=service)
    cost = table.price(model, None, usage, 0)
    assert cost is not None
    cached = price("cache_read_input_token_cost") or price("input_cost_per_token")
    expected = 700 * price("input_cost_per_token") + 300 * cached + (usage.output or 0) * price("output_cost_per_token")
    assert expected > 0
    assert cost.total == pytest.approx(expected, rel=1e-12)
    if service is not None:
        said = f"input_cost_per_token{suffix}" in entry
        assert (f", {service}" in cost.detail) is said
        assert ("the usual one" in cost.detail) is not said


def test_models_cost_what_was_reckoned_by_hand(litellm: PublicPrices) -> None:
    table = table_of(litellm)
    for model, usage, dollars in (
        ("gpt-4o-mini", Usage(1_000_000, 1_000_000), 0.15 + 0.60),
        ("gpt-4o-mini", Usage(1_000_000, 1_000_000, service_tier="batch"), 0.075 + 0.30),
        ("gpt-5", Usage(1_000_000, 100_000, cache_read=400_000, service_tier="flex"), 0.6 * 0.625 + 0.4 * 0.0625 + 0.5),
        ("claude-sonnet-4-5", Usage(100_000, 10_000, cache_write=50_000), 0.05 * 3 + 0.05 * 3.75 + 0.01 * 15),
        ("gemini-2.5-pro", Usage(200_000, 1_000), 0.2 * 1.25 + 0.001 * 10),
        ("gemini-2.5-pro", Usage(200_001, 1_000), 0.200001 * 2.5 + 0.001 * 15),
        ("gemini-2.5-pro", Usage(200_001, 1_000, service_tier="batch"), 0.200001 * 1.25 + 0.001 * 7.5),
        ("gemini-2.5-flash", Usage(1_000_000, 0, audio_input=500_000), 0.5 * 0.30 + 0.5 * 1.0),
        ("dashscope/qwen-flash", Usage(256_000, 1_000), 0.256 * 0.05 + 0.001 * 0.4),
        ("dashscope/qwen-flash", Usage(256_001, 1_000), 0.256001 * 0.25 + 0.001 * 2.0),
        ("dashscope/qwen-plus-latest", Usage(1_000, 1_000, reasoning=400), 0.001 * 0.4 + 0.0006 * 1.2 + 0.0004 * 4.0),
    ):
        cost = table.price(model, None, usage, 0)
        assert cost is not None
        assert cost.total == pytest.approx(dollars, rel=1e-9), (model, usage)


def test_what_comes_along_is_what_the_file_gives(litellm: PublicPrices) -> None:
    shipped = load_table()
    again = write_table(shipped.name, shipped.date, litellm.entries)
    assert again == asset("prices", "litellm.json").read_bytes()
    assert read_table(again).digest == shipped.digest
    assert litellm.left_out[NO_PRICE] == 798


def test_what_is_free_because_something_else_costs_has_no_price(litellm: PublicPrices) -> None:
    table = table_of(litellm)
    assert table.price("rerank-v3.5", "cohere", Usage(1_000, 0), 0) is None
    free = table.price("ollama/llama3", None, Usage(1_000, 10), 0)
    assert free is not None
    assert free.total == 0.0


def test_langfuses_patterns_find_its_models(langfuse: PublicPrices) -> None:
    assert len(langfuse.entries) == 167
    assert langfuse.date == "2026-08-20"
    table = table_of(langfuse)
    for model, row in (
        ("gpt-4o", "gpt-4o"),
        ("openai/gpt-4o", "gpt-4o"),
        ("claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929"),
        ("ft:gpt-3.5-turbo-1106:org:name:id", "ft:gpt-3.5-turbo-1106"),
        ("GPT-5.5", "gpt-5.5-2026-04-23"),
        ("chat-bison@002", "chat-bison"),
    ):
        found = table.find(model)
        assert found is not None, model
        assert found.name == row
    assert table.find("gpt-4o-of-my-own") is None


def test_langfuses_conditions_are_service_tiers_and_limits(langfuse: PublicPrices) -> None:
    table = table_of(langfuse)
    for usage, dollars in (
        (Usage(272_000, 1_000), 0.272 * 5 + 0.001 * 30),
        (Usage(272_001, 1_000), 0.272001 * 10 + 0.001 * 45),
        (Usage(1_000, 1_000, service_tier="flex"), 0.001 * 2.5 + 0.001 * 15),
        (Usage(1_000, 1_000, service_tier="priority"), 0.001 * 12.5 + 0.001 * 75),
        (Usage(272_001, 0, service_tier="flex"), 0.272001 * 5),
    ):
        cost = table.price("gpt-5.5", None, usage, 0)
        assert cost is not None
        assert cost.total == pytest.approx(dollars, rel=1e-9), usage
    assert langfuse.left_out == {"a price under a condition that is not understood": 2}


def test_an_entry_with_a_start_is_in_force_from_then_on() -> None:
    def entry(price: float, **more: str) -> dict[str, Any]:
        return {"modelName": "m", "matchPattern": "^m$", "prices": {"input": price}, **more}

    prices = public([entry(1e-6), entry(2e-6, startDate="2026-06-01T00:00:00.000Z")])
    table = table_of(prices)
    begins = 1_780_272_000 * 10**9
    for at, price in ((0, 1), (begins - 1, 1), (begins, 2)):
        cost = table.price("m", None, Usage(1_000_000), at)
        assert cost is not None
        assert cost.total == price
    assert table.find("m", None, begins) is not table.find("m", None, 0)


def test_what_makes_no_sense_is_counted_and_left_out() -> None:
    prices = public(
        {
            "good": {"input_cost_per_token": 1e-6, "output_cost_per_token": "dear", "tiered_pricing": [{"range": 7}]},
            "negative": {"input_cost_per_token": -1e-6},
            "huge": {"input_cost_per_token": 1e9},
            "yes": {"input_cost_per_token": True},
            "list": [1],
            "x" * 301: {"input_cost_per_token": 1e-6},
            "nul\x00": {"input_cost_per_token": 1e-6},
            "  ": {"input_cost_per_token": 1e-6},
            "bad tier": {
                "input_cost_per_token": 1e-6,
                "tiered_pricing": [{"input_cost_per_token": 1e-6, "range": "all"}],
            },
        }
    )
    assert [entry.name for entry in prices.entries] == ["good", "bad tier"]
    assert prices.entries[0].said == {("", 0): [1e-6, None, None, None, None, None, None]}
    assert prices.left_out == {
        "a price that is no number from 0 to 1 dollar a token": 4,
        NO_PRICE: 3,
        "an entry that is not an object": 1,
        "a name that is no name of a model": 3,
        "a tier without a range": 1,
    }
    assert prices.examples[NO_PRICE] == "negative"


def test_patterns_that_could_take_for_ever_are_refused_with_a_count() -> None:
    def entry(name: str, pattern: object) -> dict[str, Any]:
        return {"modelName": name, "matchPattern": pattern, "prices": {"input": 1e-6}}

    prices = public([entry("a", "^(?=a)+$"), entry("b", "(a"), entry("c", 7), entry("d", "^(a+)+$"), entry("e", None)])
    assert [one.name for one in prices.entries] == ["d"]
    assert prices.left_out == {"a pattern that is not understood": 4}
    assert table_of(prices).find("a" * 290 + "!") is None


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[", b"7", b'"x"', b"null", b"{}", b"[]", b'{"a": 1}', b'[{"modelName": "m"}]', b"\xff\xfe",
        b'{"m": {"input_cost_per_token": NaN}}', b"[" * 100_000, b'{"m":' * 5_000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_price_file_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"odd\.json") as caught:
        read_public(content, "odd.json")
    assert caught.value.hint


def test_a_file_of_any_size_is_refused_or_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_prices, "_MOST_ENTRIES", 3)
    many = public({f"m{i}": {"input_cost_per_token": 1e-6} for i in range(10)})
    assert len(many.entries) == 3
    assert sum(many.left_out.values()) == 7
    monkeypatch.setattr(public_prices, "LARGEST_FILE", 10)
    with pytest.raises(SourceError, match="which no price file has"):
        public({"m": {"input_cost_per_token": 1e-6}})


numbers = (
    st.floats(allow_nan=False) | st.integers(-(1 << 70), 1 << 70) | st.booleans() | st.none() | st.text(max_size=4)
)
values = st.recursive(
    numbers, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
fields = st.sampled_from(
    (
        "input_cost_per_token", "output_cost_per_token", "input_cost_per_token_batches", "tiered_pricing", "prices",
        "input_cost_per_token_above_200k_tokens", "cache_read_input_token_cost_flex", "modelName", "matchPattern",
        "pricingTiers", "updatedAt", "startDate", "conditions", "range", "input", "output", "total", "values",
    )
)  # fmt: skip
entries = st.recursive(values, lambda inner: st.dictionaries(fields, inner, max_size=6) | st.lists(inner, max_size=3))


@settings(max_examples=examples(100), deadline=None)
@given(st.dictionaries(st.text(max_size=5), entries, max_size=4) | st.lists(entries, max_size=4), st.text(max_size=5))
def test_no_file_does_harm(whole: object, model: str) -> None:
    try:
        prices = read_public(json.dumps(whole).encode("utf-8", "surrogatepass"), "odd.json")
    except SourceError:
        return
    table = table_of(prices)
    for name in (model, *(entry.name for entry in prices.entries)):
        for tier in (None, "batch", "flex"):
            cost = table.price(name, None, Usage(300_000, 10, service_tier=tier), 0)
            if cost is not None:
                assert math.isfinite(cost.total)
                assert cost.total >= 0


@settings(max_examples=examples(70), deadline=None)
@given(st.dictionaries(st.sampled_from(("name", "date", "rows", "matching", "columns")), entries))
def test_no_kept_table_does_harm(tmp_path_factory: pytest.TempPathFactory, whole: object) -> None:
    path = tmp_path_factory.getbasetemp() / "table.json"
    path.write_bytes(json.dumps(whole).encode("utf-8", "surrogatepass"))
    try:
        table = load_table(path)
    except SourceError:
        return
    cost = table.price("m", None, Usage(10, 10), 0)
    assert cost is None or (math.isfinite(cost.total) and cost.total >= 0)
