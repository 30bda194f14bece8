"""OTLP's ids, times, enums and limits as plain values, the same for JSON and protobuf."""

from __future__ import annotations

import base64
import binascii
import re

from tailrace.model import Event, Json, SpanStatus
from tailrace.model.time import parse_time

INT64_MIN, INT64_MAX = -(1 << 63), (1 << 63) - 1

# Deeper values are kept as JSON text: what reads them later may be recursive, and nobody nests this deep on purpose.
MAX_DEPTH = 64
_MAX_ID = 512

STATUS_OF: dict[Json, SpanStatus] = {
    0: SpanStatus.UNSET,
    1: SpanStatus.OK,
    2: SpanStatus.ERROR,
    "STATUS_CODE_UNSET": SpanStatus.UNSET,
    "STATUS_CODE_OK": SpanStatus.OK,
    "STATUS_CODE_ERROR": SpanStatus.ERROR,
}
CODE_OF = {SpanStatus.UNSET: 0, SpanStatus.OK: 1, SpanStatus.ERROR: 2}

# OpenTelemetry's span kind is not Tailrace's. It is kept under the attribute that OpenTelemetry itself uses where a
# format has no field for it, and so are the other rare fields; internal and unspecified say nothing.
KIND_KEY = "span.kind"
KIND_WORD: dict[Json, str] = {
    2: "server",
    3: "client",
    4: "producer",
    5: "consumer",
    "SPAN_KIND_SERVER": "server",
    "SPAN_KIND_CLIENT": "client",
    "SPAN_KIND_PRODUCER": "producer",
    "SPAN_KIND_CONSUMER": "consumer",
}
CODE_OF_KIND = {"server": 2, "client": 3, "producer": 4, "consumer": 5}
TRACE_STATE_KEY = "w3c.tracestate"
SEVERITY_KEY = "severity_text"
DROPPED_KEYS = (
    ("droppedAttributesCount", "dropped_attributes_count", "otel.dropped_attributes_count"),
    ("droppedEventsCount", "dropped_events_count", "otel.dropped_events_count"),
    ("droppedLinksCount", "dropped_links_count", "otel.dropped_links_count"),
)

# A logfire placeholder: written when a span starts, under an id of its own, naming the real span as its parent.
SPAN_TYPE_KEY = "logfire.span_type"
PENDING = "pending_span"
PENDING_PARENT_KEY = "logfire.pending_parent_id"

_EVALUATION = "gen_ai.evaluation.result"

NO_TRACE_ID = "span without a trace id"
NO_SPAN_ID = "span without a span id"
NO_START = "span without a start time"
ODD_TIME = "time that cannot be"
ODD_VALUE = "value of a wrong type"
TOO_DEEP = "value nested too deeply"
NOT_A_SPAN = "span that is not an object"
NOT_A_LOG = "log record that is not an object"
LOG_WITHOUT_SPAN = "log record without a span"
METRIC = "metric (Tailrace shows traces and their logs)"
PROFILE = "profile (Tailrace shows traces and their logs)"
NOT_OTLP = "not an OTLP request"
ODD_REQUEST = "part of a request that is not as OTLP has it"

_HEX = re.compile(r"[0-9a-fA-F]+")


def may_have_annotations(data: bytes) -> bool:
    """Whether the attributes of these requests can hold judgements ("annotations.0…", "evaluations.0…"). One look is
    cheaper than two."""
    return b"ations." in data


def may_hold_annotations(attributes: dict[str, Json]) -> bool:
    """The same of attributes that have been read: a third of the price, as values are not looked at."""
    return "ations." in " ".join(attributes)


def has_evaluation(events: tuple[Event, ...]) -> bool:
    """Whether one of a span's events is a judgement."""
    return _EVALUATION in [event.name for event in events]


def stand_in(
    attributes: dict[str, Json], span_id: str, parent_id: str | None, end_ns: int | None
) -> tuple[str, str | None, int | None]:
    """Ids and end of a span. A placeholder goes under the id of the span it announces and is open, so that the real one
    replaces it; its own parent's id leaves the attributes, so that it is one only once."""
    if attributes.get(SPAN_TYPE_KEY) != PENDING or parent_id is None or PENDING_PARENT_KEY not in attributes:
        return span_id, parent_id, end_ns
    return parent_id, read_id(attributes.pop(PENDING_PARENT_KEY)), None


def read_id(raw: Json) -> str | None:
    """An id as lower-case hex where it is hex or base64 of the bytes, else its own text; None where there is none
    (missing, empty, all zeros, not a text)."""
    if type(raw) is not str:
        return None
    text = raw.strip()
    if not text or len(text) > _MAX_ID:
        return None
    if _HEX.fullmatch(text):
        return text.lower() if text.strip("0") else None
    if (len(text) == 24 and text.endswith("==")) or (len(text) == 12 and text.endswith("=")):
        try:
            decoded = base64.b64decode(text, validate=True)
        except binascii.Error:
            return text
        return decoded.hex() if any(decoded) else None
    return text


def read_time(raw: Json) -> int | None:
    """Nanoseconds since the epoch out of a number or text; 0 where there is none. None when it cannot be a time."""
    if raw is None or raw == "":
        return 0
    try:
        if type(raw) is str:
            text = raw.strip()
            if text.isdecimal():
                time_ns = int(text)
            elif "T" in text or ":" in text:
                time_ns = parse_time(text)
            else:
                time_ns = int(float(text))
        elif type(raw) is int or type(raw) is float:
            time_ns = int(raw)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return time_ns if 0 <= time_ns <= INT64_MAX else None


def read_whole(raw: Json) -> int | None:
    """A 64-bit integer out of a number or text; None when it is none."""
    try:
        if type(raw) is int:
            number = raw
        elif type(raw) is str or (type(raw) is float and raw.is_integer()):
            number = int(raw)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return number if INT64_MIN <= number <= INT64_MAX else None


def real(number: float) -> float | str:
    """A double as a JSON value: JSON has no NaN and no infinities, so these are the words protobuf writes for them."""
    if number - number == 0.0:
        return number
    return "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"
