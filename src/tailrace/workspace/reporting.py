"""The review report: what a review came to, read from one database."""

from __future__ import annotations

import time
from pathlib import Path

from tailrace.jobs import Ticket
from tailrace.model import ScoreSource
from tailrace.model.review import Evidence
from tailrace.model.score import CORRECTION, EVIDENCE, THUMB
from tailrace.model.time import format_time
from tailrace.model.words import format_count
from tailrace.review.judgement import evidence_of, is_adjudicated, verdict_of
from tailrace.review.modes import cross_table
from tailrace.review.report import ReviewReport, build_report, render_report
from tailrace.store import Reader, reviews
from tailrace.store.judged import judged_keys, read_judged
from tailrace.store.values import values_of
from tailrace.workspace.whole_files import whole_file

_FIELDS = ("model", "version", "prompt", "tool")
_AT_ONCE = 500


def write_report(reader: Reader, out: Path, ticket: Ticket | None = None) -> ReviewReport:
    """Write the report as one HTML page, which is there whole or not at all; what it says. Raises SourceError."""
    report = read_report(reader, ticket)
    page = render_report(report)
    with whole_file(out) as unfinished:
        unfinished.write_text(page, encoding="utf-8", newline="\n")
    return report


def read_report(reader: Reader, ticket: Ticket | None = None) -> ReviewReport:
    """The figures and examples of all that people have judged in a database."""
    with reader.reading(ticket) as snapshot:
        connection = snapshot.connection
        modes = reviews.read_modes(connection)
        marks = reviews.read_marks(connection)
        remarks = reviews.read_remarks(connection)
        ratings = reviews.read_ratings(snapshot)
        keys = sorted(judged_keys(connection))
    judged: list[tuple[str, int, str]] = []
    evidence: dict[str, list[Evidence]] = {}
    corrections: dict[str, str] = {}
    for at in range(0, len(keys), _AT_ONCE):
        with reader.reading(ticket) as snapshot:
            traces = read_judged(snapshot.connection, keys[at : at + _AT_ONCE])
        for trace in traces:
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
        with_verdict = sorted({key for _, key, _ in judged})
        fields = [(field, values_of(snapshot, field, with_verdict)) for field in _FIELDS]
    # a trace without a value is one of the judged all the same
    tables = [
        (field, cross_table(marks, dict.fromkeys(with_verdict, ()) | values)) for field, values in fields if values
    ]
    today = format_time(time.time_ns())[:10]
    return build_report(
        reader.path.stem,
        f"{reader.path.name}, {format_count(len(with_verdict))} traces judged, written {today}",
        modes=modes,
        marks=marks,
        ratings=ratings,
        judged=judged,
        remarks=remarks,
        evidence=evidence,
        corrections=corrections,
        tables=[table for table in tables if marks],
    )
