"""What the Messages tab shows of a span, as a flat list of cards: values in, values out, no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

import orjson

from tailrace.model import (
    MediaPart,
    Message,
    OtherPart,
    Part,
    ReasoningPart,
    Role,
    SpanDetail,
    SpanKind,
    SpanStatus,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
)
from tailrace.model.review import Anchor
from tailrace.model.words import format_count
from tailrace.ui.views.json_text import looks_like_json
from tailrace.ui.views.messages.cut_text import FIRST_LINES, lines_needed

_USUAL_ENDS = {
    "stop",
    "end_turn",
    "stop_sequence",
    "finish",
    "completed",
    "complete",
    "tool_calls",
    "tool_call",
    "tool_use",
}
_PLAIN_ROLE_WORDS = ("human", "ai", "model", "function")  # say nothing that the role does not
_LATE = 0.9  # share of the time before the first token from which on the rest says nothing about speed


class BlockKind(Enum):
    """How a block of a card is drawn."""

    MARKUP = "markup"  # Markdown or plain text, as the reader chose
    TEXT = "text"  # always plain
    MONO = "mono"
    JSON = "json"
    LABEL = "label"  # a heading inside a card
    MEDIA = "media"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a card's content. `tone` is a colour token's name, empty for the usual text colour. `span_id` and
    `place` say where its text comes from, so that evidence can be anchored; empty where that is not wanted."""

    kind: BlockKind
    text: str = ""
    media: MediaPart | None = None
    tone: str = ""
    span_id: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of evidence in a block. `own` is the reviewer's own one, which stands out more."""

    anchor: Anchor
    own: bool


@dataclass(eq=False, slots=True)
class Card:
    """A bordered card. `kind` gives border and title their colour (None: neutral), `error` makes both red. `framed`
    says whether the border takes the colour too. `share` (0 to 1) is drawn as a bar below the header. `filters` are
    (field, value) that a right click on the header offers. `open`, `limits` (lines shown of a block), `laid_out`
    (a block's JSON once it is laid out) and `marks` (evidence by block) are what a person or the program changed
    since."""

    title: str
    blocks: tuple[Block, ...]
    kind: SpanKind | None = None
    facts: str = ""
    warns: bool = False  # the facts deserve attention
    error: bool = False
    collapsible: bool = False
    open: bool = True
    share: float | None = None
    framed: bool = True
    filters: tuple[tuple[str, str], ...] = ()
    limits: dict[int, int] = field(default_factory=dict)
    laid_out: dict[int, str] = field(default_factory=dict)
    marks: dict[int, tuple[Mark, ...]] = field(default_factory=dict)

    @property
    def marked(self) -> int:
        """How many pieces of evidence are in it."""
        return sum(map(len, self.marks.values()))

    def show_place(self, index: int, text: str, place: int) -> bool:
        """Open the card and show so much of a block that a place of its text is in it; whether anything changed."""
        closed = self.collapsible and not self.open
        self.open = True
        needed = lines_needed(text, place, self.limits.get(index, FIRST_LINES))
        if needed is not None:
            self.limits[index] = needed
        return closed or needed is not None


def build_cards(detail: SpanDetail) -> list[Card]:
    """The cards of one span: what failed, the tools offered, what the model was told, what it said. Without a
    conversation its input and output as they are."""
    cards: list[Card] = []
    span, talk = detail.span, detail.conversation
    if span.status is SpanStatus.ERROR or span.error_type:
        cards.append(error_card(detail))
    if talk.tools:
        cards.append(_tools_card(talk.tools))
    results = _results_by_call(talk.inputs + talk.outputs)
    joined: set[int] = set()
    if span.input is not None and not talk.inputs:
        cards.append(_value_card("input", span.input, None))
    for message in talk.inputs:
        cards.extend(_message_cards(message, detail, results, joined, said_now=False))
    for message in talk.outputs:
        cards.extend(_message_cards(message, detail, results, joined, said_now=True))
    if span.output is not None and not talk.outputs:
        kind = span.kind if span.kind is not SpanKind.UNKNOWN else None
        cards.append(_value_card("output", span.output, kind))
    return [card for card in cards if card.blocks or card.title]


def value_block(text: str) -> Block:
    """JSON where a text is JSON, else text in the reader's choice."""
    return Block(BlockKind.JSON if looks_like_json(text) else BlockKind.MARKUP, text)


def count_lines(text: str) -> int:
    """Lines as an editor counts them."""
    return text.count("\n") + 1


def error_card(detail: SpanDetail) -> Card:
    """Why a span failed."""
    span = detail.span
    title = " · ".join(filter(None, ("error", span.error_type)))
    text = span.status_message or next(
        (
            str(event.attributes["exception.message"])
            for event in detail.events
            if event.attributes.get("exception.message")
        ),
        "The span failed; the source gives no message.",
    )
    traced = any("exception.stacktrace" in event.attributes for event in detail.events)
    return Card(title, (Block(BlockKind.TEXT, text),), error=True, facts="stack trace under Events" if traced else "")


def _tools_card(tools: tuple[ToolDefinition, ...]) -> Card:
    blocks: list[Block] = []
    for tool in tools:
        blocks.append(Block(BlockKind.LABEL, tool.name, tone="tool"))
        if tool.description:
            blocks.append(Block(BlockKind.TEXT, tool.description))
        if tool.parameters.strip() not in ("", "{}", "null"):
            blocks.append(Block(BlockKind.JSON, tool.parameters))
    title = "1 tool offered" if len(tools) == 1 else f"{format_count(len(tools))} tools offered"
    return Card(title, tuple(blocks), collapsible=True, open=False)


def _value_card(title: str, text: str, kind: SpanKind | None) -> Card:
    return Card(title, (value_block(text),), kind=kind, facts=size_words(text))


