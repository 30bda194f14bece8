"""What a reviewer says of a trace, as scores: how each thing said is written down, and how it is read back.

The scores made here carry no times: whoever writes them stamps them.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tailrace.model.review import Anchor, DefinitionKind, Evidence, FailureMode, Judgement, ScoreDefinition, Verdict
from tailrace.model.score import (
    CORRECTION,
    EVIDENCE,
    FAILURE_MODE,
    NOTE,
    THUMB,
    Score,
    ScoreKind,
    ScoreSource,
    own_id,
)
from tailrace.model.span import Json

DEFER: Final = "defer"
YES: Final = "yes"
NO: Final = "no"
_ROUNDING: Final = 1e-9  # of a range's length: 0.1 + 0.2 is within a range that ends at 0.3

_KINDS: Final = {
    DefinitionKind.THUMB: ScoreKind.THUMB,
    DefinitionKind.NUMBER: ScoreKind.NUMBER,
    DefinitionKind.CATEGORY: ScoreKind.CATEGORY,
    DefinitionKind.YES_NO: ScoreKind.CATEGORY,
    DefinitionKind.TEXT: ScoreKind.TEXT,
}


def is_reserved(name: str) -> bool:
    """Whether a name means something of its own (verdict, note, evidence, …), so that no score can be defined under
    it."""
    return name in (THUMB, NOTE, EVIDENCE, CORRECTION, FAILURE_MODE) or name.startswith(f"{FAILURE_MODE}:")


def verdict_score(reviewer: str, trace_id: str, verdict: Verdict) -> Score:
    """A verdict: a thumb up or down, or a thumb without a value that says `defer`."""
    value = {Verdict.PASS: 1.0, Verdict.FAIL: 0.0, Verdict.DEFER: None}[verdict]
    label = DEFER if verdict is Verdict.DEFER else None
    return _own(reviewer, trace_id, THUMB, ScoreKind.THUMB, value=value, label=label)


def note_score(reviewer: str, trace_id: str, text: str) -> Score:
    """The reviewer's one note on the trace."""
    return _own(reviewer, trace_id, NOTE, ScoreKind.TEXT, comment=text)


def correction_score(reviewer: str, trace_id: str, text: str) -> Score:
    """What the trace's output should have been."""
    return _own(reviewer, trace_id, CORRECTION, ScoreKind.TEXT, comment=text)


def mode_mark_id(reviewer: str, trace_id: str, mode_id: str) -> str:
    """The id of a reviewer's mark of a failure mode."""
    return own_id(reviewer, trace_id, f"{FAILURE_MODE}:{mode_id}")


def mode_mark(reviewer: str, trace_id: str, mode: FailureMode) -> Score:
    """A failure mode that the reviewer saw in the trace."""
    return Score(
        score_id=mode_mark_id(reviewer, trace_id, mode.mode_id),
        name=FAILURE_MODE,
        kind=ScoreKind.CATEGORY,
        trace_id=trace_id,
        label=mode.name,
        author=reviewer,
        source=ScoreSource.PERSON,
        metadata={"mode": mode.mode_id},
    )


def defined_score(definition: ScoreDefinition, reviewer: str, trace_id: str, value: float | str | bool) -> Score:
    """The value of a defined score: a bool for thumbs and yes/no, a finite number in range, one of the options, or
    text. Raises ValueError for a value that the definition does not allow, and for a reserved name."""
    if is_reserved(definition.name):
        raise ValueError(f"{definition.name!r} has a meaning of its own; no score can be defined under it")
    number, label, comment = _parts(definition, value)
    return _own(
        reviewer,
        trace_id,
        definition.name,
        _KINDS[definition.kind],
        value=number,
        label=label,
        comment=comment,
        metadata={"definition": definition.definition_id},
    )


def evidence_score(reviewer: str, trace_id: str, anchor: Anchor, score_id: str | None = None) -> Score:
    """Highlighted text; each is a score of its own, under a new id unless one is given."""
    return Score(
        score_id=score_id if score_id is not None else f"tailrace:{uuid.uuid4().hex}",
        name=EVIDENCE,
        kind=ScoreKind.TEXT,
        trace_id=trace_id,
        span_id=anchor.span_id,
        comment=anchor.quote,
        author=reviewer,
        source=ScoreSource.PERSON,
        metadata={
            "place": anchor.place,
            "prefix": anchor.prefix,
            "suffix": anchor.suffix,
            "start": anchor.start,
        },
    )


def adjudicated_id(trace_id: str, name: str) -> str:
    """The id of the one value that settles a trace's conflict over a score."""
    return f"tailrace:adjudicated:{trace_id}::{name}"


def adjudicated_score(
    reviewer: str, trace_id: str, name: str, kind: ScoreKind, value: float | None, label: str | None = None
) -> Score:
    """The value that settles a conflict; it stands beside those that were given. `reviewer` is who settled it."""
    return Score(
        score_id=adjudicated_id(trace_id, name),
        name=name,
        kind=kind,
        trace_id=trace_id,
        value=value,
        label=label,
        author=reviewer,
        source=ScoreSource.PERSON,
        metadata={"adjudicated": True},
    )


def is_adjudicated(score: Score) -> bool:
    """Whether a score settles a conflict rather than being one of the judgements in it."""
    return score.metadata.get("adjudicated") is True


def verdict_of(score: Score) -> Verdict | None:
    """The verdict that a thumb gives; None for one that says neither."""
    if score.value is not None:
        return Verdict.PASS if score.value >= 0.5 else Verdict.FAIL
    return Verdict.DEFER if score.label == DEFER else None


