"""A trace as a reviewer reads it, as cards: what was asked, what was found, which tools ran, what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tailrace.model import (
    Document,
    Message,
    ReasoningPart,
    Role,
    SpanDetail,
    SpanKind,
    SpanStatus,
    ToolCallPart,
    ToolResultPart,
)
from tailrace.model.review import ReviewItem, Step
from tailrace.model.said import answer_of, last_question, outside_question
from tailrace.model.words import format_count, format_duration
from tailrace.ui.views.messages.cards import (
    Block,
    BlockKind,
    Card,
    end_words,
    error_card,
    part_block,
    size_words,
    value_block,
)
from tailrace.ui.views.messages.cut_text import cut
from tailrace.ui.views.review.session_cards import session_cards

_EARLIER = "earlier"
_FIRST_DOCUMENTS = 3  # in sight at once
_DOCUMENT_LINES = 4
_NEARLY_WHOLE = 7  # a document of so many lines is shown whole
_ERROR_LINES = 6
_OPENED_TOGETHER = 20  # calls or messages that one card opens to
_SEPARATE = 3  # so many retrievals have a card each
_NAMES = 12  # in a strip's title
_SOURCES = ("source", "title", "file_name", "filename", "file", "path", "url", "uri", "name")
_RETRIEVALS = {SpanKind.RETRIEVER: "retrieved", SpanKind.RERANKER: "reranked"}


@dataclass(frozen=True, slots=True)
class _Call:
    """One call in a strip."""

    name: str
    failed: bool
    facts: str
    blocks: tuple[Block, ...]


def build_item_cards(item: ReviewItem) -> list[Card]:
    """The cards of an item, in reading order."""
    cards = _own_cards(item)
    told = any(card.title.startswith(_EARLIER) for card in cards)
    above, below = session_cards(item, told)
    return [*above, *cards, *below]


def _own_cards(item: ReviewItem) -> list[Card]:
    answer, asked = item.answer, item.asked
    cards = list(_errors(item))
    turn = 0
    if answer is not None:
        inputs = answer.conversation.inputs
        place = last_question(inputs)
        turn = len(inputs) if place is None else place + 1
        cards += _before(answer, inputs[: turn - 1 if place is not None else turn])
        cards += _question(answer, asked, place)
    elif asked is not None and asked.span.input is not None:
        cards.append(_as_is("input", asked, None))
    cards += _on_the_way(item, turn)
    if answer is not None:
        cards += _answer(answer)
    if asked is not None and (answer is None or _differs(answer, asked)):
        cards += _returned(asked)
    if not any(card.blocks and card.blocks[0].place and not card.error for card in cards):
        words = "The source recorded no input and no output of this trace: only what ran, and for how long."
        cards.append(Card("no text recorded", (Block(BlockKind.TEXT, words, tone="dim"),)))
    return cards


def _errors(item: ReviewItem) -> Iterator[Card]:
    """What failed in the end: a tool that failed on the way is marked there."""
    for detail in (item.asked, item.answer):
        if detail is not None and detail.span.status is SpanStatus.ERROR:
            failed = error_card(detail)
            failed.blocks = tuple(_at(block, detail, "status") for block in failed.blocks)
            failed.limits[0] = _ERROR_LINES
            yield failed
            return


def _before(answer: SpanDetail, messages: Sequence[Message]) -> list[Card]:
    """What the model was told before the question: its instructions, and earlier turns."""
    cards: list[Card] = []
    earlier: list[tuple[int, Message]] = []
    for number, message in enumerate(messages):
        if message.role is Role.SYSTEM:
            blocks = _said(answer, f"inputs/{number}", message)
            if blocks:
                title = " · ".join(("system", *_prompt_words(answer)))
                cards.append(Card(title, tuple(blocks), facts=_size_of(blocks), collapsible=True, open=False))
        else:
            earlier.append((number, message))
    for begin in range(0, len(earlier), _OPENED_TOGETHER):
        blocks = []
        part = earlier[begin : begin + _OPENED_TOGETHER]
        for number, message in part:
            blocks += _labelled(answer, f"inputs/{number}", message)
        last = begin + len(part)
        count = _number(len(earlier), "message") if len(earlier) == len(part) else f"messages {begin + 1}–{last}"
        cards.append(Card(f"{_EARLIER} · {count}", tuple(blocks), collapsible=True, open=False))
    return cards


def _question(answer: SpanDetail, asked: SpanDetail | None, place: int | None) -> list[Card]:
    talk = answer.conversation
    if place is None:
        source = next((d for d in (answer, asked) if d is not None and d.span.input is not None), None)
        if talk.inputs or source is None:
            return []
        return [_as_is("input", source, None)]
    given = _said(answer, f"inputs/{place}", talk.inputs[place])
    came = outside_question(answer, asked)
    if came is None or asked is None:
        return [Card(_role(talk.inputs[place]), tuple(given))]
    # the model got it inside a longer text: that is there for who wants to see it
    whole = Card("user · as the model got it", tuple(given), facts=_size_of(given), collapsible=True, open=False)
    at = last_question(asked.conversation.inputs)
    if at is None:
        plain = [_at(value_block(came), asked, "input")]
    else:
        plain = _said(asked, f"inputs/{at}", asked.conversation.inputs[at])
    return [Card("user", tuple(plain)), whole]


def _on_the_way(item: ReviewItem, turn: int) -> list[Card]:
    """What happened between the question and the answer."""
    cards: list[Card] = []
    found = [step for step in item.steps if step.kind in _RETRIEVALS]
    last = next((step for step in reversed(found) if step.documents), None)
    separate = found if len(found) <= _SEPARATE else [step for step in found if step is last]
    for step in separate:
        cards += _documents(step, step is last)
    calls = [_call(step) for step in item.steps if step not in separate]
    if item.answer is not None and not any(step.kind is SpanKind.TOOL for step in item.steps):
        calls += _told_calls(item.answer, turn)
    cards += _strips(calls, item.step_count - len(item.steps))
    if item.answer is not None:
        said: list[Block] = []
        count = 0
        for number, message in enumerate(item.answer.conversation.inputs[turn:], turn):
            blocks = _said(item.answer, f"inputs/{number}", message) if message.role is not Role.TOOL else []
            if blocks:
                count += 1
                said += [Block(BlockKind.LABEL, _role(message)), *blocks]
        if said:
            title = f"said on the way · {_number(count, 'message')}"
            cards.append(Card(title, tuple(said), facts=_size_of(said), collapsible=True, open=False))
    return cards


def _documents(step: Step, opened: bool) -> list[Card]:
    word = _RETRIEVALS[step.kind]
    if not step.documents:
        call = _call(step)
        return [_strip(f"{word} · {call.name}{' ✗' * call.failed}", step.kind, call.blocks, call.facts)]
    title = f"{word} · {_number(len(step.documents), 'document')}"
    first = step.documents[: _FIRST_DOCUMENTS if opened else _OPENED_TOGETHER]
    card = _document_card(title, step, first)
    card.collapsible, card.open = True, opened
    card.facts = _relevance(step.documents)
    cards = [card]
    for begin in range(len(first), len(step.documents), _OPENED_TOGETHER):
        part = step.documents[begin : begin + _OPENED_TOGETHER]
        below = _document_card(f"{word} · {_number(len(part), 'more document')}", step, part)
        below.collapsible, below.open = True, False
        cards.append(below)
    return cards


def _document_card(title: str, step: Step, documents: Sequence[Document]) -> Card:
    blocks: list[Block] = []
    limits: dict[int, int] = {}
    for document in documents:
        source = document.document_id or ""
        named = next((str(value) for key in _SOURCES if (value := document.metadata.get(key))), source)
        score = "" if document.score is None else _score(document.score)
        blocks.append(Block(BlockKind.LABEL, " · ".join(filter(None, (str(document.rank + 1), named[:200], score)))))
        text = document.text or "(empty)"
        # a press for the last few words is worse than one more line
        limits[len(blocks)] = _DOCUMENT_LINES if cut(text, _NEARLY_WHOLE).words else _NEARLY_WHOLE
        place = f"documents/{document.rank}"
        blocks.append(Block(BlockKind.MARKUP, text, tone="dim", span_id=step.span_id, place=place))
    return Card(title, tuple(blocks), step.kind, framed=False, limits=limits)


def _relevance(documents: Sequence[Document]) -> str:
    scores = [document.score for document in documents if document.score is not None]
    if not scores:
        return ""
    return "relevance " + " · ".join(map(_score, scores[:6])) + (" …" if len(scores) > 6 else "")


def _score(score: float) -> str:
    return f"{score:.2f}" if 0.1 <= abs(score) < 1000 or score == 0 else f"{score:.3g}"


def _call(step: Step) -> _Call:
    failed = step.status is SpanStatus.ERROR
    blocks = [_value(step, "input")] if step.input else [Block(BlockKind.TEXT, "(no arguments)", tone="dim")]
    for document in step.documents[:_FIRST_DOCUMENTS]:
        place = f"documents/{document.rank}"
        blocks.append(Block(BlockKind.MARKUP, document.text, tone="dim", span_id=step.span_id, place=place))
    if step.output:
        blocks += [Block(BlockKind.LABEL, "failed" if failed else "result", tone="err" if failed else "")]
        blocks += [_value(step, "output")]
    facts = " · ".join(
        filter(None, (format_duration(step.duration_ns) if step.duration_ns is not None else "", "failed" * failed))
    )
    return _Call(step.name or "unnamed", failed, facts, tuple(blocks))


def _told_calls(answer: SpanDetail, turn: int) -> list[_Call]:
    """The tool calls that only the conversation tells of."""
    messages = answer.conversation.inputs[turn:]
    results: dict[str | None, tuple[str, ToolResultPart]] = {}
    for number, message in enumerate(messages, turn):
        for at, part in enumerate(message.parts):
            if isinstance(part, ToolResultPart):
                results.setdefault(part.call_id or part.name, (f"inputs/{number}/{at}", part))
    calls = []
    for number, message in enumerate(messages, turn):
        for at, part in enumerate(message.parts):
            if isinstance(part, ToolCallPart):
                place, result = results.get(part.call_id or part.name, ("", None))
                blocks = [_at(value_block(part.arguments or "{}"), answer, f"inputs/{number}/{at}")]
                failed = result is not None and result.is_error
                if result is not None:
                    blocks.append(Block(BlockKind.LABEL, "failed" if failed else "result", tone="err" * failed))
                    blocks.append(_at(value_block(result.result or "(empty)"), answer, place))
                calls.append(_Call(part.name or "unnamed", failed, "failed" if failed else "", tuple(blocks)))
    return calls


def _strips(calls: Sequence[_Call], unread: int) -> list[Card]:
    """One line that opens to each call; so many calls that opening would take long are on several lines."""
    cards = []
    for begin in range(0, len(calls), _OPENED_TOGETHER):
        part = calls[begin : begin + _OPENED_TOGETHER]
        blocks: list[Block] = []
        for call in part:
            words = " · ".join(filter(None, (call.name, call.facts)))
            blocks += [Block(BlockKind.LABEL, words, tone="err" if call.failed else "tool"), *call.blocks]
        title = "tools" if len(calls) == len(part) else f"tools {begin + 1}–{begin + len(part)}"
        failed = sum(call.failed for call in part)
        card = _strip(f"{title} · {_names(part)}", SpanKind.TOOL, blocks, f"{failed} failed" if failed else "")
        card.warns = failed > 0
        cards.append(card)
    if unread > 0:
        words = f"{format_count(unread)} more steps are not shown here: the waterfall has all of them."
        cards.append(Card("tools", (Block(BlockKind.TEXT, words, tone="dim"),), SpanKind.TOOL, framed=False))
    return cards


def _names(calls: Sequence[_Call]) -> str:
    """lookup_order → 2× create_refund ✗ → create_refund."""
    runs = [(name, failed, len(list(run))) for (name, failed), run in groupby(calls, lambda c: (c.name, c.failed))]
    words = [f"{f'{count}× ' if count > 1 else ''}{name[:60]}{' ✗' * failed}" for name, failed, count in runs]
    return " → ".join(words[:_NAMES]) + (f" → {len(words) - _NAMES} more" if len(words) > _NAMES else "")


def _strip(title: str, kind: SpanKind, blocks: Sequence[Block], facts: str) -> Card:
    return Card(title, tuple(blocks), kind, facts, collapsible=True, open=False, framed=False)


def _answer(answer: SpanDetail) -> Iterator[Card]:
    span, talk = answer.span, answer.conversation
    for number, message in enumerate(talk.outputs):
        thought = [
            _at(Block(BlockKind.MARKUP, part.text, tone="dim"), answer, f"outputs/{number}/{at}")
            for at, part in enumerate(message.parts)
            if isinstance(part, ReasoningPart) and part.text
        ]
        if thought:
            yield Card("reasoning", tuple(thought), facts=_size_of(thought), collapsible=True, open=False)
        blocks = _said(answer, f"outputs/{number}", message)
        for at, part in enumerate(message.parts):
            if isinstance(part, ToolCallPart):
                blocks.append(Block(BlockKind.LABEL, f"asks for {part.name or 'a tool'}", tone="tool"))
                if part.arguments:
                    blocks.append(_at(value_block(part.arguments), answer, f"outputs/{number}/{at}"))
        ended = end_words(message.finish_reason)
        facts = [f"ended: {ended}"] if ended else []
        if number == 0:
            facts += _model_words(answer)
        shown = tuple(blocks) or (Block(BlockKind.TEXT, "(no content)", tone="dim"),)
        yield Card(_role(message), shown, SpanKind.LLM, " · ".join(facts), warns=bool(ended))
    if not talk.outputs and span.output is not None:
        kind = span.kind if span.kind is not SpanKind.UNKNOWN else None
        yield _as_is("output", answer, kind)
    elif not talk.outputs and span.kind is SpanKind.LLM:
        words = Block(BlockKind.TEXT, "(no answer)", tone="dim")
        yield Card("assistant", (words,), SpanKind.LLM, " · ".join(_model_words(answer)))


def _returned(asked: SpanDetail) -> Iterator[Card]:
    """What went out, where it is not what the model said."""
    title = f"returned by {asked.span.name}"
    blocks = [
        block
        for number, message in enumerate(asked.conversation.outputs)
        for block in _said(asked, f"outputs/{number}", message)
    ]
    kind = asked.span.kind if asked.span.kind is not SpanKind.UNKNOWN else None
    if blocks:
        yield Card(title, tuple(blocks), kind)
    elif asked.span.output:
        yield _as_is("output", asked, kind, title)


def _differs(answer: SpanDetail, asked: SpanDetail) -> bool:
    went, said = answer_of(asked), answer_of(answer)
    if not went or not said:
        return bool(went)
    short, long = sorted((_plain(went), _plain(said)), key=len)
    return short not in long


def _plain(text: str) -> str:
    return "".join(text[:50_000].split()).strip('"')


def _as_is(name: str, detail: SpanDetail, kind: SpanKind | None, title: str = "") -> Card:
    text = (detail.span.input if name == "input" else detail.span.output) or ""
    return Card(title or name, (_at(value_block(text), detail, name),), kind, facts=size_words(text))


def _labelled(detail: SpanDetail, place: str, message: Message) -> list[Block]:
    """A message of an earlier turn under its speaker's name."""
    blocks = _said(detail, place, message)
    for at, part in enumerate(message.parts):
        if isinstance(part, ToolCallPart):
            blocks.append(Block(BlockKind.LABEL, f"called {part.name or 'a tool'}", tone="tool"))
        elif isinstance(part, ToolResultPart) and part.result:
            blocks.append(_at(value_block(part.result), detail, f"{place}/{at}"))
    return [Block(BlockKind.LABEL, _role(message)), *blocks] if blocks else []


