"""A switch that is on or off, drawn from the theme: its knob says it by place, not by colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.ui.theme import pixmap, tokens
from tailrace.ui.views.pressable import Pressable

_WIDTH, _HEIGHT = 40, 22


class Toggle(Pressable):
    """`toggled` says that it is on or off now; `clicked(bool)` that a person did it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH + 6, _HEIGHT + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        on = self.isChecked()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            track = QRectF((self.width() - _WIDTH) / 2, (self.height() - _HEIGHT) / 2, _WIDTH, _HEIGHT)
            if self.focused:
                painter.setPen(QPen(QColor(theme.accent), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(track.adjusted(-2.5, -2.5, 2.5, 2.5), 13.5, 13.5)
            edge = theme.accent if on else theme.faint
            painter.setPen(QPen(QColor(edge), 1))
            painter.setBrush(QColor(theme.accent if on else theme.raised))
            painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), _HEIGHT / 2, _HEIGHT / 2)
            middle = QPointF(track.right() - _HEIGHT / 2 if on else track.left() + _HEIGHT / 2, track.center().y())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.on_accent if on else theme.text if self.hovered else theme.faint))
            painter.drawEllipse(middle, 7.5, 7.5)
            if on:
                tick = pixmap("check", theme.accent, 10, self.devicePixelRatioF())
                painter.drawPixmap(middle - QPointF(5, 5), tick)
