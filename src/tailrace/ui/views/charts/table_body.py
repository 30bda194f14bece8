"""A table: names at the left, figures at the right, a head that sorts."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.charts.rows_body import RowsBody
from tailrace.ui.views.charts.text import of_all
from tailrace.ui.views.charts.tones import colour_of
from tailrace.ui.views.controls import draw_elided

_PAD = 6
_GAP = 14
_NAME_FAIR, _NAME_LEAST, _HEAD_LEAST = 90, 64, 44
_MEASURED = 200  # rows whose figures say how wide a column is


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and what does where there is too little room for it."""

    words: str
    tone: str = "text"
    bold: bool = False
    short: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a column, in one line; `tip` says more."""

    words: str
    tip: str = ""


class TableBody(RowsBody):
    """What tables have in common: the first column takes what room the others leave."""

    ROW = 25
    HEAD = 24
    SORTS = True

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sorted_by: int | None = None  # a column; None: as given
        self.ascending = False
        self._full: list[int] = []
        self._short: list[int] = []
        self._widths: list[int] = []

    # ---- what each table says of itself ----

    def headings(self) -> tuple[Heading, ...]:
        """Above each column."""
        return ()

    def cell(self, row: int, column: int) -> Cell:
        """What stands in a cell; the first column has names."""
        return Cell("")

    def paint_name(self, painter: QPainter, row: int, box: QRect) -> None:
        """Draw the first cell."""
        cell = self.cell(row, 0)
        painter.setFont(ui_font(12, QFont.Weight.DemiBold if cell.bold else QFont.Weight.Normal))
        colour = colour_of(tokens(self), cell.tone).name()
        draw_elided(painter, box, cell.words, colour, Qt.AlignmentFlag.AlignLeft)

    def sort(self) -> None:
        """Order the rows by `sorted_by`."""

    # ---- what they share ----

    def table_changed(self) -> None:
        """There are other columns or rows."""
        heads = self.headings()
        if self.sorted_by is not None and self.sorted_by >= len(heads):
            self.sorted_by = None
        metrics = QFontMetrics(ui_font(12, QFont.Weight.DemiBold))
        arrow = 10 if self.SORTS else 0
        self._full, self._short = [], []
        for column in range(1, len(heads)):
            cells = [self.cell(row, column) for row in range(min(self.row_count(), _MEASURED))]
            head = metrics.horizontalAdvance(heads[column].words) + arrow
            words = max((metrics.horizontalAdvance(cell.words) for cell in cells), default=0)
            short = max((metrics.horizontalAdvance(cell.short or cell.words) for cell in cells), default=0)
            self._full.append(max(head, words) + _GAP)
            self._short.append(max(min(head, _HEAD_LEAST), short) + _GAP)
        self._share_out()
        self.rows_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: other room for the columns."""
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Where there is too little room cells and heads are short, then names, then columns are left out."""
        room = self.room.width()
        former, self._widths = len(self._widths), self._full
        if room - sum(self._full) < _NAME_FAIR:
            self._widths = self._short
            while len(self._widths) > 1 and room - sum(self._widths) < _NAME_LEAST:
                self._widths = self._widths[:-1]
        if len(self._widths) != former:
            self.head_changed.emit()

    def remark(self) -> str:
        """How many columns of how many, where there is too little room for all."""
        return of_all(len(self._widths), len(self._full), "columns")

    def column_box(self, column: int) -> tuple[int, int]:
        """Left and right of a column, in pixels."""
        room = self.room
        name = max(0, room.width() - sum(self._widths))
        if column == 0:
            return room.left(), room.left() + name
        left = room.left() + name + sum(self._widths[: column - 1])
        return left, left + self._widths[column - 1]

    def column_at(self, x: int) -> int:
        """The column at x pixels."""
        count = len(self._widths) + 1
        return next((column for column in range(count) if x < self.column_box(column)[1]), count - 1)

    def paint_fixed(self, painter: QPainter, pointed: bool) -> None:
        """The head."""
        theme = tokens(self)
        painter.setFont(ui_font(12))
        for column, heading in enumerate(self.headings()[: len(self._widths) + 1]):
            left, right = self.column_box(column)
            pad = _PAD if column == 0 else 0
            box = QRect(left + pad, 0, right - left - pad - _PAD, self.HEAD)
            align = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
            words = heading.words
            colour = theme.text if column == self.sorted_by else theme.dim
            if column == self.sorted_by:
                wide = min(painter.fontMetrics().horizontalAdvance(words), box.width() - 10)
                x = box.left() + wide + 8 if column == 0 else box.right() - wide - 6
                self._paint_arrow(painter, QPointF(x, box.center().y() + 0.5))
                if column:
                    box.setLeft(box.left() + 10)
            # the ends of names tell versions apart
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideLeft, box.width())
            draw_elided(painter, box, words, colour, align)
        painter.setPen(QColor(theme.line))
        painter.drawLine(0, self.HEAD - 1, self.room.right(), self.HEAD - 1)

    def _paint_arrow(self, painter: QPainter, middle: QPointF) -> None:
        way = 1.0 if self.ascending else -1.0
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens(self).accent))
        corners = [QPointF(-3, 1.5 * way), QPointF(3, 1.5 * way), QPointF(0, -2.5 * way)]
        painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
        painter.restore()

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        """The cells, and a line below."""
        theme = tokens(self)
        left, right = self.column_box(0)
        self.paint_name(painter, row, QRect(left + _PAD, box.top(), right - left - 2 * _PAD, box.height()))
        for column in range(1, len(self._widths) + 1):
            cell = self.cell(row, column)
            left, right = self.column_box(column)
            painter.setFont(ui_font(12, QFont.Weight.DemiBold if cell.bold else QFont.Weight.Normal))
            room = QRect(left, box.top(), right - left - _PAD, box.height())
            fits = not cell.short or painter.fontMetrics().horizontalAdvance(cell.words) <= room.width()
            words, colour = cell.words if fits else cell.short, colour_of(theme, cell.tone).name()
            draw_elided(painter, room, words, colour, Qt.AlignmentFlag.AlignRight)
        painter.setPen(QColor(theme.line))
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())

    def click_fixed(self, point: QPoint) -> None:
        """Sort by a column: the largest first, then the smallest, then as given."""
        if not self.SORTS or point.y() >= self.HEAD:
            return
        column = self.column_at(point.x())
        first = column == 0  # names from A on
        if self.sorted_by != column:
            self.sorted_by, self.ascending = column, first
        elif self.ascending == first:
            self.ascending = not first
        else:
            self.sorted_by = None
        self.sort()
        self.cursor_row = -1
        self.bar.setValue(0)
        self.update()

    def fixed_tip(self, point: QPoint) -> str:
        """What a column is."""
        if point.y() >= self.HEAD:
            return ""
        heads, column = self.headings(), self.column_at(point.x())
        return heads[column].tip or heads[column].words if column < len(heads) else ""

    def row_words(self, row: int) -> str:
        """All cells with what stands above them."""
        heads = self.headings()
        cells = [self.cell(row, column) for column in range(len(heads))]
        said = (f"{h.words} {c.words}" for h, c in zip(heads[1:], cells[1:], strict=True) if c.words)
        return ", ".join((cells[0].words, *said))
