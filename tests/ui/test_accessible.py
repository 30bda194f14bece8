"""What a screen reader meets in the real window: on every page and in every dialog a name and a role for all that can
be operated, and the rows of what is painted by ourselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QKeySequenceEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.driving import press, settle
from tests.ui.queueing import queue, review

from tailrace.ui.main_window import MainWindow
from tailrace.ui.views.splitter import PaneSplitter
from tailrace.ui.views.spoken import let_widgets_speak

Open = Callable[[Path], MainWindow]
Role, Text = QAccessible.Role, QAccessible.Text

DIALOGS = (
    *("help.shortcuts", "help.query", "help.about", "edit.prices", "review.new-queue", "review.definitions"),
    *("file.settings", "review.datasets", "monitor.add-chart", "monitor.new-dashboard"),
)
SMALL = QSize(960, 500)  # at 200 %, without what the system draws around a window
_OF_NOTHING = (Role.Client, Role.NoRole, Role.Border)
_NO_NAMES = re.compile(r"^(?:|[a-z]+(?:-[a-z]+)+|Q[A-Z]\w+|\w*(?:View|Widget|Button|Frame))$")


@pytest.fixture(autouse=True)
def _speaking(qapp: QApplication) -> None:
    let_widgets_speak()


def spoken(widget: QWidget) -> QAccessibleInterface:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None, widget
    return interface


def operated(root: QWidget) -> list[QWidget]:
    """All in sight that takes the focus or can be pressed, but for parts of other controls."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.window() is root
        and (widget.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(widget, QAbstractButton))
        and not isinstance(widget.parentWidget(), QAbstractSpinBox | QKeySequenceEdit)
        and not widget.objectName().startswith("qt_")
        and type(widget) is not QAbstractButton  # the corner of a table
    ]


def faults(place: str, root: QWidget) -> list[str]:
    """What of a window or dialog says nothing, or says it in a way that nobody understands."""
    found = []
    for widget in operated(root):
        interface = spoken(widget)
        name, description = interface.text(Text.Name), interface.text(Text.Description)
        what = f"{place}: {type(widget).__name__} “{name}” {interface.role().name}"
        if not name.strip() or _NO_NAMES.match(name):
            found.append(f"{what} has no name")
        if interface.role() in _OF_NOTHING and not isinstance(widget, QKeySequenceEdit):  # Qt gives it none
            found.append(f"{what} has no role")
        if "<p" in name + description or "</" in description:
            found.append(f"{what} reads markup out: {description}")
    return found


def places(qtbot: QtBot, window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """Every page and part of a page, then every dialog."""
    window.run_command("trace.find")
    window.run_command("trace.note")
    for tab in ("Messages", "Attributes", "Events", "Scores", "Raw"):
        window.page.inspector.open_tab(tab)
        settle(qtbot, window)
        yield f"traces, {tab}", window
    window.show_palette()
    yield "palette", window
    window.palette_overlay.hide()
    review(qtbot, window)
    yield "review", window
    window.run_command("review.waterfall")
    settle(qtbot, window)
    yield "review, waterfall", window
    for view in ("modes", "agreement"):
        window.run_command(f"review.{view}")
        settle(qtbot, window)
        yield view, window
    window.run_command("view.monitor")
    qtbot.waitUntil(lambda: not window.monitor.is_waiting, timeout=20_000)
    yield "monitor", window
    window.run_command("view.sql")
    settle(qtbot, window)
    yield "sql, at first", window
    window.sql.show_sql("SELECT kind, count(*) AS spans FROM spans GROUP BY kind")
    settle(qtbot, window)
    yield "sql", window
    for command in DIALOGS:
        window.run_command("view.monitor" if command.startswith("monitor") else "view.traces")
        window.run_command(command)
        qtbot.waitUntil(lambda: bool(dialogs(window)))
        for dialog in dialogs(window):
            yield command, dialog
            dialog.close()
        settle(qtbot, window)


def dialogs(window: MainWindow) -> list[QWidget]:
    tops = QApplication.topLevelWidgets()
    return [top for top in tops if top is not window and top.isVisible() and not isinstance(top, QMenu)]


def too_large(place: str, root: QWidget) -> list[str]:
    """A window or dialog that needs more than a screen of 1920 × 1080 has at 200 %."""
    least = root.minimumSizeHint().expandedTo(root.minimumSize())
    fits = least.width() <= SMALL.width() and least.height() <= SMALL.height()
    return [] if fits else [f"{place} needs {least.width()} × {least.height()}"]


def test_every_page_and_dialog_says_what_it_is_and_fits_a_small_screen(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database, None)
    window = open_window(database)
    window.status.say("Words of a sentence that is longer than any screen. " * 9)
    window.top.show_name("a-name-of-a-file-that-somebody-wants-to-be-told-all-about-" * 4 + ".tailrace", "")
    counted, found = 0, list[str]()
    for place, root in places(qtbot, window):
        counted += len(operated(root))
        found += [*faults(place, root), *too_large(place, root)]
    window.resize(SMALL)
    assert window.size() == SMALL
    assert counted > 300
    assert sorted(set(found)) == []


def test_a_reader_meets_the_rows_of_the_waterfall_in_sight(qtbot: QtBot, open_window: Open, database: Path) -> None:
    window = open_window(database)
    area = window.page.waterfall.area
    area.setFocus()
    tree = spoken(area)
    assert tree.role() == Role.Tree
    first = tree.child(0)
    assert first.role() == Role.TreeItem
    assert first.text(Text.Name).startswith("support_agent.run, agent")
    state = first.state()
    assert (state.expanded, state.selected, state.focused) == (True, True, True)
    press(qtbot, Qt.Key.Key_Down)
    current = tree.focusChild()
    assert "row 2 of 3" in current.text(Text.Name)
    assert tree.indexOfChild(current) == 1
    assert not tree.child(0).state().selected
    assert current.parent().role() == Role.Tree
    box = current.rect()
    assert tree.childAt(box.center().x(), box.center().y()).text(Text.Name) == current.text(Text.Name)
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, Qt.Key.Key_Left)
    assert tree.child(0).state().collapsed
    assert current.text(Text.Name) == ""  # a row that is gone says nothing


def test_rows_are_told_only_to_those_who_listen(
    qtbot: QtBot, open_window: Open, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    window = open_window(database)
    window.page.waterfall.area.setFocus()
    monkeypatch.setattr(QAccessible, "updateAccessibility", told.append)
    monkeypatch.setattr(QAccessible, "isActive", lambda: False)
    press(qtbot, Qt.Key.Key_Down)
    assert told == []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    press(qtbot, Qt.Key.Key_Down)
    assert len(told) == 1


def test_borders_between_panes_are_moved_by_arrows(qtbot: QtBot, qapp: QApplication) -> None:
    splitter = PaneSplitter(Qt.Orientation.Horizontal)
    qtbot.addWidget(splitter)
    for _ in range(2):
        pane = QWidget()
        pane.setMinimumWidth(100)
        splitter.addWidget(pane)
    splitter.resize(601, 100)
    splitter.setSizes([300, 300])
    with qtbot.waitActive(splitter):
        splitter.show()
    border = splitter.handle(1)
    border.setFocus()
    qtbot.waitUntil(border.hasFocus)
    before = splitter.sizes()[0]
    press(qtbot, Qt.Key.Key_Right)
    assert splitter.sizes()[0] > before
    press(qtbot, Qt.Key.Key_Home)
    assert splitter.sizes()[0] == 100
    press(qtbot, Qt.Key.Key_End)
    assert splitter.sizes()[1] == 100
    assert spoken(border).role() == Role.Splitter