def _said(detail: SpanDetail, place: str, message: Message) -> list[Block]:
    """What a message says, without the tools and the thinking."""
    return [
        _at(part_block(part), detail, f"{place}/{at}")
        for at, part in enumerate(message.parts)
        if not isinstance(part, ToolCallPart | ToolResultPart | ReasoningPart)
    ]


def _at(block: Block, detail: SpanDetail, place: str) -> Block:
    return replace(block, span_id=detail.span.span_id, place=place)


def _value(step: Step, name: str) -> Block:
    text = (step.input if name == "input" else step.output) or ""
    return replace(value_block(text), span_id=step.span_id, place=name)


def _role(message: Message) -> str:
    role = message.role.value if message.role is not Role.UNKNOWN else message.label or "message"
    return f"{role} · {message.name}" if message.name else role


def _prompt_words(detail: SpanDetail) -> tuple[str, ...]:
    name, version = detail.span.prompt_name, detail.span.prompt_version
    return () if not name else (f"prompt {name}@{version}" if version else f"prompt {name}",)


def _model_words(detail: SpanDetail) -> list[str]:
    said = detail.span.usage.output if detail.span.usage is not None else None
    words = [detail.span.model] if detail.span.model else []
    return words + ([f"{format_count(said)} tok"] if said is not None else [])


def _size_of(blocks: Sequence[Block]) -> str:
    return size_words("".join(block.text for block in blocks if block.kind is not BlockKind.LABEL))


def _number(count: int, word: str) -> str:
    return f"{format_count(count)} {word}{'' if count == 1 else 's'}"
