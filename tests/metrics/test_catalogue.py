"""The catalogue of measures: sound, complete, and honest about what adds up."""

from __future__ import annotations

import re

import pytest

from tailrace.metrics.catalogue import CATALOGUE, score_measures
from tailrace.model.facts import COLUMNS, ColumnType, type_of
from tailrace.model.measures import (
    Aggregate,
    Better,
    Binary,
    Fn,
    Grain,
    Is,
    Measure,
    Number,
    Operator,
    Unit,
    aggregates_of,
)

EVERY = [*CATALOGUE.values(), *score_measures("relevance")]


def adds_up(measure: Measure) -> bool:
    """Whether figures of parts add up: one count or sum, or such ones times a number, added or taken away."""

    def linear(node: object) -> bool:
        if isinstance(node, Aggregate):
            return node.fn in (Fn.COUNT, Fn.SUM)
        if isinstance(node, Binary):
            if node.operator in (Operator.ADD, Operator.SUBTRACT):
                return linear(node.left) and linear(node.right)
            return linear(node.left) and isinstance(node.right, Number)
        return False

    return linear(measure.expression)


@pytest.mark.parametrize("measure", EVERY, ids=lambda measure: measure.id)
def test_a_measure_asks_only_for_what_facts_have(measure: Measure) -> None:
    found = aggregates_of(measure.expression)
    assert found
    for aggregate in found:
        kind = type_of(aggregate.grain, aggregate.column) if aggregate.column else None
        assert aggregate.column in COLUMNS[aggregate.grain] or aggregate.fn in (Fn.COUNT, Fn.PEAK)
        assert (aggregate.q is not None) == (aggregate.fn is Fn.QUANTILE)
        if aggregate.fn in (Fn.SUM, Fn.MEAN, Fn.MOST, Fn.LEAST, Fn.QUANTILE, Fn.SPREAD):
            assert kind in (ColumnType.INTEGER, ColumnType.NUMBER)
        for condition in aggregate.where:
            of = type_of(aggregate.grain, condition.column)
            expected = {ColumnType.FLAG: bool, ColumnType.TEXT: str}.get(of or ColumnType.NUMBER, float)
            assert of is not None
            assert isinstance(condition.value, expected | int if expected is float else expected)
            assert condition.compare in (Is.EQ, Is.NE) or expected is float


@pytest.mark.parametrize("measure", EVERY, ids=lambda measure: measure.id)
def test_what_is_said_to_add_up_does(measure: Measure) -> None:
    assert measure.additive == adds_up(measure)


@pytest.mark.parametrize("measure", EVERY, ids=lambda measure: measure.id)
def test_a_measure_says_what_it_is_in_one_sentence(measure: Measure) -> None:
    assert measure.title
    assert measure.title[0].isupper() or measure.title.startswith("relevance")
    assert measure.definition.endswith(".")
    assert not re.search(r"\. [A-Z]|\n|  ", measure.definition), "one sentence"
    assert measure.unit is not Unit.SHARE or not measure.additive


def test_ids_and_titles_name_one_measure_each() -> None:
    assert all(key == measure.id for key, measure in CATALOGUE.items())
    assert all(re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", key) for key in CATALOGUE)
    titles = [measure.title for measure in CATALOGUE.values()]
    assert len(set(titles)) == len(titles)
    definitions = [measure.definition for measure in CATALOGUE.values()]
    assert len(set(definitions)) == len(definitions)


def test_measures_of_a_group_stand_together() -> None:
    groups = [measure.group for measure in CATALOGUE.values()]
    assert list(dict.fromkeys(groups)) == [
        "Traffic", "Reliability", "Latency", "Tokens", "Cost", "Quality", "Tools", "Retrieval", "Sessions",
    ]  # fmt: skip
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index)


@pytest.mark.parametrize(
    "ids",
    [
        "traffic.requests traffic.per_minute traffic.peak",
        "reliability.success reliability.error_rate reliability.errors reliability.retries reliability.availability",
        "errors.timeout errors.rate_limit errors.model errors.validation errors.server errors.tool"
        " errors.content_filter errors.unknown",
        *(
            " ".join(f"{of}.{each}" for each in ("mean", "p50", "p90", "p95", "p99"))
            for of in ("latency", "span_latency", "ttft", "tpot")
        ),
        "speed.mean self_time.total self_time.mean",
        "breakdown.model breakdown.retrieval breakdown.tools breakdown.queue breakdown.other",
        "breakdown.model_share breakdown.retrieval_share breakdown.tools_share breakdown.queue_share"
        " breakdown.other_share",
        "tokens.input tokens.output tokens.cached tokens.reasoning tokens.total tokens.per_request",
        "cost.total cost.per_request cost.per_session cost.per_user cost.month cost.unpriced_spans",
        "cost.input cost.output",
        "quality.mean quality.low quality.thumbs_up",
        "tools.calls tools.success tools.p95 tools.per_run",
        "agents.steps agents.loop_depth agents.loop_depth_p95 agents.loop_depth_max agents.loop_share",
        "retrieval.documents retrieval.best_score retrieval.nothing_relevant retrieval.p95",
        "sessions.count sessions.turns sessions.length sessions.abandoned sessions.rephrased",
    ],
)
def test_what_a_monitor_must_show_can_be_asked_for(ids: str) -> None:
    assert set(ids.split()) <= set(CATALOGUE)


def test_a_score_has_measures_by_its_name_whatever_that_is() -> None:
    found = score_measures('Tone "x"\0')
    assert [measure.id.partition("(")[0] for measure in found] == ["mean", "p50", "below", "count"]
    assert found[0].id == 'mean(score."Tone \\"x\\"\\u0000")'
    assert score_measures("value")[0].id == 'mean(score."value")'
    assert score_measures("") == score_measures("x" * 1_000_000) == ()
    asked = aggregates_of(found[0].expression)
    assert [(each.grain, each.column, each.where[0].value) for each in asked] == [(Grain.SCORE, "value", 'Tone "x"\0')]


def test_a_score_named_after_something_bad_is_better_low() -> None:
    assert score_measures("faithfulness")[0].better is Better.MORE
    assert score_measures("Toxicity")[0].better is Better.LESS
