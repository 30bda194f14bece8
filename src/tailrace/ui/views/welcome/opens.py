"""A calm list of what can be opened, painted as one: a start pays for each label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tailrace.ui.theme import pixmap, tip, tokens

_ROW = 22
_TEXT_LEFT = 22
_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class OpensList(QWidget):
    """Rows of (name, what of it); the tooltip says where it usually lies."""

    def __init__(self, rows: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = tuple(rows)
        self._places: Mapping[str, str] = {}
        self.setAccessibleName("; ".join(f"{name}: {what}" for name, what in self._rows))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_places(self, places: Mapping[str, str]) -> None:
        """Where things of a name usually lie."""
        self._places = places

    def sizeHint(self) -> QSize:
        """Qt: a line each."""
        return QSize(320, _ROW * len(self._rows))

    def event(self, event: QEvent) -> bool:
        """Qt: tooltips differ from row to row."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            row = event.pos().y() // _ROW
            name, what = self._rows[row] if 0 <= row < len(self._rows) else ("", "")
            usual = f"\nUsually {self._places[name]}" if name in self._places else ""
            QToolTip.showText(event.globalPos(), tip(f"{name}: {what}{usual}" if name else ""), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: a tick, the name, and what of it."""
        theme, metrics = tokens(self), QFontMetrics(self.font())
        tick = pixmap("check", theme.ok, 14, self.devicePixelRatioF())
        with QPainter(self) as painter:
            for row, (name, what) in enumerate(self._rows):
                top = row * _ROW
                painter.drawPixmap(0, top + 4, tick)
                painter.setPen(QColor(theme.text))
                painter.drawText(QRect(_TEXT_LEFT, top, self.width(), _ROW), _FLAGS, name)
                left = _TEXT_LEFT + metrics.horizontalAdvance(name) + 9
                room = QRect(left, top, self.width() - left, _ROW)
                painter.setPen(QColor(theme.dim))
                painter.drawText(room, _FLAGS, metrics.elidedText(what, Qt.TextElideMode.ElideRight, room.width()))
