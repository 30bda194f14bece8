"""The histogram, driven as a person does."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot
from tests.ui.views.charts.made import NONE, Make, drag, hover

from tailrace.model.dashboard import ChartKind
from tailrace.model.measures import Unit
from tailrace.ui.theme import DARK
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.hint import HintBox
from tailrace.ui.views.charts.spread_plot import SpreadPlot
from tailrace.ui.views.charts.values import Level, Pick, SpreadChart

EDGES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])


def spread(make_card: Make, log: bool = False) -> ChartCard:
    edges = np.array([1e6, 1e7, 1e8, 1e9, 1e10]) if log else EDGES
    unit = Unit.DURATION if log else Unit.NUMBER
    counts = np.array([1, 2, 3, 4], np.int64)
    chart = SpreadChart("Faithfulness", unit, edges, counts, log, unknown=7, measure="m", levels=(Level(0.6, "p50"),))
    return make_card(ChartKind.HISTOGRAM, chart)


def at(card: ChartCard, place: float, height: float) -> QPointF:
    assert isinstance(card.body, SpreadPlot)
    frame = card.body.frame
    return QPointF(frame.box.left() + (place + 0.5) / 4 * frame.box.width(), frame.y(height))


def hint(card: ChartCard) -> list[str]:
    box = card.findChild(HintBox)
    return box._hint.words().split("\n") if box is not None and box.isVisible() else []


def test_a_drag_selects_whole_bins_and_the_last_one_has_its_upper_edge(make_card: Make, qtbot: QtBot) -> None:
    card = spread(make_card)
    with qtbot.waitSignal(card.selected) as selected:
        drag(card.body, at(card, 1.2, 1), at(card, 1.8, 1))
    assert selected.args == [Pick(measure="m", low=0.25, high=0.75)]
    with qtbot.waitSignal(card.selected) as selected:
        drag(card.body, at(card, 2, 1), at(card, 3, 1))
    assert selected.args == [Pick(measure="m", low=0.5)]


def test_a_click_opens_the_bin(make_card: Make, qtbot: QtBot) -> None:
    card = spread(make_card, log=True)
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(card.body, Qt.MouseButton.LeftButton, NONE, at(card, 1, 1).toPoint())
    assert opened.args == [Pick(measure="m", low=1e7, high=1e8)]


def test_hovering_says_bounds_count_and_shares(make_card: Make) -> None:
    card = spread(make_card)
    hover(card.body, at(card, 2, 1))
    assert hint(card) == ["0.5 – 0.75", "traces: 3", "share: 30%", "up to here: 60%"]
    assert card.body.remark() == "7 unknown"


def test_bars_are_as_high_as_their_counts(make_card: Make) -> None:
    card = spread(make_card)
    image = card.grab().toImage()

    def painted(place: float, height: float) -> bool:
        point = card.body.mapTo(card, at(card, place, height).toPoint())
        return image.pixelColor(point).name() == DARK.series[0]

    assert [painted(0, h) for h in (0.5, 0.9, 1.1)] == [True, True, False]
    assert [painted(3, h) for h in (0.5, 3.9)] == [True, True]


def test_the_keys_walk_from_bin_to_bin(make_card: Make, qtbot: QtBot) -> None:
    card = spread(make_card)
    card.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card, Qt.Key.Key_Left)
    assert card.accessibleDescription().startswith("0.75 – 1, traces: 4")
    qtbot.keyClick(card, Qt.Key.Key_Home)
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert opened.args == [Pick(measure="m", low=0.0, high=0.25)]


def test_values_of_one_size_and_none_at_all_are_shown_calmly(make_card: Make) -> None:
    one = SpreadChart("x", Unit.NUMBER, np.array([5.0, 5.0]), np.array([3], np.int64))
    card = make_card(ChartKind.HISTOGRAM, one)
    assert not card.grab().isNull()
    none = SpreadChart("x", Unit.NUMBER, np.zeros(0), np.zeros(0, np.int64), unknown=3)
    card.show_content(none)
    assert card.state_words() == ("No known value in this range", "Of 3 traces none says it.")
    card.show_content(SpreadChart("x", Unit.NUMBER, np.zeros(0), np.zeros(0, np.int64), True, below=2))
    assert card.state_words()[0] == "Nothing to draw on a log scale"
    assert not card.grab().isNull()
