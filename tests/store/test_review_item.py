"""The conversation that stands for a trace: who gave the answer, and what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.store.written import make

from tailrace.model import Score, ScoreKind, Span, SpanKind, SpanStatus
from tailrace.model.review import ReviewItem
from tailrace.model.said import answer_of, outside_question, question_of
from tailrace.store import Reader
from tailrace.store.review_item import MOST_STEPS, is_beside
from tailrace.store.writer import Writer


def asked(text: str) -> dict[str, Any]:
    """The attributes of a model call's input: one question."""
    messages = f'[{{"role":"user","parts":[{{"type":"text","content":"{text}"}}]}}]'
    return {"input": messages, "input_key": "gen_ai.input.messages"}


def said(text: str) -> dict[str, Any]:
    """And of its output."""
    messages = f'[{{"role":"assistant","parts":[{{"type":"text","content":"{text}"}}]}}]'
    return {"output": messages, "output_key": "gen_ai.output.messages"}


def call(span_id: str, parent: str | None, end: int, question: str, answer: str, **more: Any) -> Span:
    """A model call that ends at a time."""
    changes = {"name": "chat", "kind": SpanKind.LLM, "start_ns": end - 5, "end_ns": end}
    return make(span_id, parent, **{**changes, **asked(question), **said(answer), **more})


def agent(span_id: str = "root", parent: str | None = None, **more: Any) -> Span:
    """An agent's span without content of its own."""
    return make(span_id, parent, **{"kind": SpanKind.AGENT, "start_ns": 1, "end_ns": 1_000, **more})


def read(path: Path, spans: Sequence[Span | Score], trace_id: str = "t1") -> ReviewItem:
    """The item of a trace that was written."""
    with Writer(path) as writer:
        writer.write(spans)
        writer.settle()
    reader = Reader(path)
    try:
        key = reader.find_trace(trace_id)
        assert key is not None
        item = reader.read_item(key)
        assert item is not None
        return item
    finally:
        reader.close()


def answer(item: ReviewItem) -> str | None:
    return None if item.answer is None else answer_of(item.answer)


def test_the_call_that_ends_last_gave_the_answer(path: Path) -> None:
    item = read(path, [agent(), call("a", "root", 10, "q", "let me see"), call("b", "root", 20, "q", "here it is")])
    assert answer(item) == "here it is"
    assert item.asked is None


def test_what_the_trace_gave_back_says_whose_answer_it_was(path: Path) -> None:
    spans = [
        agent(input="the question", output="The answer to it."),
        call("a", "root", 10, "the question", "The answer to it."),
        call("b", "root", 20, "Name this talk", "Talking"),
    ]
    item = read(path, spans)
    assert answer(item) == "The answer to it."
    assert item.asked is not None
    assert item.asked.span.span_id == "root"


@pytest.mark.parametrize(
    "later",
    [
        {"name": "generate_title"},
        {"name": "chat", "prompt_name": "conversation-title"},
        {"name": "chat", "agent_name": "AnswerEvaluator"},
        {"name": "llm_judge"},
        {"parent": "guard"},
        {"parent": "scorers"},
    ],
)
def test_titles_judges_and_guards_after_the_answer_are_not_the_answer(path: Path, later: dict[str, Any]) -> None:
    parent = later.pop("parent", "root")
    spans = [
        agent(),
        call("a", "root", 10, "q", "the answer"),
        make("guard", "root", kind=SpanKind.GUARDRAIL, name="check"),
        make("scorers", "root", kind=SpanKind.CHAIN, name="scorers"),
        call("b", parent, 20, "q", "ok", **later),
    ]
    assert answer(read(path, spans)) == "the answer"


def test_an_agent_called_as_a_tool_does_not_give_the_answer(path: Path) -> None:
    spans = [
        agent(),
        call("a", "root", 10, "q", "the answer"),
        make("tool", "root", kind=SpanKind.TOOL, name="ask_expert"),
        agent("sub", "tool"),
        call("b", "sub", 20, "detail?", "some detail"),
    ]
    assert answer(read(path, spans)) == "the answer"


def test_an_agent_that_another_hands_over_to_gives_the_answer(path: Path) -> None:
    spans = [
        agent(),
        call("route", "root", 10, "q", "billing"),
        agent("billing", "root"),
        call("b", "billing", 20, "q", "the answer"),
    ]
    assert answer(read(path, spans)) == "the answer"


def test_a_call_that_failed_last_is_shown_with_what_it_was_asked(path: Path) -> None:
    failed = {"output": None, "output_key": None, "status": SpanStatus.ERROR, "status_message": "overloaded"}
    spans = [agent(status=SpanStatus.ERROR), call("a", "root", 10, "q", "let me see"), call("b", "root", 20, "q", "", **failed)]  # fmt: skip # noqa: E501
    item = read(path, spans)
    assert item.answer is not None
    assert item.answer.span.status_message == "overloaded"
    assert question_of(item.answer) == "q"
    assert item.asked is not None
    assert item.asked.span.status is SpanStatus.ERROR


def test_without_model_calls_the_root_speaks_for_itself(path: Path) -> None:
    item = read(path, [make("root", kind=SpanKind.CHAIN, input="in", output="out"), make("a", "root", output="x")])
    assert item.answer is not None
    assert (item.answer.span.input, item.answer.span.output) == ("in", "out")


