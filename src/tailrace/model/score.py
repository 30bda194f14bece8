"""Judgements of a trace, a span, a retrieved document or a session."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tailrace.model.span import Json, _Lenient

THUMB = "thumb"
NOTE = "note"
EVIDENCE = "evidence"
CORRECTION = "correction"
FAILURE_MODE = "failure_mode"
# What reviewers write rather than measure: not counted among a trace's scores
REMARKS = frozenset((NOTE, EVIDENCE, CORRECTION))


class ScoreKind(StrEnum):
    """What a score's value is."""

    THUMB = "thumb"  # value 1.0 up, 0.0 down
    NUMBER = "number"
    CATEGORY = "category"  # label
    TEXT = "text"  # comment; a note is a text score named "note"


class ScoreSource(_Lenient):
    """Who judged."""

    PERSON = "person"
    USER = "user"  # feedback of an end user
    CODE = "code"
    MODEL = "model"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Score:
    """One judgement. `score_id` is unique everywhere and stays the same through every import of the same source, so
    that files merge. Exactly one target: a span (trace_id and span_id), a trace, or a session (session_id alone).
    A document score is a span score with `document_position` (zero-based)."""

    score_id: str
    name: str
    kind: ScoreKind
    trace_id: str | None = None
    span_id: str | None = None
    session_id: str | None = None
    document_position: int | None = None
    value: float | None = None
    label: str | None = None
    comment: str | None = None
    author: str | None = None
    source: ScoreSource = ScoreSource.UNKNOWN
    created_ns: int | None = None
    updated_ns: int | None = None
    metadata: dict[str, Json] = field(default_factory=dict)

    @property
    def is_note(self) -> bool:
        """A note is a text score of that name."""
        return self.kind is ScoreKind.TEXT and self.name == NOTE


def own_id(author: str, trace_id: str, name: str, span_id: str | None = None) -> str:
    """The id of the one score of this name that a reviewer gives a target."""
    return f"tailrace:{author}:{trace_id}:{span_id or ''}:{name}"
