"""`preview` and `searchable`: the text inside an input or output, as a line to read and as words to find."""

from __future__ import annotations

from itertools import islice
from typing import Final

from tailrace.model import Json, MediaPart, Message, ReasoningPart, Role, TextPart, ToolCallPart, ToolResultPart
from tailrace.semconv.messages import read_messages
from tailrace.semconv.parts import PART_TYPES
from tailrace.semconv.values import decode, json_text, parse_json

# a preview never parses more than this many characters, searchable text never has more
_PREVIEW_PARSES: Final = 256_000
_SEARCHABLE: Final = 1_000_000
_SEARCHABLE_PARSES: Final = 8_000_000

# words that only say what stands beside them; any other type or role is content
_FRAME_WORDS: Final = PART_TYPES | {
    *("system", "user", "assistant", "tool", "human", "ai", "model", "developer", "message", "chat.completion"),
    *("ChatGeneration", "LLMResult", "constructor"),
}

# what a person asked or was told, in objects that are no messages
_QUESTIONS: Final = (
    "question",
    "query",
    "input",
    "prompt",
    "text",
    "content",
    "message",
    "user_input",
    "task",
    "topic",
)
_ANSWERS: Final = ("answer", "output", "result", "response", "text", "content", "message", "final_output", "summary")


def preview(text: str, limit: int = 200, output: bool = False) -> str:
    """One line, at most `limit` characters, that tells a person what an input (or output) is: the last user text of
    messages, the assistant's text or tool call of an output, the question in an object, else the value itself.
    White space is folded and … marks a cut. Values over 256,000 characters are not parsed: their beginning is shown."""
    if len(text) > _PREVIEW_PARSES:
        return _one_line(text, limit)
    head = text.lstrip()[:1]
    if head not in ("{", "[", '"'):
        return _one_line("" if text.strip() == "null" else text, limit)
    value = decode(text)
    if type(value) is str:
        return _one_line(value, limit)
    for _ in range(4):  # {"args": ["…"], "kwargs": {}} of {"input": {"question": "…"}}
        found = _line_of_messages(value, output)
        if found:
            return _one_line(found, limit)
        inner = _inside(value, output)
        if inner is None:
            break
        value = decode(inner)
        if type(value) is str:
            return _one_line(value, limit)
    return _one_line(value if type(value) is str else json_text(value), limit)


def _one_line(text: str, limit: int) -> str:
    # a limited number of characters is looked at, whatever the text's length
    line = " ".join(text[: limit * 4 + 400].split())
    if not line.isprintable():
        line = "".join(c for c in line if c.isprintable())
    cut = len(line) > limit or len(text) > limit * 4 + 400
    return line[: max(limit - 1, 0)].rstrip() + "…" if cut and line else line


def _inside(value: Json, output: bool) -> Json:
    """The one value that matters in an object or list; None where no one is."""
    if type(value) is list:
        return value[0] if len(value) == 1 else None
    if type(value) is not dict:
        return None
    if "args" in value and "kwargs" in value:
        arguments, named = value["args"], value["kwargs"]
        if type(arguments) is list and arguments:
            return arguments[0] if len(arguments) == 1 and not named else None
        return named or None
    for key in _ANSWERS if output else _QUESTIONS:
        inner = value.get(key)
        if type(inner) is str and inner.strip():
            return inner
        if type(inner) in (dict, list) and inner and (len(value) == 1 or key in ("input", "output")):
            return inner
    if len(value) == 1:
        only = next(iter(value.values()))
        if type(only) is str and only.strip():
            return only
    return None


def _line_of_messages(value: Json, output: bool) -> str:
    wanted = Role.ASSISTANT if output else Role.USER
    messages = read_messages(value, wanted)
    for message in reversed(messages):
        # a user's message may be all tool results (Anthropic, pydantic-ai): what the person said is before it
        if message.role is wanted and (output or any(isinstance(part, TextPart) for part in message.parts)):
            line = _line_of(message)
            if line:
                return line
    for message in reversed(messages):
        line = _line_of(message)
        if line:
            return line
    return ""


def _line_of(message: Message) -> str:
    words = [part.text for part in message.parts if isinstance(part, TextPart)]
    if not words:
        words = [
            f"{part.name}({part.arguments})" if isinstance(part, ToolCallPart) else part.result
            for part in message.parts
            if isinstance(part, ToolCallPart | ToolResultPart)
        ]
    if not words:
        words = [part.text for part in message.parts if isinstance(part, ReasoningPart)]
    if not words:
        words = [f"[{part.modality}]" for part in message.parts if isinstance(part, MediaPart)]
    return " ".join(words).strip()


def searchable(text: str) -> str:
    """The words of an input or output for the full-text index: of JSON the decoded texts (also of JSON inside texts)
    and whole numbers of objects, one a line, without keys; other text as it is. Encoded media is left out. At most
    1,000,000 characters; JSON over 8,000,000 characters is taken as text."""
    if text.lstrip()[:1] not in ("{", "[", '"') or len(text) > _SEARCHABLE_PARSES:
        return text[:_SEARCHABLE]
    value = parse_json(text)
    if value is None:
        return text[:_SEARCHABLE]
    words: list[str] = []
    size = 0
    waiting: list[Json] = [value]
    while waiting and size < _SEARCHABLE:
        item = waiting.pop()
        if type(item) is str:
            inner = parse_json(item) if len(item) > 2 and item[0] in '{["' else None
            if inner is not None:
                waiting.append(inner)
            elif item and not _is_encoded(item):
                words.append(item)
                size += len(item) + 1
        elif type(item) is dict:
            if "lc" in item and type(item.get("kwargs")) is dict:  # the frame of LangChain's serialised objects
                item = item["kwargs"]
            waiting.extend(
                str(below) if type(below) is int and abs(below) < 1 << 63 else below
                for key, below in reversed(item.items())
                if type(below) in (str, int, dict, list)
                and not (key in ("type", "role") and type(below) is str and below in _FRAME_WORDS)
            )
        elif type(item) is list:
            waiting.extend(
                below for below in reversed(list(islice(item, _SEARCHABLE))) if type(below) in (str, dict, list)
            )
    return "\n".join(words)[:_SEARCHABLE]


def _is_encoded(text: str) -> bool:
    """Base64 and data URIs: nobody searches for them and they fill an index."""
    if text.startswith("data:") and ";base64," in text[:200]:
        return True
    head = text[:512]
    return len(text) > 2_000 and head.isascii() and head.replace("+", "").replace("/", "").replace("=", "").isalnum()
