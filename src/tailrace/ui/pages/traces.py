"""The Traces page: the list under its histogram, the trace, the inspector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from tailrace.errors import QueryError
from tailrace.jobs import Ticket
from tailrace.model import (
    Histogram,
    Sorting,
    SpanDetail,
    SpanTree,
    Trace,
    TraceFilter,
    TraceList,
    TraceRow,
)
from tailrace.model.words import count_of, format_count
from tailrace.ui.commands import with_key_words
from tailrace.ui.models.judging import Judging, Target
from tailrace.ui.models.places import MOST_COLLAPSED, Place, view_state
from tailrace.ui.models.session import Session
from tailrace.ui.models.traces import PAGE, TraceListModel, in_order
from tailrace.ui.pages.late_listing import LateListing
from tailrace.ui.pages.offers import offers_of_span, offers_of_trace
from tailrace.ui.pages.panes import Pane
from tailrace.ui.pages.span_thumbs import SpanThumbs
from tailrace.ui.pages.trace_finder import TraceFinder
from tailrace.ui.pages.trace_values import TraceValues
from tailrace.ui.pages.verdicts import Verdicts
from tailrace.ui.views.histogram import HistogramView
from tailrace.ui.views.inspector import InspectorView
from tailrace.ui.views.kept_splitter import KeptSplitter
from tailrace.ui.views.sort_button import SortButton
from tailrace.ui.views.trace_find_bar import TraceFindBar
from tailrace.ui.views.trace_header import TraceHeader
from tailrace.ui.views.trace_list import TraceListView
from tailrace.ui.views.waterfall import ViewState, WaterfallView, analyse

if TYPE_CHECKING:
    from tailrace.workspace import Workspace

BUCKETS = 72


class TracesPage(QWidget):
    """Follows the session's filter and selection; everything it shows is read in jobs.

    Signals: `counted(object)` carries the TraceList on show, or None; `status(object)` a sentence for the status bar.
    """

    counted = Signal(object)
    status = Signal(object)

    def __init__(self, session: Session, judging: Judging, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self._trace: Trace | None = None
        self._detail: SpanDetail | None = None
        self._wanted_span: str | None = None
        self._former: Place | None = None  # where the person was the last time, until it is shown

        self.model = TraceListModel(self)
        self.list = TraceListView()
        self.list.setModel(self.model)
        self.histogram = HistogramView()
        self.sorting = SortButton()
        self._count = QLabel()
        self._count.setObjectName("dim")
        self.header = TraceHeader()
        self.find_bar = TraceFindBar()
        self.waterfall = WaterfallView()
        self.inspector = InspectorView()
        self.values = TraceValues(session, self)
        self.finder = TraceFinder(session, self.find_bar, self.waterfall, self)
        self._thumbs = SpanThumbs(session, judging, self.waterfall, self)
        self._verdicts = Verdicts(judging, self.inspector, self._shown, self)
        self._arrange()
        self._connect()
        # a person who holds J down passes many traces: only the one they stop at is read
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(30)
        self._settle.timeout.connect(self._read_trace)

    def _arrange(self) -> None:
        order = QHBoxLayout()
        order.setContentsMargins(12, 3, 8, 3)
        order.addWidget(self._count)
        order.addStretch(1)
        order.addWidget(self.sorting)
        strip = QFrame()
        strip.setObjectName("header")
        strip.setLayout(order)
        self._left = left = _column(self.histogram, strip, self.list)
        self._middle = middle = _column(self.header, self.find_bar, self.waterfall)
        self.splitter = KeptSplitter("splitter", Qt.Orientation.Horizontal)
        for part, least in ((left, 230), (middle, 300), (self.inspector, 310)):
            part.setMinimumWidth(least)
            self.splitter.addWidget(part)
        self.splitter.setSizes([430, 690, 430])
        for place, stretch in enumerate((2, 5, 2)):
            self.splitter.setStretchFactor(place, stretch)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.splitter)

    def _connect(self) -> None:
        session = self._session
        self.listing = LateListing(session, self, self.list_traces, self.list_again)
        session.selection.trace_changed.connect(self._show_selected_trace)
        session.selection.span_changed.connect(self._show_selected_span)
        self._judging.saved.connect(self._show_saved)
        self._judging.failed.connect(self._judging_failed)
        self.model.rows_wanted.connect(self._read_rows)
        self.list.chosen.connect(self._choose_place)
        self.list.menu_wanted.connect(self._show_row_menu)
        self.sorting.changed.connect(self._sort)
        self.histogram.range_chosen.connect(self._choose_range)
        self.header.find_wanted.connect(self.find_bar.open)
        self.header.compress_toggled.connect(self.waterfall.set_compress_gaps)
        self.waterfall.selected.connect(session.selection.select_span)
        self.waterfall.analysis_wanted.connect(self._analyse)
        self.waterfall.menu_wanted.connect(self._show_span_menu)
        self.inspector.copied.connect(self.values.say_copied)
        self.inspector.filter_requested.connect(self.values.take)
        self.values.status.connect(self.status)

    # The list

    def list_traces(self, wanted: TraceFilter) -> None:
        """List what a filter matches, from the top."""
        self._list(wanted, keep=False)

    def list_again(self) -> None:
        """List once more after data came in; what is selected stays selected."""
        self._list(self._session.history.current, keep=True)

    def _list(self, wanted: TraceFilter, keep: bool) -> None:
        order = self.sorting.sorting

        def work(workspace: Workspace, ticket: Ticket) -> tuple[TraceList, list[TraceRow | None]]:
            listed = workspace.list_traces(wanted, order, ticket)
            return listed, in_order(listed.keys[:PAGE], workspace.read_rows(listed.keys[:PAGE].tolist(), ticket))

        if self.model.rowCount() == 0:
            self.list.show_message("Listing traces…")
        self._session.jobs.cancel("histogram")
        self._session.read("trace-list", work, partial(self._show_list, keep=keep), self._list_failed)

    def _read_histogram(self, wanted: TraceFilter) -> None:
        """After the list: asked at the same time, both take longer."""
        self._session.read(
            "histogram",
            lambda workspace, ticket: workspace.histogram(wanted, BUCKETS, ticket),
            partial(self._show_histogram, wanted),
        )

    def _show_list(self, answer: tuple[TraceList, list[TraceRow | None]], keep: bool) -> None:
        listed, first = answer
        self._read_histogram(listed.filter)
        anchor = self.list.top_row() if keep else None
        self.model.show_list(listed, first)
        if anchor is not None:
            self.list.hold(self.model.place_of(anchor[0]), anchor[1])
        matched, total = len(listed.keys), listed.total
        self._count.setText(
            f"{count_of(matched, 'trace')}" if matched == total else f"{format_count(matched)} of {format_count(total)}"
        )
        if total == 0:
            self.list.show_message(
                "No traces in this database yet", "Open a file that another tool exported, or drop it here."
            )
        elif matched == 0:
            self.list.show_message(
                "No trace matches", with_key_words("Change the filter, or go back with {filter.back}.")
            )
        else:
            self.list.show_message("")
        self.counted.emit(listed)
        key = self._session.selection.trace_key
        place = -1 if key is None else self.model.place_of(key)
        if place >= 0:
            self.list.mark(place)
        elif matched and self._former is not None:
            self._go_to_former(self._former)
        elif matched and (not keep or key is None):
            self.list.choose(0)
        elif not matched:
            self._session.selection.select_trace(None)

    def _list_failed(self, error: Exception) -> None:
        if isinstance(error, QueryError):
            self.list.show_message("This filter cannot be answered", error.message)
        self._session.failed.emit(error)

    def _show_histogram(self, wanted: TraceFilter, data: Histogram) -> None:
        self.histogram.show_histogram(data, wanted.since_ns, wanted.until_ns)

    def _read_rows(self, page: tuple[int, NDArray[np.int64]]) -> None:
        number, keys = page
        listed = self.model.trace_list
        if listed is None:
            return
        self._session.read(
            f"rows-{number}",
            lambda workspace, ticket: in_order(keys, workspace.read_rows(keys.tolist(), ticket)),
            lambda rows: self.model.take_rows(listed, number, rows),
        )

    def _choose_place(self, place: int) -> None:
        listed = self.model.trace_list
        if listed is not None and 0 <= place < len(listed.keys):
            self._session.selection.select_trace(int(listed.keys[place]))

    def _sort(self, _: Sorting) -> None:
        self._list(self._session.history.current, keep=False)

    def _choose_range(self, chosen: tuple[int | None, int | None]) -> None:
        since, until = chosen
        history = self._session.history
        history.push(replace(history.current, since_ns=since, until_ns=until))

    def step_trace(self, by: int) -> None:
        """Select the next (+1) or previous (-1) trace of the list."""
        rows = self.model.rowCount()
        if rows:
            current = self.list.currentIndex()
            place = current.row() + by if current.isValid() else 0
            self.list.choose(max(0, min(rows - 1, place)))

    # The trace

    def _show_selected_trace(self, key: int | None) -> None:
        self.inspector.flush_note()  # while it is known which trace it is about
        self._trace = None
        self._detail = None
        row = None if key is None else self.model.row_at(self.model.place_of(key))
        self.header.show_row(row)
        if key is None:
            self._settle.stop()
            self.waterfall.show_trace(None)
            self.inspector.show_span(None, None)
            return
        self.inspector.show_loading("")
        self._settle.start()

    def _read_trace(self) -> None:
        key = self._session.selection.trace_key
        if key is None:
            return
        row = self.model.row_at(self.model.place_of(key))
        self.waterfall.show_loading(row.span_count if row is not None else None)
        self._session.read("trace", lambda workspace, ticket: workspace.read_trace(key, ticket), self._show_trace)

    def _show_trace(self, trace: Trace | None) -> None:
        if trace is None:
            self.waterfall.show_message(
                "This trace is no longer in the database", with_key_words("Bring in what is new with {file.refresh}.")
            )
            return
        self._trace = trace
        self.header.show_row(trace.row)
        self.waterfall.show_trace(trace)
        self._thumbs.show(trace)
        first = trace.tree.span_ids[0] if len(trace.tree) else None
        wanted = self._wanted_span if self._wanted_span in trace.tree.span_ids else first
        self._wanted_span = None
        self._session.selection.select_span(wanted)
        if self._former is not None and self._former.trace_id == trace.row.trace_id:
            self.waterfall.restore(view_state(self._former))
        self._former = None
        self.finder.find_again()

    def _analyse(self, tree: SpanTree) -> None:
        self._session.read("analysis", lambda workspace, ticket: analyse(tree), self.waterfall.set_analysis)

    def _show_selected_span(self, span_id: str | None) -> None:
        trace = self._trace
        self._detail = None
        if trace is None or span_id is None:
            return
        self.waterfall.select(span_id)
        row = trace.tree.row_of(span_id)
        self.inspector.show_loading(trace.tree.names[row] if row >= 0 else "")
        self._read_span()

    def _read_span(self) -> None:
        key, span_id = self._session.selection.trace_key, self._session.selection.span_id
        if key is not None and span_id is not None:
            self._session.read(
                "span", lambda workspace, ticket: workspace.read_span(key, span_id, ticket), self._show_detail
            )

    def _show_detail(self, detail: SpanDetail | None) -> None:
        former, self._detail = self._detail, detail
        if detail is not None and former is not None and former.span == detail.span and former.events == detail.events:
            # judged: what is being read stays where it is
            self.inspector.update_scores(detail.scores, detail.trace_scores)
            return
        self.inspector.show_span(detail, self._trace.row if self._trace is not None else None)

    # Judging

    def thumb(self, up: bool) -> None:
        """Give my thumb to what the inspector says is judged; the same thumb again takes it back."""
        self.inspector.press_thumb(1 if up else 0)

    def _show_saved(self, target: Target) -> None:
        keys = [target.trace_key]
        self._session.read(
            f"judged-{target.trace_key}", lambda workspace, ticket: workspace.read_rows(keys, ticket), self._show_judged
        )
        if self._session.selection.trace_key == target.trace_key:
            self._read_span()

    def _show_judged(self, rows: Sequence[TraceRow]) -> None:
        for row in rows:
            self.model.replace_row(row)
            if self._trace is not None and self._trace.row.key == row.key:
                self._trace = replace(self._trace, row=row)
                self.header.show_row(row)

    def _judging_failed(self, error: Exception) -> None:
        self.inspector.stop_saving()
        self._read_span()
        self._session.failed.emit(error)

    def step_error(self, by: int) -> None:
        """Select the next or previous span with an error."""
        found = self.waterfall.next_error() if by > 0 else self.waterfall.previous_error()
        if self._trace is not None and not found:
            self.status.emit("No span of this trace has an error")

    # Values

    def _show_row_menu(self, wanted: tuple[TraceRow, QPoint]) -> None:
        row, point = wanted
        self.values.open_menu(point, offers_of_trace(row))

    def _show_span_menu(self, span_id: str, point: QPoint) -> None:
        if self._trace is not None:
            self.values.open_menu(point, offers_of_span(self._trace, span_id))

    def filter_session(self) -> None:
        """Filter for the session of the selected trace."""
        if self._trace is not None and self._trace.row.session_id:
            self.values.take(("session", self._trace.row.session_id, False))
        else:
            self.status.emit("This trace has no session")

    def _shown(self) -> Trace | None:
        return self._trace

    # Where the person is

    def begin_at(self, place: Place) -> None:
        """Before a database is listed: where the person was in it."""
        self._verdicts.forget()
        self.sorting.set_sorting(place.sorting)
        self._former = place if place.trace_id is not None else None

    def place(self) -> Place:
        """Where the person is."""
        shown, sorting = self._session.history.current, self.sorting.sorting
        state = self.waterfall.state(MOST_COLLAPSED) or ViewState()
        return Place(
            text=shown.text,
            since_ns=shown.since_ns,
            until_ns=shown.until_ns,
            sort_key=sorting.key.value,
            descending=sorting.descending,
            trace_id=None if self._trace is None else self._trace.row.trace_id,
            span_id=state.selected,
            collapsed=tuple(sorted(state.collapsed)),
            low=state.low,
            high=state.high,
            scroll=state.scroll,
        )

    def _go_to_former(self, place: Place) -> None:
        def show(key: int | None) -> None:
            if key is None or self.model.place_of(key) < 0:
                self._former = None
                self.list.choose(0)
            else:
                self.show_when_listed(key, place.span_id)

        trace_id = place.trace_id or ""
        self._session.read("find-trace", lambda workspace, ticket: workspace.find_trace(trace_id, ticket), show)

    @property
    def is_waiting(self) -> bool:
        """True while a selected trace is about to be read."""
        return self._settle.isActive()

    @property
    def panes(self) -> tuple[Pane, ...]:
        """List, trace and inspector."""
        return ((self._left, self.list), (self._middle, self.waterfall), (self.inspector, self.inspector.tabs))

    @property
    def trace(self) -> Trace | None:
        """The trace on show."""
        return self._trace

    def show_when_listed(self, trace_key: int, span_id: str | None = None) -> None:
        """Select a trace by its key, wherever it stands, and a span of it."""
        if self._trace is not None and self._trace.row.key == trace_key:
            self._session.selection.select_span(span_id or self._session.selection.span_id)
            return
        self._wanted_span = span_id
        place = self.model.place_of(trace_key)
        if place >= 0:
            self.list.choose(place)
        else:
            # outside the filter: no row of the list is the one on show
            self.list.mark(-1)
            self._session.selection.select_trace(trace_key)
            self.status.emit("This trace is outside the filter of the list")


def _column(*parts: QWidget) -> QFrame:
    frame = QFrame()
    box = QVBoxLayout(frame)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    for part in parts:
        box.addWidget(part)
    box.setStretchFactor(parts[-1], 1)
    return frame