def _results_by_call(messages: Iterable[Message]) -> dict[str, list[ToolResultPart]]:
    found: dict[str, list[ToolResultPart]] = {}
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolResultPart) and part.call_id:
                found.setdefault(part.call_id, []).append(part)
    return found


def _message_cards(
    message: Message,
    detail: SpanDetail,
    results: dict[str, list[ToolResultPart]],
    joined: set[int],
    *,
    said_now: bool,
) -> Iterator[Card]:
    spoken: list[Block] = []
    after: list[Card] = []
    for part in message.parts:
        match part:
            case ReasoningPart():
                if part.text:
                    yield _reasoning_card(part.text)
            case ToolCallPart():
                after.append(_call_card(part, results, joined))
            case ToolResultPart():
                if id(part) not in joined:
                    after.append(_result_card(part))
            case _:
                spoken.append(part_block(part))
    if spoken or not message.parts:
        yield _spoken_card(message, detail, tuple(spoken), said_now)
    elif said_now and (ended := end_words(message.finish_reason)):
        after.append(Card("assistant", (Block(BlockKind.TEXT, f"(ended: {ended})", tone="dim"),), SpanKind.LLM))
    yield from after


def _spoken_card(message: Message, detail: SpanDetail, blocks: tuple[Block, ...], said_now: bool) -> Card:
    role = message.role.value if message.role is not Role.UNKNOWN else message.label or "message"
    title = [role]
    if message.name:
        title.append(message.name)
    elif message.label and message.label.lower() not in (role, *_PLAIN_ROLE_WORDS):
        title.append(message.label)
    filters: tuple[tuple[str, str], ...] = ()
    prompt = detail.span.prompt_name
    if message.role is Role.SYSTEM and prompt:
        version = detail.span.prompt_version
        title.append(f"prompt {prompt}@{version}" if version else f"prompt {prompt}")
        filters = (("prompt", f"{prompt}@{version}" if version else prompt),)
    kind = {Role.ASSISTANT: SpanKind.LLM, Role.TOOL: SpanKind.TOOL}.get(message.role)
    facts = [size_words("".join(block.text for block in blocks))] if any(block.text for block in blocks) else []
    if said_now and len(detail.conversation.outputs) == 1 and (speed := _output_facts(detail)):
        facts = speed
    ended = end_words(message.finish_reason)
    if ended:
        facts.insert(0, f"ended: {ended}")
    if not blocks:
        blocks = (Block(BlockKind.TEXT, "(no content)", tone="dim"),)
    return Card(" · ".join(title), blocks, kind, " · ".join(facts), warns=bool(ended), filters=filters)


def _output_facts(detail: SpanDetail) -> list[str]:
    span = detail.span
    said = span.usage.output if span.usage is not None else None
    if said is None or not detail.usage_counts:
        return []
    facts = [f"{format_count(said)} tok"]
    spent, waited = span.duration_ns, span.ttft_ns or 0
    if spent is not None and spent > 0 and waited <= _LATE * spent and said > 1:
        facts.append(f"{said / ((spent - waited) / 1e9):,.0f} tok/s")
    return facts


def _reasoning_card(text: str) -> Card:
    lines = count_lines(text)
    facts = "1 line" if lines == 1 else f"{format_count(lines)} lines"
    return Card("reasoning", (Block(BlockKind.MARKUP, text, tone="dim"),), facts=facts, collapsible=True, open=False)


def _call_card(call: ToolCallPart, results: dict[str, list[ToolResultPart]], joined: set[int]) -> Card:
    blocks = [value_block(call.arguments)] if call.arguments else [Block(BlockKind.TEXT, "(no arguments)", tone="dim")]
    waiting = results.get(call.call_id or "", [])
    answer = next((part for part in waiting if id(part) not in joined), None)
    facts, failed = "", False
    if answer is not None:
        joined.add(id(answer))
        failed = answer.is_error
        # most conventions do not say how a call went: only failing is known
        facts = "failed" if failed else "answered"
        blocks.append(Block(BlockKind.LABEL, "result", tone="err" if failed else ""))
        blocks.append(value_block(answer.result) if answer.result else Block(BlockKind.TEXT, "(empty)", tone="dim"))
    name = call.name or "unnamed"
    filters = (("tool", call.name),) if call.name else ()
    return Card(f"tool call · {name}", tuple(blocks), SpanKind.TOOL, facts, warns=failed, filters=filters)


def _result_card(result: ToolResultPart) -> Card:
    title = f"tool result · {result.name}" if result.name else "tool result"
    if not result.name and result.call_id:
        title = f"tool result · call {result.call_id}"
    facts = "failed" if result.is_error else size_words(result.result)
    filters = (("tool", result.name),) if result.name else ()
    return Card(title, (value_block(result.result),), SpanKind.TOOL, facts, warns=result.is_error, filters=filters)


def part_block(part: Part) -> Block:
    """How a part that is neither a tool's nor thinking is shown."""
    match part:
        case TextPart():
            return value_block(part.text)
        case MediaPart():
            return Block(BlockKind.MEDIA, media=part)
        case OtherPart():
            try:
                text = orjson.dumps({"type": part.type, "value": part.value}).decode()
            except (TypeError, ValueError, RecursionError):
                text = f"{part.type}: {part.value!r}"
            return value_block(text)
    return Block(BlockKind.TEXT, str(part))


def end_words(reason: str | None) -> str:
    """Why a message ended, where that is out of the ordinary."""
    return "" if reason is None or reason.strip().lower() in _USUAL_ENDS else reason.strip()


def size_words(text: str) -> str:
    """How long a text is."""
    return "1 char" if len(text) == 1 else f"{format_count(len(text))} chars"
