"""Values for cards, and hands for them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from tailrace.model.charted import Buckets, Group
from tailrace.model.dashboard import ChartKind
from tailrace.model.measures import Unit
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.values import Content, MarkLine, Series, TimeChart

HOUR = 3_600 * 10**9
START = 1_795_000_000_000_000_000
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
Make = Callable[[ChartKind, Content], ChartCard]


def hours(count: int) -> Buckets:
    """So many hours from START on."""
    return Buckets(tuple(START + i * HOUR for i in range(count + 1)))


def series(name: str, *values: float) -> Series:
    """A series that is a group of its name."""
    return Series(name, np.array(values, np.float64), group=Group(name), measure="requests")


def over_time(*many: Series, unit: Unit = Unit.COUNT, marks: tuple[MarkLine, ...] = ()) -> TimeChart:
    """A chart of series of equally many hours."""
    return TimeChart("Requests", unit, hours(len(many[0].values)), many, marks=marks)


def send(
    body: QWidget,
    kind: QEvent.Type,
    point: QPoint | QPointF,
    held: bool = False,
    keys: Qt.KeyboardModifier = NONE,
    button: Qt.MouseButton = Qt.MouseButton.NoButton,
) -> None:
    """One mouse event at a point of a widget."""
    at = QPointF(point)
    buttons = Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton
    QApplication.sendEvent(body, QMouseEvent(kind, at, body.mapToGlobal(at), button, buttons, keys))


def hover(body: QWidget, point: QPoint | QPointF) -> None:
    """The pointer moves to a point."""
    send(body, QEvent.Type.MouseMove, point)


def begin_drag(body: QWidget, begin: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
    """Press at one point and move to another."""
    send(body, QEvent.Type.MouseButtonPress, begin, True, keys, Qt.MouseButton.LeftButton)
    send(body, QEvent.Type.MouseMove, (begin + end) / 2, True, keys)
    send(body, QEvent.Type.MouseMove, end, True, keys)


def drag(body: QWidget, begin: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
    """Press at one point, move to another, let go."""
    begin_drag(body, begin, end, keys)
    send(body, QEvent.Type.MouseButtonRelease, end, False, keys, Qt.MouseButton.LeftButton)


def wheel(body: QWidget, point: QPointF, notches: int, keys: Qt.KeyboardModifier = NONE) -> bool:
    """Turn the wheel; whether it was taken."""
    event = QWheelEvent(
        point, body.mapToGlobal(point), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    event.ignore()
    QApplication.sendEvent(body, event)
    return event.isAccepted()


def colours_at(card: QWidget, points: list[QPoint]) -> list[str]:
    """What is painted at points of a card."""
    image = card.grab().toImage()
    return [image.pixelColor(point).name() for point in points]
