"""Cards of one figure."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from tests.ui.views.charts.made import HOUR, NONE, START, Make, hours

from tailrace.model.dashboard import ChartKind
from tailrace.model.measures import Better, Unit
from tailrace.ui.theme import DARK
from tailrace.ui.views.charts.number import Trend
from tailrace.ui.views.charts.values import Figure, Health, Pick

NAN = float("nan")


@pytest.mark.parametrize(
    ("unit", "former", "now", "better", "said"),
    [
        (Unit.COUNT, 1_000, 1_082, Better.NEITHER, ("8.2%", True, "dim")),
        (Unit.DURATION, 2e9, 2.82e9, Better.LESS, ("41%", True, "err")),
        (Unit.DURATION, 2e9, 1e9, Better.LESS, ("50%", False, "ok")),
        (Unit.SHARE, 0.85, 0.819, Better.MORE, ("3.1 pt", False, "err")),
        (Unit.SHARE, 0.90, 0.95, Better.MORE, ("5.0 pt", True, "ok")),
        (Unit.COUNT, 1_000, 1_000, Better.MORE, ("unchanged", False, "dim")),
        (Unit.COUNT, 0, 5, Better.NEITHER, ("new", True, "dim")),
        (Unit.COUNT, 0, 0, Better.NEITHER, ("unchanged", False, "dim")),
        (Unit.COUNT, NAN, 5, Better.MORE, ("", False, "dim")),
        (Unit.COUNT, 5, NAN, Better.MORE, ("", False, "dim")),
        (Unit.COUNT, 1, 50, Better.MORE, ("×50", True, "ok")),
    ],
)
def test_a_trend_says_how_much_and_whether_that_is_good(
    unit: Unit, former: float, now: float, better: Better, said: tuple[str, bool, str]
) -> None:
    trend = Trend(Figure("x", unit, now, former, better))
    assert (trend.words, trend.up, trend.tone) == said


def figure(value: float = 0.974) -> Figure:
    spark = np.array([0.9, NAN, 0.95, 0.97])
    return Figure("Success rate", Unit.SHARE, value, 0.984, Better.MORE, Health("ok", "healthy"), "SLO 95%",
                  spark=spark, buckets=hours(4), measure="success")  # fmt: skip


def test_it_says_figure_trend_and_health_in_words_too(make_card: Make) -> None:
    card = make_card(ChartKind.NUMBER, figure())
    assert card.accessibleName() == "Success rate"
    assert card.accessibleDescription() == "97.4%, down 1.0 pt against the period before, healthy, SLO 95%"
    assert [key.words for key in card.body.legend()] == ["healthy"]
    assert card.body.remark() == "SLO 95%"


def test_an_unknown_figure_is_a_dash_and_never_0(make_card: Make) -> None:
    card = make_card(ChartKind.NUMBER, figure(NAN))
    assert card.accessibleDescription().startswith("unknown")
    assert card.copy_values().splitlines()[1] == "\t\t"


def test_a_click_opens_all_and_the_keys_one_bucket(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.NUMBER, figure())
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(card.body, Qt.MouseButton.LeftButton, NONE, QPoint(40, 20))
    assert opened.args == [Pick(measure="success")]
    card.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card, Qt.Key.Key_Right)
    with qtbot.waitSignal(card.hovered) as hovered:
        qtbot.keyClick(card, Qt.Key.Key_Right)
    assert hovered.args == [START + HOUR + HOUR // 2]
    assert card.accessibleDescription().endswith(", –")
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert opened.args == [Pick(START + HOUR, START + 2 * HOUR, measure="success")]


def test_the_small_line_is_drawn_where_there_is_room(make_card: Make) -> None:
    card = make_card(ChartKind.NUMBER, figure())

    def has_line() -> bool:
        image = card.grab().toImage()
        return any(
            image.pixelColor(x, y).name() == DARK.series[0]
            for x in range(image.width() // 2, image.width())
            for y in range(28, image.height() - 4)
        )

    card.resize(230, 76)
    assert has_line()
    card.resize(110, 76)
    assert not has_line()
    card.resize(230, 170)
    assert has_line()


@pytest.mark.parametrize("value", [0.0, 1e308, -5, 1e-12, float("inf")])
@pytest.mark.parametrize("unit", list(Unit))
def test_odd_figures_are_shown_calmly(make_card: Make, unit: Unit, value: float) -> None:
    card = make_card(ChartKind.NUMBER, Figure("x", unit, value, 1.0, spark=np.array([NAN, value]), buckets=hours(2)))
    assert not card.grab().isNull()
    assert card.copy_values()
