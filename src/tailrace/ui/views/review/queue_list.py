"""The list of a queue's items: what is open and what I said of the others."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from tailrace.model import TraceRow
from tailrace.model.review import OPEN
from tailrace.model.words import format_count
from tailrace.ui.theme import Tokens, pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.placeholder import Placeholder
from tailrace.ui.views.review.state_filter import StateFilter
from tailrace.ui.views.review.states import STATE_LOOKS
from tailrace.ui.views.row_table import paint_ground, set_up_rows

ROW_HEIGHT = 50
ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
_GLYPH = 16
_TEXT_LEFT = 38
_LEFT = Qt.AlignmentFlag.AlignLeft
_NO_ITEMS = ("No items", "This queue has no traces for you.", "inbox")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One item as the list shows it. `row` is None while it is on its way, and where the trace is not here."""

    place: int
    trace_id: str
    state: int
    requeued: bool
    here: bool
    row: TraceRow | None

    @property
    def title(self) -> str:
        """The trace's name, or what is wrong with it."""
        if not self.here:
            return "Not in this database"
        return "" if self.row is None else self.row.name or "(no name)"

    @property
    def preview(self) -> str:
        """The beginning of the input; of a trace that is not here, its id."""
        if not self.here:
            return self.trace_id
        return "" if self.row is None else self.row.input_preview or "(no input)"


class QueueItems(QAbstractListModel):
    """What the list needs of its model: rows of ITEM_ROLE, some of them hidden by a state. A place counts from 0 in the
    whole queue, a row among those that are shown.

    Signals: `renewed()` says that it is another queue; `counts_changed(object)` carries how many items have each state
    (OPEN, PASSED, FAILED, DEFERRED).
    """

    renewed = Signal()
    counts_changed = Signal(object)

    def show_only(self, state: int | None) -> None:
        """Leave out items of other states; None shows all."""
        raise NotImplementedError

    def row_of(self, place: int) -> int:
        """Where a place is shown, -1 where it is not."""
        raise NotImplementedError

    def place_of(self, row: int) -> int:
        """The place of a row that is shown, -1 beyond."""
        raise NotImplementedError


class QueueListView(QWidget):
    """The items, and above them how many of each state, which leave only that state when clicked.

    Signals: `chosen(object)` carries the place of the item that became the current one by key, click or `choose`;
    `menu_wanted(object)` a (QueueRow, global point).
    """

    chosen = Signal(object)
    menu_wanted = Signal(object)

    def __init__(self, items: QueueItems, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = items
        self._place = -1
        self._message = _NO_ITEMS
        self.filter = StateFilter(self)
        self.filter.chosen.connect(self._filter)
        self.rows = _Rows(self)
        self.rows.setModel(items)
        self.rows.moved.connect(self._move)
        self.rows.menu_wanted.connect(self.menu_wanted)
        self._empty = Placeholder(self)
        self._empty.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filter)
        column.addWidget(self.rows, 1)
        column.addWidget(self._empty, 1)
        self.setMinimumWidth(180)
        items.counts_changed.connect(self._count)
        items.modelReset.connect(self._say)
        items.renewed.connect(self._renew)
        self._say()

    @property
    def place(self) -> int:
        """The current item, -1 without one."""
        return self._place

    def choose(self, place: int) -> None:
        """Make an item the current one and bring it into view; one that the filter hides brings all items back."""
        self._mark(place)
        if self._place == place:
            self.chosen.emit(place)

    def mark(self, place: int) -> None:
        """As `choose`, but without announcing it; -1 marks none."""
        self._mark(place)

    def show_message(self, title: str, hint: str = "", icon: str = "hourglass") -> None:
        """What stands here while there are no items: that they are being read, or why they cannot be. The next list
        takes it away."""
        self._message = (title, hint, icon)
        self._say()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason, /) -> None:
        """Qt: give it to the items. No proxy: Tab would go there past all that stands before it."""
        self.rows.setFocus(reason)

    def sizeHint(self) -> QSize:
        """As wide as in the design."""
        return QSize(250, 600)

    def _mark(self, place: int) -> None:
        if place >= 0 and self._items.row_of(place) < 0:
            self.filter.set_state(None)
            self._items.show_only(None)
        row = self._items.row_of(place) if place >= 0 else -1
        self._place = place if row >= 0 else -1
        self.rows.mark(row)

    def _move(self, row: int) -> None:
        self._place = self._items.place_of(row)
        self.chosen.emit(self._place)

    def _filter(self, state: int | None) -> None:
        self._items.show_only(state)
        row = self._items.row_of(self._place) if self._place >= 0 else -1
        self.rows.mark(row)

    def _count(self, counts: tuple[int, int, int, int]) -> None:
        self.filter.show_counts(counts)
        self._say()

    def _renew(self) -> None:
        self._message = _NO_ITEMS
        self._place = -1
        self.filter.set_state(None)
        self._say()

    def _say(self) -> None:
        shown, whole = self._items.rowCount(), self.filter.total
        self.rows.setVisible(shown > 0)
        self.filter.setVisible(whole > 0)
        if shown:
            self._empty.hide()
        elif whole:
            state = self.filter.state
            word = STATE_LOOKS[OPEN if state is None else state].word
            done = state == OPEN
            title = "Nothing is open any more" if done else f"None is {word}"
            self._empty.show_words(title, "Choose “All” above to see every item.", "circle-check" if done else "inbox")
        else:
            self._empty.show_words(*self._message)


