"""From a place in a chart to the traces behind it."""

from __future__ import annotations

import pytest

from tailrace.metrics.formula import parse_formula
from tailrace.model import TraceFilter
from tailrace.model.charted import Difference, Group
from tailrace.query import State, parse
from tailrace.ui.models.monitor_terms import (
    joined,
    of_difference,
    of_group,
    of_measure,
    of_values,
    within,
)

ASKED = TraceFilter("env:prod OR env:beta", 100, 900)


def test_times_narrow_the_filter_and_never_widen_it() -> None:
    assert within(ASKED, 300, 400) == TraceFilter(ASKED.text, 300, 400)
    assert within(ASKED, 50, 2_000) == ASKED
    assert within(TraceFilter(), None, 7) == TraceFilter("", None, 7)


def test_two_filters_are_both_met() -> None:
    assert joined("", " a:b ") == "a:b"
    assert joined("env:prod OR env:beta", "kind:llm") == "(env:prod OR env:beta) kind:llm"


@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("model", "gpt-4o"),
        ("tool", 'a"b<c>&\n\x00'),
        ("prompt", "support@v14"),
        ("attr.user.tier", "gold *"),
        ("status", "error"),
        ("thumb", "up"),
        ("kind", "llm"),
    ],
)
def test_a_group_becomes_a_term_that_the_filter_language_reads(by: str, value: str) -> None:
    behind = of_group(ASKED, by, Group(value))
    assert behind.left_out == ""
    assert behind.filter.text.startswith("(env:prod OR env:beta) ")
    assert parse(behind.filter.text).state is State.VALID
    assert (behind.filter.since_ns, behind.filter.until_ns) == (100, 900)


def test_those_without_a_value_are_filtered_for_as_not_having_it() -> None:
    assert of_group(TraceFilter(), "version", Group()).filter.text == "-has:version"
    assert of_group(TraceFilter(), "thumb", Group()).filter.text == "thumb:none"


@pytest.mark.parametrize(
    ("by", "group"),
    [("model", Group(others=True)), ("agent", Group("planner")), ("kind", Group("no such kind")), ("error", Group())],
)
def test_what_no_term_names_is_said_and_the_filter_stays(by: str, group: Group) -> None:
    behind = of_group(ASKED, by, group)
    assert behind.filter == ASKED
    assert behind.left_out


def test_bounds_of_values_become_comparisons_of_the_fields_that_have_them() -> None:
    assert of_values(TraceFilter(), "trace.duration_ns", 2.1e9, 4e9).filter.text == "latency:>=2.1s latency:<4s"
    assert of_values(TraceFilter(), "trace.cost", 0.05, None).filter.text == "cost:>=$0.05"
    assert of_values(TraceFilter(), "trace.loop_depth", 10.0, 61.0).filter.text == "loop:>=10 loop:<61"
    assert "score.relevance" in of_values(TraceFilter(), "score.value:relevance", None, 0.5).filter.text
    assert of_values(TraceFilter(), "span.duration_ns", 1, 2).left_out == "no filter bounds duration"
    assert of_values(ASKED, "trace.duration_ns", None, None).filter == ASKED


def test_a_count_of_failures_opens_the_failures() -> None:
    assert of_measure(TraceFilter(), parse_formula("reliability.failed")).filter.text == "status:error"
    assert of_measure(TraceFilter(), parse_formula("tools.errors")).filter.text == "failed:tool"
    assert of_measure(TraceFilter(), parse_formula("latency.p95")).filter.text == ""
    assert of_measure(TraceFilter(), parse_formula("reliability.errors")).filter.text == "has:error", "where they began"
    assert of_measure(TraceFilter(), parse_formula("errors.rate_limit")).filter.text == "category:rate-limit"


def test_what_differs_opens_with_its_own_term() -> None:
    named = Difference("attr.loop", "4", 9, 10, 1, 90, 81.0, 0.9, 1e-9, term="attr.loop:>=4")
    assert of_difference(ASKED, named).filter.text == "(env:prod OR env:beta) attr.loop:>=4"
    nameless = Difference("agent", "planner", 9, 10, 1, 90, 81.0, 0.9, 1e-9)
    assert of_difference(ASKED, nameless).left_out == "no filter names this Agent"
