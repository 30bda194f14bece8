"""A database and the prices in force: what is unknown is listed, and other prices are offered, never taken silently."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from tests.store.written import make, rows

from tailrace.jobs import Ticket
from tailrace.metrics.catalogue import CATALOGUE
from tailrace.metrics.own_prices import OwnPrice, OwnPrices
from tailrace.metrics.pricing import PriceTable
from tailrace.model import Cost, ImportProgress, Span, SpanKind, TraceFilter, Usage
from tailrace.model.charted import Question
from tailrace.store import Writer
from tailrace.workspace import Workspace
from tailrace.workspace.prices import current_prices, read_book, save_own, used_of
from tailrace.workspace.repricing import NO_INPUT, NO_MODEL, NO_OUTPUT, NOT_YET, UNKNOWN, changed_by


def call(span_id: str, model: str | None, usage: Usage | None = None, **more: object) -> Span:
    return make(span_id, kind=SpanKind.LLM, model=model, usage=usage or Usage(1_000, 100), **more)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Calls of models with and without a price, written with the prices in force."""
    path = tmp_path / "calls.tailrace"
    prices = current_prices()
    with Writer(path, prices.price, used_of(prices)) as writer:
        writer.write(
            [
                call("a", "gpt-4o"),
                call("b", "house-model", provider="vllm"),
                call("c", "house-model", provider="ollama"),
                call("d", "house-model", Usage(None, None, 500)),
                call("e", None),
                call("f", "other", cost=Cost(0.25)),
                call("g", "text-embedding-3-small", Usage(100, 5)),
                call("h", "gpt-4o", Usage(None, None, 77)),
                make("i"),
            ]
        )
        writer.settle()
    return Workspace(path)


def own(*prices: OwnPrice) -> None:
    save_own(OwnPrices(prices), read_book())


def test_models_without_a_price_are_listed_with_their_calls_and_why(workspace: Workspace) -> None:
    found = {one.model: one for one in workspace.unpriced()}
    house = found["house-model"]
    assert (house.spans, house.input_tokens, house.output_tokens, house.total_tokens) == (3, 2_000, 200, 2_700)
    assert house.providers == ("ollama", "vllm")
    assert {model: one.reason for model, one in found.items()} == {
        "house-model": UNKNOWN,
        None: NO_MODEL,
        "gpt-4o": NO_INPUT,
    }
    assert next(iter(found)) == "house-model"
    assert workspace.info().unpriced_spans == 5
    own(OwnPrice("house-model", 1.0, 1.0), OwnPrice("text-*", 1.0))
    assert next(one for one in workspace.unpriced() if one.model == "house-model").reason == NOT_YET
    workspace.reprice()
    assert {one.model: one.reason for one in workspace.unpriced()}["text-embedding-3-small"] == NO_OUTPUT
    workspace.close()


def test_the_price_of_an_unknown_model_is_never_zero(workspace: Workspace) -> None:
    assert rows(workspace.database, "SELECT cost FROM span WHERE model = 'house-model'") == [(None,)] * 3
    (row,) = workspace.read_rows(workspace.list_traces(TraceFilter()).keys.tolist())
    assert row.unpriced_spans == 5
    workspace.close()


def test_a_database_with_the_prices_in_force_has_no_news(workspace: Workspace) -> None:
    assert workspace.price_news() is None
    workspace.close()


def test_other_prices_are_told_and_change_nothing_until_they_are_taken(workspace: Workspace) -> None:
    own(OwnPrice("gpt-4o", 1.0, 1.0), OwnPrice("house-model", 2.0, 2.0))
    before = rows(workspace.database, "SELECT id, cost, cost_detail FROM span ORDER BY id")
    news = workspace.price_news()
    assert news is not None
    assert news.former is not None
    assert news.former.name == "LiteLLM 1.109.1"
    assert news.now.name == "own prices, LiteLLM 1.109.1"
    assert not news.begun
    assert (news.repricing.changed, news.repricing.models) == (3, ("gpt-4o", "house-model"))
    assert news.repricing.before == pytest.approx(0.0035)
    assert news.repricing.after == pytest.approx(0.0011 + 2 * 0.0022)
    assert rows(workspace.database, "SELECT id, cost, cost_detail FROM span ORDER BY id") == before
    assert workspace.reprice() == news.repricing
    assert workspace.price_news() is None
    assert rows(workspace.database, "SELECT cost FROM span WHERE model = 'other'") == [(0.25,)]
    workspace.close()


def test_prices_that_would_change_nothing_are_no_news_and_found_out_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(OwnPrice("somebody-elses-model", 1.0))
    assert workspace.price_news() is None
    monkeypatch.setattr("tailrace.store.repricing.survey", lambda *_: pytest.fail("it was looked through again"))
    assert workspace.price_news() is None
    workspace.close()


def test_a_database_of_which_nobody_noted_the_prices_is_looked_through(tmp_path: Path) -> None:
    path = tmp_path / "old.tailrace"
    with Writer(path, PriceTable.load().price) as writer:
        writer.write([call("a", "gpt-4o")])
        writer.settle()
    workspace = Workspace(path)
    assert workspace.price_news() is None
    own(OwnPrice("gpt-4o", 1.0, 1.0))
    news = workspace.price_news()
    assert news is not None
    assert news.former is not None
    workspace.close()


def test_charts_of_costs_follow(workspace: Workspace) -> None:
    question = Question((CATALOGUE["cost.total"], CATALOGUE["cost.unpriced_spans"]), by="model")

    def asked() -> dict[str, float]:
        (answer,) = workspace.monitor.ask([question])
        costs = answer.totals["cost.total"]
        return {group.value or "": round(float(cost), 6) for group, cost in zip(answer.groups, costs, strict=True)}

    before = asked()
    assert before["gpt-4o"] == 0.0035
    assert math.isnan(before["house-model"]), "unknown is not free"
    own(OwnPrice("gpt-4o", 1.0, 1.0), OwnPrice("house-model", 2.0, 2.0))
    assert asked().items() >= {"gpt-4o": 0.0035}.items()
    workspace.reprice()
    after = asked()
    assert (after["gpt-4o"], after["house-model"]) == (0.0011, 0.0044)
    workspace.close()


def test_how_far_it_is_is_told(workspace: Workspace) -> None:
    own(OwnPrice("gpt-4o", 1.0, 1.0))
    heard: list[object] = []
    workspace.reprice(Ticket(heard.append))
    told = [news for news in heard if isinstance(news, ImportProgress)]
    assert told
    assert (told[-1].phase, told[-1].unit, told[-1].done, told[-1].total) == ("pricing", "spans", 4, 4)
    workspace.close()


def test_which_models_other_prices_are_about_is_known_without_a_look_at_every_call(workspace: Workspace) -> None:
    uses = workspace.model_uses()
    assert {(use.model, use.provider): use.spans for use in uses} == {
        ("house-model", "vllm"): 1,
        ("house-model", "ollama"): 1,
        ("house-model", None): 1,
        ("gpt-4o", None): 2,
        ("text-embedding-3-small", None): 1,
        (None, None): 1,
    }
    book = read_book()
    after = book.with_own(
        OwnPrices((OwnPrice("house*", 1.0, provider="vllm"), OwnPrice("gpt-4o", 2.5, 10.0, cached_input=1.25)))
    )
    assert [(use.model, use.provider) for use in changed_by(uses, book.prices, after.prices)] == [
        ("gpt-4o", None),  # its batches cost something else
        ("house-model", "vllm"),
    ]
    workspace.close()
