"""What holds for every text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from tests.query.texts import anything

from tailrace.query import State, fold, parse, quote, render


@given(anything)
def test_parsing_never_raises_and_always_says_something(text: str) -> None:
    parsed = parse(text)
    assert (parsed.tree is None) == (parsed.state in (State.WRONG, State.INCOMPLETE)) == bool(parsed.message)
    assert 0 <= parsed.position <= parsed.end <= len(text)


@given(anything)
def test_every_character_lies_in_one_token(text: str) -> None:
    covered = 0
    for token in parse(text).tokens:
        assert text[covered : token.start].strip() == ""
        assert token.start < token.end
        covered = token.end
    assert text[covered:].strip() == ""


@given(anything)
def test_a_tree_written_out_reads_as_the_same_tree(text: str) -> None:
    tree = parse(text).tree
    if tree is not None:
        again = parse(render(tree))
        assert again.tree == tree, render(tree)
        assert render(tree) == render(again.tree)


@given(anything)
def test_nothing_of_a_valid_text_is_left_out_of_the_tree(text: str) -> None:
    parsed = parse(text)
    if parsed.state is State.VALID and parsed.tree is not None:
        spans = fold(parsed.tree, lambda node, below: sum(below, [node.span] if hasattr(node, "span") else []))
        inside = {at for start, end in spans for at in range(start, end)}
        rest = "".join(" " if at in inside else char for at, char in enumerate(text))
        assert re.sub(r"\b(AND|OR|NOT)\b|[()-]", "", rest).strip() == ""


@given(st.text(max_size=40), st.sampled_from(["name", "session", "attr.x", 'attr."a b"']))
def test_a_quoted_value_is_taken_literally(value: str, field: str) -> None:
    tree = parse(f"{field}:{quote(value)}").tree
    assert getattr(tree, "value", None) == value
    assert "\n" not in quote(value)
