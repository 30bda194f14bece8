"""OTLP requests, parsed from JSON, to records.

Spans as the specification writes them take a short way; whatever is odd about one (snake_case, enum names, base64 ids,
wrong types) sends that span the long way, which takes what is sound and says what is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from tailrace import semconv
from tailrace.formats.otlp import words
from tailrace.formats.otlp.json_values import read_attributes, read_attributes_quickly, read_value
from tailrace.formats.records import Record, Skipped
from tailrace.model import Event, Json, Link, LogRecord, Span, SpanStatus

_Odd = (KeyError, TypeError, ValueError, AttributeError, OverflowError)

_SPANS = ("resourceSpans", "resource_spans")
_LOGS = ("resourceLogs", "resource_logs")
_METRICS = ("resourceMetrics", "resource_metrics")
_PROFILES = ("resourceProfiles", "resource_profiles")
KNOWN_KEYS = frozenset(_SPANS + _LOGS + _METRICS + _PROFILES)
_SCOPE_SPANS = ("scopeSpans", "scope_spans", "instrumentationLibrarySpans", "instrumentation_library_spans")
_SCOPE_LOGS = ("scopeLogs", "scope_logs", "instrumentationLibraryLogs", "instrumentation_library_logs")
_SCOPE_METRICS = ("scopeMetrics", "scope_metrics", "instrumentationLibraryMetrics", "instrumentation_library_metrics")
_SCOPE = ("scope", "instrumentationLibrary", "instrumentation_library")

_MAX_RESOURCES = 1000
_UNSET = SpanStatus.UNSET


class JsonRequests:
    """Makes records of requests. Spans of equal resources share one resource object. `spans` counts what was made."""

    def __init__(self) -> None:
        self.spans = 0
        self._resources: dict[bytes, dict[str, Json]] = {}

    def records(self, request: Json, place: str) -> Iterator[Record]:
        """The records of one request, or of a list of requests. `place` goes into Skipped."""
        waiting = [request]
        while waiting:
            request = waiting.pop()
            if isinstance(request, list):
                waiting.extend(reversed(request))
                continue
            if not isinstance(request, dict) or (request and KNOWN_KEYS.isdisjoint(request)):
                yield Skipped(words.NOT_OTLP, place)
                continue
            for part in _members(request, _SPANS):
                yield from self._spans_of_resource(part, place)
            for part in _members(request, _LOGS):
                yield from self._logs_of_resource(part, place)
            for part in _members(request, _METRICS):
                for scope in _members(part, _SCOPE_METRICS):
                    for _ in _members(scope, ("metrics",)):
                        yield Skipped(words.METRIC, place)
            for _ in _members(request, _PROFILES):
                yield Skipped(words.PROFILE, place)

    def _spans_of_resource(self, part: Json, place: str) -> Iterator[Record]:
        if not isinstance(part, dict):
            yield Skipped(words.ODD_REQUEST, place)
            return
        lost: list[str] = []
        resource = self._resource(part.get("resource"), lost)
        for group in _members(part, _SCOPE_SPANS):
            if not isinstance(group, dict):
                lost.append(words.ODD_REQUEST)
                continue
            scope_name, scope_version = _scope(group)
            for raw in _members(group, ("spans",)):
                try:
                    span = _quick_span(raw, resource, scope_name, scope_version)
                except _Odd:
                    odd = _patient_span(raw, resource, scope_name, scope_version, lost)
                    for reason in lost:
                        yield Skipped(reason, place)
                    lost.clear()
                    if odd is None:
                        continue
                    span = odd
                self.spans += 1
                yield span
                if words.may_hold_annotations(span.attributes) or (span.events and words.has_evaluation(span.events)):
                    yield from semconv.scores_of(span)
        for reason in lost:
            yield Skipped(reason, place)

    def _logs_of_resource(self, part: Json, place: str) -> Iterator[Record]:
        for group in _members(part, _SCOPE_LOGS):
            for raw in _members(group, ("logRecords", "log_records", "logs")):
                lost: list[str] = []
                record = _log_record(raw, lost)
                for reason in lost:
                    yield Skipped(reason, place)
                if record is not None:
                    yield record
                    if (score := semconv.score_of_log(record)) is not None:
                        yield score
            if not isinstance(group, dict):
                yield Skipped(words.ODD_REQUEST, place)
        if not isinstance(part, dict):
            yield Skipped(words.ODD_REQUEST, place)

    def _resource(self, raw: Json, lost: list[str]) -> dict[str, Json]:
        if not isinstance(raw, dict):
            if raw is not None:
                lost.append(words.ODD_REQUEST)
            return {}
        try:
            # dumping what was parsed is far cheaper than reading the attributes again
            key = orjson.dumps(raw.get("attributes"))
        except (TypeError, ValueError, RecursionError):
            return read_attributes(raw.get("attributes"), lost)
        found = self._resources.get(key)
        if found is None:
            if len(self._resources) >= _MAX_RESOURCES:
                self._resources.clear()
            found = self._resources[key] = read_attributes(raw.get("attributes"), lost)
        return found


def _members(container: Json, keys: tuple[str, ...]) -> list[Any]:
    """The list under the first of the keys that is there; empty when there is none."""
    if isinstance(container, dict):
        for key in keys:
            found = container.get(key)
            if found:
                return found if isinstance(found, list) else [found]
    return []


def _pick(raw: dict[str, Json], camel: str, snake: str) -> Json:
    found = raw.get(camel)
    return raw.get(snake) if found is None else found


def _text(raw: Json) -> str:
    return raw if isinstance(raw, str) else "" if raw is None else str(raw)[:1000]


def _scope(group: dict[str, Json]) -> tuple[str, str]:
    for key in _SCOPE:
        scope = group.get(key)
        if isinstance(scope, dict):
            return _text(scope.get("name")), _text(scope.get("version"))
    return "", ""


def _quick_span(raw: Any, resource: dict[str, Json], scope_name: str, scope_version: str) -> Span:
    trace_id = raw["traceId"]
    span_id = raw["spanId"]
    parent_id = raw.get("parentSpanId")
    # islower is also false for an id of digits alone: those few, all zeros among them, take the long way
    if len(trace_id) != 32 or len(span_id) != 16 or not (trace_id.islower() and span_id.islower()):
        raise ValueError
    if not parent_id:
        parent_id = None
    elif len(parent_id) != 16 or not parent_id.islower():
        raise ValueError
    name = raw["name"]
    start_ns = int(raw["startTimeUnixNano"])
    ended = int(raw["endTimeUnixNano"])
    # 1 may be a true that int() took
    if type(name) is not str or not (1 < start_ns <= words.INT64_MAX and 1 < ended <= words.INT64_MAX):
        raise ValueError
    end_ns: int | None = ended
    items = raw.get("attributes")
    attributes = read_attributes_quickly(items) if items else {}

    status = _UNSET
    message = ""
    if outcome := raw.get("status"):
        status = words.STATUS_OF[outcome.get("code", 0)]
        message = outcome.get("message", "")
        if type(message) is not str:
            raise TypeError
    kind = words.KIND_WORD.get(raw.get("kind"))
    if kind is not None:
        attributes.setdefault(words.KIND_KEY, kind)
    if raw.get("traceState") or "droppedAttributesCount" in raw or "droppedEventsCount" in raw:
        _keep_rare(raw, attributes)
    if words.SPAN_TYPE_KEY in attributes:
        span_id, parent_id, end_ns = words.stand_in(attributes, span_id, parent_id, end_ns)

    events = raw.get("events")
    links = raw.get("links")
    return semconv.make_span(
        trace_id=trace_id,
        span_id=span_id,
        parent_id=parent_id,
        name=name,
        start_ns=start_ns,
        end_ns=end_ns,
        status=status,
        status_message=message,
        attributes=attributes,
        resource=resource,
        scope_name=scope_name,
        scope_version=scope_version,
        events=tuple([_quick_event(event) for event in events]) if events else (),
        links=_quick_links(links) if links else (),
    )


def _quick_event(raw: Any) -> Event:
    name = raw["name"]
    time_ns = int(raw["timeUnixNano"])
    if type(name) is not str or not 1 < time_ns <= words.INT64_MAX:
        raise ValueError
    items = raw.get("attributes")
    return Event(name, time_ns, read_attributes_quickly(items) if items else {})


def _quick_links(raw: Any) -> tuple[Link, ...]:
    lost: list[str] = []
    links = _links(raw, lost)
    if lost:
        raise ValueError
    return links


def _patient_span(
    raw: Json, resource: dict[str, Json], scope_name: str, scope_version: str, lost: list[str]
) -> Span | None:
    """A span in whatever shape; None when too little of it is sound. Reasons are added to `lost`."""
    if not isinstance(raw, dict):
        lost.append(words.NOT_A_SPAN)
        return None
    trace_id = words.read_id(_pick(raw, "traceId", "trace_id"))
    span_id = words.read_id(_pick(raw, "spanId", "span_id"))
    said_parent = _pick(raw, "parentSpanId", "parent_span_id")
    parent_id = words.read_id(said_parent)
    if said_parent and not isinstance(said_parent, str):
        lost.append(words.ODD_VALUE)
    if trace_id is None or span_id is None:
        lost.append(words.NO_TRACE_ID if trace_id is None else words.NO_SPAN_ID)
        return None
    end_ns = words.read_time(_pick(raw, "endTimeUnixNano", "end_time_unix_nano"))
    if end_ns is None:
        lost.append(words.ODD_TIME)
    start_ns = words.read_time(_pick(raw, "startTimeUnixNano", "start_time_unix_nano"))
    if not start_ns:
        lost.append(words.NO_START if start_ns == 0 else words.ODD_TIME)
        if not end_ns:
            return None
        start_ns = end_ns
    status, message = _status(raw.get("status"), lost)
    attributes = read_attributes(raw.get("attributes"), lost)
    kind = raw.get("kind")
    if isinstance(kind, int | str) and (kind_word := words.KIND_WORD.get(kind)) is not None:
        attributes.setdefault(words.KIND_KEY, kind_word)
    _keep_rare(raw, attributes)
    span_id, parent_id, end_ns = words.stand_in(attributes, span_id, parent_id, end_ns or None)
    events = []
    for event in _members(raw, ("events",)):
        if (made := _event(event, start_ns, lost)) is not None:
            events.append(made)
    return semconv.make_span(
        trace_id=trace_id,
        span_id=span_id,
        parent_id=parent_id,
        name=_text(raw.get("name")),
        start_ns=start_ns,
        end_ns=end_ns,
        status=status,
        status_message=message,
        attributes=attributes,
        resource=resource,
        scope_name=scope_name,
        scope_version=scope_version,
        events=tuple(events),
        links=_links(raw.get("links"), lost),
    )


def _status(raw: Json, lost: list[str]) -> tuple[SpanStatus, str]:
    if not isinstance(raw, dict):
        if raw is not None:
            lost.append(words.ODD_VALUE)
        return SpanStatus.UNSET, ""
    code = raw.get("code", 0)
    known = words.STATUS_OF.get(code) if isinstance(code, int | str) else None
    if known is None and isinstance(code, str):
        known = words.STATUS_OF.get(words.read_whole(code), SpanStatus(code))
    return known or SpanStatus.UNSET, _text(raw.get("message"))


def _keep_rare(raw: dict[str, Json], attributes: dict[str, Json]) -> None:
    if isinstance(state := _pick(raw, "traceState", "trace_state"), str) and state:
        attributes.setdefault(words.TRACE_STATE_KEY, state)
    for camel, snake, key in words.DROPPED_KEYS:
        if count := words.read_whole(_pick(raw, camel, snake)):
            attributes.setdefault(key, count)


def _event(raw: Json, start_ns: int, lost: list[str]) -> Event | None:
    if not isinstance(raw, dict):
        lost.append(words.ODD_VALUE)
        return None
    time_ns = words.read_time(_pick(raw, "timeUnixNano", "time_unix_nano"))
    if time_ns is None:
        lost.append(words.ODD_TIME)
    # an event without a time still says something: it stands at the span's start
    return Event(_text(raw.get("name")), time_ns or start_ns, read_attributes(raw.get("attributes"), lost))


def _links(raw: Json, lost: list[str]) -> tuple[Link, ...]:
    if raw is None:
        return ()
    links = []
    for item in raw if isinstance(raw, list) else [raw]:
        if not isinstance(item, dict):
            lost.append(words.ODD_VALUE)
            continue
        trace_id = words.read_id(_pick(item, "traceId", "trace_id"))
        span_id = words.read_id(_pick(item, "spanId", "span_id"))
        if trace_id is not None and span_id is not None:
            links.append(Link(trace_id, span_id, read_attributes(item.get("attributes"), lost)))
        else:
            lost.append(words.ODD_VALUE)
    return tuple(links)


def _log_record(raw: Json, lost: list[str]) -> LogRecord | None:
    if not isinstance(raw, dict):
        lost.append(words.NOT_A_LOG)
        return None
    trace_id = words.read_id(_pick(raw, "traceId", "trace_id"))
    span_id = words.read_id(_pick(raw, "spanId", "span_id"))
    if trace_id is None or span_id is None:
        lost.append(words.LOG_WITHOUT_SPAN)
        return None
    time_ns = words.read_time(_pick(raw, "timeUnixNano", "time_unix_nano"))
    if time_ns is None:
        lost.append(words.ODD_TIME)
    if not time_ns:
        time_ns = words.read_time(_pick(raw, "observedTimeUnixNano", "observed_time_unix_nano"))
    attributes = read_attributes(raw.get("attributes"), lost)
    name = _text(_pick(raw, "eventName", "event_name")) or _text(attributes.get("event.name"))
    severity = _pick(raw, "severityText", "severity_text")
    if isinstance(severity, str) and severity:
        attributes.setdefault(words.SEVERITY_KEY, severity)
    return LogRecord(trace_id, span_id, time_ns or 0, name, read_value(raw.get("body"), lost), attributes)
