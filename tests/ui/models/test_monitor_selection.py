"""What an area of a chart selects."""

from __future__ import annotations

import pytest
from tests.ui.charted import panel

from tailrace.metrics.formula import parse_formula
from tailrace.model import TraceFilter
from tailrace.model.dashboard import ChartKind, Dashboard
from tailrace.ui.models.monitor_scene import Scene
from tailrace.ui.models.monitor_selection import selected_in
from tailrace.ui.views.charts.values import Pick

SCENE = Scene(Dashboard("d", "d", ()), TraceFilter("env:prod"))


@pytest.mark.parametrize(
    ("measures", "text"),
    [
        (("reliability.errors",), "env:prod has:error"),
        (("tools.errors",), "env:prod failed:tool"),
        (("traffic.requests",), "env:prod"),
        (("reliability.errors", "traffic.requests"), "env:prod"),
        (("no such thing",), "env:prod"),
    ],
)
def test_on_a_chart_of_failures_the_failed_traces_of_the_times_are_selected(
    measures: tuple[str, ...], text: str
) -> None:
    selected = selected_in(panel("p", ChartKind.BARS, *measures, by="category"), Pick(10, 20), SCENE)
    assert selected.filter == TraceFilter(text, 10, 20)
    assert selected.against == SCENE.filter
    narrowed = text != SCENE.filter.text
    assert selected.words.endswith(parse_formula(measures[0]).title) if narrowed else "·" not in selected.words
