"""Failure modes with their keys, counts and intervals: renamed in place, dragged one on another to merge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QDropEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from tailrace.model.review import FailureMode
from tailrace.model.words import format_count
from tailrace.review.modes import Share
from tailrace.ui.theme import Tokens, mono_font, tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided, mixed
from tailrace.ui.views.review.remark_rows import number_key

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_WRAP = int(Qt.TextFlag.TextWordWrap)
_HEIGHT, _MARGIN, _INDENT = 58, 12, 28
_DESCRIBED = 76  # the most that a description may take


@dataclass(frozen=True, slots=True)
class ModeRow:
    """A failure mode as listed: traces with it, judged or not, and its share of the judged ones."""

    mode: FailureMode
    key: str
    traces: int
    share: Share

    @property
    def words(self) -> str:
        """17 of 68 · 25 % (16–37 %), and how many more traces have it that nobody has judged."""
        more = self.traces - self.share.count
        return f"{self.share.words} · {format_count(more)} not judged" if more else self.share.words


def mode_rows(modes: Sequence[FailureMode], traces: dict[str, int], shares: dict[str, Share]) -> list[ModeRow]:
    """Rows in the order of the number keys."""
    return [
        ModeRow(mode, number_key(place), traces.get(mode.mode_id, 0), shares.get(mode.mode_id, Share(0, 0)))
        for place, mode in enumerate(modes)
    ]


class ModeTable(QListWidget):
    """Signals: `renamed(object)` (mode id, name); `merge_dropped(object)` (source id, target id); `move_wanted(object)`
    -1 or +1; `removal_wanted()`; `menu_wanted(object)` a global point; `current_changed()`."""

    SHOWS_FOCUS = True  # in its current row
    renamed = Signal(object)
    merge_dropped = Signal(object)
    move_wanted = Signal(object)
    removal_wanted = Signal()
    menu_wanted = Signal(object)
    current_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_ModeDelegate(self))
        self.setAccessibleName("Failure modes")
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.currentItemChanged.connect(self._announce)
        self._drawing = False

    def show_rows(self, rows: Sequence[ModeRow]) -> None:
        """Other rows; the current one stays current by its mode."""
        former, at = self.current_mode(), self.currentRow()
        top = self.verticalScrollBar().value()
        self._drawing = True
        self.clear()
        for row in rows:
            item = QListWidgetItem(row.mode.name)
            item.setData(ROW_ROLE, row)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            said = f"key {row.key}, " if row.key else ""
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.mode.name}, {said}{row.words}")
            item.setToolTip(tip(f"{row.mode.name}\n{row.words}\n{row.mode.description}".strip()))
            self.addItem(item)
        place = next((i for i, row in enumerate(rows) if former is not None and row.mode.mode_id == former.mode_id), -1)
        if place < 0 and rows:
            place = max(0, min(at, len(rows) - 1))
        self.setCurrentRow(place)
        self._drawing = False
        self.verticalScrollBar().setValue(top)
        if self.current_mode() != former:
            self.current_changed.emit()

    def current_row(self) -> ModeRow | None:
        """The current row."""
        item = self.currentItem()
        row = None if item is None else item.data(ROW_ROLE)
        return row if isinstance(row, ModeRow) else None

    def current_mode(self) -> FailureMode | None:
        """The current mode."""
        row = self.current_row()
        return None if row is None else row.mode

    def choose(self, mode_id: str) -> None:
        """Make a mode the current one."""
        for place in range(self.count()):
            row = self.item(place).data(ROW_ROLE)
            if isinstance(row, ModeRow) and row.mode.mode_id == mode_id:
                self.setCurrentRow(place)

    @property
    def writing(self) -> bool:
        """Whether a name is being written."""
        return self.state() is QAbstractItemView.State.EditingState

    def rename_current(self) -> None:
        """Write the current mode's name in place."""
        if self.currentItem() is not None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.editItem(self.currentItem())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: F2 and Enter rename, Alt+arrows move, Delete removes; letters are commands of the window."""
        key, alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if self.writing:
            event.accept()  # Enter comes here too when it ends the writing
        elif key in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.rename_current()
        elif alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_wanted.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Delete:
            self.removal_wanted.emit()
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: one mode on another merges them; between two there is nothing to drop on."""
        source = self.current_mode()
        row = self.indexAt(event.position().toPoint()).data(ROW_ROLE)
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if source is not None and isinstance(row, ModeRow) and row.mode.mode_id != source.mode_id:
            self.merge_dropped.emit((source.mode_id, row.mode.mode_id))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: descriptions wrap anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _announce(self) -> None:
        self.scheduleDelayedItemsLayout()
        if not self._drawing:
            self.current_changed.emit()

    def _ask_menu(self, point: QPoint) -> None:
        if self.current_row() is not None:
            self.menu_wanted.emit(self.viewport().mapToGlobal(point))


