"""OTLP messages in protobuf to records: the same records as of the same data in JSON."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # type: ignore[import-untyped]
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from opentelemetry.proto.common.v1 import common_pb2
from opentelemetry.proto.logs.v1 import logs_pb2
from opentelemetry.proto.resource.v1 import resource_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

from tailrace import semconv
from tailrace.formats.otlp import wire, words
from tailrace.formats.records import Record, Skipped
from tailrace.model import Event, Json, Link, LogRecord, Span, SpanStatus

DAMAGED = "protobuf data that is damaged or cut off"
REPAIRED = "text that is not UTF-8 (shown with replacement characters)"

_STATUSES = {0: SpanStatus.UNSET, 1: SpanStatus.OK, 2: SpanStatus.ERROR}


class ProtoRequests:
    """Makes records of ResourceSpans and ResourceLogs messages. `spans` counts what was made."""

    def __init__(self) -> None:
        self.spans = 0

    def records(self, part: bytes, place: str, cut: bool = False) -> Iterator[Record]:
        """The records of one member of a request's field 1. With `cut` its end is missing."""
        content = wire.content_of(part, cut=cut)
        if content == wire.SPANS:
            yield from self._spans(part, place, cut)
        elif content == wire.LOGS:
            yield from self._logs(part, place, cut)
        elif content == wire.METRICS:
            for number, kind, first, last in _walk_softly(part, 0, len(part), cut):
                if number == 2 and kind in (wire.LENGTH, wire.CUT):
                    for inner, _, _, _ in _walk_softly(part, first, last, cut):
                        if inner == 2:
                            yield Skipped(words.METRIC, place)
        elif content == wire.UNKNOWN:
            yield Skipped(DAMAGED, place)
        if cut:
            yield Skipped(DAMAGED, place)

    def _spans(self, part: bytes, place: str, cut: bool) -> Iterator[Record]:
        annotated = words.may_have_annotations(part)
        for resource, scope, raw in _elements(part, cut, trace_pb2.ResourceSpans, "scope_spans", "spans", "Span"):
            if raw is None:
                yield Skipped(DAMAGED, place)
                continue
            lost: list[str] = []
            span = _span(raw, resource, _text(scope.name, lost), _text(scope.version, lost), lost)
            for reason in lost:
                yield Skipped(reason, place)
            if span is not None:
                self.spans += 1
                yield span
                if annotated or words.has_evaluation(span.events):
                    yield from semconv.scores_of(span)

    def _logs(self, part: bytes, place: str, cut: bool) -> Iterator[Record]:
        for _, _, raw in _elements(part, cut, logs_pb2.ResourceLogs, "scope_logs", "log_records", "LogRecord"):
            if raw is None:
                yield Skipped(DAMAGED, place)
                continue
            lost: list[str] = []
            record = _log_record(raw, lost)
            for reason in lost:
                yield Skipped(reason, place)
            if record is not None:
                yield record
                if (score := semconv.score_of_log(record)) is not None:
                    yield score


def _elements(
    part: bytes, cut: bool, whole: Any, groups: str, elements: str, name: str
) -> Iterator[tuple[dict[str, Json], Any, Any]]:
    """Resource attributes, scope and message of each element; None in place of a message that is damaged."""
    if not cut:
        try:
            message = whole.FromString(part)
        except DecodeError:
            pass
        else:
            resource = _attributes(message.resource.attributes, [])
            for group in getattr(message, groups):
                scope = group.scope
                for element in getattr(group, elements):
                    yield resource, scope, element
            return
    yield from _sound_elements(part, cut, name)


def _sound_elements(part: bytes, cut: bool, name: str) -> Iterator[tuple[dict[str, Json], Any, Any]]:
    """The same out of damaged data: every element is decoded alone."""
    resource: dict[str, Json] = {}
    for number, kind, first, last in _walk_softly(part, 0, len(part), cut):
        if number == 1 and kind == wire.LENGTH:
            if (message := _decode("Resource", part[first:last])) is not None:
                resource = _attributes(message.attributes, [])
        elif number in (2, 1000) and kind in (wire.LENGTH, wire.CUT):
            scope = common_pb2.InstrumentationScope()
            for inner, inner_kind, begin, end in _walk_softly(part, first, last, cut):
                if inner == 1 and inner_kind == wire.LENGTH:
                    scope = _decode("InstrumentationScope", part[begin:end]) or scope
                elif inner == 2 and inner_kind == wire.LENGTH:
                    yield resource, scope, _decode(name, part[begin:end])
                elif inner == 0:
                    yield resource, scope, None
        elif number == 0:
            yield resource, None, None


def _walk_softly(data: bytes, start: int, end: int, cut: bool) -> Iterator[wire.Field]:
    """The fields up to where the data is no message any more; there a field 0, which protobuf does not have."""
    try:
        yield from wire.walk(data, start, end, cut)
    except ValueError:
        yield 0, 0, end, end


def _decode(name: str, data: bytes) -> Any:
    """A message; with bytes in place of texts when these are not UTF-8; None when it is damaged."""
    for types in (_TYPES, _types_with_bytes()):
        try:
            return types[name].FromString(data)
        except DecodeError:
            pass
    return None


_TYPES: dict[str, Any] = {
    "Span": trace_pb2.Span,
    "LogRecord": logs_pb2.LogRecord,
    "Resource": resource_pb2.Resource,
    "InstrumentationScope": common_pb2.InstrumentationScope,
}


