"""The Vercel AI SDK: a conversation split over ai.prompt… and ai.response… attributes."""

from __future__ import annotations

from tailrace.model import Conversation, Json, Message, Part, Role
from tailrace.semconv.messages import read_messages, read_tools
from tailrace.semconv.parts import read_tool_call
from tailrace.semconv.values import decode


def read_attributes(attributes: dict[str, Json]) -> Conversation:
    """What the SDK's model spans (ai.prompt.messages) and outer spans (ai.prompt) say."""
    inputs = read_messages(attributes.get("ai.prompt.messages"), Role.USER)
    return Conversation(
        inputs or read_messages(attributes.get("ai.prompt"), Role.USER),
        _read_response(attributes),
        read_tools(attributes.get("ai.prompt.tools")),
    )


def _read_response(attributes: dict[str, Json]) -> tuple[Message, ...]:
    reasoning, text = attributes.get("ai.response.reasoning"), attributes.get("ai.response.text")
    said = {"role": "assistant", "reasoning": reasoning, "content": text or attributes.get("ai.response.object")}
    message = read_messages([said], Role.ASSISTANT)
    parts: tuple[Part, ...] = message[0].parts if message else ()
    calls = decode(attributes.get("ai.response.toolCalls"))
    if type(calls) is list:
        parts += tuple(part for part in map(read_tool_call, calls) if part is not None)
    reason = attributes.get("ai.response.finishReason")
    return (Message(Role.ASSISTANT, parts, finish_reason=reason if type(reason) is str else None),) if parts else ()
