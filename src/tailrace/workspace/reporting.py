"""The review report: what a review came to, read from one database."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from tailrace.jobs import Ticket
from tailrace.model import ScoreSource, TraceFilter
from tailrace.model.review import Evidence
from tailrace.model.score import CORRECTION, EVIDENCE, THUMB
from tailrace.model.time import format_time
from tailrace.model.words import format_count
from tailrace.review.judgement import evidence_of, is_adjudicated, verdict_of
from tailrace.review.modes import cross_table, judged_traces
from tailrace.review.report import ReviewReport, build_report, render_report
from tailrace.store import Reader, candidates, reviews
from tailrace.store.judged import judged_keys, read_judged
from tailrace.store.snapshot import Snapshot
from tailrace.store.values import values_of
from tailrace.workspace.filtering import tree_of
from tailrace.workspace.whole_files import whole_file

_FIELDS = ("model", "version", "prompt", "tool")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """Which traces a report is about: those of a queue (None: of none in particular) that a filter matches."""

    queue_id: str | None = None
    text: str = ""


def write_report(
    reader: Reader,
    out: Path,
    ticket: Ticket | None = None,
    scope: Scope = Scope(),
) -> ReviewReport:
    """Write the report as one HTML page, which is there whole or not at all; what it says. Raises SourceError."""
    report = read_report(reader, ticket, scope)
    page = render_report(report)
    with whole_file(out) as unfinished:
        unfinished.write_text(page, encoding="utf-8", newline="\n")
    return report


def read_report(reader: Reader, ticket: Ticket | None = None, scope: Scope = Scope()) -> ReviewReport:
    """The figures and examples of what people have judged in a database, within a scope."""
    with reader.reading(ticket) as snapshot:
        connection = snapshot.connection
        modes = reviews.read_modes(connection)
        marks = reviews.read_marks(connection)
        remarks = reviews.read_remarks(connection)
        ratings = reviews.read_ratings(snapshot)
        keys = sorted(judged_keys(connection))
        within, about = _within(snapshot, scope)
        if within is not None:
            marks = [mark for mark in marks if mark.trace_id in within]
            remarks = [remark for remark in remarks if remark.trace_id in within]
            ratings = [rating for rating in ratings if rating.trace_id in within]
            keys = sorted(set(keys).intersection(_keys_of(snapshot, within)))
        with_verdict = sorted(_keys_of(snapshot, judged_traces(ratings)))
    judged: list[tuple[str, int, str]] = []
    evidence: dict[str, list[Evidence]] = {}
    corrections: dict[str, str] = {}
    names: dict[str, str] = {}
    previews: dict[str, str] = {}
    for at in range(0, len(keys), _AT_ONCE):
        with reader.reading(ticket) as snapshot:
            traces = read_judged(snapshot.connection, keys[at : at + _AT_ONCE])
        for trace in traces:
            names[trace.trace_id], previews[trace.trace_id] = trace.name, trace.input_preview
            for score in trace.scores:
                if score.source is not ScoreSource.PERSON or is_adjudicated(score):
                    continue
                if score.name == THUMB and score.span_id is None and verdict_of(score) is not None:
                    judged.append((trace.trace_id, trace.key, score.author or ""))
                elif score.name == EVIDENCE:
                    evidence.setdefault(trace.trace_id, []).append(evidence_of(score))
                elif score.name == CORRECTION and score.comment:
                    corrections[trace.trace_id] = score.comment
    with reader.reading(ticket) as snapshot:
        fields = [(field, values_of(snapshot, field, with_verdict)) for field in _FIELDS]
    # a trace without a value is one of the judged all the same
    tables = [
        (field, cross_table(marks, dict.fromkeys(with_verdict, ()) | values)) for field, values in fields if values
    ]
    today = format_time(time.time_ns())[:10]
    return build_report(
        reader.path.stem,
        f"{reader.path.name}, {about}: {_of(len(judged_traces(ratings)), within)} judged, written {today}",
        modes=modes,
        marks=marks,
        ratings=ratings,
        judged=judged,
        remarks=remarks,
        evidence=evidence,
        corrections=corrections,
        trace_names=names,
        previews=previews,
        tables=[table for table in tables if marks],
    )


def _within(snapshot: Snapshot, scope: Scope) -> tuple[frozenset[str] | None, str]:
    """The ids of the traces of a scope, None for all there are, and which they are in words."""
    within: frozenset[str] | None = None
    words = "all traces"
    if scope.queue_id is not None:
        queues = reviews.read_queues(snapshot.connection, scope.queue_id)
        name = queues[0].name if queues else scope.queue_id
        within = frozenset(reviews.read_items(snapshot, scope.queue_id, {}).trace_ids)
        words = f"the traces of queue “{name}”"
    if scope.text.strip():
        found = candidates.matching(snapshot, tree_of(scope.text), TraceFilter())
        matching = frozenset(trace_id for _, trace_id in found)
        within = matching if within is None else within & matching
        words = f"{words if scope.queue_id is not None else 'the traces'} that match {scope.text.strip()}"
    return within, words


def _of(judged: int, within: frozenset[str] | None) -> str:
    return format_count(judged) if within is None else f"{format_count(judged)} of {format_count(len(within))}"


def _keys_of(snapshot: Snapshot, trace_ids: frozenset[str]) -> set[int]:
    known = reviews.keys_of(snapshot, list(trace_ids))
    return {known[trace_id] for trace_id in trace_ids if trace_id in known}
