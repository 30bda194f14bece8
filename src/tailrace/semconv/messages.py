"""Messages out of the JSON shapes that conventions, frameworks and model APIs use, and back to GenAI message JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tailrace.model import (
    Json,
    MediaPart,
    Message,
    OtherPart,
    Part,
    ReasoningPart,
    Role,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
)
from tailrace.semconv.parts import (
    PART_TYPES,
    SPOKEN_TYPES,
    first_of,
    own_text,
    read_part,
    read_tool_call,
    result_text,
)
from tailrace.semconv.values import decode, json_text

# LangChain and pydantic-ai name the speaker by the message's type
_SPEAKER_TYPES: Final = {
    "human": "human",
    "ai": "ai",
    "AIMessageChunk": "ai",
    "HumanMessageChunk": "human",
    "system": "system",
    "tool": "tool",
    "function": "function",
    "developer": "developer",
}
_SPEAKER_CLASSES: Final = {
    "SystemMessage": "system",
    "HumanMessage": "human",
    "AIMessage": "ai",
    "AIMessageChunk": "ai",
    "ToolMessage": "tool",
    "FunctionMessage": "function",
}
_CONTENT_KEYS: Final = frozenset({"content", "parts", "contents", "text", "tool_calls", "toolCalls", "function_call"})

# where an object that is no message itself keeps its messages
MESSAGE_LISTS: Final = ("messages", "contents", "choices", "generations", "candidates")


def read_messages(value: Json, speaker: Role = Role.USER) -> tuple[Message, ...]:
    """The messages that a value holds, oldest first; () where it is not made of messages. `speaker` has the word
    where the value does not say who speaks: USER for inputs, ASSISTANT for outputs. Takes JSON texts and values."""
    value = decode(value)
    if type(value) is dict:
        if not _is_message(value):
            return _read_wrapper(value, speaker)
        value = [value]
    if type(value) is not list or not value:
        return ()
    for _ in range(3):  # LangChain hands over batches of conversations
        if not all(type(item) is list for item in value):
            break
        value = [item for batch in value for item in batch]
    if not value:
        return ()
    if type(value[0]) is not dict or not _is_message(value[0]):
        return _read_parts_alone(value, speaker)
    return tuple(message for message in (_read_message(item, speaker) for item in value) if message is not None)


def _is_message(value: dict[str, Json]) -> bool:
    """Whether an object is one message (of any spelling) rather than something that holds messages."""
    role = value.get("role")
    if type(role) is str and (not _CONTENT_KEYS.isdisjoint(value) or Role.of(role) is not Role.UNKNOWN):
        return True
    if type(value.get("message")) is dict or ("lc" in value and type(value.get("kwargs")) is dict):
        return True
    kind = value.get("type")
    if type(kind) is not str:
        return type(value.get("parts")) is list or type(value.get("generation_info")) is dict
    if kind in _SPEAKER_TYPES:
        return "content" in value or type(value.get("data")) is dict
    return kind in ("message", "function_call", "function_call_output", "ChatGeneration")


def _read_parts_alone(value: list[Json], speaker: Role) -> tuple[Message, ...]:
    """A list of parts with no speaker (system instructions): one message."""
    if not all(type(item) is dict and _is_part(item) for item in value) or not any(map(_is_spoken, value)):
        return ()
    parts = _some(map(read_part, value))
    return (Message(speaker, parts),) if parts else ()


def _read_wrapper(value: dict[str, Json], speaker: Role) -> tuple[Message, ...]:
    """Requests and answers of model APIs, as instrumentation hands them over whole."""
    found: list[Message] = []
    system = first_of(value, "system", "instructions", "system_instruction", "systemInstruction")
    if type(system) is str and system:
        found.append(Message(Role.SYSTEM, (TextPart(system),)))
    elif type(system) is list:
        found.extend(_read_parts_alone(system, Role.SYSTEM))
    elif type(system) is dict and type(system.get("parts")) is list:
        parts = _some(map(read_part, system["parts"]))
        if parts:
            found.append(Message(Role.SYSTEM, parts))
    for key in MESSAGE_LISTS:
        items = value.get(key)
        if type(items) is dict:
            items = [items]
        if type(items) is list and items:
            found.extend(read_messages([_unwrap_candidate(item) for item in items], speaker))
            return tuple(found)
    prompt = value.get("prompt")
    if type(prompt) is str and prompt and (found or "model" in value or len(value) == 1):
        return (*found, Message(Role.USER, (TextPart(prompt),)))
    if type(prompt) is list:
        return (*found, *read_messages(prompt, speaker))
    for key in ("input", "output"):
        items = value.get(key)
        if type(items) is list and items and type(items[0]) is dict and (_is_message(items[0]) or _is_part(items[0])):
            return (*found, *(m for m in (_read_message(item, speaker) for item in items) if m is not None))
    return tuple(found) if "model" in value else ()


def _is_part(value: dict[str, Json]) -> bool:
    kind = value.get("type")
    # Vercel lists tool calls without a type
    return kind in PART_TYPES if type(kind) is str else "toolCallId" in value and "toolName" in value


def _is_spoken(value: dict[str, Json]) -> bool:
    """Files and functions in a list may as well be search results or tool definitions; these can only be speech."""
    kind = value.get("type")
    return type(kind) is not str or kind in SPOKEN_TYPES


def _unwrap_candidate(item: Json) -> Json:
    """Gemini's candidates hold {"content": {"role", "parts"}, "finishReason"}."""
    if type(item) is dict and type(item.get("content")) is dict and type(item["content"].get("parts")) is list:
        return {"role": "model", **item["content"], "finish_reason": first_of(item, "finishReason", "finish_reason")}
    return item


