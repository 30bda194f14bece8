"""Prices as they are typed: what is wrong with them, and the rows that they come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tailrace.metrics.own_prices import OwnPrice, OwnTier
from tailrace.metrics.pricing import PriceTable
from tailrace.model.priced import ModelUse
from tailrace.ui.models.price_drafts import (
    Draft,
    TierDraft,
    draft_like,
    draft_of,
    example_of,
    limit_of,
    price_of,
    problems,
    reach_words,
    summary_of,
)
from tailrace.ui.models.price_list import COLUMNS, PriceList, cells_of

FULL = OwnPrice(
    "gpt-4o*", 2.5, 10.0, "openai", date(2026, 1, 31), 1.25, 2.5, 12.0, 40.0, 80.0, 1.0, 5.0, 0.25,
    (OwnTier(200_000, 5.0, 20.0, batch_input=2.0, extra={"why": "contract"}),), {"note": "ours"},
)  # fmt: skip


def test_a_row_that_nobody_touched_stays_as_it_is() -> None:
    assert price_of(draft_of(FULL)) is FULL
    assert problems([draft_of(FULL)], 0) == {}
    odd = OwnPrice("m", 1.0, extra={"output": "dear"})
    assert price_of(draft_of(odd)) is odd


def test_what_is_typed_comes_to_a_row_and_keeps_what_the_form_does_not_show() -> None:
    tier = replace(draft_of(FULL).tiers[0], over="250k", cached_input="0,5")
    made = price_of(replace(draft_of(FULL), input=" 3,5 ", output="", batch_discount="50 %", since="", tiers=(tier,)))
    assert (made.input, made.output, made.batch_discount, made.since) == (3.5, None, 0.5, None)
    assert made.tiers == (OwnTier(250_000, 5.0, 20.0, 0.5, batch_input=2.0, extra={"why": "contract"}),)
    assert made.extra == {"note": "ours"}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"model": " "}, "model", "Name a model"),
        ({"model": "x" * 301}, "model", "at most 300"),
        ({"model": "a\x00b"}, "model", "can be read"),
        ({"input": ""}, "input", "What do a million tokens cost"),
        ({"input": "dear"}, "input", "A number from 0"),
        ({"output": "-1"}, "output", "A number from 0"),
        ({"cached_input": "nan"}, "cached_input", "A number from 0"),
        ({"audio_input": "1e999"}, "audio_input", "A number from 0"),
        ({"since": "tomorrow"}, "since", "A day such as"),
        ({"since": "2026-02-30"}, "since", "A day such as"),
        ({"batch_discount": "101"}, "batch_discount", "from 0 to 100"),
        ({"tiers": (TierDraft("", "1"),)}, "tiers", "begins above"),
        ({"tiers": (TierDraft("0", "1"),)}, "tiers", "begins above"),
        ({"tiers": (TierDraft("5"),)}, "tiers", "needs a price"),
        ({"tiers": (TierDraft("5", "x"),)}, "tiers", "Prices of tiers"),
        ({"tiers": (TierDraft("5k", "1"), TierDraft("5000", "2"))}, "tiers", "same count"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(changes: dict[str, object], field: str, words: str) -> None:
    draft = replace(Draft("m", input="1"), **changes)  # type: ignore[arg-type]
    found = problems([draft], 0)
    assert list(found) == [field]
    assert words in found[field]
    with pytest.raises(ValueError, match=r"\w"):
        price_of(draft)


def test_two_rows_cannot_say_what_the_same_calls_cost() -> None:
    drafts = [Draft("m", input="1"), Draft(" M", input="2"), Draft("m", input="3", since="2026-01-01")]
    assert "Another row" in problems(drafts, 0)["since"]
    assert "Another row" in problems(drafts, 1)["since"]
    assert problems(drafts, 2) == {}


def test_counts_of_tokens_are_typed_in_several_ways() -> None:
    assert [limit_of(text) for text in ("200000", "200,000", "200k", " 1_000 ", "x", "-5", "", "9" * 20)] == [
        200_000, 200_000, 200_000, 1_000, None, None, None, None,
    ]  # fmt: skip


def test_what_is_said_of_a_row_is_short() -> None:
    assert summary_of(draft_of(FULL)) == "$2.5 in · $10 out · openai · since 2026-01-31"
    assert summary_of(Draft("m")) == "$? in · always"
    assert example_of(Draft("m", input="2", output="8")) == "10,000 tokens in and 1,000 out cost $0.028."
    assert example_of(Draft("m", input="0.02")) == "10,000 tokens in cost $0.0002."
    assert example_of(Draft("m", input="x")) == ""


def use(model: str | None, spans: int, provider: str | None = None) -> ModelUse:
    return ModelUse(model, provider, spans, 0, 0, 0, 0, 0, 1)


def test_a_row_says_which_models_of_the_database_it_is_about() -> None:
    uses = [use("gpt-4o", 3, "openai"), use("gpt-4o-mini", 1, "azure"), use("claude", 2), use(None, 9)]
    assert reach_words(Draft("gpt*", input="1"), uses) == "gpt-4o, gpt-4o-mini: 4 calls in this database."
    assert reach_words(Draft("gpt*", "azure", input="1"), uses) == "gpt-4o-mini: 1 call in this database."
    assert reach_words(Draft("llama", input="1"), uses) == "No model of this database has this name."
    assert reach_words(Draft("llama*", input="1"), uses) == "No model of this database has this pattern."
    assert reach_words(Draft("gpt*", input="x"), uses) == ""
    assert reach_words(Draft("llama", input="1"), uses, 5) == (
        "No model of this database has this name (among its 4 most used models)."
    )
    many = [use(f"gpt-{i}", 1) for i in range(5)]
    assert reach_words(Draft("*", input="1"), many) == "gpt-0, gpt-1, gpt-2 and 2 more: 5 calls in this database."


def test_a_row_of_a_table_is_a_beginning_for_ones_own() -> None:
    row = PriceTable.load().find("gpt-5.5")
    assert row is not None
    draft = draft_like(row)
    made = price_of(draft)
    assert (made.model, made.input, made.output, made.cached_input) == ("gpt-5.5", 5.0, 30.0, 0.5)
    assert (made.batch_input, made.batch_output) == (2.5, 15.0)
    assert made.tiers == (OwnTier(272_000, 10.0, 45.0, 1.0),)


def test_a_table_is_searched_by_all_words_of_a_text() -> None:
    table = PriceTable.load()
    rows = PriceList()
    rows.show_table(table, "")
    assert (rows.rowCount(), rows.total) == (len(table), len(table))
    rows.find("AZURE gpt-5.5 eu")
    assert {row.name for row in rows.rows} == {
        "azure/eu/gpt-5.5", "azure/eu/gpt-5.5-2026-04-23", "azure/eu/gpt-5.5-2026-04-24",
    }  # fmt: skip
    rows.find("no such model")
    assert rows.rowCount() == 0
    assert rows.columnCount() == len(COLUMNS)
    found = table.find("gpt-5.5")
    assert found is not None
    assert cells_of(found) == ("gpt-5.5", "5", "30", "0.5", "", "", "2.5 / 15", "272k: 10 / 45", "")
