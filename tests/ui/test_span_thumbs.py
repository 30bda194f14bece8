"""The thumb of a single span stands in its row of the waterfall."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot
from tests.ui.driving import press, settle

from tailrace.model import Score, ScoreKind
from tailrace.model.score import THUMB
from tailrace.ui.main_window import MainWindow
from tailrace.ui.pages.span_thumbs import thumbs_of_spans
from tailrace.ui.views.waterfall.hints import spoken, tooltip_lines
from tailrace.ui.views.waterfall.layout import ROW


def picture(window: MainWindow) -> QImage:
    area = window.page.waterfall.area
    return area.viewport().grab(QRect(0, ROW, 400, ROW)).toImage()


def test_a_thumb_on_a_span_is_marked_in_its_row_until_it_is_undone(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    page = window.page
    page.waterfall.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    settle(qtbot, window)
    assert page.inspector.target == "span"
    row = page.waterfall.scene.selected
    page.list.setFocus()
    bare = picture(window)
    press(qtbot, Qt.Key.Key_D)  # in the waterfall it is a step
    settle(qtbot, window)
    assert page.waterfall.scene.thumbs == {row: False}
    assert "thumb down" in spoken(page.waterfall.scene, row)
    assert "Thumb down" in tooltip_lines(page.waterfall.scene, row)
    assert picture(window) != bare
    page.step_trace(1)
    settle(qtbot, window)
    assert page.waterfall.scene.thumbs == {}
    page.step_trace(-1)
    settle(qtbot, window)
    assert page.waterfall.scene.thumbs == {row: False}
    window.run_command("edit.undo")
    settle(qtbot, window)
    assert page.waterfall.scene.thumbs == {}


def test_the_latest_thumb_of_a_span_counts_and_those_of_the_trace_or_put_off_do_not() -> None:
    def thumb(name: str, span: str | None, value: float | None, when: int) -> Score:
        return Score(name, THUMB, ScoreKind.THUMB, "t", span, value=value, created_ns=when)

    given = [thumb("a", "s", 1.0, 2), thumb("b", "s", 0.0, 1), thumb("c", None, 0.0, 3), thumb("d", "x", None, 4)]
    assert thumbs_of_spans(given) == {"s": True}
