"""What is proposed while a formula is being typed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailrace.metrics.formula import complete_formula
from tailrace.model import ValueCount

SEEN = {
    "attr.": [ValueCount("loop.iterations", 12), ValueCount("my-key", 3)],
    "score.": [ValueCount("relevance", 90), ValueCount("Tone of voice", 4)],
    "model": [ValueCount("gpt-4o", 50), ValueCount("", 1)],
}


def values(field: str, prefix: str) -> Sequence[ValueCount]:
    return [seen for seen in SEEN.get(field, []) if seen.value.startswith(prefix)]


def proposed(text: str) -> list[str]:
    """What is proposed at `|`."""
    cursor = text.index("|")
    return [item.insert for item in complete_formula(text.replace("|", ""), cursor, values).items]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cost.t|", "cost.total"),
        ("latency.p50 + lat|", "latency.mean"),
        ("(traf|", "traffic.requests"),
        ("mea|", "mean("),
        ("p9|", "p90("),
        ("ela|", "elapsed"),
        ("mean(span.dur|", "span.duration"),
        ("mean(cost|", "trace.cost"),
        ("count(tr|", "trace"),
        ("peak(|", "trace"),
        ("p95(attr.|", "attr.loop.iterations"),
        ("p95(attr.my|", 'attr."my-key"'),
        ("mean(score.rel|", "score.relevance"),
        ("below(score.Tone|", 'score."Tone of voice"'),
        ("mean(span.duration |", "where "),
        ("mean(span.duration where ki|", "kind"),
        ("mean(span.duration where kind = to|", '"tool"'),
        ('mean(span.duration where kind = "to|', '"tool"'),
        ("mean(span.duration where model = |", '"gpt-4o"'),
        ("mean(span.duration where failed = |", "true"),
        ("mean(span.duration where failed |", "and "),
        ("mean(span.duration where failed and ret|", "retry"),
        ("share(trace.failed = |", "true"),
        ("share(span.error_category = |", '"timeout"'),
        ("mean(span.cost) / traffic|", "traffic.requests"),
    ],
)
def test_what_fits_is_proposed_first(text: str, first: str) -> None:
    assert proposed(text)[0] == first


@pytest.mark.parametrize(
    "text", ["cost.total |", "cost.total|", "nothing(tr|", "mean(span.cost)|", "2|", "5k|", "# co|"]
)
def test_where_nothing_fits_nothing_is_proposed(text: str) -> None:
    assert proposed(text) == []


def test_only_numbers_are_proposed_where_a_number_is_needed() -> None:
    assert "trace.failed" not in proposed("mean(trace.|")
    assert "span.model" not in proposed("p95(span.|")
    assert "span.model" in proposed("distinct(span.m|")
    assert "trace.failed" in proposed("share(trace.f|")


def test_the_whole_name_around_the_cursor_is_replaced() -> None:
    found = complete_formula("2 * cost.tot / 3", 9, values)
    assert (found.start, found.end) == (4, 12)


@settings(deadline=None)
@given(st.text(alphabet='abcost.ml("=)whre ,+\\\0', max_size=30), st.integers(-3, 40))
def test_anything_can_be_typed(text: str, cursor: int) -> None:
    found = complete_formula(text, cursor, values)
    assert 0 <= found.start <= found.end <= len(text)
    assert len(found.items) <= 50
