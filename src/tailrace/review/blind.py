"""What a reviewer sees of others' judgements of an item: everything, or, in a blind queue, nothing before their own."""

from __future__ import annotations

from collections.abc import Sequence

from tailrace.model.review import Evidence, Judgement
from tailrace.model.score import EVIDENCE, Score
from tailrace.review.judgement import evidence_of, is_adjudicated


def others_of(scores: Sequence[Score], reviewer: str) -> list[Score]:
    """The judgements of others, those that settled a conflict among them, whoever settled it."""
    return [score for score in scores if score.author != reviewer or is_adjudicated(score)]


def evidence_in_sight(said: Judgement, others: Sequence[Score], hidden: bool) -> list[Evidence]:
    """The evidence to mark in the conversation: one's own, and that of others unless it is hidden."""
    theirs = [] if hidden else [evidence_of(score) for score in others if score.name == EVIDENCE]
    return [*said.evidence, *theirs]
