"""The line about an item: it breaks between its parts only, and a right click offers its values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.model.review import ReviewItem
from tailrace.ui.theme import give_tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.review.item_words import head_filters, head_words
from tailrace.ui.views.spoken import Role
from tailrace.ui.views.value_menu import show_value_menu

_LINE = 22
_BETWEEN = " · "


class ItemHead(QWidget):
    """What is judged, when it ran, what it took."""

    SPOKEN_AS = Role.StaticText
    filter_requested = Signal(object)
    copied = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts: Sequence[str] = ()
        self._filters: tuple[tuple[str, str], ...] = ()
        self._trace_id = ""
        self._broken: dict[int, list[str]] = {}  # layouts ask for the same few widths over and over
        self.setFont(ui_font(13))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """What it says."""
        return _BETWEEN.join(self._parts)

    def show_item(self, item: ReviewItem) -> None:
        """Say it of an item."""
        self._parts, self._filters, self._trace_id = head_words(item), head_filters(item), item.row.trace_id
        self._broken.clear()
        self.setAccessibleName(self.text)
        give_tip(self, f"{self.text}\ntrace {item.row.trace_id}")
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        return _LINE * max(1, len(self._lines(width)))

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(max(200, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setFont(self.font())
            for number, line in enumerate(self._lines(self.width())):
                box = QRect(0, number * _LINE, self.width(), _LINE)
                draw_elided(painter, box, line, theme.dim, Qt.AlignmentFlag.AlignLeft)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        copies = (("Copy", self.text), ("Copy trace id", self._trace_id))
        show_value_menu(self, event.globalPos(), self._filters, copies, self.filter_requested.emit, self.copied.emit)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.FontChange:
            self._broken.clear()
        super().changeEvent(event)

    def _lines(self, width: int) -> list[str]:
        if width not in self._broken:
            self._broken[width] = self._break(width)
        return self._broken[width]

    def _break(self, width: int) -> list[str]:
        metrics = QFontMetrics(self.font())
        lines: list[str] = []
        for part in self._parts:
            part = " ".join(part[:300].split())
            longer = f"{lines[-1]}{_BETWEEN}{part}" if lines else part
            if lines and metrics.horizontalAdvance(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
        return lines
