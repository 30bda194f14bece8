"""Thumbs and notes from the inspector and the keys to the database, and what was saved back to the page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from tailrace.model import Trace
from tailrace.ui.models.judging import Judging, Target
from tailrace.ui.views.inspector import InspectorView


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

    def _write_note(self, text: str) -> None:
        if (target := self._target()) is not None and text.strip():
            self._judging.note(target, text)

    def _remove_score(self, score_id: str) -> None:
        if (target := self._target()) is not None:
            self._judging.remove(target, score_id)
