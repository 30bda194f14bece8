"""Where each failure mode lives: modes by the values of a field, tinted by share; a press filters for the traces."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from tailrace.model.review import FailureMode
from tailrace.model.words import format_count
from tailrace.review.modes import Cell, Column, CrossTable
from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided, mixed
from tailrace.ui.views.review.matrix_rows import cell_words, tint
from tailrace.ui.views.review.remark_list import two_lines

CELL_ROLE = Qt.ItemDataRole.UserRole + 1
_TIP = Qt.ItemDataRole.ToolTipRole
_NOTHING = QModelIndex()
_ROW, _COLUMN, _LEAST, _NAME = 40, 104, 80, 150


class MatrixModel(QAbstractTableModel):
    """Modes by the Columns of a CrossTable."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.table: CrossTable | None = None
        self.modes: dict[str, FailureMode] = {}

    def show_table(self, table: CrossTable | None, modes: Sequence[FailureMode]) -> None:
        """Another table. Modes that are not in `modes` are left out."""
        self.beginResetModel()
        self.modes = {mode.mode_id: mode for mode in modes}
        self.table = table
        self._rows = [] if table is None else [i for i, mode_id in enumerate(table.modes) if mode_id in self.modes]
        self.endResetModel()

    def mode_at(self, row: int) -> FailureMode:
        """The mode of a row."""
        assert self.table is not None
        return self.modes[self.table.modes[self._rows[row]]]

    def column_at(self, column: int) -> Column:
        """The value of a column."""
        assert self.table is not None
        return self.table.columns[column]

    def cell_at(self, row: int, column: int) -> Cell:
        """The cell of a place."""
        assert self.table is not None
        return self.table.cells[self._rows[row]][column]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOTHING) -> int:
        """Qt: modes."""
        return 0 if self.table is None or parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOTHING) -> int:
        """Qt: values."""
        return 0 if self.table is None or parent.isValid() else len(self.table.columns)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: what a cell is and says."""
        if not index.isValid():
            return None
        cell, column = self.cell_at(index.row(), index.column()), self.column_at(index.column())
        name = self.mode_at(index.row()).name
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell_words(name, column, cell)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(cell_words(name, column, cell))
        return format_count(cell.share.count) if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: the modes; the values and how many judged traces have each."""
        if orientation is Qt.Orientation.Vertical:
            name = self.mode_at(section).name
            told = tip(f"{name}\nA press shows its traces")
            return {Qt.ItemDataRole.DisplayRole: name, Qt.ItemDataRole.ToolTipRole: told}.get(Qt.ItemDataRole(role))
        column = self.column_at(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{column.label}, {format_count(column.traces)}"
        return tip(f"{column.label}: {format_count(column.traces)} judged traces") if role == _TIP else None


class ModeMatrix(QTableView):
    """Signal `pressed_cell(object)`: (FailureMode, Column | None); None is the whole mode."""

    SHOWS_FOCUS = True  # in its current row
    pressed_cell = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix = MatrixModel(self)
        self.setModel(self.matrix)
        self.setItemDelegate(_CellDelegate(self))
        self.setAccessibleName("Where each failure mode lives")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setStyleSheet("QTableCornerButton::section { background: transparent; border: none; }")
        names = _NameHeader(self)
        self.setVerticalHeader(names)
        names.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        names.setDefaultSectionSize(_ROW)
        names.setFixedWidth(_NAME)
        names.sectionClicked.connect(self._press_name)
        header = _ValueHeader(self)
        self.setHorizontalHeader(header)
        header.setDefaultSectionSize(_COLUMN)
        header.setMinimumSectionSize(60)
        header.setFixedHeight(44)
        header.setHighlightSections(False)
        self.clicked.connect(self._press)

    def show_table(self, table: CrossTable | None, modes: Sequence[FailureMode]) -> None:
        """Another table; None empties it."""
        at = self.currentIndex()
        row, column = at.row(), at.column()
        self.matrix.show_table(table, modes)
        if table is not None and table.columns:
            self._share_room()
            if 0 <= row < self.matrix.rowCount() and column < self.matrix.columnCount():
                self.setCurrentIndex(self.matrix.index(row, column))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter presses a cell; letters are commands of the window."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._press(self.currentIndex())
        elif event.text() and event.text().isprintable() and event.key() != Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: columns fill the room there is."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        columns = self.matrix.columnCount()
        if columns > 0:
            room = self.width() - self.verticalScrollBar().sizeHint().width() - 2
            self.verticalHeader().setFixedWidth(max(_NAME, min(_NAME * 2, room - _COLUMN * columns)))
            width = max(_LEAST, min(_COLUMN, (room - self.verticalHeader().width()) // columns))
            for column in range(columns):
                self.setColumnWidth(column, width)

    def _press_name(self, row: int) -> None:
        self.pressed_cell.emit((self.matrix.mode_at(row), None))

    def _press(self, index: QModelIndex) -> None:
        if index.isValid():
            self.pressed_cell.emit((self.matrix.mode_at(index.row()), self.matrix.column_at(index.column())))


class _ValueHeader(QHeaderView):
    """A value over the number of judged traces that have it."""

    def __init__(self, view: ModeMatrix) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._matrix = view.matrix
        self.setSectionsClickable(False)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        theme, column = tokens(self), self._matrix.column_at(logicalIndex)
        painter.save()
        painter.fillRect(rect, QColor(theme.panel))
        painter.setPen(QPen(QColor(theme.line)))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(8, 4, -5, -4)
        painter.setFont(ui_font(12))
        top = QRect(inner.left(), inner.top(), inner.width(), 18)
        draw_elided(painter, top, column.label, theme.text, Qt.AlignmentFlag.AlignLeft)
        painter.setFont(ui_font(11))
        low = inner.adjusted(0, 18, 0, 0)
        draw_elided(painter, low, f"of {format_count(column.traces)}", theme.dim, Qt.AlignmentFlag.AlignLeft)
        painter.restore()


class _NameHeader(QHeaderView):
    """The modes' names, in sight however far the values are scrolled."""

    def __init__(self, view: ModeMatrix) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._matrix = view.matrix
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        theme = tokens(self)
        painter.save()
        painter.fillRect(rect, QColor(theme.bg))
        painter.setPen(QPen(QColor(theme.line)))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(ui_font(12, QFont.Weight.Medium))
        inner = rect.adjusted(12, 3, -6, -3)
        lines = two_lines(self._matrix.mode_at(logicalIndex).name, painter.fontMetrics(), inner.width())
        above = inner.top() + (inner.height() - 16 * len(lines)) // 2
        for number, line in enumerate(lines):
            spot = QRect(inner.left(), above + 16 * number, inner.width(), 16)
            draw_elided(painter, spot, line, theme.text, Qt.AlignmentFlag.AlignLeft)
        painter.restore()


class _CellDelegate(QStyledItemDelegate):
    def __init__(self, view: ModeMatrix) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(_COLUMN, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, area = tokens(self._view), QRect(option.rect)
        cell = index.data(CELL_ROLE)
        painter.save()
        if isinstance(cell, Cell) and cell.share.count:
            painter.fillRect(area.adjusted(1, 1, -1, -1), mixed(theme.err, theme.bg, 0.42 * tint(cell)))
        painter.setPen(QPen(QColor(theme.line)))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        inner = area.adjusted(8, 3, -6, -3)
        if isinstance(cell, Cell):
            top, low = QRect(inner.left(), inner.top(), inner.width(), 17), inner.adjusted(0, 17, 0, 0)
            share = cell.share.share
            if cell.telling:
                name = "chevron-up" if cell.more else "chevron-down"
                ratio = painter.device().devicePixelRatio()
                painter.drawPixmap(inner.right() - 14, top.top() + 1, pixmap(name, theme.text, 14, ratio))
            painter.setFont(ui_font(13, QFont.Weight.DemiBold if cell.telling else QFont.Weight.Normal))
            colour = theme.text if cell.share.count else theme.faint
            draw_elided(painter, top, format_count(cell.share.count), colour, Qt.AlignmentFlag.AlignLeft)
            painter.setFont(ui_font(11))
            words = "–" if share is None else f"{share:.0%}".replace("%", " %")
            if cell.telling:
                words += " · more" if cell.more else " · less"
            draw_elided(painter, low, words, theme.text if cell.share.count else theme.dim, Qt.AlignmentFlag.AlignLeft)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(theme.accent if self._view.hasFocus() else theme.line2), 2))
            painter.drawRect(area.adjusted(1, 1, -2, -2))
        painter.restore()
