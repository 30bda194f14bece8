"""A large choice: an icon, what it is, and a sentence on what it does."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.pressable import Pressable

_PAD = 13
_SIDE = 18
_WRAP = int(Qt.TextFlag.TextWordWrap)


class CardButton(Pressable):
    """Checkable among others, or a way to go on. `primary` makes one of several stand out; `lines` is the
    room for the sentence."""

    def __init__(
        self,
        icon: str,
        title: str,
        sentence: str,
        *,
        lines: int = 2,
        primary: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self._icon = icon
        self._sentence = sentence
        self._lines = lines
        self._primary = primary
        self._title_font = ui_font(13, QFont.Weight.DemiBold)
        self._small_font = ui_font(12)
        self._name(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def sentence(self) -> str:
        """What it says below its title."""
        return self._sentence

    def set_words(self, title: str, sentence: str) -> None:
        """Say something else."""
        self._sentence = sentence
        self._name(title)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, 2 * _PAD + 22 + self._lines * QFontMetrics(self._small_font).lineSpacing())

    def minimumSizeHint(self) -> QSize:
        return QSize(150, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter on a choice among others is for the dialog they are in."""
        if self.isCheckable() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        hover = self.hovered
        strong = self.isChecked() or self._primary
        border = theme.accent if self.hasFocus() or self.isChecked() else theme.faint if hover else theme.line2
        title = theme.text if self.isEnabled() else theme.faint
        fill = theme.accent_bg if strong or self.isDown() else theme.raised if hover else theme.panel
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(border), 2 if self.hasFocus() else 1))
            painter.setBrush(QColor(fill))
            inset = 1.0 if self.hasFocus() else 0.5
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)
            colour = theme.accent if strong else theme.dim if self.isEnabled() else theme.faint
            picture = pixmap(self._icon, colour, _SIDE, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(_PAD, _PAD), picture)
            left = _PAD + _SIDE + 10
            room = self.width() - left - _PAD
            painter.setFont(self._title_font)
            draw_elided(painter, QRect(left, _PAD, room, 18), self.text(), title, Qt.AlignmentFlag.AlignLeft)
            painter.setFont(self._small_font)
            painter.setPen(QColor(theme.dim if self.isEnabled() else theme.faint))
            below = QRect(left, _PAD + 20, room, self.height() - _PAD - 20)
            painter.drawText(below, _WRAP, self._sentence)

    def _name(self, title: str) -> None:
        self.setText(title)
        self.setShortcut(QKeySequence())  # an & in a queue's name is no key
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(self._sentence)
        self.setToolTip(tip(f"{self.text()}\n{self._sentence}"))
