"""Bring a source into a database: all of it the first time, what is new after that."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tailrace.formats import Format, Position, Skipped, recognise, unreadable
from tailrace.jobs import Ticket
from tailrace.model import ImportProgress, ImportReport, Json, LogRecord, Score, Span
from tailrace.store import Writer

BATCH_SPANS = 1_000
# A few payloads of many megabytes are a batch, too
BATCH_CHARACTERS = 16_000_000
_NEWS_SECONDS = 0.1


class Progress:
    """Says some ten times a second how far a piece of work is."""

    def __init__(self, ticket: Ticket, source: str) -> None:
        self._ticket = ticket
        self._source = source
        self._began = time.monotonic()
        self._said = 0.0
        self._phase = ""
        self.spans = 0

    def say(self, phase: str, done: int, total: int | None, unit: str) -> None:
        """Pass on where the work is, unless that was said a moment ago. A new phase starts a new clock."""
        now = time.monotonic()
        if phase != self._phase:
            self._phase, self._began, self._said = phase, now, 0.0
        if now - self._said >= _NEWS_SECONDS or done == total:
            self._said = now
            self._ticket.progress(ImportProgress(self._source, phase, done, total, unit, self.spans, now - self._began))

    def of(self, phase: str, unit: str) -> Callable[[int, int], None]:
        """`say` for one phase as the store calls it: (done, total)."""
        return lambda done, total: self.say(phase, done, total, unit)


@dataclass(slots=True)
class _Batch:
    records: list[Span | LogRecord | Score]
    skipped: list[tuple[str, str]]
    resume: Json = None
    characters: int = 0


def import_into(writer: Writer, path: Path, ticket: Ticket) -> ImportReport:
    """Read what is new in a source into the writer's database and settle it; the text index is left for later.

    A source that has not changed since it was read to its end is not opened. Raises SourceError, DatabaseError, and
    Cancelled between batches: what was written stays, and the next import goes on there.
    """
    began = time.monotonic()
    path = path.absolute()
    form = recognise(path)
    mark, size = fingerprint(path)
    progress = Progress(ticket, path.name)
    known = writer.known_source(path)
    unchanged = known is not None and known.complete and known.format == form.name and known.fingerprint == mark
    before = (writer.tally.spans, writer.tally.new_traces, writer.tally.scores, writer.tally.logs)
    skipped_before = writer.tally.skipped.copy()
    if not unchanged:
        # each format looks for itself whether what it read last time is still there
        _, resume = writer.begin_source(path, form.name, mark, size, goes_on=True)
        with _rare_collections():
            _read(writer, form, path, resume, ticket, progress)
        writer.finish_source()
    writer.settle(ticket, progress.of("summarising", "traces"))
    tally = writer.tally
    return ImportReport(
        source=str(path),
        format=form.name,
        spans=tally.spans - before[0],
        traces=tally.new_traces - before[1],
        scores=tally.scores - before[2],
        logs=tally.logs - before[3],
        elapsed_s=time.monotonic() - began,
        skipped=writer.left_out(known) if unchanged and known is not None else dict(tally.skipped - skipped_before),
        unchanged=unchanged,
    )


def fingerprint(path: Path) -> tuple[str, int]:
    """What a source can be recognised by as unchanged, without reading it, and its size in bytes. A SQLite database's
    latest changes are in the file beside it. Raises SourceError."""
    try:
        status = path.stat()
        beside = path.with_name(path.name + "-wal")
        wal = beside.stat() if beside.exists() else None
    except OSError as error:
        raise unreadable(path, error) from error
    parts = [status.st_size, status.st_mtime_ns, status.st_ino]
    if wal is not None and wal.st_size:
        parts += [wal.st_size, wal.st_mtime_ns]
    return "stat:" + ":".join(map(str, parts)), status.st_size


@contextmanager
def _rare_collections() -> Iterator[None]:
    """An import makes millions of small values and no cycles: looking for cycles at Python's usual pace takes a tenth
    of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _read(writer: Writer, form: Format, path: Path, resume: Json, ticket: Ticket, progress: Progress) -> None:
    batch = _Batch([], [])
    # what an earlier import has read is no part of this one's rate
    first: int | None = None if resume is not None else 0
    done, total = 0, None
    try:
        for record in form.read(path, resume):
            if type(record) is Span:
                batch.records.append(record)
                batch.characters += len(record.input or "") + len(record.output or "")
                progress.spans += 1
            elif isinstance(record, Position):
                batch.resume = record.resume
                first = record.done if first is None else first
                done = max(record.done - first, 0)
                total = None if record.total is None else max(record.total - first, done)
                progress.say("reading", done, total, form.unit)
            elif isinstance(record, Skipped):
                batch.skipped.append((record.reason, record.place))
            else:
                batch.records.append(record)
            if (
                len(batch.records) >= BATCH_SPANS
                or batch.characters >= BATCH_CHARACTERS
                or len(batch.skipped) >= BATCH_SPANS
            ):
                ticket.check()
                writer.write(batch.records, batch.skipped, batch.resume)
                batch = _Batch([], [])
    except OSError as error:
        raise unreadable(path, error) from error
    ticket.check()
    writer.write(batch.records, batch.skipped, batch.resume)
    progress.say("reading", done, done if total is None else total, form.unit)
