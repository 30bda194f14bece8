"""A button of the top row: a picture or a word before it, a text that may be cut, a chevron where something opens."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.controls import draw_elided, mixed
from tailrace.ui.views.pressable import Pressable

HEIGHT = 30
_PAD = 10
_CHEVRON = 13
_ICON = 16


class BarButton(Pressable):
    """`lead` stands before the text in a quieter colour and goes first where there is little room. `primary` fills it
    with the accent. `icon` stands before both, and alone once `show_words(False)` was called. `opens`: a chevron says
    so."""

    def __init__(
        self,
        lead: str = "",
        *,
        primary: bool = False,
        icon: str = "",
        opens: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", parent)
        self._lead = lead
        self._primary = primary
        self._icon = icon
        self._opens = opens
        self._words_shown = True
        self._lead_shown = True
        self.setFont(ui_font(13, QFont.Weight.Medium if primary else QFont.Weight.Normal))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Say something else. An & in it is no key."""
        self.setText(text)
        self.setShortcut(QKeySequence())
        self.update()

    def show_lead(self, shown: bool) -> None:
        """Whether the word before the text is there."""
        self._lead_shown = shown
        self.update()

    def show_words(self, shown: bool) -> None:
        """Whether lead and text are there, or the icon alone."""
        self._words_shown = shown
        self.update()

    def width_for(self, lead: bool = True, words: bool = True) -> int:
        """Pixels that all of it takes; without `words` its icon alone."""
        if not words:
            return 2 * _PAD + _ICON
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self.text()) + 2
        if lead and self._lead:
            width += metrics.horizontalAdvance(self._lead) + 5
        if self._icon:
            width += _ICON + 6
        return width + 2 * _PAD + (_CHEVRON + 5 if self._opens else 0)

    def sizeHint(self) -> QSize:
        return QSize(self.width_for(), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        focused, hover = self.focused, self.hovered
        text, quiet, border, fill = theme.text, theme.dim, theme.line2, QColor(theme.raised)
        if self._primary:
            text = quiet = theme.on_accent
            border, fill = theme.accent, mixed(theme.text, theme.accent, 0.12 if hover else 0.0)
        elif hover or self.isDown():
            border = theme.faint
            fill = QColor(theme.accent_bg) if self.isDown() else fill
        if self.isChecked():
            text, border, fill = theme.accent, theme.accent, QColor(theme.accent_bg)
        if not self.isEnabled():
            text = quiet = theme.faint
            border, fill = theme.line, QColor(theme.panel)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.accent if focused else border)))
            painter.setBrush(fill)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            if focused and self._primary:
                painter.setPen(QPen(QColor(theme.on_accent)))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 4, 4)
            painter.setFont(self.font())
            left, right = _PAD, self.width() - _PAD - (_CHEVRON + 3 if self._opens else 0)
            ratio = self.devicePixelRatioF()
            if self._icon:
                tone = theme.accent if self.isChecked() else quiet
                painter.drawPixmap(QPointF(left, (self.height() - _ICON) / 2), pixmap(self._icon, tone, _ICON, ratio))
                left += _ICON + 6
            if not self._words_shown:
                return
            if self._lead and self._lead_shown:
                painter.setPen(QColor(quiet))
                painter.drawText(QRect(left, 0, right - left, self.height()), _MIDDLE, self._lead)
                left += QFontMetrics(self.font()).horizontalAdvance(self._lead) + 5
            draw_elided(painter, QRect(left, 0, right - left, self.height()), self.text(), text, _LEFT)
            if self._opens:
                top = QPointF(self.width() - _PAD - _CHEVRON + 2, (self.height() - _CHEVRON) / 2)
                painter.drawPixmap(top, pixmap("chevron-down", quiet, _CHEVRON, ratio))


_LEFT = Qt.AlignmentFlag.AlignLeft
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)
