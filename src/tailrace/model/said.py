"""What was asked and what was answered, out of a conversation."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tailrace.model.message import Message, Role, TextPart
from tailrace.model.trace import SpanDetail


def text_of(message: Message) -> str:
    """The words of a message, its texts one below the other."""
    return "\n\n".join(part.text for part in message.parts if isinstance(part, TextPart) and part.text.strip())


def last_question(messages: Sequence[Message]) -> int | None:
    """The place of the last message of a person: a user's that has words, or anything besides a tool's results."""
    spoken = None
    for place in range(len(messages) - 1, -1, -1):
        if messages[place].role is Role.USER:
            if text_of(messages[place]):
                return place
            spoken = place if spoken is None else spoken
    return spoken


def question_of(detail: SpanDetail) -> str | None:
    """What a span was asked: the last message of a person, else its input as it is."""
    place = last_question(detail.conversation.inputs)
    words = "" if place is None else text_of(detail.conversation.inputs[place])
    return words or detail.span.input


def answer_of(detail: SpanDetail) -> str | None:
    """What a span answered: the words of its last message that has any, else its output as it is."""
    words = (text_of(message) for message in reversed(detail.conversation.outputs))
    return next(filter(None, words), None) or detail.span.output


def outside_question(answer: SpanDetail, asked: SpanDetail | None) -> str | None:
    """The question as it came in, where the model got another text: a prompt with documents around it, or what an
    agent made of it. None where they are the same, or the one that came in only wraps the other."""
    if asked is None:
        return None
    came, given = question_of(asked), question_of(answer)
    if not came or not given or came.strip() == given.strip() or _wraps(came, given.strip()):
        return None
    return came


def _wraps(text: str, words: str) -> bool:
    """Whether a text holds some words, as they are or as JSON writes them."""
    escaped = json.dumps(words)[1:-1]
    return words in text or escaped in text or json.dumps(words, ensure_ascii=False)[1:-1] in text
