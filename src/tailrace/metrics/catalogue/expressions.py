"""Short words for the expressions that measures are made of."""

from __future__ import annotations

from typing import Final

from tailrace.model.measures import (
    Aggregate,
    Better,
    Binary,
    Expression,
    Fn,
    Grain,
    Is,
    Measure,
    Number,
    Operator,
    Unit,
    Where,
)

MINUTE_NS: Final = 60e9
MONTH_NS: Final = 30.4375 * 86400e9  # a twelfth of 365.25 days


def where(column: str, value: str | float | bool, compare: Is = Is.EQ) -> Where:
    """A condition: that a column has a value."""
    return Where(column, compare, value)


def count(grain: Grain, column: str = "", *conditions: Where) -> Aggregate:
    """How many facts, or how many that know a column."""
    return Aggregate(Fn.COUNT, grain, column, conditions)


def total(grain: Grain, column: str, *conditions: Where) -> Aggregate:
    """The sum of a column."""
    return Aggregate(Fn.SUM, grain, column, conditions)


def mean(grain: Grain, column: str, *conditions: Where) -> Aggregate:
    """The mean of a column."""
    return Aggregate(Fn.MEAN, grain, column, conditions)


def quantile(q: float, grain: Grain, column: str, *conditions: Where) -> Aggregate:
    """The value that a share `q` of the known ones is at or below."""
    return Aggregate(Fn.QUANTILE, grain, column, conditions, q)


def most(grain: Grain, column: str, *conditions: Where) -> Aggregate:
    """The greatest value of a column."""
    return Aggregate(Fn.MOST, grain, column, conditions)


def distinct(grain: Grain, column: str, *conditions: Where) -> Aggregate:
    """How many different known values."""
    return Aggregate(Fn.DISTINCT, grain, column, conditions)


def plus(left: Expression, right: Expression, *more: Expression) -> Expression:
    """The sum of figures."""
    found: Expression = Binary(Operator.ADD, left, right)
    for each in more:
        found = Binary(Operator.ADD, found, each)
    return found


def minus(left: Expression, right: Expression) -> Binary:
    """One figure less another."""
    return Binary(Operator.SUBTRACT, left, right)


def times(left: Expression, factor: float) -> Binary:
    """A figure a number of times."""
    return Binary(Operator.MULTIPLY, left, Number(factor))


def ratio(part: Expression, whole: Expression) -> Binary:
    """One figure over another."""
    return Binary(Operator.DIVIDE, part, whole)


def share(condition: Where, grain: Grain, *among: Where) -> Binary:
    """The share of facts that meet a condition, of those that know its column."""
    column = condition.column
    return ratio(count(grain, column, condition, *among), count(grain, column, *among))


_QUANTILES: Final = (
    (50, "The median"),
    (90, "The 90th percentile"),
    (95, "The 95th percentile"),
    (99, "The 99th percentile"),
)


def spread(
    prefix: str, title: str, group: str, of: str, grain: Grain, column: str, unit: Unit = Unit.DURATION,
    better: Better = Better.LESS, conditions: tuple[Where, ...] = (),
) -> tuple[Measure, ...]:  # fmt: skip
    """Mean, p50, p90, p95 and p99 of one column. `of` completes "The mean of …"."""
    found = [
        Measure(
            f"{prefix}.mean",
            f"{title} mean",
            group,
            f"The mean of {of}.",
            unit,
            mean(grain, column, *conditions),
            better,
        )
    ]
    for percent, words in _QUANTILES:
        sentence = f"{words} of {of}, linear between neighbouring values."
        figure = quantile(percent / 100, grain, column, *conditions)
        found.append(Measure(f"{prefix}.p{percent}", f"{title} p{percent}", group, sentence, unit, figure, better))
    return tuple(found)
