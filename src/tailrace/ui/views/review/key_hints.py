"""A quiet line of keys and what they do, wrapping where there is no room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.ui.theme import mono_font, tokens, ui_font
from tailrace.ui.views.spoken import Role

_LINE = 24
_BETWEEN = 18  # hints
_LEAST = 10  # the same in a narrow window
_CAP = 17  # height of a key
_WIDTHS = 50  # so many are remembered


class KeyHints(QWidget):
    """Hints are (keys, what): ("P", "pass"), ("1–9", "failure mode"), ("Ctrl+Z", "undo")."""

    SPOKEN_AS = Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hints: tuple[tuple[str, str], ...] = ()
        self._laid: dict[int, list[QPointF]] = {}  # layouts ask for the same few widths over and over
        self._keys = mono_font(11)
        self.setFont(ui_font(12))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Say other keys."""
        self._hints = tuple(hints)
        self._laid.clear()
        self.setAccessibleName("Keys: " + ", ".join(f"{keys} {what}" for keys, what in self._hints))
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return (int(places[-1].y()) + _LINE) if places else 0

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, _LINE if self._hints else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        metrics = QFontMetrics(self._keys)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for (keys, what), place in zip(self._hints, self._places(self.width()), strict=True):
                left, top = place.x(), place.y()
                middle = QRectF(0, top, self.width(), _LINE)
                for number, key in enumerate(_caps(keys)):
                    painter.setFont(self._keys)
                    if number:
                        painter.setPen(QColor(theme.dim))
                        painter.drawText(QRectF(left, top, 9, _LINE), int(Qt.AlignmentFlag.AlignCenter), "–")
                        left += 9
                    cap = QRectF(left + 0.5, top + (_LINE - _CAP) / 2 + 0.5, _cap_width(metrics, key) - 1, _CAP - 1)
                    painter.setPen(QPen(QColor(theme.line2), 1))
                    painter.setBrush(QColor(theme.panel))
                    painter.drawRoundedRect(cap, 4, 4)
                    painter.drawLine(cap.bottomLeft() + QPointF(4, 1), cap.bottomRight() + QPointF(-4, 1))
                    painter.setPen(QColor(theme.dim))
                    painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), key)
                    left += _cap_width(metrics, key)
                painter.setFont(self.font())
                painter.setPen(QColor(theme.dim))
                middle.setLeft(left + 6)
                painter.drawText(middle, int(Qt.AlignmentFlag.AlignVCenter), what)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.FontChange:
            self._laid.clear()
        super().changeEvent(event)

    def _places(self, width: int) -> list[QPointF]:
        if width not in self._laid:
            if len(self._laid) > _WIDTHS:
                self._laid.clear()
            self._laid[width] = self._lay_out(width)
        return self._laid[width]

    def _lay_out(self, width: int) -> list[QPointF]:
        """With less between them where that saves a line."""
        wide, tight = (self._lines(width, gap) for gap in (_BETWEEN, _LEAST))
        return tight if tight and tight[-1].y() < wide[-1].y() else wide

    def _lines(self, width: int, gap: int) -> list[QPointF]:
        keys, words = QFontMetrics(self._keys), QFontMetrics(self.font())
        places: list[QPointF] = []
        left, top = 0.0, 0.0
        for cap, what in self._hints:
            caps = _caps(cap)
            wide = sum(_cap_width(keys, key) for key in caps) + 9 * (len(caps) - 1) + 6 + words.horizontalAdvance(what)
            if left and left + wide > width:
                left, top = 0.0, top + _LINE
            places.append(QPointF(left, top))
            left += wide + gap
        return places


def _caps(keys: str) -> list[str]:
    """1–9 is two keys with a dash between them, Ctrl+Z one."""
    parts = keys.split("–") if len(keys) > 1 else [keys]
    return [part.replace("+", " ") if len(part) > 1 else part for part in parts]


def _cap_width(metrics: QFontMetrics, key: str) -> int:
    return max(_CAP, metrics.horizontalAdvance(key) + 10)
