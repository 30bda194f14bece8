"""Spans to OTLP JSON lines, as the OpenTelemetry Collector's file exporter writes them. What is imported from that is
what was exported."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import IO, Any

import orjson

from tailrace import semconv
from tailrace.formats.otlp import words
from tailrace.model import CostSource, Json, Span, SpanKind

# Facts that another format keeps outside its attributes: the attribute under which they are found again.
_FACTS = (
    ("model", "gen_ai.response.model"),
    ("provider", "gen_ai.provider.name"),
    ("tool_name", "gen_ai.tool.name"),
    ("agent_name", "gen_ai.agent.name"),
    ("prompt_name", "gen_ai.prompt.name"),
    ("prompt_version", "gen_ai.prompt.version"),
    ("session_id", "session.id"),
    ("user_id", "user.id"),
    ("environment", "deployment.environment.name"),
    ("version", "service.version"),
    ("error_type", "error.type"),
    ("input", "input.value"),
    ("output", "output.value"),
)
_USAGE = (
    ("input", "gen_ai.usage.input_tokens"),
    ("output", "gen_ai.usage.output_tokens"),
    ("total", "gen_ai.usage.total_tokens"),
    ("cache_read", "gen_ai.usage.cache_read.input_tokens"),
    ("cache_write", "gen_ai.usage.cache_creation.input_tokens"),
    ("reasoning", "gen_ai.usage.reasoning.output_tokens"),
    ("audio_input", "gen_ai.usage.audio.input_tokens"),
    ("audio_output", "gen_ai.usage.audio.output_tokens"),
    ("service_tier", "gen_ai.response.service_tier"),
)
_COST = (("total", "llm.cost.total"), ("input", "llm.cost.prompt"), ("output", "llm.cost.completion"))
_MAX_SPANS_A_LINE = 500


def export_otlp(spans: Iterable[Span], file: IO[bytes]) -> int:
    """Write spans as OTLP JSON lines, neighbours of one resource and scope in one request. Returns how many.

    Costs estimated from a price table are not written: they are not what the source said. OSError passes.
    """
    count = 0
    resource: dict[str, Json] = {}
    scope = ("", "")
    waiting: list[dict[str, Json]] = []
    for span in spans:
        same = span.resource is resource or span.resource == resource
        if waiting and (
            not same or scope != (span.scope_name, span.scope_version) or len(waiting) >= _MAX_SPANS_A_LINE
        ):
            file.write(_line(resource, scope, waiting))
            waiting = []
        resource, scope = span.resource, (span.scope_name, span.scope_version)
        waiting.append(_write_span(span))
        count += 1
    if waiting:
        file.write(_line(resource, scope, waiting))
    return count


def _line(resource: dict[str, Json], scope: tuple[str, str], spans: list[dict[str, Json]]) -> bytes:
    names = {key: text for key, text in zip(("name", "version"), scope, strict=True) if text}
    request = {
        "resourceSpans": [
            {"resource": {"attributes": _write_attributes(resource)}, "scopeSpans": [{"scope": names, "spans": spans}]}
        ]
    }
    try:
        return orjson.dumps(request, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        # a lone surrogate somewhere: written as an escape, as other writers do
        return json.dumps(request).encode() + b"\n"


def _write_span(span: Span) -> dict[str, Json]:
    attributes = _all_facts(span)
    written: dict[str, Json] = {"traceId": span.trace_id, "spanId": span.span_id}
    if span.parent_id is not None:
        written["parentSpanId"] = span.parent_id
    if isinstance(state := attributes.get(words.TRACE_STATE_KEY), str) and state:
        written["traceState"] = attributes.pop(words.TRACE_STATE_KEY)
    kind = attributes.get(words.KIND_KEY)
    code = words.CODE_OF_KIND.get(kind, 1) if isinstance(kind, str) else 1
    if code != 1:
        del attributes[words.KIND_KEY]
    written |= {
        "name": span.name,
        "kind": code,
        "startTimeUnixNano": str(span.start_ns),
        "endTimeUnixNano": str(span.end_ns or 0),
    }
    for camel, _, key in words.DROPPED_KEYS:
        if type(count := attributes.get(key)) is int and count > 0:
            written[camel] = attributes.pop(key)
    written["attributes"] = _write_attributes(attributes)
    if span.events:
        written["events"] = [
            {
                "timeUnixNano": str(event.time_ns),
                "name": event.name,
                "attributes": _write_attributes(event.attributes),
            }
            for event in span.events
        ]
    if span.links:
        written["links"] = [
            {"traceId": link.trace_id, "spanId": link.span_id, "attributes": _write_attributes(link.attributes)}
            for link in span.links
        ]
    status: dict[str, Json] = {"code": words.CODE_OF[span.status]} if words.CODE_OF[span.status] else {}
    if span.status_message:
        status["message"] = span.status_message
    written["status"] = status
    return written


def _all_facts(span: Span) -> dict[str, Json]:
    """The attributes, with those facts added that would not be found in them again."""
    attributes = span.all_attributes()
    found = semconv.make_span(
        trace_id=span.trace_id,
        span_id=span.span_id,
        parent_id=span.parent_id,
        name=span.name,
        start_ns=span.start_ns,
        end_ns=span.end_ns,
        status=span.status,
        status_message=span.status_message,
        attributes=dict(attributes),
        resource=span.resource,
        events=span.events,
    )
    for fact, key in _FACTS:
        value = getattr(span, fact)
        if value is not None and value != getattr(found, fact):
            attributes[key] = value
    if span.kind is not found.kind and span.kind is not SpanKind.UNKNOWN:
        attributes["openinference.span.kind"] = span.kind.value.upper()
    if span.tags != found.tags:
        attributes["tag.tags"] = list(span.tags)
    if span.ttft_ns is not None and span.ttft_ns != found.ttft_ns:
        attributes["gen_ai.response.time_to_first_chunk"] = span.ttft_ns / 1e9
    if span.usage is not None and span.usage != found.usage:
        _add(attributes, _USAGE, span.usage)
    if span.cost is not None and span.cost.source is CostSource.FILE and span.cost != found.cost:
        _add(attributes, _COST, span.cost)
    return attributes


def _add(attributes: dict[str, Json], keys: tuple[tuple[str, str], ...], values: Any) -> None:
    for field, key in keys:
        if (value := getattr(values, field)) is not None:
            attributes[key] = value


def _write_attributes(attributes: dict[str, Json]) -> list[Json]:
    return [{"key": key, "value": _write_value(value)} for key, value in attributes.items()]


def _write_value(value: Json) -> dict[str, Json]:
    """A JSON value as an AnyValue. What is nested too deeply to be read again is written as text."""
    whole: dict[str, Json] = {}
    work: list[tuple[dict[str, Json], Json, int]] = [(whole, value, 0)]
    while work:
        into, value, depth = work.pop()
        if isinstance(value, str):
            into["stringValue"] = value
        elif isinstance(value, bool):
            into["boolValue"] = value
        elif isinstance(value, int):
            if words.INT64_MIN <= value <= words.INT64_MAX:
                into["intValue"] = str(value)
            else:
                into["stringValue"] = str(value)
        elif isinstance(value, float):
            into["doubleValue"] = words.real(value)
        elif isinstance(value, list | tuple | dict) and depth >= words.MAX_DEPTH:
            into["stringValue"] = _as_text(value)
        elif isinstance(value, list | tuple):
            members: list[dict[str, Json]] = [{} for _ in value]
            into["arrayValue"] = {"values": members}
            work.extend((member, item, depth + 1) for member, item in zip(members, value, strict=True))
        elif isinstance(value, dict):
            pairs: list[dict[str, Json]] = [{"key": str(key), "value": {}} for key in value]
            into["kvlistValue"] = {"values": pairs}
            work.extend((pair["value"], item, depth + 1) for pair, item in zip(pairs, value.values(), strict=True))
        elif value is not None:
            into["stringValue"] = str(value)
    return whole


def _as_text(value: Json) -> str:
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError, RecursionError):
        return ""
