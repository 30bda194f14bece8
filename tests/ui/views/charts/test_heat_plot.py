"""The heatmap, driven as a person does."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot
from tests.ui.views.charts.made import HOUR, NONE, SHIFT, START, Make, drag, hours, hover

from tailrace.model.dashboard import ChartKind
from tailrace.model.measures import Unit
from tailrace.ui.theme import DARK
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.heat_plot import HeatPlot, shades
from tailrace.ui.views.charts.hint import HintBox
from tailrace.ui.views.charts.values import HeatChart, Pick

# 1 ms to 10 s in four rows of a factor of ten
LEVELS = np.array([1e6, 1e7, 1e8, 1e9, 1e10])
COUNTS = np.array([[1, 0, 0, 0], [0, 5, 0, 0], [0, 0, 100, 0], [0, 0, 0, 3]], np.int64)


def heat(make_card: Make, below: tuple[int, ...] = (0, 0, 0, 0)) -> ChartCard:
    chart = HeatChart("Latency", Unit.DURATION, hours(4), LEVELS, COUNTS, np.array(below), measure="trace.duration_ns")
    return make_card(ChartKind.HEATMAP, chart)


def at(card: ChartCard, bucket: float, row: float) -> QPointF:
    """The middle of a cell, or beside it."""
    frame = card.body.frame if isinstance(card.body, HeatPlot) else None
    assert frame is not None
    return QPointF(frame.x((bucket + 0.5) * 3_600), frame.y(6 + row + 0.5))


def hint(card: ChartCard) -> list[str]:
    box = card.findChild(HintBox)
    return box._hint.words().split("\n") if box is not None and box.isVisible() else []


def test_a_drag_selects_whole_cells_with_or_without_shift(make_card: Make, qtbot: QtBot) -> None:
    card = heat(make_card)
    for keys in (NONE, SHIFT):
        with qtbot.waitSignal(card.selected) as selected, qtbot.assertNotEmitted(card.zoomed):
            drag(card.body, at(card, 0.9, 0.8), at(card, 2.2, 2.1), keys)
        assert selected.args == [Pick(START + HOUR, START + 3 * HOUR, measure="trace.duration_ns", low=1e7, high=1e9)]


def test_the_highest_row_has_no_upper_bound_so_that_its_upper_edge_is_in_it(make_card: Make, qtbot: QtBot) -> None:
    card = heat(make_card)
    with qtbot.waitSignal(card.selected) as selected:
        drag(card.body, at(card, 2, 2), QPointF(900, -50))
    assert selected.args == [Pick(START + 2 * HOUR, START + 4 * HOUR, measure="trace.duration_ns", low=1e8)]


def test_a_click_opens_the_cell(make_card: Make, qtbot: QtBot) -> None:
    card = heat(make_card)
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(card.body, Qt.MouseButton.LeftButton, NONE, at(card, 1, 1).toPoint())
    assert opened.args == [Pick(START + HOUR, START + 2 * HOUR, measure="trace.duration_ns", low=1e7, high=1e8)]


def test_hovering_says_how_many_are_in_the_cell_and_the_bucket(make_card: Make) -> None:
    card = heat(make_card, (0, 2, 0, 0))
    hover(card.body, at(card, 1, 1))
    assert hint(card)[1:] == ["10 ms – 100 ms: 5", "all traces: 5", "0 or less, not drawn: 2"]
    assert card.body.remark() == "2 of 0 or less not drawn"


def test_more_is_shown_stronger_and_none_not_at_all(make_card: Make) -> None:
    card = heat(make_card)
    image = card.grab().toImage()

    def blue(bucket: int, row: int) -> int:
        return image.pixelColor(card.body.mapTo(card, at(card, bucket, row).toPoint())).blue()

    ground = QColor(DARK.panel).blue()
    assert blue(0, 3) == ground
    assert ground < blue(0, 0) < blue(1, 1) < blue(2, 2)


def test_one_full_cell_does_not_make_all_others_pale() -> None:
    counts = np.full((10, 30), 50, np.int64)
    counts[0, 0] = 1_000_000
    made = shades(counts)
    assert made[5, 5] == made.max()
    assert not shades(np.zeros((2, 2), np.int64)).any()
    assert shades(np.array([[0, 1]], np.int64)).tolist() == [[0, 24]]


def test_the_keys_reach_every_cell(make_card: Make, qtbot: QtBot) -> None:
    card = heat(make_card)
    card.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card, Qt.Key.Key_Right)
    assert "all traces: 1" in card.accessibleDescription()
    qtbot.keyClick(card, Qt.Key.Key_Up)
    qtbot.keyClick(card, Qt.Key.Key_Down)
    qtbot.keyClick(card, Qt.Key.Key_Right)
    assert "10 ms – 100 ms: 5" in card.accessibleDescription()
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert (opened.args[0].low, opened.args[0].since_ns) == (1e7, START + HOUR)


def test_values_of_one_size_and_none_at_all_are_shown_calmly(make_card: Make) -> None:
    one = HeatChart("x", Unit.DURATION, hours(2), np.array([5e8, 5e8]), np.array([[3, 0]], np.int64))
    card = make_card(ChartKind.HEATMAP, one)
    image = card.grab().toImage()
    middle = card.body.mapTo(card, card.body.rect().center())
    assert image.pixelColor(middle.x() - 100, middle.y()).name() == DARK.accent
    none = HeatChart("x", Unit.DURATION, hours(2), np.zeros(0), np.zeros((0, 2), np.int64), np.array([4, 0]))
    card.show_content(none)
    assert card.state_words() == ("Nothing to draw on a log scale", "4 traces have a value of 0 or less.")
    assert not card.grab().isNull()


def test_the_cells_are_copied_with_their_bounds(make_card: Make) -> None:
    lines = heat(make_card).copy_values().splitlines()
    assert lines[0].split("\t") == ["from", "to", "at least (ns)", "below (ns)", "traces"]
    assert [line.split("\t")[2:] for line in lines[1:]] == [
        ["1000000", "10000000", "1"],
        ["10000000", "100000000", "5"],
        ["100000000", "1000000000", "100"],
        ["1000000000", "10000000000", "3"],
    ]
