"""The left of the Review page: the items of the queue, with their rows read as they come into sight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from tailrace.model.review import QueueList
from tailrace.ui.models.queue_items import QueueItemModel
from tailrace.ui.models.reviewing import Reviewing
from tailrace.ui.models.session import Session
from tailrace.ui.models.traces import in_order
from tailrace.ui.views.review.queue_list import QueueListView


class ReviewList(QObject):
    """Follows the reviewer through the queue, and takes them where they click."""

    def __init__(self, session: Session, reviewing: Reviewing, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._reviewing = reviewing
        self.items = QueueItemModel(self)
        self.view = QueueListView(self.items)
        self.items.rows_wanted.connect(self._read_rows)
        self.view.chosen.connect(self._go)
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

    def _show_place(self, place: int) -> None:
        self.view.mark(place)

    def _show_state(self, change: tuple[int, int]) -> None:
        self.items.set_state(*change)
