"""Visits: how long a reviewer looked at which item, kept in the database."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from tailrace.model.review import Put, Visit
from tailrace.ui.models.attention import Attention
from tailrace.ui.models.session import Session

_PACE = 200  # visits that the pace is reckoned from at most


@dataclass(frozen=True, slots=True)
class _Look:
    queue_id: str
    trace_id: str
    reviewer: str


class Visiting(QObject):
    """`latest` are the visits to the open queue, newest first; `is_seen` whether the page with its items is shown:
    while it is not, no time is counted, nor while it is not `timed`.

    Signals: `visited()` when there is another one.
    """

    visited = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._attention = Attention(self)
        self._look: _Look | None = None
        self._is_kept = True
        self.is_seen = False
        self.timed = True
        self.latest: Sequence[Visit] = ()
        session.opened.connect(self._keep_again)

    @property
    def runs(self) -> bool:
        """Whether somebody looks at an item."""
        return self._attention.runs

    def begin(self, queue_id: str, trace_id: str, reviewer: str) -> None:
        """Somebody looks at an item, if the page is shown."""
        if self.is_seen and self.timed:
            self._look = _Look(queue_id, trace_id, reviewer)
            self._attention.start()

    def end(self) -> None:
        """They look at something else."""
        look, self._look = self._look, None
        if not self._attention.runs:
            return
        spent = self._attention.stop()
        if look is None or spent <= 0:
            return
        began = time.time_ns() - spent * 1_000_000
        visit = Visit(uuid.uuid4().hex, look.queue_id, look.trace_id, look.reviewer, began, spent)
        self.latest = (visit, *self.latest)[:_PACE]
        if self._is_kept and not self._session.closed:
            self._session.write(lambda workspace: workspace.reviews.apply([Put(visit)]), _done, self._stop)
        self.visited.emit()

    def forget(self) -> None:
        """What is looked at is of another database: nothing of it is kept."""
        self._look = None
        if self._attention.runs:
            self._attention.stop()

    def _stop(self, error: Exception) -> None:
        """Said once: every item that is looked at would say it again."""
        if self._is_kept:
            self._is_kept = False
            self._session.failed.emit(error)

    def _keep_again(self, _: object) -> None:
        self._is_kept = True


def _done(_: object) -> None:
    """Nobody waits for it."""
