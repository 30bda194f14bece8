"""The dashboards that come along: whole, sound, and of the shape that the page is made for."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from tailrace.assets import asset
from tailrace.metrics.catalogue import CATALOGUE
from tailrace.metrics.dashboards import PAGE, dashboard_as_json, dashboard_of, fault_in, follows_page, grouped_by
from tailrace.metrics.formula import parse_formula
from tailrace.metrics.presets import PRESETS, presets
from tailrace.model.dashboard import COLUMNS, ChartKind, Dashboard, Panel
from tailrace.model.facts import find_dimension

EACH = pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.dashboard_id)


def test_every_file_is_a_preset_and_every_preset_a_file() -> None:
    assert sorted(path.name for path in asset("dashboards").iterdir()) == sorted(f"{name}.json" for name in PRESETS)
    assert [preset.name for preset in presets()] == [
        "Overview", "Performance", "Cost", "Quality", "Agents & tools", "Retrieval",
    ]  # fmt: skip
    assert all(preset.created_ns is None for preset in presets())


@EACH
def test_a_preset_fills_its_rows_without_two_panels_in_one_place(preset: Dashboard) -> None:
    cells = [
        (x, y)
        for panel in preset.panels
        for x in range(panel.x, panel.x + panel.w)
        for y in range(panel.y, panel.y + panel.h)
    ]
    assert len(set(cells)) == len(cells)
    assert len(cells) == COLUMNS * (max(y for _, y in cells) + 1), "no hole"


@EACH
def test_a_preset_begins_with_six_figures_and_asks_only_for_what_there_is(preset: Dashboard) -> None:
    numbers = [panel for panel in preset.panels if panel.kind is ChartKind.NUMBER]
    assert [(panel.x, panel.y, panel.w, panel.h) for panel in numbers] == [(x, 0, 2, 1) for x in range(0, 12, 2)]
    assert [fault_in(panel) for panel in preset.panels] == [""] * len(preset.panels)
    assert all(panel.measures for panel in preset.panels if panel.kind is not ChartKind.DIFFERENCES)
    assert all(panel.title for panel in preset.panels)
    assert dashboard_of(dashboard_as_json(preset), preset.dashboard_id) == preset


def measured(panel: Panel) -> set[str]:
    return set() if panel.kind in (ChartKind.HEATMAP, ChartKind.HISTOGRAM) else set(panel.measures)


@EACH
def test_no_two_charts_of_a_preset_show_the_same(preset: Dashboard) -> None:
    for one, other in combinations([panel for panel in preset.panels if panel.kind is not ChartKind.NUMBER], 2):
        same = (one.measures, one.by, one.kind) == (other.measures, other.by, other.kind)
        assert not same, (one.title, other.title)


@EACH
def test_what_is_stacked_adds_up(preset: Dashboard) -> None:
    for panel in preset.panels:
        if panel.kind in (ChartKind.BARS, ChartKind.PIE):
            first = parse_formula(panel.measures[0])
            assert first.additive, panel.title
        if panel.kind is ChartKind.PIE:
            dimension = find_dimension(panel.by)
            assert dimension is not None
            assert not dimension.several, "parts of one whole"


def test_cohorts_and_comparisons_are_among_the_presets() -> None:
    fields = {part for preset in presets() for panel in preset.panels for part in panel.by.split(":")}
    assert {"users", "week", "version", "prompt", "model", "category", PAGE} <= fields


@EACH
def test_on_every_preset_group_by_and_compare_are_seen_to_do_something(preset: Dashboard) -> None:
    following = {panel.kind for panel in preset.panels if follows_page(panel.by)}
    assert ChartKind.COMPARISON in following
    assert following & {ChartKind.LINE, ChartKind.BARS}


@pytest.mark.parametrize(
    ("by", "page", "meant"),
    [("", "model", ""), ("name", "model", "name"), ("page", "model", "model"), ("page", "", ""),
     ("page:name", "model", "model"), ("page:name", "", "name"), ("page:attr.page:x", "", "attr.page:x")],
)  # fmt: skip
def test_a_panel_that_follows_the_page_has_a_group_of_its_own_for_where_the_page_has_none(
    by: str, page: str, meant: str
) -> None:
    assert grouped_by(by, page) == meant


def test_a_group_that_there_is_not_is_refused_also_where_it_stands_in_for_the_page() -> None:
    panel = replace(presets()[0].panels[0], by="page:nonsense")
    assert "nonsense" in fault_in(panel)
    assert fault_in(replace(panel, by="page:model")) == ""


def test_every_group_of_the_catalogue_is_shown_somewhere() -> None:
    shown = {name for preset in presets() for panel in preset.panels for name in measured(panel)}
    assert {measure.group for measure in CATALOGUE.values() if measure.id in shown} == {
        measure.group for measure in CATALOGUE.values()
    }
