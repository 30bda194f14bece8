"""A key as it looks on the keyboard, drawn beside what it does."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from tailrace.ui.theme import Tokens, mono_font

HEIGHT = 18


def key_cap_width(words: str) -> int:
    """How wide the cap of a key is; 0 without a key."""
    return max(18, QFontMetrics(mono_font(11)).horizontalAdvance(words) + 11) if words else 0


def draw_key_cap(painter: QPainter, left: float, middle: float, words: str, theme: Tokens) -> None:
    """Draw the cap of a key from `left`, around the height `middle`."""
    if not words:
        return
    box = QRectF(left + 0.5, middle - HEIGHT / 2 + 0.5, key_cap_width(words) - 1, HEIGHT - 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.line2), 1))
    painter.setBrush(QColor(theme.panel))
    painter.drawRoundedRect(box, 4, 4)
    painter.drawLine(QPointF(box.left() + 2, box.bottom() - 1), QPointF(box.right() - 2, box.bottom() - 1))
    painter.setFont(mono_font(11))
    painter.setPen(QColor(theme.dim))
    painter.drawText(box.adjusted(0, -1, 0, -1), int(Qt.AlignmentFlag.AlignCenter), words)
    painter.restore()
