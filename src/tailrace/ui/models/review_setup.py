"""What a reviewer works with: score fields, failure modes and what suggests them, datasets, agreement with others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from tailrace.jobs import Ticket
from tailrace.model.review import (
    DEFERRED,
    OPEN,
    Change,
    Dataset,
    DatasetItem,
    FailureMode,
    Put,
    Queue,
    QueueSummary,
    Rating,
    Record,
    Removal,
    ScoreDefinition,
)
from tailrace.model.score import FAILURE_MODE, NOTE, THUMB, Score
from tailrace.review.agreement import TOO_FEW, Conflict, agreements, conflicts
from tailrace.review.modes import merged_to
from tailrace.review.progress import Progress
from tailrace.review.similarity import Suggester
from tailrace.ui.models.judging import Judging, Target
from tailrace.ui.models.session import Session

if TYPE_CHECKING:
    from tailrace.workspace import Workspace

_SOON_MS = 250
_LATER_MS = 3_000  # what is reckoned over all judgements waits for a pause


@dataclass(frozen=True, slots=True)
class Setup:
    """What was read of a database at once. `merged` says of every failure mode as what it counts now."""

    definitions: tuple[ScoreDefinition, ...] = ()
    modes: tuple[tuple[FailureMode, int], ...] = ()
    datasets: tuple[tuple[Dataset, int], ...] = ()
    queues: tuple[QueueSummary, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Learned:
    """What suggests failure modes, with what it was learned from."""

    examples: list[tuple[str, str]]
    names: dict[str, str]
    suggester: Suggester


@dataclass(frozen=True, slots=True)
class _Reckoned:
    words: str
    conflicts: int
    hidden: frozenset[str]
    learned: _Learned


class ReviewSetup(QObject):
    """Follows the open database.

    Signals: `changed(object)` a Setup; `agreed(str, object)` a sentence about agreement with others, and how many
    conflicts are open; `suggester_changed()` when `suggest` may answer otherwise.
    """

    changed = Signal(object)
    agreed = Signal(str, object)
    suggester_changed = Signal()

    def __init__(self, session: Session, judging: Judging, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self.current = Setup()
        self.hidden: frozenset[str] = frozenset()  # blind traces that the reviewer has not judged
        self._learned: _Learned | None = None
        self._soon = _timer(self, _SOON_MS, self.read)
        self._counts = _timer(self, _SOON_MS, self.read_modes)
        self._later = _timer(self, _LATER_MS, self.reckon)
        judging.changed.connect(self._take_changes)
        judging.author_changed.connect(self._begin_again)

    @property
    def is_waiting(self) -> bool:
        """True while something is about to be read or reckoned again."""
        return any(timer.isActive() for timer in (self._soon, self._counts, self._later))

    def begin(self) -> None:
        """Read all of it, when a page that shows it is gone to."""
        self.read()
        self.reckon()

    def read(self) -> None:
        """Read score fields, modes, datasets and queues."""
        reviewer = self._judging.author

        def work(workspace: Workspace, ticket: Ticket) -> Setup:
            reviews = workspace.reviews
            return Setup(
                tuple(reviews.definitions(ticket)),
                tuple(reviews.modes(ticket)),
                tuple(reviews.datasets(ticket)),
                tuple(reviews.queues(reviewer, ticket)),
                merged_to(reviews.all_modes(ticket)),
            )

        self._session.read("review-setup", work, self._take)

    def read_modes(self) -> None:
        """Read again only what a mark changes: how often each mode was seen."""
        self._session.read(
            "review-modes",
            lambda workspace, ticket: tuple(workspace.reviews.modes(ticket)),
            lambda modes: self._take(replace(self.current, modes=modes)),
        )

    def reckon(self) -> None:
        """Reckon agreement, and learn from the notes which modes fit."""
        reviewer, learned = self._judging.author, self._learned

        def work(workspace: Workspace, ticket: Ticket) -> _Reckoned:
            reviews = workspace.reviews
            # who is not asked for a verdict has none to keep free of the others'
            asked = (one.queue for one in reviews.queues(reviewer, ticket) if one.queue.blind)
            blind = [one.queue_id for one in asked if not one.reviewers or reviewer in one.reviewers]
            unseen = [reviews.read_queue(queue_id, reviewer, ticket) for queue_id in blind]
            hidden = frozenset(
                queue.trace_ids[place]
                for queue in unseen
                if queue
                for place in np.flatnonzero(np.isin(queue.states, (OPEN, DEFERRED)))
            )
            ratings = [rating for rating in reviews.ratings(ticket, THUMB) if rating.trace_id not in hidden]
            examples = [
                (mode_id, remark.text) for remark in reviews.remarks(ticket) for mode_id in remark.modes if remark.text
            ]
            names = {mode.mode_id: f"{mode.name} {mode.description}" for mode, _ in reviews.modes(ticket)}
            same = learned is not None and (learned.examples, learned.names) == (examples, names)
            known = learned if same and learned else _Learned(examples, names, Suggester(examples, names))
            return _Reckoned(*agreement_words(ratings, reviewer), hidden, known)

        self._session.read("review-agreement", work, self._take_reckoning)

    def suggest(self, text: str) -> list[tuple[str, float]]:
        """Ids of failure modes that a note's text fits, best first, with how well (0 to 1)."""
        return [] if self._learned is None or not text.strip() else list(self._learned.suggester.suggest(text))

    def noted(self, queue: Queue, progress: Progress) -> tuple[QueueSummary, ...]:
        """The queues, the one under way as far as the reviewer is by now."""
        now = QueueSummary(queue, progress.size, progress.passed, progress.failed, progress.deferred)
        same = queue.queue_id
        queues = tuple(now if one.queue.queue_id == same else one for one in self.current.queues)
        self.current = replace(self.current, queues=queues)
        return queues

    def counted(self, mode_ids: Sequence[str]) -> tuple[str, ...]:
        """Failure modes as what they count now, each once."""
        return tuple(dict.fromkeys(self.current.merged.get(mode_id, mode_id) for mode_id in mode_ids))

    def mode(self, mode_id: str) -> FailureMode | None:
        """A failure mode by its id."""
        return next((mode for mode, _ in self.current.modes if mode.mode_id == mode_id), None)

    def _take(self, setup: Setup) -> None:
        self.current = setup
        self.changed.emit(setup)

    def _take_reckoning(self, found: _Reckoned) -> None:
        self._learned = found.learned
        self.hidden = found.hidden
        self.agreed.emit(found.words, found.conflicts)
        self.suggester_changed.emit()

    def _take_changes(self, changes: Sequence[Change], _: Target | None) -> None:
        touched = {_what(change) for change in changes}
        if touched & {FailureMode, ScoreDefinition, Dataset, DatasetItem, Queue}:
            self._soon.start()
        elif FAILURE_MODE in touched:
            self._counts.start()
        if any(isinstance(change, Removal) and _what(change) == THUMB for change in changes):
            self.reckon()  # taken back: in a blind queue what others said of it is hidden at once
        elif touched & {NOTE, THUMB, FAILURE_MODE, FailureMode}:
            self._later.start()

    def _begin_again(self, _: object) -> None:
        self.begin()


