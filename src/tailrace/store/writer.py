"""Write batches of spans, log records and scores into the trace database.

Spans come late, out of order, in pieces and twice; merging makes all of it harmless. A batch is one transaction, and
what it says of its source (how far reading is) is part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from tailrace.jobs.runner import Ticket
from tailrace.model import Json, LogRecord, Score, Span
from tailrace.model.priced import PricesUsed, Repricing
from tailrace.store import attribute_index, logs, repricing, scores, search_index, settle, sources
from tailrace.store.connections import explained, open_to_write, transaction
from tailrace.store.resources import Resources
from tailrace.store.rows import (
    AT,
    PAYLOAD_AT,
    PAYLOAD_COLUMNS,
    SPAN_COLUMNS,
    USAGE_COUNTS,
    Price,
    Row,
    merge,
    payload_row,
    span_row,
)
from tailrace.store.schema import MOST_SPANS, ORDINAL_BITS
from tailrace.store.scores import ScoreBook
from tailrace.store.sound import run_many, sound_text
from tailrace.store.sources import SourceState
from tailrace.store.summary import SUMMARY_COLUMNS, columns_of, summarise
from tailrace.store.turns import turns_of

_SPAN_VALUES = f"INTO span ({', '.join(SPAN_COLUMNS)}) VALUES ({', '.join('?' * len(SPAN_COLUMNS))})"
_PAYLOAD_VALUES = f"INTO span_payload ({', '.join(PAYLOAD_COLUMNS)}) VALUES ({', '.join('?' * len(PAYLOAD_COLUMNS))})"
_SELECT_SPAN = f"SELECT {', '.join(SPAN_COLUMNS)} FROM span WHERE id = ?"
_SELECT_PAYLOAD = f"SELECT {', '.join(PAYLOAD_COLUMNS)} FROM span_payload WHERE id = ?"
_INSERT_TRACE = (
    f"INSERT INTO trace (id, trace_id, next_ordinal, {', '.join(SUMMARY_COLUMNS)}) "
    f"VALUES ({', '.join('?' * (3 + len(SUMMARY_COLUMNS)))})"
)
_TEXTS = (PAYLOAD_AT["input"], PAYLOAD_AT["output"])
_NAME = AT["name"]

Piece = tuple[Row, Row]
T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """What a writer has taken in so far. `spans`, `logs` and `scores` were handed over; `new_spans` and `new_traces`
    were not known before; `skipped` counts what could not be taken in, by reason."""

    spans: int
    logs: int
    scores: int
    new_spans: int
    new_traces: int
    skipped: Counter[str]


class _Batch:
    """The rows that one batch will write."""

    __slots__ = ("changed", "former", "payloads", "reindexed", "skipped", "spans", "stale", "traces")

    def __init__(self) -> None:
        self.traces: list[Row] = []
        self.spans: list[Row] = []
        self.payloads: list[Row] = []
        self.changed: list[Piece] = []
        self.former: list[Piece] = []
        self.reindexed: list[int] = []  # spans of known traces whose attributes are new
        self.stale: list[tuple[int, int]] = []
        self.skipped: list[tuple[str, str]] = []


class Writer:
    """The one who writes spans; used from one thread. Creates the file when there is none.

    `price(model, provider, usage, start_ns)` is asked for the cost of spans that have usage and no cost; `used` says
    which prices those are and is noted in the file. Raises DatabaseError. Scores written while another thread imports
    belong in a ScoreBook.
    """

    def __init__(self, path: Path, price: Price | None = None, used: PricesUsed | None = None) -> None:
        self._path = path
        self._price = price
        self._used = used
        self._turns = turns_of(path)
        self._connection = open_to_write(path, durable=False)
        self._resources = Resources(self._connection)
        self._source: int | None = None
        self._book: ScoreBook | None = None
        self.tally = Tally(0, 0, 0, 0, 0, Counter())
        try:
            self._run(lambda: search_index.keep_version(self._connection))
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. What was written stays; what is stale is settled next time."""
        if self._book is not None:
            self._book.close()
        self._connection.close()

    # Sources

    def known_source(self, path: Path) -> SourceState | None:
        """What is known of a source that was read before."""
        with explained(self._path):
            return sources.find(self._connection, path)

    def left_out(self, source: SourceState) -> dict[str, int]:
        """What of a source could not be taken in when it was read, by reason."""
        with explained(self._path):
            return sources.left_out(self._connection, source.source_id)

    def begin_source(
        self, path: Path, format: str, fingerprint: str, size: int | None, goes_on: bool | None = None
    ) -> tuple[int, Json | None]:
        """Say what the next batches come from: the source's number, and where reading goes on (None: the beginning).

        The former reading goes on when the format is the same and `goes_on`: the caller knows that what was read then
        is still there. Left to this method, that is so when the fingerprint is the same.
        """
        return self._run(lambda: self._begin(path, format, fingerprint, size, goes_on))

    def _begin(
        self, path: Path, format: str, fingerprint: str, size: int | None, goes_on: bool | None
    ) -> tuple[int, Json | None]:
        self._source, resume = sources.begin(self._connection, path, format, fingerprint, size, goes_on)
        return self._source, resume

    def finish_source(self) -> None:
        """The source was read to its end."""
        if self._source is not None:
            source = self._source
            self._run(lambda: sources.finish(self._connection, source))
            self._source = None

    # Batches

    def write(
        self,
        records: Iterable[Span | LogRecord | Score],
        skipped: Iterable[tuple[str, str]] = (),
        resume: Json | None = None,
    ) -> None:
        """Take in one batch, all or nothing. `skipped` holds (reason, place) of what the source has and could not be
        read; `resume` is where reading goes on after this batch (None: unchanged). A batch of a thousand spans keeps
        judgements from waiting."""
        by_trace: dict[str, list[Span]] = {}
        log_records: list[LogRecord] = []
        judgements: list[Score] = []
        spans = 0
        for record in records:
            if type(record) is Span:
                spans += 1
                group = by_trace.get(record.trace_id)
                if group is None:
                    by_trace[record.trace_id] = [record]
                else:
                    group.append(record)
            elif isinstance(record, LogRecord):
                log_records.append(record)
            elif isinstance(record, Score):
                judgements.append(record)
            else:
                raise TypeError(f"a batch holds spans, log records and scores, not {type(record).__name__}")

        batch = _Batch()
        batch.skipped.extend(skipped)

        def take_in() -> None:
            if self._used is not None and spans:
                had = self._connection.execute("SELECT 1 FROM span LIMIT 1").fetchone() is not None
                repricing.note_used(self._connection, self._used, had)
            self._collect(by_trace, batch)
            self._store(batch)
            logs.insert(self._connection, log_records)
            scores.import_scores(self._connection, judgements)
            if self._source is not None:
                sources.note(self._connection, self._source, batch.skipped, resume)

        self._run(take_in)
        tally = self.tally
        tally.spans += spans
        tally.logs += len(log_records)
        tally.scores += len(judgements)
        tally.new_spans += len(batch.spans)
        tally.new_traces += len(batch.traces)
        tally.skipped.update(reason for reason, _ in batch.skipped)

    def _collect(self, by_trace: dict[str, list[Span]], batch: _Batch) -> None:
        connection = self._connection
        next_trace = (connection.execute("SELECT max(id) FROM trace").fetchone()[0] or 0) + 1
        for trace_id, spans in by_trace.items():
            if not trace_id.isascii():
                trace_id = sound_text(trace_id)
            known = connection.execute("SELECT id, next_ordinal FROM trace WHERE trace_id = ?", (trace_id,)).fetchone()
            if known is None:
                self._collect_new(next_trace, trace_id, spans, batch)
                next_trace += 1
            else:
                self._collect_known(known[0], known[1], spans, batch)

    def _collect_new(self, trace: int, trace_id: str, spans: list[Span], batch: _Batch) -> None:
        pieces = self._pieces(trace, 0, spans, {}, batch)
        rows = [piece[0] for piece in pieces.values()]
        payloads = [piece[1] for piece in pieces.values()]
        summary = summarise(columns_of(rows), lambda i, given: payloads[i][_TEXTS[not given]])
        for i in summary.repeats:
            rows[i] = (*rows[i][:USAGE_COUNTS], 0, *rows[i][USAGE_COUNTS + 1 :])
        batch.spans += rows
        batch.payloads += payloads
        batch.traces.append((trace, trace_id, len(rows), *summary.values))

    def _collect_known(self, trace: int, next_ordinal: int, spans: list[Span], batch: _Batch) -> None:
        connection = self._connection
        ids: dict[str, int] = {}
        for span_id in {sound_text(span.span_id) for span in spans}:
            found = connection.execute(
                "SELECT id FROM span WHERE trace = ? AND span_id = ?", (trace, span_id)
            ).fetchone()
            if found is not None:
                ids[span_id] = found[0]
        pieces = self._pieces(trace, next_ordinal, spans, ids, batch)
        first_new = trace << ORDINAL_BITS | next_ordinal
        added = changed = 0
        for piece in pieces.values():
            row_id = piece[0][0]
            if row_id >= first_new:
                added += 1
                batch.reindexed.append(row_id)
                batch.spans.append(piece[0])
                batch.payloads.append(piece[1])
                continue
            old = self._read_piece(row_id)
            merged = merge(old, piece, self._price)
            if merged[0] is not old[0] or merged[1] is not old[1]:
                changed += 1
                batch.changed.append(merged)
                if merged[0][_NAME] != old[0][_NAME] or any(merged[1][i] != old[1][i] for i in _TEXTS):
                    batch.former.append(old)
                if attribute_index.is_changed(old[1], merged[1]):
                    batch.reindexed.append(row_id)
        if added or changed:
            batch.stale.append((next_ordinal + added, trace))

    def _pieces(
        self, trace: int, ordinal: int, spans: list[Span], ids: dict[str, int], batch: _Batch
    ) -> dict[str, Piece]:
        """One piece a span, with its row id: a known one, else the next."""
        pieces: dict[str, Piece] = {}
        price = self._price
        resources = self._resources
        base = trace << ORDINAL_BITS
        for span in spans:
            span_id = span.span_id
            if not span_id.isascii():
                span_id = sound_text(span_id)
            row_id = ids.get(span_id)
            if row_id is None:
                if ordinal >= MOST_SPANS:
                    batch.skipped.append((f"more than {MOST_SPANS:,} spans in one trace", span.trace_id))
                    continue
                row_id = ids[span_id] = base | ordinal
                ordinal += 1
            resource = resources.row_of(span.resource)
            resources.note_keys(span.attributes)
            piece = span_row(span, span_id, row_id, trace, price), payload_row(span, row_id, resource)
            earlier = pieces.get(span_id)
            pieces[span_id] = piece if earlier is None else merge(earlier, piece, price)
        return pieces

    def _read_piece(self, row_id: int) -> Piece:
        row: Row = self._connection.execute(_SELECT_SPAN, (row_id,)).fetchone()
        payload: Row | None = self._connection.execute(_SELECT_PAYLOAD, (row_id,)).fetchone()
        return row, payload or (row_id, None, 0, "", "", None, None, None, None, "{}", None, None)

    def _store(self, batch: _Batch) -> None:
        connection = self._connection
        search_index.withdraw(connection, batch.former)
        attribute_index.withdraw(connection, batch.reindexed)
        run_many(connection, _INSERT_TRACE, batch.traces)
        run_many(connection, "INSERT " + _SPAN_VALUES, batch.spans)
        run_many(connection, "INSERT " + _PAYLOAD_VALUES, batch.payloads)
        connection.executemany("INSERT INTO search_pending VALUES (?)", [row[:1] for row in batch.spans])
        attribute_index.queue(connection, [row[0] for row in batch.spans])
        run_many(connection, "REPLACE " + _SPAN_VALUES, [row for row, _ in batch.changed])
        run_many(connection, "REPLACE " + _PAYLOAD_VALUES, [payload for _, payload in batch.changed])
        connection.executemany("UPDATE trace SET next_ordinal = ?, stale = stale + 1 WHERE id = ?", batch.stale)
        self._resources.store_keys()
        if batch.traces and connection.execute("SELECT 1 FROM score LIMIT 1").fetchone() is not None:
            scores.recount(connection, [row[1] for row in batch.traces])

    # Afterwards

    def settle(self, ticket: Ticket | None = None, progress: Callable[[int, int], None] | None = None) -> None:
        """Give spans the content that came in log records, and make the summaries of traces that were touched again.
        Stops between transactions when cancelled; what is left stays marked. `progress(done, total)` counts traces."""
        with explained(self._path):
            logs.settle(self._connection, self._path, ticket)
            settle.settle_stale(self._connection, self._path, ticket, progress)

    def index(self, ticket: Ticket | None = None, progress: Callable[[int, int], None] | None = None) -> int:
        """Fill the full-text index and that of attributes; how many spans were put into the first. Can be cancelled
        and goes on next time. `progress(done, total)` counts spans."""
        return search_index.fill(self._connection, self._path, ticket, progress)

    def reprice(self, ticket: Ticket | None = None, progress: Callable[[int, int], None] | None = None) -> Repricing:
        """Price again what has an estimate or no cost; what came of it. Stops between transactions when cancelled and
        goes on there next time. `progress(done, total)` counts spans. ValueError for a writer without prices."""
        if self._price is None or self._used is None:
            raise ValueError("a writer without prices cannot price again")
        return repricing.reprice(self._connection, self._path, self._price, self._used, ticket, progress)

    def note_prices(self) -> None:
        """Say that all estimates are what these prices make of them, where that was found so."""
        if self._used is not None:
            repricing.note_all(self._connection, self._path, self._used)

    # Judgements

    def put_score(self, score: Score) -> Score | None:
        """Add a score or replace the one with its id, on the disk on return; the former one."""
        return self._scores().put(score)

    def remove_score(self, score_id: str) -> Score | None:
        """Take a score away, on the disk on return; what it was."""
        return self._scores().remove(score_id)

    def _scores(self) -> ScoreBook:
        if self._book is None:
            self._book = ScoreBook(self._path)
        return self._book

    def _run(self, work: Callable[[], T]) -> T:
        """One transaction at this process's turn. Nothing remembered about rows outlives one that failed."""
        try:
            with self._turns.take(), explained(self._path), transaction(self._connection):
                return work()
        except BaseException:
            self._resources.forget()
            raise
