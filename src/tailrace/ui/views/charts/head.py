"""The first line of a card: its title at the left, legend or caption at the right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from tailrace.ui.theme import Tokens, ui_font
from tailrace.ui.views.charts.body import Key
from tailrace.ui.views.charts.hint import draw_chip
from tailrace.ui.views.charts.tones import colour_of

_GAP, _CHIP_GAP, _KEY_MOST = 11, 5, 130


@dataclass(frozen=True, slots=True)
class Head:
    """What the first line says."""

    title: str
    caption: str = ""
    keys: tuple[Key, ...] = ()
    remark: str = ""  # N of M
    remark_tone: str = "faint"


def draw_head(painter: QPainter, theme: Tokens, box: QRect, head: Head) -> None:
    """The title keeps its room; of the legend as many entries as fit, then how many more there are."""
    painter.save()
    bold, small = ui_font(12, QFont.Weight.DemiBold), ui_font(11)
    title = QFontMetrics(bold).elidedText(head.title, Qt.TextElideMode.ElideRight, box.width())
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
    painter.setFont(bold)
    painter.setPen(QColor(theme.dim))
    painter.drawText(box, flags | int(Qt.AlignmentFlag.AlignLeft), title)
    left = box.left() + QFontMetrics(bold).horizontalAdvance(title) + 2 * _GAP
    painter.setFont(small)
    metrics = QFontMetrics(small)
    right = float(box.right())
    if head.remark:
        colour = colour_of(theme, head.remark_tone).name()
        right = _draw_words(painter, colour, metrics, head.remark, left, right, box)
    if not head.keys:
        _draw_words(painter, theme.faint, metrics, head.caption, left, right, box)
    else:
        _draw_keys(painter, theme, metrics, head.keys, QRectF(left, box.top(), right - left, box.height()))
    painter.restore()


def _draw_words(
    painter: QPainter, colour: str, metrics: QFontMetrics, words: str, left: float, right: float, box: QRect
) -> float:
    """Words that end at `right`; where what stands before them has to end."""
    room = int(right - left)
    if not words or room < 24:
        return right
    if metrics.horizontalAdvance(words) > room and " of " in words:
        words = words.rpartition(" ")[0]  # the figures of “1,204 of 31,877 traces” say more than its last word
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter.setPen(QColor(colour))
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine)
    painter.drawText(QRectF(left, box.top(), room, box.height()), flags, shown)
    return right - metrics.horizontalAdvance(shown) - _GAP


def _draw_keys(painter: QPainter, theme: Tokens, metrics: QFontMetrics, keys: tuple[Key, ...], box: QRectF) -> None:
    words = [metrics.elidedText(key.words, Qt.TextElideMode.ElideRight, _KEY_MOST) for key in keys]
    wide = [
        (10 if key.shape == "line" else 8) + _CHIP_GAP + metrics.horizontalAdvance(word)
        for key, word in zip(keys, words, strict=True)
    ]
    count, total = 0, 0.0
    while count < len(keys) and total + wide[count] + (_GAP if count else 0) <= box.width():
        total += wide[count] + (_GAP if count else 0)
        count += 1
    rest = ""
    while count < len(keys):
        rest = f"+{len(keys) - count}"
        if total + _GAP + metrics.horizontalAdvance(rest) <= box.width() or count == 0:
            break
        count -= 1
        total -= wide[count] + (_GAP if count else 0)
    x = box.right() - total - ((_GAP if count else 0) + metrics.horizontalAdvance(rest) if rest else 0)
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip)
    for key, word, width in zip(keys[:count], words, wide, strict=False):
        chip = draw_chip(painter, theme, key, QPointF(x, box.center().y() + 0.5))
        painter.setPen(colour_of(theme, key.tone) if key.shape == "dot" else QColor(theme.dim))
        painter.drawText(QRectF(x + chip + _CHIP_GAP, box.top(), width, box.height()), flags, word)
        x += width + _GAP
    if rest and metrics.horizontalAdvance(rest) <= box.width():
        painter.setPen(QColor(theme.faint))
        painter.drawText(QRectF(x, box.top(), 60, box.height()), flags, rest)


def draw_grip(painter: QPainter, theme: Tokens) -> None:
    """Six dots before the title: a hand can take the card here."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.faint))
    for place in range(6):
        painter.drawEllipse(QPointF(4.5 + 3.5 * (place % 2), 14.5 + 3.5 * (place // 2)), 1.1, 1.1)
