"""What two raters said of the same traces, one down, one across: the diagonal is where they agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from tailrace.model.words import format_count
from tailrace.ui.theme import tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided, mixed
from tailrace.ui.views.spoken import Role, tell_row, tell_row_soon

Cell = tuple[int, int]  # row, column
_TOP, _SUM, _PAD, _LEFT_MOST = 46, 62, 14, 150
_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """`counts[i, j]` is how many traces `first` rated values[i] and `second` values[j]."""

    first: str
    second: str
    values: tuple[str, ...]
    counts: NDArray[np.int64]

    def say(self, cell: Cell) -> str:
        """One cell in words."""
        row, column = cell
        count, total = int(self.counts[row, column]), int(self.counts.sum())
        share = f", {_percent(count / total)} of {format_count(total)}" if total else ""
        both = "both" if row == column else f"{self.first} {self.values[row]}, {self.second}"
        return f"{both} {self.values[column]}: {format_count(count)} {'trace' if count == 1 else 'traces'}{share}"


class ConfusionTable(QAbstractScrollArea):
    """Signals: `chosen(object)` carries the (row, column) whose traces a person wants to see, or None for all again."""

    SPOKEN_AS, ROWS_SPOKEN_AS = Role.Table, Role.Cell
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: Confusion | None = None
        self._current: Cell = (0, 0)
        self._picked: Cell | None = None
        self._hover: Cell | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(150)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("Confusion table")

    @property
    def picked(self) -> Cell | None:
        """The cell that filters."""
        return self._picked

    def show_table(self, table: Confusion | None) -> None:
        """Show a table; a picked cell stays while the raters and values are the same."""
        former = self._table
        same = (
            table is not None
            and former is not None
            and (table.first, table.second, table.values) == (former.first, former.second, former.values)
        )
        self._table = table
        if not same:
            self._current, self._picked = (0, 0), None
        self._hover = None
        self._say()
        self._lay_out()
        self.viewport().update()

    def cell_rect(self, cell: Cell) -> QRect:
        """Where a cell is in the viewport."""
        size, left = self._cell_size(), self._left()
        return QRect(
            _PAD + left + cell[1] * size.width() - self.horizontalScrollBar().value(),
            _TOP + cell[0] * size.height() - self.verticalScrollBar().value(),
            size.width(),
            size.height(),
        )

    def pick(self, cell: Cell | None) -> None:
        """Filter by a cell, or by none."""
        self._picked = cell
        self._current = cell or self._current
        self.chosen.emit(cell)
        self._say()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        count = len(self._table.values) if self._table is not None else 2
        return QSize(_LEFT_MOST + count * 84 + _SUM + 2 * _PAD, _TOP + count * 46 + 44)

    def event(self, event: QEvent) -> bool:
        """Qt: while the table has the focus its keys are its own, not commands of the window."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows move, Enter or Space filters, Escape shows all again."""
        if self._table is None:
            super().keyPressEvent(event)
        elif (step := _STEPS.get(Qt.Key(event.key()))) is not None:
            last = len(self._table.values) - 1
            self._current = (
                max(0, min(last, self._current[0] + step[0])),
                max(0, min(last, self._current[1] + step[1])),
            )
            self._reveal()
            self._say()
            self.viewport().update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pick(None if self._picked == self._current else self._current)
        elif event.key() == Qt.Key.Key_Escape and self._picked is not None:
            self.pick(None)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: a click on a cell filters, a second one shows all again."""
        cell = self._cell_at(event.position().toPoint())
        if cell is not None and event.button() is Qt.MouseButton.LeftButton:
            self._current = cell
            self.pick(None if self._picked == cell else cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: all was done on the press."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: the cell under the pointer stands out."""
        cell = self._cell_at(event.position().toPoint())
        if cell != self._hover:
            self._hover = cell
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if cell else Qt.CursorShape.ArrowCursor)
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """Qt: the pointer has gone."""
        self._hover = None
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt: the current cell shows."""
        super().focusInEvent(event)
        tell_row_soon(self)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: the current cell hides."""
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        """Qt: cells grow with the room."""
        super().resizeEvent(event)
        self._lay_out()

    def viewportEvent(self, event: QEvent) -> bool:
        """Qt: a cell in words."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip and self._table is not None:
            cell = self._cell_at(event.pos())
            QToolTip.showText(event.globalPos(), tip(self._table.say(cell)) if cell else "", self)
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: headers, cells, sums."""
        table = self._table
        theme = tokens(self)
        with QPainter(self.viewport()) as painter:
            painter.fillRect(self.viewport().rect(), QColor(theme.bg))
            if table is None or not table.values:
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            most = max(1, int(table.counts.max()))
            count = len(table.values)
            for cell in np.ndindex(count, count):
                box = self.cell_rect((cell[0], cell[1]))
                if box.intersects(event.rect()):
                    self._draw_cell(painter, table, (cell[0], cell[1]), box, most)
            self._draw_headers(painter, table)

    def _draw_cell(self, painter: QPainter, table: Confusion, cell: Cell, box: QRect, most: int) -> None:
        theme = tokens(self)
        number, total = int(table.counts[cell]), max(1, int(table.counts.sum()))
        agreed = cell[0] == cell[1]
        tint = 0.08 + 0.26 * number / most if number else 0.0
        inner = box.adjusted(2, 2, -2, -2)
        painter.setBrush(mixed(theme.accent if agreed else theme.err, theme.panel, tint))
        edge, width = (theme.accent, 1.5) if agreed else (theme.line, 1.0)
        if cell == self._hover:
            edge = theme.faint
        if cell == self._picked:
            edge, width = theme.text, 2.0
        painter.setPen(QPen(QColor(edge), width))
        painter.drawRoundedRect(inner, 6, 6)
        if self.hasFocus() and cell == self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1.5, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(inner.adjusted(3, 3, -3, -3), 4, 4)
        painter.setFont(ui_font(15, QFont.Weight.DemiBold if number else QFont.Weight.Normal))
        painter.setPen(QColor(theme.text if number else theme.faint))
        tall = inner.height() >= 42
        middle = int(Qt.AlignmentFlag.AlignHCenter)
        painter.drawText(
            inner.adjusted(0, 0, 0, -16 if tall else 0), middle | int(Qt.AlignmentFlag.AlignVCenter), f"{number:,}"
        )
        if tall and number:
            painter.setFont(ui_font(11))
            painter.setPen(QColor(theme.text))
            low = QRect(inner.left(), inner.center().y() + 5, inner.width(), 14)
            painter.drawText(low, middle, _percent(number / total))

    def _draw_headers(self, painter: QPainter, table: Confusion) -> None:
        """Sums scroll with the cells; the words above and at the left stay where they are read."""
        theme = tokens(self)
        size, left, count = self._cell_size(), self._left(), len(table.values)
        right = _PAD + left + count * size.width() - self.horizontalScrollBar().value()
        bottom = _TOP + count * size.height() - self.verticalScrollBar().value()
        rows, columns = table.counts.sum(axis=1), table.counts.sum(axis=0)
        centre, end = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
        room = self.viewport().rect()
        painter.setFont(ui_font(12))
        boxes = [self.cell_rect((place, place)) for place in range(count)]
        for place, box in enumerate(boxes):
            draw_elided(painter, QRect(right, box.top(), _SUM, box.height()), f"{rows[place]:,}", theme.dim, centre)
            foot = QRect(box.left(), bottom, box.width(), 24)
            draw_elided(painter, foot, f"{columns[place]:,}", theme.dim, centre)
        painter.setFont(ui_font(12, QFont.Weight.DemiBold))
        draw_elided(painter, QRect(right, bottom, _SUM, 24), f"{rows.sum():,}", theme.text, centre)
        painter.setFont(ui_font(12))
        painter.fillRect(QRect(0, 0, room.width(), _TOP - 1), QColor(theme.bg))
        for box, value in zip(boxes, table.values, strict=True):
            head = QRect(box.left() + 3, 24, box.width() - 6, 18)
            draw_elided(painter, head, value, theme.dim, centre)
        draw_elided(painter, QRect(right, 24, _SUM, 18), "all", theme.faint, centre)
        painter.fillRect(QRect(0, 0, _PAD + left - 1, room.height()), QColor(theme.bg))
        for box, value in zip(boxes, table.values, strict=True):
            draw_elided(painter, QRect(_PAD, box.top(), left - 10, box.height()), value, theme.dim, end)
        draw_elided(painter, QRect(_PAD, bottom, left - 10, 24), "all", theme.faint, end)
        painter.fillRect(QRect(0, 0, _PAD + left - 1, _TOP - 1), QColor(theme.bg))
        painter.setFont(ui_font(12, QFont.Weight.DemiBold))
        wide = min(count * size.width(), room.width() - left - 2 * _PAD)
        draw_elided(painter, QRect(_PAD + left, 4, wide, 18), f"→ {table.second}", theme.text, centre)
        draw_elided(painter, QRect(_PAD, 24, left - 10, 18), f"↓ {table.first}", theme.text, end)

    def _left(self) -> int:
        if self._table is None:
            return 60
        metrics = self.fontMetrics()
        words = (*self._table.values, f"↓ {self._table.first}")
        return min(_LEFT_MOST, max(metrics.horizontalAdvance(word) for word in words) + 16)

    def _cell_size(self) -> QSize:
        count = max(1, len(self._table.values)) if self._table is not None else 1
        wide = (self.viewport().width() - 2 * _PAD - self._left() - _SUM) // count
        high = (self.viewport().height() - _TOP - 32) // count
        return QSize(max(52, min(140, wide)), max(34, min(72, high)))

    def _lay_out(self) -> None:
        count = len(self._table.values) if self._table is not None else 0
        size, room = self._cell_size(), self.viewport().size()
        wide = 2 * _PAD + self._left() + _SUM + count * size.width()
        high = _TOP + 32 + count * size.height()
        for bar, whole, page in (
            (self.horizontalScrollBar(), wide, room.width()),
            (self.verticalScrollBar(), high, room.height()),
        ):
            bar.setRange(0, max(0, whole - page))
            bar.setPageStep(page)
            bar.setSingleStep(34)

    def _reveal(self) -> None:
        box, room = self.cell_rect(self._current), self.viewport().rect()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + min(0, box.left() - _PAD - self._left()) + max(0, box.right() - room.right()))
        down.setValue(down.value() + min(0, box.top() - _TOP) + max(0, box.bottom() - room.bottom()))

    def _cell_at(self, point: QPoint) -> Cell | None:
        if self._table is None or point.x() < _PAD + self._left() or point.y() < _TOP:
            return None
        for cell in np.ndindex(self._table.counts.shape):
            if self.cell_rect((cell[0], cell[1])).contains(point):
                return cell[0], cell[1]
        return None

    def _wants(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        pressed = key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) or key in _STEPS
        return plain and (pressed or (key is Qt.Key.Key_Escape and self._picked is not None))

    def _say(self) -> None:
        self.setAccessibleDescription(self.spoken_words(self.spoken_row()))
        tell_row(self)

    # What a screen reader meets: the cells, row by row

    def spoken_range(self) -> tuple[int, int]:
        """All cells."""
        return 0, 0 if self._table is None else len(self._table.values) ** 2

    def spoken_row(self) -> int:
        """The current cell."""
        count = 0 if self._table is None else len(self._table.values)
        return self._current[0] * count + self._current[1] if count else -1

    def spoken_words(self, row: int) -> str:
        """A cell, and whether it filters."""
        if self._table is None or not 0 <= row < len(self._table.values) ** 2:
            return ""
        cell = divmod(row, len(self._table.values))
        return self._table.say(cell) + (", filters the list" if self._picked == cell else "")

    def spoken_box(self, row: int) -> QRect:
        """Where a cell is."""
        return self.cell_rect(divmod(row, len(self._table.values))) if self._table is not None else QRect()

    def spoken_open(self, row: int) -> bool | None:
        """No cell opens."""
        return None


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", "\u00a0%")
