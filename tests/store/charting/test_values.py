"""What heatmaps, histograms, marks and ranges promise."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.charting.facts import Facts, no_facts, span_row, trace_row

from tailrace.model.charted import Buckets, Heat, HeatQuestion, Mark, Spread, SpreadQuestion
from tailrace.model.listing import TraceFilter
from tailrace.model.measures import Grain
from tailrace.store.charting import heat, marks, range_of, spread

BUCKETS = Buckets((0, 10, 20, 40))
EVERYTHING = TraceFilter()
DAY = 86_400_000_000_000

INTEGERS = st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 12)
FLOATS = st.none() | st.floats(allow_nan=False) | st.sampled_from((0.0, 0.25, 1.0, -1.0, float("inf")))


def traces(column: str, values: list[tuple[int, int | float | None]]) -> Facts:
    """Traces that begin at some times, each with a value in a column."""
    facts = no_facts()
    for trace, (start, value) in enumerate(values):
        facts.rows[Grain.TRACE].append(trace_row(random.Random(trace), trace, start) | {column: value})
    return facts


def heat_of(facts: Facts, question: HeatQuestion) -> Heat:
    with facts.load() as connection:
        return heat(question, facts.source(connection))


def spread_of(facts: Facts, question: SpreadQuestion) -> Spread:
    with facts.load() as connection:
        return spread(question, facts.source(connection))


def place(value: float, edges: list[float]) -> int:
    """The interval that a value is in, the last one with its upper edge."""
    return max(i for i, (low, _) in enumerate(pairwise(edges)) if value >= low)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(("duration_ns", "cost")), st.integers(1, 30))
def test_a_heatmap_counts_each_value_in_its_cell(data: st.DataObject, column: str, rows: int) -> None:
    value = INTEGERS if column == "duration_ns" else FLOATS
    given_values = data.draw(st.lists(st.tuples(st.integers(-5, 45), value), max_size=12))
    found = heat_of(traces(column, given_values), HeatQuestion(column, Grain.TRACE, EVERYTHING, BUCKETS, rows))
    inside = [(start, value) for start, value in given_values if value is not None and 0 <= start < 40]
    finite = [(place(start, list(BUCKETS.edges)), value) for start, value in inside if np.isfinite(value)]
    positive = [value for _, value in finite if value > 0]
    levels = found.levels.tolist()
    assert found.counts.shape == (max(len(levels) - 1, 0), 3)
    assert len(levels) <= rows + 1
    assert (np.diff(found.levels) > 0).all()
    if positive:
        assert levels[0] <= float(min(positive))
        assert levels[-1] >= float(max(positive))
    counts, below = np.zeros_like(found.counts), np.zeros(3, np.int64)
    for bucket, value in finite:
        if value > 0:
            counts[place(value, levels), bucket] += 1
        else:
            below[bucket] += 1
    assert found.counts.tolist() == counts.tolist()
    assert found.below.tolist() == below.tolist()


@settings(max_examples=50, deadline=None)
@given(st.data(), st.sampled_from(("duration_ns", "cost")), st.integers(1, 12), st.booleans())
def test_a_histogram_counts_each_value_in_its_bin(data: st.DataObject, column: str, bins: int, log: bool) -> None:
    values = data.draw(st.lists(INTEGERS if column == "duration_ns" else FLOATS, max_size=12))
    facts = traces(column, [(0, value) for value in values])
    found = spread_of(facts, SpreadQuestion(column, Grain.TRACE, EVERYTHING, bins, log))
    finite = [value for value in values if value is not None and np.isfinite(value)]
    # edges are floats, and a whole number beyond 2**53 is in the bin of the float next to it
    placed = [float(value) for value in finite if not log or value > 0]
    edges = found.edges.tolist()
    assert len(found.counts) == max(len(edges) - 1, 0) <= bins
    assert (np.diff(found.edges) > 0).all()
    assert found.counts.tolist() == [
        sum(place(value, edges) == i for value in placed) for i in range(len(found.counts))
    ]
    assert found.known == len(finite)
    assert found.unknown == len(values) - len(finite)
    assert found.below == len(finite) - len(placed)
    assert found.counts.sum() == len(placed)


def test_a_value_on_an_edge_is_in_the_upper_bin_and_the_greatest_in_the_last() -> None:
    found = spread_of(
        traces("cost", [(0, value) for value in (0.0, 0.25, 0.5, 0.5, 0.75, 1.0)]),
        SpreadQuestion("cost", Grain.TRACE, EVERYTHING, 4),
    )
    assert found.edges.tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert found.counts.tolist() == [1, 1, 2, 2]


def test_bins_of_whole_numbers_hold_equally_many() -> None:
    found = spread_of(
        traces("span_count", [(0, value) for value in (1, 2, 2, 3, 7)]),
        SpreadQuestion("span_count", Grain.TRACE, EVERYTHING, 40),
    )
    assert found.edges.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert found.counts.tolist() == [1, 2, 1, 0, 0, 0, 1]


def test_one_value_and_none_at_all_can_be_drawn() -> None:
    question = HeatQuestion("duration_ns", Grain.TRACE, EVERYTHING, BUCKETS)
    found = heat_of(traces("duration_ns", [(0, 7), (12, 7)]), question)
    assert found.counts.tolist() == [[1, 1, 0]]
    assert found.levels[0] == 7 < found.levels[1]
    nothing = heat_of(traces("duration_ns", [(0, None), (1, -3)]), question)
    assert nothing.counts.shape == (0, 3)
    assert nothing.below.tolist() == [1, 0, 0]
    spreads = spread_of(no_facts(), SpreadQuestion("duration_ns", Grain.TRACE, EVERYTHING))
    assert (len(spreads.edges), spreads.known, spreads.unknown) == (0, 0, 0)


def test_the_scores_of_one_name_are_apart() -> None:
    facts = no_facts()
    for name, value in (("quality", 0.2), ("quality", 0.9), ("q'uality", 5.0), ("quality", None)):
        facts.rows[Grain.SCORE].append({"trace": 1, "start_ns": 0, "score": name, "value": value})
    found = spread_of(facts, SpreadQuestion("value", Grain.SCORE, EVERYTHING, 2, score="quality"))
    assert (found.counts.tolist(), found.known, found.unknown) == ([1, 1], 2, 1)
    hot = heat_of(facts, HeatQuestion("value", Grain.SCORE, EVERYTHING, BUCKETS, 2, score="q'uality"))
    assert hot.counts.tolist() == [[1, 0, 0]]


def test_a_numeric_attribute_has_a_heatmap_and_a_histogram() -> None:
    facts = no_facts()
    for ordinal, value in enumerate((1, 10, "many", None)):
        span = span_row(1, ordinal, 5)
        facts.rows[Grain.SPAN].append(span)
        if value is not None:
            facts.attributes["amount"][span["span"]] = value
    found = spread_of(facts, SpreadQuestion("attr.amount", Grain.SPAN, EVERYTHING, 2))
    assert (found.counts.tolist(), found.known, found.unknown) == ([1, 1], 2, 2)
    assert heat_of(facts, HeatQuestion("attr.amount", Grain.SPAN, EVERYTHING, BUCKETS, 2)).counts.sum() == 2


def test_what_is_no_number_is_refused() -> None:
    for column in ("name", "failed", "nothing", "duration_ns; DROP TABLE kept_trace"):
        with pytest.raises(ValueError, match=r"no number|no column"):
            spread_of(no_facts(), SpreadQuestion(column, Grain.TRACE, EVERYTHING))


def version_facts(*versions: tuple[str | None, int]) -> Facts:
    facts = no_facts()
    for trace, (version, start) in enumerate(versions):
        row = trace_row(random.Random(trace), trace, start) | {"name": "support", "version": version}
        facts.rows[Grain.TRACE].append(row)
        prompt = None if version is None else f"answer@{version}"
        facts.rows[Grain.SPAN].append(span_row(trace, 0, start) | {"prompt": prompt})
    return facts


def marks_of(facts: Facts, asked: TraceFilter = EVERYTHING, few: list[int] | None = None) -> list[Mark]:
    with facts.load() as connection:
        connection.register("few", {"trace": np.array(few or [], np.int64)})
        return marks(asked, facts.source(connection, few="few"))


def test_the_only_version_of_a_prompt_or_of_an_application_is_no_deploy() -> None:
    facts = version_facts(("1", 0), ("1", 50), ("2", 60), ("2", 61), ("2", 62), ("2", 90))
    row = trace_row(random.Random(9), 9, 70) | {"name": "rare", "version": "9"}
    facts.rows[Grain.TRACE].append(row)
    facts.rows[Grain.SPAN].append(span_row(9, 0, 70) | {"prompt": "critic@7"})
    assert marks_of(facts) == [Mark(60, "prompt", "answer@2"), Mark(60, "version", "2", "support")]


def test_a_version_is_marked_where_it_was_first_seen_and_not_when_it_was_there_from_the_beginning() -> None:
    facts = version_facts(("1", 0), ("1", 5), ("1", 100), ("2", 60), ("2", 61), ("2", 62), ("2", 99), (None, 80))
    assert marks_of(facts) == [Mark(60, "prompt", "answer@2"), Mark(60, "version", "2", "support")]


def test_a_rare_version_that_was_there_from_the_beginning_is_no_deploy() -> None:
    often = [("1", at) for at in range(0, 100)]
    rare = [("2", at) for at in (15, 40, 70, 95)]
    assert marks_of(version_facts(*often, *rare)) == []
    later = [("3", at) for at in (50, 52, 55, 60, 99)]
    assert {mark.value for mark in marks_of(version_facts(*often, *rare, *later))} == {"3", "answer@3"}


def test_a_filter_says_which_versions_are_marked_and_not_when_they_were_first_seen() -> None:
    facts = version_facts(("1", 0), ("1", 90), ("2", 50), ("2", 51), ("2", 70), ("3", 80), ("3", 81))
    assert [mark.time_ns for mark in marks_of(facts, TraceFilter("few"), [1, 4])] == [50, 50]
    # what came before the time that is looked at is no news in it
    assert {mark.value for mark in marks_of(facts, TraceFilter("", 60, None))} == {"3", "answer@3"}
    assert marks_of(facts, TraceFilter("", 60, 80)) == []


def test_of_many_versions_those_that_are_seen_most_are_marked() -> None:
    many = [(f"v{i}", 1000 + i * 10 + again) for i in range(60) for again in range(1 + (i % 3 == 0) * 2)]
    found = marks_of(version_facts(("0", 0), *many))
    assert len(found) == 24
    assert {int(mark.value.rpartition("v")[2]) % 3 for mark in found} == {0}
    assert [mark.time_ns for mark in found] == sorted(mark.time_ns for mark in found)


def test_a_prompt_without_a_version_is_never_marked() -> None:
    facts = version_facts((None, 0), (None, 100))
    facts.rows[Grain.SPAN].append(span_row(1, 1, 100) | {"prompt": "answer"})
    assert marks_of(facts) == []
    assert marks_of(no_facts()) == []


def test_the_range_is_of_the_traces_that_match() -> None:
    facts = version_facts(("1", -7), ("1", 5), ("1", 100))
    with facts.load() as connection:
        connection.register("few", {"trace": np.array([1])})
        source = facts.source(connection, few="few")
        assert range_of(EVERYTHING, source) == (-7, 100)
        assert range_of(TraceFilter("few"), source) == (5, 5)
        assert range_of(TraceFilter("", 6, 100), source) is None
