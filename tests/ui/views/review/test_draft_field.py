"""Notes and corrections: never lost, never fought over, told to the right trace."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.views.review.judged import Desk, Key

from tailrace.model.review import Judgement, Verdict
from tailrace.ui.views.review.draft_field import PAUSE_MS

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    desk = Desk(qtbot)
    desk.show()
    return desk


def test_a_note_is_told_a_moment_after_the_last_key(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.focus_note()
    desk.type("wrong policy")
    assert not desk.all_of("note_changed")
    qtbot.wait(PAUSE_MS + 200)
    assert desk.all_of("note_changed") == [("t1", "wrong policy")]


def test_leaving_the_note_tells_it_once(desk: Desk) -> None:
    desk.panel.focus_note()
    desk.type("a")
    desk.other.setFocus()
    assert desk.all_of("note_changed") == [("t1", "a")]
    desk.panel.focus_note()
    desk.other.setFocus()
    assert len(desk.all_of("note_changed")) == 1


@pytest.mark.parametrize(
    ("key", "modifier"), [(Key.Key_Return, CTRL), (Key.Key_Escape, Qt.KeyboardModifier.NoModifier)]
)
def test_ctrl_enter_and_escape_are_done_and_lose_nothing(
    desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    desk.panel.focus_correction()
    desk.type("30 days")
    desk.press(key, modifier=modifier)
    assert desk.said == [("correction_changed", "t1", "30 days"), ("left",)]
    assert desk.panel.correction.editor.text == "30 days"


def test_no_key_that_types_does_anything_else(desk: Desk) -> None:
    desk.panel.focus_note()
    desk.type("PF N12 9")
    desk.press(Key.Key_Up, Key.Key_Right, Key.Key_Delete, Key.Key_End, Key.Key_Backspace, Key.Key_Return)
    desk.type("x")
    assert desk.fired == []
    assert desk.panel.note.editor.text == "PF N12 \nx"


def test_a_key_with_ctrl_that_types_nothing_still_reaches_the_window(desk: Desk) -> None:
    desk.panel.focus_note()
    desk.press(Key.Key_Space, modifier=CTRL)
    desk.panel.focus_new_mode()
    desk.press(Key.Key_Space, modifier=CTRL)
    assert desk.fired == ["Ctrl+Space", "Ctrl+Space"]


def test_undo_while_typing_is_the_field_s_own(desk: Desk) -> None:
    desk.panel.focus_note()
    desk.type("abc")
    desk.press(Key.Key_Z, modifier=CTRL)
    assert desk.panel.note.editor.text == ""
    desk.press(Key.Key_Z, modifier=CTRL)
    assert desk.fired == [], "there is nothing left to undo, and still it is the field's"
    desk.other.setFocus()
    desk.press(Key.Key_Z, modifier=CTRL)
    assert desk.fired == ["Ctrl+Z"]


def test_tab_moves_on(desk: Desk) -> None:
    desk.panel.focus_note()
    desk.press(Key.Key_Tab)
    assert not desk.panel.note.editor.hasFocus()
    assert desk.panel.note.editor.text == ""


def test_another_item_gets_the_text_told_with_its_own_trace_first(desk: Desk) -> None:
    desk.panel.focus_note()
    desk.type("about one")
    desk.show(Judgement(note="about two"), token="t2")
    assert desk.said == [("note_changed", "t1", "about one")]
    assert desk.panel.note.editor.text == "about two"


def test_coming_back_before_the_file_has_it_shows_what_was_written(desk: Desk) -> None:
    desk.panel.focus_note()
    desk.type("draft")
    desk.show(Judgement(), token="t2")
    desk.show(Judgement(), token="t1")
    assert desk.panel.note.editor.text == "draft"
    desk.show(Judgement(note="draft"), token="t1")
    desk.other.setFocus()
    desk.show(Judgement(note=""), token="t1")
    assert desk.panel.note.editor.text == "", "taken back in the window"


def test_a_note_undone_while_another_item_was_on_show_is_gone(desk: Desk) -> None:
    desk.panel.focus_note()
    desk.type("draft")
    desk.show(Judgement(), token="t2")
    desk.panel.show_saved("saved")
    desk.show(Judgement(), token="t1")
    assert desk.panel.note.editor.text == ""


def test_an_update_after_saving_leaves_the_text_and_the_cursor(desk: Desk, qtbot: QtBot) -> None:
    editor = desk.panel.note.editor
    desk.panel.focus_note()
    desk.type("one two")
    editor.flush()
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    desk.type("x")
    desk.show(Judgement(note="one two", verdict=Verdict.FAIL))
    assert editor.text == "xone two"
    assert editor.textCursor().position() == 1
    editor.flush()
    desk.show(Judgement(note="one two"))  # read before the second write
    assert editor.text == "xone two"
    desk.show(Judgement(note="xone two"))
    assert editor.textCursor().position() == 1
    desk.press(Key.Key_Z, modifier=CTRL)
    assert editor.text != "xone two", "its own undo goes on"


def test_space_at_the_end_is_not_taken_away_by_what_the_file_says(desk: Desk) -> None:
    editor = desk.panel.note.editor
    desk.panel.focus_note()
    desk.type("one ")
    editor.flush()
    desk.show(Judgement(note="one"))
    desk.type("two")
    assert editor.text == "one two"


def test_a_long_run_without_a_space_does_not_freeze_the_window(desk: Desk) -> None:
    began = time.perf_counter()
    desk.show(Judgement(note="x" * 200_000), token="t2")
    QApplication.clipboard().setText("y" * 100_000)
    desk.panel.focus_correction()
    desk.press(Key.Key_V, modifier=CTRL)
    assert time.perf_counter() - began < 1.5
    assert len(desk.panel.correction.editor.text) == 100_000


def test_hiding_the_panel_tells_what_is_written(desk: Desk) -> None:
    desk.panel.focus_note()
    desk.type("last words")
    desk.window.hide()
    assert desk.all_of("note_changed") == [("t1", "last words")]


def test_showing_nothing_tells_what_is_written(desk: Desk) -> None:
    desk.panel.focus_note()
    desk.type("last words")
    desk.panel.show_nothing()
    assert desk.all_of("note_changed") == [("t1", "last words")]
    assert not desk.panel.area.isVisible()


def test_a_long_note_grows_to_a_limit_and_scrolls_in_itself(desk: Desk) -> None:
    low = desk.panel.note.height()
    desk.show(Judgement(note="word " * 60), token="t2")
    middle = desk.panel.note.height()
    desk.show(Judgement(note="word " * 20_000), token="t3")
    assert low < middle < desk.panel.note.height() < 220
    assert desk.panel.note.editor.verticalScrollBar().maximum() > 0
