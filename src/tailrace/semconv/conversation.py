"""`read_conversation`: what a model was told and what it said, whichever convention recorded it. Runs at view time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tailrace.model import Conversation, Event, Json, Message, Role, Span, SpanKind, TextPart, ToolDefinition
from tailrace.semconv import genai, logfire, vercel
from tailrace.semconv.content import flat_inputs, flat_outputs
from tailrace.semconv.flat import unflatten
from tailrace.semconv.messages import MESSAGE_LISTS, read_messages, read_tools
from tailrace.semconv.values import decode

_Witness = Callable[[Span, dict[str, Json], Sequence[Event]], Conversation]


def _hear_genai(span: Span, attributes: dict[str, Json], events: Sequence[Event]) -> Conversation:
    return genai.read_attributes(attributes)


def _hear_flat(span: Span, attributes: dict[str, Json], events: Sequence[Event]) -> Conversation:
    return Conversation(
        read_messages(flat_inputs(attributes), Role.USER), read_messages(flat_outputs(attributes), Role.ASSISTANT)
    )


def _hear_vercel(span: Span, attributes: dict[str, Json], events: Sequence[Event]) -> Conversation:
    return vercel.read_attributes(attributes)


def _hear_events(span: Span, attributes: dict[str, Json], events: Sequence[Event]) -> Conversation:
    return genai.read_events(events)


def _hear_logfire(span: Span, attributes: dict[str, Json], events: Sequence[Event]) -> Conversation:
    return genai.read_events(logfire.listed_events(attributes))


def _hear_values(span: Span, attributes: dict[str, Json], events: Sequence[Event]) -> Conversation:
    return Conversation(
        _read_value(span.input, Role.USER, span.kind), _read_value(span.output, Role.ASSISTANT, span.kind)
    )


# best first: who says something of the inputs is believed on them, likewise of the outputs
_WITNESSES: Final[tuple[_Witness, ...]] = (
    _hear_genai,
    _hear_flat,
    _hear_vercel,
    _hear_events,
    _hear_logfire,
    _hear_values,
)


def read_conversation(span: Span, events: Sequence[Event]) -> Conversation:
    """The conversation of a span. `events` are its own and those that its log records became (`log_event`).

    The best witness is heard, for inputs and outputs each: GenAI messages on the span, flattened messages, the Vercel
    SDK's attributes, events, and at last the span's input and output as far as they are made of messages. A model
    call whose input or output is plain text becomes one message of the user or assistant. What is not understood
    inside a message is an OtherPart. An empty Conversation where the span tells none. Never raises.
    """
    attributes = span.all_attributes()
    inputs: tuple[Message, ...] = ()
    outputs: tuple[Message, ...] = ()
    tools: tuple[ToolDefinition, ...] = ()
    for witness in _WITNESSES:
        heard = witness(span, attributes, events)
        inputs = inputs or heard.inputs
        outputs = outputs or heard.outputs
        tools = tools or heard.tools
        if inputs and outputs:
            break
    instructions = genai.read_instructions(attributes)
    if instructions and not (inputs and inputs[0].role is Role.SYSTEM):
        inputs = instructions + inputs
    inputs, outputs = _without_repetition(inputs, outputs, span.kind)
    return Conversation(inputs, _with_finish_reason(outputs, span, attributes), tools or _read_tools(span, attributes))


def _read_value(text: str | None, speaker: Role, kind: SpanKind) -> tuple[Message, ...]:
    if not text:
        return ()
    found = read_messages(text, speaker)
    if found or kind is not SpanKind.LLM or text in ('""', "[]", "{}"):
        return found
    plain = decode(text)
    if type(plain) is dict:
        if any(type(plain.get(key)) is list for key in MESSAGE_LISTS):
            return ()  # messages with nothing in them
        if type(plain.get("text")) is str and plain["text"]:
            plain = plain["text"]
    return (Message(speaker, (TextPart(plain if type(plain) is str else text),)),)


def _without_repetition(
    inputs: tuple[Message, ...], outputs: tuple[Message, ...], kind: SpanKind
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Agents often record their whole state: LangGraph's output begins with its input, pydantic-ai's one list of
    messages ends with the answer."""
    if kind is SpanKind.LLM:
        return inputs, outputs
    said = [(message.role, message.parts) for message in outputs]
    told = [(message.role, message.parts) for message in inputs]
    if told and len(said) > len(told) and said[: len(told)] == told:
        return inputs, outputs[len(told) :]
    if not outputs and kind is SpanKind.AGENT and len(inputs) > 1 and inputs[-1].role is Role.ASSISTANT:
        return inputs[:-1], inputs[-1:]
    return inputs, outputs


def _with_finish_reason(outputs: tuple[Message, ...], span: Span, attributes: dict[str, Json]) -> tuple[Message, ...]:
    """Where the one answer does not say why it ended, the span may, or the model API's answer in its output."""
    if len(outputs) != 1 or outputs[0].finish_reason is not None:
        return outputs
    reason = attributes.get("gen_ai.response.finish_reasons") or attributes.get("llm.finish_reason")
    if not reason and span.kind is SpanKind.LLM:
        answer = decode(span.output)
        if type(answer) is dict:
            choices = answer.get("choices")
            choice = choices[0] if type(choices) is list and choices and type(choices[0]) is dict else answer
            reason = choice.get("finish_reason")
    reason = decode(reason)
    if type(reason) is list:
        reason = reason[0] if reason else None
    if type(reason) is not str or not reason:
        return outputs
    last = outputs[0]
    return (Message(last.role, last.parts, last.name, reason, last.label),)


def _read_tools(span: Span, attributes: dict[str, Json]) -> tuple[ToolDefinition, ...]:
    found = read_tools(attributes.get("gen_ai.tool.definitions"))
    for prefix in ("llm.tools", "llm.request.functions"):
        found = found or read_tools(unflatten(attributes, prefix))
    found = found or read_tools(attributes.get("ai.prompt.tools")) or logfire.read_offered_tools(attributes)
    if not found and span.kind is SpanKind.LLM:
        request = decode(span.input)
        found = read_tools(request.get("tools")) if type(request) is dict else ()
    return found
