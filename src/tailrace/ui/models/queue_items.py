"""A queue's items as an item model: states at hand, rows of traces on demand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from tailrace.model import TraceRow
from tailrace.model.review import OPEN, QueueList
from tailrace.ui.views.review.queue_list import ITEM_ROLE, QueueItems, QueueRow
from tailrace.ui.views.review.states import STATE_LOOKS

PAGE = 200
KEPT_ROWS = 10_000
_ROLES = (ITEM_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class QueueItemModel(QueueItems):
    """Items of a QueueList. `data(index, ITEM_ROLE)` is a QueueRow, whose `row` is None while it is on its way.

    Signals: `rows_wanted(object)` carries the keys of a page as an int64 array; answer with `take_rows`.
    """

    rows_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._list: QueueList | None = None
        self._states = np.empty(0, np.int8)
        self._counts = [0, 0, 0, 0]
        self._shown: NDArray[np.int64] | None = None  # the places that are shown; None is all of them
        self._rows: OrderedDict[int, TraceRow | None] = OrderedDict()
        self._asked: set[int] = set()

    @property
    def queue_list(self) -> QueueList | None:
        """What is shown."""
        return self._list

    @property
    def states(self) -> NDArray[np.int8]:
        """The state of every item as it is by now, shape (items,)."""
        return self._states

    def show_list(self, listed: QueueList | None, first: Sequence[TraceRow] = ()) -> None:
        """Show another queue, all of it; `first` are the rows that are seen first, so that nothing flickers."""
        self.beginResetModel()
        self._list = listed
        self._states = np.empty(0, np.int8) if listed is None else listed.states.astype(np.int8)
        self._counts = np.bincount(self._states, minlength=4).tolist()
        self._shown = None
        self._rows.clear()
        self._asked.clear()
        self._rows.update((row.key, row) for row in first)
        self.endResetModel()
        self.renewed.emit()
        self._count()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """As many rows as items are shown."""
        return 0 if parent.isValid() else len(self._states if self._shown is None else self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """ITEM_ROLE, or words for people who listen rather than look."""
        if not index.isValid() or role not in _ROLES:
            return None
        item = self._item(index.row())
        return item if role == ITEM_ROLE or item is None else spoken(item)

    def show_only(self, state: int | None) -> None:
        """Leave out items of other states; None shows all. One that gets another state later stays in its place until
        this is asked again, so that nothing moves under the person."""
        self.beginResetModel()
        self._shown = None if state is None else np.flatnonzero(self._states == state)
        self._asked.clear()
        self.endResetModel()

    def set_state(self, place: int, state: int) -> None:
        """I have judged an item, or taken that back."""
        if not 0 <= place < len(self._states) or self._states[place] == state:
            return
        self._counts[int(self._states[place])] -= 1
        self._counts[state] += 1
        self._states[place] = state
        if (row := self.row_of(place)) >= 0:
            index = self.index(row)
            self.dataChanged.emit(index, index)
        self._count()

    def take_rows(self, listed: QueueList, keys: NDArray[np.int64], rows: Sequence[TraceRow | None]) -> None:
        """The answer to `rows_wanted`, in any order: keys without a row have gone since. Dropped when another queue is
        shown by now."""
        if listed is not self._list:
            return
        found = {row.key: row for row in rows if row is not None}
        for key in keys.tolist():
            self._rows[key] = found.get(key)
            self._rows.move_to_end(key)
            self._asked.discard(key)
        while len(self._rows) > KEPT_ROWS:
            self._rows.popitem(last=False)
        if count := self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(count - 1))

    def row_of(self, place: int) -> int:
        """Where a place is shown, -1 where it is not."""
        if not 0 <= place < len(self._states):
            return -1
        if self._shown is None:
            return place
        row = int(np.searchsorted(self._shown, place))
        return row if row < len(self._shown) and self._shown[row] == place else -1

    def place_of(self, row: int) -> int:
        """The place of a row that is shown, -1 beyond."""
        if not 0 <= row < self.rowCount():
            return -1
        return row if self._shown is None else int(self._shown[row])

    def place_of_key(self, key: int) -> int:
        """The first place of a trace, -1 when it is not in the queue."""
        if self._list is None or key < 0:
            return -1
        found = np.flatnonzero(self._list.keys == key)
        return int(found[0]) if len(found) else -1

    def next_open(self, after: int) -> int:
        """The first open item behind a place, else the first of all, -1 when nothing is open."""
        begin = max(0, after + 1)
        for first, states in ((begin, self._states[begin:]), (0, self._states[: max(0, after)])):
            opened = states == OPEN
            if opened.any():
                return first + int(opened.argmax())
        return -1

    def counts(self) -> tuple[int, int, int, int]:
        """How many items are open, passed, failed and deferred."""
        opened, passed, failed, deferred = self._counts
        return opened, passed, failed, deferred

    def _count(self) -> None:
        self.counts_changed.emit(self.counts())

    def _item(self, row: int) -> QueueRow | None:
        place = self.place_of(row)
        if self._list is None or place < 0:
            return None
        key = int(self._list.keys[place])
        here = key >= 0
        trace = None
        if here and key in self._rows:
            self._rows.move_to_end(key)
            trace = self._rows[key]
            here = trace is not None
        elif here:
            self._ask(row, key)
        state = int(self._states[place])
        requeued = state == OPEN and place >= len(self._states) - self._list.requeued
        return QueueRow(place, self._list.trace_ids[place], state, requeued, here, trace)

    def _ask(self, row: int, key: int) -> None:
        if key in self._asked:
            return
        assert self._list is not None
        begin = row // PAGE * PAGE
        page = slice(begin, begin + PAGE)
        keys = self._list.keys[page] if self._shown is None else self._list.keys[self._shown[page]]
        wanted = [key for key in keys.tolist() if key >= 0 and key not in self._rows]
        self._asked.update(wanted)
        self.rows_wanted.emit(np.array(wanted, np.int64))


def spoken(item: QueueRow) -> str:
    """An item in words."""
    parts = [item.title or "loading", item.preview if item.here else "", STATE_LOOKS[item.state].word]
    if item.requeued:
        parts.append("put back")
    return ", ".join(part for part in parts if part)
