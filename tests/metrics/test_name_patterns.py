"""Patterns of names: what they match is what Python's own engine says, in a time that no expression can make long."""

from __future__ import annotations

import re
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.metrics.name_patterns import Matcher, NamePattern, read_expression, read_glob


def matches(pattern: NamePattern, name: str) -> bool:
    return Matcher([pattern]).match(name) == [0]


@pytest.mark.parametrize(
    ("glob", "names", "others"),
    [
        ("gpt-4o*", ["gpt-4o", "gpt-4o-mini"], ["gpt-4", "my-gpt-4o"]),
        ("*/llama-?", ["meta/llama-3", "a/b/llama-4"], ["llama-3", "meta/llama-33"]),
        ("GPT-*", ["gpt-5"], ["claude"]),
        ("a.b*", ["a.b", "a.bc"], ["axb"]),
        ("*", ["", "anything at all"], []),
        ("ft:(x)[1]*", ["ft:(x)[1]y"], ["ft:x1y"]),
    ],
)
def test_in_a_glob_only_the_star_and_the_question_mark_mean_something(
    glob: str, names: list[str], others: list[str]
) -> None:
    pattern = read_glob(glob)
    assert all(matches(pattern, name) for name in names)
    assert not any(matches(pattern, name) for name in others)


@pytest.mark.parametrize(
    ("text", "names", "others"),
    [
        ("(?i)^(openai/)?(gpt-4o)$", ["gpt-4o", "openai/gpt-4o"], ["gpt-4o-mini", "x/gpt-4o"]),
        ("(?i)^(gpt-)(35|3.5)(-turbo)$", ["gpt-35-turbo", "gpt-3.5-turbo"], ["gpt-4-turbo"]),
        ("(?i)^(ft:)(davinci-002:)(.+)(:)(.*)(:)(.+)$$", ["ft:davinci-002:o::1"], ["ft:davinci-002:::"]),
        ("(?i)^(chat-bison)(@[a-zA-Z0-9]+)?$", ["chat-bison", "chat-bison@001"], ["chat-bison@", "chat-bison@a-b"]),
        (r"(?i)^gpt-4(-\d{4})?-vision$", ["gpt-4-vision", "gpt-4-1106-vision"], ["gpt-4-11-vision"]),
        (r"^(eu\.|us\.)?anthropic\.claude-v1(:0)?$", ["us.anthropic.claude-v1:0"], ["usxanthropic.claude-v1"]),
        ("gpt", ["gpt", "my-gpt-4"], ["claude"]),
        ("^a(?:b|c)*$", ["a", "abcb"], ["ad"]),
        ("^[^x-z]{2,3}$", ["ab", "abc"], ["a", "abcd", "ax"]),
    ],
)
def test_the_simple_expressions_of_price_files_are_understood(text: str, names: list[str], others: list[str]) -> None:
    pattern = read_expression(text)
    assert all(matches(pattern, name) for name in names)
    assert not any(matches(pattern, name) for name in others)


@pytest.mark.parametrize(
    "text",
    [
        "(?=a)b", "(?!a)b", "(?P<n>a)", r"(a)\1", r"\bword", "a**", "a{2}{3}", "a{1,1000}", "(a", "a)", "[a", "*a",
        "a" * 501, "(" * 60 + ")" * 60, "((((a{50}){50}){50}){50})", "a{3,1}", "a{x}", "[z-a]", "a$b", "^^a", r"\q",
        "\\", "a{", "{2}",
    ],
)  # fmt: skip
def test_what_is_not_simple_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_expression(text)


def test_the_pattern_that_gives_more_of_the_name_says_so() -> None:
    assert read_glob("gpt-4o*").literal > read_glob("gpt-*").literal > read_glob("*").literal == 0
    assert read_expression("^(a|bcd)e?[xy]f$").literal == 2


def test_many_patterns_are_matched_in_one_pass() -> None:
    matcher = Matcher([read_glob(text) for text in ("a*", "*b", "ab", "c*")])
    assert matcher.match("ab") == [0, 1, 2]
    assert matcher.match("cb") == [1, 3]
    assert matcher.match("x") == []
    assert Matcher([]).match("x") == []


BOMBS = ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)b$", "^(a?){50}a{50}$", "^(((a*)*)*)*$"]


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_expression_takes_long(bomb: str) -> None:
    """Steps are counted, not seconds: `re` takes some 2^300 for the first."""
    matcher = Matcher([read_expression(bomb)])
    steps = 0

    def count(frame: object, event: str, argument: object) -> object:
        nonlocal steps
        steps += event == "line"
        return count

    def run() -> None:
        sys.settrace(count)  # type: ignore[arg-type]
        assert matcher.match("a" * 299 + "!") == []
        sys.settrace(None)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert 0 < steps < 200_000


atoms = st.sampled_from(["a", "b", ".", r"\.", "[ab]", "[^a]", r"\d", "1", "-"])


def _grouped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repeated = st.builds("({}){}".format, inner, st.sampled_from(["?", "*", "+", "{2}", "{1,2}"]))
    return repeated | st.builds("({}|{})".format, inner, inner) | st.builds("{}{}".format, inner, inner)


@given(st.recursive(atoms, _grouped, max_leaves=8), st.lists(st.text("ab1.-", max_size=6), max_size=8))
def test_an_expression_matches_what_it_matches_elsewhere(text: str, names: list[str]) -> None:
    text = f"^{text}$"
    pattern = read_expression(text)
    for name in names:
        assert matches(pattern, name) == (re.fullmatch(text[1:-1], name) is not None)


@given(st.text("()[]{}|?*+.\\^$ab1,-", max_size=30))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        pattern = read_expression(text)
    except ValueError:
        return
    matches(pattern, "ab1")
