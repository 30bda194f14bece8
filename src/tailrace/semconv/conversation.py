"""`read_conversation`: what a model was told and what it said, whichever convention recorded it. Runs at view time."""

from __future__ import annotations

from collections.abc import Sequence

from tailrace.model import Conversation, Event, Json, Message, Role, Span, SpanKind, TextPart, ToolDefinition
from tailrace.semconv import genai
from tailrace.semconv.content import flat_inputs, flat_outputs
from tailrace.semconv.flat import unflatten
from tailrace.semconv.messages import read_messages, read_tools
from tailrace.semconv.parts import read_tool_call
from tailrace.semconv.values import decode


def read_conversation(span: Span, events: Sequence[Event]) -> Conversation:
    """The conversation of a span. `events` are its own and those that its log records became (`log_event`).

    The best witness is heard: GenAI messages, then flattened messages, then the Vercel SDK's, then events, then the
    span's input and output as far as they are made of messages. A model call whose input or output is a plain text
    becomes one message of the user or assistant. What is not understood inside a message is an OtherPart.
    """
    attributes = span.all_attributes()
    told = genai.read_attributes(attributes)
    inputs, outputs, tools = told.inputs, told.outputs, told.tools
    if not inputs or (
        inputs and inputs[-1].role is Role.SYSTEM and len(inputs) == len(genai.read_instructions(attributes))
    ):
        inputs = inputs + read_messages(flat_inputs(attributes), Role.USER)
    outputs = outputs or read_messages(flat_outputs(attributes), Role.ASSISTANT)
    only_system = all(message.role is Role.SYSTEM for message in inputs)
    if only_system or not outputs:
        if only_system:
            for key in ("ai.prompt.messages", "ai.prompt"):
                found = read_messages(attributes.get(key), Role.USER)
                if found:
                    inputs = found if found[0].role is Role.SYSTEM else inputs + found
                    break
        outputs = outputs or _read_vercel_response(attributes)
    only_system = all(message.role is Role.SYSTEM for message in inputs)
    if only_system or not outputs:
        heard = genai.read_events(events)
        if only_system and heard.inputs:
            inputs = heard.inputs if heard.inputs[0].role is Role.SYSTEM else inputs + heard.inputs
        outputs = outputs or heard.outputs
        tools = tools or heard.tools
    only_system = all(message.role is Role.SYSTEM for message in inputs)
    if only_system:
        found = _read_value(span.input, Role.USER, span.kind)
        inputs = found if found and found[0].role is Role.SYSTEM else inputs + found
    outputs = outputs or _read_value(span.output, Role.ASSISTANT, span.kind)
    outputs = _with_finish_reason(outputs, attributes)
    return Conversation(inputs, outputs, tools or _read_tools(span, attributes))


def _read_value(text: str | None, speaker: Role, kind: SpanKind) -> tuple[Message, ...]:
    if not text:
        return ()
    found = read_messages(text, speaker)
    if found or kind is not SpanKind.LLM or text in ("null", '""', "[]", "{}"):
        return found
    plain = decode(text)
    return (Message(speaker, (TextPart(plain if type(plain) is str else text),)),)


def _read_vercel_response(attributes: dict[str, Json]) -> tuple[Message, ...]:
    """The Vercel SDK splits what a model said over ai.response.reasoning, .text, .object and .toolCalls."""
    said = {
        "role": "assistant",
        "reasoning": attributes.get("ai.response.reasoning"),
        "content": attributes.get("ai.response.text") or attributes.get("ai.response.object"),
    }
    message = read_messages([said], Role.ASSISTANT)
    calls = decode(attributes.get("ai.response.toolCalls"))
    parts = message[0].parts if message else ()
    if type(calls) is list:
        parts += tuple(part for part in map(read_tool_call, calls) if part is not None)
    reason = attributes.get("ai.response.finishReason")
    return (Message(Role.ASSISTANT, parts, finish_reason=reason if type(reason) is str else None),) if parts else ()


def _with_finish_reason(outputs: tuple[Message, ...], attributes: dict[str, Json]) -> tuple[Message, ...]:
    """Where messages do not say why they ended, the span may."""
    if len(outputs) != 1 or outputs[0].finish_reason is not None:
        return outputs
    reasons = attributes.get("gen_ai.response.finish_reasons") or attributes.get("llm.finish_reason")
    reason = reasons[0] if type(reasons) is list and len(reasons) == 1 else reasons
    if type(reason) is not str or not reason:
        return outputs
    last = outputs[0]
    return (Message(last.role, last.parts, last.name, reason, last.label),)


def _read_tools(span: Span, attributes: dict[str, Json]) -> tuple[ToolDefinition, ...]:
    for prefix in ("llm.tools", "llm.request.functions"):
        found = read_tools(unflatten(attributes, prefix))
        if found:
            return found
    for key in ("ai.prompt.tools", "langfuse.observation.metadata.tools"):
        found = read_tools(attributes.get(key))
        if found:
            return found
    parameters = decode(attributes.get("model_request_parameters"))
    if type(parameters) is dict:
        found = read_tools(parameters.get("function_tools"))
        if found:
            return found
    if span.kind is SpanKind.LLM:
        request = decode(span.input)
        if type(request) is dict:
            return read_tools(request.get("tools"))
    return ()
