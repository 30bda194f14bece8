"""Three dots at the corner of a card: its menu, for those who do not think of the right button."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from tailrace.ui.theme import pixmap, tokens


class MenuButton(QAbstractButton):
    """Not in the Tab order: the card's own menu key does the same."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._card = parent
        self.setAccessibleName("Menu of this chart")
        self.setToolTip("Copy, export, edit …")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(QSize(20, 20))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        over = self.underMouse()
        if not over and not self._card.underMouse() and not self._card.hasFocus():
            return
        with QPainter(self) as painter:
            if over:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.raised))
                painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
            colour = theme.text if over else theme.faint
            painter.drawPixmap(QPointF(3, 3), pixmap("ellipsis", colour, 14, self.devicePixelRatioF()))
