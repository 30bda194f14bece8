"""Lists of bars and rings of parts."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot
from tests.ui.views.charts.made import NONE, Make, wheel

from tailrace.model.charted import Group
from tailrace.model.dashboard import ChartKind
from tailrace.model.measures import Unit
from tailrace.ui.theme import DARK
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.donut import DonutBody
from tailrace.ui.views.charts.ranking import RankingBody
from tailrace.ui.views.charts.values import Part, Pick, Ranking

NAN = float("nan")


def ranking(*values: float, whole: float = NAN, others: float | None = None, of: int = 0) -> Ranking:
    parts = [Part(f"group {i}", value, Group(f"group {i}")) for i, value in enumerate(values)]
    if others is not None:
        parts.append(Part("92 others", others, Group(others=True)))
    return Ranking("Requests", Unit.COUNT, tuple(parts), whole, measure="requests", of=of)


def test_a_click_on_a_row_opens_its_group(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.LIST, ranking(50, 30, 20))
    assert isinstance(card.body, RankingBody)
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(card.body, Qt.MouseButton.LeftButton, NONE, card.body.row_box(1).center())
    assert opened.args == [Pick(group=Group("group 1"), measure="requests")]


def test_bars_are_as_long_as_their_figures(make_card: Make) -> None:
    card = make_card(ChartKind.LIST, ranking(100, 50, 0, NAN))
    body = card.body
    assert isinstance(body, RankingBody)
    image = card.grab().toImage()

    def painted(row: int, share: float) -> bool:
        box = body.row_box(row)
        point = body.mapTo(card, QPoint(round(box.left() + share * box.width()), box.bottom() - 4))
        return image.pixelColor(point).name() != DARK.panel

    assert [painted(0, share) for share in (0.2, 0.97)] == [True, True]
    assert [painted(1, share) for share in (0.2, 0.47, 0.53)] == [True, True, False]
    assert not painted(3, 0.002)  # unknown: no bar


def test_shares_are_said_only_of_a_whole(make_card: Make) -> None:
    card = make_card(ChartKind.LIST, ranking(50, 30, whole=100, others=20, of=94))
    assert card.body.row_words(0) == "group 0: 50, 50% of 100"
    assert card.body.remark() == "2 of 94 groups"
    assert card.copy_values() == "group\tRequests\tshare\ngroup 0\t50\t0.5\ngroup 1\t30\t0.3\n92 others\t20\t0.2\n"
    card.show_content(ranking(50, 30))
    assert card.body.row_words(0) == "group 0: 50"
    assert card.copy_values().splitlines()[0] == "group\tRequests"


def test_ten_thousand_groups_scroll_and_the_keys_reach_the_last(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.LIST, ranking(*range(10_000, 0, -1)))
    body = card.body
    assert isinstance(body, RankingBody)
    assert wheel(body, QPointF(50, 50), -1)
    assert body.bar.value() > 0
    assert not wheel(body, QPointF(50, 50), -1, Qt.KeyboardModifier.ControlModifier)
    card.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card, Qt.Key.Key_End)
    assert card.accessibleDescription() == "group 9999: 1, row 10000 of 10000"
    assert body.room.contains(body.row_box(9_999).center())
    assert not wheel(body, QPointF(50, 50), -1)  # at the end the page scrolls on
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert opened.args[0].group == Group("group 9999")
    assert not card.grab().isNull()


def ring_point(card: ChartCard, turn: float) -> QPoint:
    """A point of the ring, by the part of a turn from the top clockwise."""
    assert isinstance(card.body, DonutBody)
    ring = card.body.ring
    angle, radius = turn * 2 * math.pi, ring.width() * 0.42
    return (ring.center() + QPointF(math.sin(angle), -math.cos(angle)) * radius).toPoint()


def test_a_click_on_a_part_of_the_ring_or_its_name_opens_its_group(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.PIE, ranking(50, 25, whole=100, others=25))
    body = card.body
    assert isinstance(body, DonutBody)
    for turn, group in ((0.25, Group("group 0")), (0.6, Group("group 1")), (0.9, Group(others=True))):
        with qtbot.waitSignal(card.opened) as opened:
            qtbot.mouseClick(body, Qt.MouseButton.LeftButton, NONE, ring_point(card, turn))
        assert opened.args[0].group == group
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(body, Qt.MouseButton.LeftButton, NONE, body.row_box(1).center())
    assert opened.args[0].group == Group("group 1")
    with qtbot.assertNotEmitted(card.opened):
        qtbot.mouseClick(body, Qt.MouseButton.LeftButton, NONE, body.ring.center().toPoint())


def test_parts_of_the_ring_have_their_colours(make_card: Make) -> None:
    card = make_card(ChartKind.PIE, ranking(50, 25, whole=100, others=25))
    image = card.grab().toImage()
    painted = [
        image.pixelColor(card.body.mapTo(card, ring_point(card, turn))).name() for turn in (0.25, 0.6, 0.9)
    ]  # fmt: skip
    assert painted == [DARK.series[0], DARK.series[1], DARK.others]


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (ranking(3, 4), "Not parts of one whole"),
        (ranking(3, -4, whole=-1), "Not parts of one whole"),
        (ranking(0, 0, whole=0), "All figures are 0"),
        (ranking(), "No data in this range"),
        (ranking(NAN, whole=NAN), "No data in this range"),
    ],
)
def test_a_ring_is_only_drawn_of_parts_of_one_whole(make_card: Make, content: Ranking, title: str) -> None:
    card = make_card(ChartKind.PIE, content)
    assert card.state_words()[0] == title
    assert card.state_words()[1]
    assert card.body.isHidden()
    card.show_content(ranking(5, whole=5))
    assert not card.body.isHidden()
