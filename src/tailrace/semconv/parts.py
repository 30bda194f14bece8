"""One part of a message, in the spelling of any convention, to a value of the model."""

from __future__ import annotations

from typing import Final

from tailrace.model import Json, MediaPart, OtherPart, Part, ReasoningPart, TextPart, ToolCallPart, ToolResultPart
from tailrace.semconv.values import json_text

TEXT_TYPES: Final = frozenset(
    {"text", "input_text", "output_text", "refusal", "summary_text", "user-prompt", "system-prompt"}
)
_REASONING_TYPES: Final = frozenset({"reasoning", "thinking", "redacted_thinking", "redacted-reasoning"})
_CALL_TYPES: Final = frozenset({"tool_call", "tool-call", "tool_use", "function_call", "toolCall", "function"})
_RESULT_TYPES: Final = frozenset(
    {"tool_call_response", "tool-result", "tool_result", "function_call_output", "tool-return", "tool_call_result"}
)
_MEDIA_TYPES: Final = {
    "blob": "",
    "uri": "",
    "file": "file",
    "input_file": "file",
    "document": "file",
    "document_url": "file",
    "image": "image",
    "image_url": "image",
    "input_image": "image",
    "output_image": "image",
    "image-url": "image",
    "audio": "audio",
    "input_audio": "audio",
    "audio_url": "audio",
    "video": "video",
    "video_url": "video",
    "media": "file",
    "binary": "file",
}
SPOKEN_TYPES: Final = (TEXT_TYPES | _REASONING_TYPES | _CALL_TYPES | _RESULT_TYPES) - {"function"}
PART_TYPES: Final = TEXT_TYPES | _REASONING_TYPES | _CALL_TYPES | _RESULT_TYPES | frozenset(_MEDIA_TYPES)


def first_of(body: dict[str, Json], *keys: str) -> Json:
    """The first of these keys that holds something."""
    for key in keys:
        value = body.get(key)
        if value is not None:
            return value
    return None


def own_text(value: Json) -> str | None:
    """A text or a number's digits; None for anything else."""
    if type(value) is str:
        return value or None
    return str(value) if type(value) is int and abs(value) < 1 << 63 else None


def read_part(value: Json) -> Part | None:
    """The part that a value stands for; None for an empty one. What is not understood is an OtherPart."""
    if type(value) is str:
        return TextPart(value) if value else None
    if type(value) is not dict:
        return None if value is None else OtherPart(type(value).__name__, value)
    inner = value.get("message_content")
    if type(inner) is dict:
        value = inner
    kind = first_of(value, "type", "part_kind")
    if type(kind) is not str:
        return _read_untyped(value)
    if kind in TEXT_TYPES:
        text = first_of(value, "content", "text", "refusal")
        if type(text) is str:
            return TextPart(text) if text else None
    elif kind in _REASONING_TYPES:
        text = first_of(value, "content", "text", "thinking", "reasoning", "summary")
        if type(text) is list:
            text = "\n\n".join(filter(None, map(plain_text, text)))
        if type(text) is str:
            return ReasoningPart(text) if text else (OtherPart(kind, value) if len(value) > 2 else None)
    elif kind in _CALL_TYPES:
        return read_tool_call(value)
    elif kind in _RESULT_TYPES:
        return read_tool_result(value)
    elif kind in _MEDIA_TYPES:
        media = _read_media(_MEDIA_TYPES[kind], value)
        if media is not None:
            return media
    return OtherPart(kind, value)


def _read_untyped(value: dict[str, Json]) -> Part | None:
    """Gemini's parts, Bedrock's blocks and OpenInference's contents name no type: the key is the type."""
    text = value.get("text")
    if type(text) is str:
        if not text:
            return None
        return ReasoningPart(text) if value.get("thought") is True else TextPart(text)
    if "toolCallId" in value and "toolName" in value:
        return read_tool_result(value) if "result" in value or "output" in value else read_tool_call(value)
    for key in ("functionCall", "function_call", "toolUse", "tool_call"):
        if type(value.get(key)) is dict:
            return read_tool_call(value[key])
    for key in ("functionResponse", "function_response", "toolResult"):
        if type(value.get(key)) is dict:
            return read_tool_result(value[key])
    for key in ("inlineData", "inline_data", "fileData", "file_data", "image", "image_url"):
        if type(value.get(key)) is dict:
            media = _read_media("image" if key.startswith("image") else "", value[key])
            if media is not None:
                return media
    if type(value.get("content")) is str:
        return TextPart(value["content"]) if value["content"] else None
    return OtherPart("", value) if value else None


