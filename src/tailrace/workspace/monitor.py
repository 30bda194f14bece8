"""Charting one open database: what all its traces together say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tailrace.jobs import Ticket
from tailrace.model.charted import (
    Answer,
    Comparison,
    Differences,
    Heat,
    HeatQuestion,
    Mark,
    Question,
    Spread,
    SpreadQuestion,
)
from tailrace.model.listing import TraceFilter
from tailrace.model.sql import MEMORY, ROWS, SECONDS, SqlResult
from tailrace.store import Reader
from tailrace.workspace import charting
from tailrace.workspace.filtering import tree_of
from tailrace.workspace.folders import cache_folder
from tailrace.workspace.importing import Progress

if TYPE_CHECKING:
    from tailrace.model.dashboard import Dashboard
    from tailrace.model.measures import Measure
    from tailrace.store.columns import Columns

T = TypeVar("T")


class Monitor:
    """What a Workspace offers to charts; every method may take long and belongs in a job. Answers show the database as
    it is when they are asked for. Raises DatabaseError and QueryError, and Cancelled when a ticket is cancelled."""

    def __init__(self, database: Path, reader: Reader) -> None:
        self._database = database
        self._reader = reader
        self._columns: Columns | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the columns. No other call may be under way."""
        with self._lock:
            if self._columns is not None:
                self._columns.close()
                self._columns = None

    def prepare(self, ticket: Ticket | None = None) -> None:
        """Bring the columns up to date, with ImportProgress as the ticket's news. The first time this takes some
        seconds for a million spans."""
        self._refreshed(ticket or Ticket())

    def compare(
        self,
        by: str,
        values: Sequence[str],
        measures: Sequence[Measure],
        filter: TraceFilter | None = None,
        ticket: Ticket | None = None,
    ) -> Comparison:
        """One to three different values of a field (or of `attr.KEY`) side by side, over the traces of a filter."""
        from tailrace.metrics.comparison import compare_values

        ticket, asked = ticket or Ticket(), filter or TraceFilter()

        def work(columns: Columns) -> Comparison:
            ask = partial(charting.ask, columns, self._reader, ticket=ticket)
            spread = partial(charting.samples, columns, self._reader, ticket=ticket)
            return compare_values(by, values, measures, asked, ask, spread)

        return self._of_columns(work, ticket)

    def differs(
        self, selection: TraceFilter, against: TraceFilter | None = None, ticket: Ticket | None = None
    ) -> Differences:
        """What sets the traces of a selection apart from the rest of `against` (all others unless it is given). The
        first time all attributes are read, with ImportProgress as the ticket's news."""
        from tailrace.workspace.monitor_differs import differences

        ticket = ticket or Ticket()

        def work(columns: Columns) -> Differences:
            say = Progress(ticket, self._database.name).of("reading attributes", "spans")
            columns.keep_attributes(ticket, say)
            return differences(columns, self._reader, selection, against or TraceFilter(), ticket)

        return self._of_columns(work, ticket)

    def ask(self, questions: Sequence[Question], ticket: Ticket | None = None) -> list[Answer]:
        """The answers in the order of the questions. Those of one page are best asked together: what they share is
        counted once."""
        ticket = ticket or Ticket()
        return self._of_columns(lambda columns: charting.ask(columns, self._reader, questions, ticket), ticket)

    def heat(self, question: HeatQuestion, ticket: Ticket | None = None) -> Heat:
        """How the values of a column spread over time."""
        ticket = ticket or Ticket()
        return self._of_columns(lambda columns: charting.heat(columns, self._reader, question, ticket), ticket)

    def spread(self, question: SpreadQuestion, ticket: Ticket | None = None) -> Spread:
        """How the values of a column are distributed."""
        ticket = ticket or Ticket()
        return self._of_columns(lambda columns: charting.spread(columns, self._reader, question, ticket), ticket)

    def marks(self, asked: TraceFilter, ticket: Ticket | None = None) -> list[Mark]:
        """When the versions among the traces of a filter were first seen, as far as that is within its time and later
        than the beginning of all data."""
        ticket = ticket or Ticket()
        return self._of_columns(lambda columns: charting.marks(columns, self._reader, asked, ticket), ticket)

    def range_of(self, asked: TraceFilter, ticket: Ticket | None = None) -> tuple[int, int] | None:
        """The earliest and the latest start of the traces of a filter; None where there is none."""
        ticket = ticket or Ticket()
        return self._of_columns(lambda columns: charting.range_of(columns, self._reader, asked, ticket), ticket)

    # What can be asked for by name

    def measure(self, text: str) -> Measure:
        """The measure of a catalogue id or of a formula. Raises QueryError with position and reason."""
        from tailrace.metrics.formula import parse_formula

        return parse_formula(text)

    def measures(self, ticket: Ticket | None = None) -> tuple[Measure, ...]:
        """The catalogue, and with its measures of quality those of every score in the database."""
        from tailrace.workspace.monitor_names import measures_in

        return measures_in(self._reader, ticket)

    def dashboards(self, ticket: Ticket | None = None) -> list[Dashboard]:
        """The presets, then the saved ones by name. They are written through `reviews.apply`."""
        from tailrace.workspace.monitor_names import dashboards_in

        return dashboards_in(self._reader, ticket)

    def select(
        self, sql: str, ticket: Ticket, seconds: float = SECONDS, rows: int = ROWS, memory: int = MEMORY
    ) -> SqlResult:
        """The result of a person's own statement over the views of `model/sql.py`. Also raises LimitError."""
        from tailrace.store.sql.select import select

        return self._of_columns(lambda columns: select(columns, sql, ticket, seconds, rows, memory), ticket)

    def as_sql(self, question: Question | HeatQuestion | SpreadQuestion) -> str:
        """What a chart asks as such a statement; of a heatmap or histogram the values that it counts. Raises
        QueryError where the views do not have what is asked."""
        from tailrace.store.sql.said_chart import statement_of

        return statement_of(question, tree_of(question.filter.text))

    def _of_columns(self, work: Callable[[Columns], T], ticket: Ticket | None) -> T:
        """What comes of columns that are up to date; of new ones where the file turned out to be damaged."""
        from tailrace.store.columns import DamagedColumns

        ticket = ticket or Ticket()
        try:
            return work(self._refreshed(ticket))
        except DamagedColumns:
            return work(self._refreshed(ticket))

    def _refreshed(self, ticket: Ticket) -> Columns:
        # DuckDB takes a moment to import, and opening a database needs none of it
        from tailrace.store.columns import Columns

        with self._lock:
            if self._columns is None:
                self._columns = Columns(self._database, cache_folder() / "columns")
            columns = self._columns
        columns.refresh(self._reader, ticket, Progress(ticket, self._database.name).of("charting", "spans"))
        return columns
