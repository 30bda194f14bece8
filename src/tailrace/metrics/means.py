"""Whether two means differ by more than chance: Welch's test, and Student's distribution for it."""

from __future__ import annotations

import math
from typing import Final

from tailrace.model.charted import Sample

_ENOUGH: Final = 1e-15
_MOST_STEPS: Final = 100_000  # three times what a billion degrees of freedom take
_TINY: Final = 1e-300
_LARGE: Final = 100.0


def welch(first: Sample, second: Sample) -> float | None:
    """The two-sided p-value of the means being equal where the spreads need not be (B. L. Welch 1947). None where
    fewer than two numbers are on a side, where none differs from the others, or where one is not finite."""
    if min(first.n, second.n) < 2 or math.isnan(first.spread + second.spread):
        return None
    # in units of the larger spread, so that no square is too large or too small for a float
    unit = max(first.spread, second.spread)
    distance = (first.mean - second.mean) / unit if 0 < unit < math.inf else math.nan
    if not math.isfinite(distance):
        return None
    errors = [(one.spread / unit) ** 2 / one.n for one in (first, second)]
    error = sum(errors)
    freedom = error**2 / (errors[0] ** 2 / (first.n - 1) + errors[1] ** 2 / (second.n - 1))
    return student(distance / math.sqrt(error), freedom)


def student(t: float, freedom: float) -> float:
    """The probability that a number of Student's distribution with `freedom` degrees lies as far from 0 as `t`, on
    either side."""
    square = t * t
    if math.isinf(square):
        return 0.0
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + square), square / (freedom + square))


def incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """The regularised incomplete beta function I_x(a, b), a and b above 0. `rest` is 1 - x, of which a float near 1
    would not hold enough."""
    if x <= 0:
        return 0.0
    if rest <= 0:
        return 1.0
    front = math.exp(a * _log_share(x, rest) + b * _log_share(rest, x) - _log_beta(min(a, b), max(a, b)))
    # the fraction converges fast on this side of the distribution's mean; the other side is what remains
    if x < (a + 1) / (a + b + 2):
        return min(front * _fraction(a, b, x) / a, 1.0)
    return max(1.0 - front * _fraction(b, a, rest) / b, 0.0)


def _log_beta(small: float, large: float) -> float:
    """The logarithm of the beta function."""
    if large < _LARGE:
        return math.lgamma(small) + math.lgamma(large) - math.lgamma(small + large)
    # by Stirling's series: the difference of two large logarithms would leave few digits
    both = small + large
    grown = (large - 0.5) * math.log1p(small / large) + small * (math.log(both) - 1)
    grown += (1 / both - 1 / large) / 12 - (both**-3 - large**-3) / 360
    return math.lgamma(small) - grown


def _log_share(share: float, rest: float) -> float:
    return math.log(share) if share < 0.5 else math.log1p(-rest)


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, evaluated forwards (W. J. Lentz 1976)."""
    c, d = 1.0, _reciprocal(1 - (a + b) * x / (a + 1))
    value = d
    for step in range(1, _MOST_STEPS):
        even = a + 2 * step
        for part in (
            step * (b - step) * x / ((even - 1) * even),
            -(a + step) * (a + b + step) * x / (even * (even + 1)),
        ):
            d = _reciprocal(1 + part * d)
            c = 1 + part / c or _TINY
            value *= c * d
        if abs(c * d - 1) < _ENOUGH:
            break
    return value


def _reciprocal(value: float) -> float:
    return 1 / (value or _TINY)
