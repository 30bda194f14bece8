"""How many of how many are done: a thin line and the words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.model.words import format_count
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.controls import draw_elided


class ProgressLine(QWidget):
    """Words above, the line below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done = self._all = 0
        self.setFont(ui_font(13))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> str:
        """What it says."""
        if not self._all:
            return "no conflicts"
        return f"{format_count(self._done)} of {format_count(self._all)} settled"

    def show_progress(self, done: int, of: int) -> None:
        """Show figures."""
        self._done, self._all = done, of
        self.setAccessibleName(self.words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(150, 26)

    def minimumSizeHint(self) -> QSize:
        return QSize(110, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = self.rect().adjusted(0, 0, 0, -7)
            draw_elided(painter, box, self.words, theme.text, Qt.AlignmentFlag.AlignLeft)
            line = QRectF(0, self.height() - 5, min(260, self.width()), 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.line))
            painter.drawRoundedRect(line, 2, 2)
            if self._done:
                line.setWidth(line.width() * self._done / self._all)
                painter.setBrush(QColor(theme.ok))
                painter.drawRoundedRect(line, 2, 2)
