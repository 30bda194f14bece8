"""What a review came to, as values and as one page of HTML that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tailrace.assets import asset
from tailrace.model.review import Evidence, FailureMode, ModeMark, Rating, Remark
from tailrace.model.score import THUMB, ScoreSource
from tailrace.model.words import format_count
from tailrace.review.agreement import Agreement, Agreements, agreements, conflicts, rated_names, two_places
from tailrace.review.modes import RULES, CrossTable, ModeCount, failed_traces, judged_traces, mode_counts

EXAMPLES: Final = 3
BEGINNING: Final = 120  # characters of an input that tell which trace it is
LONGEST: Final = 1_200  # characters of a note or a quote that are shown
# what HTML does not allow, halves of characters that no file can hold, and what turns the words after it round
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many traces passed, failed, and were put off without a verdict."""

    passed: int
    failed: int
    deferred: int

    @property
    def total(self) -> int:
        """The judged traces: passed or failed."""
        return self.passed + self.failed

    @property
    def seen(self) -> int:
        """The judged ones and those put off."""
        return self.total + self.deferred


@dataclass(frozen=True, slots=True)
class Example:
    """One trace that failed in some way: the first words of its input; what reviewers wrote, (author, text) each; the
    words they highlighted; and what it should have said."""

    trace_id: str
    trace_name: str
    preview: str
    notes: tuple[tuple[str, str], ...]
    quotes: tuple[str, ...]
    correction: str


@dataclass(frozen=True, slots=True)
class ModeReport:
    """A failure mode with how often it was seen, and examples out of all traces that were marked with it."""

    name: str
    description: str
    count: ModeCount
    examples: tuple[Example, ...]

    @property
    def examples_words(self) -> str:
        """3 of 17 traces."""
        traces = self.count.traces
        return f"{len(self.examples)} of {format_count(traces)} trace{'' if traces == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class ReviewReport:
    """All that the page shows. `verdicts` counts each trace once, failed as `failed_traces` has it.
    `tables` are (field, failure modes by its values); `mode_names` names the modes in them."""

    title: str
    subtitle: str
    verdicts: Verdicts
    reviewers: tuple[tuple[str, Verdicts], ...]
    modes: tuple[ModeReport, ...]
    agreements: tuple[Agreements, ...]
    open_conflicts: int
    settled_conflicts: int
    tables: tuple[tuple[str, CrossTable], ...] = ()
    mode_names: Mapping[str, str] | None = None


def build_report(
    title: str,
    subtitle: str = "",
    *,
    modes: Iterable[FailureMode],
    marks: Sequence[ModeMark],
    ratings: Sequence[Rating],
    judged: Sequence[tuple[str, int, str]],
    remarks: Sequence[Remark] = (),
    evidence: Mapping[str, Sequence[Evidence]] | None = None,
    corrections: Mapping[str, str] | None = None,
    trace_names: Mapping[str, str] | None = None,
    previews: Mapping[str, str] | None = None,
    tables: Sequence[tuple[str, CrossTable]] = (),
    examples: int = EXAMPLES,
) -> ReviewReport:
    """Put a review together. `judged` is every person's verdict as (trace id, key, author), deferred ones too;
    `evidence`, `corrections`, `trace_names` and `previews` (of the input) go by trace id. A mode shows `examples`
    traces, those that reviewers wrote most about first."""
    named = {mode.mode_id: mode for mode in modes}
    failed = failed_traces(ratings)
    rated = judged_traces(ratings)
    put_off = {trace_id for trace_id, _, _ in judged} - rated
    by_person = {(one.rater, one.trace_id): one for one in sorted(ratings, key=lambda one: one.said_ns)
                 if _is_verdict(one) and not one.adjudicated}  # fmt: skip
    people: dict[str, dict[str, str]] = {}
    for trace_id, _, author in judged:
        people.setdefault(author, {})[trace_id] = "deferred"
    for (rater, trace_id), one in by_person.items():
        people.setdefault(rater, {})[trace_id] = "passed" if (one.value or 0.0) >= 0.5 else "failed"
    reviewers = [(name, _verdicts(list(said.values()))) for name, said in people.items()]
    found = conflicts(ratings)
    seen: dict[str, set[str]] = {}
    for mark in marks:
        seen.setdefault(mark.mode_id, set()).add(mark.trace_id)
    examples_of = _Examples(remarks, evidence or {}, corrections or {}, trace_names or {}, previews or {})
    return ReviewReport(
        title=title,
        subtitle=subtitle,
        verdicts=Verdicts(len(rated - failed), len(failed), len(put_off)),
        reviewers=tuple(sorted(reviewers, key=lambda pair: (-pair[1].seen, pair[0]))),
        modes=tuple(
            ModeReport(
                named[count.mode_id].name if count.mode_id in named else count.mode_id,
                named[count.mode_id].description if count.mode_id in named else "",
                count,
                examples_of.best(seen[count.mode_id], examples),
            )
            for count in mode_counts(marks, rated, failed)
        ),
        agreements=tuple(agreements(ratings, name) for name in rated_names(ratings)),
        open_conflicts=sum(not one.settled for one in found),
        settled_conflicts=sum(one.settled for one in found),
        tables=tuple(tables),
        mode_names={mode_id: mode.name for mode_id, mode in named.items()},
    )


