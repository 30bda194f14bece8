"""The time histogram, driven as a person does."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tailrace.model import Histogram
from tailrace.ui.views.histogram import HistogramView, with_room

HOUR = 3_600 * 10**9
START = 1_795_000_000_000_000_000


def histogram() -> Histogram:
    counts = np.array([5, 0, 3, 8, 1, 0, 0, 2, 9, 4] * 4, np.int64)
    return Histogram(START, HOUR, counts, counts // 2)


def shown(qtbot: QtBot) -> HistogramView:
    view = HistogramView()
    qtbot.addWidget(view)
    view.resize(420, 74)
    view.show_histogram(histogram(), None, None)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_dragging_chooses_whole_bars(qtbot: QtBot) -> None:
    view = shown(qtbot)  # forty bars of 10 pixels, from x = 10 on
    with qtbot.waitSignal(view.range_chosen) as chosen:
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(10 + 95, 30))
        qtbot.mouseMove(view, QPoint(10 + 150, 30))
        qtbot.mouseMove(view, QPoint(10 + 195, 30))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(10 + 195, 30))
    assert chosen.args == [(START + 9 * HOUR, START + 20 * HOUR)]


def test_a_click_chooses_nothing_and_a_double_click_all_times(qtbot: QtBot) -> None:
    view, chosen = shown(qtbot), []
    view.range_chosen.connect(chosen.append)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    assert chosen == []
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    assert chosen == [(None, None)]


def test_the_arrow_keys_move_the_range(qtbot: QtBot) -> None:
    view, chosen = shown(qtbot), []
    view.range_chosen.connect(chosen.append)
    view.show_histogram(histogram(), START + HOUR, START + 3 * HOUR)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert chosen == [(START + 3 * HOUR, START + 5 * HOUR)]


def test_shift_and_arrows_move_the_end_of_the_range(qtbot: QtBot) -> None:
    view, shift = shown(qtbot), Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(view.range_chosen, timeout=2_000) as chosen:
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
            qtbot.keyClick(view, key, shift)
    assert chosen.args == [(START, START + 2 * HOUR)]
    view.show_histogram(histogram(), START + 4 * HOUR, START + 6 * HOUR)
    with qtbot.waitSignal(view.range_chosen, timeout=2_000) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Right, shift)
    assert chosen.args == [(START + 4 * HOUR, START + 7 * HOUR)]


def test_errors_are_painted_in_their_own_colour(qtbot: QtBot) -> None:
    image = shown(qtbot).grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(0, 60, 3)}
    assert "#ff6b6b" in colours


def test_nothing_and_absurd_times_are_shown_calmly(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.show_histogram(Histogram(0, 1, np.zeros(0, np.int64), np.zeros(0, np.int64)), None, None)
    assert not view.grab().isNull()
    view.show_histogram(Histogram(2**62, HOUR, np.ones(3, np.int64), np.zeros(3, np.int64)), None, None)
    assert not view.grab().isNull()
    view.show_histogram(None, None, None)
    assert not view.grab().isNull()


def test_a_lone_trace_is_a_bar_and_not_a_wall() -> None:
    one = with_room(Histogram(START + 123, 1, np.ones(1, np.int64), np.zeros(1, np.int64)))
    assert one.bucket_ns == 10**9
    assert len(one.counts) == 24
    place = int(np.flatnonzero(one.counts)[0])
    assert one.start_ns + place * one.bucket_ns <= START + 123 < one.start_ns + (place + 1) * one.bucket_ns