def _read_message(item: Json, speaker: Role) -> Message | None:
    if type(item) is str:
        return Message(speaker, (TextPart(item),)) if item else None
    if type(item) is not dict:
        return Message(speaker, (OtherPart(type(item).__name__, item),)) if item is not None else None
    body = item
    reason = first_of(item, "finish_reason", "stop_reason", "finishReason")
    word: Json = None
    # {"message"} of OpenAI's choices, OpenInference and LangChain's generations; {"lc", "kwargs"}; {"type", "data"}
    for _ in range(3):
        inner = body.get("message")
        if type(inner) is dict:
            info = body.get("generation_info")
            if reason is None and type(info) is dict:
                reason = info.get("finish_reason")
            body = inner
        elif "lc" in body and type(body.get("kwargs")) is dict:
            name = body.get("id")
            word = _SPEAKER_CLASSES.get(str(name[-1])) if type(name) is list and name else None
            body = body["kwargs"]
        elif type(body.get("data")) is dict and (speaks := _speaker_of(body)) is not None:
            word = speaks
            body = body["data"]
        else:
            break
        reason = reason or first_of(body, "finish_reason", "stop_reason")
    if word is None:
        word = body.get("role")
        if type(word) is not str:
            word = _speaker_of(body)
    role = Role.of(word) if type(word) is str else speaker
    label = word if type(word) is str and word != role.value else None
    if type(word) is not str and _is_part(body):
        part = read_part(body)
        if part is None:
            return None
        if isinstance(part, ToolResultPart):
            return Message(Role.TOOL, (part,))
        is_model = isinstance(part, ToolCallPart | ReasoningPart)
        return Message(Role.ASSISTANT if is_model else speaker, (part,), label=label)
    parts = _read_body(body, role)
    if not parts and type(reason) is not str:
        return None
    if role is Role.USER and all(isinstance(part, ToolResultPart) for part in parts):
        role, label = Role.TOOL, "user"  # Anthropic and pydantic-ai answer calls in the user's name
    own_name = body.get("name")
    return Message(
        role,
        parts,
        name=own_name if type(own_name) is str and own_name else None,
        finish_reason=reason if type(reason) is str and reason else None,
        label=label,
    )


def _speaker_of(body: dict[str, Json]) -> str | None:
    kind = body.get("type")
    if type(kind) is not str and type(body.get("parts")) is list:
        return {"request": "user", "response": "assistant"}.get(str(body.get("kind"))[:8])  # pydantic-ai's own messages
    return _SPEAKER_TYPES.get(kind) if type(kind) is str else None