class _Rows(QTableView):
    """A table of one column: its rows of one height cost nothing, where a QListView lays out each."""

    SHOWS_FOCUS = True  # in its current row
    moved = Signal(int)
    menu_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        set_up_rows(self, ROW_HEIGHT)
        self.setItemDelegate(_ItemPainter(self))
        self.setAccessibleName("Items of the queue")
        self.setStyleSheet("QTableView { background: palette(alternate-base); }")
        self._silent = False

    def mark(self, row: int) -> None:
        """Show a row as the current one without announcing it, with a neighbour on each side in sight."""
        self._silent = True
        if row < 0:
            self.selectionModel().clear()
        else:
            index = self.model().index(row, 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            for near in (row - 1, row + 1, row):
                if 0 <= near < self.model().rowCount():
                    self.scrollTo(self.model().index(near, 0))
        self._silent = False
        self.viewport().update()

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt: the current row has moved."""
        super().currentChanged(current, previous)
        if current.isValid() and not self._silent:
            self.moved.emit(current.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: a press chooses, a drag does not: choosing scrolls, and the pointer would be over another row."""
        if not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt: by the mouse at a row, by its key at the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        item = index.data(ITEM_ROLE) if index.isValid() else None
        if isinstance(item, QueueRow):
            point = self.visualRect(index).center() if by_key else event.pos()
            self.menu_wanted.emit((item, self.viewport().mapToGlobal(point)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: letters and Space are commands of the page here, not a search in the list."""
        if event.text() and event.text().isprintable():
            event.ignore()
            return
        row = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.model().rowCount() - 1}.get(Qt.Key(event.key()))
        if row is not None and row >= 0:
            index = self.model().index(row, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)
            return
        super().keyPressEvent(event)


class _ItemPainter(QStyledItemDelegate):
    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._name_font = ui_font(13, QFont.Weight.Medium)
        self._small_font = ui_font(12)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(180, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item = index.data(ITEM_ROLE)
        if not isinstance(item, QueueRow):
            return
        theme = tokens(self._view)
        area: QRect = option.rect
        paint_ground(painter, self._view, area, option.state)
        self._paint_item(painter, item, area, theme)

    def _paint_item(self, painter: QPainter, item: QueueRow, area: QRect, theme: Tokens) -> None:
        ratio = painter.device().devicePixelRatioF()
        look = STATE_LOOKS[item.state]
        top = area.top() + 8
        picture = pixmap(look.icon, getattr(theme, look.tone), _GLYPH, ratio, item.state != OPEN)
        painter.drawPixmap(area.left() + 13, top + 1, picture)
        right = area.right() - 12
        words = QRect(area.left() + _TEXT_LEFT, top + 18, right - area.left() - _TEXT_LEFT, 17)
        for mark in [name for name, is_so in (("rotate-ccw", item.requeued), ("unlink", not item.here)) if is_so]:
            painter.drawPixmap(right - 13, top + 3, pixmap(mark, theme.dim, 13, ratio))
            right -= 18
        name = QRect(area.left() + _TEXT_LEFT, top, right - area.left() - _TEXT_LEFT, 18)
        if item.here and item.row is None:
            self._paint_waiting(painter, name, words, theme)
            return
        painter.setFont(self._name_font)
        draw_elided(painter, name, item.title, theme.text if item.here else theme.dim, _LEFT)
        painter.setFont(self._small_font)
        draw_elided(painter, words, " ".join(item.preview[:400].split()), theme.dim, _LEFT)

    def _paint_waiting(self, painter: QPainter, name: QRect, words: QRect, theme: Tokens) -> None:
        painter.fillRect(QRect(name.left(), name.top() + 5, name.width() // 2, 8), QColor(theme.line))
        painter.fillRect(QRect(words.left(), words.top() + 5, words.width() * 3 // 4, 7), QColor(theme.line))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Qt: the whole of what the row cuts."""
        item = index.data(ITEM_ROLE)
        if event.type() is not QEvent.Type.ToolTip or not isinstance(item, QueueRow):
            return False
        QToolTip.showText(event.globalPos(), tip(explain(item)), view)
        return True


def explain(item: QueueRow) -> str:
    """All that is known of an item, in plain lines."""
    lines = [f"{format_count(item.place + 1)}. {item.title}", STATE_LOOKS[item.state].word]
    if item.requeued:
        lines.append("put back into the queue, to be looked at again")
    lines.append(f"trace {item.trace_id}")
    if item.here and item.row is not None:
        lines += ["", item.preview]
    elif not item.here:
        lines.append("Open the file that holds it beside this one, or merge the two.")
    return "\n".join(lines)
