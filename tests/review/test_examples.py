"""What a trace puts into a dataset."""

from __future__ import annotations

import pytest
from tests.ui.inspected import make_detail, make_span
from tests.ui.views.review.items import ANSWER, QUESTION, make_answer, make_item, make_row, say

from tailrace.model import Role, Score, ScoreKind
from tailrace.model.score import CORRECTION, FAILURE_MODE, NOTE, THUMB, own_id
from tailrace.review.examples import example_of


def verdict(value: float | None, author: str = "ada") -> Score:
    return Score(own_id(author, "t1", THUMB), THUMB, ScoreKind.THUMB, "t1", value=value, author=author)


def text(name: str, words: str) -> Score:
    return Score(own_id("ada", "t1", name), name, ScoreKind.TEXT, "t1", comment=words, author="ada")


def mode(label: str, when: int) -> Score:
    return Score(f"m{when}", FAILURE_MODE, ScoreKind.CATEGORY, "t1", label=label, author="ada", created_ns=when)


def test_input_and_output_are_what_was_asked_and_answered() -> None:
    example = example_of(make_item(), "ada", "d1")
    assert (example.item_id, example.dataset_id, example.trace_id, example.span_id) == ("d1/t1", "d1", "t1", "answer")
    assert (example.input, example.output, example.expected) == (QUESTION, ANSWER, None)
    assert example.author == "ada"


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((verdict(1.0),), ANSWER),
        ((verdict(0.0),), None),
        ((verdict(None),), None),
        ((verdict(1.0, "bob"),), None),
        ((verdict(0.0), text(CORRECTION, "30 days")), "30 days"),
        ((verdict(1.0), text(CORRECTION, "30 days")), "30 days"),
    ],
)
def test_expected_is_the_correction_else_the_output_that_passed(
    scores: tuple[Score, ...], expected: str | None
) -> None:
    assert example_of(make_item(scores=scores), "ada", "d1").expected == expected


def test_what_is_known_of_the_trace_goes_along_and_what_is_unknown_does_not() -> None:
    scores = (mode("second", 2), mode("first", 1), text(NOTE, "promised too much"))
    row = make_row(user_id="u1", version="4.2")
    assert example_of(make_item(row=row, scores=scores), "ada", "d1").metadata == {
        "trace": "support_agent.run",
        "session": "81f2",
        "user": "u1",
        "models": ["claude-sonnet-4-5"],
        "prompts": ["support@v14"],
        "version": "4.2",
        "failure_modes": ["first", "second"],
        "note": "promised too much",
    }


def test_the_question_is_the_one_from_outside() -> None:
    root = make_detail(make_span(span_id="root", input="How long?", output="30 days"))
    item = make_item(answer=make_answer(say(Role.USER, "How long? Documents: [1]"), output=""), asked=root)
    assert example_of(item, "ada", "d1").input == "How long?"


def test_a_trace_without_text_is_an_example_without_text() -> None:
    example = example_of(make_item(answer=None, asked=None), "ada", "d1")
    assert (example.input, example.output, example.expected, example.span_id) == (None, None, None, None)
