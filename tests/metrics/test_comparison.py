"""Values compared, against SciPy on the same numbers."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.metrics.asked import Asked

from tailrace.metrics.comparison import compare_values
from tailrace.metrics.proportions import holm
from tailrace.model import TraceFilter, charted
from tailrace.model.charted import Comparison
from tailrace.model.measures import (
    Aggregate,
    Better,
    Binary,
    Elapsed,
    Expression,
    Fn,
    Grain,
    Is,
    Measure,
    Number,
    Operator,
    Unit,
    Where,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scipy.stats import fisher_exact, ttest_ind

FILTER = TraceFilter("env:prod", 5, 50)
COUNT = Aggregate(Fn.COUNT, Grain.TRACE)
FAILED = Aggregate(Fn.COUNT, Grain.TRACE, where=(Where("failed", Is.EQ, True),))
SUCCESS = Binary(Operator.SUBTRACT, Number(1), Binary(Operator.DIVIDE, FAILED, COUNT))
LATENCY = Aggregate(Fn.MEAN, Grain.TRACE, "duration_ns")
P95 = Aggregate(Fn.QUANTILE, Grain.TRACE, "duration_ns", q=0.95)


def measure(name: str, expression: Expression, better: Better = Better.NEITHER) -> Measure:
    return Measure(name, name, "", "", Unit.NUMBER, expression, better)


def two_versions(seed: int = 1, n: int = 400) -> Asked:
    """400 traces of v7 and 300 of v8, which is slower, fails more often and costs what is known of half of them."""
    chance = np.random.default_rng(seed)
    version = np.array(["v7"] * n + ["v8"] * (3 * n // 4))
    new = version == "v8"
    columns = {
        "duration_ns": chance.lognormal(np.where(new, 1.2, 1.0), 0.5) * 1e9,
        "failed": (chance.random(len(new)) < np.where(new, 0.12, 0.05)).astype(np.float64),
        "cost": np.where(chance.random(len(new)) < 0.5, np.nan, chance.lognormal(np.where(new, -4.8, -5.0), 1)),
        "thumb": np.where(chance.random(len(new)) < 0.7, np.nan, chance.random(len(new)) < 0.8),
    }
    spans = {"duration_ns": columns["duration_ns"] / 2, "ttft_ns": columns["duration_ns"] / 4}
    values: list[tuple[str, ...]] = [(str(one),) for one in version]
    return Asked({Grain.TRACE: columns, Grain.SPAN: spans}, {Grain.TRACE: values, Grain.SPAN: values})


def sides(asked: Asked, column: str, grain: Grain = Grain.TRACE) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    new = np.array([some == ("v8",) for some in asked.values[grain]])
    old_values, new_values = asked.columns[grain][column][~new], asked.columns[grain][column][new]
    return old_values[~np.isnan(old_values)], new_values[~np.isnan(new_values)]


def compare(asked: Asked, *measures: Measure, values: tuple[str, ...] = ("v7", "v8")) -> Comparison:
    return compare_values("version", values, measures, FILTER, asked, asked.spread)


def p_of(found: Comparison, row: int = 0) -> float:
    p = found.rows[row].against[0].p
    assert p is not None
    return p


def table_above(old: NDArray[np.float64], new: NDArray[np.float64], line: float) -> list[list[int]]:
    return [[int((side > line).sum()), int((side <= line).sum())] for side in (old, new)]


def test_a_share_is_tested_by_fishers_exact_test_of_its_counts() -> None:
    asked = two_versions()
    found = compare(asked, measure("success", SUCCESS, Better.MORE))
    old, new = sides(asked, "failed")
    table = [[int(old.sum()), int(len(old) - old.sum())], [int(new.sum()), int(len(new) - new.sum())]]
    assert p_of(found) == pytest.approx(fisher_exact(table).pvalue, rel=1e-9)
    [row] = found.rows
    assert row.figures == pytest.approx((1 - old.mean(), 1 - new.mean()))
    assert row.against[0].test is charted.Test.PROPORTIONS
    assert row.against[0].difference == pytest.approx(old.mean() - new.mean())
    assert row.against[0].relative == pytest.approx((old.mean() - new.mean()) / (1 - old.mean()))
    assert row.best == 0
    assert found.traces == (400, 300)


def test_a_mean_is_tested_by_welchs_test() -> None:
    asked = two_versions()
    found = compare(asked, measure("latency", LATENCY, Better.LESS))
    old, new = sides(asked, "duration_ns")
    assert p_of(found) == pytest.approx(ttest_ind(old, new, equal_var=False).pvalue, rel=1e-9)
    assert found.rows[0].against[0].test is charted.Test.MEANS


def test_a_mean_in_another_unit_is_the_same_to_its_test() -> None:
    asked = two_versions()
    seconds = Binary(Operator.DIVIDE, LATENCY, Number(1e9))
    shifted = Binary(Operator.ADD, Number(3), Binary(Operator.MULTIPLY, Number(-2), seconds))
    assert p_of(compare(asked, measure("s", shifted))) == p_of(compare(asked, measure("ns", LATENCY)))


def test_a_sum_over_its_own_count_is_a_mean() -> None:
    asked = two_versions()
    total = Aggregate(Fn.SUM, Grain.TRACE, "cost")
    per = Binary(Operator.DIVIDE, total, Aggregate(Fn.COUNT, Grain.TRACE, "cost"))
    old, new = sides(asked, "cost")
    assert p_of(compare(asked, measure("known", per))) == pytest.approx(
        ttest_ind(old, new, equal_var=False).pvalue, rel=1e-9
    )


def test_a_sum_over_the_count_of_all_is_tested_as_it_is_shown() -> None:
    asked = two_versions()
    per = Binary(Operator.DIVIDE, Aggregate(Fn.SUM, Grain.TRACE, "cost"), COUNT)
    found = compare(asked, measure("of all", per))
    old, new = (np.pad(side, (0, n - len(side))) for side, n in zip(sides(asked, "cost"), (400, 300), strict=True))
    assert found.rows[0].figures == pytest.approx((old.mean(), new.mean()))
    assert p_of(found) == pytest.approx(ttest_ind(old, new, equal_var=False).pvalue, rel=1e-9)


@pytest.mark.parametrize("fn", [Fn.SUM, Fn.COUNT])
def test_what_is_added_up_in_traces_is_tested_trace_by_trace(fn: Fn) -> None:
    asked = two_versions(n=60)
    chance = np.random.default_rng(7)
    of_version = asked.values[Grain.TRACE]
    # some traces have no span, and some spans know no cost
    asked.traces = np.sort(chance.integers(0, len(of_version), 300))
    asked.values[Grain.SPAN] = [of_version[trace] for trace in asked.traces]
    costs = np.where(chance.random(300) < 0.2, np.nan, chance.lognormal(-5, 1, 300))
    asked.columns[Grain.SPAN] = {"cost": costs}
    total = Aggregate(fn, Grain.SPAN, "cost")
    found = compare(asked, measure("per request", Binary(Operator.DIVIDE, total, COUNT), Better.LESS))
    added = np.zeros(len(of_version))
    known = ~np.isnan(costs)
    np.add.at(added, asked.traces[known], costs[known] if fn is Fn.SUM else 1)
    old, new = (added[[some == (version,) for some in of_version]] for version in ("v7", "v8"))
    assert found.rows[0].figures == pytest.approx((old.mean(), new.mean()))
    assert p_of(found) == pytest.approx(ttest_ind(old, new, equal_var=False).pvalue, rel=1e-9)
    assert found.notes == ()


def test_the_mean_of_yes_and_no_is_a_share() -> None:
    asked = two_versions()
    found = compare(
        asked,
        measure("thumbs", Aggregate(Fn.MEAN, Grain.TRACE, "thumb")),
        measure("failed", Aggregate(Fn.MEAN, Grain.TRACE, "failed")),
    )
    raw = []
    for column in ("thumb", "failed"):
        old, new = sides(asked, column)
        table = [[int(old.sum()), int(len(old) - old.sum())], [int(new.sum()), int(len(new) - new.sum())]]
        raw.append(fisher_exact(table).pvalue)
    assert [p_of(found, 0), p_of(found, 1)] == pytest.approx(holm(raw), rel=1e-9)
    assert {row.against[0].test for row in found.rows} == {charted.Test.PROPORTIONS}


def test_a_quantile_is_tested_by_what_lies_above_that_of_both() -> None:
    asked = two_versions()
    found = compare(asked, measure("p95", P95, Better.LESS))
    old, new = sides(asked, "duration_ns")
    line = float(np.quantile(np.concatenate((old, new)), 0.95))
    assert p_of(found) == pytest.approx(fisher_exact(table_above(old, new, line)).pvalue, rel=1e-9)
    assert found.rows[0].figures == pytest.approx((np.quantile(old, 0.95), np.quantile(new, 0.95)))
    assert found.rows[0].against[0].test is charted.Test.QUANTILES


def test_a_quantile_of_equal_values_does_not_differ() -> None:
    asked = two_versions()
    asked.columns[Grain.TRACE]["duration_ns"][:] = 7.0
    assert p_of(compare(asked, measure("p95", P95))) == 1


@pytest.mark.parametrize(
    "expression",
    [
        COUNT,
        Binary(Operator.DIVIDE, COUNT, Elapsed()),
        Aggregate(Fn.SUM, Grain.TRACE, "cost"),
        Binary(Operator.DIVIDE, Number(1), LATENCY),
        Binary(Operator.DIVIDE, Aggregate(Fn.COUNT, Grain.SPAN), FAILED),
        Binary(Operator.DIVIDE, Aggregate(Fn.MEAN, Grain.SPAN, "ttft_ns"), COUNT),
        Binary(Operator.DIVIDE, COUNT, FAILED),
        Binary(Operator.DIVIDE, COUNT, Aggregate(Fn.COUNT, Grain.TRACE, "cost")),
        Binary(Operator.DIVIDE, Aggregate(Fn.SUM, Grain.TRACE, "cost"), FAILED),
        Binary(Operator.ADD, LATENCY, LATENCY),
    ],
)
def test_other_figures_have_no_test(expression: Expression) -> None:
    asked = two_versions()
    found = compare(asked, measure("m", expression))
    assert found.rows[0].against[0].p is None
    assert found.rows[0].against[0].test is charted.Test.NONE
    assert found.notes == ()


def test_all_tests_of_a_comparison_are_adjusted_for_each_other_and_it_says_so() -> None:
    asked = two_versions()
    alone = [p_of(compare(asked, measure("m", one))) for one in (SUCCESS, LATENCY, P95)]
    found = compare(asked, *(measure(str(at), one) for at, one in enumerate((SUCCESS, LATENCY, COUNT, P95))))
    assert [p_of(found, row) for row in (0, 1, 3)] == pytest.approx(holm(alone), rel=1e-12)
    assert "adjusted for 3 tests (Holm)" in " ".join(found.notes)


def test_what_several_spans_of_a_trace_can_say_comes_with_a_warning() -> None:
    asked = two_versions()
    spans = compare(asked, measure("ttft", Aggregate(Fn.MEAN, Grain.SPAN, "ttft_ns")))
    assert "independent" in " ".join(spans.notes)
    assert compare(asked, measure("latency", LATENCY)).notes == ()


def test_each_later_value_is_compared_with_the_first() -> None:
    asked = two_versions()
    traces = asked.values[Grain.TRACE]
    traces[:100] = [("v6",)] * 100
    found = compare(asked, measure("p95", P95), measure("latency", LATENCY), values=("v7", "v6", "v8"))
    durations = asked.columns[Grain.TRACE]["duration_ns"]
    sixth, old, new = durations[:100], durations[100:400], durations[400:]
    raw = []
    for other in (sixth, new):
        line = float(np.quantile(np.concatenate((old, other)), 0.95))
        raw.append(fisher_exact(table_above(old, other, line)).pvalue)
    raw += [ttest_ind(old, other, equal_var=False).pvalue for other in (sixth, new)]
    assert [one.p for row in found.rows for one in row.against] == pytest.approx(holm(raw), rel=1e-9)
    assert found.traces == (300, 100, 300)
    for question in asked.questions:
        assert (question.by, question.filter) == ("version", FILTER)


def test_a_value_with_few_traces_or_none_is_said_and_unknown_stays_unknown() -> None:
    asked = two_versions(n=20)
    found = compare(asked, measure("latency", LATENCY, Better.LESS), measure("n", COUNT), values=("v8", "v9"))
    latency, count = found.rows
    assert found.traces == (15, 0)
    assert math.isnan(latency.figures[1])
    assert math.isnan(latency.against[0].difference)
    assert (latency.against[0].p, latency.against[0].relative, latency.best) == (None, None, None)
    assert count.figures == (15, 0)
    assert found.notes == ("“v8” has 15 traces: so few say little.", "No trace has “v9”.")


def test_a_value_stands_in_a_sentence_whatever_it_holds() -> None:
    odd = 'a\n\x1b[31m"b"\0' + "x" * 1_000_000
    [note] = compare(two_versions(), measure("n", COUNT), values=("v8", odd)).notes
    assert note.isprintable()
    assert note.startswith('No trace has “a [31m"b" xxx')
    assert len(note) < 90


def test_traces_with_several_of_the_values_are_said() -> None:
    asked = two_versions()
    asked.values[Grain.TRACE][:30] = [("v7", "v8")] * 30
    found = compare(asked, measure("n", COUNT))
    assert found.traces == (400, 330)
    assert found.notes == (
        "Traces that have several of the values count for each of them: 730 traces of single values are 700"
        " different ones.",
    )


def test_the_best_is_marked_only_where_a_way_is_better_and_one_is_best() -> None:
    asked = two_versions()
    asked.columns[Grain.TRACE]["failed"][:] = 0
    found = compare(
        asked,
        measure("less", LATENCY, Better.LESS),
        measure("more", LATENCY, Better.MORE),
        measure("neither", LATENCY),
        measure("tie", SUCCESS, Better.MORE),
        replace(measure("total", Aggregate(Fn.SUM, Grain.TRACE, "cost"), Better.LESS), additive=True),
    )
    assert [row.best for row in found.rows] == [0, 1, None, None, None]


def test_a_relative_difference_is_of_the_size_of_the_first_figure() -> None:
    asked = two_versions()
    debt = compare(asked, measure("debt", Binary(Operator.MULTIPLY, LATENCY, Number(-1)))).rows[0]
    old, new = sides(asked, "duration_ns")
    assert debt.against[0].relative == pytest.approx((old.mean() - new.mean()) / old.mean())
    zero = compare(asked, measure("zero", Binary(Operator.MULTIPLY, COUNT, Number(0)))).rows[0]
    assert zero.against[0].relative is None


def test_one_value_alone_is_shown_and_compared_with_nothing() -> None:
    found = compare(two_versions(), measure("latency", LATENCY, Better.LESS), values=("v8",))
    assert found.rows[0].against == ()
    assert found.rows[0].best is None


@pytest.mark.parametrize("values", [(), ("a", "b", "c", "d"), ("a", "a")])
def test_more_than_three_values_or_the_same_twice_is_refused(values: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="one to three different values"):
        compare(two_versions(), measure("n", COUNT), values=values)
