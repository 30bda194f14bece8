"""How far those who rated the same traces agree, score by score, and where they do not.

Of each rater the latest rating of a trace counts; what settled a conflict is no rating of its own and is left out.
Persons are compared with persons, and each person with each automatic score (or end users' feedback) of the same name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final, TypeAlias

from tailrace.model.review import Rating
from tailrace.model.score import THUMB, ScoreSource
from tailrace.model.words import format_count
from tailrace.review.kappa import Reckoned, cohen, fleiss, interval_alpha, nominal_alpha, weighted_cohen

MOST_LABELS: Final = 12  # of a confusion table of numbers; beyond them they are put into classes
FEWEST: Final = 10  # shared traces below which the words for the strength of agreement would mislead
TOO_FEW: Final = "too few to say"

# trace id -> rater -> what they said of it
Sheet: TypeAlias = Mapping[str, Mapping[str, Rating]]


class Statistic(StrEnum):
    """Which coefficient a figure is."""

    COHEN = "Cohen's κ"
    WEIGHTED = "Cohen's κ with quadratic weights"
    FLEISS = "Fleiss' κ"
    NOMINAL = "Krippendorff's α (nominal)"
    INTERVAL = "Krippendorff's α (interval)"

    @property
    def sign(self) -> str:
        """κ or α."""
        return "α" if self in (Statistic.NOMINAL, Statistic.INTERVAL) else "κ"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far raters agree on one score. `items` is the number of traces it rests on, `percent` the share (0 to 1) of
    the pairs of ratings on them that are equal; `low` and `high` a 95 % interval of the value. None where undefined,
    with the reason in words. `automatic`: the second rater is no person."""

    name: str
    raters: tuple[str, ...]
    items: int
    percent: float | None
    statistic: Statistic
    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    automatic: bool = False

    @property
    def words(self) -> str:
        """κ = 0.71 on 40 shared traces."""
        shared = f"{format_count(self.items)} shared trace{'' if self.items == 1 else 's'}"
        if self.value is None:
            return f"{self.statistic.sign} unknown on {shared}: {self.reason}" if self.items else self.reason
        return f"{self.statistic.sign} = {two_places(self.value)} on {shared}"

    @property
    def band(self) -> str:
        """How strong that is, after Landis and Koch 1977; empty where the value is unknown, and `TOO_FEW` where it
        rests on fewer than 10 traces."""
        if self.value is None:
            return ""
        return TOO_FEW if self.items < FEWEST else band(self.value)