def agreement_words(ratings: Sequence[Rating], reviewer: str) -> tuple[str, int]:
    """How far the verdicts of a reviewer and of the one they share most with agree, and how many conflicts of theirs
    over verdicts are open."""
    mine = [one for one in agreements(ratings, THUMB).pairs if reviewer in one.raters and one.items]
    most = max(mine, key=lambda one: one.items, default=None)
    unsettled = [one for one in conflicts(ratings) if one.name == THUMB and not one.settled and _is_in(one, reviewer)]
    if most is None:
        return "", len(unsettled)
    other = next((rater for rater in most.raters if rater != reviewer), "")
    few = f", {TOO_FEW}" if most.band == TOO_FEW else ""
    return f"with {other}: {most.words}{few}", len(unsettled)


def _is_in(conflict: Conflict, reviewer: str) -> bool:
    return any(rating.rater == reviewer for rating in conflict.ratings)


def _what(change: Change) -> type[Record] | str:
    """The kind of record that a change is about; of a score its name."""
    if isinstance(change, Put):
        return change.record.name if isinstance(change.record, Score) else type(change.record)
    if change.kind is not Score:
        return change.kind
    return next((name for name in (FAILURE_MODE, THUMB, NOTE) if f":{name}" in change.record_id), "")


def _timer(parent: ReviewSetup, after_ms: int, slot: object) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    timer.timeout.connect(slot)
    return timer