def render_report(report: ReviewReport) -> str:
    """One HTML page: no script, nothing from elsewhere, light and dark as the reader has it, and printable. Whatever
    the data says is text on it."""
    from jinja2 import Environment, StrictUndefined  # takes longer to import than all of the rest

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_printable
    )
    environment.filters |= {
        "number": format_count,
        "percent": _percent,
        "width": _width,
        "cut": _cut,
        "places": lambda value: "–" if value is None else two_places(value),
        "raters": _raters,
    }
    template = environment.from_string(asset("report", "review.html.j2").read_text(encoding="utf-8"))
    return template.render(report=report, rules=RULES)


class _Examples:
    """What was written about each trace."""

    def __init__(
        self,
        remarks: Sequence[Remark],
        evidence: Mapping[str, Sequence[Evidence]],
        corrections: Mapping[str, str],
        names: Mapping[str, str],
        previews: Mapping[str, str],
    ) -> None:
        self._notes: dict[str, list[Remark]] = {}
        for remark in sorted(remarks, key=lambda one: (one.said_ns or 0, one.score_id)):
            if remark.text.strip():
                self._notes.setdefault(remark.trace_id, []).append(remark)
        self._evidence = evidence
        self._corrections = corrections
        self._names = names
        self._previews = previews

    def best(self, trace_ids: Iterable[str], count: int) -> tuple[Example, ...]:
        """Those with a note, evidence and a correction first, then by id."""
        ranked = sorted(trace_ids, key=lambda trace_id: (-self._told(trace_id), trace_id))
        return tuple(self._example(trace_id) for trace_id in ranked[:count])

    def _told(self, trace_id: str) -> int:
        return (
            2 * (trace_id in self._notes)
            + bool(self._evidence.get(trace_id))
            + bool(self._corrections.get(trace_id, "").strip())
        )

    def _example(self, trace_id: str) -> Example:
        notes = self._notes.get(trace_id, [])
        return Example(
            trace_id,
            notes[0].trace_name if notes else self._names.get(trace_id, ""),
            _beginning(self._previews.get(trace_id, "")),
            tuple((note.author or "", note.text.strip()) for note in notes),
            tuple(piece.anchor.quote for piece in self._evidence.get(trace_id, ())),
            self._corrections.get(trace_id, "").strip(),
        )


def _beginning(text: str) -> str:
    words = " ".join(text[: 3 * BEGINNING].split())
    return words if len(words) <= BEGINNING else f"{words[: BEGINNING - 1]}…"


def _is_verdict(rating: Rating) -> bool:
    return rating.name == THUMB and rating.source is ScoreSource.PERSON and rating.value is not None


def _verdicts(words: Sequence[str]) -> Verdicts:
    return Verdicts(words.count("passed"), words.count("failed"), words.count("deferred"))


def _printable(value: Any) -> Any:
    # what is markup already was made of printed values
    return _UNPRINTABLE.sub("\ufffd", value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.0f} %"


def _width(share: float | None) -> str:
    """For style attributes: 0.00 to 100.00."""
    return f"{min(max(share or 0.0, 0.0), 1.0) * 100:.2f}"


def _cut(text: str) -> str:
    left = len(text) - LONGEST
    return text if left <= 0 else f"{text[:LONGEST]} … ({format_count(left)} more characters)"


def _raters(agreement: Agreement) -> str:
    if len(agreement.raters) == 2:
        return f"{agreement.raters[0]} and {agreement.raters[1]}"
    return f"all {len(agreement.raters)} reviewers"
