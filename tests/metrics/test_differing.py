"""Differences ranked, with a guard against small numbers."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping

import numpy as np
import pytest

from tailrace.metrics.differing import MOST_SHOWN, rank_differences
from tailrace.metrics.restated import Restated, restated_by
from tailrace.model.charted import Difference, Differences
from tailrace.model.contrast import Contrast, CutCounts, ValueCounts
from tailrace.model.measures import Is, Unit
from tailrace.query import Tree, parse

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scipy.stats import fisher_exact
    from statsmodels.stats.proportion import confint_proportions_2indep

INSIDE, OUTSIDE = 1_000, 20_000


def values(
    field: str, counts: Mapping[str, tuple[int, int]], marks: Mapping[str, int] | None = None, of: int | None = None
) -> ValueCounts:
    """Counts inside and outside by value; each value has traces of its own unless its mark says otherwise."""
    known = marks or {}
    own = [known.get(value, hash((field, value)) & 0xFFFFFFFF) for value in counts]
    return ValueCounts(
        field,
        tuple(counts),
        np.array([inside for inside, _ in counts.values()], np.int64),
        np.array([outside for _, outside in counts.values()], np.int64),
        np.array(own, np.uint64),
        of if of is not None else len(counts),
    )


def cuts(field: str, counts: Mapping[float, tuple[int, int]], unit: Unit = Unit.NUMBER, up: bool = True) -> CutCounts:
    return CutCounts(
        field,
        unit,
        Is.GE if up else Is.LE,
        np.array(list(counts), np.float64),
        np.array([inside for inside, _ in counts.values()], np.int64),
        np.array([outside for _, outside in counts.values()], np.int64),
        np.arange(len(counts), dtype=np.uint64) + (hash(field) & 0xFFFF),
    )


def rank(
    *counted: ValueCounts | CutCounts, inside: int = INSIDE, outside: int = OUTSIDE, restated: Restated | None = None
) -> Differences:
    contrast = Contrast(
        inside,
        outside,
        tuple(one for one in counted if isinstance(one, ValueCounts)),
        tuple(one for one in counted if isinstance(one, CutCounts)),
    )
    return rank_differences(contrast, restated)


def names(found: Differences) -> list[str]:
    sign = {Is.EQ: "=", Is.GE: "≥", Is.LE: "≤"}
    return [f"{one.field} {sign[one.compare]} {one.value}" for one in found.differences]


def only(found: Differences) -> Difference:
    [one] = found.differences
    return one


def test_the_value_whose_shares_lie_furthest_apart_comes_first() -> None:
    found = rank(
        values("model", {"gpt-4.1": (900, 4_000), "gpt-4o-mini": (100, 16_000)}),
        values("env", {"production": (950, 18_000), "staging": (50, 2_000)}),
        values("tool", {"create_refund": (300, 0)}),
    )
    assert names(found) == ["model = gpt-4.1", "tool = create_refund", "env = production"]
    first, second = found.differences[:2]
    assert (first.inside, first.inside_of, first.outside, first.outside_of) == (900, 1_000, 4_000, 20_000)
    assert first.lift == pytest.approx(0.9 / 0.2)
    assert math.isinf(second.lift)
    assert second.p == pytest.approx(fisher_exact([[300, 700], [0, 20_000]]).pvalue, rel=1e-6)
    assert (found.inside, found.outside, found.compared, found.of, found.found) == (1_000, 20_000, 5, 5, 3)


def test_the_strength_is_newcombes_bound_at_the_level_that_so_many_comparisons_need() -> None:
    found = rank(values("model", {"a": (600, 5_000)}), values("tool", {"b": (100, 2_000), "c": (95, 2_000)}))
    low, _ = confint_proportions_2indep(600, 1_000, 5_000, 20_000, method="newcomb", compare="diff", alpha=0.05 / 3)
    assert only(found).strength == pytest.approx(low, abs=1e-9)


def test_three_of_three_do_not_beat_nine_hundred_of_a_thousand() -> None:
    lucky = values("user", {"u-3": (3, 0)})
    many = values("model", {"m": (900, 2_000)})
    assert names(rank(lucky, many)) == ["model = m"]
    few = values("user", {"u-7": (12, 0)})
    assert names(rank(few, many)) == ["model = m", "user = u-7"], "twelve of none elsewhere is no chance, but little"


def test_a_selection_of_few_tells_less_than_the_same_shares_of_many() -> None:
    few = rank(values("model", {"m": (9, 2_000)}), inside=10)
    many = rank(values("model", {"m": (900, 2_000)}))
    assert only(few).strength < only(many).strength


def test_what_is_too_rare_to_tell_is_counted_but_not_compared() -> None:
    rare = {f"u-{i}": (1, 0) for i in range(50)} | {"often": (500, 100)}
    found = rank(values("user", rare, of=951))
    assert names(found) == ["user = often"]
    assert (found.compared, found.of) == (1, 951)


def test_one_percent_of_a_large_selection_are_the_fewest() -> None:
    found = rank(values("user", {"nine": (99, 0), "ten": (100, 0)}), inside=10_000)
    assert names(found) == ["user = ten"]
    assert (found.compared, found.of) == (1, 2)


def test_what_is_as_frequent_everywhere_is_no_difference() -> None:
    found = rank(values("env", {"production": (930, 18_610), "staging": (70, 1_390)}))
    assert found.differences == ()
    assert (found.compared, found.found) == (2, 0)


def test_a_value_that_only_makes_room_for_another_is_not_listed() -> None:
    found = rank(values("model", {"new": (800, 2_000), "old": (200, 18_000)}))
    assert names(found) == ["model = new"]


def test_a_value_that_is_missing_inside_is_listed_where_nothing_stands_in_its_place() -> None:
    found = rank(values("kind", {"retriever": (20, 12_000), "llm": (1_000, 20_000)}))
    one = only(found)
    assert (one.field, one.value) == ("kind", "retriever")
    assert one.lift == pytest.approx(0.02 / 0.6)
    assert 0.2 < one.strength < 0.3, "half of how far they lie apart"


def test_a_number_is_cut_where_it_sets_apart_most() -> None:
    steps = {2.0: (990, 15_000), 4.0: (810, 1_800), 9.0: (300, 200)}
    found = rank(cuts("loop_depth", steps), cuts("loop_depth", {3.0: (100, 10_000)}, up=False))
    assert names(found) == ["loop ≥ 4"]
    assert (only(found).inside, only(found).outside) == (810, 1_800)
    assert (found.compared, found.of) == (1, 1)


def test_a_number_may_be_small_in_the_selection() -> None:
    found = rank(cuts("output_tokens", {10.0: (700, 300)}, Unit.TOKENS, up=False))
    assert names(found) == ["output_tokens ≤ 10"]


def test_a_number_that_sets_apart_as_much_as_a_value_stands_behind_it() -> None:
    found = rank(
        cuts("input_tokens", {12_000.0: (900, 1_500)}, Unit.TOKENS), values("model", {"gpt-4.1": (880, 1_500)})
    )
    assert names(found) == ["model = gpt-4.1", "input_tokens ≥ 12.0k"]


@pytest.mark.parametrize(
    ("column", "unit", "cut", "shown", "term"),
    [
        ("duration_ns", Unit.DURATION, 8.2e9, "latency ≥ 8.20 s", "latency:>=8200ms"),
        ("ttft_ns", Unit.DURATION, 910e6, "ttft ≥ 910 ms", "ttft:>=910ms"),
        ("queue_ns", Unit.DURATION, 910e6, "queue time ≥ 910 ms", ""),
        ("cost", Unit.MONEY, 0.038, "cost ≥ $0.038", "cost:>=$0.038"),
        ("total_tokens", Unit.TOKENS, 24_000.0, "tokens ≥ 24.0k", "tokens:>=24000"),
        ("span_count", Unit.COUNT, 60.0, "spans ≥ 60", "spans:>=60"),
        ("retries", Unit.COUNT, 1.0, "retries ≥ 1", ""),
        ("loop_depth", Unit.COUNT, 4.0, "loop ≥ 4", "loop:>=4"),
        ("attr.http.status_code", Unit.NUMBER, 500.0, "attr.http.status_code ≥ 500", "attr.http.status_code:>=500"),
        ("score.Relevance", Unit.NUMBER, 0.5, "score.Relevance ≥ 0.5", "score.Relevance:>=0.5"),
    ],
)
def test_a_cut_is_written_as_people_read_it_and_can_be_filtered_for(
    column: str, unit: Unit, cut: float, shown: str, term: str
) -> None:
    found = rank(cuts(column, {cut: (810, 1_800)}, unit))
    assert names(found) == [shown]
    assert only(found).term == term


@pytest.mark.parametrize(
    ("field", "value", "term"),
    [
        ("model", "gpt-4.1", "model:gpt-4.1"),
        ("prompt", "answer with@8", 'prompt:"answer with@8"'),
        ("status", "error", "status:error"),
        ("attr.app.channel", "ios", "attr.app.channel:ios"),
        ("attr.odd key", 'a "b"\n*', r'attr."odd key":"a \"b\"\n*"'),
        ("score.Verdict", "pass", "score.Verdict:pass"),
        ("provider", "openai", ""),
        ("kind", "not one of the kinds", ""),
    ],
)
def test_a_value_can_be_filtered_for_where_the_filter_language_has_its_field(field: str, value: str, term: str) -> None:
    found = rank(values(field, {value: (810, 1_800)}))
    assert only(found).term == term


def test_values_of_the_same_traces_are_one_and_the_most_telling_stands() -> None:
    same = {"8": 7, "a@8": 7, "2.4.1": 7}
    found = rank(
        values("attr.llm.prompt_template.version", {"8": (1_000, 5_000)}, same),
        values("version", {"2.4.1": (1_000, 5_000)}, same),
        values("prompt", {"a@8": (1_000, 5_000), "a@7": (0, 15_000)}, same),
        values("model", {"gpt": (1_000, 5_000)}),
    )
    assert names(found) == ["prompt = a@8", "model = gpt"]
    assert found.differences[0].also == ("version = 2.4.1", "attr.llm.prompt_template.version = 8")
    assert found.differences[1].also == ()
    assert found.found == 2


def test_of_equally_strong_ones_the_one_that_tells_more_comes_first() -> None:
    found = rank(
        cuts("llm_calls", {30.0: (502, 40)}, Unit.COUNT),
        cuts("loop_depth", {25.0: (500, 40)}, Unit.COUNT),
        values("attr.host.name", {"node-1": (503, 40)}),
        values("tool", {"search": (500, 40)}),
    )
    assert names(found) == ["tool = search", "attr.host.name = node-1", "loop ≥ 25", "llm_calls ≥ 30"]


def test_how_it_went_tells_less_than_why() -> None:
    found = rank(
        values("status", {"error": (1_000, 2_000)}),
        values("score.correctness", {"fail": (980, 2_000)}),
        values("error", {"MaxIterationsExceeded": (600, 50)}),
    )
    assert names(found) == ["error = MaxIterationsExceeded", "status = error", "score.correctness = fail"]


def test_what_the_filter_asks_for_is_not_found_again() -> None:
    slow = restated_by(tree("name:docs latency:>5s"), tree("name:docs"))
    found = rank(
        cuts("duration_ns", {5e9: (1_000, 0)}, Unit.DURATION),
        cuts("model_ns", {5e9: (990, 0)}, Unit.DURATION),
        cuts("ttft_ns", {1e9: (300, 100)}, Unit.DURATION),
        values("name", {"docs": (800, 10_000)}),
        restated=slow,
    )
    assert names(found) == ["name = docs", "ttft ≥ 1.00 s"]
    assert found.of == 2


def test_a_value_that_repeats_what_the_filter_asks_for_in_another_form_is_left_out() -> None:
    by_model = restated_by(tree("model:GPT-4.1"), tree(""))
    found = rank(
        values("model", {"gpt-4.1": (1_000, 0)}),
        values("span", {"chat gpt-4.1": (998, 0), "chat gpt-4.1-mini": (300, 3_000), "rerank": (600, 900)}),
        restated=by_model,
    )
    assert names(found) == ["span = rerank", "span = chat gpt-4.1-mini"]


def test_which_errors_there_are_is_found_where_errors_were_asked_for() -> None:
    failed = restated_by(tree("has:error"), tree(""))
    found = rank(
        values("status", {"error": (1_000, 0), "ok": (0, 20_000)}),
        values("error", {"RateLimitError": (700, 0)}),
        cuts("error_count", {1.0: (1_000, 0)}, Unit.COUNT),
        restated=failed,
    )
    assert names(found) == ["error = RateLimitError"]


def test_only_what_the_selection_asks_for_beyond_the_rest_is_restated() -> None:
    assert restated_by(tree("latency:>2s model:a"), tree("latency:>2s")).fields == {"model", "provider"}
    assert restated_by(tree("latency:>5s latency:>2s"), tree("latency:>2s")).fields >= {"latency", "duration_ns"}
    assert restated_by(tree("-attr.app.channel:ios refund"), tree("")).fields == {"attr.app.channel"}
    assert restated_by(tree(""), tree("model:a")) == Restated()


def test_nothing_differs_where_one_side_is_empty() -> None:
    for inside, outside in ((0, 5), (5, 0), (0, 0)):
        found = rank(values("model", {"m": (inside, outside)}), inside=inside, outside=outside)
        assert found.differences == ()
        assert (found.inside, found.outside, found.compared) == (inside, outside, 0)


def test_of_very_many_the_strongest_are_given_and_all_are_counted() -> None:
    many = {f"v{i}": (50 + i, 0) for i in range(500)}
    found = rank(values("user", many))
    assert len(found.differences) == MOST_SHOWN
    assert found.found == 500
    strengths = [one.strength for one in found.differences]
    assert min(strengths) > 0.4 * 0.25
    assert {one.value for one in found.differences} >= {f"v{i}" for i in range(400, 500)}


def tree(text: str) -> Tree:
    found = parse(text).tree
    assert found is not None
    return found
