"""A trace as the list shows it, as the waterfall draws it, and a span as the inspector reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tailrace.model.message import Conversation, Document
from tailrace.model.score import Score
from tailrace.model.span import Event, Span, SpanKind, SpanStatus

if TYPE_CHECKING:
    from tailrace.model.tree import SpanTree


@dataclass(frozen=True, slots=True)
class TraceRow:
    """The summary of one trace: one row of the list. `key` is the database's own integer.

    `status` is ERROR when any of its spans is an error. `thumb` is 1 up, 0 down, None not judged; `deferred`: somebody
    put the verdict off. `cost` is None when no counted span has a price; `unpriced_spans` says how many counted spans
    have usage but no price, and `estimated_cost` whether any part of the cost comes from a price table.
    """

    key: int
    trace_id: str
    name: str
    status: SpanStatus
    kind: SpanKind
    start_ns: int
    end_ns: int | None
    span_count: int
    error_count: int
    input_tokens: int | None
    output_tokens: int | None
    total_tokens: int | None
    cost: float | None
    estimated_cost: bool
    unpriced_spans: int
    ttft_ns: int | None
    max_depth: int
    input_preview: str
    output_preview: str
    session_id: str | None
    user_id: str | None
    environment: str | None
    version: str | None
    thumb: int | None
    score_count: int
    note_count: int
    missing_root: bool = False
    deferred: bool = False

    @property
    def duration_ns(self) -> int | None:
        """Nanoseconds from first start to last end; None while any span that matters is open."""
        return None if self.end_ns is None else self.end_ns - self.start_ns


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace, ready to draw: its row and its tree."""

    row: TraceRow
    tree: SpanTree


@dataclass(frozen=True, slots=True)
class SpanDetail:
    """All that the inspector shows of one span. `events` are the span's own and those that came as log records, by
    time. `own_cost_counts` is False where descendants report the usage, so that it does not count towards totals."""

    span: Span
    events: tuple[Event, ...]
    conversation: Conversation
    documents: tuple[Document, ...]
    scores: tuple[Score, ...]
    trace_scores: tuple[Score, ...]
    usage_counts: bool = True


@dataclass(frozen=True, slots=True)
class Info:
    """What `tailrace info` says of a database. Token sums and cost count usage once."""

    traces: int
    spans: int
    errors: int
    events: int
    scores: int
    notes: int
    input_tokens: int
    output_tokens: int
    total_tokens: int
    cost_usd: float | None
    unpriced_spans: int
    max_depth: int
    earliest_ns: int | None
    latest_ns: int | None
    roots: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    estimated_cost: bool = False
