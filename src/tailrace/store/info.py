"""What a database holds, in figures."""

from __future__ import annotations

import sqlite3

from tailrace.model import Extent, Info


def read_info(connection: sqlite3.Connection) -> Info:
    """Counts and sums over everything. Traces that only judgements or logs speak of are not counted."""
    traces, spans, errors, events, given, said, total, cost, unpriced, depth, earliest = connection.execute(
        "SELECT count(*), total(span_count), total(error_count), total(event_count), total(input_tokens),"
        " total(output_tokens), total(total_tokens), sum(cost), total(unpriced_spans), max(max_depth), min(start_ns)"
        " FROM trace"
    ).fetchone()
    # the root may end before its children or be open, so a trace's own end is not asked
    latest = connection.execute("SELECT max(max(coalesce(end_ns, start_ns), start_ns)) FROM span").fetchone()[0]
    notes, scores = connection.execute(
        "SELECT count(*) FILTER (WHERE kind = 'text' AND name = 'note'), count(*) FROM score"
    ).fetchone()
    roots = connection.execute(
        "SELECT span.name, count(*) FROM span WHERE parent_id IS NULL GROUP BY span.name ORDER BY 2 DESC, 1"
    ).fetchall()
    kinds = connection.execute("SELECT kind, count(*) FROM span GROUP BY kind ORDER BY 2 DESC, 1").fetchall()
    formats = connection.execute("SELECT DISTINCT format FROM source ORDER BY format").fetchall()
    skipped = connection.execute("SELECT reason, sum(count) FROM skipped GROUP BY reason ORDER BY 2 DESC, 1").fetchall()
    estimated = connection.execute("SELECT 1 FROM trace WHERE estimated_cost <> 0 LIMIT 1").fetchone() is not None
    return Info(
        traces=traces,
        spans=int(spans),
        errors=int(errors),
        events=int(events),
        scores=scores - notes,
        notes=notes,
        input_tokens=int(given),
        output_tokens=int(said),
        total_tokens=int(total),
        cost_usd=cost,
        unpriced_spans=int(unpriced),
        max_depth=depth or 0,
        earliest_ns=earliest,
        latest_ns=latest,
        roots=dict(roots),
        kinds=dict(kinds),
        formats=tuple(name for (name,) in formats),
        skipped=dict(skipped),
        estimated_cost=estimated,
    )


def read_extent(connection: sqlite3.Connection) -> Extent:
    """How much there is, and from when to when."""
    traces, spans, earliest, latest = connection.execute(
        "SELECT count(*), total(span_count), min(start_ns), max(start_ns) FROM trace"
    ).fetchone()
    return Extent(traces, int(spans), earliest, latest)
