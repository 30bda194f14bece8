"""One reviewer's way through one queue: the item on show, what was said of it, the next ones read ahead."""

from __future__ import annotations

import time
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from tailrace.jobs import Ticket
from tailrace.model.review import (
    DEFERRED,
    FAILED,
    OPEN,
    PASSED,
    Change,
    Judgement,
    Put,
    QueueItem,
    QueueList,
    Removal,
    ReviewItem,
    Verdict,
    Visit,
)
from tailrace.model.score import THUMB, Score, own_id
from tailrace.review.acts import scores_after
from tailrace.review.judgement import judgement_of
from tailrace.review.progress import Progress, progress_of
from tailrace.ui.models.attention import Attention
from tailrace.ui.models.judging import Judging, Target
from tailrace.ui.models.session import Session

if TYPE_CHECKING:
    from tailrace.workspace import Workspace

_KEPT = 48  # items read
_AHEAD = (1, 2, 3, -1)
_PACE = 200  # visits that the pace is reckoned from at most
_STATES = {None: OPEN, Verdict.PASS: PASSED, Verdict.FAIL: FAILED, Verdict.DEFER: DEFERRED}


@dataclass(frozen=True, slots=True)
class _Opened:
    """A queue as it is read."""

    queue: QueueList | None = None
    places: dict[str, int] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)


