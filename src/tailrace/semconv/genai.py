"""OpenTelemetry GenAI: messages on the span and in events, all generations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tailrace.model import Conversation, Event, Json, Message, Role
from tailrace.semconv.messages import read_messages, read_tools
from tailrace.semconv.values import decode

BODY: Final = "log.body"
_NOT_BODY: Final = ("gen_ai.system", "event.name")
DETAILS: Final = "gen_ai.client.inference.operation.details"
_ROLES: Final = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}
CONTENT_EVENTS: Final = frozenset(
    {*_ROLES, "gen_ai.choice", DETAILS, "gen_ai.content.prompt", "gen_ai.content.completion"}
)


def read_instructions(attributes: dict[str, Json]) -> tuple[Message, ...]:
    """The system instructions that go before the messages; they are parts without a speaker."""
    value = decode(attributes.get("gen_ai.system_instructions"))
    if type(value) is str and value:
        value = [{"type": "text", "content": value}]
    return read_messages(value, Role.SYSTEM)


def read_attributes(attributes: dict[str, Json]) -> Conversation:
    """Messages and tools as gen_ai.* attributes of a span or of a details event, without the instructions."""
    return Conversation(
        read_messages(attributes.get("gen_ai.input.messages"), Role.USER),
        read_messages(attributes.get("gen_ai.output.messages"), Role.ASSISTANT),
        read_tools(attributes.get("gen_ai.tool.definitions")),
    )


def read_events(events: Sequence[Event]) -> Conversation:
    """The conversation that events tell: one details event, else one event a message, in the order given."""
    for event in events:
        if event.name == DETAILS:
            whole = dict(event.attributes)
            body = decode(whole.get(BODY))
            if type(body) is dict:
                whole = {**body, **whole}
            told = read_attributes(whole)
            if told:
                instructions = read_instructions(whole)
                if told.inputs and told.inputs[0].role is Role.SYSTEM:
                    instructions = ()
                return Conversation(instructions + told.inputs, told.outputs, told.tools)
    inputs: list[Message] = []
    outputs: list[Message] = []
    for event in events:
        role = _ROLES.get(event.name)
        if role is not None:
            inputs.extend(read_messages([{"role": role, **_body_of(event)}]))
        elif event.name == "gen_ai.choice":
            body = _body_of(event)
            message = decode(body.get("message"))
            if type(message) is dict:
                body = {"finish_reason": body.get("finish_reason"), "message": {"role": "assistant", **message}}
            elif type(message) is str:
                body = {"role": "assistant", "content": message, "finish_reason": body.get("finish_reason")}
            else:
                body = {"role": "assistant", **body}
            outputs.extend(read_messages([body], Role.ASSISTANT))
        elif event.name == "gen_ai.content.prompt":
            inputs.extend(_read_content(event.attributes.get("gen_ai.prompt"), Role.USER))
        elif event.name == "gen_ai.content.completion":
            outputs.extend(_read_content(event.attributes.get("gen_ai.completion"), Role.ASSISTANT))
    return Conversation(tuple(inputs), tuple(outputs))


def _body_of(event: Event) -> dict[str, Json]:
    """The message of an event: a log record's body, Azure's JSON attribute, or the attributes themselves."""
    attributes = event.attributes
    for key in (BODY, "gen_ai.event.content", "event.body"):
        body = decode(attributes.get(key))
        if type(body) is dict:
            return body
        if type(body) is str and body:
            return {"content": body}
    return {key.rpartition(".")[2]: decode(value) for key, value in attributes.items() if key not in _NOT_BODY}


def _read_content(value: Json, speaker: Role) -> tuple[Message, ...]:
    return read_messages(value, speaker) or plain_message(value, speaker)


def plain_message(value: Json, speaker: Role) -> tuple[Message, ...]:
    """One message that says a text."""
    return read_messages([{"role": speaker.value, "content": value}]) if type(value) is str and value else ()
