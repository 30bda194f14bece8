"""Thumbs and notes from the inspector and the keys to the database, and what was saved back to the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tailrace.model import Score, Trace
from tailrace.ui.models.judging import Judging, Target
from tailrace.ui.views.inspector import InspectorView
from tailrace.ui.views.note_drafts import NoteTarget, WrittenNote

if TYPE_CHECKING:
    from tailrace.model.review import Change


class Verdicts(QObject):
    """Judges what the inspector says is meant: the span or the whole trace. `trace` gives the trace on show."""

    def __init__(
        self,
        judging: Judging,
        inspector: InspectorView,
        trace: Callable[[], Trace | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._judging = judging
        self._inspector = inspector
        self._trace = trace
        self._noted: dict[NoteTarget, Target] = {}  # a note that could not be saved may be tried again from afar
        judging.changed.connect(self._confirm)
        judging.revisited.connect(self._revisit)
        inspector.thumb_requested.connect(self._give_thumb)
        inspector.note_requested.connect(self._write_note)
        inspector.score_removed.connect(self._remove_score)

    def _target(self) -> Target | None:
        """What is shown as judged, not what is selected by now: the two differ while a span is being read."""
        trace, judged = self._trace(), self._inspector.judged
        if trace is None or judged is None or judged[0] != trace.row.trace_id:
            return None
        return Target(trace.row.key, *judged)

    def _give_thumb(self, value: int | None) -> None:
        if (target := self._target()) is not None:
            self._judging.thumb(target, None if value is None else float(value))

    def forget(self) -> None:
        """Another database was opened: its traces have other keys."""
        self._noted.clear()

    def _write_note(self, note: WrittenNote) -> None:
        trace = self._trace()
        if trace is not None and trace.row.trace_id == note.target[0]:
            self._noted[note.target] = Target(trace.row.key, *note.target)
        if (target := self._noted.get(note.target)) is None:
            return
        if note.text:
            self._judging.note(target, note.text, note.score_id)
        else:
            self._judging.remove(target, note.score_id)

    def _confirm(self, changes: Sequence[Change], _: object) -> None:
        from tailrace.model.review import Put, Removal

        for change in changes:
            if isinstance(change, Put) and isinstance(change.record, Score) and change.record.is_note:
                self._inspector.confirm_note(change.record.score_id, change.record.comment or "")
            elif isinstance(change, Removal) and change.kind is Score:
                self._inspector.revisit_note(change.record_id, None)

    def _revisit(self, changes: Sequence[Change], _: object) -> None:
        from tailrace.model.review import Put

        for change in changes:
            if isinstance(change, Put) and isinstance(change.record, Score) and change.record.is_note:
                self._inspector.revisit_note(change.record.score_id, change.record.comment)

    def _remove_score(self, score_id: str) -> None:
        if (target := self._target()) is not None:
            self._judging.remove(target, score_id)
