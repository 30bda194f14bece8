"""Rows of our tables back into the values of `model`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from tailrace.model import (
    Cost,
    CostSource,
    Event,
    Json,
    Link,
    LogRecord,
    Span,
    SpanKind,
    SpanStatus,
    TraceRow,
    Usage,
)

TRACE_COLUMNS = (
    "id, trace_id, name, status, kind, start_ns, end_ns, span_count, error_count, input_tokens, output_tokens,"
    " total_tokens, cost, estimated_cost, unpriced_spans, ttft_ns, max_depth, input_preview, output_preview,"
    " session_id, user_id, environment, version, thumb, score_count, note_count, missing_root,"
    " EXISTS (SELECT 1 FROM score WHERE score.trace_id = trace.trace_id AND score.span_id IS NULL"
    " AND score.name = 'thumb' AND score.kind = 'thumb' AND score.source = 'person' AND score.value IS NULL)"
)
_STATUSES = {status.value: status for status in SpanStatus}
_KINDS = {kind.value: kind for kind in SpanKind}


def trace_row(row: Sequence[Any]) -> TraceRow:
    """A row of TRACE_COLUMNS."""
    return TraceRow(
        key=row[0],
        trace_id=row[1],
        name=row[2],
        status=_STATUSES.get(row[3], SpanStatus.UNSET),
        kind=_KINDS.get(row[4], SpanKind.UNKNOWN),
        start_ns=row[5],
        end_ns=row[6],
        span_count=row[7],
        error_count=row[8],
        input_tokens=row[9],
        output_tokens=row[10],
        total_tokens=row[11],
        cost=row[12],
        estimated_cost=bool(row[13]),
        unpriced_spans=row[14],
        ttft_ns=row[15],
        max_depth=row[16],
        input_preview=row[17],
        output_preview=row[18],
        session_id=row[19],
        user_id=row[20],
        environment=row[21],
        version=row[22],
        thumb=row[23],
        score_count=row[24],
        note_count=row[25],
        missing_root=bool(row[26]),
        deferred=bool(row[27]),
    )


SPAN_COLUMNS = (
    "span.span_id, span.parent_id, span.name, span.start_ns, span.end_ns, span.kind, span.status, span.status_message,"
    " span.error_type, span.model, span.provider, span.tool_name, span.agent_name, span.prompt_name,"
    " span.prompt_version, span.session_id, span.user_id, span.environment, span.version, span.tags, span.ttft_ns,"
    " span.input_tokens, span.output_tokens, span.total_tokens, span.cache_read_tokens, span.cache_write_tokens,"
    " span.reasoning_tokens, span.cost, span.cost_source, span.cost_input, span.cost_output, span.cost_detail,"
    " payload.input, payload.input_key, payload.output, payload.output_key, payload.attributes, payload.resource,"
    " payload.scope_name, payload.scope_version, payload.events, payload.links,"
    " span.audio_input_tokens, span.audio_output_tokens, span.service_tier"
)


def span_of(row: Sequence[Any], trace_id: str, resource: dict[str, Json]) -> Span:
    """A span out of a row of SPAN_COLUMNS and its resource's attributes."""
    counted = any(count is not None for count in (*row[21:27], *row[42:44]))
    usage = Usage(*row[21:27], *row[42:45]) if counted else None
    cost = None
    if row[27] is not None:
        source = CostSource.PRICE_TABLE if row[28] == CostSource.PRICE_TABLE else CostSource.FILE
        cost = Cost(row[27], source, row[29], row[30], row[31] or "")
    return Span(
        trace_id,
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        _KINDS.get(row[5], SpanKind.UNKNOWN),
        _STATUSES.get(row[6], SpanStatus.UNSET),
        status_message=row[7],
        error_type=row[8],
        model=row[9],
        provider=row[10],
        tool_name=row[11],
        agent_name=row[12],
        prompt_name=row[13],
        prompt_version=row[14],
        session_id=row[15],
        user_id=row[16],
        environment=row[17],
        version=row[18],
        tags=tuple(decode(row[19], [])),
        ttft_ns=row[20],
        usage=usage,
        cost=cost,
        input=row[32],
        input_key=row[33],
        output=row[34],
        output_key=row[35],
        attributes=decode(row[36], {}),
        resource=resource,
        scope_name=row[38] or "",
        scope_version=row[39] or "",
        events=tuple(Event(*event) for event in decode(row[40], [])),
        links=tuple(Link(*link) for link in decode(row[41], [])),
    )


LOG_COLUMNS = "trace_id, span_id, time_ns, name, body, attributes"


def log_record_of(row: Sequence[Any]) -> LogRecord:
    """A log record out of a row of LOG_COLUMNS."""
    return LogRecord(row[0], row[1], row[2], row[3], decode(row[4], None), decode(row[5], {}))


def decode(text: str | None, default: Json) -> Json:
    """A JSON column. What another program has spoilt counts as missing: the rest of the row is still worth showing."""
    if text is None:
        return default
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return default
    if default is not None and not isinstance(value, list if isinstance(default, list) else Mapping):
        return default
    return value
