"""Whether what was given is in the file: a few quiet words, or a sentence that is hard to overlook."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.spoken import Role

SAVED, SAVING = "saved", "saving…"


class SavedMark(QWidget):
    """`saved`, `saving…` or nothing; a failure is not for this small place."""

    SPOKEN_AS = Role.StaticText

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = ""
        self.setFont(ui_font(12))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, words: str) -> None:
        """Show one of the two, or nothing."""
        self.words = words
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(74, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.words:
            return
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setFont(self.font())
            wide = painter.fontMetrics().horizontalAdvance(self.words) + 1
            left = self.width() - wide
            icon, colour = ("circle-check", theme.ok) if self.words == SAVED else ("loader-circle", theme.dim)
            painter.drawPixmap(
                QPointF(left - 17, (self.height() - 13) / 2), pixmap(icon, colour, 13, self.devicePixelRatioF())
            )
            spot = QRect(left, 0, wide, self.height())
            draw_elided(painter, spot, self.words, theme.dim, Qt.AlignmentFlag.AlignLeft)
