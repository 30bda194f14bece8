"""What a reviewer says, written down as scores and read back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tailrace.model.review import Anchor, DefinitionKind, FailureMode, Judgement, ScoreDefinition, Verdict
from tailrace.model.score import NOTE, THUMB, Score, ScoreKind, ScoreSource
from tailrace.review.judgement import (
    Said,
    adjudicated_score,
    correction_score,
    defined_score,
    evidence_score,
    is_adjudicated,
    is_reserved,
    judgement_of,
    mode_mark,
    note_score,
    score_for,
    value_of,
    verdict_score,
)

ME = "ada"
TRACE = "a" * 32
ANCHOR = Anchor("b" * 16, "outputs/0/0", "60 days", "available for ", ", so you", 41)
HELPFUL = ScoreDefinition("d1", "helpfulness", DefinitionKind.NUMBER, required=True)
TONE = ScoreDefinition("d2", "tone", DefinitionKind.CATEGORY, options=("good", "neutral", "bad"), required=True)
SAFE = ScoreDefinition("d3", "safe", DefinitionKind.YES_NO, required=True)
LIKED = ScoreDefinition("d4", "liked", DefinitionKind.THUMB)
WHY = ScoreDefinition("d5", "why", DefinitionKind.TEXT, required=True)


def at(score: Score, stamp: int) -> Score:
    return replace(score, created_ns=stamp, updated_ns=stamp)


def test_everything_that_is_said_is_read_back() -> None:
    scores = [
        at(verdict_score(ME, TRACE, Verdict.FAIL), 50),
        at(note_score(ME, TRACE, "Says 60 days; the policy says 30."), 11),
        at(mode_mark(ME, TRACE, FailureMode("m2", "acts before confirming")), 13),
        at(mode_mark(ME, TRACE, FailureMode("m1", "contradicts policy")), 12),
        at(correction_score(ME, TRACE, "No, it is 30 days."), 14),
        at(evidence_score(ME, TRACE, ANCHOR), 15),
        at(defined_score(HELPFUL, ME, TRACE, 0.7), 16),
        at(defined_score(TONE, ME, TRACE, "good"), 17),
    ]
    for order in (scores, scores[::-1]):
        judgement = judgement_of(order, ME)
        assert judgement.verdict is Verdict.FAIL
        assert judgement.judged_ns == 50
        assert judgement.note == "Says 60 days; the policy says 30."
        assert judgement.modes == ("m1", "m2"), "in the order they were given"
        assert judgement.correction == "No, it is 30 days."
        assert [piece.anchor for piece in judgement.evidence] == [ANCHOR]
        assert {name: score.score_id for name, score in judgement.scores.items()} == {
            "helpfulness": f"tailrace:{ME}:{TRACE}::helpfulness",
            "tone": f"tailrace:{ME}:{TRACE}::tone",
        }
    assert all(score.source is ScoreSource.PERSON and score.author == ME for score in scores)


@pytest.mark.parametrize(
    ("verdict", "value", "label"),
    [(Verdict.PASS, 1.0, None), (Verdict.FAIL, 0.0, None), (Verdict.DEFER, None, "defer")],
)
def test_a_verdict_is_the_thumb_of_the_trace(verdict: Verdict, value: float | None, label: str | None) -> None:
    score = verdict_score(ME, TRACE, verdict)
    assert (score.score_id, score.name, score.kind) == (f"tailrace:{ME}:{TRACE}::{THUMB}", THUMB, ScoreKind.THUMB)
    assert (score.value, score.label) == (value, label)
    assert judgement_of([score], ME).verdict is verdict


def test_ids_are_those_that_were_agreed_on() -> None:
    mode = mode_mark(ME, TRACE, FailureMode("m1", "contradicts policy"))
    assert mode.score_id == f"tailrace:{ME}:{TRACE}::failure_mode:m1"
    assert (mode.name, mode.kind, mode.label) == ("failure_mode", ScoreKind.CATEGORY, "contradicts policy")
    assert mode.metadata == {"mode": "m1"}
    settled = adjudicated_score("eve", TRACE, "tone", ScoreKind.CATEGORY, None, "bad")
    assert settled.score_id == f"tailrace:adjudicated:{TRACE}::tone"
    assert settled.metadata == {"adjudicated": True}
    assert is_adjudicated(settled)
    evidence = evidence_score(ME, TRACE, ANCHOR)
    assert evidence.score_id.startswith("tailrace:")
    assert evidence.score_id != evidence_score(ME, TRACE, ANCHOR).score_id
    assert evidence.comment == "60 days"
    assert evidence.metadata == {"place": "outputs/0/0", "prefix": "available for ", "suffix": ", so you", "start": 41}


def test_what_others_say_and_what_settles_a_conflict_is_not_mine() -> None:
    scores = [
        verdict_score("eve", TRACE, Verdict.PASS),
        note_score("eve", TRACE, "fine"),
        evidence_score("eve", TRACE, ANCHOR),
        mode_mark("eve", TRACE, FailureMode("m1", "contradicts policy")),
        adjudicated_score(ME, TRACE, "tone", ScoreKind.CATEGORY, None, "bad"),
    ]
    assert judgement_of(scores, ME) == Judgement()


def test_notes_and_thumbs_of_spans_are_not_the_judgement_of_the_trace() -> None:
    thumb = replace(
        verdict_score(ME, TRACE, Verdict.PASS), span_id="b" * 16, score_id=f"tailrace:{ME}:{TRACE}:bb:thumb"
    )
    note = replace(note_score(ME, TRACE, "on the span"), score_id="tailrace:0123")
    assert judgement_of([thumb, note], ME) == Judgement()


def test_evidence_with_damaged_metadata_still_shows_its_words() -> None:
    score = replace(evidence_score(ME, TRACE, ANCHOR), metadata={"place": 7, "start": "12"}, span_id=None)
    (piece,) = judgement_of([score], ME).evidence
    assert piece.anchor == Anchor("", "", "60 days")


@pytest.mark.parametrize(
    ("definition", "value", "number", "label", "comment"),
    [
        (HELPFUL, 0.7, 0.7, None, None),
        (HELPFUL, 1, 1.0, None, None),
        (TONE, "neutral", None, "neutral", None),
        (SAFE, True, 1.0, "yes", None),
        (SAFE, False, 0.0, "no", None),
        (LIKED, False, 0.0, None, None),
        (WHY, "because", None, None, "because"),
    ],
)
def test_a_defined_score_keeps_its_value_where_the_kind_says(
    definition: ScoreDefinition, value: float | str | bool, number: float | None, label: str | None, comment: str | None
) -> None:
    score = defined_score(definition, ME, TRACE, value)
    assert (score.value, score.label, score.comment) == (number, label, comment)
    assert score.metadata == {"definition": definition.definition_id}
    assert value_of(definition, score) == Said(value, outside=False)
    assert type(value_of(definition, score).value) in (type(value), float)


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        (HELPFUL, 1.2),
        (HELPFUL, float("nan")),
        (HELPFUL, True),
        (HELPFUL, "0.7"),
        (TONE, "rude"),
        (SAFE, "yes"),
        (LIKED, 1.0),
        (WHY, 3.0),
        (ScoreDefinition("d9", NOTE, DefinitionKind.TEXT), "x"),
        (ScoreDefinition("d9", "failure_mode:m1", DefinitionKind.TEXT), "x"),
    ],
)
def test_a_value_that_the_definition_does_not_allow_is_refused(
    definition: ScoreDefinition, value: float | str | bool
) -> None:
    with pytest.raises(ValueError, match="score"):
        defined_score(definition, ME, TRACE, value)


def test_names_with_a_meaning_of_their_own_are_reserved() -> None:
    assert all(map(is_reserved, ("thumb", "note", "evidence", "correction", "failure_mode", "failure_mode:x")))
    assert not is_reserved("helpfulness")


def test_the_end_of_a_range_is_in_it_whatever_the_rounding() -> None:
    third = replace(HELPFUL, high=0.3)
    assert value_of(third, defined_score(third, ME, TRACE, 0.1 + 0.2)) == Said(0.1 + 0.2, outside=False)


@pytest.mark.parametrize(
    ("then", "value", "now", "said"),
    [
        (HELPFUL, 0.7, replace(HELPFUL, high=0.5), 0.7),
        (HELPFUL, 0.7, replace(HELPFUL, kind=DefinitionKind.TEXT), 0.7),
        (TONE, "good", replace(TONE, options=("warm", "cold")), "good"),
        (TONE, "good", replace(TONE, kind=DefinitionKind.YES_NO), "good"),
        (SAFE, True, replace(SAFE, kind=DefinitionKind.NUMBER), True),
        (WHY, "good", replace(WHY, kind=DefinitionKind.CATEGORY, options=("good",)), "good"),
        (SAFE, True, replace(SAFE, kind=DefinitionKind.CATEGORY, options=("maybe",)), "yes"),
    ],
)
def test_a_score_from_before_an_edit_says_what_it_said_and_that_it_is_outside(
    then: ScoreDefinition, value: float | str | bool, now: ScoreDefinition, said: float | str | bool
) -> None:
    assert value_of(now, defined_score(then, ME, TRACE, value)) == Said(said, outside=True)


def test_a_yes_becomes_the_option_of_that_name() -> None:
    now = replace(SAFE, kind=DefinitionKind.CATEGORY, options=("yes", "no", "unsure"))
    assert value_of(now, defined_score(SAFE, ME, TRACE, True)) == Said("yes", outside=False)


def test_a_value_from_before_a_new_name_is_found() -> None:
    judgement = judgement_of([defined_score(TONE, ME, TRACE, "good")], ME)
    renamed = replace(TONE, name="manner", options=("warm",))
    found = score_for(renamed, judgement)
    assert found is not None
    assert found.label == "good"
