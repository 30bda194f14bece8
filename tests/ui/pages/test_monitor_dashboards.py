"""Dashboards on the real thing: made, changed, moved, saved, undone, taken in and given out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.driving import press
from tests.ui.monitoring import CTRL, SHIFT, Monitored

from tailrace.model.dashboard import Dashboard
from tailrace.store import connections
from tailrace.ui.dialogs.ask_text import AskText
from tailrace.ui.dialogs.edit_panel import EditPanel
from tailrace.ui.main_window import MainWindow
from tailrace.ui.models.monitor_edits import is_preset, panel_of
from tailrace.workspace import Workspace


@pytest.fixture
def monitored(qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path) -> Monitored:
    found = Monitored(qtbot, open_window(database))
    found.enter()
    return found


def saved(database: Path) -> list[Dashboard]:
    """What another program finds in the file."""
    workspace = Workspace(database)
    try:
        return [one for one in workspace.monitor.dashboards() if not is_preset(one)]
    finally:
        workspace.close()


def current(monitored: Monitored) -> Dashboard:
    shown = monitored.page.dashboards.current
    assert shown is not None
    return shown


def place(monitored: Monitored, panel_id: str) -> tuple[int, int, int, int]:
    panel = panel_of(current(monitored), panel_id)
    assert panel is not None
    return panel.x, panel.y, panel.w, panel.h


def test_six_dashboards_are_offered_and_the_first_is_shown(monitored: Monitored) -> None:
    names = [one.name for one in monitored.page.dashboards.presets]
    assert names == ["Overview", "Performance", "Cost", "Quality", "Agents & tools", "Retrieval"]
    assert current(monitored).name == "Overview"
    for name in names[1:]:
        assert monitored.page.dashboards.choose_named(name)
        monitored.settle()
        assert monitored.page.bar.dashboard.text() == name
        failed = [card.title for card in monitored.page.grid.cards if card.state_words()[0] == "Could not be drawn"]
        assert failed == []


def test_moving_a_chart_of_a_preset_by_key_moves_it_in_a_copy_and_says_so_and_undo_takes_it_back(
    monitored: Monitored, database: Path
) -> None:
    before = place(monitored, "errors")
    monitored.page.grid.reveal("errors")
    press(monitored.qtbot, Qt.Key.Key_Right, CTRL)
    monitored.settle()
    assert not is_preset(current(monitored))
    assert place(monitored, "errors")[0] == before[0] + 1
    assert "stays as it is" in monitored.window.status.text
    assert "your copy" in monitored.window.status.text
    [copied] = saved(database)
    assert copied.name == "Overview 2"
    assert monitored.page.grid.focused == "errors", "the same card goes on"
    press(monitored.qtbot, Qt.Key.Key_Z, CTRL)
    monitored.settle()
    assert saved(database) == []
    assert current(monitored).name == "Overview"
    assert place(monitored, "errors") == before


def test_a_chart_is_resized_by_key_and_by_its_edge_and_moved_by_its_header(
    monitored: Monitored, database: Path
) -> None:
    monitored.window.resize(1600, 1000)
    monitored.page.dashboards.duplicate()
    monitored.settle()
    monitored.page.grid.reveal("errors")
    press(monitored.qtbot, Qt.Key.Key_Down, CTRL | SHIFT)
    monitored.settle()
    assert place(monitored, "errors")[3] == 4
    card = monitored.card("errors")
    step = card.width() // 4
    monitored.grip(card, QPoint(card.width() - 3, 90), QPoint(2 * step, 0))
    monitored.settle()
    assert place(monitored, "errors")[2:] == (6, 4)
    monitored.grip(card, QPoint(60, 12), QPoint(4 * step, 0))
    monitored.settle()
    assert place(monitored, "errors")[0] == 4
    assert saved(database)[0].panels == current(monitored).panels


def test_another_dashboard_begins_at_its_top(monitored: Monitored) -> None:
    bar = monitored.page.grid.verticalScrollBar()
    bar.setValue(300)
    assert bar.value() == 300
    monitored.page.dashboards.choose_named("Cost")
    monitored.settle()
    assert bar.value() == 0
    bar.setValue(300)
    monitored.page.dashboards.duplicate()
    monitored.settle()
    assert bar.value() == 300, "the same charts stay where they are"


def test_a_press_on_the_header_without_a_drag_moves_nothing(monitored: Monitored) -> None:
    monitored.grip(monitored.card("errors"), QPoint(60, 12), QPoint(2, 1))
    monitored.settle()
    assert is_preset(current(monitored))


def test_in_a_window_too_narrow_for_the_dashboard_charts_cannot_be_dragged_and_that_is_said(
    monitored: Monitored,
) -> None:
    monitored.window.resize(1100, 700)
    monitored.settle()
    assert monitored.page.grid.is_reflowed
    monitored.grip(monitored.card("requests"), QPoint(60, 12), QPoint(200, 0))
    assert is_preset(current(monitored))
    assert "too narrow" in monitored.window.status.text


def test_a_chart_is_added_edited_doubled_and_removed_and_undo_brings_it_back(
    monitored: Monitored, database: Path
) -> None:
    page, qtbot = monitored.page, monitored.qtbot
    page.dashboards.create("Mine")
    monitored.settle()
    assert page._nothing.title.text() == "This dashboard has no charts yet"
    press(qtbot, Qt.Key.Key_A)
    monitored.settle()
    dialog = monitored.window.findChild(EditPanel)
    assert dialog is not None
    qtbot.keyClicks(dialog.measures.line, "count(span where failed)")
    qtbot.keyClick(dialog.measures.line, Qt.Key.Key_Return)
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    monitored.window.activateWindow()  # no window manager does it here
    monitored.settle()
    [panel] = current(monitored).panels
    assert panel.measures == ("count(span where failed)",)
    assert monitored.card(panel.panel_id).content is not None
    assert page.grid.focused == panel.panel_id
    monitored.window.run_command("monitor.duplicate-chart")
    monitored.settle()
    assert len(current(monitored).panels) == 2
    press(qtbot, Qt.Key.Key_Delete)
    monitored.settle()
    assert len(current(monitored).panels) == 1
    assert page.grid.focused == current(monitored).panels[0].panel_id, "the keys go on with the next chart"
    monitored.window.run_command("edit.undo")
    monitored.settle()
    assert len(current(monitored).panels) == 2
    [board] = saved(database)
    assert len(board.panels) == 2


def test_names_are_asked_for_and_own_dashboards_can_be_renamed_and_deleted(
    monitored: Monitored, database: Path
) -> None:
    def answer(command: str, text: str) -> None:
        monitored.window.run_command(command)
        dialog = next(one for one in monitored.window.findChildren(AskText) if one.isVisible())
        dialog.line.setText("cost")
        assert not dialog.ok.isEnabled(), "a preset has that name"
        dialog.line.setText(text)
        monitored.qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
        monitored.settle()

    monitored.window.run_command("monitor.rename-dashboard")
    assert "came with Tailrace" in monitored.window.status.text
    answer("monitor.new-dashboard", "Mine <b>")
    answer("monitor.rename-dashboard", "Ours")
    assert [one.name for one in saved(database)] == ["Ours"]
    assert monitored.page.bar.dashboard.text() == "Ours"
    monitored.window.run_command("monitor.delete-dashboard")
    monitored.settle()
    assert saved(database) == []
    assert is_preset(current(monitored))
    monitored.window.run_command("edit.undo")
    monitored.settle()
    assert [one.name for one in saved(database)] == ["Ours"]


def test_a_dashboard_goes_out_to_a_file_and_comes_in_again(monitored: Monitored, tmp_path: Path) -> None:
    out = tmp_path / "cost.json"
    assert monitored.page.dashboards.choose_named("Cost")
    monitored.page.deeds.export_to(out, current(monitored))
    monitored.settle()
    monitored.page.deeds.take_in_file(out)
    monitored.settle()
    taken = current(monitored)
    assert taken.name == "Cost 2"
    assert not is_preset(taken)
    assert [one.measures for one in taken.panels] == [
        one.measures for one in monitored.page.dashboards.presets[2].panels
    ]
    out.write_text("{}")
    monitored.page.deeds.take_in_file(out)
    monitored.settle()
    assert "is no dashboard that can be shown" in monitored.window.messages.text


def test_of_a_database_that_nobody_may_write_it_is_said_and_the_dashboard_stays(
    monitored: Monitored, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        """As root every folder is writable, so the refusal of read-only media is played."""
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode = sqlite3.SQLITE_READONLY
        raise error

    monkeypatch.setattr(connections, "_prepare", refuse)
    monitored.page.dashboards.create("Mine")
    monitored.settle()
    assert is_preset(current(monitored))
    assert "read-only" in monitored.window.messages.text


def test_what_is_grouped_shown_and_scrolled_is_there_after_reopening(
    monitored: Monitored, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    monitored.page.dashboards.choose_named("Agents & tools")
    monitored.page.groups.group_by("tool")
    monitored.settle()
    bar = monitored.page.grid.verticalScrollBar()
    bar.setValue(200)
    monitored.window.close()
    again = Monitored(monitored.qtbot, open_window(database))
    again.settle()
    assert again.window.rail.current == "monitor"
    assert current(again).name == "Agents & tools"
    assert again.page.groups.by == "tool"
    assert again.page.grid.verticalScrollBar().value() == 200


def test_the_figures_of_a_chart_can_be_copied(monitored: Monitored) -> None:
    monitored.page.grid.reveal("tools")
    press(monitored.qtbot, Qt.Key.Key_C, CTRL)
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert lines[1][:2] == ["lookup_order", "40"]
