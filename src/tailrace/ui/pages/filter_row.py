"""The filter bar and the time range, bound to the session's filter history."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tailrace.errors import QueryError
from tailrace.model import TraceFilter, ValueCount
from tailrace.query import Context, State, parse
from tailrace.ui.dialogs.query_help import QueryHelp
from tailrace.ui.models.session import Session
from tailrace.ui.views.filter_bar import FilterBar, TimeRangeButton
from tailrace.workspace import SettingsStore

_LIVE_NS = 3_600 * 10**9  # data whose newest trace is younger than this is taken for live
_VALUES = 60


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
        self.bar = FilterBar()
        self.times = TimeRangeButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.bar, 1)
        row.addWidget(self.times)
        self.bar.submitted.connect(self._submit)
        self.bar.values_wanted.connect(self._read_values)
        self.bar.save_requested.connect(self._save)
        self.bar.left.connect(self.left)
        self.times.last_chosen.connect(self._choose_last)
        self.times.range_chosen.connect(self._choose_range)
        session.history.changed.connect(self._show)
        self._offer_history()

    def focus(self) -> None:
        """Put the cursor into the filter."""
        self.bar.focus()

    def apply(self, text: str) -> None:
        """Filter by a text at once. Raises QueryError when it means nothing."""
        parsed = parse(text)
        if parsed.state not in (State.VALID, State.EMPTY):
            raise QueryError(f"The filter “{text}” is not complete: {parsed.message}", parsed.position)
        self._session.history.push(replace(self._session.history.current, text=text))

    def show_help(self) -> None:
        """Open the sheet of the filter language."""
        QueryHelp(self.window()).open()

    def _submit(self, text: str) -> None:
        self._session.history.push(replace(self._session.history.current, text=text))
        if text.strip():
            self._settings.remember_query(text.strip())
            self._offer_history()

    def _save(self, text: str) -> None:
        self._settings.toggle_saved_query(text.strip())
        self._offer_history()

    def _offer_history(self) -> None:
        self.bar.set_history(self._settings.current.recent_queries, self._settings.current.saved_queries)

    def _show(self, shown: TraceFilter) -> None:
        self.bar.set_text(shown.text)
        self.times.show_range(shown.since_ns, shown.until_ns)

    def _read_values(self, context: Context) -> None:
        def take(found: list[ValueCount]) -> None:
            self.bar.offer(context, found)

        self._session.read(
            "values",
            lambda workspace, ticket: workspace.field_values(context.field, context.prefix, _VALUES, ticket),
            take,
        )

    def _choose_range(self, chosen: tuple[int | None, int | None]) -> None:
        since, until = chosen
        self._session.history.push(replace(self._session.history.current, since_ns=since, until_ns=until))

    def _choose_last(self, length_ns: int) -> None:
        """The last so-and-so long: up to now while data comes in, else up to the newest trace; and say which."""

        def take(extent: tuple[int, int] | None) -> None:
            if extent is None:
                return
            now = time.time_ns()
            live = now - extent[1] < _LIVE_NS
            until = now if live else extent[1] + 1
            self._choose_range((until - length_ns, None if live else until))
            self.message.emit("Up to now" if live else "Up to the newest trace in this file, which is from the past")

        self._session.read("extent", lambda workspace, ticket: workspace.extent(ticket), take)
