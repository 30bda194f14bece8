"""Notes under way: what is written and not yet saved is kept for each thing it was written about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from tailrace.model import Score
from tailrace.ui.views.note_editor import NoteEditor

NoteTarget: TypeAlias = tuple[str, str | None]  # trace_id and span_id, None for the whole trace


class NoteDrafts(QObject):
    """Writes in `editor`, which is in sight where a note is under way.

    Signals: `wanted(object)` carries a text to be saved as a note on the target; `cancelled()` when a person threw
    the text away.
    """

    wanted = Signal(object)
    cancelled = Signal()

    def __init__(self, editor: NoteEditor, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._target: NoteTarget | None = None
        self._drafts: dict[NoteTarget, str] = {}
        self._saving: tuple[NoteTarget, str] | None = None
        editor.saved.connect(self._save)
        editor.cancelled.connect(self._cancel)
        editor.hide()

    def turn_to(self, target: NoteTarget | None) -> None:
        """Put aside what is written and take up what was written on another target. None: there is nothing to
        write about."""
        if target != self._target:
            self._put_aside()
            self._take_up(target, open_=target in self._drafts)

    def switch_to(self, target: NoteTarget) -> None:
        """Turn to another target in the middle of writing: the text goes along, unless one is there already."""
        former, writing = self._target, not self._editor.isHidden()
        self._put_aside()
        if former in self._drafts and target not in self._drafts and not self._saves(former):
            self._drafts[target] = self._drafts.pop(former)
        self._take_up(target, open_=writing or target in self._drafts)

    def open(self) -> None:
        """Write, or go on writing, on the target."""
        if self._target is not None:
            if self._editor.isHidden():
                self._take_up(self._target, open_=True)
            self._editor.field.setFocus()

    def toggle(self) -> None:
        """Write; an empty note that is being written goes."""
        if self._editor.isHidden() or not self._editor.field.hasFocus():
            self.open()
        elif not self._editor.text.strip():
            self._cancel()

    def settle(self, scores: Sequence[Score]) -> None:
        """These are the target's scores: a note is saved when it is among them, and not before."""
        if self._saving is None or self._saving[0] != self._target:
            return
        target, text = self._saving
        if any(score.is_note and (score.comment or "").strip() == text for score in scores):
            self._saving = None
            self._drafts.pop(target, None)
            self._editor.hide()

    def stop_saving(self) -> None:
        """Saving has failed; the text is still there and can be changed."""
        self._saving = None
        self._editor.set_saving(False)

    def _take_up(self, target: NoteTarget | None, *, open_: bool) -> None:
        self._target = target
        if target is not None and open_:
            self._editor.set_text(
                self._drafts.get(target, ""), "this span" if target[1] is not None else "the whole trace"
            )
            self._editor.set_saving(self._saves(target))
        self._editor.setVisible(target is not None and open_)

    def _put_aside(self) -> None:
        if self._target is not None and not self._editor.isHidden():
            if self._editor.text.strip():
                self._drafts[self._target] = self._editor.text
            else:
                self._drafts.pop(self._target, None)

    def _save(self, text: str) -> None:
        assert self._target is not None
        self._put_aside()
        self._saving = (self._target, text)
        self._editor.set_saving(True)
        self.wanted.emit(text)

    def _cancel(self) -> None:
        if self._target is not None:
            self._drafts.pop(self._target, None)
        self._saving = None
        self._editor.hide()
        self.cancelled.emit()

    def _saves(self, target: NoteTarget | None) -> bool:
        return self._saving is not None and self._saving[0] == target