@dataclass(frozen=True, slots=True)
class Agreements:
    """All agreement on one score: `overall` among all persons (several coefficients, none for fewer than two),
    `pairs` of persons, and `automatic`: each person with each automatic score of this name. Most shared traces
    first."""

    name: str
    overall: tuple[Agreement, ...]
    pairs: tuple[Agreement, ...]
    automatic: tuple[Agreement, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A trace of which persons say different things. `ratings` has one of each, by rater. It is settled where an
    adjudicated rating is newer than all of them."""

    trace_id: str
    name: str
    ratings: tuple[Rating, ...]
    adjudicated: Rating | None
    settled: bool

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """(rater, what they said)."""
        return tuple((rating.rater, said(rating)) for rating in self.ratings)


def band(value: float) -> str:
    """poor, slight, fair, moderate, substantial or almost perfect: the words of Landis and Koch 1977."""
    if value < 0:
        return "poor"
    limits = ((0.2, "slight"), (0.4, "fair"), (0.6, "moderate"), (0.8, "substantial"))
    return next((word for limit, word in limits if value <= limit), "almost perfect")


def two_places(value: float) -> str:
    """0.71, −0.08; never −0.00, and 1.00 for nothing less than 1."""
    if 0.995 <= value < 1:
        return "0.99"
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def said(rating: Rating) -> str:
    """What a rating says, in words."""
    if rating.name == THUMB and rating.value is not None:
        return "pass" if rating.value >= 0.5 else "fail"
    if rating.label is not None:
        return rating.label
    return "" if rating.value is None else f"{rating.value:.6g}"


def rated_names(ratings: Iterable[Rating]) -> tuple[str, ...]:
    """The names of scores that two raters or more gave the same trace, a person among them; the verdict first."""
    people: dict[tuple[str, str], set[tuple[bool, str]]] = {}
    for rating in ratings:
        if not rating.adjudicated:
            key = (rating.name, rating.trace_id)
            people.setdefault(key, set()).add((_is_person(rating), rating.rater))
    found = {
        name for (name, _), raters in people.items() if len(raters) > 1 and any(is_person for is_person, _ in raters)
    }
    return tuple(sorted(found, key=lambda name: (name != THUMB, name.casefold(), name)))


def agreements(ratings: Iterable[Rating], name: str) -> Agreements:
    """Agreement on the score of this name: of all persons together, of each two, and of each with automatic scores."""
    persons, others = _sheets(ratings, name)
    people = _raters(persons)
    pairs = (_of_two(name, persons, persons, a, b, automatic=False) for a, b in combinations(people, 2))
    automatic = (_of_two(name, persons, others, a, b, automatic=True) for a in people for b in _raters(others))
    return Agreements(
        name, _overall(name, persons, people), _shared(pairs), tuple(one for one in _shared(automatic) if one.items)
    )


def agreement_of(ratings: Iterable[Rating], name: str, first: str, second: str) -> Agreement:
    """Agreement of two persons on one score; where `second` is no person, of a person with an automatic score."""
    persons, others = _sheets(ratings, name)
    automatic = second not in _raters(persons) and second in _raters(others)
    return _of_two(name, persons, others if automatic else persons, first, second, automatic)


def conflicts(ratings: Iterable[Rating]) -> tuple[Conflict, ...]:
    """Where persons say different things of a trace. Those still to settle come first, verdicts before other scores,
    then what was said last."""
    latest: dict[tuple[str, str], dict[str, Rating]] = {}
    settling: dict[tuple[str, str], Rating] = {}
    for rating in ratings:
        key = (rating.name, rating.trace_id)
        if rating.adjudicated:
            if key not in settling or _later(rating, settling[key]):
                settling[key] = rating
        elif _is_person(rating) and (rating.label is not None or rating.value is not None):
            held = latest.setdefault(key, {})
            if rating.rater not in held or _later(rating, held[rating.rater]):
                held[rating.rater] = rating
    found = []
    for (name, trace_id), by_rater in latest.items():
        given = tuple(by_rater[rater] for rater in sorted(by_rater))
        if len(given) > 1 and any(not _equal(given[0], other) for other in given[1:]):
            adjudicated = settling.get((name, trace_id))
            newest = max(rating.said_ns for rating in given)
            settled = adjudicated is not None and adjudicated.said_ns > newest
            found.append(Conflict(trace_id, name, given, adjudicated, settled))
    found.sort(
        key=lambda one: (
            one.settled,
            one.name != THUMB,
            one.name,
            -max(rating.said_ns for rating in one.ratings),
            one.trace_id,
        )
    )
    return tuple(found)


def _is_person(rating: Rating) -> bool:
    return rating.source is ScoreSource.PERSON


def _later(one: Rating, other: Rating) -> bool:
    """Whether `one` is the later of two ratings; the value decides at the same time, so that order does not matter."""
    return (one.said_ns, one.label or "", one.value or 0.0) > (other.said_ns, other.label or "", other.value or 0.0)


def _sheets(ratings: Iterable[Rating], name: str) -> tuple[Sheet, Sheet]:
    """The latest ratings of this name by persons, and by others."""
    sheets: tuple[dict[str, dict[str, Rating]], dict[str, dict[str, Rating]]] = ({}, {})
    for rating in ratings:
        if rating.name != name or rating.adjudicated:
            continue
        if rating.label is None and (rating.value is None or not math.isfinite(rating.value)):
            continue
        by_rater = sheets[not _is_person(rating)].setdefault(rating.trace_id, {})
        if rating.rater not in by_rater or _later(rating, by_rater[rating.rater]):
            by_rater[rating.rater] = rating
    return sheets


def _raters(sheet: Sheet) -> list[str]:
    return sorted({rater for by_rater in sheet.values() for rater in by_rater})


def _both(one: Sheet, other: Sheet, first: str, second: str) -> list[tuple[Rating, Rating]]:
    """The pairs of ratings of the traces that both rated in a comparable way: both with labels, or both with numbers
    and not both with labels."""
    pairs = [
        (by_rater[first], other[trace_id][second])
        for trace_id, by_rater in one.items()
        if first in by_rater and second in other.get(trace_id, ())
    ]
    labelled = [pair for pair in pairs if all(rating.label is not None for rating in pair)]
    numbered = [pair for pair in pairs if all(_has_number(rating) for rating in pair)]
    return labelled if len(labelled) >= len(numbered) else numbered


def _has_number(rating: Rating) -> bool:
    return rating.value is not None and math.isfinite(rating.value)


def _is_interval(pairs: Sequence[Sequence[Rating]]) -> bool:
    """Whether ratings are numbers with distances: not categories, and not a yes or no written as 1 or 0."""
    ratings = [rating for pair in pairs for rating in pair]
    if not ratings or ratings[0].name == THUMB or all(rating.label is not None for rating in ratings):
        return False
    return all(_has_number(rating) for rating in ratings) and {rating.value for rating in ratings} - {0.0, 1.0} != set()


def _category(rating: Rating, by_label: bool) -> str | float | None:
    return rating.label if by_label else rating.value


def _equal(one: Rating, other: Rating) -> bool:
    if one.label is not None and other.label is not None:
        return one.label == other.label
    return one.value == other.value


def _of_two(name: str, one: Sheet, other: Sheet, first: str, second: str, automatic: bool) -> Agreement:
    pairs = _both(one, other, first, second)
    if _is_interval(pairs):
        statistic = Statistic.WEIGHTED
        reckoned = weighted_cohen([a.value or 0.0 for a, _ in pairs], [b.value or 0.0 for _, b in pairs])
    else:
        statistic = Statistic.COHEN
        by_label = all(rating.label is not None for pair in pairs for rating in pair)
        reckoned = cohen([_category(a, by_label) for a, _ in pairs], [_category(b, by_label) for _, b in pairs])
    equal = sum(_equal(a, b) for a, b in pairs)
    return _agreement(name, (first, second), equal / len(pairs) if pairs else None, statistic, reckoned, automatic)


def _overall(name: str, sheet: Sheet, people: Sequence[str]) -> tuple[Agreement, ...]:
    if len(people) < 2:
        return ()
    rows = [list(by_rater.values()) for by_rater in sheet.values()]
    labels = sum(rating.label is not None for row in rows for rating in row)
    numbers = sum(_has_number(rating) for row in rows for rating in row)
    by_label = labels >= numbers
    rows = [
        [rating for rating in row if (rating.label is not None if by_label else _has_number(rating))] for row in rows
    ]
    rows = [row for row in rows if len(row) > 1]
    raters = tuple(people)
    if _is_interval(rows):
        numbers_of = [[rating.value or 0.0 for rating in row] for row in rows]
        return (_agreement(name, raters, _pairs_equal(rows), Statistic.INTERVAL, interval_alpha(numbers_of)),)
    alpha = nominal_alpha([[_category(rating, by_label) for rating in row] for row in rows])
    found = [_agreement(name, raters, _pairs_equal(rows), Statistic.NOMINAL, alpha)]
    if len(people) > 2:
        full = [row for row in rows if len(row) == len(people)]
        kappa = fleiss([[_category(rating, by_label) for rating in row] for row in full])
        found.append(_agreement(name, raters, _pairs_equal(full), Statistic.FLEISS, kappa))
    return tuple(found)


def _pairs_equal(rows: Sequence[Sequence[Rating]]) -> float | None:
    pairs = [pair for row in rows for pair in combinations(row, 2)]
    return sum(_equal(a, b) for a, b in pairs) / len(pairs) if pairs else None


def _agreement(
    name: str,
    raters: tuple[str, ...],
    percent: float | None,
    statistic: Statistic,
    reckoned: Reckoned,
    automatic: bool = False,
) -> Agreement:
    low, high = reckoned.interval or (None, None)
    return Agreement(
        name, raters, reckoned.items, percent, statistic, reckoned.value, low, high, reckoned.reason, automatic
    )


def _shared(found: Iterable[Agreement]) -> tuple[Agreement, ...]:
    return tuple(sorted(found, key=lambda one: (-one.items, one.raters)))
