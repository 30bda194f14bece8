"""The trace list as an item model: a known count, pages of rows on demand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from tailrace.model import TraceList, TraceRow
from tailrace.model.words import count_of, format_cost, format_duration, format_tokens
from tailrace.ui.views.trace_list import ROW_ROLE

PAGE = 200
KEPT_PAGES = 50
_ROLES = (ROW_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class TraceListModel(QAbstractListModel):
    """Rows of a TraceList. `data(index, ROW_ROLE)` is a TraceRow, or None while its page is on its way.

    Signals: `rows_wanted(object)` carries (page number, keys as an int64 array); answer with `take_rows`.
    """

    rows_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._list: TraceList | None = None
        self._pages: OrderedDict[int, Sequence[TraceRow | None]] = OrderedDict()
        self._asked: set[int] = set()

    @property
    def trace_list(self) -> TraceList | None:
        """What is shown."""
        return self._list

    def show_list(self, listed: TraceList | None, first: Sequence[TraceRow | None] = ()) -> None:
        """Show another answer; `first` are the rows of its first page, so that nothing flickers."""
        self.beginResetModel()
        self._list = listed
        self._pages.clear()
        self._asked.clear()
        if first:
            self._pages[0] = first
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """As many rows as the list has keys."""
        return 0 if parent.isValid() or self._list is None else len(self._list.keys)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """ROW_ROLE, or words for people who listen rather than look."""
        if not index.isValid() or role not in (
            ROW_ROLE,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        row = self.row_at(index.row())
        if role == ROW_ROLE:
            return row
        return "loading" if row is None else spoken(row)

    def row_at(self, place: int) -> TraceRow | None:
        """The row at a place, asking for its page when it is not here."""
        if self._list is None or not 0 <= place < len(self._list.keys):
            return None
        page, offset = divmod(place, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            if page not in self._asked:
                self._asked.add(page)
                self.rows_wanted.emit((page, self.page_keys(page)))
            return None
        self._pages.move_to_end(page)
        return rows[offset] if offset < len(rows) else None

    def page_keys(self, page: int) -> NDArray[np.int64]:
        """The keys of a page."""
        assert self._list is not None
        return self._list.keys[page * PAGE : (page + 1) * PAGE]

    def take_rows(self, listed: TraceList, page: int, rows: Sequence[TraceRow | None]) -> None:
        """The answer to `rows_wanted`, in the order of the keys; dropped when another list is shown by now."""
        if listed is not self._list:
            return
        self._asked.discard(page)
        self._pages[page] = rows
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        first = page * PAGE
        last = min(first + PAGE, len(listed.keys)) - 1
        self.dataChanged.emit(self.index(first), self.index(last))

    def replace_row(self, row: TraceRow) -> None:
        """A trace has changed (judged, say): show its new row where it is on a page that is here."""
        for page, rows in self._pages.items():
            for offset, old in enumerate(rows):
                if old is not None and old.key == row.key:
                    self._pages[page] = [*rows[:offset], row, *rows[offset + 1 :]]
                    index = self.index(page * PAGE + offset)
                    self.dataChanged.emit(index, index)
                    return

    def place_of(self, key: int) -> int:
        """The place of a trace in the list, -1 when it is not in it."""
        if self._list is None:
            return -1
        found = np.flatnonzero(self._list.keys == key)
        return int(found[0]) if len(found) else -1


def spoken(row: TraceRow) -> str:
    """A row in words."""
    parts = [
        row.name,
        row.status.value,
        row.input_preview,
        format_duration(row.duration_ns),
        f"{count_of(row.span_count, 'span')}",
        f"{format_tokens(row.total_tokens)} tokens",
        format_cost(row.cost, row.estimated_cost),
    ]
    if row.thumb is not None:
        parts.append("thumb up" if row.thumb else "thumb down")
    return ", ".join(part for part in parts if part)


def in_order(keys: NDArray[np.int64], rows: Sequence[TraceRow]) -> list[TraceRow | None]:
    """One row a key: None for a trace that has gone since its list was made."""
    by_key = {row.key: row for row in rows}
    return [by_key.get(int(key)) for key in keys]
