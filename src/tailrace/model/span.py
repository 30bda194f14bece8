"""Spans, as every format hands them over and as the trace database gives them back."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, make_dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

# A JSON value: None, bool, int, float, str, list or dict of the same. Checking it recursively buys nothing here.
Json: TypeAlias = Any


class _Lenient(StrEnum):
    """An enum whose unknown values become UNKNOWN or UNSET: formats drift faster than releases."""

    @classmethod
    def _missing_(cls, value: object) -> _Lenient:
        lowered = str(value).strip().lower()
        for member in cls:
            if member.value == lowered:
                return member
        return next(member for member in cls if member.name in ("UNKNOWN", "UNSET"))


class SpanKind(_Lenient):
    """What a span does, after OpenInference and the OpenTelemetry GenAI conventions."""

    AGENT = "agent"
    CHAIN = "chain"
    LLM = "llm"
    TOOL = "tool"
    RETRIEVER = "retriever"
    EMBEDDING = "embedding"
    RERANKER = "reranker"
    GUARDRAIL = "guardrail"
    EVALUATOR = "evaluator"
    PROMPT = "prompt"
    UNKNOWN = "unknown"


class SpanStatus(_Lenient):
    """OpenTelemetry's status code."""

    UNSET = "unset"
    OK = "ok"
    ERROR = "error"


class CostSource(StrEnum):
    """Where a cost comes from, so that an estimate can say that it is one."""

    FILE = "file"
    PRICE_TABLE = "price table"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model call. `input` includes cached, cache-written and audio tokens, `output` includes reasoning
    and audio tokens (importers of formats that count otherwise add them up). `total` is what the source says, else
    input + output. `service_tier` is how the provider served it where that is not the usual way: batch, flex …"""

    input: int | None = None
    output: int | None = None
    total: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None
    audio_input: int | None = None
    audio_output: int | None = None
    service_tier: str | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars of one model call. `detail` names the price table and row, or the attribute the figure came from."""

    total: float
    source: CostSource = CostSource.FILE
    input: float | None = None
    output: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at one moment of a span."""

    name: str
    time_ns: int
    attributes: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A pointer to a span that is not the parent."""

    trace_id: str
    span_id: str
    attributes: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LogRecord:
    """An OTLP log record that belongs to a span. GenAI message content may be only here."""

    trace_id: str
    span_id: str
    time_ns: int
    name: str
    body: Json = None
    attributes: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """One unit of work.

    Ids are lower-case hex where the source has hex, else the source's own text. `end_ns` is None when the span has
    not ended (or the source lost its end). The typed fields below `status_message` are what `semconv` found in the
    attributes. `attributes` holds everything the source said except what moved to `input` and `output`: a text
    attribute that is the span's input moves there and `input_key` keeps its name, so that nothing is stored twice and
    nothing is lost. Where no single text attribute is the input (flattened messages, structured values), `input` is a
    JSON rendering and `input_key` is None.
    """

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    start_ns: int
    end_ns: int | None
    kind: SpanKind = SpanKind.UNKNOWN
    status: SpanStatus = SpanStatus.UNSET
    status_message: str = ""
    error_type: str | None = None
    model: str | None = None
    provider: str | None = None
    tool_name: str | None = None
    agent_name: str | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    session_id: str | None = None
    user_id: str | None = None
    environment: str | None = None
    version: str | None = None  # of the application or service
    tags: tuple[str, ...] = ()
    ttft_ns: int | None = None  # time to first token, from the span's start
    usage: Usage | None = None
    cost: Cost | None = None
    input: str | None = None
    input_key: str | None = None
    output: str | None = None
    output_key: str | None = None
    attributes: dict[str, Json] = field(default_factory=dict)
    resource: dict[str, Json] = field(default_factory=dict)  # shared between the spans of one resource
    scope_name: str = ""
    scope_version: str = ""
    events: tuple[Event, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def duration_ns(self) -> int | None:
        """Nanoseconds from start to end; None while the span is open."""
        return None if self.end_ns is None else self.end_ns - self.start_ns

    def all_attributes(self) -> dict[str, Json]:
        """The attributes as the source had them, with input and output back under their own keys."""
        whole = dict(self.attributes)
        if self.input_key is not None:
            whole[self.input_key] = self.input
        if self.output_key is not None:
            whole[self.output_key] = self.output
        return whole


if TYPE_CHECKING:
    OpenSpan = Span
else:
    # A frozen dataclass sets each field by a call: 2.2 µs for those of a Span. This twin has the same slots, sets them
    # in 0.4 and turns into a frozen Span when its __class__ is set to that. Every field must be given.
    OpenSpan = make_dataclass("OpenSpan", [(each.name, Any) for each in fields(Span)], slots=True)
