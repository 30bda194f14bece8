"""What all cards have in common: states, focus, menu, copies and pictures."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.views.charts.made import HOUR, START, Make, hours, over_time, series

from tailrace.model.charted import Group
from tailrace.model.dashboard import ChartKind
from tailrace.model.measures import Unit
from tailrace.ui.theme import DARK, LIGHT, apply_theme
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.text import name_group, one_line
from tailrace.ui.views.charts.values import (
    Column,
    ComparisonChart,
    Content,
    DifferencesChart,
    Figure,
    Grid,
    HeatChart,
    MarkLine,
    Part,
    Ranking,
    Row,
    SpreadChart,
    TimeChart,
)  # fmt: skip

EVIL = "=cmd|' /C calc'!A0 <b>bold</b>\n\x00\t<script>" + "x" * 1_000_000
TIMED = (ChartKind.LINE, ChartKind.AREA, ChartKind.BARS)


def content_of(kind: ChartKind, name: str = "gpt-4o") -> Content:
    group = Group(name)
    match kind:
        case ChartKind.LINE | ChartKind.AREA | ChartKind.BARS:
            one = TimeChart(name, Unit.COUNT, hours(3), (series(name, 1, 2, 3), series("b", 3, 2, 1)), name, name)
            return TimeChart(one.title, one.unit, one.buckets, one.series, marks=(MarkLine(START + HOUR, name),))
        case ChartKind.NUMBER:
            return Figure(name, Unit.COUNT, 5, 4, note=name, definition=name)
        case ChartKind.LIST | ChartKind.PIE:
            return Ranking(name, Unit.COUNT, (Part(name, 3, group), Part("b", 1, Group("b"))), 4, name)
        case ChartKind.TABLE:
            return Grid(name, name, (Column(name, Unit.COUNT, "", name),), (Row(name, (3,), group),), name)
        case ChartKind.HEATMAP:
            return HeatChart(name, Unit.DURATION, hours(2), np.array([1e6, 1e8]), np.array([[1, 2]], np.int64))
        case ChartKind.HISTOGRAM:
            return SpreadChart(name, Unit.NUMBER, np.array([0.0, 1.0]), np.array([3], np.int64), caption=name)
        case ChartKind.COMPARISON:
            return ComparisonChart(name, None, hint=name)
    return DifferencesChart(name, None)


@pytest.mark.parametrize("kind", list(ChartKind))
def test_names_from_elsewhere_are_one_short_line_of_plain_text(make_card: Make, kind: ChartKind) -> None:
    card = make_card(kind, content_of(kind, EVIL))
    assert not card.grab().isNull()
    assert len(card.accessibleName()) < 300
    assert len(card.accessibleDescription()) < 2_000
    assert "\n" not in card.accessibleDescription()
    lines = card.copy_values().splitlines()
    assert len({line.count("\t") for line in lines if line}) <= 1  # no tab of a name makes a column
    assert not any(cell.startswith("=") for line in lines for cell in line.split("\t"))
    assert b"<script" not in card.svg()


def test_one_line_takes_out_what_is_no_letter() -> None:
    assert one_line("a\nb\x00c\u2028d") == "a b c d"
    assert one_line("  a  ") == "a"
    assert len(one_line("x" * 10**6)) == 201
    assert name_group(Group()) == "(none)"
    assert name_group(Group("")) == "(empty)"
    assert name_group(Group(others=True), 1_200) == "1,200 others"


@pytest.mark.parametrize("kind", TIMED)
def test_where_no_figure_is_known_it_says_what_to_do(make_card: Make, kind: ChartKind) -> None:
    card = make_card(kind, over_time(series("a", float("nan"), float("nan"))))
    assert card.state_words() == ("No data in this range", "Choose a longer time range, or clear the filter.")
    assert card.accessibleDescription().startswith("No data in this range.")
    assert card.body.isHidden()
    card.show_content(over_time(series("a", 0, float("nan"))))  # 0 is a figure
    assert card.state_words() == ("", "")
    assert not card.body.isHidden()


def test_waiting_is_said_when_it_lasts_and_ends_with_the_values(qtbot: QtBot) -> None:
    card = ChartCard(ChartKind.LINE)
    qtbot.addWidget(card)
    card.set_title("Latency")
    card.show_loading()
    assert not card.waiting
    qtbot.waitUntil(lambda: card.waiting, timeout=5_000)
    assert card.state_words() == ("Working…", "")
    card.show_content(over_time(series("a", 1)))
    assert not card.waiting
    card.show_loading()
    card.show_content(over_time(series("a", 1)))
    with qtbot.waitSignal(card.destroyed, timeout=400, raising=False):
        pass
    assert not card.waiting  # what came in time was never announced


def test_while_waiting_the_former_values_stay(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.LINE, over_time(series("a", 1, 2)))
    card.show_loading()
    qtbot.waitUntil(lambda: card.waiting, timeout=5_000)
    assert not card.body.isHidden()
    assert card.accessibleDescription().startswith("Working… Lines over time")


def test_a_failure_is_said_in_its_sentence(make_card: Make) -> None:
    card = make_card(ChartKind.BARS, over_time(series("a", 1)))
    card.show_failed("There is no column “cost”. Choose another measure.")
    assert card.state_words() == ("Could not be drawn", "There is no column “cost”. Choose another measure.")
    assert "There is no column" in card.accessibleDescription()
    assert card.body.isHidden()
    card.show_content(over_time(series("a", 1)))
    assert not card.body.isHidden()


def test_values_of_another_kind_are_refused(qtbot: QtBot) -> None:
    for kind in ChartKind:
        card = ChartCard(kind)
        qtbot.addWidget(card)
        other = content_of(ChartKind.NUMBER if kind is not ChartKind.NUMBER else ChartKind.LINE)
        with pytest.raises(TypeError):
            card.show_content(other)


def test_what_was_empty_is_under_way_once_other_values_are(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.DIFFERENCES, DifferencesChart("What differs"))
    assert card.state_words()[0] == "Nothing is selected yet"
    card.show_loading()
    qtbot.waitUntil(lambda: card.waiting, timeout=5_000)
    assert card.state_words() == ("Working…", "")


@pytest.mark.parametrize("kind", list(ChartKind))
def test_the_mouse_reaches_the_drawing_and_the_card_takes_the_focus(
    make_card: Make, qtbot: QtBot, kind: ChartKind
) -> None:
    card = make_card(kind, content_of(kind))
    card.activateWindow()
    card.clearFocus()
    if card.body.isHidden():
        return
    point = card.body.geometry().center() + QPoint(3, -6)
    assert card.childAt(point) is card.body
    qtbot.mouseClick(card.body, Qt.MouseButton.LeftButton, pos=card.body.mapFrom(card, point))
    assert QApplication.focusWidget() is card


@pytest.mark.parametrize("kind", list(ChartKind))
def test_the_focus_that_a_key_brought_is_seen(make_card: Make, qtbot: QtBot, kind: ChartKind) -> None:
    card = make_card(kind, content_of(kind))
    card.clearFocus()
    before = card.grab().toImage()
    card.setFocus(Qt.FocusReason.TabFocusReason)
    after = card.grab().toImage()
    ring = QColor(DARK.accent)
    assert abs(after.pixelColor(card.width() // 2, 1).blue() - ring.blue()) < 60
    assert abs(before.pixelColor(card.width() // 2, 1).blue() - ring.blue()) > 60


def test_a_menu_is_asked_for_by_button_mouse_and_key(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.LIST, content_of(ChartKind.LIST))
    with qtbot.waitSignal(card.menu_wanted) as menu:
        qtbot.mouseClick(card.menu_button, Qt.MouseButton.LeftButton)
    assert menu.args[0].pick is None
    row = card.body.mapTo(card, QPoint(60, 14))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, row, card.mapToGlobal(row))
    with qtbot.waitSignal(card.menu_wanted) as menu:
        QApplication.sendEvent(card, event)
    assert menu.args[0].pick.group == Group("gpt-4o")
    assert menu.args[0].position == card.mapToGlobal(row)
    card.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card, Qt.Key.Key_Down)
    with qtbot.waitSignal(card.menu_wanted) as menu:
        qtbot.keyClick(card, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert menu.args[0].pick.group == Group("gpt-4o")


def test_values_over_time_are_copied_with_iso_times_and_exact_figures(make_card: Make) -> None:
    chart = TimeChart("Latency", Unit.DURATION, hours(2), (series("p50", 1_234_567_890, float("nan")),))
    assert make_card(ChartKind.LINE, chart).copy_values() == (
        "from\tto\tp50 (ns)\n"
        "2026-11-18T11:06:40Z\t2026-11-18T12:06:40Z\t1234567890\n"
        "2026-11-18T12:06:40Z\t2026-11-18T13:06:40Z\t\n"
    )


@pytest.mark.parametrize("kind", list(ChartKind))
def test_pictures_show_the_card_without_the_pointer(make_card: Make, qtbot: QtBot, kind: ChartKind) -> None:
    card = make_card(kind, content_of(kind))
    png = QImage.fromData(card.png())
    assert (png.width(), png.height()) == (2 * card.width(), 2 * card.height())
    card.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card, Qt.Key.Key_Down)
    qtbot.keyClick(card, Qt.Key.Key_Right)
    assert QImage.fromData(card.png()) == png
    svg = card.svg()
    assert QSvgRenderer(QByteArray(svg)).isValid()
    assert b"<image" not in svg
    assert b"gpt-4o" in svg


@pytest.mark.parametrize("kind", list(ChartKind))
def test_every_kind_takes_another_theme_at_once(make_card: Make, qapp: QApplication, kind: ChartKind) -> None:
    card = make_card(kind, content_of(kind))
    assert card.grab().toImage().pixelColor(30, 8).name() == DARK.panel
    apply_theme(qapp, "light")
    light = card.grab().toImage()
    assert light.pixelColor(30, 8).name() == LIGHT.panel
    fresh = make_card(kind, content_of(kind))
    apply_theme(qapp, "light")
    fresh.clearFocus()
    card.clearFocus()
    assert card.png() == fresh.png()


def test_the_plotting_library_loads_with_the_first_plot_only() -> None:
    code = (
        "import os, sys; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "from PySide6.QtWidgets import QApplication; app = QApplication([])\n"
        "import tailrace.ui.main_window\n"
        "from tailrace.ui.views.charts.card import ChartCard\n"
        "from tailrace.model.dashboard import ChartKind as K\n"
        "cards = [ChartCard(k) for k in (K.NUMBER, K.LIST, K.PIE, K.TABLE, K.COMPARISON, K.DIFFERENCES)]\n"
        "assert 'pyqtgraph' not in sys.modules\n"
        "cards.append(ChartCard(K.LINE))\n"
        "assert 'pyqtgraph' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
