"""The left of the Review page: the items of the queue, with their rows read as they come into sight."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction

from tailrace.model.review import QueueList
from tailrace.ui.models.judging import Target
from tailrace.ui.models.queue_items import QueueItemModel
from tailrace.ui.models.reviewing import Reviewing
from tailrace.ui.models.session import Session
from tailrace.ui.models.traces import in_order
from tailrace.ui.views.review.queue_list import QueueListView, QueueRow
from tailrace.ui.views.value_menu import build_value_menu


class ReviewList(QObject):
    """Follows the reviewer through the queue, and takes them where they click.

    Signals: `trace_wanted(object)` the key of a trace to show on the Traces page; `copied(object)` a text.
    """

    trace_wanted = Signal(object)
    copied = Signal(object)

    def __init__(self, session: Session, reviewing: Reviewing, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._reviewing = reviewing
        self.items = QueueItemModel(self)
        self.view = QueueListView(self.items)
        self.items.rows_wanted.connect(self._read_rows)
        self.view.chosen.connect(self._go)
        self.view.menu_wanted.connect(self._offer)
        reviewing.queue_changed.connect(self._show_queue)
        reviewing.place_changed.connect(self._show_place)
        reviewing.state_changed.connect(self._show_state)

    def _show_queue(self, queue: QueueList | None) -> None:
        self.items.show_list(queue)

    def _read_rows(self, keys: NDArray[np.int64]) -> None:
        listed = self.items.queue_list
        if listed is not None and len(keys):
            self._session.read(
                f"review-rows-{keys[0]}",
                lambda workspace, ticket: in_order(keys, workspace.read_rows(keys.tolist(), ticket)),
                lambda rows: self.items.take_rows(listed, keys, rows),
            )

    def _go(self, place: object) -> None:
        if isinstance(place, int) and place >= 0 and place != self._reviewing.place:
            self._reviewing.go(place)

    def _offer(self, wanted: tuple[QueueRow, QPoint]) -> None:
        item, point = wanted
        menu = build_value_menu(self.view, (), (("Copy trace id", item.trace_id),), _no_filter, self.copied.emit)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if item.row is not None:
            first = menu.actions()[0]
            key = item.row.key
            for words, act in (
                ("Put back into the queue", partial(self._reviewing.requeue, Target(key, item.trace_id))),
                ("Show on the Traces page", partial(self.trace_wanted.emit, key)),
            ):
                action = QAction(words, menu)
                action.triggered.connect(partial(_run, act))
                menu.insertAction(first, action)
        menu.popup(point)

    def _show_place(self, place: int) -> None:
        self.view.mark(place)

    def _show_state(self, change: tuple[int, int]) -> None:
        self.items.set_state(*change)


def _run(act: Callable[[], object], _: bool = False) -> None:
    act()


def _no_filter(_: object) -> None:
    """An item offers no values to filter for."""
