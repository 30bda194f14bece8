"""Pass, fail, defer: three large buttons, one of which may hold."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tailrace.model.review import Verdict
from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.controls import draw_elided, tinted_ground
from tailrace.ui.views.pressable import Pressable
from tailrace.ui.views.review.key_cap import draw_key_cap, key_cap_width
from tailrace.ui.views.spoken import Role

# word, icon, colour, what it means
LOOKS = {
    Verdict.PASS: ("Pass", "thumbs-up", "ok", "the answer is right"),
    Verdict.FAIL: ("Fail", "thumbs-down", "err", "something is wrong with it"),
    Verdict.DEFER: ("Defer", "clock", "warn", "decide later"),
}


class VerdictButton(Pressable):
    """One verdict: outlined while it does not hold; tinted, with a strong border and a filled icon while it does."""

    def __init__(self, verdict: Verdict, parent: QWidget) -> None:
        word, self._icon, self._tone, self._means = LOOKS[verdict]
        super().__init__(word, parent)
        self.verdict = verdict
        self._key = ""
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_key("")

    def set_key(self, words: str) -> None:
        """The key that gives it."""
        self._key = words
        self.setToolTip(f"{self.text()}{f' ({words})' if words else ''}: {self._means}; again to take it back")
        self.update()

    def nextCheckState(self) -> None:
        """Qt: a press does not change it; what was said of the trace does."""

    def sizeHint(self) -> QSize:
        return QSize(110, 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(72, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        tone = getattr(theme, self._tone)
        chosen = self.isChecked()
        colour = theme.faint if not self.isEnabled() else theme.text
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            wide = 2 if chosen else 1
            box = QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
            border = tone if chosen else theme.faint if self.hovered else theme.line2
            painter.setPen(QPen(QColor(border), wide))
            fill = tinted_ground(tone, theme) if chosen else QColor(theme.raised if self.hovered else theme.panel)
            painter.setBrush(QColor(theme.accent_bg) if self.isDown() else fill)
            painter.drawRoundedRect(box, 6, 6)
            if self.focused:
                painter.setPen(QPen(QColor(theme.accent), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(3.5, 3.5, -3.5, -3.5), 4, 4)
            left = 8 if self.width() < 110 else 11
            middle = self.height() / 2
            picture = pixmap(self._icon, tone if chosen else colour, 16, self.devicePixelRatioF(), chosen)
            painter.drawPixmap(QPointF(left, middle - 8), picture)
            left += 21 if self.width() < 110 else 25
            font = ui_font(13, QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
            painter.setFont(font)
            cap = key_cap_width(self._key)
            right = self.width() - (6 if self.width() < 110 else 8)
            if cap and left + painter.fontMetrics().horizontalAdvance(self.text()) + 2 + cap <= right:
                draw_key_cap(painter, right - cap, middle, self._key, theme)
                right -= cap + 2
            draw_elided(
                painter, QRect(left, 0, right - left, self.height()), self.text(), colour, Qt.AlignmentFlag.AlignLeft
            )


class VerdictButtons(QWidget):
    """The three in a row. `given(Verdict | None)`: a person gave a verdict; the one that holds, again, takes it
    back."""

    SPOKEN_AS = Role.Grouping
    given = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Verdict")
        self._verdict: Verdict | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.buttons = {verdict: VerdictButton(verdict, self) for verdict in Verdict}
        for button in self.buttons.values():
            button.clicked.connect(self._press)
            row.addWidget(button, 1)

    def show_verdict(self, verdict: Verdict | None) -> None:
        """The one that holds."""
        self._verdict = verdict
        for each, button in self.buttons.items():
            button.setChecked(each is verdict)

    def press(self, verdict: Verdict) -> None:
        """As a click on its button."""
        if self.isEnabled():
            self.given.emit(None if verdict is self._verdict else verdict)

    def _press(self) -> None:
        button = self.sender()
        assert isinstance(button, VerdictButton)
        self.press(button.verdict)
