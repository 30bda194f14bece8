"""Notes under way: each belongs to what it was written about, and is saved when it is left or a moment after a key."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from tailrace.model import Score
from tailrace.ui.views.note_editor import NoteEditor

NoteTarget: TypeAlias = tuple[str, str | None]  # trace_id and span_id, None for the whole trace
PAUSE_MS = 800  # after the last key; as the fields of the Review page


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note to be saved under its id; without a text it is to be taken away."""

    target: NoteTarget
    score_id: str
    text: str


@dataclass(slots=True)
class _Draft:
    text: str = ""
    score_id: str = field(default_factory=lambda: f"tailrace:{uuid.uuid4().hex}")
    asked: str = ""  # what was given to be saved last
    saved: str = ""  # what is in the file
    before: str = ""  # as it was when the field was entered
    done: bool = False  # nobody writes on: it goes once it is in the file

    @property
    def unsaved(self) -> bool:
        """Whether there are words that were not given to be saved."""
        return bool(self.text.strip()) and self.text.strip() != self.asked


class NoteDrafts(QObject):
    """Writes in `editor`, which is in sight where a note is under way.

    Signals: `wanted(object)` carries a WrittenNote; `cancelled()` when a person wants it as it was before.
    """

    wanted = Signal(object)
    cancelled = Signal()

    def __init__(self, editor: NoteEditor, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._target: NoteTarget | None = None
        self._drafts: dict[NoteTarget, _Draft] = {}  # the one on show, and those that are not in the file yet
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        editor.saved.connect(self._save)
        editor.cancelled.connect(self._cancel)
        editor.changed.connect(self._follow)
        editor.entered.connect(self._enter)
        editor.left.connect(self.flush)
        editor.hide()

    def turn_to(self, target: NoteTarget | None) -> None:
        """Save what is written, and take up what could not be saved on another target. None: there is nothing to
        write about."""
        if target != self._target:
            self._leave()
            self._take_up(target, open_=target in self._drafts)

    def switch_to(self, target: NoteTarget) -> None:
        """Turn to another target in the middle of writing: the text goes along, unless one is there already."""
        draft = self._draft
        if draft is not None and self._target is not None and draft.text.strip() and target not in self._drafts:
            self._drafts[target] = self._drafts.pop(self._target)
            was_asked = bool(draft.asked)
            draft.asked = draft.saved = ""
            self._take_up(target, open_=True)
            if was_asked:
                self.flush()
            return
        self._leave()
        self._take_up(target, open_=draft is not None or target in self._drafts)

    def open(self) -> None:
        """Write, or go on writing, on the target."""
        if self._target is not None:
            if self._draft is None:
                self._take_up(self._target, open_=True)
            self._editor.field.setFocus()

    def toggle(self) -> None:
        """Write; an empty note that is being written goes."""
        if self._draft is None or not self._editor.field.hasFocus():
            self.open()
        elif not self._editor.text.strip():
            self._cancel()

    def flush(self) -> None:
        """Have saved what is written on the target; an empty text is nothing to save."""
        self._pause.stop()
        if self._target is not None and (draft := self._draft) is not None:
            self._ask(self._target, draft)

    def keep_all(self) -> None:
        """The same, and once more for what could not be saved of other targets."""
        for target, draft in tuple(self._drafts.items()):
            self._ask(target, draft)

    def finish(self) -> None:
        """Another person writes from now on: what is in the file stays that of the former one."""
        self._leave()
        self._take_up(self._target, open_=self._target in self._drafts)

    def settle(self, scores: Sequence[Score]) -> None:
        """These are the target's scores: a note is saved when it is among them, and not before."""
        draft = self._draft
        if draft is None or not draft.asked:
            return
        if any(score.score_id == draft.score_id and (score.comment or "").strip() == draft.asked for score in scores):
            draft.saved = draft.asked
            self._editor.set_saving(False)
            if draft.done:
                self._drop()

    def confirm(self, score_id: str, text: str) -> None:
        """This is in the file; of the target on show it counts once it is among its scores."""
        for target, draft in tuple(self._drafts.items()):
            if draft.score_id == score_id and draft.asked == text and target != self._target:
                draft.saved = text
                if not draft.unsaved:
                    del self._drafts[target]

    def revisit(self, score_id: str, text: str | None) -> None:
        """An undo, or a removal, has made this of a note; None: it is gone. What was not saved stays as it is."""
        draft = self._draft
        if draft is None or draft.score_id != score_id or draft.asked == (text or ""):
            return
        if draft.unsaved:
            draft.score_id, draft.asked, draft.saved = _Draft().score_id, "", ""
        elif text:
            draft.text = draft.asked = draft.saved = text
            self._editor.set_text(text, _words(self._target))
        else:
            self._drop()

    def stop_saving(self) -> None:
        """Saving has failed; the text is still there, can be changed, and is tried again when it is left."""
        for draft in self._drafts.values():
            if draft.asked != draft.saved:
                draft.asked = draft.saved
        self._editor.set_saving(False)
        if (shown := self._draft) is not None:
            shown.done = False
            if shown.unsaved:
                self._editor.show_unsaved()

    @property
    def _draft(self) -> _Draft | None:
        return None if self._target is None else self._drafts.get(self._target)

    def _ask(self, target: NoteTarget, draft: _Draft) -> None:
        if draft.unsaved:
            draft.asked = draft.text.strip()
            self.wanted.emit(WrittenNote(target, draft.score_id, draft.asked))

    def _leave(self) -> None:
        self.flush()
        draft = self._draft
        if draft is None or self._target is None:
            return
        draft.done = True
        if not draft.text.strip() or draft.saved == draft.text.strip():
            del self._drafts[self._target]

    def _take_up(self, target: NoteTarget | None, *, open_: bool) -> None:
        self._target = target
        if target is not None and open_:
            draft = self._drafts.setdefault(target, _Draft())
            self._editor.set_text(draft.text, _words(target))
            self._editor.set_saving(False)
            if draft.unsaved:
                self._editor.show_unsaved()
        self._editor.setVisible(target is not None and open_)

    def _drop(self) -> None:
        self._pause.stop()
        if self._target is not None:
            self._drafts.pop(self._target, None)
        self._editor.hide()

    def _follow(self) -> None:
        draft = self._draft
        if draft is not None and draft.text != self._editor.text:
            draft.text, draft.done = self._editor.text, False
            self._pause.start()

    def _enter(self) -> None:
        if (draft := self._draft) is not None:
            draft.before = draft.asked

    def _save(self) -> None:
        draft = self._draft
        if draft is None:
            return
        draft.done = True
        if draft.saved == draft.text.strip():
            self._drop()
            return
        self._editor.set_saving(True)
        self.flush()

    def _cancel(self) -> None:
        target, draft = self._target, self._draft
        self._drop()
        if target is not None and draft is not None and draft.asked != draft.before:
            self.wanted.emit(WrittenNote(target, draft.score_id, draft.before))
        self.cancelled.emit()


def _words(target: NoteTarget | None) -> str:
    return "this span" if target is not None and target[1] is not None else "the whole trace"
