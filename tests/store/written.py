"""Spans to write, and what a database holds afterwards in a form that does not depend on the order of arrival."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tailrace.model import Span
from tailrace.store.connections import open_to_read
from tailrace.store.rows import SPAN_COLUMNS
from tailrace.store.summary import SUMMARY_COLUMNS


def make(span_id: str, parent_id: str | None = None, trace_id: str = "t1", **more: Any) -> Span:
    """A span with a name and times."""
    return Span(trace_id, span_id, parent_id, **{"name": span_id, "start_ns": 1_000, "end_ns": 2_000, **more})


def rows(path: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a query gives on a connection of its own."""
    connection = open_to_read(path)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def summary(path: Path, trace_id: str = "t1") -> dict[str, Any]:
    """The row of one trace."""
    columns = (*SUMMARY_COLUMNS, "thumb", "score_count", "note_count", "stale")
    (found,) = rows(path, f"SELECT {', '.join(columns)} FROM trace WHERE trace_id = ?", trace_id)
    return dict(zip(columns, found, strict=True))


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that was imported, without the database's own numbers."""
    traces = [f"t.{name}" for name in SUMMARY_COLUMNS if name != "root"]
    spans = [f"s.{name}" for name in SPAN_COLUMNS if name not in ("id", "trace")]
    return {
        "traces": rows(
            path,
            f"SELECT t.trace_id, s.span_id, t.stale, t.thumb, t.score_count, {', '.join(traces)} "
            "FROM trace t JOIN span s ON s.id = t.root ORDER BY 1",
        ),
        "spans": rows(
            path,
            f"SELECT t.trace_id, {', '.join(spans)}, p.input, p.output, p.attributes, p.events, r.attributes "
            "FROM span s JOIN trace t ON t.id = s.trace JOIN span_payload p ON p.id = s.id "
            "LEFT JOIN resource r ON r.id = p.resource ORDER BY t.trace_id, s.span_id",
        ),
        "logs": rows(path, "SELECT trace_id, span_id, time_ns, name, body, settled FROM log_record ORDER BY digest"),
        "scores": rows(path, "SELECT * FROM score ORDER BY score_id"),
        "skipped": rows(path, "SELECT reason, count FROM skipped ORDER BY reason"),
    }
