"""Boxes to choose from and to count in, with arrows that can be seen: the style sheet leaves them without."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from tailrace.ui.theme import pixmap, tokens

_SIDE, _INSET = 14, 8


class ChoiceBox(QComboBox):
    """One of several."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: with an arrow down."""
        super().paintEvent(event)
        _draw_arrow(self, "chevron-down")


class CountBox(QSpinBox):
    """A small whole number."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: with arrows up and down."""
        super().paintEvent(event)
        _draw_arrow(self, "chevrons-up-down")


def _draw_arrow(box: QWidget, name: str) -> None:
    theme = tokens(box)
    colour = theme.dim if box.isEnabled() else theme.faint
    with QPainter(box) as painter:
        top = (box.height() - _SIDE) // 2
        painter.drawPixmap(box.width() - _SIDE - _INSET, top, pixmap(name, colour, _SIDE, box.devicePixelRatioF()))
