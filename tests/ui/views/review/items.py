"""Items to review, as the trace database hands them over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.ui.inspected import START, make_detail, make_span

from tailrace.model import (
    Conversation,
    Document,
    Message,
    Role,
    SpanDetail,
    SpanKind,
    SpanStatus,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    TraceRow,
    Usage,
)
from tailrace.model.review import ReviewItem, Step

QUESTION = "I bought the kettle 45 days ago and the lid cracked. Can I still get my money back?"
ANSWER = """Yes — **refunds are available for 60 days**, so you are still eligible.

- I have started the refund.
- It takes 5–7 days."""


def say(role: Role, text: str, **more: Any) -> Message:
    """A message of one text."""
    return Message(role, (TextPart(text),), **more)


def make_row(**changes: Any) -> TraceRow:
    """The support agent's trace: turn of a session, $0.042, 8.42 s."""
    row = TraceRow(
        key=7,
        trace_id="t1",
        name="support_agent.run",
        status=SpanStatus.OK,
        kind=SpanKind.AGENT,
        start_ns=START,
        end_ns=START + 8_420_000_000,
        span_count=9,
        error_count=0,
        input_tokens=900,
        output_tokens=418,
        total_tokens=1318,
        cost=0.042,
        estimated_cost=False,
        unpriced_spans=0,
        ttft_ns=None,
        max_depth=3,
        input_preview="",
        output_preview="",
        session_id="81f2",
        user_id=None,
        environment=None,
        version=None,
        thumb=None,
        score_count=0,
        note_count=0,
    )
    return replace(row, **changes)


def make_answer(*inputs: Message, output: str = ANSWER, **changes: Any) -> SpanDetail:
    """The model call that gave the answer."""
    span = make_span(**{"span_id": "answer", "usage": Usage(900, 418), "input": "…", "output": "…", **changes})
    told = inputs or (say(Role.SYSTEM, "You are a support agent."), say(Role.USER, QUESTION))
    said = (say(Role.ASSISTANT, output),) if output else ()
    return make_detail(span, Conversation(told, said))


def make_step(name: str, **changes: Any) -> Step:
    """A tool call that went well."""
    step = Step(name, SpanKind.TOOL, name, SpanStatus.OK, 120_000_000, (), '{"order": 7}', '{"ok": true}')
    return replace(step, **changes)


def make_retrieval(*texts: str, **changes: Any) -> Step:
    """A search that found some texts."""
    found = tuple(
        Document(rank, text, 0.41 - rank / 10, f"doc-{rank}", {"source": f"policy/{rank}.md"})
        for rank, text in enumerate(texts)
    )
    return make_step("search", **{"kind": SpanKind.RETRIEVER, "documents": found, "output": None, **changes})


def make_item(**changes: Any) -> ReviewItem:
    """An item with a retrieval and three tool calls, of which one failed."""
    steps = (
        make_retrieval("Refunds are accepted within 30 days of delivery.", "Kettles are boiled."),
        make_step("lookup_order"),
        make_step("create_refund", span_id="failed", status=SpanStatus.ERROR, output="limit exceeded"),
        make_step("create_refund", span_id="again"),
    )
    item = ReviewItem(
        row=make_row(),
        answer=make_answer(),
        steps=steps,
        step_count=len(steps),
        models=("claude-sonnet-4-5",),
        prompts=("support@v14",),
        turn=3,
        turns=5,
        scores=(),
    )
    return replace(item, **changes)


def call_and_result() -> tuple[Message, Message]:
    """A tool call that only the conversation tells of."""
    return (
        Message(Role.ASSISTANT, (TextPart("Let me look."), ToolCallPart("lookup", '{"id": 1}', "c1"))),
        Message(Role.TOOL, (ToolResultPart("shipped", "c1"),)),
    )
