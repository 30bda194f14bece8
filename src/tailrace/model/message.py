"""What a model was told and what it said, independent of the convention it was recorded in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from tailrace.model.span import Json, _Lenient


class Role(_Lenient):
    """Who speaks. `developer` is system, `human` is user, `ai` and `model` are assistant: see `of`."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, text: str) -> Role:
        """The role a source's own word stands for."""
        word = text.strip().lower()
        return cls(_ROLE_WORDS.get(word, word))


_ROLE_WORDS = {"developer": "system", "human": "user", "ai": "assistant", "model": "assistant", "function": "tool"}


@dataclass(frozen=True, slots=True)
class TextPart:
    """Plain or Markdown text."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningPart:
    """What the model thought aloud."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallPart:
    """The model asks for a tool. `arguments` is JSON text where the source had JSON, else its own text."""

    name: str
    arguments: str
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class ToolResultPart:
    """What a tool answered."""

    result: str
    call_id: str | None = None
    name: str | None = None
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class MediaPart:
    """An image, audio, video or file: base64 `data`, or a `uri` (or file id) that is shown and never fetched."""

    modality: str
    mime_type: str | None = None
    data: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class OtherPart:
    """A part of a type that we do not know, shown as JSON."""

    type: str
    value: Json


Part: TypeAlias = TextPart | ReasoningPart | ToolCallPart | ToolResultPart | MediaPart | OtherPart


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation. `label` is the source's own role word when it differs from `role`."""

    role: Role
    parts: tuple[Part, ...]
    name: str | None = None
    finish_reason: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """A tool that was offered to the model. `parameters` is JSON text."""

    name: str
    description: str = ""
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything a model call was told (`inputs`, oldest first) and said (`outputs`)."""

    inputs: tuple[Message, ...] = ()
    outputs: tuple[Message, ...] = ()
    tools: tuple[ToolDefinition, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.inputs or self.outputs)


@dataclass(frozen=True, slots=True)
class Document:
    """A retrieved or reranked document. `rank` is its zero-based place in the source's list."""

    rank: int
    text: str
    score: float | None = None
    document_id: str | None = None
    metadata: dict[str, Json] = field(default_factory=dict)
