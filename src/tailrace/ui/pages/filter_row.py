"""The filter bar and the time range, bound to the session's filter history."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tailrace.errors import QueryError
from tailrace.jobs import Ticket
from tailrace.model import Extent, TraceFilter, ValueCount
from tailrace.query import Context, State, parse
from tailrace.ui.models.session import Session
from tailrace.ui.pages.panes import Pane
from tailrace.ui.views.filter_bar import FilterBar, SavedFilter, TimeRange, TimeRangeButton
from tailrace.workspace import SettingsStore

if TYPE_CHECKING:
    from tailrace.workspace import Workspace

_LIVE_NS = 3_600 * 10**9  # data whose newest trace is younger than this is taken for live
_VALUES = 60
GAP = 10
_LEAST_BAR = 190  # pixels of the filter that others leave to it
_STOOD_MS = 4_000


class Company(Protocol):
    """What a page puts beside the filter: before it, between it and the time range, and at the end."""

    before: QWidget
    between: QWidget
    after: QWidget

    def fit(self, room: int) -> None:
        """Take so many pixels together at most."""


class FilterRow(QWidget):
    """What the person types becomes the filter; what the filter becomes elsewhere (Back, a value chosen in a menu) is
    shown here.

    Signals: `message(object)` a sentence for the status bar, `left()` when the person leaves by Escape.
    """

    message = Signal(object)
    left = Signal()

    def __init__(self, session: Session, settings: SettingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._latest_ns: int | None = None
        self._last_ns: int | None = None  # a range to choose once the extent of the data is known
        self._typed: TraceFilter | None = None  # the step that is being typed
        # the range as the person chose it, so that Back to that step shows "Last 7 days" again
        self._ranges: dict[tuple[int | None, int | None], TimeRange] = {}
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(_STOOD_MS)
        self._keep.timeout.connect(self._remember)
        self.bar = FilterBar()
        self.times = TimeRangeButton()
        self._company: Company | None = None
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.bar, 1)
        row.addWidget(self.times)
        self.bar.submitted.connect(self._submit)
        self.bar.values_wanted.connect(self._read_values)
        self.bar.save_requested.connect(self._save)
        self.bar.forget_requested.connect(self._forget)
        self.bar.left.connect(self.left)
        self.times.changed.connect(self._choose_range)
        session.history.changed.connect(self._show)
        self._offer_history()

    @property
    def pane(self) -> Pane:
        """Where the keys go in here."""
        return (self, self.bar.editor)

    def keep_company(self, company: Company) -> None:
        """Put a page's own controls beside the filter, out of sight until `show_company`."""
        self._company = company
        for place, part in ((0, company.before), (2, company.between), (4, company.after)):
            part.hide()
            self._row.insertWidget(place, part)

    def show_company(self, shown: bool) -> None:
        """Whether the page's own controls are in sight."""
        if self._company is not None:
            for part in (self._company.before, self._company.between, self._company.after):
                part.setVisible(shown)
            self.fit()

    def fit(self) -> None:
        """Share the room with the page's own controls."""
        company = self._company
        if company is not None and company.before.isVisibleTo(self):
            company.fit(self.width() - _LEAST_BAR - self.times.sizeHint().width() - 4 * GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: other room."""
        super().resizeEvent(event)
        self.fit()

    def focus(self) -> None:
        """Put the cursor into the filter."""
        self.bar.setFocus()
        self.bar.editor.selectAll()

    def apply(self, text: str) -> None:
        """Filter by a text at once. Raises QueryError when it means nothing."""
        parsed = parse(text)
        if parsed.state not in (State.VALID, State.EMPTY):
            raise QueryError(f"The filter “{text}” does not work: {parsed.message}", parsed.position)
        self._session.history.push(replace(self._session.history.current, text=text))

    def show_extent(self, extent: Extent) -> None:
        """From when to when there is data."""
        self._latest_ns = extent.latest_ns
        self.times.set_bounds(extent.earliest_ns, extent.latest_ns)
        if self._last_ns is not None and extent.traces:
            self._choose_range(TimeRange(self._last_ns))
            self._last_ns = None

    @property
    def last_ns(self) -> int | None:
        """The length of the range when it is the last so-and-so long, else None."""
        return self.times.range().length_ns

    def begin_with(self, last_ns: int | None) -> None:
        """Before a database is read: the last so-and-so long of it, once it is known when that is."""
        self._last_ns = last_ns

    def _submit(self, text: str) -> None:
        history = self._session.history
        step = replace(history.current, text=text)
        # a text that goes on where the last one stopped is the same step of the history, not one a key
        if history.current is self._typed and text.startswith(history.current.text.rstrip()):
            history.amend(step)
        else:
            history.push(step)
        self._typed = history.current
        self._keep.start()

    def _remember(self) -> None:
        """A filter that has stood for a while was meant, and not only passed through while typing."""
        if text := self._session.history.current.text.strip():
            self._settings.remember_filter(text)
            self._offer_history()

    def _save(self, text: str) -> None:
        self._settings.update(saved_filters={**self._settings.current.saved_filters, text: text})
        self._offer_history()

    def _forget(self, text: str) -> None:
        saved = {name: kept for name, kept in self._settings.current.saved_filters.items() if kept != text}
        self._settings.update(saved_filters=saved)
        self._offer_history()

    def _offer_history(self) -> None:
        current = self._settings.current
        self.bar.set_history(
            current.recent_filters, [SavedFilter(name, text) for name, text in current.saved_filters.items()]
        )

    def _show(self, shown: TraceFilter) -> None:
        if shown.text != self.bar.text():
            self.bar.set_text(shown.text)
        bounds = (shown.since_ns, shown.until_ns)
        self.times.set_range(self._ranges.get(bounds) or TimeRange(None, *bounds))
        self.fit()

    def _read_values(self, context: Context) -> None:
        def take(found: list[ValueCount]) -> None:
            self.bar.offer(context, found)

        def read(workspace: Workspace, ticket: Ticket) -> list[ValueCount]:
            if context.field == "score.":
                return workspace.score_names(ticket)
            if context.field == "attr.":
                return [ValueCount(name, 0) for name in workspace.attribute_keys(context.prefix, ticket)]
            return workspace.field_values(context.field, context.prefix, _VALUES, ticket)

        self._session.read("values", read, take)

    @property
    def end_ns(self) -> int:
        """Where the last so-and-so long ends: now while data comes in, else at the newest trace."""
        now = time.time_ns()
        return now if self._is_live(now) else self._latest_ns or now

    @property
    def anchored(self) -> str:
        """Where the range in force ends, in words; empty for one between two times."""
        chosen = self.times.range()
        if chosen.length_ns is None:
            return ""
        if self._is_live(time.time_ns()):
            return f"{chosen.title}, up to now"
        return f"{chosen.title} of this file, up to its newest trace"

    def _is_live(self, now: int) -> bool:
        return self._latest_ns is None or now - self._latest_ns < _LIVE_NS

    def move_on(self) -> None:
        """Time has passed: the last so-and-so long begins later. That is no step of the history."""
        chosen, history = self.times.range(), self._session.history
        if chosen.length_ns is not None:
            since, until = self._resolve(chosen)
            history.renew(replace(history.current, since_ns=since, until_ns=until))

    def _resolve(self, chosen: TimeRange) -> tuple[int | None, int | None]:
        since, until = chosen.resolve(self.end_ns)
        if chosen.length_ns is not None:
            # an open end stays open: what comes in later belongs to the last hour too
            self._ranges[since, until] = chosen
        return since, until

    def _choose_range(self, chosen: TimeRange) -> None:
        """The last so-and-so long ends now while data comes in, else at the newest trace; say which."""
        self.times.set_range(chosen)
        since, until = self._resolve(chosen)
        if anchored := self.anchored:
            self.message.emit(anchored)
        self._session.history.push(replace(self._session.history.current, since_ns=since, until_ns=until))