@cache
def _types_with_bytes() -> dict[str, Any]:
    """The same messages with every text field declared as bytes: protobuf refuses texts that are not UTF-8."""
    pool = descriptor_pool.DescriptorPool()
    for module in (common_pb2, resource_pb2, trace_pb2, logs_pb2):
        file = descriptor_pb2.FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(file)
        messages = list(file.message_type)
        while messages:
            message = messages.pop()
            messages.extend(message.nested_type)
            for field in message.field:
                if field.type == descriptor_pb2.FieldDescriptorProto.TYPE_STRING:
                    field.type = descriptor_pb2.FieldDescriptorProto.TYPE_BYTES
        pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(known.DESCRIPTOR.full_name))
        for name, known in _TYPES.items()
    }


def _text(raw: str | bytes, lost: list[str]) -> str:
    if isinstance(raw, str):
        return raw
    text = raw.decode("utf-8", "replace")
    if text.encode() != raw:
        lost.append(REPAIRED)
    return text


def _id(raw: bytes) -> str | None:
    return raw.hex() if raw.strip(b"\x00") else None


def _attributes(items: Any, lost: list[str]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for item in items:
        key = item.key
        value = item.value
        sort = value.WhichOneof("value")
        if type(key) is not str:
            key = _text(key, lost)
        if sort == "string_value":
            text = value.string_value
            found[key] = text if type(text) is str else _text(text, lost)
        elif sort == "int_value":
            found[key] = value.int_value
        else:
            found[key] = _value(value, lost)
    return found


def _value(value: Any, lost: list[str]) -> Json:
    """One AnyValue as plain JSON. protobuf itself limits the depth (100 messages)."""
    whole: list[Json] = [None]
    work: list[tuple[Any, Any, Any]] = [(whole, 0, value)]
    while work:
        into, at, value = work.pop()
        sort = value.WhichOneof("value")
        if sort == "array_value":
            members = value.array_value.values
            into[at] = inner = [None] * len(members)
            work.extend([(inner, i, member) for i, member in enumerate(members)])
        elif sort == "kvlist_value":
            pairs = {_text(pair.key, lost): pair.value for pair in value.kvlist_value.values}
            into[at] = pairs
            work.extend([(pairs, key, pair) for key, pair in pairs.items()])
        elif sort == "string_value":
            into[at] = _text(value.string_value, lost)
        elif sort == "double_value":
            into[at] = words.real(value.double_value)
        elif sort == "bytes_value":
            into[at] = base64.b64encode(value.bytes_value).decode()
        elif sort == "int_value" or sort == "bool_value":
            into[at] = getattr(value, sort)
        else:
            into[at] = None
    return whole[0]


def _span(raw: Any, resource: dict[str, Json], scope_name: str, scope_version: str, lost: list[str]) -> Span | None:
    trace_id = _id(raw.trace_id)
    span_id = _id(raw.span_id)
    if trace_id is None or span_id is None:
        lost.append(words.NO_TRACE_ID if trace_id is None else words.NO_SPAN_ID)
        return None
    parent_id = _id(raw.parent_span_id)
    end_ns: int | None = raw.end_time_unix_nano or None
    if end_ns is not None and end_ns > words.INT64_MAX:
        lost.append(words.ODD_TIME)
        end_ns = None
    start_ns: int = raw.start_time_unix_nano
    if not 0 < start_ns <= words.INT64_MAX:
        lost.append(words.ODD_TIME if start_ns else words.NO_START)
        if end_ns is None:
            return None
        start_ns = end_ns
    attributes = _attributes(raw.attributes, lost)
    if (kind := words.KIND_WORD.get(raw.kind)) is not None:
        attributes.setdefault(words.KIND_KEY, kind)
    if raw.trace_state:
        attributes.setdefault(words.TRACE_STATE_KEY, _text(raw.trace_state, lost))
    for _, field, key in words.DROPPED_KEYS:
        if count := getattr(raw, field):
            attributes.setdefault(key, count)
    span_id, parent_id, end_ns = words.stand_in(attributes, span_id, parent_id, end_ns)
    events = []
    for event in raw.events:
        time_ns = event.time_unix_nano
        if time_ns > words.INT64_MAX:
            lost.append(words.ODD_TIME)
            time_ns = 0
        events.append(Event(_text(event.name, lost), time_ns or start_ns, _attributes(event.attributes, lost)))
    links = []
    for link in raw.links:
        there, span_there = _id(link.trace_id), _id(link.span_id)
        if there is not None and span_there is not None:
            links.append(Link(there, span_there, _attributes(link.attributes, lost)))
        else:
            lost.append(words.ODD_VALUE)
    return semconv.make_span(
        trace_id=trace_id,
        span_id=span_id,
        parent_id=parent_id,
        name=_text(raw.name, lost),
        start_ns=start_ns,
        end_ns=end_ns,
        status=_STATUSES.get(raw.status.code, SpanStatus.UNSET),
        status_message=_text(raw.status.message, lost),
        attributes=attributes,
        resource=resource,
        scope_name=scope_name,
        scope_version=scope_version,
        events=tuple(events),
        links=tuple(links),
    )


def _log_record(raw: Any, lost: list[str]) -> LogRecord | None:
    trace_id = _id(raw.trace_id)
    span_id = _id(raw.span_id)
    if trace_id is None or span_id is None:
        lost.append(words.LOG_WITHOUT_SPAN)
        return None
    time_ns: int = raw.time_unix_nano or raw.observed_time_unix_nano
    if time_ns > words.INT64_MAX:
        lost.append(words.ODD_TIME)
        time_ns = 0
    attributes = _attributes(raw.attributes, lost)
    name = _text(raw.event_name, lost) or attributes.get("event.name")
    if raw.severity_text:
        attributes.setdefault(words.SEVERITY_KEY, _text(raw.severity_text, lost))
    return LogRecord(trace_id, span_id, time_ns, name if type(name) is str else "", _value(raw.body, lost), attributes)
