"""The window without a pointer: where keys go, where the focus goes, and what a screen reader hears."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QInputDialog, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.driving import press, settle

from tailrace.ui.commands import COMMANDS
from tailrace.ui.dialogs.shortcuts import ShortcutSheet
from tailrace.ui.main_window import MainWindow
from tailrace.ui.views.viewer_window import ViewerWindow

Open = Callable[[Path], MainWindow]
Field = QLineEdit | QPlainTextEdit


def types_a_character(key: str) -> bool:
    sequence = QKeySequence(key)
    plain = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    return sequence[0].keyboardModifiers() in plain and sequence[0].key() < Qt.Key.Key_Escape


PLAIN = tuple(key for command in COMMANDS for key in command.keys if types_a_character(key))
LETTERS = "".join(key.removeprefix("Shift+") if key.startswith("Shift+") else key.lower() for key in PLAIN)


def test_the_catalogue_has_keys_that_type_characters() -> None:
    assert {"J", "K", "U", "D", "N", "E", "F", "G", "/", "[", "]", "?", "+", "-", "Shift+E"} <= set(PLAIN)


def filter_field(window: MainWindow) -> Field:
    return window.filter_row.bar.editor


def trace_find_field(window: MainWindow) -> Field:
    window.run_command("trace.find")
    return window.page.find_bar.field


def inspector_find_field(window: MainWindow) -> Field:
    window.page.inspector.open_tab("Raw")
    window.page.inspector.open_find()
    return window.page.inspector.find_bar.field


def note_field(window: MainWindow) -> Field:
    window.run_command("trace.note")
    return window.page.inspector.note.field


def attribute_field(window: MainWindow) -> Field:
    window.page.inspector.open_tab("Attributes")
    return window.page.inspector.attributes.search


def palette_field(window: MainWindow) -> Field:
    window.run_command("view.palette")
    return window.palette_overlay.findChild(QLineEdit)


def shortcut_field(window: MainWindow) -> Field:
    window.run_command("help.shortcuts")
    sheet = window.findChild(ShortcutSheet)
    assert sheet is not None
    return sheet.findChild(QLineEdit)


def reviewer_field(window: MainWindow) -> Field:
    dialog = QInputDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog.findChild(QLineEdit)


def viewer_field(window: MainWindow) -> Field:
    viewer = window.page.inspector.open_viewer("a text", "with words")
    assert isinstance(viewer, ViewerWindow)
    viewer.find_bar.open()
    return viewer.find_bar.field


@pytest.mark.parametrize(
    "field_of",
    [
        filter_field,
        trace_find_field,
        inspector_find_field,
        note_field,
        attribute_field,
        palette_field,
        shortcut_field,
        reviewer_field,
        viewer_field,
    ],
)
def test_a_key_that_types_a_character_does_nothing_else_in_a_text_field(
    qtbot: QtBot, open_window: Open, database: Path, field_of: Callable[[MainWindow], Field]
) -> None:
    window = open_window(database)
    field = field_of(window)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    ran: list[str] = []
    for command in COMMANDS:
        window.actions_of[command.id].triggered.connect(lambda _=False, name=command.id: ran.append(name))
    for letter in LETTERS:
        QTest.keyClick(field, letter)
    assert ran == []
    assert (field.text() if isinstance(field, QLineEdit) else field.toPlainText()) == LETTERS
    if field.window() is not window:
        field.window().close()
    settle(qtbot, window)


def shown_focusable(window: MainWindow) -> list[QWidget]:
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
    ]


def spoken(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


@pytest.mark.parametrize("tab", ["Messages", "Attributes", "Events", "Scores", "Raw"])
def test_everything_that_takes_the_focus_has_a_name(qtbot: QtBot, open_window: Open, database: Path, tab: str) -> None:
    window = open_window(database)
    window.session.selection.select_span("b" * 16)
    settle(qtbot, window)
    window.run_command("trace.find")
    window.run_command("trace.note")
    window.page.inspector.open_tab(tab)
    settle(qtbot, window)
    widgets = shown_focusable(window)
    assert len(widgets) > 15
    assert [repr(widget) for widget in widgets if not spoken(widget)] == []


def test_tab_goes_from_the_filter_over_list_and_trace_to_the_inspector(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    window = open_window(database)
    page = window.page
    places = (window.filter_row, page.list, page.waterfall, page.inspector)
    order: list[int] = []
    at: QWidget | None = window.filter_row.bar.editor
    for _ in range(200):
        assert at is not None
        if at.isVisible() and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            order += [n for n, place in enumerate(places) if place is at or place.isAncestorOf(at)]
        at = at.nextInFocusChain()
        if at is window.filter_row.bar.editor:
            break
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3}


def test_f6_goes_around_the_panes_and_shift_f6_back(qtbot: QtBot, open_window: Open, database: Path) -> None:
    window = open_window(database)
    page = window.page
    assert page.list.hasFocus()
    for pane in (page.waterfall, page.inspector, window.filter_row, page.list):
        press(qtbot, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert pane is focus or pane.isAncestorOf(focus)
    press(qtbot, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert window.filter_row.isAncestorOf(QApplication.focusWidget())
    window.run_command("view.inspector")
    press(qtbot, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert page.waterfall.isAncestorOf(QApplication.focusWidget())


def test_leaving_the_palette_gives_the_focus_back(qtbot: QtBot, open_window: Open, database: Path) -> None:
    window = open_window(database)
    window.page.waterfall.setFocus()
    former = QApplication.focusWidget()
    press(qtbot, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, Qt.Key.Key_Escape)
    assert not window.palette_overlay.isVisible()
    assert QApplication.focusWidget() is former
