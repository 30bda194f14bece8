"""Rows for tests of what shows them."""

from __future__ import annotations

from typing import Any

from tailrace.model import SpanKind, SpanStatus, TraceRow


def trace_row(key: int = 1, **changes: Any) -> TraceRow:
    """A row with everything known; `changes` are fields."""
    fields: dict[str, Any] = {
        "key": key,
        "trace_id": f"{key:032x}",
        "name": "support_agent.run",
        "status": SpanStatus.OK,
        "kind": SpanKind.AGENT,
        "start_ns": 1_795_000_000_000_000_000 + key,
        "end_ns": 1_795_000_008_420_000_000 + key,
        "span_count": 27,
        "error_count": 0,
        "input_tokens": 12_000,
        "output_tokens": 500,
        "total_tokens": 12_500,
        "cost": 0.042,
        "estimated_cost": False,
        "unpriced_spans": 0,
        "ttft_ns": 612_000_000,
        "max_depth": 4,
        "input_preview": "I bought the kettle 45 days ago",
        "output_preview": "Yes, refunds are available",
        "session_id": "s-1",
        "user_id": "u-1",
        "environment": "prod",
        "version": "2.4.0",
        "thumb": None,
        "score_count": 0,
        "note_count": 0,
    }
    return TraceRow(**{**fields, **changes})