class Reviewing(QObject):
    """Follows the open database and the reviewer.

    Signals: `queue_changed(object)` a QueueList or None; `place_changed(object)` the place in it, -1 for none;
    `item_changed(object)` the ReviewItem on show, None while it is being read; `judged(object)` the same item with
    other scores; `state_changed(object)` (place, state); `progressed(object)` a Progress; `ended()` when the person
    goes on behind the last item; `saved(object)` a sentence for the person.
    """

    queue_changed = Signal(object)
    place_changed = Signal(object)
    item_changed = Signal(object)
    judged = Signal(object)
    state_changed = Signal(object)
    progressed = Signal(object)
    ended = Signal()
    saved = Signal(object)

    def __init__(self, session: Session, judging: Judging, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self.queue: QueueList | None = None
        self.place = -1
        self.item: ReviewItem | None = None
        self.said = Judgement()
        self._places: dict[str, int] = {}
        self._known: OrderedDict[int, ReviewItem] = OrderedDict()
        self._visits: list[Visit] = []
        self._attention = Attention(self)
        self.timed = True  # whether looks are kept as visits
        self._attends = False
        self._unsaved = 0
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(0)
        self._ahead.timeout.connect(self._read_ahead)
        judging.changed.connect(self._take_changes)
        judging.revisited.connect(self._go_where_it_was)
        judging.failed.connect(self._forget_unsaved)
        session.data_changed.connect(self._forget_items)

    @property
    def reviewer(self) -> str:
        """Who judges."""
        return self._judging.author

    @property
    def target(self) -> Target | None:
        """The trace on show."""
        return None if self.item is None else Target(self.item.row.key, self.item.row.trace_id)

    @property
    def is_hidden(self) -> bool:
        """Whether others' judgements of the item are to be hidden: a blind queue, and mine is not in."""
        return self.queue is not None and self.queue.queue.blind and self.said.verdict is None

    # The queue

    def open_queue(self, queue_id: str | None, trace_id: str | None = None) -> None:
        """Go to a queue: to a trace of it, else to its first open item; None closes what is open."""
        self._end_visit()
        if queue_id is None:
            self._show_queue(_Opened())
            return
        reviewer = self.reviewer

        def work(workspace: Workspace, ticket: Ticket) -> _Opened:
            queue = workspace.reviews.read_queue(queue_id, reviewer, ticket)
            places = {} if queue is None else {trace: place for place, trace in enumerate(queue.trace_ids)}
            return _Opened(queue, places, workspace.reviews.visits(queue_id, reviewer, ticket))

        self._session.read("review-queue", work, partial(self._show_queue, trace_id=trace_id))

    def _show_queue(self, opened: _Opened, trace_id: str | None = None) -> None:
        queue = self.queue = opened.queue
        self._visits, self._places = opened.visits, opened.places
        self.item, self.place = None, -1
        self.queue_changed.emit(queue)
        if queue is None or not queue.trace_ids:
            self.place_changed.emit(-1)
            self.item_changed.emit(None)
            return
        self._tell_progress()
        first = self._places.get(trace_id, -1) if trace_id is not None else -1
        if first < 0:
            todo = np.flatnonzero(queue.states == OPEN)
            first = int(todo[0]) if len(todo) else 0
        self.go(first)

    def _tell_progress(self) -> None:
        if (progress := self.progress) is not None:
            self.progressed.emit(progress)

    @property
    def progress(self) -> Progress | None:
        """How far the reviewer is."""
        queue = self.queue
        if queue is None:
            return None
        visited = {visit.trace_id for visit in self._visits}
        done = {trace_id for trace_id in visited if self._state_of(trace_id) not in (None, OPEN)}
        return progress_of(np.bincount(queue.states, minlength=4).tolist(), self._visits, done)

    def _state_of(self, trace_id: str) -> int | None:
        place = self._places.get(trace_id, -1)
        return None if self.queue is None or place < 0 else int(self.queue.states[place])

    # The way through it

    def go(self, place: int) -> None:
        """Show the item at a place."""
        queue = self.queue
        if queue is None or not 0 <= place < len(queue.trace_ids):
            return
        self._end_visit()
        self.place = place
        self.place_changed.emit(place)
        key = int(queue.keys[place])
        known = self._known.get(key)
        if known is not None:
            self._session.jobs.cancel("review-item")
            self._show(known)
        elif key < 0:
            self._show_none()
        else:
            self._show_none()
            self._session.read("review-item", partial(_read_item, key), partial(self._take, key))

    def step(self, by: int) -> None:
        """The next (+1) or previous (-1) item; behind the last one it `ended`."""
        if self.queue is None:
            return
        wanted = self.place + by
        if wanted >= len(self.queue.trace_ids):
            self.ended.emit()
        else:
            self.go(max(0, wanted))

    def next_open(self, states: Sequence[int] = (OPEN,)) -> bool:
        """The next item in one of some states, from here round; False when there is none."""
        queue = self.queue
        if queue is None:
            return False
        found = np.flatnonzero(np.isin(queue.states, states))
        found = found[found != self.place]
        if not len(found):
            return False
        behind = found[found > self.place]
        self.go(int(behind[0] if len(behind) else found[0]))
        return True

    def move_on(self) -> None:
        """Behind a verdict: the next item that is open, from here on; behind all of them it `ended`."""
        queue = self.queue
        if queue is None:
            return
        behind = np.flatnonzero(queue.states[self.place + 1 :] == OPEN)
        if len(behind):
            self.go(self.place + 1 + int(behind[0]))
        elif not self.next_open():
            self.ended.emit()

    def show_again(self) -> None:
        """Attend to the item, when the page is gone to."""
        self._attends = self.timed
        if self._attends and self.item is not None and not self._attention.runs:
            self._attention.start()

    def forget(self) -> None:
        """Another database was opened: what is known is of the former one."""
        if self._attention.runs:
            self._attention.stop()
        self._known.clear()
        self._unsaved = 0
        self._show_queue(_Opened())

    def leave(self) -> None:
        """Stop attending, when the page is left."""
        self._attends = False
        self._end_visit()

    def _take(self, key: int, item: ReviewItem | None) -> None:
        if item is not None:
            self._keep(key, item)
        if self.queue is not None and self.place >= 0 and int(self.queue.keys[self.place]) == key:
            if item is None:
                self._show_none()
            else:
                self._show(item)

    def _show(self, item: ReviewItem) -> None:
        self.item = item
        self.said = judgement_of(item.scores, self.reviewer)
        if self._attends:
            self._attention.start()
        self.item_changed.emit(item)
        self._ahead.start()

    def _show_none(self) -> None:
        self.item, self.said = None, Judgement()
        self.item_changed.emit(None)

    def _keep(self, key: int, item: ReviewItem) -> None:
        self._known[key] = item
        self._known.move_to_end(key)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)

    def _read_ahead(self) -> None:
        queue = self.queue
        if queue is None:
            return
        places = [self.place + by for by in _AHEAD if 0 <= self.place + by < len(queue.trace_ids)]
        wanted = [key for place in places if (key := int(queue.keys[place])) >= 0 and key not in self._known]
        if wanted:
            self._session.read("review-ahead", partial(_read_items, wanted), self._take_ahead, self._miss)

    def _take_ahead(self, items: list[ReviewItem]) -> None:
        for item in items:
            self._keep(item.row.key, item)

    def _miss(self, error: Exception) -> None:
        """What cannot be read ahead is said when it is gone to."""

    def _end_visit(self) -> None:
        if not self._attention.runs:
            return
        spent = self._attention.stop()
        if self.item is None or self.queue is None or spent <= 0:
            return
        now = time.time_ns()
        visit = Visit(
            visit_id=uuid.uuid4().hex,
            queue_id=self.queue.queue.queue_id,
            trace_id=self.item.row.trace_id,
            author=self.reviewer,
            began_ns=now - spent * 1_000_000,
            spent_ms=spent,
        )
        self._visits = [visit, *self._visits][:_PACE]
        if not self._session.closed:
            self._session.write(
                lambda workspace: workspace.reviews.apply([Put(visit)]), _done, self._judging.failed.emit
            )
        self._tell_progress()

    # Judging

    def change(self, changes: Sequence[Change], word: str) -> None:
        """Change something about the item on show: at once for the eye, then on the disk."""
        if not changes or self.item is None:
            return
        self._show_changes(changes)
        self._unsaved += 1
        self.saved.emit("saving…")
        self._judging.change(changes, word, self.target)

    def change_elsewhere(self, target: Target, changes: Sequence[Change], word: str) -> None:
        """Change something about an item that may have been left by now."""
        if target == self.target:
            self.change(changes, word)
        else:
            self._unsaved += bool(changes)
            self._judging.change(changes, word, target)

    def requeue(self) -> None:
        """Put the item back behind the others: it is open until there is a newer verdict."""
        queue, target = self.queue, self.target
        if queue is None or target is None:
            return
        queue_id = queue.queue.queue_id

        def put(item: QueueItem | None) -> None:
            if item is not None:
                self._judging.change([Put(replace(item, requeued_ns=time.time_ns()))], "putting back", target)

        self._session.read(
            "review-requeue",
            lambda workspace, ticket: workspace.reviews.queue_item(queue_id, target.trace_id, ticket),
            put,
        )

    def said_of(self, trace_id: str) -> Judgement:
        """What I said of a trace that was on show lately; nothing when it is not known any more."""
        for item in self._known.values():
            if item.row.trace_id == trace_id:
                return judgement_of(item.scores, self.reviewer)
        return Judgement()

    def _show_changes(self, changes: Sequence[Change]) -> None:
        now = time.time_ns()
        for key, item in tuple(self._known.items()):
            scores = scores_after(item.scores, changes, item.row.trace_id, now)
            if scores != item.scores:
                self._known[key] = replace(item, scores=scores)
        if self.item is None:
            return
        scores = scores_after(self.item.scores, changes, self.item.row.trace_id, now)
        if scores != self.item.scores:
            self.item = replace(self.item, scores=scores)
            self.said = judgement_of(scores, self.reviewer)
            self.judged.emit(self.item)

    def _take_changes(self, changes: Sequence[Change], target: Target | None) -> None:
        """On the disk now: the list may say so."""
        self._unsaved = max(0, self._unsaved - 1)
        self._show_changes(changes)
        place = -1 if target is None else self._places.get(target.trace_id, -1)
        if target is not None and place >= 0 and (state := self._state_after(target.trace_id, changes)) is not None:
            self._set_state(place, state)
        if not self._unsaved:
            self.saved.emit("saved")

    def _state_after(self, trace_id: str, changes: Sequence[Change]) -> int | None:
        """What some changes make of a trace's state in the queue; None where they say nothing of it."""
        mine = own_id(self.reviewer, trace_id, THUMB)
        state: int | None = None
        for change in changes:  # the last one that says something holds
            if isinstance(change, Removal):
                if change.kind is Score and change.record_id == mine:
                    state = OPEN
            elif isinstance(change.record, Score):
                if change.record.score_id == mine:
                    state = _STATES[judgement_of([change.record], self.reviewer).verdict]
            elif isinstance(change.record, QueueItem) and change.record.requeued_ns is not None:
                state = OPEN
        return state

    def _set_state(self, place: int, state: int) -> None:
        if self.queue is not None and self.queue.states[place] != state:
            self.queue.states[place] = state
            self.state_changed.emit((place, state))
            self._tell_progress()

    def _go_where_it_was(self, changes: Sequence[Change], target: Target | None) -> None:
        """Undo and redo go to the item that they change."""
        if target is None or target.trace_id not in self._places or self.queue is None:
            return
        if any(isinstance(change, Put) and isinstance(change.record, QueueItem) for change in changes):
            self.open_queue(self.queue.queue.queue_id, target.trace_id)
        elif self._places[target.trace_id] != self.place:
            self.go(self._places[target.trace_id])

    def _forget_unsaved(self, _: Exception) -> None:
        self._unsaved = 0
        self.saved.emit("not saved")
        self._forget_items()
        if self.queue is not None and self.item is not None:
            self.open_queue(self.queue.queue.queue_id, self.item.row.trace_id)

    def _forget_items(self) -> None:
        """The database has changed: what was read is read again when it is gone to."""
        self._known.clear()


def _read_item(key: int, workspace: Workspace, ticket: Ticket) -> ReviewItem | None:
    return workspace.reviews.read_item(key, ticket)


def _read_items(keys: Sequence[int], workspace: Workspace, ticket: Ticket) -> list[ReviewItem]:
    return [item for key in keys if (item := workspace.reviews.read_item(key, ticket)) is not None]


def _done(_: object) -> None:
    """Nobody waits for it."""