def test_without_a_root_that_speaks_the_first_input_and_the_last_output_stand_for_it(path: Path) -> None:
    spans = [
        agent(),
        make("a", "root", start_ns=10, end_ns=20, input="first", kind=SpanKind.CHAIN),
        make("b", "root", start_ns=30, end_ns=40, output="last", kind=SpanKind.CHAIN),
        make("t", "root", start_ns=50, end_ns=60, input="{}", output="tool's", kind=SpanKind.TOOL),
    ]
    item = read(path, spans)
    assert answer(item) == "last"
    assert item.asked is not None
    assert question_of(item.asked) == "first"


def test_a_trace_without_content_has_no_answer_and_names_what_failed(path: Path) -> None:
    spans = [agent(), make("a", "root", kind=SpanKind.LLM, status=SpanStatus.ERROR, status_message="boom")]
    item = read(path, spans)
    assert item.answer is None
    assert item.asked is not None
    assert item.asked.span.status_message == "boom"


def test_a_question_that_the_model_got_in_a_longer_text_is_taken_from_outside(path: Path) -> None:
    spans = [agent(input="How long?", output=None), call("a", "root", 10, "How long? Documents: [1]", "30 days")]
    item = read(path, spans)
    assert item.answer is not None
    assert outside_question(item.answer, item.asked) == "How long?"
    wrapped = read(path, [agent(trace_id="t2", input='{"args": ["Wie läuft’s?"]}'), call("a", "root", 10, "Wie läuft’s?", "gut", trace_id="t2")], "t2")  # fmt: skip # noqa: E501
    assert wrapped.answer is not None
    assert outside_question(wrapped.answer, wrapped.asked) is None


def test_steps_are_in_order_of_time_and_counted_in_full(path: Path) -> None:
    many = [
        make(f"s{i}", "root", kind=SpanKind.TOOL, name=f"tool {i}", start_ns=5_000 - i, input="{}")
        for i in range(MOST_STEPS + 5)
    ]
    found = '[{"content": "Refunds within 30 days", "score": 0.4}]'
    spans = [agent(), make("r", "root", kind=SpanKind.RETRIEVER, start_ns=2, output=found), *many]
    item = read(path, spans)
    assert (len(item.steps), item.step_count) == (MOST_STEPS, MOST_STEPS + 6)
    assert item.steps[0].documents[0].text == "Refunds within 30 days"
    assert item.steps[1].name == f"tool {MOST_STEPS + 4}"
    assert item.steps[1].input == "{}"


def test_the_turn_is_counted_in_the_session(path: Path) -> None:
    spans = [
        make("a", trace_id=f"t{i}", start_ns=start, end_ns=start + 1, session_id="s" if i != 4 else "other")
        for i, start in enumerate((300, 100, 200, 200, 50), 1)
    ]
    assert (read(path, spans).turn, read(path, spans).turns) == (4, 4)
    assert [read(path, [], f"t{i}").turn for i in (5, 2, 3)] == [1, 2, 3]
    assert (read(path, [], "t4").turn, read(path, [], "t4").turns) == (1, 1)


def test_scores_and_facts_come_along(path: Path) -> None:
    score = Score("x", "note", ScoreKind.TEXT, "t1", comment="hm")
    spans = [call("a", None, 10, "q", "a", model="gpt-4o", prompt_name="support", prompt_version="v2")]
    item = read(path, [*spans, score])
    assert [s.score_id for s in item.scores] == ["x"]
    assert (item.models, item.prompts) == (("gpt-4o",), ("support@v2",))
    assert (item.turn, item.turns, item.datasets) == (None, None, ())


def test_a_trace_that_is_not_there_has_no_item(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a")])
    reader = Reader(path)
    assert reader.read_item(99) is None
    reader.close()


def test_spans_in_a_circle_are_read_all_the_same(path: Path) -> None:
    spans = [call("a", "b", 10, "q", "one"), call("b", "a", 20, "q", "two")]
    assert answer(read(path, spans)) in ("one", "two")


@pytest.mark.parametrize("name", ["generateTitle", "title-writer", "LLM Judge", "answer_evaluator", "follow_up"])
def test_names_of_work_beside_the_answer_are_recognised(name: str) -> None:
    assert is_beside("llm", name)


@pytest.mark.parametrize("name", ["retrieval", "chat gpt-4o", "entitlement_agent", "upgrade", "underscore"])
def test_names_that_only_look_like_it_are_not(name: str) -> None:
    assert not is_beside("llm", name)


def test_the_turns_around_an_item_come_with_it_the_nearest_ten_on_each_side(path: Path) -> None:
    spans = [
        make("a", trace_id=f"t{i}", start_ns=i, end_ns=i + 1, session_id="s", input=f"question {i}",
             input_key="input.value", status=SpanStatus.ERROR if i == 15 else SpanStatus.OK)
        for i in range(1, 31)
    ]  # fmt: skip
    turns = read(path, spans, "t14").neighbours
    assert [turn.number for turn in turns] == [*range(4, 14), *range(15, 25)]
    assert turns[0].question == "question 4"
    assert [turn.number for turn in turns if turn.failed] == [15]
    assert read(path, [agent(trace_id="lone")], "lone").neighbours == ()
