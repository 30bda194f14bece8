"""Everything a person says or decides: saved at once, with one undo and redo for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from tailrace.errors import DatabaseError
from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.score import NOTE, THUMB, own_id
from tailrace.ui.models.session import Session

if TYPE_CHECKING:
    from tailrace.model.review import Change
    from tailrace.workspace import Workspace

_THINGS = ("thumb", "note", "correction", "highlight", "removal")  # other words name deeds, or what a person named

# The records of a review take longer to import than the window to paint: they are, when something is judged


@dataclass(frozen=True, slots=True)
class Target:
    """What is judged: a span, or the whole trace when `span_id` is None."""

    trace_key: int
    trace_id: str
    span_id: str | None = None


class Judging(QObject):
    """Writes in the name of one reviewer.

    Signals: `changed(object, object)` carries the Changes once they are in the file and the Target they were about, or
    None; `saved(object)` the Target, if any; `revisited(object, object)` the same as `changed` when it was an undo or a
    redo; `failed(object)` the exception when they are not, which says what was not saved. `author_changed(object)` when
    another person goes on.
    """

    saved = Signal(object)
    changed = Signal(object, object)
    revisited = Signal(object, object)
    failed = Signal(object)
    author_changed = Signal(object)
    told = Signal(object)

    def __init__(self, session: Session, author: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._author = author
        self.stack = QUndoStack(self)

    @property
    def author(self) -> str:
        """In whose name is judged."""
        return self._author

    @author.setter
    def author(self, name: str) -> None:
        if name != self._author:
            self._author = name
            self.author_changed.emit(name)

    def undo(self) -> None:
        """Take back what was done last."""
        if self.stack.canUndo():
            word = self.stack.undoText()
            self.stack.undo()
            self.told.emit(f"Undone: {word}")

    def redo(self) -> None:
        """Do once more what was undone."""
        if self.stack.canRedo():
            word = self.stack.redoText()
            self.stack.redo()
            self.told.emit(f"Done again: {word}")

    def change(self, changes: Sequence[Change], word: str, target: Target | None = None) -> None:
        """Put and remove records, all or none; `word` names it in the menu (Undo WORD)."""
        if changes:
            self.stack.push(_Step(self, tuple(changes), word, target))

    def thumb(self, target: Target, value: float | None) -> None:
        """Give a thumb (1.0 up, 0.0 down), or take mine back with None."""
        from tailrace.model.review import Put, Removal

        score_id = own_id(self.author, target.trace_id, THUMB, target.span_id)
        change = (
            Removal(Score, score_id)
            if value is None
            else Put(self._score(score_id, THUMB, ScoreKind.THUMB, target, value=value))
        )
        self.change([change], "thumb", target)

    def note(self, target: Target, text: str, score_id: str) -> None:
        """Write a note, or write on in the one with this id."""
        from tailrace.model.review import Put

        self.change([Put(self._score(score_id, NOTE, ScoreKind.TEXT, target, comment=text))], "note", target)

    def remove(self, target: Target, score_id: str) -> None:
        """Take a score away."""
        from tailrace.model.review import Removal

        self.change([Removal(Score, score_id)], "removal", target)

    def _score(
        self,
        score_id: str,
        name: str,
        kind: ScoreKind,
        target: Target,
        value: float | None = None,
        comment: str | None = None,
    ) -> Score:
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
        )


class _Step(QUndoCommand):
    """Some changes at once; what undoes them is what the database gave back."""

    def __init__(self, judging: Judging, changes: tuple[Change, ...], word: str, target: Target | None) -> None:
        super().__init__(word)
        self._judging = judging
        self._changes = changes
        self._target = target
        self._inverse: tuple[Change, ...] = ()
        self._is_first = True

    def redo(self) -> None:
        first, self._is_first = self._is_first, False

        def work(workspace: Workspace) -> tuple[Change, ...]:
            # on the one writer thread: an undo that overtakes this answer on its way to the window finds it there
            self._inverse = workspace.reviews.apply(self._changes)
            return self._changes

        self._judging._session.write(work, partial(self._tell, again=not first), self._fail)

    def undo(self) -> None:
        def work(workspace: Workspace) -> tuple[Change, ...]:
            workspace.reviews.apply(self._inverse)
            return self._inverse

        self._judging._session.write(work, partial(self._tell, again=True), self._fail_undo)

    def _fail(self, error: Exception) -> None:
        self._judging.failed.emit(_not_saved(self.text(), error))

    def _fail_undo(self, error: Exception) -> None:
        self._judging.failed.emit(_not_saved(f"undo of “{self.text()}”", error))

    def _tell(self, changes: tuple[Change, ...], again: bool) -> None:
        self._judging.changed.emit(changes, self._target)
        if self._target is not None:
            self._judging.saved.emit(self._target)
        if again:
            self._judging.revisited.emit(changes, self._target)


def _not_saved(word: str, error: Exception) -> Exception:
    """An error of the world that says what it befell; a bug as it is."""
    if isinstance(error, DatabaseError):
        what = f"The {word} was not saved." if word in _THINGS else f"Not saved: {word}."
        return DatabaseError(f"{what} {error.message}", error.hint, error.detail)
    return error
