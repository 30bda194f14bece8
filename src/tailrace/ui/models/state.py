"""State that every page follows: the filter with its history, and what is selected."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from tailrace.model import TraceFilter

DEPTH = 200


class FilterHistory(QObject):
    """The filter and its history: a stack that Back and Forward walk, as a browser's.

    Signals: `changed(object)` carries the current TraceFilter.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: list[TraceFilter] = [TraceFilter()]
        self._place = 0

    @property
    def current(self) -> TraceFilter:
        """The filter in force."""
        return self._steps[self._place]

    @property
    def former(self) -> TraceFilter | None:
        """The step that Back goes to."""
        return self._steps[self._place - 1] if self._place else None

    @property
    def can_go_back(self) -> bool:
        """True when there is an older step."""
        return self._place > 0

    @property
    def can_go_forward(self) -> bool:
        """True when there is a newer step."""
        return self._place + 1 < len(self._steps)

    def push(self, step: TraceFilter) -> None:
        """Make `step` the filter; what was ahead is forgotten. The filter in force pushed again changes nothing."""
        if step == self.current:
            return
        self._steps = [*self._steps[: self._place + 1], step][-DEPTH:]
        self._place = len(self._steps) - 1
        self.changed.emit(step)

    def amend(self, step: TraceFilter) -> None:
        """Put `step` in place of the filter in force: the person is still typing it."""
        if step == self.current:
            return
        self._steps = [*self._steps[: self._place], step]
        self.changed.emit(step)

    def renew(self, step: TraceFilter) -> None:
        """Put `step` in place of the filter in force and keep what is ahead: time has passed, nobody chose."""
        if step != self.current:
            self._steps[self._place] = step
            self.changed.emit(step)

    def restart(self, step: TraceFilter) -> None:
        """Forget all steps and begin at `step`; always announced, for another database was opened."""
        self._steps = [step]
        self._place = 0
        self.changed.emit(step)

    def back(self) -> None:
        """One step older, if there is one."""
        self._walk(-1)

    def forward(self) -> None:
        """One step newer, if there is one."""
        self._walk(1)

    def _walk(self, by: int) -> None:
        place = self._place + by
        if 0 <= place < len(self._steps):
            self._place = place
            self.changed.emit(self.current)


class Selection(QObject):
    """The selected trace (its key) and span (its id); None is nothing selected.

    Signals: `trace_changed(object)`, `span_changed(object)`. Choosing another trace clears the span first.
    """

    trace_changed = Signal(object)
    span_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.trace_key: int | None = None
        self.span_id: str | None = None

    def select_trace(self, key: int | None) -> None:
        """Select a trace; selecting it again does nothing."""
        if key == self.trace_key:
            return
        self.trace_key = key
        self.span_id = None
        self.trace_changed.emit(key)

    def select_span(self, span_id: str | None) -> None:
        """Select a span of the selected trace; selecting it again does nothing."""
        if span_id == self.span_id:
            return
        self.span_id = span_id
        self.span_changed.emit(span_id)
