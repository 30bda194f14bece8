"""Failure modes counted: how many traces have each, what share that is, and where each lives.

Traces are counted, not marks: two reviewers who saw the same failure in a trace saw one failing trace.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from tailrace.metrics.proportions import beyond_chance, fisher, wilson
from tailrace.model.review import FailureMode, ModeMark, Rating
from tailrace.model.score import THUMB, ScoreSource
from tailrace.model.words import format_count

COLUMNS: Final = 8
NO_VALUE: Final = "no value"
# the words of `judged_traces` and `failed_traces`, wherever their figures are shown
RULES: Final = (
    "A trace is judged when a person gave it pass or fail; deferred ones are not. Where people differ it counts as "
    "failed when it was settled as fail, or at least one failed it and nobody settled it otherwise."
)
OTHERS: Final = "others"
_Key = TypeVar("_Key", int, str)


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `base` traces. The share and its 95 % Wilson interval are None of no traces."""

    count: int
    base: int

    @property
    def share(self) -> float | None:
        """0 to 1."""
        return self.count / self.base if self.base else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """(low, high), 0 to 1."""
        return wilson(self.count, self.base)

    @property
    def words(self) -> str:
        """17 of 64 · 27 % (17–38 %)."""
        counted = f"{format_count(self.count)} of {format_count(self.base)}"
        if (interval := self.interval) is None or self.share is None:
            return counted
        return f"{counted} · {self.share:.0%} ({interval[0] * 100:.0f}–{interval[1]:.0%})".replace("%", " %")


