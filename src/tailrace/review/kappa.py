"""How far raters agree beyond chance: Cohen's and Fleiss' kappa, Krippendorff's alpha. Values in, a figure out.

J. Cohen 1960 and 1968 (weighted); J. L. Fleiss 1971; J. L. Fleiss, J. Cohen and B. S. Everitt 1969 (standard errors);
K. Krippendorff 2011, Computing Krippendorff's alpha-reliability.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from tailrace.metrics.proportions import Z95

_SAME: Final = "every rating is the same, so chance alone would agree as well"
_NOTHING: Final = "nothing was rated by both"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A coefficient, at most 1; None with the reason in words where it is not defined. `error` is its large-sample
    standard error, None where there is none. `items` is on how many it rests."""

    value: float | None
    items: int
    error: float | None = None
    reason: str = ""

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % of it, within -1 and 1. None where the standard error says nothing: it is 0 when all agree."""
        if self.value is None or not self.error:
            return None
        return max(self.value - Z95 * self.error, -1.0), min(self.value + Z95 * self.error, 1.0)


def cohen(first: Sequence[Hashable], second: Sequence[Hashable]) -> Reckoned:
    """Cohen's kappa of two raters' categories, item by item (sequences of equal length)."""
    n = len(first)
    if not n:
        return Reckoned(None, 0, reason=_NOTHING)
    rows, columns, cells = Counter(first), Counter(second), Counter(zip(first, second, strict=True))
    agreed = sum(count for (a, b), count in cells.items() if a == b)
    chance = sum(count * columns[category] for category, count in rows.items())  # times n²
    if chance == n * n:
        return Reckoned(None, n, reason=_SAME)
    value = (n * agreed - chance) / (n * n - chance)
    po, pe = agreed / n, chance / (n * n)
    spread = math.fsum(
        count / n * ((a == b) * (1 - pe) - (columns[a] + rows[b]) / n * (1 - po)) ** 2
        for (a, b), count in cells.items()
    )
    return Reckoned(value, n, _error(spread, po, pe, n))


def weighted_cohen(first: Sequence[float], second: Sequence[float]) -> Reckoned:
    """Cohen's kappa of two raters' finite numbers with quadratic weights: a disagreement counts by the square of its
    size."""
    n = len(first)
    if not n:
        return Reckoned(None, 0, reason=_NOTHING)
    low, high = min(*first, *second), max(*first, *second)
    if low == high:
        return Reckoned(None, n, reason=_SAME)
    width = high - low
    if not math.isfinite(width):
        return Reckoned(None, n, reason="the numbers are too far apart to reckon with")
    xs, ys = [(x - low) / width for x in first], [(y - low) / width for y in second]
    mean_x, mean_y = math.fsum(xs) / n, math.fsum(ys) / n
    square_x, square_y = math.fsum(x * x for x in xs) / n, math.fsum(y * y for y in ys) / n
    # weights of agreement: 1 - (x - y)²; each rater's mean weight against the other's numbers has a closed form
    po = 1 - math.fsum((x - y) ** 2 for x, y in zip(xs, ys, strict=True)) / n
    pe = 1 - (square_x - 2 * mean_x * mean_y + square_y)
    value = (po - pe) / (1 - pe)
    spread = (
        math.fsum(
            (
                (1 - (x - y) ** 2) * (1 - pe)
                - (2 - (x * x - 2 * x * mean_y + square_y) - (y * y - 2 * y * mean_x + square_x)) * (1 - po)
            )
            ** 2
            for x, y in zip(xs, ys, strict=True)
        )
        / n
    )
    return Reckoned(value, n, _error(spread, po, pe, n))


def fleiss(items: Sequence[Sequence[Hashable]]) -> Reckoned:
    """Fleiss' kappa: each item's ratings, two or more, as many of each. Raises ValueError where they differ."""
    if not items:
        return Reckoned(None, 0, reason="no item was rated by all")
    raters = len(items[0])
    if raters < 2 or any(len(item) != raters for item in items):
        raise ValueError("Fleiss' kappa needs the same number of ratings, two or more, of every item")
    n = len(items)
    totals: Counter[Hashable] = Counter()
    pairs = 0  # that agree, both ways
    for item in items:
        counts = Counter(item)
        totals.update(counts)
        pairs += sum(count * (count - 1) for count in counts.values())
    ratings = n * raters
    chance = sum(count * count for count in totals.values())  # times ratings²
    if chance == ratings * ratings:
        return Reckoned(None, n, reason=_SAME)
    po, pe = pairs / (ratings * (raters - 1)), chance / (ratings * ratings)
    return Reckoned((po - pe) / (1 - pe), n)


def nominal_alpha(items: Sequence[Sequence[Hashable]]) -> Reckoned:
    """Krippendorff's alpha of categories: each item's ratings, any number of each. Items with one count for nothing."""
    paired = [item for item in items if len(item) > 1]
    if not paired:
        return Reckoned(None, 0, reason="nothing was rated twice")
    totals: Counter[Hashable] = Counter()
    shares = []
    for item in paired:
        counts = Counter(item)
        totals.update(counts)
        shares.append((len(item) ** 2 - sum(count * count for count in counts.values())) / (len(item) - 1))
    n = sum(totals.values())
    expected = n * n - sum(count * count for count in totals.values())
    if not expected:
        return Reckoned(None, len(paired), reason=_SAME)
    return Reckoned(1 - (n - 1) * math.fsum(shares) / expected, len(paired))


def interval_alpha(items: Sequence[Sequence[float]]) -> Reckoned:
    """Krippendorff's alpha of finite numbers, whose disagreement is the square of their distance."""
    paired = [item for item in items if len(item) > 1]
    if not paired:
        return Reckoned(None, 0, reason="nothing was rated twice")
    low, high = min(map(min, paired)), max(map(max, paired))
    if low == high:
        return Reckoned(None, len(paired), reason=_SAME)
    width = high - low
    if not math.isfinite(width):
        return Reckoned(None, len(paired), reason="the numbers are too far apart to reckon with")
    scaled = [[(value - low) / width for value in item] for item in paired]
    observed = math.fsum(len(item) * _scatter(item) / (len(item) - 1) for item in scaled)
    everything = [value for item in scaled for value in item]
    n = len(everything)
    return Reckoned(1 - (n - 1) * observed / (n * _scatter(everything)), len(paired))


def _scatter(values: Sequence[float]) -> float:
    """The sum of squared distances from the mean."""
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values)


def _error(spread: float, po: float, pe: float, n: int) -> float:
    variance = (spread - (po * pe - 2 * pe + po) ** 2) / (n * (1 - pe) ** 4)
    return math.sqrt(max(variance, 0.0))
