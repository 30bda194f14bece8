"""What raters said, arranged trace by trace: who gave which score, where they differ, what was settled."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tailrace.model import ScoreKind, ScoreSource, TraceRow
from tailrace.model.review import DefinitionKind, Rating, Remark, ScoreDefinition
from tailrace.model.score import THUMB
from tailrace.ui.views.conflicts import ConflictRow, Opinion, Said
from tailrace.ui.views.confusion import Cell, Confusion

MOST_VALUES: Final = 24  # more would be no table that anybody reads
_FEW_NUMBERS: Final = 8
_RANGES: Final = 5
OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class RatedScore:
    """All ratings under one name. `by_trace` holds each rater's latest original, `settled` the latest adjudicated
    value. `raters` are people first, then what is automatic, each by the number of traces rated. `called`: what a
    number is called where others give it a label (1 is yes)."""

    name: str
    by_trace: Mapping[str, Mapping[str, Rating]]
    settled: Mapping[str, Rating]
    raters: tuple[str, ...]
    sources: Mapping[str, ScoreSource]
    definition: ScoreDefinition | None = None
    called: Mapping[float | None, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its name as people know it."""
        return "Verdict" if self.name == THUMB else self.name

    def is_person(self, rater: str) -> bool:
        """Whether a rater is a reviewer rather than code, a model or an end user."""
        return self.sources[rater] is ScoreSource.PERSON

    def said(self, rating: Rating) -> Said:
        """A rating in words."""
        kind = self.definition.kind if self.definition is not None else None
        if self.name == THUMB and rating.value is not None:
            return Said("pass", 1.0, tone="ok") if rating.value >= 0.5 else Said("fail", 0.0, tone="err")
        if kind is DefinitionKind.THUMB and rating.value is not None and rating.label is None:
            return Said("up", 1.0, tone="ok") if rating.value >= 0.5 else Said("down", 0.0, tone="err")
        if (label := rating.label or self.called.get(rating.value)) is not None:
            return Said(label, None, label)
        return Said("nothing" if rating.value is None else f"{rating.value:.6g}", rating.value)

    def kind_of(self, said: Said) -> ScoreKind:
        """The kind of a score that says this."""
        if said.tone:
            return ScoreKind.THUMB
        return ScoreKind.CATEGORY if said.label is not None else ScoreKind.NUMBER


def rated_scores(ratings: Iterable[Rating], definitions: Sequence[ScoreDefinition] = ()) -> list[RatedScore]:
    """The scores that at least two raters gave to the same trace, the verdict first, then by number of such traces."""
    given: dict[str, dict[str, dict[str, Rating]]] = {}
    settled: dict[str, dict[str, Rating]] = {}
    for rating in ratings:
        if rating.adjudicated:
            former = settled.setdefault(rating.name, {}).get(rating.trace_id)
            if former is None or former.said_ns <= rating.said_ns:
                settled[rating.name][rating.trace_id] = rating
            continue
        said = given.setdefault(rating.name, {}).setdefault(rating.trace_id, {})
        if (latest := said.get(rating.rater)) is None or latest.said_ns <= rating.said_ns:
            said[rating.rater] = rating
    by_name = {definition.name: definition for definition in definitions}
    shared = {name: sum(len(said) > 1 for said in traces.values()) for name, traces in given.items()}
    names = sorted((n for n, count in shared.items() if count), key=lambda n: (n != THUMB, -shared[n], n))
    return [_rated(name, given[name], settled.get(name, {}), by_name.get(name)) for name in names]


def _rated(
    name: str,
    by_trace: dict[str, dict[str, Rating]],
    settled: dict[str, Rating],
    definition: ScoreDefinition | None,
) -> RatedScore:
    counts: Counter[str] = Counter()
    sources: dict[str, ScoreSource] = {}
    for said in by_trace.values():
        if len(said) > 1:
            counts.update(said.keys())
        for rater, rating in said.items():
            if sources.get(rater) is not ScoreSource.PERSON:
                sources[rater] = rating.source
    raters = sorted(counts, key=lambda rater: (sources[rater] is not ScoreSource.PERSON, -counts[rater], rater))
    called: dict[float | None, str] = {
        rating.value: rating.label
        for said in by_trace.values()
        for rating in said.values()
        if rating.value is not None and rating.label
    }
    return RatedScore(name, by_trace, settled, tuple(raters), sources, definition, called)


def without(ratings: Iterable[Rating], hidden: Collection[str]) -> list[Rating]:
    """The ratings that may be seen: none of a hidden trace."""
    return [rating for rating in ratings if rating.trace_id not in hidden]


@dataclass(frozen=True, slots=True)
class Background:
    """What conflicts are shown with: notes as (trace id, rater), rows of the list by trace id, and the traces whose
    values are hidden."""

    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    rows: Mapping[str, TraceRow] = field(default_factory=dict)
    hidden: Collection[str] = frozenset()


def notes_by_rater(remarks: Iterable[Remark]) -> dict[tuple[str, str], str]:
    """All that each rater has noted on a trace, oldest first."""
    found: dict[tuple[str, str], list[str]] = {}
    for remark in sorted(remarks, key=lambda remark: remark.said_ns or 0):
        found.setdefault((remark.trace_id, remark.author or ""), []).append(remark.text)
    return {key: "\n".join(texts) for key, texts in found.items()}


