"""Adding a condition to a filter that somebody wrote."""

from __future__ import annotations

import pytest

from tailrace.query import Op, with_term


@pytest.mark.parametrize(
    ("text", "field", "value", "negate", "made"),
    [
        ("", "model", "gpt-4o", False, "model:gpt-4o"),
        ("  ", "model", "gpt-4o", True, "-model:gpt-4o"),
        ("a b", "model", "two words", False, 'a b model:"two words"'),
        ("a OR b", "status", "error", False, "(a OR b) status:error"),
        ("(a OR b)", "status", "error", False, "((a OR b)) status:error"),
        ("a OR b c", "status", "error", True, "(a OR b c) -status:error"),
        ("a model:x", "model", "x", False, "a model:x"),
        ("a -model:x b", "model", "x", False, "a model:x b"),
        ("NOT model:x b", "model", "x", False, "model:x b"),
        ("model!=x b", "model", "x", False, "model:x b"),
        ("a model:x b", "model", "x", True, "a -model:x b"),
        ("a (b model:x)", "model", "x", True, "a (b -model:x)"),
        ("-(model:x)", "model", "x", False, "-(model:x) model:x"),
        ("-model:x OR b", "model", "x", False, "(-model:x OR b) model:x"),
        ('"open', "model", "x", False, 'model:x "open'),
        ("a OR", "model", "x", False, "model:x a OR"),
        ("a", "attr.my key", 'say "x"', False, 'a attr."my key":"say \\"x\\""'),
        ("a", "score.helpful", "1", False, 'a score.helpful:"1"'),
        ("a", "score.helpful", 1.0, False, "a score.helpful:1"),
        ("a", "text", "status:error", False, "a text:status:error"),
        ("a", "name", "sup*", False, 'a name:"sup*"'),
    ],
)
def test_adding_a_condition(text: str, field: str, value: str | float, negate: bool, made: str) -> None:
    assert with_term(text, field, value, negate) == made


def test_a_comparison_can_be_added() -> None:
    assert with_term("a", "latency", 2e9, op=Op.GT) == "a latency:>2s"
    assert with_term("a", "cost", 0.05, op=Op.GE) == "a cost:>=$0.05"


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match="no field foo"):
        with_term("a", "foo", "x")