class _ModeDelegate(QStyledItemDelegate):
    def __init__(self, table: ModeTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(ROW_ROLE)
        height = _HEIGHT
        if isinstance(row, ModeRow) and index.row() == self._table.currentRow() and row.mode.description:
            width = self._table.viewport().width() - _MARGIN * 2 - _INDENT
            box = QFontMetrics(ui_font(12)).boundingRect(QRect(0, 0, width, 10_000), _WRAP, row.mode.description)
            height += min(_DESCRIBED, box.height()) + 6
        return QSize(120, height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, ModeRow):
            return
        theme, area = tokens(self._table), QRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(area, QColor(theme.accent_bg))
            if self._table.hasFocus():
                painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), QColor(theme.accent))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(theme.panel))
        painter.setPen(QPen(QColor(theme.line)))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        inner = area.adjusted(_MARGIN, 0, -_MARGIN, 0)
        draw_key(painter, QRect(inner.left(), inner.top() + 9, 18, 18), row.key, theme)
        line = QRect(inner.left() + _INDENT, inner.top() + 7, inner.width() - _INDENT, 20)
        count = format_count(row.traces)
        painter.setFont(ui_font(13))
        width = painter.fontMetrics().horizontalAdvance(count)
        draw_elided(painter, line, count, theme.dim, _RIGHT)
        painter.setFont(ui_font(13, QFont.Weight.Medium))
        draw_elided(painter, line.adjusted(0, 0, -width - 10, 0), row.mode.name, theme.text, _LEFT)
        draw_interval(painter, QRectF(line.left(), line.bottom() + 4, line.width(), 5), row.share, theme)
        painter.setFont(ui_font(12))
        low = QRect(line.left(), line.bottom() + 11, line.width(), 16)
        draw_elided(painter, low, row.words, theme.dim, _LEFT)
        if index.row() == self._table.currentRow() and row.mode.description:
            painter.setPen(QColor(theme.text))
            room = QRect(low.left(), low.bottom() + 4, low.width(), area.bottom() - low.bottom() - 6)
            painter.save()
            painter.setClipRect(room)
            painter.drawText(room, _WRAP, row.mode.description)
            painter.restore()

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Name of the failure mode")
        editor.setMaxLength(200)
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area = QRect(option.rect)
        editor.setGeometry(area.left() + _MARGIN + _INDENT - 8, area.top() + 3, area.width() - _MARGIN - _INDENT, 28)

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW_ROLE)
        assert isinstance(editor, QLineEdit)
        name = editor.text().strip()
        if isinstance(row, ModeRow) and name and name != row.mode.name:
            self._table.renamed.emit((row.mode.mode_id, name))


def draw_key(painter: QPainter, box: QRect, key: str, theme: Tokens) -> None:
    """A key as it looks on the keyboard; a dot where there is none."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(mono_font(11))
    if key:
        painter.setPen(QPen(QColor(theme.line2), 1))
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(theme.dim))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), key or "·")
    painter.restore()


def draw_interval(painter: QPainter, box: QRectF, share: Share, theme: Tokens) -> None:
    """A bar as long as the share, with a whisker over its interval; the whole box is 100 %."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.line))
    painter.drawRoundedRect(box, 2, 2)
    if share.share is not None and share.interval is not None:
        painter.setBrush(mixed(theme.accent, theme.bg, 0.75))
        painter.drawRoundedRect(QRectF(box.left(), box.top(), box.width() * share.share, box.height()), 2, 2)
        low, high = (box.left() + box.width() * edge for edge in share.interval)
        middle = box.center().y()
        painter.setPen(QPen(QColor(theme.text), 1))
        painter.drawLine(QRectF(low, middle, high - low, 0).topLeft(), QRectF(low, middle, high - low, 0).topRight())
        for edge in (low, high):
            painter.drawLine(QRectF(edge, middle - 3, 0, 6).topLeft(), QRectF(edge, middle - 3, 0, 6).bottomLeft())
    painter.restore()