def _read_body(body: dict[str, Json], role: Role) -> tuple[Part, ...]:
    """The parts of one message: thinking, content, then calls."""
    parts: list[Part | None] = []
    thinking = first_of(body, "reasoning_content", "reasoning", "thinking")
    if type(thinking) is str and thinking:
        parts.append(ReasoningPart(thinking))
    content = first_of(body, "parts", "content", "contents", "text")
    if type(content) is str and content[:1] == "[" and "parts" not in body and role is not Role.TOOL:
        decoded = decode(content)  # OpenLLMetry keeps lists of parts as JSON in gen_ai.prompt.N.content
        if type(decoded) is list and decoded and all(type(p) is dict and _is_part(p) for p in decoded):
            content = decoded
    if role is Role.TOOL and type(body.get("parts")) is not list and not _holds_results(content):
        call_id = own_text(first_of(body, "tool_call_id", "id"))
        if content is not None or call_id is not None:
            failed = body.get("status") == "error" or body.get("is_error") is True
            parts.append(ToolResultPart(result_text(content), call_id, own_text(body.get("name")), failed))
    elif type(content) is list:
        parts.extend(map(read_part, content))
    elif content is not None:
        parts.append(read_part(content))
    refusal = body.get("refusal")
    if type(refusal) is str and refusal:
        parts.append(TextPart(refusal))
    calls = body.get("tool_calls") or body.get("toolCalls")
    extra = body.get("additional_kwargs")
    if not calls and type(extra) is dict:
        calls = extra.get("tool_calls")
    if type(calls) is list:
        said = {part.call_id for part in parts if isinstance(part, ToolCallPart) and part.call_id is not None}
        read = map(read_tool_call, calls)
        parts.extend(part for part in read if not (isinstance(part, ToolCallPart) and part.call_id in said))
    legacy = body.get("function_call")
    if type(legacy) is dict:
        parts.append(read_tool_call(legacy))
    elif type(body.get("function_call_name")) is str:
        parts.append(
            ToolCallPart(body["function_call_name"], json_text(body.get("function_call_arguments_json") or ""), None)
        )
    return _some(parts)


def _holds_results(content: Json) -> bool:
    return type(content) is list and any(
        type(item) is dict and isinstance(item.get("type"), str) and "result" in item["type"] for item in content
    )


def _some(parts: Iterable[Part | None]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part is not None)


def read_tools(value: Json) -> tuple[ToolDefinition, ...]:
    """Tool definitions of OpenAI ({"type", "function"}), Anthropic, Vercel (JSON texts) or OpenTelemetry."""
    value = decode(value)
    if type(value) is dict:
        value = [value]
    if type(value) is not list:
        return ()
    found: list[ToolDefinition] = []
    for item in value:
        item = decode(item)
        if type(item) is not dict:
            continue
        inner = first_of(item, "function", "tool")
        body = inner if type(inner) is dict else item
        schema = decode(body.get("json_schema"))  # OpenInference
        if type(schema) is dict:
            body = schema["function"] if type(schema.get("function")) is dict else schema
        name = own_text(body.get("name"))
        if name is None:
            continue
        parameters = first_of(
            body, "parameters", "input_schema", "inputSchema", "parameters_json_schema", "parametersJsonSchema"
        )
        found.append(
            ToolDefinition(
                name,
                own_text(body.get("description")) or "",
                "" if parameters is None else json_text(parameters),
            )
        )
    return tuple(found)


def as_genai(messages: Iterable[Message]) -> list[Json]:
    """Messages in the form of OpenTelemetry's message JSON schema."""
    return [
        {
            "role": message.label if message.role is Role.UNKNOWN and message.label else message.role.value,
            "parts": [_part_as_genai(part) for part in message.parts],
            **({"name": message.name} if message.name is not None else {}),
            **({"finish_reason": message.finish_reason} if message.finish_reason is not None else {}),
        }
        for message in messages
    ]


def _part_as_genai(part: Part) -> Json:
    match part:
        case TextPart(text):
            return {"type": "text", "content": text}
        case ReasoningPart(text):
            return {"type": "reasoning", "content": text}
        case ToolCallPart(name, arguments, call_id):
            return {"type": "tool_call", "id": call_id, "name": name, "arguments": arguments}
        case ToolResultPart(result, call_id, name, is_error):
            return {
                "type": "tool_call_response",
                "id": call_id,
                "response": result,
                **({"name": name} if name is not None else {}),
                **({"is_error": True} if is_error else {}),
            }
        case MediaPart(modality, mime_type, data, uri):
            known = {"mime_type": mime_type, "modality": modality}
            return (
                {"type": "blob", **known, "content": data} if data is not None else {"type": "uri", **known, "uri": uri}
            )
        case OtherPart(_, value):
            return value


def genai_text(messages: Iterable[Message]) -> str | None:
    """Message JSON as text; None for no messages."""
    rendered = as_genai(messages)
    return json_text(rendered) if rendered else None
