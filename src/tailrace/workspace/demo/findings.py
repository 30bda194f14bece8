"""What a careful reader sees in a demo trace: which failure modes it has, and the words that show it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import orjson

from tailrace.model import Json, SpanKind, SpanStatus, TextPart
from tailrace.model.review import Anchor, ReviewItem, Step
from tailrace.workspace.demo.ingredients import load

_CONTEXT = 40  # characters kept on each side of a quote
_OFTEN = 2  # calls of a tool with the same arguments
_CLAIMS = {
    "create_refund": r"I have (started the refund|refunded)|on their way back",
    "create_replacement": r"replacement leaves|have ordered a (new|replacement)",
    "change_address": r"now goes to|could still change it",
    "cancel_order": r"is cancelled",
    "order_spare_part": r"are on their way",
}
_RULED_OUT = ("60 days", "as an exception", "the return is free", "other shops", "paid out")
_FORGETFUL = 0.16  # of the turns that are not the first: the product is another one
_BROKEN = re.compile(r'"(#\d{5})"')
_ORDER = re.compile(r"NW-\d{5}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Truth:
    """What the demo knows of a trace because it has made it up."""

    wrong: bool = False
    failed: bool = False
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """`grave` are ids of failure modes that a customer suffers from, `slight` of those that only cost. `facts` fill the
    blanks of notes, by mode where they differ (`tools`). `around` is all text that a note may speak of. `astray`: it
    forgets the turns before. `luck` from 0 to 1 is the same for everybody who reads the trace."""

    reply: str
    grave: tuple[str, ...]
    slight: tuple[str, ...]
    facts: dict[str, str]
    tools: dict[str, dict[str, str]]
    around: str
    blocked: bool
    astray: bool
    luck: float
    recovered: bool
    carrier_down: bool

    def facts_of(self, mode: str) -> dict[str, str]:
        """What fills the blanks of a note about a failure mode."""
        return self.facts | self.tools.get(mode, {})


def look(item: ReviewItem, truth: Truth) -> Findings:
    """Read a trace."""
    calls = [step for step in item.steps if step.kind is SpanKind.TOOL]
    reply = _reply(item)
    tools: dict[str, dict[str, str]] = {}
    unkept = next((tool for tool in _CLAIMS if _claims_in_vain(tool, calls, reply)), None)
    if unkept is not None:
        tools["claim"] = {"tool": unkept}
    repeated = Counter((step.name, step.input) for step in calls).most_common(1)
    if repeated and repeated[0][1] >= _OFTEN:
        tools["repeats"] = {"tool": repeated[0][0][0], "count": str(repeated[0][1])}
    for step in calls:
        if found := _BROKEN.search(step.input or ""):
            tools["arguments"] = {"tool": step.name, "broken": found[1]}
            break
    grave = []
    if truth.wrong and any(words in reply for words in _RULED_OUT):
        grave.append("policy")
    if unkept is not None:
        grave.append("claim")
    if truth.wrong and "no need for photos" in reply:
        grave.append("confirm")
    if item.row.name == "rag_chat" and (truth.wrong or "does not cover" in reply):
        grave.append("retrieval")
    if truth.failed:
        grave.append("provider")
    luck = Random(item.row.trace_id).random()
    failed = [step for step in calls if step.status is SpanStatus.ERROR]
    lost = [step for step in failed if step.name == "track_parcel" and "did not answer" in (step.output or "")]
    return Findings(
        reply=reply,
        grave=tuple(grave),
        slight=tuple(mode for mode in ("repeats", "arguments") if mode in tools),
        facts=_facts(item, calls, reply),
        tools=tools,
        around=_around(item, calls, reply),
        blocked=truth.blocked,
        astray=(item.turn or 1) > 1 and item.row.name != "rag_chat" and luck < _FORGETFUL,
        luck=luck,
        recovered=bool(failed) and calls[-1].status is not SpanStatus.ERROR,
        carrier_down=bool(lost),
    )


def quotes(item: ReviewItem) -> Iterator[Anchor]:
    """Words of the answer that show what is wrong with it."""
    answer = item.answer
    if answer is None:
        return
    for number, message in enumerate(answer.conversation.outputs):
        for at, part in enumerate(message.parts):
            if isinstance(part, TextPart):
                yield from _anchors(answer.span.span_id, f"outputs/{number}/{at}", part.text, load("review")["quotes"])


def passages(item: ReviewItem, reply: str) -> Iterator[Anchor]:
    """Words of the best documents that the answer should have followed."""
    against = load("review")["passages"]
    phrases = [passage for said, passages in against.items() if said in reply for passage in passages]
    found = next((step for step in reversed(item.steps) if step.documents), None)
    if found is not None:
        for document in found.documents[:3]:
            place = f"documents/{document.rank}"
            yield from _anchors(found.span_id, place, document.text, phrases)


def _anchors(span_id: str, place: str, text: str, phrases: list[str]) -> Iterator[Anchor]:
    for phrase in phrases:
        begin = text.find(phrase)
        if begin >= 0:
            end = begin + len(phrase)
            before, after = text[max(0, begin - _CONTEXT) : begin], text[end : end + _CONTEXT]
            yield Anchor(span_id, place, phrase, before, after, begin)


def _reply(item: ReviewItem) -> str:
    if item.answer is None:
        return ""
    texts = [part.text for one in item.answer.conversation.outputs for part in one.parts if isinstance(part, TextPart)]
    return " ".join(texts) or item.answer.span.output or ""


def _claims_in_vain(tool: str, calls: list[Step], reply: str) -> bool:
    last = next((step for step in reversed(calls) if step.name == tool), None)
    if last is None or not re.search(_CLAIMS[tool], reply):
        return False
    return last.status is SpanStatus.ERROR or '"rejected"' in (last.output or "")


def _facts(item: ReviewItem, calls: list[Step], reply: str) -> dict[str, str]:
    facts = {"documents": str(max((len(step.documents) for step in item.steps), default=0))}
    if item.row.duration_ns is not None:
        facts["seconds"] = f"{item.row.duration_ns / 1e9:.0f}"
    if item.row.name != "rag_chat" and (found := _DATE.search(reply)):
        facts["date"] = found[0]
    for step in calls:
        if found := _ORDER.search(step.input or ""):
            facts.setdefault("order", found[0])
        first = _first_item(step.output)
        if "name" in first and "price_eur" in first:
            facts.setdefault("product", str(first["name"]))
            facts.setdefault("amount", str(first["price_eur"]))
    return facts


def _first_item(output: str | None) -> dict[str, Json]:
    try:
        found = orjson.loads(output or "")["items"][0]
    except (ValueError, LookupError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _around(item: ReviewItem, calls: list[Step], reply: str) -> str:
    said = [reply, *item.prompts]
    for detail in (item.asked, item.answer):
        if detail is not None:
            said += [detail.span.status_message, detail.span.output or ""]
    for step in calls:
        said += [step.name, step.output or ""]
    best = next((step.documents for step in reversed(item.steps) if step.documents), ())
    said += [f"best:{document.document_id}" for document in best[:1]]
    return "\n".join(said)
