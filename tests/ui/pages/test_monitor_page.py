"""The Monitor page in the window, on answers that are made up: what waits, fails, is stopped or has nothing to show."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot
from tests.ui.charted import PRESET, MadeUp, panel
from tests.ui.driving import SECOND, START, press
from tests.ui.monitoring import ALT, CTRL, SHIFT, Monitored, middle

from tailrace.errors import DatabaseError
from tailrace.model import TraceFilter
from tailrace.model.charted import Group
from tailrace.model.dashboard import ChartKind
from tailrace.ui.main_window import MainWindow
from tailrace.ui.views.charts.timed_body import TimedBody
from tailrace.ui.views.charts.values import DifferencesChart, Pick
from tailrace.ui.views.filter_bar import TimeRange

END = START + 39 * 60 * SECOND


class Open(Monitored):
    """A window whose figures are made up."""

    def __init__(self, qtbot: QtBot, window: MainWindow, made: MadeUp) -> None:
        super().__init__(qtbot, window)
        self.made = made


@pytest.fixture
def opened(qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path) -> Iterator[Open]:
    window = open_window(database)
    made = MadeUp(START, END)
    assert window.session.workspace is not None
    cast(Any, window.session.workspace).monitor = made
    yield Open(qtbot, window, made)
    made.gate.set()
    made.building.set()


# ---- going to it ----


def test_ctrl_3_shows_the_dashboard_beside_the_filter_that_all_pages_share(opened: Open) -> None:
    opened.enter()
    window, page = opened.window, opened.page
    assert window.rail.current == "monitor"
    assert page.bar.dashboard.text() == "Overview"
    assert window.filter_row.bar.isVisible()
    assert page.bar.group.isVisible()
    assert all(opened.card(one.panel_id).content is not None for one in PRESET.panels)
    assert "120 traces aggregated" in window.status.text
    press(opened.qtbot, Qt.Key.Key_1, CTRL)
    assert window.rail.current == "traces"
    assert not page.bar.group.isVisible()
    assert window.filter_row.bar.isVisible()


def test_the_plotting_library_is_not_loaded_before_the_page_is_shown(opened: Open) -> None:
    assert opened.window.pages.monitor.made is None


def test_in_a_narrow_window_all_of_the_top_row_is_in_sight(opened: Open) -> None:
    opened.window.resize(1100, 700)
    opened.page.groups.group_by("prompt")
    opened.page.groups._choose_values(("support@v13-with-a-long-name", "support@v14"))
    opened.enter()
    bar = opened.page.bar
    edge = opened.window.width()
    for part in (bar.dashboard, bar.group, bar.compare, bar.live, bar.chart, opened.window.filter_row.times):
        right = part.mapTo(opened.window, QPoint(part.width(), 0)).x()
        assert part.isVisible()
        assert right <= edge
    assert opened.window.filter_row.bar.width() >= 180
    assert opened.window.width() == 1100


# ---- zooming and going back ----


def test_a_drag_on_a_chart_zooms_all_pages_and_alt_left_goes_back(opened: Open) -> None:
    opened.enter()
    card = opened.card("latency")
    opened.drag(card, middle(card, 0.25), middle(card, 0.75))
    opened.settle()
    zoomed = opened.window.session.history.current
    assert zoomed.since_ns is not None
    assert zoomed.until_ns is not None
    assert START <= zoomed.since_ns < zoomed.until_ns <= END + 60 * SECOND
    assert zoomed.until_ns - zoomed.since_ns < (END - START) * 0.7
    asked = opened.made.asked[-1].filter
    assert (asked.since_ns, asked.until_ns) != (None, None)
    press(opened.qtbot, Qt.Key.Key_Left, ALT)
    opened.settle()
    assert opened.window.session.history.current == TraceFilter()


def test_a_double_click_goes_back_to_the_times_before(opened: Open) -> None:
    opened.enter()
    card = opened.card("latency")
    for low, high in ((0.1, 0.9), (0.3, 0.6)):
        opened.drag(card, middle(card, low), middle(card, high))
        opened.settle()
    assert opened.window.session.history.former != TraceFilter()
    first = opened.window.session.history.former
    card.reset.emit()
    opened.settle()
    assert opened.window.session.history.current == first


def test_a_double_click_shows_all_times_where_the_step_before_was_another_filter(opened: Open) -> None:
    history = opened.window.session.history
    history.push(TraceFilter("status:error"))
    history.push(TraceFilter("status:ok", START, START + SECOND))
    opened.enter()
    opened.card("latency").reset.emit()
    assert history.current == TraceFilter("status:ok")


# ---- to the traces ----


def test_a_click_opens_the_traces_of_that_time_and_group(opened: Open) -> None:
    opened.enter()
    opened.page.groups.group_by("tool")
    opened.settle()
    opened.card("models").opened.emit(Pick(START, START + 600 * SECOND, Group("lookup_order"), "traffic.requests"))
    opened.settle()
    assert opened.window.rail.current == "traces"
    assert opened.window.session.history.current == TraceFilter("tool:lookup_order", START, START + 600 * SECOND)
    assert opened.window.page.model.rowCount() == 10


def test_for_a_group_that_no_filter_names_all_of_its_times_are_shown_and_that_is_said(opened: Open) -> None:
    opened.enter()
    opened.page.groups.group_by("agent")
    opened.settle()
    opened.card("models").opened.emit(Pick(START, START + 600 * SECOND, Group("planner")))
    opened.settle()
    assert opened.window.session.history.current == TraceFilter("", START, START + 600 * SECOND)
    assert "no filter names this agent" in opened.window.messages.text


# ---- selecting ----


def test_a_shift_drag_selects_and_says_what_differs_beside_the_charts(opened: Open) -> None:
    opened.enter()
    card = opened.card("heat")
    opened.drag(card, middle(card, 0.2), middle(card, 0.6) + QPoint(0, 40), SHIFT)
    opened.settle()
    page = opened.page
    assert page.selection.selected is not None
    [(selection, against)] = opened.made.differed
    assert "latency:" in selection.text
    assert selection.since_ns is not None
    assert against == TraceFilter()
    assert page.selection.bar.isVisible()
    assert "12 of 40 traces" in page.selection.bar.text
    assert page.selection.bar.traces.text() == "Open 12 traces"
    assert page.selection.side.isVisible()
    opened.qtbot.mouseClick(page.selection.bar.traces, Qt.MouseButton.LeftButton)
    opened.settle()
    assert opened.window.rail.current == "traces"
    assert opened.window.session.history.current == selection


def test_escape_and_another_filter_take_the_selection_back(opened: Open) -> None:
    opened.enter()
    opened.card("latency").selected.emit(Pick(START, START + 60 * SECOND))
    opened.settle()
    assert opened.page.selection.bar.isVisible()
    opened.page.setFocus()
    opened.qtbot.keyClick(opened.page, Qt.Key.Key_Escape)
    assert opened.page.selection.selected is None
    assert not opened.page.selection.bar.isVisible()
    opened.card("latency").selected.emit(Pick(START, START + 60 * SECOND))
    opened.window.session.history.push(TraceFilter("status:error"))
    opened.settle()
    assert opened.page.selection.selected is None


def test_what_is_selected_stays_on_the_charts_when_they_are_grouped_otherwise(opened: Open) -> None:
    differing = panel("differing", ChartKind.DIFFERENCES, x=4, y=7)
    opened.made.saved = [replace(PRESET, panels=(*PRESET.panels, differing))]
    opened.enter()
    opened.card("latency").selected.emit(Pick(START, START + 60 * SECOND))
    opened.settle()
    told = opened.card("differing").content
    assert isinstance(told, DifferencesChart)
    assert told.differences is not None
    opened.page.groups.group_by("model")
    opened.settle()
    assert opened.page.selection.bar.isVisible()
    assert opened.card("differing").content == told
    body = opened.card("latency").body
    assert isinstance(body, TimedBody)
    assert body.selection == Pick(START, START + 60 * SECOND)


def test_the_selection_can_become_the_filter(opened: Open) -> None:
    opened.enter()
    opened.card("latency").selected.emit(Pick(START, START + 60 * SECOND))
    opened.settle()
    opened.qtbot.mouseClick(opened.page.selection.bar.narrow, Qt.MouseButton.LeftButton)
    assert opened.window.session.history.current == TraceFilter("", START, START + 60 * SECOND)


# ---- waiting, failing, nothing ----


def test_old_figures_stay_while_new_ones_are_on_their_way_and_the_latest_question_wins(opened: Open) -> None:
    opened.enter()
    card = opened.card("latency")
    former = card.content
    opened.made.gate.clear()
    opened.window.session.history.push(TraceFilter("status:ok"))
    opened.qtbot.waitUntil(lambda: card.waiting, timeout=5_000)
    assert card.content is former
    opened.window.session.history.push(TraceFilter("status:error"))
    opened.qtbot.wait(50)
    opened.made.asked.clear()
    opened.made.gate.set()
    opened.settle()
    assert {question.filter.text for question in opened.made.asked} == {"status:error"}
    assert card.content is not former
    assert not card.waiting


def test_while_the_columns_are_built_progress_is_said_and_can_be_stopped_and_gone_on_with(opened: Open) -> None:
    opened.made.building.clear()
    press(opened.qtbot, Qt.Key.Key_3, CTRL)
    page = opened.page
    opened.qtbot.waitUntil(page.strip.isVisible, timeout=5_000)
    assert page.strip.text.startswith("Preparing the charts · 300 of 1,000 spans")
    assert page.bar.group.isEnabled()
    page.strip.cancelled.emit()
    opened.qtbot.waitUntil(page.notice.isVisible, timeout=5_000)
    assert not page.strip.isVisible()
    assert "was stopped" in page.notice.text
    assert opened.made.asked == []
    assert "waits for the columns" in opened.card("latency").state_words()[1]
    assert not opened.card("latency").waiting
    opened.made.building.set()
    page.notice.action.emit(None)
    opened.settle()
    assert opened.card("latency").content is not None
    assert not page.notice.isVisible()


def test_what_cannot_be_read_is_said_in_the_cards(opened: Open) -> None:
    opened.made.fail = DatabaseError("The columns cannot be read.")
    opened.enter()
    assert opened.card("latency").state_words() == ("Could not be drawn", "The columns cannot be read.")
    opened.made.fail = None
    opened.window.run_command("file.refresh")
    opened.settle()
    assert opened.card("latency").state_words() == ("", "")


def test_a_filter_that_matches_nothing_says_what_to_do(opened: Open) -> None:
    opened.enter()
    opened.made.found = None
    opened.window.session.history.push(TraceFilter("env:moon"))
    opened.settle()
    assert not opened.page.grid.isVisible()
    assert opened.page._nothing.title.text() == "No trace matches"
    opened.made.found = (START, END)
    opened.window.run_command("filter.back")
    opened.settle()
    assert opened.page.grid.isVisible()


def test_what_was_written_to_the_database_is_read_when_the_page_is_in_sight(opened: Open) -> None:
    opened.enter()
    prepared = opened.made.prepared
    opened.window.session.data_changed.emit()
    opened.settle()
    assert opened.made.prepared == prepared + 1
    press(opened.qtbot, Qt.Key.Key_1, CTRL)
    asked = len(opened.made.asked)
    opened.window.session.data_changed.emit()
    opened.settle()
    assert len(opened.made.asked) == asked
    opened.enter()
    assert opened.made.prepared == prepared + 2


# ---- live ----


def test_live_reads_again_while_the_page_is_in_sight_and_only_then(opened: Open) -> None:
    opened.enter()
    page = opened.page
    opened.window.run_command("monitor.live")
    assert page.is_live
    assert opened.window.actions_of["monitor.live"].isChecked()
    opened.settle()
    assert page._live.isActive()
    asked = len(opened.made.asked)
    page._live.timeout.emit()
    opened.settle()
    assert len(opened.made.asked) > asked
    press(opened.qtbot, Qt.Key.Key_1, CTRL)
    assert not page._live.isActive()
    opened.enter()
    assert page._live.isActive()
    opened.window.run_command("monitor.live")
    assert not page._live.isActive()


def test_the_last_hour_says_where_it_ends_and_moves_on_while_live(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.enter()
    filters, history = opened.window.filter_row, opened.window.session.history
    filters._choose_range(TimeRange(3_600 * SECOND))
    opened.settle()
    assert opened.window.status.text.startswith("Last hour of this file, up to its newest trace · ")
    steps, first = history.former, history.current.since_ns
    monkeypatch.setattr(filters, "_latest_ns", time.time_ns())
    filters.move_on()
    opened.settle()
    assert opened.window.status.text.startswith("Last hour, up to now · ")
    assert history.current.since_ns != first
    assert history.former == steps, "that is no step of the history"
    assert filters.times.range() == TimeRange(3_600 * SECOND)


# ---- what is chosen ----


def test_group_by_offers_every_field_and_attribute_and_compare_the_values_of_it(opened: Open) -> None:
    opened.enter()
    page = opened.page
    press(opened.qtbot, Qt.Key.Key_G)
    opened.settle()
    offered = [page.bar.groups.rows.item(n).text() for n in range(page.bar.groups.rows.count())]
    assert {"Nothing", "Model", "Prompt and version", "Tool"} <= set(offered)
    opened.qtbot.keyClicks(QApplication.focusWidget(), "prompt")
    opened.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    opened.settle()
    assert page.groups.by == "prompt"
    assert page.bar.group.text() == "Prompt and version"
    press(opened.qtbot, Qt.Key.Key_C)
    opened.settle()
    for _ in range(2):
        opened.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        opened.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    opened.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    opened.settle()
    assert page.groups.compare == ("a", "b")
    assert page.bar.compare.text() == "a · b"
    assert opened.card("compared").content.comparison.values == ("a", "b")  # type: ignore[union-attr]
    page.groups.group_by("model")
    assert page.groups.compare == ()


def test_what_is_compared_comes_into_sight_and_where_nothing_follows_the_page_that_is_said(opened: Open) -> None:
    far = replace(PRESET.panels[-1], y=30)
    opened.made.saved = [replace(PRESET, panels=(*PRESET.panels[:-1], far))]
    opened.enter()
    opened.page.groups.group_by("model")
    opened.page.groups._choose_values(("a", "b"))
    opened.settle()
    assert not opened.card("compared").visibleRegion().isEmpty()
    opened.page.groups.group_by("")
    opened.made.saved = [replace(PRESET, panels=PRESET.panels[:4])]
    opened.page.dashboards.read()
    opened.settle()
    opened.page.groups.group_by("model")
    opened.settle()
    assert "No chart here follows Group by" in opened.window.status.text


def test_where_a_person_was_is_there_again(
    opened: Open, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    opened.enter()
    opened.page.groups.group_by("tool")
    opened.settle()
    opened.window.close()
    window = open_window(database)
    assert window.rail.current == "monitor"
    assert window.monitor.groups.by == "tool"


# ---- a chart's menu ----


def test_the_menu_of_a_chart_offers_what_can_be_done_with_it_and_with_what_is_pointed_at(opened: Open) -> None:
    opened.enter()
    opened.page.groups.group_by("tool")
    opened.settle()
    menu = opened.page.panels.menu("models", Pick(None, None, Group("look&up")))
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions() if action.text()]
    assert words[0] == "Show these traces"
    assert "Filter for  tool:look&&up" in words
    assert {"Edit…", "Duplicate", "Remove", "Copy data", "Save data as CSV…", "Save as PNG…", "Save as SVG…"} <= set(
        words
    )
    assert "Open as SQL" in words
    next(action for action in menu.actions() if action.text().startswith("Filter out")).trigger()
    assert opened.window.session.history.current.text == "-tool:look&up"
    opened.settle()


def test_a_file_is_proposed_under_the_title_of_the_chart(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    proposed: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (proposed.append(args[2]), ("", ""))[1])
    opened.enter()
    opened.page.panels.save("tools", "csv")
    assert proposed == ["Tool calls, Tool success rate by tool.csv".replace(",", "-")]


def test_figures_can_be_copied_and_saved(opened: Open, tmp_path: Path) -> None:
    opened.enter()
    opened.card("tools").setFocus()
    opened.window.run_command("monitor.copy-data")
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[0] == "tool"
    assert lines[1].split("\t")[0] == "a"
    for kind in ("csv", "png", "svg"):
        opened.page.panels.save_to("tools", kind, tmp_path / f"chart.{kind}")
        opened.settle()
    assert (tmp_path / "chart.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("a,")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "chart.svg").read_bytes()
