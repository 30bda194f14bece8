"""Every panel of the presets and every measure of the catalogue finds its answer in the facts."""

from __future__ import annotations

import random

import pytest
from tests.store.charting.facts import some_facts

from tailrace.metrics.catalogue import CATALOGUE
from tailrace.metrics.dashboards import column_of, grouped_by
from tailrace.metrics.formula import parse_formula
from tailrace.metrics.presets import presets
from tailrace.model import TraceFilter
from tailrace.model.charted import Buckets, HeatQuestion, Question, SpreadQuestion
from tailrace.model.dashboard import ChartKind, Dashboard
from tailrace.store.charting import ask, heat, spread

FACTS = some_facts(random.Random(5), range(0, 4_000, 100), 60)
TIMES = Buckets((0, 1_000, 2_500, 4_000))


@pytest.mark.parametrize("by", [None, "model", "users", "week", "category", "attr.stage"])
def test_every_measure_of_the_catalogue_is_answered(by: str | None) -> None:
    connection = FACTS.load()
    measures = tuple(CATALOGUE.values())
    [answer] = ask([Question(measures, buckets=TIMES, by=by)], FACTS.source(connection))
    assert set(answer.figures) == set(answer.whole) == set(CATALOGUE)
    shape = (len(answer.groups), len(TIMES))
    assert {figures.shape for figures in answer.figures.values()} == {shape}
    connection.close()


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.dashboard_id)
@pytest.mark.parametrize("page", ["version", "prompt"])
def test_every_panel_of_a_preset_is_answered(preset: Dashboard, page: str) -> None:
    connection = FACTS.load()
    source = FACTS.source(connection)
    for panel in preset.panels:
        if panel.kind is ChartKind.HEATMAP:
            grain, column, _ = column_of(panel.measures[0])
            assert heat(HeatQuestion(column, grain, TraceFilter(), TIMES), source).counts.shape[1] == len(TIMES)
        elif panel.kind is ChartKind.HISTOGRAM:
            grain, column, score = column_of(panel.measures[0])
            found = spread(SpreadQuestion(column, grain, TraceFilter(), score=score), source)
            assert found.counts.sum() + found.below + found.unknown >= 0
        elif panel.measures:
            measures = tuple(parse_formula(text) for text in panel.measures)
            by = grouped_by(panel.by, page) or None
            [answer] = ask([Question(measures, TraceFilter(panel.filter), TIMES, by, panel.top)], source)
            assert set(answer.whole) == {measure.id for measure in measures}
    connection.close()
