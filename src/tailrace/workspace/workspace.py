"""An open database: everything a page or a command asks of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tailrace.errors import DatabaseError
from tailrace.jobs import Ticket
from tailrace.metrics.pricing import Prices
from tailrace.model import (
    Extent,
    Histogram,
    ImportReport,
    Info,
    Score,
    Sorting,
    Span,
    SpanDetail,
    Trace,
    TraceFilter,
    TraceList,
    TraceRow,
    ValueCount,
)
from tailrace.model.priced import ModelUse, PriceNews, Repricing, UnpricedModel
from tailrace.store import Reader, ScoreBook, Writer
from tailrace.store.connections import migrate_file
from tailrace.workspace import repricing
from tailrace.workspace.filtering import tree_of
from tailrace.workspace.folders import make_folder
from tailrace.workspace.importing import Progress, import_into
from tailrace.workspace.monitor import Monitor
from tailrace.workspace.opening import locate
from tailrace.workspace.prices import current_prices, used_of
from tailrace.workspace.reviews import Reviews


class Workspace:
    """One open database, usable from any thread; every method may take long and belongs in a job.

    `prepare` comes first. Methods that write a lot (prepare, import_source, index_search) are meant for one thread.
    Scores may be put from any thread: they are on the disk on return and wait for one batch of an import at most.
    Raises DatabaseError, SourceError and QueryError, and Cancelled when a ticket is cancelled.
    """

    def __init__(self, database: Path) -> None:
        self.database = database
        self.reports: tuple[ImportReport, ...] = ()
        self._reader = Reader(database)
        self._book: ScoreBook | None = None
        self._lock = threading.Lock()
        self.reviews = Reviews(database, self._reader, self._scores)
        self.monitor = Monitor(database, self._reader)

    @classmethod
    def open_file(cls, paths: Sequence[Path], ticket: Ticket | None = None) -> Workspace:
        """Open some files completely: what is foreign is imported and indexed first. `reports` says what came in."""
        ticket = ticket or Ticket()
        opening = locate(paths)
        workspace = cls(opening.database)
        try:
            workspace.prepare(ticket)
            workspace.reports = tuple(workspace.import_source(source, ticket) for source in opening.sources)
            if opening.sources:
                workspace.index_search(ticket)
        except BaseException:
            workspace.close()
            raise
        return workspace

    def close(self) -> None:
        """Let go of the file. No other call may be under way."""
        self.monitor.close()
        self._reader.close()
        with self._lock:
            if self._book is not None:
                self._book.close()
                self._book = None

    # Changing it

    def prepare(self, ticket: Ticket | None = None) -> None:
        """Create the database when it is not there, bring an older one to this version, and settle what a killed import
        has left. One that nobody may write stays as it is and can be read."""
        ticket = ticket or Ticket()
        if not self.database.exists():
            make_folder(self.database.parent)
            self._writer().close()
            return
        with suppress(DatabaseError):  # nobody may write it: then it is read as it is
            migrate_file(self.database)
        stale, _ = self._reader.unsettled(ticket)
        if not stale:
            return
        try:
            writer = self._writer()
        except DatabaseError:
            # a database that nobody may write can still be looked at
            return
        with writer:
            writer.settle(ticket, Progress(ticket, self.database.name).of("summarising", "traces"))

    def import_source(self, path: Path, ticket: Ticket | None = None) -> ImportReport:
        """Bring in what is new in a source, with ImportProgress as the ticket's news. `index_search` comes after."""
        with self._writer() as writer:
            return import_into(writer, path, ticket or Ticket())

    def index_search(self, ticket: Ticket | None = None) -> int:
        """Bring the text index up to date, with ImportProgress as the ticket's news; how many spans went in."""
        ticket = ticket or Ticket()
        if not self._reader.unsettled(ticket)[1]:
            return 0
        progress = Progress(ticket, self.database.name)

        def say(done: int, total: int) -> None:
            progress.spans = done
            progress.say("indexing", done, total, "spans")

        with self._writer() as writer:
            return writer.index(ticket, say)

    def reprice(self, ticket: Ticket | None = None) -> Repricing:
        """Price again, by the prices in force, every call whose cost is an estimate or missing; never what the file
        says. ImportProgress is the ticket's news. Stopped or killed, the next one goes on there."""
        return repricing.reprice(self._writer, self.database.name, ticket or Ticket())

    def put_score(self, score: Score) -> Score | None:
        """Add a score or replace the one of its id; the former one. It is on the disk on return."""
        return self._scores().put(score)

    def remove_score(self, score_id: str) -> Score | None:
        """Take a score away; what it was. It is gone from the disk on return."""
        return self._scores().remove(score_id)

    # Reading it

    def list_traces(
        self, asked: TraceFilter, sorting: Sorting | None = None, ticket: Ticket | None = None
    ) -> TraceList:
        """The keys of all matching traces in order, newest first unless `sorting` says otherwise."""
        return self._reader.list_traces(tree_of(asked.text), asked, sorting or Sorting(), ticket)

    def read_rows(self, keys: Sequence[int], ticket: Ticket | None = None) -> list[TraceRow]:
        """The rows of some traces in the order of `keys`."""
        return self._reader.read_rows(keys, ticket)

    def histogram(self, asked: TraceFilter, buckets: int = 120, ticket: Ticket | None = None) -> Histogram:
        """All traces that the filter's text matches over time, whatever its time range, in at most `buckets`."""
        return self._reader.histogram(tree_of(asked.text), buckets, ticket)

    def find_trace(self, trace_id: str, ticket: Ticket | None = None) -> int | None:
        """The key of a trace id; None when it is not there."""
        return self._reader.find_trace(trace_id, ticket)

    def read_trace(self, key: int, ticket: Ticket | None = None) -> Trace | None:
        """A trace ready to draw; None when it is not there."""
        return self._reader.read_trace(key, ticket)

    def read_span(self, key: int, span_id: str, ticket: Ticket | None = None) -> SpanDetail | None:
        """All that the inspector shows of a span; None when it is not there."""
        return self._reader.read_span(key, span_id, ticket)

    def spans_of(self, key: int, ticket: Ticket | None = None) -> Iterator[Span]:
        """All spans of a trace as the source had them, in order of arrival."""
        return self._reader.spans_of(key, ticket)

    def find_spans(self, key: int, text: str, ticket: Ticket | None = None) -> set[str]:
        """The ids of a trace's spans whose name, input, output or attributes have a text, in any case."""
        return self._reader.find_spans(key, text, ticket)

    def scores_of_trace(self, key: int, ticket: Ticket | None = None) -> list[Score]:
        """Every judgement of a trace, its spans, their documents and its session, oldest first."""
        return self._reader.scores_of_trace(key, ticket)

    def field_values(
        self, field: str, prefix: str = "", limit: int = 50, ticket: Ticket | None = None
    ) -> list[ValueCount]:
        """Values seen in the data for a field of the filter language, most frequent first."""
        return self._reader.field_values(field, prefix, limit, ticket)

    def attribute_keys(self, prefix: str = "", ticket: Ticket | None = None) -> list[str]:
        """Attribute names for `attr.`, in order."""
        return self._reader.attribute_keys(prefix, ticket)

    def score_names(self, ticket: Ticket | None = None) -> list[ValueCount]:
        """Score names for `score.`, in order, with the number of traces."""
        return self._reader.score_names(ticket)

    def info(self, ticket: Ticket | None = None) -> Info:
        """What the database holds, in figures."""
        return self._reader.info(ticket)

    def extent(self, ticket: Ticket | None = None) -> Extent:
        """How much there is, and from when to when."""
        return self._reader.extent(ticket)

    def price_news(self, ticket: Ticket | None = None) -> PriceNews | None:
        """Whether the costs were estimated with other prices than those in force, and what these would change; None
        where that is nothing. Looks through all calls where the prices are not the same."""
        return repricing.read_news(self._reader, self._writer, self.database.name, ticket or Ticket())

    def survey_prices(self, prices: Prices, ticket: Ticket | None = None) -> Repricing:
        """What pricing again by some prices would change. Looks through all calls."""
        return repricing.survey(self._reader, prices, ticket)

    def model_uses(self, ticket: Ticket | None = None) -> list[ModelUse]:
        """Every model by provider whose calls' costs the file does not say, the most used first."""
        return repricing.read_uses(self._reader, ticket)

    def unpriced(self, ticket: Ticket | None = None) -> list[UnpricedModel]:
        """The models that have calls without a price, the most used first."""
        return repricing.unpriced(self.model_uses(ticket), current_prices())

    def unsearched(self, ticket: Ticket | None = None) -> int:
        """How many spans the text index does not hold yet."""
        return self._reader.unsettled(ticket)[1]

    def _writer(self) -> Writer:
        prices = current_prices()
        return Writer(self.database, prices.price, used_of(prices))

    def _scores(self) -> ScoreBook:
        with self._lock:
            if self._book is None:
                self._book = ScoreBook(self.database)
            return self._book
