"""Several people, no server: one's own work out as a file, others' files and databases in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import orjson

from tailrace.errors import SourceError
from tailrace.formats import Skipped, is_tailrace_database
from tailrace.jobs import Ticket
from tailrace.model import LogRecord, Score, ScoreSource, Span
from tailrace.model.versions import MergeReport, Version
from tailrace.review.agreement import Conflict, conflicts
from tailrace.store import Reader, Writer
from tailrace.store.copies import copy_database, logs_in, traces_lacking, versions_in
from tailrace.store.judged import count_absent
from tailrace.store.merging import merge_versions
from tailrace.store.reviews import read_ratings
from tailrace.store.versions import fault_in
from tailrace.workspace.folders import make_folder
from tailrace.workspace.importing import BATCH_CHARACTERS, BATCH_SPANS, Progress
from tailrace.workspace.prices import current_prices, used_of
from tailrace.workspace.review_files import read_header, read_review, write_review
from tailrace.workspace.whole_files import whole_file

__all__ = ["MergeReport", "export_review", "merge_files", "merge_into_new", "open_conflicts"]

# Clocks that follow a time server differ by less
_AHEAD_NS = 300 * 1_000_000_000
_SHARED = frozenset(("review_queue", "review_item", "score_definition", "failure_mode", "dataset", "dashboard"))


class _Coming:
    """What of a file can be used, while counting what cannot, and what is from the future."""

    def __init__(self, progress: Progress) -> None:
        self.skipped: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.ahead = 0
        self.scores: set[str] = set()
        self._progress = progress

    def skip(self, reason: str, place: str) -> None:
        """Count what cannot be used."""
        self.skipped[reason] += 1
        self.examples.setdefault(reason, place)

    def usable(self, found: Iterable[Version | Skipped | None], name: str) -> Iterator[Version]:
        """The sound versions."""
        latest = time.time_ns() + _AHEAD_NS
        for count, version in enumerate(found, 1):
            self._progress.say("merging", count, None, "records")
            if isinstance(version, Skipped):
                self.skip(version.reason, f"{name}, {version.place}")
            elif version is None:
                self.skip("a record that is damaged", name)
            elif (fault := fault_in(version)) is not None:
                self.skip(fault, f"{name}, {version.kind} {version.record_id[:80]}")
            else:
                self.ahead += version.stamp_ns > latest
                if version.kind == "score":
                    self.scores.add(version.record_id)
                yield version


def merge_files(database: Path, paths: Sequence[Path], ticket: Ticket | None = None) -> MergeReport:
    """Take other databases and review files into a database; the files stay as they are. Each one's records come in
    all or none. Raises SourceError before anything is changed when a file is neither, DatabaseError, and Cancelled."""
    ticket = ticket or Ticket()
    files = distinct(database, paths)
    added = changed = unchanged = new_traces = new_spans = ahead = 0
    skipped: Counter[str] = Counter()
    examples: dict[str, str] = {}
    scores: set[str] = set()
    for path, is_database in files:
        progress = Progress(ticket, path.name)
        if is_database:
            traces, spans = _carry_traces(database, path, ticket, progress)
            new_traces += traces
            new_spans += spans
        coming = _Coming(progress)
        found = versions_in(path) if is_database else read_review(path)
        taken = merge_versions(database, coming.usable(found, path.name), ticket)
        if taken.damaged:
            coming.skip("a record that is damaged in this database and was left alone", database.name)
        added += taken.added
        changed += taken.changed
        unchanged += taken.unchanged
        ahead += coming.ahead
        skipped += coming.skipped
        scores |= coming.scores
        examples = coming.examples | examples
    return MergeReport(
        files=tuple(str(path) for path, _ in files),
        added=added,
        changed=changed,
        unchanged=unchanged,
        skipped=dict(skipped),
        examples=examples,
        ahead=ahead,
        conflicts=len(open_conflicts(database, ticket)),
        absent=_count_absent(database, scores, ticket),
        new_traces=new_traces,
        new_spans=new_spans,
    )


def open_conflicts(database: Path, ticket: Ticket | None = None) -> list[Conflict]:
    """Where the reviewers in a database say different things and nobody has settled it, verdicts first. Raises
    DatabaseError."""
    reader = Reader(database)
    try:
        with reader.reading(ticket) as snapshot:
            ratings = read_ratings(snapshot)
    finally:
        reader.close()
    return [conflict for conflict in conflicts(ratings) if not conflict.settled]


def _count_absent(database: Path, scores: Collection[str] | None, ticket: Ticket | None) -> int:
    """How many of some scores (None: of all) are by people and about traces that a database does not have."""
    reader = Reader(database)
    try:
        with reader.reading(ticket) as snapshot:
            return count_absent(snapshot.connection, scores)
    finally:
        reader.close()


def merge_into_new(out: Path, paths: Sequence[Path], ticket: Ticket | None = None) -> MergeReport:
    """Merge some files into a new database, which is there whole or not at all. Raises SourceError when none of them is
    a database, or one is neither that nor a review file."""
    files = distinct(out, paths)
    first = next((path for path, is_database in files if is_database), None)
    if first is None:
        raise SourceError(
            "None of the files is a Tailrace database.", "Name one, or an existing one to merge into as the output."
        )
    make_folder(out.parent)
    with whole_file(out) as unfinished:
        copy_database(first, unfinished)
        try:
            report = merge_files(unfinished, [path for path, _ in files if path != first], ticket)
            report = replace(report, absent=_count_absent(unfinished, None, ticket))
        finally:
            for suffix in ("-wal", "-shm"):
                unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)
    return replace(report, files=tuple(str(path) for path, _ in files))


def distinct(database: Path, paths: Sequence[Path]) -> list[tuple[Path, bool]]:
    """Each file once, without the database itself, and whether it is a database."""
    seen = {database.resolve()}
    files: list[tuple[Path, bool]] = []
    for path in paths:
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        is_database = is_tailrace_database(path)
        if not is_database and read_header(path) is None:
            raise SourceError(
                f"{path} is neither a Tailrace database nor a review file.",
                "Import other files with `tailrace import` first.",
            )
        files.append((path, is_database))
    return files


def _carry_traces(database: Path, other: Path, ticket: Ticket, progress: Progress) -> tuple[int, int]:
    """Bring over the spans and log records that the database lacks; how many traces and spans are new."""
    keys = traces_lacking(database, other, ticket)
    logs = logs_in(other)
    first = next(logs, None)
    if not keys and first is None:
        return 0, 0
    reader = Reader(other)
    try:
        prices = current_prices()
        with Writer(database, prices.price, used_of(prices)) as writer:
            for batch in _batches(reader, keys, ticket, progress):
                ticket.check()
                writer.write(batch)
            records = iter(() if first is None else (first, *logs))
            while some := list(islice(records, BATCH_SPANS)):
                ticket.check()
                writer.write(some)
            writer.settle(ticket, progress.of("summarising", "traces"))
            if writer.tally.new_spans:
                writer.index(ticket, progress.of("indexing", "spans"))
            return writer.tally.new_traces, writer.tally.new_spans
    finally:
        reader.close()


def _batches(
    reader: Reader, keys: Sequence[int], ticket: Ticket, progress: Progress
) -> Iterator[list[Span | LogRecord | Score]]:
    batch: list[Span | LogRecord | Score] = []
    characters = 0
    for done, key in enumerate(keys, 1):
        for span in reader.spans_of(key, ticket):
            batch.append(span)
            characters += len(span.input or "") + len(span.output or "")
            progress.spans += 1
            if len(batch) >= BATCH_SPANS or characters >= BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
        progress.say("reading", done, len(keys), "traces")
    if batch:
        yield batch


def export_review(database: Path, out: Path, reviewer: str | None, ticket: Ticket | None = None) -> int:
    """Write the review records of a database to a file: all, or what one reviewer said with what that needs; how many
    versions. Raises SourceError when the file cannot be written, and DatabaseError."""
    own = (lambda version: True) if reviewer is None else _belongs_to(reviewer)
    # what is shared comes first: whoever reads the file meets a mode's name before its marks
    found = sorted(
        (version for version in versions_in(database) if version is not None and own(version)),
        key=lambda version: (version.kind == "score", version.kind, version.record_id, version.stamp_ns),
    )
    if ticket is not None:
        ticket.check()
    return write_review(out, found, reviewer, database.name)


def _belongs_to(reviewer: str) -> Callable[[Version], bool]:
    """What travels in one reviewer's file: all that is shared, and what they said themselves. What was removed from a
    dataset travels with everybody: nobody knows who removed it."""

    def belongs(version: Version) -> bool:
        if version.kind in _SHARED or (version.kind == "dataset_item" and version.removed):
            return True
        values = orjson.loads(version.body)
        if version.kind == "score" and values["source"] != ScoreSource.PERSON.value:
            return False
        return bool(values["author"] == reviewer)

    return belongs
