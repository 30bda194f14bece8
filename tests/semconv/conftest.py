"""Real spans and log records of sample files, read the plain way: these tests trust no importer of ours."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tailrace.model import Event, Link, LogRecord, Span, SpanStatus
from tailrace.semconv import make_span

_STATUS = (SpanStatus.UNSET, SpanStatus.OK, SpanStatus.ERROR)


def plain(value: Any) -> Any:
    """An OTLP AnyValue as a plain value."""
    if not isinstance(value, dict) or not value:
        return None
    kind, inner = next(iter(value.items()))
    if kind == "arrayValue":
        return [plain(item) for item in inner.get("values", [])]
    if kind == "kvlistValue":
        return {item["key"]: plain(item.get("value")) for item in inner.get("values", [])}
    if kind == "bytesValue":
        return base64.b64decode(inner).hex()
    return int(inner) if kind == "intValue" else inner


def attributes_of(items: Any) -> dict[str, Any]:
    """An OTLP attribute list as a dict."""
    return {item["key"]: plain(item.get("value")) for item in items or []}


def span_of(raw: dict[str, Any], resource: dict[str, Any], scope: dict[str, Any]) -> Span:
    """A span of ours out of an OTLP JSON span."""
    status = raw.get("status") or {}
    return make_span(
        trace_id=raw["traceId"],
        span_id=raw["spanId"],
        parent_id=raw.get("parentSpanId") or None,
        name=raw["name"],
        start_ns=int(raw["startTimeUnixNano"]),
        end_ns=int(raw["endTimeUnixNano"]) or None,
        status=_STATUS[status.get("code", 0)],
        status_message=status.get("message", ""),
        attributes=attributes_of(raw.get("attributes")),
        resource=resource,
        scope_name=scope.get("name", ""),
        scope_version=scope.get("version", ""),
        events=tuple(
            Event(event["name"], int(event["timeUnixNano"]), attributes_of(event.get("attributes")))
            for event in raw.get("events", [])
        ),
        links=tuple(Link(link["traceId"], link["spanId"]) for link in raw.get("links", [])),
    )


@pytest.fixture(scope="session")
def spans_of(sample: Callable[[str], Path]) -> Callable[[str], list[Span]]:
    """The spans of a sample file of OTLP JSON lines."""

    def read(name: str) -> list[Span]:
        found = []
        with sample(name).open(encoding="utf-8") as lines:
            for line in lines:
                for group in json.loads(line).get("resourceSpans", []):
                    resource = attributes_of(group["resource"].get("attributes"))
                    for scoped in group["scopeSpans"]:
                        found += [span_of(raw, resource, scoped.get("scope", {})) for raw in scoped["spans"]]
        return found

    return read


@pytest.fixture(scope="session")
def raw_attributes(sample: Callable[[str], Path]) -> Callable[[str], dict[str, dict[str, Any]]]:
    """Span id -> the attributes as the file has them."""

    def read(name: str) -> dict[str, dict[str, Any]]:
        with sample(name).open(encoding="utf-8") as lines:
            return {
                raw["spanId"]: attributes_of(raw.get("attributes"))
                for line in lines
                for group in json.loads(line).get("resourceSpans", [])
                for scoped in group["scopeSpans"]
                for raw in scoped["spans"]
            }

    return read


@pytest.fixture(scope="session")
def logs_of(sample: Callable[[str], Path]) -> Callable[[str], list[LogRecord]]:
    """The log records of a sample file of OTLP JSON lines."""

    def read(name: str) -> list[LogRecord]:
        with sample(name).open(encoding="utf-8") as lines:
            return [
                LogRecord(
                    raw.get("traceId", ""),
                    raw.get("spanId", ""),
                    int(raw.get("timeUnixNano") or raw.get("observedTimeUnixNano") or 0),
                    raw.get("eventName", ""),
                    plain(raw.get("body")),
                    attributes_of(raw.get("attributes")),
                )
                for line in lines
                for group in json.loads(line).get("resourceLogs", [])
                for scoped in group["scopeLogs"]
                for raw in scoped["logRecords"]
            ]

    return read


@pytest.fixture
def made() -> Callable[..., Span]:
    """A span out of bare attributes: made({"gen_ai.request.model": "m"}, name="chat")."""

    def make(attributes: dict[str, Any], **facts: Any) -> Span:
        return make_span(
            **{
                "trace_id": "0" * 31 + "1",
                "span_id": "0" * 15 + "1",
                "parent_id": None,
                "name": "work",
                "start_ns": 1_000_000_000,
                "end_ns": 2_000_000_000,
                "status": SpanStatus.UNSET,
                "status_message": "",
                "resource": {},
                **facts,
                "attributes": attributes,
            }
        )

    return make
