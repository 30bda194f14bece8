"""Typing on the Review page: no letter is a command, and the leader key makes the next one a command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from tests.ui.driving import settle
from tests.ui.queueing import (
    CTRL,
    SHIFT,
    Open,
    key,
    keys,
    lead,
    place,
    queue,
    review,
    scores,
    states,
    trace_ids,
    type_,
    verdict,
)

from tailrace.model.review import FAILED, OPEN, DefinitionKind, ScoreDefinition, Verdict
from tailrace.ui.commands import COMMANDS
from tailrace.ui.dialogs.shortcuts import ShortcutSheet
from tailrace.ui.main_window import MainWindow

LETTERS = "pfdnhcsamjkort w123456789/?"
DEFINITIONS = (ScoreDefinition("d-text", "remark", DefinitionKind.TEXT),)


def _note(window: MainWindow) -> QLineEdit | QPlainTextEdit:
    window.run_command("review.note")
    return window.review.panel.note.editor


def _correction(window: MainWindow) -> QLineEdit | QPlainTextEdit:
    window.run_command("review.correct")
    return window.review.panel.correction.editor


def _new_mode(window: MainWindow) -> QLineEdit | QPlainTextEdit:
    window.run_command("review.new-mode")
    return window.review.panel.modes.field.line


def _find(window: MainWindow) -> QLineEdit | QPlainTextEdit:
    window.run_command("review.find")
    return window.review.middle.find_bar.field


def _score(window: MainWindow) -> QLineEdit | QPlainTextEdit:
    window.run_command("review.scores")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit | QPlainTextEdit)
    return field


FIELDS: tuple[Callable[[MainWindow], QLineEdit | QPlainTextEdit], ...] = (_note, _correction, _new_mode, _find, _score)


def _text(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def test_no_letter_is_a_command_while_it_is_typed(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, 6, *DEFINITIONS)
    window = open_window(database)
    review(qtbot, window)
    for field_of in FIELDS:
        field = field_of(window)
        assert QApplication.focusWidget() is field, field_of.__name__
        type_(qtbot, LETTERS)
        assert _text(field) == LETTERS, field_of.__name__
        assert (place(window), set(states(window))) == (0, {OPEN}), field_of.__name__
        key(qtbot, Qt.Key.Key_Escape)
        assert QApplication.focusWidget() is not field, f"Escape leaves {field_of.__name__}"
    settle(qtbot, window)
    assert verdict(database, trace_ids(database)[0]) is None
    assert {score.name for score in scores(database)} == {"note", "correction", "remark"}
    keys(qtbot, window, "p")
    assert place(window) == 1


def test_the_leader_key_reaches_the_commands_from_every_text_field(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database, 6, *DEFINITIONS)
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    for number, field_of in enumerate(FIELDS):
        field = field_of(window)
        type_(qtbot, "ab")
        key(qtbot, Qt.Key.Key_Period, CTRL)
        assert "next key" in window.status.text
        key(qtbot, Qt.Key.Key_F)
        settle(qtbot, window)
        assert (states(window)[number], place(window)) == (FAILED, number + 1), field_of.__name__
        assert "f" not in _text(field)
    told = {score.name: score.trace_id for score in scores(database) if score.name != "thumb"}
    assert told == {"note": items[0], "correction": items[1], "remark": items[4]}
    assert all(verdict(database, item) is Verdict.FAIL for item in items[:5])


def test_escape_or_the_leader_key_again_disarms_it(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database)
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "n")
    lead(qtbot, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is window.review.panel.note.editor
    type_(qtbot, "f")
    key(qtbot, Qt.Key.Key_Period, CTRL)
    key(qtbot, Qt.Key.Key_Period, CTRL)
    type_(qtbot, "p")
    assert window.review.panel.note.editor.text == "fp"
    # a key that is no command is no letter either: it was meant as one
    lead(qtbot, Qt.Key.Key_X)
    assert window.review.panel.note.editor.text == "fp"
    lead(qtbot, Qt.Key.Key_1)
    settle(qtbot, window)
    assert states(window)[0] == FAILED
    assert set(states(window)[1:]) == {OPEN}


def test_letters_on_the_workbench_and_in_the_filter_judge_nothing(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database)
    window = open_window(database)
    review(qtbot, window)
    key(qtbot, Qt.Key.Key_F8)
    settle(qtbot, window)
    for letter in "pfd12 o":
        key(qtbot, Qt.Key.Key_Space if letter == " " else Qt.Key(ord(letter.upper())))
    lead(qtbot, Qt.Key.Key_F)
    key(qtbot, Qt.Key.Key_1, CTRL)
    key(qtbot, Qt.Key.Key_L, CTRL)
    type_(qtbot, "name:pfd12")
    settle(qtbot, window)
    assert window.filter_row.bar.text() == "name:pfd12"
    assert scores(database) == []


def test_a_remapped_key_works_and_is_what_is_shown(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database)
    window = open_window(database)
    review(qtbot, window)
    window.show_shortcuts()
    sheet = window.findChild(ShortcutSheet)
    assert sheet is not None
    card = sheet.keys.card
    sheet.keys.choose("review.pass")
    card.chips[0].click()

    def wish(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> str:
        card.record()
        qtbot.keyClick(card.capture, key, modifier)
        return card.say.text

    assert wish(Qt.Key.Key_F) == "F does “Fail” now."  # on this page
    assert wish(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier) == "Ctrl+Z does “Undo” on every page now."
    assert wish(Qt.Key.Key_U) == ""  # a thumb, on the other page
    sheet.close()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=5_000)
    settle(qtbot, window)
    window.review.middle.focus()
    hints = window.review.item_view.hints
    assert ("U", "pass") in hints._hints
    assert "(U)" in window.review.panel.verdicts.buttons[Verdict.PASS].toolTip()
    keys(qtbot, window, "p")
    assert place(window) == 0
    keys(qtbot, window, "u")
    assert place(window) == 1
    keys(qtbot, window, "n")
    lead(qtbot, Qt.Key.Key_U)
    settle(qtbot, window)
    assert place(window) == 2


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.page == "review"], ids=lambda one: one.id)
def test_every_command_of_the_page_has_a_key_but_what_is_a_switch(command: object) -> None:
    assert getattr(command, "keys", ()) or getattr(command, "checkable", False)


def test_shift_and_letters_select_and_type_and_judge_nothing(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database)
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "n")
    key(qtbot, Qt.Key.Key_P, SHIFT)
    key(qtbot, Qt.Key.Key_A, CTRL)
    key(qtbot, Qt.Key.Key_Backspace)
    settle(qtbot, window)
    assert window.review.panel.note.editor.text == ""
    assert (place(window), states(window)[0]) == (0, OPEN)
