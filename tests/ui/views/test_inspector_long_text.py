"""The viewer for text of any size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tailrace.ui.views.long_text import LongTextView, index_lines, wrap_rows
from tailrace.ui.views.text_finder import find_all
from tailrace.ui.views.viewer_window import ViewerWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@given(st.text(alphabet="ab\n\U0001f600", max_size=200), st.integers(1, 9))
def test_rows_cover_the_text_once(text: str, columns: int) -> None:
    index = index_lines(text)
    lines = text.split("\n")
    assert [text[index.starts[n] : index.starts[n + 1] - 1] for n in range(index.count)] == lines
    assert wrap_rows(index, columns).count == sum(max(1, -(-len(line) // columns)) for line in lines)


def shown(qtbot: QtBot, text: str) -> LongTextView:
    view = LongTextView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.set_text(text)
    with qtbot.waitExposed(view):
        view.show()
    view.grab()
    return view


def test_only_visible_rows_are_laid_out(qtbot: QtBot) -> None:
    view = shown(qtbot, "x" * 20_000_000)
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 100_000, timeout=10_000)
    qtbot.keyClick(view, Qt.Key.Key_End)
    view.grab()
    assert 0 < view.laid_out < 60
    view.select_all()
    assert len(view.selected_text()) == 20_000_000


def test_text_is_selected_by_dragging_over_wide_characters(qtbot: QtBot) -> None:
    view = shown(qtbot, "\U0001f600\U0001f600 hello\nworld")
    start, end = QPoint(2, 14), QPoint(400, 14)
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.viewport(), end)
    held = Qt.MouseButton.LeftButton
    where = QPointF(end)
    move = QMouseEvent(QEvent.Type.MouseMove, where, where, held, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), move)
    assert view.selected_text() == "\U0001f600\U0001f600 hello"
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "\U0001f600\U0001f600 hello"


def test_a_newer_text_is_not_overtaken_by_an_older_index(qtbot: QtBot) -> None:
    view = shown(qtbot, "a\n" * 2_000_000)
    view.set_text("short")
    qtbot.wait(200)
    assert view.line_count == 1


def test_find_walks_all_matches_in_the_window(qtbot: QtBot) -> None:
    text = "\n".join(f"line {number}" + (" needle" if number % 1_000 == 0 else "") for number in range(50_000))
    window = ViewerWindow("text", text)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.find_bar.field, "NEEDLE")
    assert window.find_bar.count_text == "1 of 50"
    qtbot.waitUntil(lambda: window.view.line_count == 50_000, timeout=5_000)
    qtbot.keyClick(window.find_bar.field, Qt.Key.Key_Return)
    assert window.find_bar.count_text == "2 of 50"
    first = window.view.verticalScrollBar().value()
    assert 900 < first <= 1_000
    qtbot.keyClick(window.find_bar.field, Qt.Key.Key_Escape)
    assert window.isVisible()


def test_find_minds_characters_that_grow_in_lower_case() -> None:
    assert find_all("aXbx", "x") == [1, 3]
    assert find_all("İx", "x") == [1]
    assert find_all("aaaa", "aa") == [0, 2]
    assert find_all("abc", "") == []