def conflicted(score: RatedScore, raters: Collection[str]) -> list[str]:
    """The traces on which these raters differ."""
    return [
        trace_id
        for trace_id, said in score.by_trace.items()
        if len({score.said(said[rater]).words for rater in raters if rater in said}) > 1
    ]


def conflict_rows(score: RatedScore, raters: Collection[str], background: Background) -> list[ConflictRow]:
    """The conflicts of some raters, newest trace first, with what everyone said; hidden ones without it."""
    rows = background.rows
    order = sorted(
        conflicted(score, raters), key=lambda found: (-(rows[found].start_ns if found in rows else 0), found)
    )
    return [_conflict_row(score, trace_id, background) for trace_id in order]


def _conflict_row(score: RatedScore, trace_id: str, background: Background) -> ConflictRow:
    listed = background.rows.get(trace_id)
    key, name = (-1, "not in this database") if listed is None else (listed.key, listed.name)
    preview = "" if listed is None else " ".join(listed.input_preview.split())
    if trace_id in background.hidden:
        return ConflictRow(trace_id, score.name, key, name, preview, (), (), hidden=True)
    said = score.by_trace[trace_id]
    opinions = tuple(
        Opinion(
            rater or "unknown",
            said[rater].source,
            score.said(said[rater]),
            background.notes.get((trace_id, rater), "") if score.is_person(rater) else "",
        )
        for rater in score.raters
        if rater in said
    )
    values = {opinion.said.words: opinion.said for opinion in opinions}
    ranks = value_order(score)
    choices = tuple(sorted(values.values(), key=lambda value: rank(ranks, value)))
    ruling = score.settled.get(trace_id)
    holds = ruling is not None and ruling.said_ns > max(rating.said_ns for rating in said.values())
    ruled = None if ruling is None else score.said(ruling)
    return ConflictRow(
        trace_id, score.name, key, name, preview, opinions, choices,
        settled=ruled if holds else None,
        settled_by=ruling.rater if ruling is not None and holds else "",
        outdated=None if holds else ruled,
    )  # fmt: skip


def value_order(score: RatedScore) -> dict[str, int]:
    """The places of values that have an order of their own: pass before fail, options best first."""
    options = score.definition.options if score.definition is not None else ()
    return {word: place for place, word in enumerate((*options, "pass", "up", "yes", "fail", "down", "no"))}


def rank(ranks: Mapping[str, int], said: Said) -> tuple[int, float, str]:
    """Known values in their order, then numbers from high to low, then words."""
    if said.words in ranks:
        return ranks[said.words], 0.0, said.words
    if said.label is None and said.value is not None:
        return len(ranks), -said.value, ""
    return len(ranks) + 1, 0.0, said.words


@dataclass(frozen=True, slots=True)
class PairTable:
    """The confusion table of two raters, and which of its cells each shared trace is in."""

    table: Confusion
    cells: Mapping[str, Cell]


def pair_table(score: RatedScore, first: str, second: str) -> PairTable:
    """What two raters said of the traces that both rated. Many different numbers are put into ranges of one width;
    beyond MOST_VALUES the rarest values go into `other`."""
    shared = {
        trace_id: (score.said(said[first]), score.said(said[second]))
        for trace_id, said in score.by_trace.items()
        if first in said and second in said
    }
    names = _value_names(score, [said for both in shared.values() for said in both])
    values = list(dict.fromkeys(names.values()))
    place = {value: i for i, value in enumerate(values)}
    counts = np.zeros((len(values), len(values)), np.int64)
    cells = {}
    for trace_id, (one, other) in shared.items():
        cells[trace_id] = cell = (place[names[one.words]], place[names[other.words]])
        counts[cell] += 1
    return PairTable(Confusion(first or "unknown", second or "unknown", tuple(values), counts), cells)


def _value_names(score: RatedScore, said: Sequence[Said]) -> dict[str, str]:
    """What each value is called in the table, in the table's order."""
    counts = Counter(value.words for value in said)
    distinct = {value.words: value for value in said}
    numbers = [value.value for value in distinct.values() if value.label is None and value.value is not None]
    ranks = value_order(score)
    ordered = sorted(distinct.values(), key=lambda value: rank(ranks, value))
    if len(numbers) == len(distinct) > _FEW_NUMBERS and np.isfinite(numbers).all():
        edges = range_edges(min(numbers), max(numbers))
        within = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, len(edges) - 2)
        named = {f"{n:.6g}": f"{edges[i]:.4g}–{edges[i + 1]:.4g}" for n, i in zip(numbers, within, strict=True)}
        return {value.words: named[value.words] for value in ordered}
    if len(distinct) > MOST_VALUES:
        kept = {words for words, _ in counts.most_common(MOST_VALUES - 1)}
        names = {value.words: value.words for value in ordered if value.words in kept}
        return names | {words: OTHER for words in distinct if words not in kept}
    return {value.words: value.words for value in ordered}


def range_edges(low: float, high: float) -> list[float]:
    """Edges of some five ranges of one round width (1, 2 or 5 times a power of ten) that hold both numbers."""
    # no finer than floats of this size can tell apart
    rough = max((high - low) / _RANGES, max(abs(low), abs(high)) * 1e-12) or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 12 - math.floor(math.log10(step))) for place in range(first, max(last, first + 1) + 1)]
