"""What a reviewer's acts change: from what was said so far to the records to put and to remove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tailrace.model.review import (
    DEFERRED,
    FAILED,
    OPEN,
    PASSED,
    Anchor,
    Change,
    FailureMode,
    Judgement,
    Put,
    QueueItem,
    Removal,
    ScoreDefinition,
    Verdict,
)
from tailrace.model.score import CORRECTION, NOTE, THUMB, Score, own_id
from tailrace.review.judgement import (
    correction_score,
    defined_score,
    evidence_score,
    judgement_of,
    mode_mark,
    mode_mark_id,
    note_score,
    verdict_score,
)

_STATES = {None: OPEN, Verdict.PASS: PASSED, Verdict.FAIL: FAILED, Verdict.DEFER: DEFERRED}


def give_verdict(reviewer: str, trace_id: str, said: Judgement, verdict: Verdict) -> tuple[Change, ...]:
    """Give a verdict; nothing changes where it is given already."""
    return () if said.verdict is verdict else (Put(verdict_score(reviewer, trace_id, verdict)),)


def take_verdict_back(reviewer: str, trace_id: str, said: Judgement) -> tuple[Change, ...]:
    """Take a verdict back: the trace is open again."""
    return () if said.verdict is None else (Removal(Score, own_id(reviewer, trace_id, THUMB)),)


def toggle_mode(
    reviewer: str, trace_id: str, said: Judgement, mode: FailureMode, merged: Mapping[str, str]
) -> tuple[Change, ...]:
    """Mark a failure mode, or take the mark off, those of modes that were merged into it too (`merged`: by mode id what
    it counts as now). A mode where there is no verdict yet says that the trace failed."""
    marked = [mode_id for mode_id in said.modes if merged.get(mode_id, mode_id) == mode.mode_id]
    if marked:
        return tuple(Removal(Score, mode_mark_id(reviewer, trace_id, mode_id)) for mode_id in marked)
    return (Put(mode_mark(reviewer, trace_id, mode)), *_failing(reviewer, trace_id, said))


def make_mode(reviewer: str, trace_id: str, said: Judgement, mode: FailureMode) -> tuple[Change, ...]:
    """Name a new failure mode and mark it."""
    return (Put(mode), Put(mode_mark(reviewer, trace_id, mode)), *_failing(reviewer, trace_id, said))


def write_note(reviewer: str, trace_id: str, said: Judgement, text: str) -> tuple[Change, ...]:
    """Write, change or (with nothing in it) take away the note."""
    return _text(said.note, text, Put(note_score(reviewer, trace_id, text)), own_id(reviewer, trace_id, NOTE))


def write_correction(reviewer: str, trace_id: str, said: Judgement, text: str) -> tuple[Change, ...]:
    """Write, change or take away what the trace should have said."""
    put = Put(correction_score(reviewer, trace_id, text))
    return _text(said.correction, text, put, own_id(reviewer, trace_id, CORRECTION))


def give_score(
    reviewer: str, trace_id: str, definition: ScoreDefinition, value: float | str | bool | None
) -> tuple[Change, ...]:
    """Give a defined score, or take it back with None. Raises ValueError for a value that is not allowed."""
    if value is None:
        return (Removal(Score, own_id(reviewer, trace_id, definition.name)),)
    return (Put(defined_score(definition, reviewer, trace_id, value)),)


def mark_evidence(reviewer: str, trace_id: str, anchor: Anchor) -> tuple[Change, ...]:
    """Highlight some text."""
    return (Put(evidence_score(reviewer, trace_id, anchor)),)


def scores_after(scores: Sequence[Score], changes: Sequence[Change], trace_id: str, now_ns: int) -> tuple[Score, ...]:
    """A trace's scores as they are once some changes are made, in their former order, new ones last."""
    after = {score.score_id: score for score in scores}
    for change in changes:
        if isinstance(change, Removal):
            if change.kind is Score:
                after.pop(change.record_id, None)
        elif isinstance(change.record, Score) and change.record.trace_id == trace_id:
            score = change.record
            after[score.score_id] = replace(score, created_ns=score.created_ns or now_ns, updated_ns=now_ns)
    return tuple(after.values())


def state_after(changes: Sequence[Change], reviewer: str, trace_id: str) -> int | None:
    """What some changes make of a trace's state in a reviewer's queue (OPEN…); None where they say nothing of it."""
    mine = own_id(reviewer, trace_id, THUMB)
    state: int | None = None
    for change in changes:  # the last one that says something holds
        if isinstance(change, Removal):
            if change.kind is Score and change.record_id == mine:
                state = OPEN
        elif isinstance(change.record, Score):
            if change.record.score_id == mine:
                state = _STATES[judgement_of([change.record], reviewer).verdict]
        elif isinstance(change.record, QueueItem) and change.record.requeued_ns is not None:
            state = OPEN
    return state


def _failing(reviewer: str, trace_id: str, said: Judgement) -> tuple[Change, ...]:
    return () if said.verdict is not None else (Put(verdict_score(reviewer, trace_id, Verdict.FAIL)),)


def _text(former: str, text: str, put: Put, score_id: str) -> tuple[Change, ...]:
    if text.strip() == former.strip():
        return ()
    return (put,) if text.strip() else (Removal(Score, score_id),)
