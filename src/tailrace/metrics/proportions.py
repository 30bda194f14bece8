"""What a share of few says about many: intervals, and whether two shares differ by more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

Z95: Final = NormalDist().inv_cdf(0.975)
# Tables as likely as the one at hand may differ from it by rounding
_AS_LIKELY: Final = 1e-7
_NEGLIGIBLE: Final = 1e-18


def wilson(count: int, base: int, z: float = Z95) -> tuple[float, float] | None:
    """The interval of the share `count` of `base` (E. B. Wilson 1927), of 95 % unless another quantile of the normal
    distribution is given; None of nothing."""
    if base <= 0:
        return None
    share, z2 = count / base, z * z
    middle = (share + z2 / (2 * base)) / (1 + z2 / base)
    half = z / (1 + z2 / base) * math.sqrt(share * (1 - share) / base + z2 / (4 * base * base))
    low = 0.0 if count == 0 else max(middle - half, 0.0)
    return low, 1.0 if count == base else min(middle + half, 1.0)


def fisher(a: int, b: int, c: int, d: int) -> float:
    """The two-sided p-value of Fisher's exact test of the table [[a, b], [c, d]]: the probability, with its sums as
    they are, of a table that is no likelier than this one. It takes as long as the table's spread is wide."""
    row, column, total = a + b, a + c, a + b + c + d
    other = total - row - column
    first, last = max(0, -other), min(row, column)
    mode = min(max((row + 1) * (column + 1) // (total + 2), first), last)
    shared = _log_factorials(row, total - row, column, total - column) - math.lgamma(total + 1)

    def log_of(count: int) -> float:
        """The logarithm of the probability of a table with `count` in place of `a`."""
        return shared - _log_factorials(count, row - count, column - count, other + count)

    line = log_of(a) + _AS_LIKELY
    if log_of(mode) <= line:
        return 1.0

    def tail(end: int, step: int) -> float:
        """The probability of all tables that are no likelier, from the likeliest of them to `end`."""
        likely, unlikely = mode, end
        if log_of(unlikely) > line:
            return 0.0
        while abs(likely - unlikely) > 1:
            middle = (likely + unlikely) // 2
            likely, unlikely = (middle, unlikely) if log_of(middle) > line else (likely, middle)
        count, term = unlikely, math.exp(log_of(unlikely))
        found = term
        while count != end and term > found * _NEGLIGIBLE:
            if step > 0:
                term *= (row - count) * (column - count) / ((count + 1) * (other + count + 1))
            else:
                term *= count * (other + count) / ((row - count + 1) * (column - count + 1))
            count += step
            found += term
        return found

    return min(tail(first, -1) + tail(last, 1), 1.0)


def beyond_chance(p_values: Sequence[float], level: float = 0.05) -> list[bool]:
    """Which of many comparisons to believe, so that at most `level` of those are expected to be chance
    (Y. Benjamini and Y. Hochberg 1995)."""
    ordered = sorted(p_values)
    line = max(
        (p for place, p in enumerate(ordered, 1) if p <= level * place / len(ordered)),
        default=-1.0,
    )
    return [p <= line for p in p_values]


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values of several comparisons, each raised so that believing those up to a level is wrong about any of
    them with that probability at most (S. Holm 1979)."""
    adjusted = [1.0] * len(p_values)
    least = 0.0
    for place, at in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(p_values[at] * (len(p_values) - place), 1.0))
        adjusted[at] = least
    return adjusted


def _log_factorials(*counts: int) -> float:
    return math.fsum(math.lgamma(count + 1) for count in counts)
