"""The rows of a result. Only what is in sight is painted."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QKeySequence, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from tailrace.ui.theme import mono_font, tokens, ui_font

NULL_ROLE = Qt.ItemDataRole.UserRole + 1  # whether a cell is NULL
ROW = 25
_LEAST, _MOST, _PAD = 64, 380, 8  # pixels of a column
_LOOKED_AT = 5_000  # cells, for the width of columns
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_RESIZING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_WIDER = {Qt.Key.Key_Left: -24, Qt.Key.Key_Right: 24}


class ResultTable(QTableView):
    """Shows a model of cells: their words, where they stand, and NULL (role `NULL_ROLE`) in a quieter colour. The cells
    of `link_column` open something.

    Signals: `opened(int)` a row on a double click or Enter; `copied()` Ctrl+C was pressed.
    """

    SHOWS_FOCUS = True  # in its current row
    opened = Signal(int)
    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("result")
        self.link_column = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_CellPainter(self))
        self.setFont(ui_font(13))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Result")
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW)
        rows.setDefaultAlignment(_RIGHT)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        columns.setMinimumSectionSize(40)
        columns.setHighlightSections(False)
        rows.setHighlightSections(False)
        rows.setFont(ui_font(11))

    def fit_columns(self) -> None:
        """Columns as wide as the first rows need, within reason."""
        model = self.model()
        words, heads = QFontMetrics(self.font()), QFontMetrics(ui_font(13))
        looked_at = range(min(model.rowCount(), max(_LOOKED_AT // max(model.columnCount(), 1), 3)))
        for column in range(model.columnCount()):
            head = heads.horizontalAdvance(str(model.headerData(column, Qt.Orientation.Horizontal))) + 2 * _PAD + 6
            widest = max(
                (words.horizontalAdvance(str(model.index(row, column).data())[:80]) for row in looked_at), default=0
            )
            self.setColumnWidth(column, max(_LEAST, min(max(head, widest + 2 * _PAD + 4), _MOST)))

    def chosen_cells(self) -> tuple[list[int], list[int]]:
        """The rows and columns that are chosen, in order; the current cell where nothing else is."""
        chosen = self.selectionModel().selectedIndexes()
        return sorted({index.row() for index in chosen}), sorted({index.column() for index in chosen})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter opens, Ctrl+C copies, Ctrl+Shift+Left and Right resize the column; letters are no search here."""
        index = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid() and not event.modifiers():
            self.opened.emit(index.row())
        elif index.isValid() and event.modifiers() == _RESIZING and event.key() in _WIDER:
            self.setColumnWidth(index.column(), max(40, self.columnWidth(index.column()) + _WIDER[Qt.Key(event.key())]))
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: a row opens."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(index.row())
        else:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: the hand says what opens."""
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_link = index.isValid() and index.column() == self.link_column
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor)


class _CellPainter(QStyledItemDelegate):
    def __init__(self, table: ResultTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(_LEAST, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        table = self._table
        theme = tokens(table)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.accent_bg))
        elif index.row() % 2:
            painter.fillRect(area, QColor(theme.panel))
        if index == table.currentIndex() and table.hasFocus():
            painter.setPen(QColor(theme.accent))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        text = str(index.data())
        is_null = bool(index.data(NULL_ROLE))
        is_link = index.column() == table.link_column and not is_null
        painter.setFont(mono_font(12) if is_link else table.font())
        painter.setPen(QColor(theme.faint if is_null else theme.accent if is_link else theme.text))
        box = area.adjusted(_PAD, 0, -_PAD, 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        right = index.data(Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignRight)
        painter.drawText(box, int(_RIGHT if right else _LEFT) | int(Qt.TextFlag.TextSingleLine), shown)
