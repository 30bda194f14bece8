"""Spans to inspect, as the trace database hands them over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tailrace.model import Conversation, Document, Score, Span, SpanDetail, SpanKind

START = 1_763_000_000_000_000_000


def make_span(**changes: Any) -> Span:
    """A model call of 2.31 s."""
    span = Span("t1", "s1", "root", "chat", START, START + 2_310_000_000, kind=SpanKind.LLM, model="gpt-4o")
    return replace(span, **changes)


def make_detail(
    span: Span | None = None,
    conversation: Conversation | None = None,
    documents: tuple[Document, ...] = (),
    scores: tuple[Score, ...] = (),
    trace_scores: tuple[Score, ...] = (),
    usage_counts: bool = True,
) -> SpanDetail:
    """A span as the inspector reads it."""
    span = span or make_span()
    talk = conversation or Conversation()
    return SpanDetail(span, span.events, talk, documents, scores, trace_scores, usage_counts)
