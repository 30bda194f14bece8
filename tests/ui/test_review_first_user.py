"""What a first user of the Review page stumbled over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.ui.driving import press, settle
from tests.ui.queueing import queue, review

from tailrace.model.review import OPEN, PASSED
from tailrace.ui.main_window import MainWindow
from tailrace.ui.views.messages.text_block import TextBody
from tailrace.ui.views.review.queue_list import ITEM_ROLE


def hold(key: Qt.Key, times: int) -> None:
    """A key that is held down: one press, then what the system repeats."""
    widget = QApplication.focusWidget()
    assert widget is not None
    for number in range(times):
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, chr(key).lower(), number > 0)
            QApplication.sendEvent(QApplication.focusWidget() or widget, event)


def test_a_verdict_key_that_is_held_down_judges_one_item(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    queue(database, 6)
    window = open_window(database)
    review(qtbot, window)
    hold(Qt.Key.Key_P, 12)
    settle(qtbot, window)
    assert window.judging.stack.count() <= 1


def test_going_through_a_finished_queue_once_more_goes_from_item_to_item(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    queue(database, 3)
    window = open_window(database)
    review(qtbot, window)
    for _ in range(3):
        press(qtbot, Qt.Key.Key_P)
        settle(qtbot, window)
    assert window.review.middle.is_done
    window.review.middle.show_reading()
    window.review.reviewing.go(0)
    settle(qtbot, window)
    press(qtbot, Qt.Key.Key_F)
    settle(qtbot, window)
    assert not window.review.middle.is_done
    assert window.review.reviewing.place == 1


def test_undo_at_the_end_of_a_queue_goes_back_to_the_item_and_says_so(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    queue(database, 2)
    window = open_window(database)
    review(qtbot, window)
    for _ in range(2):
        press(qtbot, Qt.Key.Key_P)
        settle(qtbot, window)
    assert window.review.middle.is_done
    press(qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert not window.review.middle.is_done
    assert window.review.reviewing.said.verdict is None
    assert "Undone: verdict pass" in window.status.text


def test_the_window_comes_back_on_the_page_it_was_closed_on(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    queue(database, 6)
    window = open_window(database)
    review(qtbot, window)
    press(qtbot, Qt.Key.Key_P)
    settle(qtbot, window)
    window.close()
    again = open_window(database)
    settle(qtbot, again)
    assert again.rail.current == "review"
    assert again.review.reviewing.place == 1


def test_a_name_half_typed_for_a_failure_mode_does_not_follow_to_the_next_item(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    queue(database, 6)
    window = open_window(database)
    review(qtbot, window)
    press(qtbot, Qt.Key.Key_M)
    qtbot.keyClicks(QApplication.focusWidget(), "ark")
    press(qtbot, Qt.Key.Key_Escape)
    press(qtbot, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert window.review.panel.modes.field.line.text() == ""


def test_evidence_is_marked_without_the_mouse(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    queue(database, 6)
    window = open_window(database)
    review(qtbot, window)
    press(qtbot, Qt.Key.Key_Return)
    body = QApplication.focusWidget()
    assert isinstance(body, TextBody)
    press(qtbot, Qt.Key.Key_Escape)
    press(qtbot, Qt.Key.Key_Return)
    for _ in range(5):
        press(qtbot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, Qt.Key.Key_H)
    settle(qtbot, window)
    (piece,) = window.review.reviewing.said.evidence
    assert len(piece.anchor.quote) == 5
    press(qtbot, Qt.Key.Key_Escape)
    assert not isinstance(QApplication.focusWidget(), TextBody)
    press(qtbot, Qt.Key.Key_P)
    settle(qtbot, window)
    assert window.review.reviewing.place == 1


@pytest.mark.qt_log_ignore("This plugin does not support")  # a menu, offscreen
def test_a_right_click_on_an_item_puts_it_back_or_shows_it_on_the_traces_page(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    queue(database, 4)
    window = open_window(database)
    review(qtbot, window)
    press(qtbot, Qt.Key.Key_P)
    settle(qtbot, window)
    item = window.review.items.index(0).data(ITEM_ROLE)

    def choose(words: str) -> None:
        window.review.list.menu_wanted.emit((item, window.mapToGlobal(QPoint(200, 200))))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(action for action in menu.actions() if action.text() == words).trigger()
        menu.close()
        settle(qtbot, window)

    assert window.review.items.states[0] == PASSED
    choose("Put back into the queue")
    assert window.review.items.states[0] == OPEN
    choose("Copy trace id")
    assert QApplication.clipboard().text() == item.trace_id
    choose("Show on the Traces page")
    assert window.rail.current == "traces"
    assert window.page.trace is not None
    assert window.page.trace.row.trace_id == item.trace_id
