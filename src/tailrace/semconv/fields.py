"""`make_span`: the typed fields of a span out of its attributes. Runs once a span of every import, so it is kept lean:
one look-up per attribute, no regular expression, no JSON unless a convention hides a number in one."""

from __future__ import annotations

from typing import Any, Final

from tailrace.model import Cost, Event, Json, Link, Span, SpanKind, SpanStatus, Usage
from tailrace.model.span import OpenSpan
from tailrace.model.time import parse_time
from tailrace.semconv import langfuse
from tailrace.semconv.content import content_of_events, render_input, render_output
from tailrace.semconv.table import CANDIDATES, FIRST_TOKEN_EVENTS, KIND_BY_PRESENCE, KINDS, Field, Reader
from tailrace.semconv.values import (
    STANDARD_TIER,
    decode,
    json_text,
    read_count,
    read_error_type,
    read_text,
    read_tier,
)

_LOWEST = 99
# asking an enum for its member takes longer than a look-up in this module
_TOOL, _AGENT, _UNSET = SpanKind.TOOL, SpanKind.AGENT, SpanStatus.UNSET
_INPUT_KEYS: Final = CANDIDATES[Field.INPUT][1]
_OUTPUT_KEYS: Final = CANDIDATES[Field.OUTPUT][1]
_COST_KEYS: Final = CANDIDATES[Field.COST][1]


_SOUND: Final[dict[Reader, type]] = {read_text: str, read_count: int}


def _make_slots() -> dict[str, tuple[int, int, Reader, Any]]:
    """Attribute -> (field, rank, reader, the type whose values need no reading unless empty, negative or huge)."""
    slots: dict[str, tuple[int, int, Reader, Any]] = {}
    for field, (reader, keys) in CANDIDATES.items():
        for rank, key in enumerate(keys):
            slots[key] = (int(field), rank, reader, _SOUND.get(reader))
    for rank, (key, words) in enumerate(KINDS):
        words = {**words, **{word.upper(): kind for word, kind in words.items()}}

        def read_kind(value: object, words: Any = words) -> SpanKind | None:
            return words.get(value) or words.get(value.strip().lower()) if type(value) is str else None

        slots[key] = (int(Field.KIND), rank, read_kind, None)
    return slots


_SLOTS: Final = _make_slots()
_NOTHING: Final[list[Any]] = [None] * len(Field)
_RANKS: Final = [_LOWEST] * len(Field)


