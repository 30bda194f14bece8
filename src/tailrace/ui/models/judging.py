"""Everything a person says or decides: saved at once, with one undo and redo for all of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.review import Change
from tailrace.model.score import NOTE, THUMB
from tailrace.ui.models.session import Session


@dataclass(frozen=True, slots=True)
class Target:
    """What is judged: a span, or the whole trace when `span_id` is None."""

    trace_key: int
    trace_id: str
    span_id: str | None = None


class Judging(QObject):
    """Writes scores of one reviewer.

    Signals: `saved(object)` carries the Target once the change is in the file, `changed(object)` the Changes when they
    were review records; `failed(object)` the exception when it is not.
    """

    saved = Signal(object)
    changed = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, author: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.author = author
        self.stack = QUndoStack(self)

    def thumb(self, target: Target, value: float | None) -> None:
        """Give a thumb (1.0 up, 0.0 down), or take mine back with None."""
        score_id = f"tailrace:{self.author}:{target.trace_id}:{target.span_id or ''}:{THUMB}"
        after = None
        if value is not None:
            after = self._score(score_id, THUMB, ScoreKind.THUMB, target, value=value)
        self.stack.push(_Change(self, target, score_id, after, "thumb"))

    def note(self, target: Target, text: str) -> None:
        """Write a note."""
        score_id = f"tailrace:{uuid.uuid4().hex}"
        self.stack.push(
            _Change(self, target, score_id, self._score(score_id, NOTE, ScoreKind.TEXT, target, comment=text), "note")
        )

    def remove(self, target: Target, score_id: str) -> None:
        """Take a score away."""
        self.stack.push(_Change(self, target, score_id, None, "removal"))

    def change(self, changes: Sequence[Change], word: str) -> None:
        """Put and remove review records, all or none; `word` names it in the menu (Undo WORD)."""
        if changes:
            self.stack.push(_RecordChange(self, tuple(changes), word))

    def _score(
        self,
        score_id: str,
        name: str,
        kind: ScoreKind,
        target: Target,
        value: float | None = None,
        comment: str | None = None,
    ) -> Score:
        now = time.time_ns()
        return Score(
            score_id=score_id,
            name=name,
            kind=kind,
            trace_id=target.trace_id,
            span_id=target.span_id,
            value=value,
            comment=comment,
            author=self.author,
            source=ScoreSource.PERSON,
            created_ns=now,
            updated_ns=now,
        )


class _Change(QUndoCommand):
    """One write; its inverse puts back what the database said was there before."""

    def __init__(self, judging: Judging, target: Target, score_id: str, after: Score | None, word: str) -> None:
        super().__init__(word)
        self._judging = judging
        self._target = target
        self._score_id = score_id
        self._after = after
        self._before: Score | None = None

    def redo(self) -> None:
        self._put(self._after, remember=True)

    def undo(self) -> None:
        self._put(None, restore=True)

    def _put(self, score: Score | None, remember: bool = False, restore: bool = False) -> None:
        def done(former: Score | None) -> None:
            if remember:
                self._before = former
            self._judging.saved.emit(self._target)

        # `restore` looks `_before` up when the write runs: an undo that overtakes its own redo would miss it else
        self._judging._session.write(
            lambda workspace: (
                workspace.put_score(wanted)
                if (wanted := self._before if restore else score) is not None
                else workspace.remove_score(self._score_id)
            ),
            done,
            self._judging.failed.emit,
        )


class _RecordChange(QUndoCommand):
    """Several records at once; the inverse is what the database gave back."""

    def __init__(self, judging: Judging, changes: tuple[Change, ...], word: str) -> None:
        super().__init__(word)
        self._judging = judging
        self._changes = changes
        self._inverse: tuple[Change, ...] = ()

    def redo(self) -> None:
        def done(inverse: tuple[Change, ...]) -> None:
            self._inverse = inverse
            self._judging.changed.emit(self._changes)

        judging = self._judging
        judging._session.write(lambda workspace: workspace.reviews.apply(self._changes), done, judging.failed.emit)

    def undo(self) -> None:
        def done(_: tuple[Change, ...]) -> None:
            self._judging.changed.emit(self._inverse)

        judging = self._judging
        # looked up when the write runs: an undo may overtake the answer to its own redo
        judging._session.write(lambda workspace: workspace.reviews.apply(self._inverse), done, judging.failed.emit)
