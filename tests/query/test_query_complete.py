"""Completion: `|` marks the cursor in the texts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tailrace.model import ValueCount
from tailrace.query import FIELDS, ContextKind, complete, completion_context

SEEN = {
    "model": ("gpt-4o", "gpt 4", "claude-sonnet"),
    "status": ("error",),
    "score.": ("faithfulness", "two words"),
    "attr.": ("http.route", "my key", ""),
    "score.x": ("1", "good"),
    "attr.k": ("a,b", "5"),
}


def values(field: str, prefix: str) -> Sequence[ValueCount]:
    return [ValueCount(value, 3) for value in SEEN.get(field, ()) if value.startswith(prefix)]


def inserted(marked: str) -> list[str]:
    """The texts that choosing each proposal makes."""
    cursor = marked.index("|")
    text = marked.replace("|", "", 1)
    found = complete(text, cursor, values)
    return [text[: found.start] + item.insert + text[found.end :] for item in found.items]


@pytest.mark.parametrize(
    ("marked", "made"),
    [
        ("st|", ["status:", "cost:"]),
        ("-st|", ["-status:", "-cost:"]),
        ("(st|", ["(status:", "(cost:"]),
        ("-lat|", ["-latency:"]),
        ("a O|", ["a OR "]),
        ("err|", ["error:", "errors:", "status:error "]),
        ("lat|:>2s", ["latency:>2s"]),
        ("la|x:>2s", ["latency:>2s"]),
        ("status:e|", ["status:error "]),
        ("status:error|", []),
        ("status:ok,e|", ["status:ok,error "]),
        ("status:(ok OR e|", ["status:(ok OR error"]),
        ("model:g|", ["model:gpt-4o ", 'model:"gpt 4" ']),
        ("model:g| b", ["model:gpt-4o b", 'model:"gpt 4" b']),
        ('model:"gpt|', ['model:"gpt-4o" ', 'model:"gpt 4" ']),
        ('model:"gpt|" b', ['model:"gpt-4o" b', 'model:"gpt 4" b']),
        ("latency:>5|", ["latency:>5s "]),
        ("score.t|", ['score."two words":']),
        ("attr.|", ["attr.http.route:", 'attr."my key":']),
        ("attr.k:a|", ['attr.k:"a,b" ']),
        ("score.x:|", ["score.x:1 ", "score.x:good ", "score.x:>", "score.x:>=", "score.x:<", "score.x:<="]),
        ("foo:|", []),
        ('"a b|', []),
        ("(a)|", []),
        ('model:"gpt 4"|', []),
        ("text:|", []),
        ("status: |", []),
        ("status:ok, |", []),
    ],
)
def test_choosing_makes(marked: str, made: list[str]) -> None:
    assert inserted(marked) == made


def test_an_empty_filter_is_offered_every_field() -> None:
    labels = [item.label for item in complete("", 0).items]
    assert set(labels) == {field.name for field in FIELDS} | {"score.", "attr."}


def test_keywords_are_offered_only_where_they_can_stand() -> None:
    assert "OR" not in [item.label for item in complete("", 0).items]
    assert "OR" not in [item.label for item in complete("a OR ", 5).items]
    assert "OR" in [item.label for item in complete("a ", 2).items]


def test_values_carry_their_counts() -> None:
    assert [(item.label, item.count) for item in complete("model:c", 7, values).items] == [("claude-sonnet", 3)]
    counts = {item.label: item.count for item in complete("status:", 7, values).items}
    assert counts == {"ok": 0, "error": 3, "unset": 0}
    assert {item.count for item in complete("status:", 7).items} == {None}


@pytest.mark.parametrize(
    ("marked", "kind", "field", "prefix"),
    [
        ("|", ContextKind.FIELD, "", ""),
        ("a mo|", ContextKind.FIELD, "", "mo"),
        ("-|", ContextKind.FIELD, "", ""),
        ("latency:|", ContextKind.OPERATOR, "latency", ""),
        ("latency:>|", ContextKind.VALUE, "latency", ""),
        ("Model:gp|", ContextKind.VALUE, "model", "gp"),
        ("model:(a OR b|", ContextKind.VALUE, "model", "b"),
        ('model:"a \\"b|', ContextKind.VALUE, "model", 'a "b'),
        ("score.fa|", ContextKind.FIELD, "score.", "fa"),
        ("attr.a.b:x|", ContextKind.VALUE, "attr.a.b", "x"),
        ("model:(a |)", ContextKind.NONE, "", ""),
    ],
)
def test_a_context_says_what_to_fetch(marked: str, kind: ContextKind, field: str, prefix: str) -> None:
    context = completion_context(marked.replace("|", "", 1), marked.index("|"))
    assert (context.kind, context.field, context.prefix) == (kind, field, prefix)


def test_numbers_are_not_asked_of_the_data() -> None:
    assert not completion_context("latency:>", 9).wants_values
    assert not completion_context("tokens=", 7).wants_values
    assert not completion_context("text:", 5).wants_values
    assert completion_context("attr.x:", 7).wants_values
    assert completion_context("score.", 6).wants_values
    assert completion_context("model:", 6).wants_values
