"""What is wrong with a definition as typed, and what a sound one comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.model.review import DefinitionKind, Put, Removal, ScoreDefinition
from tailrace.ui.models.definition_drafts import (
    Draft,
    changes_of,
    definition_of,
    draft_of,
    given_words,
    new_draft,
    options_of,
    problems,
)

HELP = ScoreDefinition("h", "helpfulness", DefinitionKind.NUMBER, "how far", True, position=0, author="ada")
TONE = ScoreDefinition("t", "tone", DefinitionKind.CATEGORY, options=("good", "bad"), position=1)


@pytest.mark.parametrize("name", ["thumb", "note", "evidence", "correction", "failure_mode", " note "])
def test_a_reserved_name_is_refused(name: str) -> None:
    assert "meaning of its own" in problems([Draft("d", name)], 0)["name"]


@pytest.mark.parametrize("name", ["Tone", "tone ", "TONE"])
def test_a_name_is_there_once(name: str) -> None:
    assert "another score" in problems([draft_of(TONE), Draft("d", name)], 1)["name"]


def test_a_name_is_needed() -> None:
    assert problems([new_draft()], 0) == {"name": "Give it a name."}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"low": "1", "high": "1"}, "range"),
        ({"low": "5", "high": "1"}, "range"),
        ({"low": "x"}, "range"),
        ({"high": "inf"}, "range"),
        ({"step": "0"}, "step"),
        ({"step": "-1"}, "step"),
        ({"step": "2"}, "step"),
        ({"step": "0.0000001"}, "step"),
        ({"step": ""}, "step"),
    ],
)
def test_a_range_that_is_none_is_said_beside_its_field(changes: dict[str, str], field: str) -> None:
    assert set(problems([replace(draft_of(HELP), **changes)], 0)) == {field}  # type: ignore[arg-type]


def test_a_category_needs_two_different_options() -> None:
    for options in ("", "good", "good, , "):
        assert "at least two" in problems([replace(draft_of(TONE), options=options)], 0)["options"]
    assert "only once" in problems([replace(draft_of(TONE), options="good, Good")], 0)["options"]
    assert problems([replace(draft_of(TONE), options="good, bad")], 0) == {}


def test_ranges_are_asked_of_numbers_only() -> None:
    assert problems([replace(draft_of(HELP), kind=DefinitionKind.TEXT, step="")], 0) == {}


def test_what_is_as_it_was_is_not_put() -> None:
    assert changes_of((HELP, TONE), [draft_of(HELP), draft_of(TONE)], "ben") == ()


def test_changes_put_what_differs_and_remove_what_is_gone() -> None:
    made = replace(new_draft(), name="safe", kind=DefinitionKind.YES_NO)
    changes = changes_of((HELP, TONE), [draft_of(TONE), made], "ben")
    assert changes[0] == Removal(ScoreDefinition, "h")
    assert changes[1] == Put(replace(TONE, position=0))
    last = changes[2]
    assert isinstance(last, Put)
    assert isinstance(last.record, ScoreDefinition)
    assert (last.record.name, last.record.position, last.record.author) == ("safe", 1, "ben")


def test_a_comma_is_a_point_in_numbers() -> None:
    made = definition_of(replace(draft_of(HELP), step="0,5"), 0, "ada")
    assert made.step == 0.5


def test_given_scores_are_said_to_stay() -> None:
    assert given_words(draft_of(HELP), 0) == ""
    assert given_words(new_draft(), 5) == ""
    assert given_words(draft_of(HELP), 34).startswith("34 scores were given so far")
    edited = replace(draft_of(HELP), high="5")
    assert given_words(edited, 34).startswith("34 scores were given under the former form")
    assert given_words(replace(draft_of(HELP), description="more"), 1).startswith("1 score was given so far")


@given(st.lists(st.text(st.characters(blacklist_characters=",", blacklist_categories=("Cs",)), min_size=1)))
def test_options_survive_being_typed(words: list[str]) -> None:
    options = options_of(", ".join(words))
    assert options_of(", ".join(options)) == options
    assert all(option.strip() == option and option for option in options)
