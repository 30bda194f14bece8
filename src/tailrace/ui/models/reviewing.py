"""One reviewer's way through one queue: the item on show, what was said of it, the next ones read ahead."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from tailrace.model.review import (
    OPEN,
    Change,
    Judgement,
    Put,
    Queue,
    QueueItem,
    QueueList,
    Removal,
    ReviewItem,
    Verdict,
)
from tailrace.review.acts import scores_after, state_after
from tailrace.review.judgement import judgement_of
from tailrace.review.progress import Progress, progress_of
from tailrace.ui.models.judging import Judging, Target
from tailrace.ui.models.opened_queue import OpenedQueue, read_item, read_items, read_queue
from tailrace.ui.models.session import Session
from tailrace.ui.models.visiting import Visiting

if TYPE_CHECKING:
    pass

_KEPT = 48  # items read
_AHEAD = (1, 2, 3, -1)
_AHEAD_MS = 25  # what is on show is painted first: reading beside it takes its time
NOT_SAVED = "Not saved: the item is as it was before"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who writes about which trace: what is told late still lands where it was meant, in the name it was meant in."""

    target: Target
    reviewer: str


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
        self.visiting = Visiting(session, self)
        self._pending: list[tuple[Target, tuple[Change, ...]]] = []  # shown already, on their way to the disk
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(_AHEAD_MS)
        self._ahead.timeout.connect(self._read_ahead)
        self.visiting.visited.connect(self._tell_progress)
        judging.changed.connect(self._take_changes)
        judging.revisited.connect(self._go_where_it_was)
        judging.failed.connect(self._forget_unsaved)
        session.data_changed.connect(self._read_again)

    @property
    def reviewer(self) -> str:
        """Who judges."""
        return self._judging.author

    @property
    def target(self) -> Target | None:
        """The trace on show."""
        return None if self.item is None else Target(self.item.row.key, self.item.row.trace_id)

    @property
    def desk(self) -> Desk | None:
        """The trace on show and who writes about it."""
        return None if self.item is None else Desk(Target(self.item.row.key, self.item.row.trace_id), self.reviewer)

    @property
    def is_hidden(self) -> bool:
        """Whether others' judgements of the item are to be hidden: a blind queue, and mine is not in (put off is not
        in)."""
        is_open = self.said.verdict in (None, Verdict.DEFER)
        return self.queue is not None and self.queue.queue.blind and is_open

    # The queue

    def open_queue(self, queue_id: str | None, trace_id: str | None = None) -> None:
        """Go to a queue: to a trace of it, else to its first open item; None closes what is open."""
        self.pause()
        self._session.jobs.cancel("review-queue-again")
        if queue_id is None:
            self._session.jobs.cancel("review-queue")
            self._show_queue(OpenedQueue())
            return
        read = partial(read_queue, queue_id, self.reviewer)
        self._session.read("review-queue", read, partial(self._show_queue, trace_id=trace_id))

    def _show_queue(self, opened: OpenedQueue, trace_id: str | None = None) -> None:
        queue = self.queue = opened.queue
        self.visiting.latest, self._places = opened.visits, opened.places
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
        visits = self.visiting.latest
        visited = {visit.trace_id for visit in visits}
        done = {trace_id for trace_id in visited if self._state_of(trace_id) not in (None, OPEN)}
        return progress_of(np.bincount(queue.states, minlength=4).tolist(), visits, done)

    def _state_of(self, trace_id: str) -> int | None:
        place = self._places.get(trace_id, -1)
        return None if self.queue is None or place < 0 else int(self.queue.states[place])

    # The way through it

    def go(self, place: int) -> None:
        """Show the item at a place."""
        queue = self.queue
        if queue is None or not 0 <= place < len(queue.trace_ids):
            return
        self.visiting.end()
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
            self._session.read("review-item", partial(read_item, key), partial(self._take, key))

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
        if self.queue is None:
            return False
        found = np.flatnonzero(np.isin(self._states_soon(), states))
        found = found[found != self.place]
        if not len(found):
            return False
        behind = found[found > self.place]
        self.go(int(behind[0] if len(behind) else found[0]))
        return True

    def move_on(self) -> None:
        """Behind a verdict: the next item that is open, from here on; behind all of them it `ended`."""
        if self.queue is None:
            return
        behind = np.flatnonzero(self._states_soon()[self.place + 1 :] == OPEN)
        if len(behind):
            self.go(self.place + 1 + int(behind[0]))
        elif not self.next_open():
            self.ended.emit()

    def show_again(self) -> None:
        """Begin to attend to the item again, when the page is gone to."""
        self.visiting.is_seen = True
        if not self.visiting.runs:
            self._begin_visit()

    def forget(self) -> None:
        """Another database was opened: what is known is of the former one."""
        self.visiting.forget()
        self._known.clear()
        self._pending.clear()
        self._show_queue(OpenedQueue())

    def leave(self) -> None:
        """Stop attending until `show_again`, when the page is left."""
        self.visiting.is_seen = False
        self.visiting.end()

    def pause(self) -> None:
        """Stop attending until another item is gone to."""
        self.visiting.end()

    def _states_soon(self) -> NDArray[np.int8]:
        """The states once all that is on its way to the disk is there: a person is quicker than a disk."""
        assert self.queue is not None
        states = self.queue.states.copy()
        for target, changes in self._pending:
            place, state = self._places.get(target.trace_id, -1), state_after(changes, self.reviewer, target.trace_id)
            if place >= 0 and state is not None:
                states[place] = state
        return states

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
        self._begin_visit()
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
            self._session.read("review-ahead", partial(read_items, wanted), self._take_ahead, self._miss)

    def _take_ahead(self, items: list[ReviewItem]) -> None:
        for item in items:
            self._keep(item.row.key, item)

    def _miss(self, error: Exception) -> None:
        """What cannot be read ahead is said when it is gone to."""

    def _begin_visit(self) -> None:
        if self.queue is not None and self.item is not None:
            self.visiting.begin(self.queue.queue.queue_id, self.item.row.trace_id, self.reviewer)

    # Judging

    def change(self, changes: Sequence[Change], word: str) -> None:
        """Change something about the item on show: at once for the eye, then on the disk."""
        if self.target is not None:
            self.change_elsewhere(self.target, changes, word)

    def change_elsewhere(self, target: Target, changes: Sequence[Change], word: str) -> None:
        """Change something about an item that may have been left by now."""
        if not changes:
            return
        pending = tuple(changes)  # the very object comes back once it is on the disk
        self._pending.append((target, pending))
        self._show_changes(pending)
        if target == self.target:
            self.saved.emit("saving…")
        self._judging.change(pending, word, target)

    def requeue(self, other: Target | None = None) -> None:
        """Put the item on show, or another one, back behind the others: it is open until there is a newer verdict."""
        queue, target = self.queue, other or self.target
        if queue is None or target is None:
            return
        queue_id = queue.queue.queue_id

        def put(item: QueueItem | None) -> None:
            if item is not None:
                self._judging.told.emit("Putting it back: open until there is a new verdict")
                self._judging.change([Put(replace(item, requeued_ns=time.time_ns()))], "putting back", target)

        self._session.read(
            f"review-requeue-{target.trace_key}",
            lambda workspace, ticket: workspace.reviews.queue_item(queue_id, target.trace_id, ticket),
            put,
        )

    def said_at(self, desk: Desk) -> Judgement:
        """What somebody said of a trace that is or was on show lately; nothing when it is not known any more."""
        if desk == self.desk:
            return self.said
        item = self._known.get(desk.target.trace_key)
        return Judgement() if item is None else judgement_of(item.scores, desk.reviewer)

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
        shown = next((place for place, (_, pending) in enumerate(self._pending) if pending is changes), None)
        if shown is not None:
            del self._pending[shown]
        else:
            # from another page, or an undo: what was done since holds
            for one in (changes, *(pending for _, pending in self._pending)):
                self._show_changes(one)
        self._follow_queue(changes)
        if target is not None and (place := self._places.get(target.trace_id, -1)) >= 0:
            state = state_after(changes, self.reviewer, target.trace_id)
            if state is not None:
                self._set_state(place, state)
        if not self._pending:
            self.saved.emit("saved")

    def _follow_queue(self, changes: Sequence[Change]) -> None:
        """The open queue has other terms now, or is gone."""
        if self.queue is None:
            return
        queue_id = self.queue.queue.queue_id
        for change in changes:
            if isinstance(change, Removal) and change.kind is Queue and change.record_id == queue_id:
                self.open_queue(None)
            elif isinstance(change, Put) and isinstance(change.record, Queue) and change.record.queue_id == queue_id:
                self.open_queue(queue_id, None if self.item is None else self.item.row.trace_id)

    def _set_state(self, place: int, state: int) -> None:
        if self.queue is not None and self.queue.states[place] != state:
            self.queue.states[place] = state
            self.state_changed.emit((place, state))
            self._tell_progress()

    def _go_where_it_was(self, changes: Sequence[Change], target: Target | None) -> None:
        """Undo and redo go to the item that they change, and to the queue that they bring back."""
        back = next((one.record for one in changes if isinstance(one, Put) and isinstance(one.record, Queue)), None)
        if back is not None:
            self.open_queue(back.queue_id)
        if target is None or target.trace_id not in self._places or self.queue is None:
            return
        if any(isinstance(change, Put) and isinstance(change.record, QueueItem) for change in changes):
            self.open_queue(self.queue.queue.queue_id, target.trace_id)
        elif self._places[target.trace_id] != self.place:
            self.go(self._places[target.trace_id])
        elif self.item is not None:
            self.item_changed.emit(self.item)  # the end of the queue may stand before it

    def _forget_unsaved(self, _: Exception) -> None:
        """Back to what could not be saved, as it is in the file."""
        target = self._pending[0][0] if self._pending else self.target
        self._pending.clear()
        self._known.clear()
        if self.queue is not None and target is not None and target.trace_id in self._places:
            read = partial(read_queue, self.queue.queue.queue_id, self.reviewer)
            self._session.read("review-queue", read, partial(self._show_unsaved, trace_id=target.trace_id))
        else:
            self.saved.emit(NOT_SAVED)

    def _show_unsaved(self, opened: OpenedQueue, trace_id: str) -> None:
        self._show_queue(opened, trace_id)
        self.saved.emit(NOT_SAVED)

    # What others do to the database

    def _read_again(self) -> None:
        """The database has changed: what was read is read again when it is gone to, what is on show now."""
        self._known.clear()
        if self.queue is not None and not self._session.jobs.runs("review-queue"):
            read = partial(read_queue, self.queue.queue.queue_id, self.reviewer)
            self._session.read("review-queue-again", read, self._take_queue_again)

    def _take_queue_again(self, opened: OpenedQueue) -> None:
        former, queue = self.queue, opened.queue
        if former is None or self.place < 0:
            self._show_queue(opened)
            return
        trace_id = former.trace_ids[self.place]
        if queue is None or trace_id not in opened.places or (self.item is None and queue.keys[self.place] >= 0):
            self._show_queue(opened, trace_id)
            return
        if (queue.queue, queue.trace_ids) != (former.queue, former.trace_ids) or np.any(queue.keys != former.keys):
            self.queue, self._places, self.place = queue, opened.places, opened.places[trace_id]
            self.queue_changed.emit(queue)
            self.place_changed.emit(self.place)
            self._tell_progress()
            former = queue
        for place in np.flatnonzero(queue.states != former.states).tolist():
            self._set_state(place, int(queue.states[place]))
        if self.item is not None:
            key = self.item.row.key
            self._session.read("review-item-again", partial(read_item, key), self._take_item_again)

    def _take_item_again(self, item: ReviewItem | None) -> None:
        if item is None or self.item is None or item.row.key != self.item.row.key:
            return
        for _, changes in self._pending:
            item = replace(item, scores=scores_after(item.scores, changes, item.row.trace_id, time.time_ns()))
        self._keep(item.row.key, item)
        if item != self.item:
            self.item, self.said = item, judgement_of(item.scores, self.reviewer)
            self.item_changed.emit(item)
