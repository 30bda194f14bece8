"""A number between two ends: a bar to drag, arrow keys, or typing it. Not given is not the low end."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from tailrace.model.review import ScoreDefinition
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.review.score_control import CLEARING, ScoreControl
from tailrace.ui.views.review.score_values import number_words, step_of, stepped
from tailrace.ui.views.spoken import Role

_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -10, Qt.Key.Key_PageUp: 10,
}  # fmt: skip
_ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FIGURES = 52


class NumberControl(ScoreControl):
    """A bar with the value at its right."""

    SPOKEN_AS = Role.Slider

    def __init__(self, definition: ScoreDefinition, parent: QWidget) -> None:
        super().__init__(definition, parent)
        self.typed = ""
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def is_refused(self) -> bool:
        """Whether what is typed is no number of the range."""
        return bool(self.typed) and self._typed_value() is None

    def heightForWidth(self, width: int) -> int:
        return 22

    def sizeHint(self) -> QSize:
        return QSize(150, 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 22)

    def takes(self, key: int, text: str) -> bool:
        if key in _ENTER:
            return bool(self.typed)
        return key in _STEPS or key in _ENDS or key in CLEARING or (text != "" and text in "0123456789.,-")

    def press(self, key: int, text: str) -> None:
        if key in _ENTER:
            self.flush()
            self.look()
        elif key in CLEARING:
            if key == Qt.Key.Key_Backspace and self.typed:
                self._type(self.typed[:-1])
            else:
                self.typed = ""
                self.give(None)
        elif key in _ENDS:
            self.typed = ""
            self.give(self.definition.low if key == Qt.Key.Key_Home else self.definition.high, soon=True)
        elif key in _STEPS:
            self.finish_typing()
            self.give(self._moved(_STEPS[Qt.Key(key)]), soon=True)
        else:
            self._type(self.typed + text.replace(",", "."))

    def finish_typing(self) -> None:
        value = self._typed_value()
        self.typed = ""
        if value is not None:
            self.value = value

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            groove = self._groove()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.line if not theme.dark else theme.line2))
            painter.drawRoundedRect(groove, 3, 3)
            value = self.value if isinstance(self.value, float) else None
            if value is None:
                # not given: a broken line and no knob
                painter.setBrush(QColor(theme.panel))
                painter.drawRoundedRect(groove.adjusted(1, 1, -1, -1), 2, 2)
            else:
                end = self._x_of(value)
                painter.setBrush(QColor(theme.accent))
                painter.drawRoundedRect(QRectF(groove.left(), groove.top(), end - groove.left(), 6), 3, 3)
                if self.hasFocus() or self.underMouse():
                    painter.setPen(QPen(QColor(theme.panel), 2))
                    painter.drawEllipse(QPointF(end, groove.center().y()), 7, 7)
            box = QRect(self.width() - _FIGURES, 0, _FIGURES, self.height())
            painter.setFont(ui_font(13))
            if self.hasFocus():
                painter.setPen(QPen(QColor(theme.err if self.is_refused else theme.accent), 1))
                painter.setBrush(QColor(theme.bg))
                painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            given = self.value if isinstance(self.value, str) else "–" if value is None else number_words(value)
            words = f"{self.typed}|" if self.typed and self.hasFocus() else given
            colour = theme.err if self.is_refused else theme.faint if words == "–" else theme.text
            draw_elided(painter, box.adjusted(8, 0, -4, 0), words, colour, Qt.AlignmentFlag.AlignLeft)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.typed = ""
            if event.position().x() > self.width() - _FIGURES:
                self.setFocus(Qt.FocusReason.MouseFocusReason)  # to type it
                self.look()
            else:
                self._drag(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and event.position().x() <= self.width() - _FIGURES:
            self._drag(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.flush()

    def _drag(self, x: float) -> None:
        groove = self._groove()
        share = (x - groove.left()) / max(1.0, groove.width())
        room = self.definition.high - self.definition.low
        self.give(stepped(self.definition, self.definition.low + share * room), soon=True)

    def _moved(self, steps: int) -> float:
        low, high = self.definition.low, self.definition.high
        if not isinstance(self.value, float):
            return low if steps > 0 else high
        return stepped(self.definition, self.value + steps * step_of(self.definition))

    def _type(self, typed: str) -> None:
        self.typed = typed[:12]
        self._timer.stop()  # told when it is left, or with Enter
        self.look()

    def _typed_value(self) -> float | None:
        try:
            value = float(self.typed)
        except ValueError:
            return None
        inside = math.isfinite(value) and self.definition.low <= value <= self.definition.high
        return stepped(self.definition, value) if inside else None

    def _groove(self) -> QRectF:
        return QRectF(1, self.height() / 2 - 3, max(10, self.width() - _FIGURES - 9), 6)

    def _x_of(self, value: float) -> float:
        groove = self._groove()
        room = self.definition.high - self.definition.low
        share = (value - self.definition.low) / room if room > 0 else 1.0
        return groove.left() + max(0.0, min(1.0, share)) * groove.width()
