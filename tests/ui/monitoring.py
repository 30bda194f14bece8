"""How tests drive the Monitor page."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.driving import press, settle

from tailrace.ui.main_window import MainWindow
from tailrace.ui.pages.monitor import MonitorPage
from tailrace.ui.views.charts.card import ChartCard

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


class Monitored:
    """A window and its Monitor page."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window

    @property
    def page(self) -> MonitorPage:
        return self.window.monitor

    def card(self, panel_id: str) -> ChartCard:
        card = self.page.grid.card(panel_id)
        assert card is not None
        return card

    def settle(self) -> None:
        QApplication.processEvents()
        self.qtbot.waitUntil(lambda: not self.page.is_waiting, timeout=20_000)
        settle(self.qtbot, self.window)

    def enter(self) -> None:
        press(self.qtbot, Qt.Key.Key_3, CTRL)
        self.settle()

    def drag(self, card: ChartCard, start: QPoint, end: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Press, move and release on what is drawn in a card."""
        body = card.body
        target = body.childAt(start) or body
        QTest.mousePress(target, Qt.MouseButton.LeftButton, modifier, target.mapFrom(body, start))
        for step in (0.3, 0.7, 1.0):
            QTest.mouseMove(target, target.mapFrom(body, start + (end - start) * step))
            QApplication.processEvents()
        QTest.mouseRelease(target, Qt.MouseButton.LeftButton, modifier, target.mapFrom(body, end))

    def grip(self, card: ChartCard, start: QPoint, by: QPoint) -> None:
        """Take hold of a card itself and move the pointer by so much."""
        ground = card.parentWidget()
        place = card.mapTo(ground, start)
        QTest.mousePress(card, Qt.MouseButton.LeftButton, NONE, start)
        for step in (0.2, 0.6, 1.0):
            QTest.mouseMove(card, card.mapFrom(ground, place + by * step))
            QApplication.processEvents()
        QTest.mouseRelease(card, Qt.MouseButton.LeftButton, NONE, card.mapFrom(ground, place + by))


def middle(card: ChartCard, share: float) -> QPoint:
    """A place in the plot of a card."""
    return QPoint(60 + round((card.body.width() - 80) * share), card.body.height() // 2)
