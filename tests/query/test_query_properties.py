"""What holds for every text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tailrace.model import ValueCount
from tailrace.query import FIELDS, And, Not, Or, State, Tree, complete, fold, parse, quote, render, with_term

PIECES = [
    *(field.name for field in FIELDS),
    *("score.x", "attr.a.b", 'attr."x y"', "foo", "status:error", "kind:(tool OR llm)", "latency:>2s", "tokens:<1.5k"),
    *("cost:>=$0.05", "score.x:-1e-3", 'score.x:"1"', "model:a,b*", 'name:"a\\"b"*', "text:a:b", "text:attr.x"),
    *(":", ":>", ">=", "!=", "=", "(", ")", '"', "\\", "-", "*", ",", " ", " ", " ", " OR ", " AND ", " NOT ", "\n"),
    *("word", "ünï", "1", "2s", "$", ".", "error", "日本", "🙂", "\x00"),
]
anything = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


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


def values(field: str, prefix: str) -> list[ValueCount]:
    return [ValueCount(value, 3) for value in ("gpt-4o", "gpt 4", "a,b", "1", "OR", "")]


@given(anything)
def test_completion_never_raises_and_stays_within_the_text(text: str) -> None:
    for cursor in {0, len(text) // 2, len(text)}:
        found = complete(text, cursor, values)
        assert 0 <= found.start <= cursor <= found.end <= len(text) or not found.items


@given(anything)
def test_choosing_at_the_end_never_breaks_a_filter(text: str) -> None:
    if parse(text).state is State.WRONG:
        return
    for item in complete(text, len(text), values).items[:5]:
        found = complete(text, len(text), values)
        made = parse(text[: found.start] + item.insert)
        assert made.state is not State.WRONG, made


def parts(tree: Tree | None) -> tuple[Tree, ...]:
    return tree.children if isinstance(tree, And) else (tree,) if tree is not None else ()


@given(anything, st.sampled_from(["name", "attr.x y"]), st.text(max_size=20), st.booleans())
def test_what_was_there_keeps_its_meaning(text: str, field: str, value: str, negate: bool) -> None:
    before = parse(text)
    after = parse(with_term(text, field, value, negate))
    if before.state is not State.VALID:
        return
    assert after.state is State.VALID
    added = parse(with_term("", field, value, negate)).tree
    opposite = parse(with_term("", field, value, not negate)).tree
    assert added in parts(after.tree)
    if opposite not in parts(before.tree):
        kept = parts(before.tree)
        assert parts(after.tree) == (kept if added in kept else (*kept, added))
    assert isinstance(before.tree, Or) or not isinstance(after.tree, Or | Not) or after.tree == added
