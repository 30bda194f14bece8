"""Judgements inside spans and log records."""

from __future__ import annotations

from collections.abc import Callable

from tailrace.model import Event, Link, LogRecord, ScoreKind, ScoreSource, Span
from tailrace.semconv import score_of_log, scores_of

EVALUATION = {
    "gen_ai.evaluation.name": "Relevance",
    "gen_ai.evaluation.score.value": 0.75,
    "gen_ai.evaluation.score.label": "pass",
    "gen_ai.evaluation.explanation": "on topic",
    "gen_ai.response.id": "r1",
}


def test_an_evaluation_event_is_a_score_of_its_span(made: Callable[..., Span]) -> None:
    span = made({}, events=(Event("gen_ai.evaluation.result", 5, EVALUATION), Event("other", 6, EVALUATION)))
    (score,) = scores_of(span)
    assert (score.name, score.kind, score.value, score.label, score.comment) == (
        "Relevance", ScoreKind.NUMBER, 0.75, "pass", "on topic",
    )  # fmt: skip
    assert (score.trace_id, score.span_id, score.created_ns) == (span.trace_id, span.span_id, 5)
    assert score.metadata == {"gen_ai.response.id": "r1"}


def test_the_same_evaluation_has_the_same_id_and_another_has_another(made: Callable[..., Span]) -> None:
    def ids(*events: Event) -> list[str]:
        return [score.score_id for score in scores_of(made({}, events=events))]

    event = Event("gen_ai.evaluation.result", 5, EVALUATION)
    other = Event("gen_ai.evaluation.result", 5, {**EVALUATION, "gen_ai.evaluation.name": "Tone"})
    later = Event("gen_ai.evaluation.result", 6, EVALUATION)
    assert ids(event) == ids(event)
    assert len(set(ids(event, other, later))) == 3
    assert ids(other, event) == list(reversed(ids(event, other)))


def test_an_evaluation_log_record_is_a_score_and_other_records_are_not() -> None:
    score = score_of_log(LogRecord("t", "s", 5, "gen_ai.evaluation.result", None, EVALUATION))
    assert score is not None
    assert (score.trace_id, score.span_id, score.value) == ("t", "s", 0.75)
    named = LogRecord("t", "", 5, "", None, {**EVALUATION, "event.name": "gen_ai.evaluation.result"})
    of_trace = score_of_log(named)
    assert of_trace is not None
    assert (of_trace.trace_id, of_trace.span_id) == ("t", None)
    assert score_of_log(LogRecord("t", "s", 5, "gen_ai.choice", None, EVALUATION)) is None
    assert score_of_log(LogRecord("t", "s", 5, "gen_ai.evaluation.result", "text", {})) is None


def test_annotations_judge_what_carries_them(made: Callable[..., Span]) -> None:
    span = made(
        {
            "session.id": "chat-1",
            "annotations.0.annotation.name": "hallucination",
            "annotations.0.annotation.score": 1,
            "annotations.0.annotation.label": "hallucinated",
            "annotations.0.annotation.explanation": "not in the documents",
            "annotations.0.annotation.annotator_kind": "LLM",
            "annotations.0.annotation.identifier": "judge-v2",
            "annotations.0.annotation.metadata": '{"rubric": 3}',
            "annotations.1.annotation.name": "remark",
            "annotations.1.annotation.explanation": "nice",
            "annotations.1.annotation.annotator_kind": "HUMAN",
            "annotations.2.annotation.name": "empty",
            "annotations.3.annotation.score": 1,
            "trace.annotations.0.annotation.name": "resolved",
            "trace.annotations.0.annotation.label": "yes",
            "session.annotations.0.annotation.name": "mood",
            "session.annotations.0.annotation.label": "calm",
        }
    )
    first, remark, resolved, mood = scores_of(span)
    assert (first.value, first.label, first.author, first.metadata) == (1.0, "hallucinated", "judge-v2", {"rubric": 3})
    assert first.source is ScoreSource.MODEL
    assert (remark.kind, remark.comment, remark.source) == (ScoreKind.TEXT, "nice", ScoreSource.PERSON)
    assert (resolved.kind, resolved.trace_id, resolved.span_id) == (ScoreKind.CATEGORY, span.trace_id, None)
    assert (mood.session_id, mood.trace_id, mood.span_id) == ("chat-1", None, None)
    assert len({score.score_id for score in (first, remark, resolved, mood)}) == 4


def test_an_evaluation_judges_the_span_that_its_evaluator_links_to(made: Callable[..., Span]) -> None:
    result = {"evaluations.0.evaluation.name": "hallucination", "evaluations.0.evaluation.score": 0.0}
    (linked,) = scores_of(made(dict(result), links=(Link("aa", "bb"),)))
    assert (linked.trace_id, linked.span_id, linked.value) == ("aa", "bb", 0.0)
    (own,) = scores_of(made(dict(result)))
    assert own.span_id == "0" * 15 + "1"


def test_the_place_in_the_list_is_not_part_of_an_annotations_identity(made: Callable[..., Span]) -> None:
    def annotation(index: int) -> dict[str, object]:
        return {f"annotations.{index}.annotation.name": "tone", f"annotations.{index}.annotation.label": "kind"}

    (one,) = scores_of(made(annotation(0)))
    (other,) = scores_of(made(annotation(7)))
    assert one.score_id == other.score_id
