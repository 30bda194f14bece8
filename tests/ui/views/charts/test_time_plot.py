"""Charts over time, driven as a person does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.views.charts.made import (
    HOUR,
    NONE,
    SHIFT,
    START,
    Make,
    begin_drag,
    drag,
    hours,
    hover,
    over_time,
    series,
    wheel,
)  # fmt: skip

from tailrace.model.charted import Group
from tailrace.model.dashboard import ChartKind
from tailrace.model.measures import Unit
from tailrace.ui.theme import DARK, LIGHT, apply_theme
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.hint import HintBox
from tailrace.ui.views.charts.time_plot import TimePlot
from tailrace.ui.views.charts.values import Band, Level, MarkLine, Pick, Series, TimeChart

NAN = float("nan")
CONTROL = Qt.KeyboardModifier.ControlModifier


def plot(card: ChartCard) -> TimePlot:
    assert isinstance(card.body, TimePlot)
    return card.body


def at(card: ChartCard, bucket: float, value: float) -> QPointF:
    """The point of the middle of a bucket (or beside it) at a value."""
    body = plot(card)
    return QPointF(body.frame.x((bucket + 0.5) * 3_600), body.frame.y(value))


def hint(card: ChartCard) -> list[str]:
    box = card.findChild(HintBox)
    return box._hint.words().split("\n") if box is not None and box.isVisible() else []


def bars(make_card: Make) -> ChartCard:
    return make_card(ChartKind.BARS, over_time(series("a", 1, 2, 3, 4, 5), series("b", 5, 4, 3, 2, 1)))


def lines(make_card: Make, unit: Unit = Unit.COUNT) -> ChartCard:
    return make_card(ChartKind.LINE, over_time(series("a", 1, 2, 3, 4, 5), series("b", 10, 9, 8, 7, 6), unit=unit))


def test_dragging_zooms_to_whole_buckets(make_card: Make, qtbot: QtBot) -> None:
    card = bars(make_card)
    with qtbot.waitSignal(card.zoomed) as zoomed, qtbot.assertNotEmitted(card.selected):
        drag(card.body, at(card, 0.8, 3), at(card, 2.1, 3))
    assert zoomed.args == [(START + HOUR, START + 3 * HOUR)]
    with qtbot.waitSignal(card.zoomed) as zoomed:  # to the left as to the right, and over the edge
        drag(card.body, at(card, 3, 3), QPointF(-80, 50))
    assert zoomed.args == [(START, START + 4 * HOUR)]


def test_shift_dragging_selects_times(make_card: Make, qtbot: QtBot) -> None:
    card = bars(make_card)
    with qtbot.waitSignal(card.selected) as selected, qtbot.assertNotEmitted(card.zoomed):
        drag(card.body, at(card, 1, 5), at(card, 2, 1), SHIFT)
    assert selected.args == [Pick(START + HOUR, START + 3 * HOUR, measure="requests")]


def test_shift_dragging_over_latencies_selects_values_too(make_card: Make, qtbot: QtBot) -> None:
    card = lines(make_card, Unit.DURATION)
    with qtbot.waitSignal(card.selected) as selected:
        drag(card.body, at(card, 1, 8), at(card, 2, 4), SHIFT)
    pick = selected.args[0]
    assert (pick.since_ns, pick.until_ns) == (START + HOUR, START + 3 * HOUR)
    assert pick.low == pytest.approx(4, abs=0.1)
    assert pick.high == pytest.approx(8, abs=0.1)
    with qtbot.waitSignal(card.selected) as selected:  # over the top: no bound there
        drag(card.body, at(card, 1, 4), QPointF(at(card, 2, 4).x(), -50), SHIFT)
    assert selected.args[0].high is None
    with qtbot.waitSignal(card.selected) as selected:  # a level drag means times alone
        drag(card.body, at(card, 1, 4), at(card, 2, 4), SHIFT)
    assert (selected.args[0].low, selected.args[0].high) == (None, None)


def test_escape_ends_a_drag_before_it_does_anything(make_card: Make, qtbot: QtBot) -> None:
    card = bars(make_card)
    with qtbot.assertNotEmitted(card.zoomed), qtbot.assertNotEmitted(card.reset):
        begin_drag(card.body, at(card, 0, 3), at(card, 2, 3))
        qtbot.keyClick(card, Qt.Key.Key_Escape)
        qtbot.mouseRelease(card.body, Qt.MouseButton.LeftButton, NONE, at(card, 2, 3).toPoint())
    with qtbot.waitSignal(card.reset):
        qtbot.keyClick(card, Qt.Key.Key_Escape)


def test_a_double_click_resets_and_opens_nothing(make_card: Make, qtbot: QtBot) -> None:
    card = bars(make_card)
    point = at(card, 2, 1).toPoint()
    with qtbot.assertNotEmitted(card.opened, wait=QApplication.doubleClickInterval() + 60):
        qtbot.mouseClick(card.body, Qt.MouseButton.LeftButton, NONE, point)
        with qtbot.waitSignal(card.reset):
            qtbot.mouseDClick(card.body, Qt.MouseButton.LeftButton, NONE, point)


@pytest.mark.parametrize(
    ("value", "group"), [(1.5, Group("a")), (4.5, Group("b")), (5.9, Group("b")), (6.3, None)], ids=str
)
def test_a_click_on_a_part_of_a_bar_opens_its_bucket_and_group(
    make_card: Make, qtbot: QtBot, value: float, group: Group | None
) -> None:
    card = bars(make_card)
    card.show_content(over_time(series("a", 1, 2, 3, 4, 5), series("b", 5, 4, 3, 2, 4)))  # room above the bars
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(card.body, Qt.MouseButton.LeftButton, NONE, at(card, 2, value).toPoint())
    assert opened.args == [Pick(START + 2 * HOUR, START + 3 * HOUR, group=group, measure="requests")]


def test_a_click_near_a_line_means_the_line_and_else_the_bucket(make_card: Make, qtbot: QtBot) -> None:
    card = lines(make_card)
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(card.body, Qt.MouseButton.LeftButton, NONE, (at(card, 1, 9) + QPointF(4, 6)).toPoint())
    assert opened.args[0].group == Group("b")
    assert opened.args[0].since_ns == START + HOUR
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(card.body, Qt.MouseButton.LeftButton, NONE, at(card, 1, 5.5).toPoint())
    assert opened.args[0].group is None


def test_hovering_says_the_time_and_every_figure_of_the_bucket(
    make_card: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = make_card(
        ChartKind.LINE,
        TimeChart(
            "Latency", Unit.DURATION, hours(3),
            (series("p50", 1_234_567_890, NAN, 3e9), series("p95", 2e9, 2.5e9, NAN)),
            marks=(MarkLine(START + HOUR, "v14 deployed"),),
        ),
    )  # fmt: skip
    with qtbot.waitSignal(card.hovered) as hovered:
        hover(card.body, at(card, 0, 2e9))
    assert hovered.args == [START + HOUR // 2]
    assert hint(card)[1:] == ["p50: 1.23457 s", "p95: 2 s"]
    hover(card.body, at(card, 1, 2e9))
    assert hint(card)[1:] == ["p50: –", "p95: 2.5 s", "v14 deployed"]
    with qtbot.waitSignal(card.hovered) as hovered:
        hover(card.body, QPointF(2, 2))
    assert hovered.args == [None]
    assert hint(card) == []


def test_a_stack_says_its_parts_from_the_top_and_their_total(make_card: Make) -> None:
    card = make_card(ChartKind.BARS, over_time(series("a", 1, 2), series("b", 1_000, NAN)))
    hover(card.body, at(card, 0, 500))
    assert hint(card)[1:] == ["b: 1,000", "a: 1", "total: 1,001"]
    hover(card.body, at(card, 1, 500))
    assert hint(card)[1:] == ["b: –", "a: 2", "total: 2"]


def test_the_crosshair_of_other_cards_is_followed(make_card: Make) -> None:
    card = lines(make_card)
    before = card.grab().toImage()
    card.show_crosshair(START + HOUR + 5)
    shown = card.grab().toImage()
    assert shown != before
    card.show_crosshair(None)
    assert card.grab().toImage() == before
    card.show_crosshair(START - 10 * HOUR)  # a time that this card has not
    assert card.grab().toImage() == before


def test_the_keys_walk_from_bucket_to_bucket_and_say_the_figures(make_card: Make, qtbot: QtBot) -> None:
    card = bars(make_card)
    card.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(card.hovered) as hovered:
        qtbot.keyClick(card, Qt.Key.Key_Right)
    assert hovered.args == [START + HOUR // 2]
    assert "a: 1, total: 6" in card.accessibleDescription()
    qtbot.keyClick(card, Qt.Key.Key_Right)
    assert "b: 4, a: 2" in card.accessibleDescription()
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert opened.args == [Pick(START + HOUR, START + 2 * HOUR, measure="requests")]
    qtbot.keyClick(card, Qt.Key.Key_End)
    qtbot.keyClick(card, Qt.Key.Key_Right)
    assert "b: 1, a: 5" in card.accessibleDescription()
    with qtbot.waitSignal(card.menu_wanted) as menu:
        qtbot.keyClick(card, Qt.Key.Key_Menu)
    assert menu.args[0].pick.since_ns == START + 4 * HOUR
    with qtbot.waitSignal(card.reset):
        qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert "2 series" in card.accessibleDescription()


def test_what_the_keys_point_at_keeps_its_moment_when_values_change(make_card: Make, qtbot: QtBot) -> None:
    card = bars(make_card)
    card.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(3):
        qtbot.keyClick(card, Qt.Key.Key_Right)
    card.show_content(over_time(series("a", 7, 8, 9, 10, 11), series("b", 0, 0, 0, 0, 0)))
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert opened.args[0].since_ns == START + 2 * HOUR
    assert "a: 9" in card.accessibleDescription()


def test_an_unknown_figure_is_a_gap_and_a_lone_one_a_dot(make_card: Make) -> None:
    card = make_card(ChartKind.LINE, over_time(series("a", 5, 5, NAN, 5, NAN, 5, 5)))
    image = card.grab().toImage()
    colour = QColor(DARK.series[0])

    def drawn(bucket: float) -> bool:
        point = card.body.mapTo(card, at(card, bucket, 5).toPoint())
        near = [image.pixelColor(point.x(), point.y() + way) for way in (-1, 0, 1)]
        return any(abs(c.blue() - colour.blue()) < 60 and abs(c.red() - colour.red()) < 60 for c in near)

    assert [drawn(bucket) for bucket in (0.5, 2, 2.5, 3, 3.5, 4, 5.5)] == [True, False, False, True, False, False, True]


@pytest.mark.parametrize("kind", [ChartKind.AREA, ChartKind.BARS])
def test_where_nothing_is_known_a_stack_has_a_gap_and_not_zero(make_card: Make, kind: ChartKind) -> None:
    card = make_card(kind, over_time(series("a", 5, NAN, 5), series("b", NAN, NAN, 5)))
    image = card.grab().toImage()

    def colour(bucket: int, value: float) -> str:
        point = card.body.mapTo(card, at(card, bucket, value).toPoint())
        return image.pixelColor(point).name()

    assert colour(1, 1) == DARK.panel
    assert colour(0, 2.5) == colour(2, 2.5) != DARK.panel
    assert colour(0, 7.5) == DARK.panel


def test_bars_are_as_high_as_their_figures(make_card: Make) -> None:
    card = make_card(ChartKind.BARS, over_time(series("a", 4, 2), series("b", 4, 0)))
    image = card.grab().toImage()

    def colour(bucket: int, value: float) -> str:
        return image.pixelColor(card.body.mapTo(card, at(card, bucket, value).toPoint())).name()

    first, second = DARK.series[:2]
    assert [colour(0, value) for value in (0.5, 3.7, 4.3, 7.7, 8.3)] == [first, first, second, second, DARK.panel]
    assert [colour(1, value) for value in (0.5, 1.7, 2.3)] == [first, first, DARK.panel]


def test_another_theme_paints_other_colours_at_once(make_card: Make, qapp: QApplication) -> None:
    card = make_card(ChartKind.BARS, over_time(series("a", 5, 5)))
    spot = card.body.mapTo(card, at(card, 0, 2).toPoint())
    assert card.grab().toImage().pixelColor(spot).name() == DARK.series[0]
    apply_theme(qapp, "light")
    image = card.grab().toImage()
    assert image.pixelColor(spot).name() == LIGHT.series[0]
    assert image.pixelColor(20, 60).name() == LIGHT.panel


def test_the_wheel_zooms_at_the_pointer_and_moves_with_shift(make_card: Make, qtbot: QtBot) -> None:
    card = bars(make_card)
    middle = at(card, 2, 3)
    with qtbot.waitSignal(card.moved) as moved, qtbot.waitSignal(card.zoomed, timeout=2000) as zoomed:
        assert wheel(card.body, middle, 1, CONTROL)
    since, until = moved.args[0]
    assert START < since < START + 2.5 * HOUR < until < START + 5 * HOUR
    assert (since + until) // 2 == pytest.approx(START + 2.5 * HOUR, abs=HOUR // 20)
    assert zoomed.args == moved.args
    with qtbot.waitSignal(card.moved) as moved:
        assert wheel(card.body, middle, -1, SHIFT)
    assert moved.args[0][0] > since
    assert moved.args[0][1] - moved.args[0][0] == until - since
    assert not wheel(card.body, middle, 1)  # that one scrolls the page


def test_moved_times_are_shown_at_once_and_new_values_end_that(make_card: Make) -> None:
    card = bars(make_card)
    before = at(card, 2, 3).x()
    card.show_range(START - 5 * HOUR, START + 5 * HOUR)
    assert at(card, 2, 3).x() > before
    card.show_content(over_time(series("a", 1, 2, 3, 4, 5)))
    assert at(card, 2, 3).x() == pytest.approx(before, abs=8)


def test_a_line_over_bars_has_its_own_scale(make_card: Make) -> None:
    chart = TimeChart(
        "Tokens", Unit.TOKENS, hours(2), (series("input", 1e6, 2e6),),
        over=Series("per request", np.array([500.0, 1_000.0])), over_unit=Unit.TOKENS,
    )  # fmt: skip
    card = make_card(ChartKind.BARS, chart)
    assert [key.words for key in card.body.legend()] == ["input", "per request"]
    hover(card.body, at(card, 1, 1e6))
    assert hint(card)[1:] == ["input: 2,000,000", "per request: 1,000"]
    body = plot(card)
    assert body.frame.y(body._on_left(np.array([1_000.0]))[0]) == pytest.approx(body.frame.y(2e6), abs=1)


def test_a_lone_series_is_named_where_it_is_one_of_a_field_s_values(make_card: Make) -> None:
    alone = series("ops.handle", 1, 2)
    assert [key.words for key in make_card(ChartKind.BARS, over_time(alone)).body.legend()] == ["ops.handle"]
    measured = replace(alone, group=None)
    assert make_card(ChartKind.BARS, over_time(measured)).body.legend() == ()


def test_a_budget_is_in_sight_even_far_above_the_figures(make_card: Make) -> None:
    chart = over_time(series("a", 1, 2))
    chart = TimeChart("Cost", Unit.MONEY, chart.buckets, chart.series, levels=(Level(40, "budget"),),
                      bands=(Band(None, 1, "err"), Band(1, None, "ok")))  # fmt: skip
    card = make_card(ChartKind.BARS, chart)
    body = plot(card)
    assert body.frame.box.top() <= body.frame.y(40) < body.frame.box.bottom()
    y = round(body.frame.y(40))
    image = card.grab().toImage()
    near = {
        image.pixelColor(body.mapTo(card, QPointF(x, y + way).toPoint())).name()
        for x in range(100, 160) for way in (-1, 0)
    }  # fmt: skip
    assert any(QColor(colour).red() > 180 for colour in near)


def test_of_very_many_series_it_says_how_many_are_drawn(make_card: Make) -> None:
    many = tuple(series(f"model-{i}", *np.arange(5.0) + i) for i in range(400))
    card = make_card(ChartKind.LINE, over_time(*many))
    assert card.body.remark() == "40 of 400 series"
    assert len(card.sheet().header) == 2 + 40
    hover(card.body, at(card, 2, 20))
    assert len(hint(card)) == 1 + 14 + 1
    assert hint(card)[-1] == "and 26 more"


@pytest.mark.parametrize("kind", [ChartKind.LINE, ChartKind.AREA, ChartKind.BARS])
@pytest.mark.parametrize(
    "values",
    [(0.0,), (NAN, 5), (1e308, -1e308, 1e308), (np.inf, 1), (-np.inf, NAN), (-3, 4, -5), (1e-300, 2e-300), (7, 7, 7)],
    ids=str,
)
def test_odd_figures_are_shown_calmly(make_card: Make, kind: ChartKind, values: tuple[float, ...]) -> None:
    card = make_card(kind, over_time(series("a", 1)))
    for unit in Unit:
        card.show_content(over_time(series("a", *values), series("b", *values), unit=unit))
        hover(card.body, QPointF(250, 80))
        assert not card.grab().isNull()
        assert card.svg()
        assert card.copy_values().count("\n") == 1 + len(values)


def test_shift_and_arrows_choose_times_as_a_drag_does(qtbot: QtBot, make_card: Make) -> None:
    card, selected, zoomed, opened = bars(make_card), [], [], []
    card.selected.connect(selected.append)
    card.zoomed.connect(zoomed.append)
    card.opened.connect(opened.append)
    card.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(card, key)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(card, key, SHIFT)
    assert "Enter says what differs" in card.accessibleDescription()
    assert plot(card).rubber is not None
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert [(pick.since_ns, pick.until_ns) for pick in selected] == [(START + HOUR, START + 3 * HOUR)]
    assert plot(card).rubber is None
    qtbot.keyClick(card, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(card, Qt.Key.Key_Return, CONTROL)
    assert zoomed == [(START + 2 * HOUR, START + 4 * HOUR)]
    qtbot.keyClick(card, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(card, Qt.Key.Key_Escape)  # gives up what was chosen, no more
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert len(opened) == 1
    assert len(selected) == 1
