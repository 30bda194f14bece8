"""The box beside the pointer that says the exact figures of what is there."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from tailrace.ui.theme import Tokens, tokens, ui_font
from tailrace.ui.views.charts.body import Key
from tailrace.ui.views.charts.tones import colour_of, pen_of

_ROW, _PAD, _CHIP, _GAP = 17, 9, 16, 18
_NAME_MOST, _VALUE_MOST = 340, 160
_AWAY = 14  # pixels from the pointer


@dataclass(frozen=True, slots=True)
class HintRow:
    """A name with its figure, both plain text; with a key its colour; `strong` where the pointer is on it."""

    name: str
    value: str = ""
    key: Key | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """A title (a time, a range) and rows."""

    title: str
    rows: tuple[HintRow, ...] = ()

    def words(self) -> str:
        """All of it as lines of plain text."""
        return "\n".join((self.title, *(f"{row.name}: {row.value}" if row.value else row.name for row in self.rows)))


class HintBox(QWidget):
    """Shows a Hint in the window of its card. No mouse, no focus."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._room = window
        self._hint = Hint("")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_at(self, hint: Hint, point: QPoint) -> None:
        """Show a hint beside a point of the window, where there is room."""
        self._hint = hint
        size, room = self.sizeHint(), self._room.rect()
        left = point.x() + _AWAY
        if left + size.width() > room.right() - 4:
            left = point.x() - _AWAY - size.width()
        top = min(point.y() + _AWAY, room.bottom() - size.height() - 4)
        self.setGeometry(QRect(QPoint(max(4, left), max(4, top)), size))
        self.raise_()
        self.show()
        self.update()

    def sizeHint(self) -> QSize:
        names, values = self._widths()
        title = QFontMetrics(_bold()).horizontalAdvance(self._hint.title)
        inner = max(title, self._indent + names + (_GAP + values if values else 0) if self._hint.rows else 0)
        return QSize(inner + 2 * _PAD, _ROW * (1 + len(self._hint.rows)) + _PAD + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line2), 1))
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setFont(_bold())
            painter.setPen(QColor(theme.text))
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
            painter.drawText(QRect(_PAD, 5, self.width() - 2 * _PAD, _ROW), flags, self._hint.title)
            right = int(Qt.AlignmentFlag.AlignRight) | flags
            for place, row in enumerate(self._hint.rows):
                top = 6 + _ROW * (place + 1)
                if row.key is not None:
                    draw_chip(painter, theme, row.key, QPointF(_PAD, top + _ROW / 2))
                painter.setFont(_bold() if row.strong else ui_font(12))
                painter.setPen(QColor(theme.text if row.strong else theme.dim))
                left = _PAD + self._indent
                painter.drawText(QRect(left, top, self.width() - left - _PAD, _ROW), flags, self.name_shown(row))
                painter.setPen(QColor(theme.text))
                painter.drawText(QRect(left, top, self.width() - left - _PAD, _ROW), right, row.value)

    def name_shown(self, row: HintRow) -> str:
        """As much of a row's name as there is room for."""
        metrics = QFontMetrics(_bold() if row.strong else ui_font(12))
        return metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, self._widths()[0])

    @property
    def _indent(self) -> int:
        return _CHIP if any(row.key is not None for row in self._hint.rows) else 0

    def _widths(self) -> tuple[int, int]:
        metrics = QFontMetricsF(_bold())  # of whole pixels a name as wide as its room would be cut
        names = max((metrics.horizontalAdvance(row.name) for row in self._hint.rows), default=0.0)
        values = max((metrics.horizontalAdvance(row.value) for row in self._hint.rows), default=0.0)
        return min(_NAME_MOST, math.ceil(names)), min(_VALUE_MOST, math.ceil(values))


def draw_chip(painter: QPainter, theme: Tokens, key: Key, middle_left: QPointF) -> float:
    """The mark of a legend's entry; how wide it is."""
    if key.shape == "line":
        painter.setPen(pen_of(theme, key.tone, key.place, 2.0))
        painter.drawLine(middle_left, middle_left + QPointF(10, 0))
        return 10.0
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour_of(theme, key.tone, key.place))
    round_by = 4 if key.shape == "dot" else 2
    painter.drawRoundedRect(QRectF(middle_left.x(), middle_left.y() - 4, 8, 8), round_by, round_by)
    return 8.0


def _bold() -> QFont:
    return ui_font(12, QFont.Weight.DemiBold)
