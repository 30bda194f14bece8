"""What reviewers say, as the review page has it saved."""

from __future__ import annotations

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.score import FAILURE_MODE, THUMB, own_id


def verdict(value: float | None, author: str = "Jo", trace_id: str = "t1") -> Score:
    """A verdict: 1.0 pass, 0.0 fail, None put off."""
    return Score(
        own_id(author, trace_id, THUMB), THUMB, ScoreKind.THUMB, trace_id, value=value,
        label=None if value is not None else "defer", author=author, source=ScoreSource.PERSON,
    )  # fmt: skip


def mark(mode_id: str, author: str = "Jo", trace_id: str = "t1") -> Score:
    """A failure mode seen in a trace."""
    return Score(
        own_id(author, trace_id, f"{FAILURE_MODE}:{mode_id}"), FAILURE_MODE, ScoreKind.CATEGORY, trace_id,
        author=author, source=ScoreSource.PERSON, metadata={"mode": mode_id},
    )  # fmt: skip
