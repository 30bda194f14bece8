"""Read the trace database, from any number of threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from weakref import finalize

from tailrace.jobs import Ticket
from tailrace.model import (
    Extent,
    Histogram,
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
from tailrace.query import Tree
from tailrace.store import listing, one_trace, values
from tailrace.store.connections import explained, open_to_read
from tailrace.store.info import read_extent, read_info
from tailrace.store.snapshot import BLOCK_ROWS, Snapshot


class Reader:
    """Questions to the trace database. Every thread that asks gets a read-only connection of its own.

    With a ticket a question is stopped by its cancel and raises Cancelled. All methods raise DatabaseError. Close it
    at the end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: list[_Place] = []
        # SQLite's connections want to be closed by somebody, also when nobody closed their reader
        finalize(self, _close, self._open)

    def close(self) -> None:
        """Let go of the file, stopping what is under way; a later question opens it again."""
        with self._lock:
            self._local = threading.local()
            _close(self._open)

    def list_traces(self, tree: Tree, asked: TraceFilter, sorting: Sorting, ticket: Ticket | None = None) -> TraceList:
        """The keys of all traces for which `tree` holds and that begin in the time range of `asked`, in order. The
        text of `asked` is not looked at."""
        with self.reading(ticket) as snapshot:
            return listing.list_traces(snapshot, tree, asked, sorting)

    def read_rows(self, keys: Sequence[int], ticket: Ticket | None = None) -> list[TraceRow]:
        """The rows of some traces in the order of `keys`; a key that is not there is left out."""
        with self.reading(ticket) as snapshot:
            return listing.read_rows(snapshot, keys)

    def histogram(self, tree: Tree, buckets: int = 120, ticket: Ticket | None = None) -> Histogram:
        """The traces for which `tree` holds over time, in at most `buckets` buckets of a round width."""
        with self.reading(ticket) as snapshot:
            return listing.histogram(snapshot, tree, buckets)

    def find_trace(self, trace_id: str, ticket: Ticket | None = None) -> int | None:
        """The key of a trace id; None when it is not in the database."""
        with self.reading(ticket) as snapshot:
            return one_trace.find_trace(snapshot.connection, trace_id)

    def read_trace(self, key: int, ticket: Ticket | None = None) -> Trace | None:
        """A trace ready to draw; None when there is no such key."""
        with self.reading(ticket) as snapshot:
            return one_trace.read_trace(snapshot.connection, key, ticket)

    def read_span(self, key: int, span_id: str, ticket: Ticket | None = None) -> SpanDetail | None:
        """All about one span of a trace; None when it is not there."""
        with self.reading(ticket) as snapshot:
            return one_trace.read_span(snapshot.connection, key, span_id)

    def spans_of(self, key: int, ticket: Ticket | None = None) -> Iterator[Span]:
        """All spans of a trace as the source had them, in order of arrival, read in blocks while they are consumed."""
        last = -1
        while True:
            with self.reading(ticket) as snapshot:
                spans, last = one_trace.read_spans(snapshot.connection, key, last, BLOCK_ROWS)
            if not spans:
                return
            yield from spans

    def find_spans(self, key: int, text: str, ticket: Ticket | None = None) -> set[str]:
        """The ids of a trace's spans that have a text in their name, input, output or attributes, in any case."""
        with self.reading(ticket) as snapshot:
            return one_trace.find_spans(snapshot.connection, key, text)

    def scores_of_trace(self, key: int, ticket: Ticket | None = None) -> list[Score]:
        """Every judgement of a trace, its spans, their documents and its session, oldest first."""
        with self.reading(ticket) as snapshot:
            return one_trace.scores_of_trace(snapshot.connection, key)

    def field_values(
        self, field: str, prefix: str = "", limit: int = 50, ticket: Ticket | None = None
    ) -> list[ValueCount]:
        """The values of a field (by its name in the filter language) that begin with `prefix`, most frequent first,
        with the number of traces. Those of `attr.KEY` are from the latest spans only."""
        with self.reading(ticket) as snapshot:
            return values.field_values(snapshot.connection, field, prefix, limit)

    def attribute_keys(self, prefix: str = "", ticket: Ticket | None = None) -> list[str]:
        """Attribute names that begin with `prefix`, in order; numbered ones are left out."""
        with self.reading(ticket) as snapshot:
            return values.attribute_keys(snapshot.connection, prefix)

    def score_names(self, ticket: Ticket | None = None) -> list[ValueCount]:
        """The names of all scores with the number of traces that have them, in order."""
        with self.reading(ticket) as snapshot:
            return values.score_names(snapshot.connection)

    def info(self, ticket: Ticket | None = None) -> Info:
        """What the database holds, in figures."""
        with self.reading(ticket) as snapshot:
            return read_info(snapshot.connection)

    def extent(self, ticket: Ticket | None = None) -> Extent:
        """How much there is, and from when to when."""
        with self.reading(ticket) as snapshot:
            return read_extent(snapshot.connection)

    def unsettled(self, ticket: Ticket | None = None) -> tuple[int, int]:
        """How many traces have a stale summary, and how many spans the indexes do not hold yet (about)."""
        with self.reading(ticket) as snapshot:
            stale = "(SELECT count(*) FROM trace WHERE stale <> 0)"
            logs = "(SELECT count(*) FROM (SELECT 1 FROM log_record WHERE settled = 0 LIMIT 1))"
            # a block of attributes may wait while the texts of all its spans are in
            blocks = "(SELECT count(*) FROM attribute_pending)"
            pending = f"max((SELECT count(*) FROM search_pending), {blocks})"
            row = snapshot.connection.execute(f"SELECT {stale} + {logs}, {pending}").fetchone()
            return int(row[0]), int(row[1])

    @contextmanager
    def reading(self, ticket: Ticket | None) -> Iterator[Snapshot]:
        """One state of the database for several questions: those of `store.reviews` among them."""
        place: _Place | None = getattr(self._local, "place", None)
        if place is None:
            place = _Place(Snapshot(open_to_read(self.path)), threading.Lock())
            with self._lock:
                self._open.append(place)
                self._local.place = place
        with place.busy, explained(self.path), place.snapshot.reading(ticket):
            yield place.snapshot


class _Place(NamedTuple):
    """A thread's connection. It is used by that thread only, and closed by whoever closes the reader."""

    snapshot: Snapshot
    busy: threading.Lock


def _close(places: list[_Place]) -> None:
    while places:
        place = places.pop()
        place.snapshot.connection.interrupt()
        with place.busy:
            place.snapshot.connection.close()