@dataclass(frozen=True, slots=True)
class ModeCount:
    """A failure mode: how many traces were marked with it, judged or not; and its share of the judged traces and of
    the failed ones."""

    mode_id: str
    traces: int
    judged: Share
    failed: Share


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a field, and how many judged traces have it. `values` is more than 1 where it stands for others;
    `value` is None where it stands for others or for traces without a value, which `label` says."""

    value: str | None
    label: str
    traces: int
    values: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """How many of a column's traces have a row's failure mode. `p` is Fisher's exact test (two-sided) against the
    traces outside the column, None where there is nothing to compare with. `telling`: the difference is more than
    chance, given how many cells were looked at (Benjamini and Hochberg, 5 %); `more` than the rest or less."""

    share: Share
    p: float | None
    telling: bool
    more: bool


@dataclass(frozen=True, slots=True)
class CrossTable:
    """Failure modes by the values of a field: `cells[row][column]`, rows by `modes`. `shown` of `total` values have a
    column of their own, the rest are in one. `judged` traces in all."""

    modes: tuple[str, ...]
    columns: tuple[Column, ...]
    cells: tuple[tuple[Cell, ...], ...]
    shown: int
    total: int
    judged: int

    @property
    def words(self) -> str:
        """8 of 23 values, where not all have a column; empty where they have."""
        return "" if self.shown == self.total else f"{format_count(self.shown)} of {format_count(self.total)} values"


def merged_to(modes: Iterable[FailureMode]) -> dict[str, str]:
    """The mode under which each one's marks count: itself, or where it was merged to in the end. One that was merged
    into a mode that is not there counts for itself. Two that reviewers merged into each other count as the one with
    the lesser id."""
    into = {mode.mode_id: mode.merged_into for mode in modes}
    found: dict[str, str] = {}
    for mode_id in into:
        path: dict[str, None] = {}
        at = mode_id
        while at not in found and at not in path:
            path[at] = None
            onward = into[at]
            if onward is None or onward not in into:
                break
            at = onward
        ring = list(path)[list(path).index(at) :] if at in path else []
        end = found.get(at) or min(ring)
        found.update(dict.fromkeys(path, end))
    return found


def judged_traces(ratings: Iterable[Rating]) -> frozenset[str]:
    """The traces that a person gave pass or fail; one that was only put off is not judged."""
    return frozenset(rating.trace_id for rating in ratings if _is_verdict(rating))


def failed_traces(ratings: Iterable[Rating]) -> frozenset[str]:
    """The judged traces that count as failed: settled as fail; or, where nobody settled it since, failed by at least
    one person, whose last verdict counts."""
    last: dict[str, dict[str, Rating]] = {}
    settling: dict[str, Rating] = {}
    for rating in ratings:
        if not _is_verdict(rating):
            continue
        held, place = (settling, rating.trace_id) if rating.adjudicated else (
            last.setdefault(rating.trace_id, {}), rating.rater
        )  # fmt: skip
        if place not in held or _weight(rating) > _weight(held[place]):
            held[place] = rating
    for trace_id, rating in settling.items():
        if all(rating.said_ns > given.said_ns for given in last.get(trace_id, {}).values()):
            last[trace_id] = {"": rating}
    return frozenset(trace_id for trace_id, given in last.items() if any(map(_is_fail, given.values())))


def mode_counts(
    marks: Iterable[ModeMark], judged: Collection[str], failed: Collection[str] = frozenset()
) -> tuple[ModeCount, ...]:
    """Every marked mode, the most frequent first. `judged` and `failed` are trace ids."""
    judged, failed = frozenset(judged), frozenset(failed)
    counts = (
        ModeCount(
            mode_id, len(traces), Share(len(traces & judged), len(judged)), Share(len(traces & failed), len(failed))
        )
        for mode_id, traces in _traces_by_mode((mark.mode_id, mark.trace_id) for mark in marks).items()
    )
    return tuple(sorted(counts, key=lambda count: (-count.traces, count.mode_id)))


def cross_table(marks: Iterable[ModeMark], values: Mapping[int, tuple[str, ...]], limit: int = COLUMNS) -> CrossTable:
    """Failure modes by the values of a field. `values` has every judged trace by its key, with no, one or several
    values; a trace counts in the column of each. The most frequent values have columns, `limit` at most."""
    marked = _traces_by_mode((mark.mode_id, mark.key) for mark in marks if mark.key in values)
    with_value: dict[str, set[int]] = {}
    for key, several in values.items():
        for value in several:
            with_value.setdefault(value, set()).add(key)
    ordered = sorted(with_value, key=lambda value: (-len(with_value[value]), value))
    kept, cut = ordered[:limit], ordered[limit:]
    sets = [with_value[value] for value in kept]
    columns = [Column(value, value, len(with_value[value])) for value in kept]
    if cut:
        sets.append(set[int]().union(*(with_value[value] for value in cut)))
        columns.append(Column(None, f"{format_count(len(cut))} {OTHERS}", len(sets[-1]), len(cut)))
    if bare := {key for key, several in values.items() if not several}:
        sets.append(bare)
        columns.append(Column(None, NO_VALUE, len(bare), 0))
    rows = sorted(marked, key=lambda mode_id: (-len(marked[mode_id]), mode_id))
    cells = [_cell(len(marked[mode_id] & keys), len(keys), len(marked[mode_id]), len(values)) for mode_id in rows
             for keys in sets]  # fmt: skip
    telling = iter(beyond_chance([p for _, p, _ in cells if p is not None]))
    made = [Cell(share, p, p is not None and next(telling), more) for share, p, more in cells]
    width = len(columns)
    return CrossTable(
        tuple(rows),
        tuple(columns),
        tuple(tuple(made[at : at + width]) for at in range(0, len(made), width)) if width else ((),) * len(rows),
        len(kept),
        len(ordered),
        len(values),
    )


def _cell(count: int, base: int, marked: int, judged: int) -> tuple[Share, float | None, bool]:
    others, other_base = marked - count, judged - base
    if not base or not other_base:
        return Share(count, base), None, False
    p = fisher(count, base - count, others, other_base - others)
    return Share(count, base), p, count * other_base > others * base


def _traces_by_mode(pairs: Iterable[tuple[str, _Key]]) -> dict[str, set[_Key]]:
    found: dict[str, set[_Key]] = {}
    for mode_id, trace in pairs:
        found.setdefault(mode_id, set()).add(trace)
    return found


def _is_verdict(rating: Rating) -> bool:
    return rating.name == THUMB and rating.source is ScoreSource.PERSON and rating.value is not None


def _is_fail(rating: Rating) -> bool:
    return rating.value is not None and rating.value < 0.5


def _weight(rating: Rating) -> tuple[int, float]:
    return rating.said_ns, rating.value or 0.0