def evidence_of(score: Score) -> Evidence:
    """The evidence that a score keeps. What a foreign or damaged one does not say is empty."""
    start = score.metadata.get("start")
    return Evidence(
        score.score_id,
        Anchor(
            span_id=score.span_id or "",
            place=_text(score.metadata.get("place")),
            quote=score.comment or "",
            prefix=_text(score.metadata.get("prefix")),
            suffix=_text(score.metadata.get("suffix")),
            start=start if isinstance(start, int) and not isinstance(start, bool) and start >= 0 else None,
        ),
        score.author,
    )


def judgement_of(scores: Iterable[Score], reviewer: str) -> Judgement:
    """What one reviewer says of one trace, out of all scores of that trace and its spans. Modes are as marked, also
    where a mode was merged into another since."""
    verdict: Verdict | None = None
    judged_ns: int | None = None
    note = correction = ""
    marks: list[Score] = []
    quotes: list[Score] = []
    defined: dict[str, Score] = {}
    for score in scores:
        if score.author != reviewer or score.trace_id is None or is_adjudicated(score):
            continue
        if score.name == EVIDENCE and score.kind is ScoreKind.TEXT:
            quotes.append(score)
        elif score.name == FAILURE_MODE and score.span_id is None and isinstance(score.metadata.get("mode"), str):
            marks.append(score)
        elif score.score_id != own_id(reviewer, score.trace_id, score.name):
            continue
        elif score.name == THUMB:
            verdict = verdict_of(score)
            judged_ns = None if verdict is None else _stamp(score)
        elif score.name == NOTE:
            note = score.comment or ""
        elif score.name == CORRECTION:
            correction = score.comment or ""
        else:
            defined[score.name] = score
    marks.sort(key=_order)
    quotes.sort(key=_order)
    return Judgement(
        verdict=verdict,
        note=note,
        modes=tuple(dict.fromkeys(str(mark.metadata["mode"]) for mark in marks)),
        scores=MappingProxyType(defined),
        correction=correction,
        evidence=tuple(evidence_of(quote) for quote in quotes),
        judged_ns=judged_ns,
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What a score says under its definition: a bool (thumbs, yes/no), a number, or text; None where it says nothing.
    `outside`: not a value that the definition's present form offers, since the definition was edited."""

    value: float | str | bool | None
    outside: bool


def value_of(definition: ScoreDefinition, score: Score) -> Said:
    """What a score says under its definition."""
    value = _said(score)
    if value is None:
        return Said(None, outside=False)
    match definition.kind:
        case DefinitionKind.THUMB | DefinitionKind.YES_NO:
            fits = isinstance(value, bool)
        case DefinitionKind.NUMBER:
            fits = isinstance(value, float) and _in_range(definition, value)
        case DefinitionKind.CATEGORY:
            if isinstance(value, bool) and score.kind is ScoreKind.CATEGORY:
                value = score.label or ""  # an option that happens to be called yes or no
            fits = isinstance(value, str) and score.kind is ScoreKind.CATEGORY and value in definition.options
        case DefinitionKind.TEXT:
            fits = isinstance(value, str) and score.kind is ScoreKind.TEXT
    return Said(value, outside=not fits)


def score_for(definition: ScoreDefinition, judgement: Judgement) -> Score | None:
    """The score given for a definition: under its present name, else under a former one."""
    named = judgement.scores.get(definition.name)
    if named is not None:
        return named
    return next(
        (score for score in judgement.scores.values() if score.metadata.get("definition") == definition.definition_id),
        None,
    )


def _parts(definition: ScoreDefinition, value: float | str | bool) -> tuple[float | None, str | None, str | None]:
    """The score's value, label and comment for what is said."""
    match definition.kind, value:
        case DefinitionKind.THUMB, bool():
            return float(value), None, None
        case DefinitionKind.YES_NO, bool():
            return float(value), YES if value else NO, None
        case DefinitionKind.NUMBER, int() | float() if not isinstance(value, bool):
            if math.isfinite(value) and _in_range(definition, value):
                return float(value), None, None
        case DefinitionKind.CATEGORY, str():
            if value in definition.options:
                return None, value, None
        case DefinitionKind.TEXT, str():
            return None, None, value
    raise ValueError(f"{value!r} is no value of the score {definition.name!r}")


def _said(score: Score) -> float | str | bool | None:
    match score.kind:
        case ScoreKind.THUMB:
            return None if score.value is None else score.value >= 0.5
        case ScoreKind.NUMBER:
            return score.value
        case ScoreKind.CATEGORY:
            if score.label in (YES, NO) and score.value is not None:
                return score.label == YES
            return score.label
        case ScoreKind.TEXT:
            return score.comment


def _in_range(definition: ScoreDefinition, value: float) -> bool:
    slack = _ROUNDING * abs(definition.high - definition.low)
    return definition.low - slack <= value <= definition.high + slack


def _own(
    reviewer: str,
    trace_id: str,
    name: str,
    kind: ScoreKind,
    value: float | None = None,
    label: str | None = None,
    comment: str | None = None,
    metadata: Mapping[str, Json] | None = None,
) -> Score:
    return Score(
        score_id=own_id(reviewer, trace_id, name),
        name=name,
        kind=kind,
        trace_id=trace_id,
        value=value,
        label=label,
        comment=comment,
        author=reviewer,
        source=ScoreSource.PERSON,
        metadata=dict(metadata or {}),
    )


def _stamp(score: Score) -> int:
    return score.updated_ns or score.created_ns or 0


def _order(score: Score) -> tuple[int, str]:
    return score.created_ns or 0, score.score_id


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
