"""Dashboards being edited."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.charted import PRESET

from tailrace.model.dashboard import MOST_PANELS, ChartKind, Dashboard
from tailrace.ui.models import monitor_edits as edits


def test_a_copy_of_a_preset_is_ones_own_under_another_name_with_the_same_charts() -> None:
    copied = edits.copy_of(PRESET, "ada", ["Overview", "overview 2"])
    assert edits.is_preset(PRESET)
    assert not edits.is_preset(copied)
    assert (copied.name, copied.author) == ("Overview 3", "ada")
    assert copied.dashboard_id != PRESET.dashboard_id
    assert copied.panels == PRESET.panels


def test_names_must_be_there_and_be_ones_own() -> None:
    assert edits.name_problem("  ", []) == "A dashboard needs a name."
    assert "another dashboard" in edits.name_problem("cost", ["Cost"])
    assert edits.name_problem("Costs", ["Cost"]) == ""
    assert edits.name_problem("x" * 121, []) != ""
    assert edits.free_name(" \n", []) == "Dashboard"


def test_a_chart_can_be_added_changed_doubled_and_taken_away() -> None:
    board = Dashboard("d", "mine", ())
    first = replace(edits.new_panel(ChartKind.LINE), measures=("latency.p95",))
    board = edits.with_panel(board, first)
    board = edits.duplicated(board, first.panel_id)
    assert [(one.x, one.y) for one in board.panels] == [(0, 0), (4, 0)] or [(one.x, one.y) for one in board.panels] == [
        (0, 0),
        (0, 3),
    ]
    assert len({one.panel_id for one in board.panels}) == 2
    board = edits.with_changed(board, replace(first, title="p95"))
    assert [one.title for one in board.panels] == ["p95", ""]
    board = edits.without(board, first.panel_id)
    assert [(one.title, one.x) for one in board.panels] == [("", board.panels[0].x)]
    assert edits.duplicated(board, "nothing") == board


def test_a_dashboard_holds_so_many_charts_and_no_more() -> None:
    board = Dashboard("d", "mine", ())
    for _ in range(MOST_PANELS + 3):
        board = edits.with_panel(board, edits.new_panel())
    assert len(board.panels) == MOST_PANELS


def test_charts_of_a_file_that_lie_on_each_other_are_put_apart() -> None:
    on_top = tuple(replace(one, x=0, y=0) for one in PRESET.panels)
    taken = edits.taken_in(replace(PRESET, panels=on_top), "ada", [])
    assert len({one.y for one in taken.panels}) == len(on_top)