def read_tool_call(value: Json) -> Part | None:
    """A tool call as OpenAI, Anthropic, LangChain, Vercel, Gemini, Bedrock, OpenInference or OpenTelemetry spell it."""
    if type(value) is not dict:
        return OtherPart("tool_call", value) if value is not None else None
    inner = first_of(value, "tool_call", "function")
    body = inner if type(inner) is dict else value
    function = body.get("function")
    if type(function) is dict:
        body = {**body, **function}
    name = own_text(first_of(body, "name", "toolName", "tool_name"))
    arguments = first_of(body, "arguments", "args", "input", "parameters")
    if name is None and arguments is None:
        return OtherPart("tool_call", value)
    call_id = first_of(value, "id", "toolCallId", "call_id", "tool_call_id", "toolUseId")
    if call_id is None:
        call_id = first_of(body, "id", "toolCallId", "call_id", "tool_call_id", "toolUseId")
    # OpenAI's responses name the item in "id" and the call in "call_id"; results refer to the call
    if type(value.get("call_id")) is str:
        call_id = value["call_id"]
    return ToolCallPart(name or "", "" if arguments is None else json_text(arguments), own_text(call_id))


def read_tool_result(value: dict[str, Json]) -> ToolResultPart:
    """A result in any of the same spellings."""
    result = first_of(value, "response", "result", "output", "content")
    if type(result) is dict and "value" in result and "type" in result:
        result = result["value"]  # Vercel: {"type": "json", "value": …}
    failed = first_of(value, "is_error", "isError")
    return ToolResultPart(
        result_text(result),
        own_text(first_of(value, "tool_use_id", "toolCallId", "tool_call_id", "call_id", "toolUseId", "id")),
        own_text(first_of(value, "name", "toolName", "tool_name")),
        failed is True or value.get("status") == "error",
    )


def result_text(result: Json) -> str:
    """A tool's answer as text: text blocks joined, anything else as JSON."""
    if result is None:
        return ""
    if type(result) is list and result and all(plain_text(item) is not None for item in result):
        return "\n".join(plain_text(item) or "" for item in result)
    return json_text(result)


def plain_text(value: Json) -> str | None:
    """The text of a text part or text; None for anything else."""
    if type(value) is str:
        return value
    kind = value.get("type", "text") if type(value) is dict else None
    if type(kind) is str and kind in TEXT_TYPES:
        text = first_of(value, "text", "content")
        return text if type(text) is str else None
    return None


def _read_media(modality: str, value: dict[str, Json]) -> MediaPart | None:
    mime = data = uri = None
    holder: Json = value
    for _ in range(4):
        mime = mime or own_text(first_of(holder, "mime_type", "media_type", "mimeType", "mediaType", "format"))
        data = data or own_text(first_of(holder, "data", "file_data", "b64_json"))
        if data is None and holder.get("type") == "blob":
            data = own_text(holder.get("content"))
        uri = uri or own_text(first_of(holder, "uri", "url", "file_uri", "fileUri", "file_url", "file_id", "fileId"))
        modality = own_text(holder.get("modality")) or modality
        below = first_of(
            holder, "source", "image_url", "image", "input_audio", "audio", "video", "video_url", "file", "document"
        )
        if type(below) is str:
            uri = uri or below
        if type(below) is not dict:
            break
        holder = below
    if data is not None and data.startswith("data:"):
        uri, data = data, None
    if uri is not None and uri.startswith("data:"):
        head, comma, body = uri[5:].partition(",")
        if comma:
            mime, uri, data = head.partition(";")[0] or mime, None, body
    if data is None and uri is None:
        return None
    if not modality:
        modality = (
            mime.partition("/")[0] if mime is not None and mime.startswith(("image/", "audio/", "video/")) else "file"
        )
    if mime is not None and "/" not in mime:
        mime = f"{modality}/{mime}"
    return MediaPart(modality, mime, data, uri)
