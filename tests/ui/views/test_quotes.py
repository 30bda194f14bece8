"""Evidence is found again, whatever the text looks like by then."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from tailrace.ui.theme import LIGHT
from tailrace.ui.views.messages.quotes import CONTEXT, find_anchor, make_anchor
from tailrace.ui.views.messages.rich_text import write_markdown

WORDS = st.sampled_from(
    ["refund", "60 days", "Zürich", "返品", "🙂 ok", "a", "-", "(see", "it)", "30", "ß", "\u2009", "…"]
)
LINES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
TEXTS = st.lists(LINES, min_size=1, max_size=6).map("\n".join)
MARKED = st.lists(
    st.one_of(
        LINES,
        LINES.map(lambda line: f"# {line}"),
        LINES.map(lambda line: f"- {line}\n- **{line}** and `{line}`"),
        LINES.map(lambda line: f"> *{line}*"),
        LINES.map(lambda line: f"1. {line}\n2. [here](https://example.org/x)"),
        LINES.map(lambda line: f"| a | b |\n|---|---|\n| {line.replace('|', '')} | 2 |"),
        LINES.map(lambda line: f"```\n{line}\n```"),
    ),
    min_size=1,
    max_size=5,
).map("\n\n".join)


def solid(text: str) -> str:
    """The letters and figures of a text, without the numbers of lists, whole or in part at its ends."""
    text = re.sub(r"(?m)^[\s>]*\d+[.)]\s", "", text)
    return "".join(character for character in text if character.isalnum()).strip("0123456789")


def stripped(text: str, begin: int, end: int) -> tuple[int, int]:
    """The range without the white space at its ends."""
    piece = text[begin:end]
    return begin + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


@given(TEXTS, st.integers(0, 200), st.integers(1, 60))
@example("ab ab ab ab", 6, 2)
@example("- - -", 2, 1)
def test_words_are_found_where_they_were_selected_also_when_they_stand_there_often(
    text: str, begin: int, length: int
) -> None:
    begin %= len(text)
    anchor = make_anchor("s1", "outputs/0/0", text, begin, min(len(text), begin + length), text)
    if anchor is None:
        assert not text[begin : begin + length].strip()
        return
    expected = stripped(text, begin, min(len(text), begin + length))
    assert find_anchor(text, anchor) == expected
    assert anchor.start == expected[0]
    assert anchor.quote == text[expected[0] : expected[1]]


@given(TEXTS, st.integers(0, 200), st.integers(1, 60))
def test_the_start_counts_in_the_recorded_text_with_its_line_ends(text: str, begin: int, length: int) -> None:
    source = text.replace("\n", "\r\n")
    begin %= len(text)
    anchor = make_anchor("s1", "input", text, begin, min(len(text), begin + length), source)
    if anchor is None:
        return
    assert anchor.start is not None
    recorded = anchor.quote.replace("\n", "\r\n")
    assert source[anchor.start : anchor.start + len(recorded)] == recorded


@settings(max_examples=60, deadline=None)
@given(MARKED, st.integers(0, 400), st.integers(1, 80))
def test_what_is_selected_in_drawn_markdown_is_found_in_its_source_and_in_the_drawing(
    qapp: object, source: str, begin: int, length: int
) -> None:
    document = QTextDocument()
    write_markdown(document, source, LIGHT)
    shown = document.toPlainText()
    begin %= max(1, len(shown))
    anchor = make_anchor("s1", "outputs/0/0", shown, begin, min(len(shown), begin + length), source)
    if anchor is None or not solid(anchor.quote):
        return
    drawn = find_anchor(shown, anchor)
    assert drawn is not None
    assert solid(shown[slice(*drawn)]) == solid(anchor.quote)
    plain = find_anchor(source, anchor)
    assert plain is not None
    assert solid(source[slice(*plain)]) == solid(anchor.quote)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "A sentence before.\n\n" + text,
        lambda text: text + "\n\nAnd refunds are available for 60 days elsewhere too.",
        lambda text: text.replace("**", ""),
        lambda text: text.replace(" ", "\n"),
    ],
    ids=["more before", "the same words again behind", "without marks", "broken otherwise"],
)
def test_a_quote_survives_a_changed_layout(change: Callable[[str], str]) -> None:
    text = "Yes: **refunds** are available for 60 days, so you are eligible."
    shown = "Yes: refunds are available for 60 days, so you are eligible."
    begin = shown.index("refunds")
    anchor = make_anchor("s1", "outputs/0/0", shown, begin, shown.index(", so"), text)
    assert anchor is not None
    changed = change(text)
    found = find_anchor(changed, anchor)
    assert found is not None
    assert solid(changed[slice(*found)]) == "refundsareavailablefor60days"
    assert solid(changed[: found[0]]).endswith("Yes")


def test_a_long_quote_is_found_by_its_ends_where_the_middle_is_drawn_otherwise() -> None:
    source = (
        f"It begins like this, before the block.\n\n```python\n{'x = 1 ' * 5}\n```\n\nAnd after that it ends like this."
    )
    shown = source.replace("```python\n", "").replace("```\n", "")
    anchor = make_anchor("s1", "input", shown, 0, len(shown), source)
    assert anchor is not None
    assert find_anchor(source, anchor) == (0, len(source))


def test_a_figure_that_only_looks_like_a_list_number_belongs_to_the_quote() -> None:
    text = "Within 30. Then no more. Or 30. Then less."
    anchor = make_anchor("s1", "input", text, 7, 15, text)
    assert anchor is not None
    assert find_anchor(text, anchor) == (7, 15)


def test_numbers_of_a_list_that_are_drawn_anew_do_not_matter() -> None:
    source, shown = "1. ask\n1. wait\n1. refund", "1.\u2002ask\n2.\u2002wait\n3.\u2002refund"
    anchor = make_anchor("s1", "input", shown, 0, len(shown), source)
    assert anchor is not None
    found = find_anchor(source, anchor)
    assert found is not None
    assert source[slice(*found)].endswith("ask\n1. wait\n1. refund")


def test_words_that_are_gone_are_not_found() -> None:
    text = "Refunds are available for 60 days."
    anchor = make_anchor("s1", "input", text, 0, 7, text)
    assert anchor is not None
    assert find_anchor("Nothing of the kind.", anchor) is None


def test_an_anchor_keeps_no_more_than_a_little_around_the_words() -> None:
    text = "x" * 500 + " here " + "y" * 500
    anchor = make_anchor("s1", "input", text, 500, 506, text)
    assert anchor is not None
    assert (anchor.quote, len(anchor.prefix), len(anchor.suffix)) == ("here", CONTEXT, CONTEXT)
    assert make_anchor("s1", "input", text, 500, 501, text) is None
