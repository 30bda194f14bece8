"""A note that is typed on the Traces page is never lost: it is saved whatever way its field is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.driving import press, settle

from tailrace.errors import DatabaseError
from tailrace.model import Score
from tailrace.ui.main_window import MainWindow
from tailrace.workspace import Workspace
from tailrace.workspace.reviews import Reviews

Open = Callable[[Path], MainWindow]
CTRL = Qt.KeyboardModifier.ControlModifier


def notes(path: Path) -> list[Score]:
    """Those of the first trace of the list."""
    workspace = Workspace(path)
    try:
        key = workspace.find_trace(f"{40:032x}", None)
        assert key is not None
        return [score for score in workspace.scores_of_trace(key) if score.is_note]
    finally:
        workspace.close()


def write(qtbot: QtBot, window: MainWindow, text: str) -> None:
    press(qtbot, Qt.Key.Key_N)
    qtbot.keyClicks(QApplication.focusWidget(), text)


def click_another_trace(qtbot: QtBot, window: MainWindow) -> None:
    box = window.page.list.visualRect(window.page.model.index(2))
    qtbot.mouseClick(window.page.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())


def click_another_span(qtbot: QtBot, window: MainWindow) -> None:
    area = window.page.waterfall.area
    qtbot.mouseClick(area.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 70))
    assert window.session.selection.span_id != "a" * 16


def go_to_another_page(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_6, CTRL)


def leave_the_field(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)


def close_the_window(qtbot: QtBot, window: MainWindow) -> None:
    window.close()


def pause(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.page.inspector._drafts._pause.isActive(), timeout=5_000)


@pytest.mark.parametrize(
    "leave",
    [click_another_trace, click_another_span, go_to_another_page, leave_the_field, close_the_window, pause],
)
def test_what_was_typed_is_saved_to_what_it_was_typed_for(
    qtbot: QtBot, open_window: Open, database: Path, leave: Callable[[QtBot, MainWindow], None]
) -> None:
    window = open_window(database)
    write(qtbot, window, "it never looked")
    leave(qtbot, window)
    if leave is not close_the_window:
        settle(qtbot, window)
    (note,) = notes(database)
    assert (note.comment, note.span_id, note.author) == ("it never looked", None, "ada")


def test_writing_on_after_a_pause_is_the_same_note_and_escape_brings_back_what_was(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    window = open_window(database)
    write(qtbot, window, "half")
    pause(qtbot, window)
    settle(qtbot, window)
    field = window.page.inspector.note.field
    assert field.isVisible()
    assert field.hasFocus()
    qtbot.keyClicks(field, " a thought")
    leave_the_field(qtbot, window)
    settle(qtbot, window)
    assert [note.comment for note in notes(database)] == ["half a thought"]
    press(qtbot, Qt.Key.Key_N)
    qtbot.keyClicks(field, ", and more")
    pause(qtbot, window)
    press(qtbot, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert [note.comment for note in notes(database)] == ["half a thought"]
    assert not field.isVisible()
    write(qtbot, window, "thrown away")
    pause(qtbot, window)
    press(qtbot, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert [note.comment for note in notes(database)] == ["half a thought"]
    press(qtbot, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert [note.comment for note in notes(database)] == ["half a thought", "thrown away"]


def test_a_note_that_was_saved_by_leaving_is_undone_and_blank_is_no_note(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    window = open_window(database)
    write(qtbot, window, "   ")
    click_another_trace(qtbot, window)
    settle(qtbot, window)
    assert notes(database) == []
    assert not window.judging.stack.canUndo()
    window.page.list.choose(0)
    settle(qtbot, window)
    write(qtbot, window, "mine")
    leave_the_field(qtbot, window)
    settle(qtbot, window)
    press(qtbot, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert notes(database) == []
    assert not window.page.inspector.note.isVisible()
    click_another_trace(qtbot, window)
    settle(qtbot, window)
    assert notes(database) == []


def test_the_text_goes_along_when_the_whole_trace_is_meant_after_all(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    window = open_window(database)
    click_another_span(qtbot, window)
    settle(qtbot, window)
    write(qtbot, window, "about it all")
    pause(qtbot, window)
    settle(qtbot, window)
    (note,) = notes(database)
    assert note.span_id == window.session.selection.span_id
    qtbot.mouseClick(window.page.inspector.header.target.button("trace"), Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    (note,) = notes(database)
    assert (note.comment, note.span_id) == ("about it all", None)


def test_what_cannot_be_saved_is_said_and_still_there_and_saved_later(
    qtbot: QtBot, open_window: Open, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Reviews, changes: object) -> None:
        raise DatabaseError("The disk that holds support.tailrace is full.", "Free some space, then try again.")

    window = open_window(database)
    with monkeypatch.context() as patch:
        patch.setattr(Reviews, "apply", refuse)
        press(qtbot, Qt.Key.Key_U)
        settle(qtbot, window)
        assert window.messages.text.startswith("The thumb was not saved. The disk that holds support.tailrace is full.")
        write(qtbot, window, "precious")
        click_another_trace(qtbot, window)
        settle(qtbot, window)
        assert window.messages.text.startswith("The note was not saved. The disk that holds support.tailrace is full.")
        window.page.list.choose(0)
        settle(qtbot, window)
        assert window.page.inspector.note.text == "precious"
        assert window.page.inspector.note.hint.text().startswith("Not saved")
        click_another_trace(qtbot, window)
        settle(qtbot, window)
    assert notes(database) == []
    window.close()
    assert [note.comment for note in notes(database)] == ["precious"]
