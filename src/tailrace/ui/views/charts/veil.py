"""A veil over figures that are about to be replaced: they can be read and used, and look like what they are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from tailrace.ui.theme import tokens

_STRENGTH = 0.55


class Veil(QWidget):
    """Lets everything through but some of the light."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the colour of the card, half."""
        colour = QColor(tokens(self).panel)
        colour.setAlphaF(_STRENGTH)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colour)
