"""Small OTLP requests for tests, and reading a file to its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from tailrace.formats import Position, Skipped, recognise
from tailrace.model import Json, LogRecord, Score, Span

START = 1_795_218_292_000_000_000
TRACE = "0af7651916cd43dd8448eb211c80319c"
BROKEN = Path(__file__).parents[1] / "data" / "broken"


@dataclass
class Reading:
    """All that a file gave."""

    format: str
    spans: list[Span] = field(default_factory=list)
    logs: list[LogRecord] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)

    @property
    def reasons(self) -> dict[str, int]:
        return dict(Counter(skipped.reason for skipped in self.skipped))

    @property
    def ids(self) -> list[str]:
        return [span.span_id for span in self.spans]

    @property
    def resume(self) -> Json:
        return self.positions[-1].resume


def read(path: Path, resume: Json = None) -> Reading:
    """Recognise a file and read it to its end."""
    found = recognise(path)
    reading = Reading(found.name)
    into: dict[type, Callable[[Any], None]] = {
        Span: reading.spans.append,
        LogRecord: reading.logs.append,
        Score: reading.scores.append,
        Skipped: reading.skipped.append,
        Position: reading.positions.append,
    }
    for record in found.read(path, resume):
        into[type(record)](record)
    return reading


def span_id(number: int) -> str:
    return f"{0xA000000000000000 + number:016x}"


def span(number: int = 1, **changes: Json) -> dict[str, Json]:
    """A sound span in OTLP JSON; `changes` replace fields, None removes one."""
    made: dict[str, Json] = {
        "traceId": TRACE,
        "spanId": span_id(number),
        "name": f"step {number}",
        "kind": 1,
        "startTimeUnixNano": str(START + number),
        "endTimeUnixNano": str(START + number + 1_000_000),
        "attributes": [{"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}}],
        "status": {},
    }
    made |= changes
    return {key: value for key, value in made.items() if value is not None}


def request(*spans: Json, service: str = "shop") -> dict[str, Json]:
    """A request around spans."""
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
                "scopeSpans": [{"scope": {"name": "test", "version": "1"}, "spans": list(spans)}],
            }
        ]
    }


def log(**changes: Json) -> dict[str, Json]:
    """A sound log record."""
    made = {
        "timeUnixNano": str(START),
        "eventName": "gen_ai.user.message",
        "body": {"stringValue": "hello"},
        "traceId": TRACE,
        "spanId": span_id(1),
    } | changes
    return {key: value for key, value in made.items() if value is not None}


def logs_request(*records: Json) -> dict[str, Json]:
    """A request around log records."""
    return {"resourceLogs": [{"resource": {}, "scopeLogs": [{"scope": {}, "logRecords": list(records)}]}]}


def lines(*requests: Json) -> bytes:
    """JSON lines."""
    return b"".join(orjson.dumps(each) + b"\n" for each in requests)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
