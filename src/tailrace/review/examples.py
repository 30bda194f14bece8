"""A trace as an example of a dataset."""

from __future__ import annotations

from collections.abc import Iterable

from tailrace.model import Json, ScoreKind
from tailrace.model.review import DatasetItem, ReviewItem
from tailrace.model.said import answer_of, outside_question, question_of
from tailrace.model.score import CORRECTION, FAILURE_MODE, NOTE, THUMB, Score, own_id


def example_of(item: ReviewItem, reviewer: str, dataset_id: str) -> DatasetItem:
    """What goes into the dataset: what was asked and answered, what should have been said, and what is known of the
    trace. Without times: who puts it in stamps it."""
    row, answer, asked = item.row, item.answer, item.asked
    came = None if answer is None else outside_question(answer, asked)
    given = came or next(
        (text for detail in (answer, asked) if detail is not None and (text := question_of(detail))), None
    )
    said = next((text for detail in (answer, asked) if detail is not None and (text := answer_of(detail))), None)
    own = {score.score_id: score for score in item.scores if score.author == reviewer}
    verdict = own.get(own_id(reviewer, row.trace_id, THUMB))
    correction = own.get(own_id(reviewer, row.trace_id, CORRECTION))
    note = own.get(own_id(reviewer, row.trace_id, NOTE))
    expected = correction.comment if correction is not None else None
    if not expected and verdict is not None and verdict.value is not None and verdict.value >= 0.5:
        expected = said
    known: dict[str, Json] = {
        "trace": row.name,
        "session": row.session_id,
        "user": row.user_id,
        "models": list(item.models),
        "prompts": list(item.prompts),
        "version": row.version,
        "environment": row.environment,
        "failure_modes": _modes(own.values()),
        "note": note.comment if note is not None else None,
    }
    return DatasetItem(
        item_id=f"{dataset_id}/{row.trace_id}",
        dataset_id=dataset_id,
        trace_id=row.trace_id,
        span_id=None if answer is None else answer.span.span_id,
        input=given,
        output=said,
        expected=expected or None,
        metadata={name: value for name, value in known.items() if value not in (None, "", [])},
        author=reviewer,
    )


def _modes(scores: Iterable[Score]) -> list[Json]:
    """The names of the failure modes, in the order they were given."""
    marks = [score for score in scores if score.name == FAILURE_MODE and score.kind is ScoreKind.CATEGORY]
    return list(
        dict.fromkeys(mark.label for mark in sorted(marks, key=lambda mark: mark.created_ns or 0) if mark.label)
    )
