"""What writing batches of spans promises."""

from __future__ import annotations

from pathlib import Path

from tailrace.model import Span
from tailrace.store import Writer
from tailrace.store.connections import open_to_read


def span(span_id: str, parent_id: str | None = None, trace_id: str = "t1", **more: object) -> Span:
    values: dict[str, object] = {"name": span_id, "start_ns": 1_000, "end_ns": 2_000, **more}
    return Span(trace_id=trace_id, span_id=span_id, parent_id=parent_id, **values)  # type: ignore[arg-type]


def test_a_batch_is_there_to_be_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.tailrace"
    with Writer(path) as writer:
        writer.write([span("a", input="Hello"), span("b", "a"), span("c", trace_id="t2")])
        connection = open_to_read(path)
        rows = connection.execute("SELECT trace_id, name, span_count, input_preview, stale FROM trace").fetchall()
        assert rows == [("t1", "a", 2, "Hello", 0), ("t2", "c", 1, "", 0)]
        connection.close()