def make_span(
    *,
    trace_id: str,
    span_id: str,
    parent_id: str | None,
    name: str,
    start_ns: int,
    end_ns: int | None,
    status: SpanStatus,
    status_message: str,
    attributes: dict[str, Json],
    resource: dict[str, Json],
    scope_name: str = "",
    scope_version: str = "",
    events: tuple[Event, ...] = (),
    links: tuple[Link, ...] = (),
    kind: SpanKind | None = None,
) -> Span:
    """The span that these facts of a source make, with the typed fields of all conventions found.

    `attributes` is taken over: the text attribute that is the input moves to `Span.input` (and the output's to
    `Span.output`), the rest stays. `kind` overrides what the attributes say. Unsound values (wrong type, NaN,
    negative counts) leave their field None and stay in the attributes. Never raises over what attributes hold.
    """
    found = _NOTHING[:]
    ranks = _RANKS[:]
    slot_of = _SLOTS.get
    for key, value in attributes.items():
        entry = slot_of(key)
        if entry is not None:
            slot, rank, reader, sound = entry
            if rank < ranks[slot]:
                # most values are texts and small counts that need no reading: a call saved
                if type(value) is not sound or not value or (sound is int and not 0 < value < 1 << 32):
                    value = reader(value)
                    if value is None:
                        continue
                found[slot] = value
                ranks[slot] = rank
    (
        said_kind,
        model,
        provider,
        tool,
        agent,
        entity,
        prompt_name,
        prompt_version,
        session,
        user,
        environment,
        version,
        tags,
        error_type,
        ttft_s,
        ttft_ms,
        first_token_at,
        input_value,
        output_value,
        tokens_in,
        tokens_out,
        tokens_total,
        cache_read,
        cache_write,
        reasoning,
        usage_json,
        cost_total,
        cost_in,
        cost_out,
        cost_json,
        level,
        said_message,
        parameters,
        audio_in,
        audio_out,
        tier,
    ) = found

    if kind is None:
        kind = said_kind
        if kind is None:
            kind = SpanKind.UNKNOWN
            for key, meaning in KIND_BY_PRESENCE:
                if key in attributes:
                    kind = meaning
                    break

    if level is not None and status is _UNSET and _is_error_level(level):
        status = SpanStatus.ERROR
    if said_message is not None and not status_message:
        status_message = said_message

    ttft_ns: int | None = None
    if ttft_s is not None:
        ttft_ns = _nanoseconds(ttft_s, 1e9)
    elif ttft_ms is not None:
        ttft_ns = _nanoseconds(ttft_ms, 1e6)
    elif first_token_at is not None:
        ttft_ns = _since(start_ns, first_token_at)
    if events:
        if ttft_ns is None:
            for event in events:
                if event.name in FIRST_TOKEN_EVENTS:
                    ttft_ns = event.time_ns - start_ns if event.time_ns >= start_ns else None
                    break
        if error_type is None and status is not SpanStatus.OK:
            for event in reversed(events):
                if event.name == "exception":
                    error_type = read_error_type(event.attributes.get("exception.type"))
                    break

    usage: Usage | None = None
    if tokens_in is not None or tokens_out is not None or tokens_total is not None:
        if tokens_total is None:
            tokens_total = tokens_out if tokens_in is None else tokens_in + (tokens_out or 0)
        if tier is None and parameters is not None:
            tier = _tier_of(parameters)
        # figures that contradict each other (more cached than there is input) are left as the source has them
        usage = Usage(
            tokens_in,
            tokens_out,
            tokens_total,
            cache_read,
            cache_write,
            reasoning,
            audio_in,
            audio_out,
            None if tier == STANDARD_TIER else tier,
        )
    elif usage_json is not None:
        usage = langfuse.read_usage(usage_json, tier or (None if parameters is None else _tier_of(parameters)))

    cost: Cost | None = None
    if cost_total is not None:
        cost = Cost(cost_total, input=cost_in, output=cost_out, detail=_COST_KEYS[ranks[Field.COST]])
    elif cost_in is not None or cost_out is not None:
        key = CANDIDATES[Field.COST_IN if cost_in is not None else Field.COST_OUT][1][
            ranks[Field.COST_IN if cost_in is not None else Field.COST_OUT]
        ]
        cost = Cost((cost_in or 0.0) + (cost_out or 0.0), input=cost_in, output=cost_out, detail=key)
    elif cost_json is not None:
        cost = langfuse.read_cost(cost_json)

    if kind is _TOOL:
        if tool is None:
            tool = entity or _named_after(name, "execute_tool ", attributes)
    elif kind is _AGENT and agent is None:
        agent = entity or _named_after(name, "invoke_agent ", attributes)
    if model is None and parameters is not None:
        known = decode(parameters)
        model = read_text(known.get("model") or known.get("model_name")) if type(known) is dict else None

    input_key: str | None = None
    if input_value is None:
        input_value = render_input(attributes, kind)
    elif type(input_value) is str:
        input_key = _INPUT_KEYS[ranks[Field.INPUT]]
        del attributes[input_key]
    else:
        input_value = json_text(input_value)
    output_key: str | None = None
    if output_value is None:
        output_value = render_output(attributes, kind)
    elif type(output_value) is str:
        output_key = _OUTPUT_KEYS[ranks[Field.OUTPUT]]
        del attributes[output_key]
    else:
        output_value = json_text(output_value)
    if events and (input_value is None or output_value is None):
        told, said = content_of_events(events)
        input_value = input_value or told
        output_value = output_value or said

    if environment is None:
        environment = read_text(
            resource.get("deployment.environment.name")
            or resource.get("deployment.environment")
            or resource.get("langfuse.environment")
        )
    if version is None:
        version = read_text(resource.get("service.version") or resource.get("langfuse.release"))

    span = OpenSpan(
        trace_id,
        span_id,
        parent_id,
        name,
        start_ns,
        end_ns,
        kind,
        status,
        status_message,
        error_type,
        model,
        provider,
        tool,
        agent,
        prompt_name,
        prompt_version,
        session,
        user,
        environment,
        version,
        tags or (),
        ttft_ns,
        usage,
        cost,
        input_value,
        input_key,
        output_value,
        output_key,
        attributes,
        resource,
        scope_name,
        scope_version,
        events,
        links,
    )
    span.__class__ = Span
    return span


def _tier_of(parameters: Json) -> str | None:
    """The service tier that was asked for among the parameters of a call."""
    if type(parameters) is str and "service_tier" not in parameters:
        return None
    known = decode(parameters)
    return read_tier(known.get("service_tier")) if type(known) is dict else None


def _is_error_level(level: str) -> bool:
    """Langfuse's words, and Logfire's numbers (17 is error, 21 fatal)."""
    return level == "ERROR" or (level.isdecimal() and len(level) < 4 and int(level) >= 17)


def _nanoseconds(amount: float, unit: float) -> int | None:
    product = amount * unit
    return round(product) if product < 1e18 else None


def _since(start_ns: int, text: str) -> int | None:
    try:
        moment = parse_time(text.strip('" '))
    except ValueError:
        return None
    return moment - start_ns if moment >= start_ns else None


def _named_after(name: str, operation: str, attributes: dict[str, Json]) -> str | None:
    """The tool or agent that a span's name names: "execute_tool search" in OpenTelemetry, "search" where the
    instrumentation names such spans after what they run."""
    if name.startswith(operation):
        return name[len(operation) :].strip() or None
    return name if "openinference.span.kind" in attributes or "langfuse.observation.type" in attributes else None
