"""Which test tells whether two figures of a measure differ by more than chance, and what it has to know of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from tailrace.metrics.means import welch
from tailrace.metrics.proportions import fisher
from tailrace.model.charted import Sample, Test
from tailrace.model.facts import ColumnType, type_of
from tailrace.model.measures import Aggregate, Binary, Expression, Fn, Grain, Is, Number, Operator, Where

# What a figure of one value is, by aggregate
Figures: TypeAlias = Mapping[Aggregate, float]

_THUMB: Final = "thumb"
_TRACES: Final = Aggregate(Fn.COUNT, Grain.TRACE)
# Grains of which a trace can have several facts
FINER: Final = (Grain.SPAN, Grain.SCORE, Grain.RETRIEVAL)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` counts some of the facts that `whole` counts."""

    part: Aggregate
    whole: Aggregate

    test = Test.PROPORTIONS

    @property
    def asks(self) -> tuple[Aggregate, ...]:
        """What it has to know."""
        return self.part, self.whole

    def compare(self, first: Figures, second: Figures) -> float | None:
        """The p-value of two values' figures; None where one has no facts."""
        return _compare_shares(
            _whole_number(first[self.part]),
            _whole_number(first[self.whole]),
            _whole_number(second[self.part]),
            _whole_number(second[self.whole]),
        )


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a column's `known` values; with `facts` of all facts, where those that do not know it count as 0."""

    mean: Aggregate
    spread: Aggregate
    known: Aggregate
    facts: Aggregate | None = None

    test = Test.MEANS

    @property
    def asks(self) -> tuple[Aggregate, ...]:
        """What it has to know."""
        return (self.mean, self.spread, self.known, *(() if self.facts is None else (self.facts,)))

    def compare(self, first: Figures, second: Figures) -> float | None:
        """The p-value of two values' figures; None where one has fewer than two facts."""
        return welch(self._sample(first), self._sample(second))

    def _sample(self, figures: Figures) -> Sample:
        sample = Sample(_whole_number(figures[self.known]), figures[self.mean], figures[self.spread])
        return sample if self.facts is None else _with_zeros(sample, _whole_number(figures[self.facts]))


@dataclass(frozen=True, slots=True)
class PerTrace:
    """What is counted or added up in each trace. It takes a question of its own: how that `total` spreads over the
    traces that have any; the others of all `traces` have 0."""

    total: Aggregate
    traces: Aggregate

    test = Test.MEANS

    @property
    def asks(self) -> tuple[Aggregate, ...]:
        """What it has to know beside."""
        return (self.traces,)

    def compare(self, first: Sample, first_figures: Figures, second: Sample, second_figures: Figures) -> float | None:
        """The p-value of two values' totals and figures; None where one has fewer than two traces."""
        return welch(
            _with_zeros(first, _whole_number(first_figures[self.traces])),
            _with_zeros(second, _whole_number(second_figures[self.traces])),
        )


@dataclass(frozen=True, slots=True)
class Quantile:
    """The quantile of a column. It takes a second question: how many facts lie above that of both values together."""

    quantile: Aggregate

    test = Test.QUANTILES

    def above(self, pooled: float) -> Share:
        """The share of the facts that lie above a number."""
        known = Aggregate(Fn.COUNT, self.quantile.grain, self.quantile.column, self.quantile.where)
        return Share(replace(known, where=(*known.where, Where(known.column, Is.GT, pooled))), known)


Fit: TypeAlias = Share | Mean | PerTrace | Quantile


def fit_of(expression: Expression) -> Fit | None:
    """What is tested of a measure's expression; None where no test fits. See `model.charted.Test`."""
    core = _without_constants(expression)
    if isinstance(core, Aggregate):
        return _fit_of_one(core)
    if isinstance(core, Binary) and core.operator is Operator.DIVIDE:
        part, whole = core.left, core.right
        if isinstance(part, Aggregate) and isinstance(whole, Aggregate) and whole.fn is Fn.COUNT:
            return _fit_of_ratio(part, whole)
    return None


def _fit_of_one(figure: Aggregate) -> Fit | None:
    if figure.fn is Fn.QUANTILE:
        return Quantile(figure)
    if figure.fn is not Fn.MEAN:
        return None
    known = Aggregate(Fn.COUNT, figure.grain, figure.column, figure.where)
    holds = _holds(figure.grain, figure.column)
    if holds is not None:
        return Share(replace(known, where=(*known.where, holds)), known)
    return Mean(figure, replace(figure, fn=Fn.SPREAD), known)


def _fit_of_ratio(part: Aggregate, whole: Aggregate) -> Fit | None:
    if part.grain is not whole.grain:
        of_traces = whole == _TRACES and part.grain in FINER and part.fn in (Fn.SUM, Fn.COUNT)
        return PerTrace(part, whole) if of_traces else None
    if part.fn is Fn.COUNT:
        return Share(part, whole) if _is_part(part, whole) else None
    if part.fn is Fn.SUM and set(part.where) == set(whole.where) and whole.column in ("", part.column):
        known = replace(whole, column=part.column)
        mean, spread = replace(part, fn=Fn.MEAN), replace(part, fn=Fn.SPREAD)
        return Mean(mean, spread, known, None if whole.column else whole)
    return None


def _is_part(part: Aggregate, whole: Aggregate) -> bool:
    """Whether all that one counts is counted by the other. A condition on a column is met only where it is known."""
    known = {"", part.column, *(where.column for where in part.where)}
    return set(whole.where) <= set(part.where) and whole.column in known


def _holds(grain: Grain, column: str) -> Where | None:
    """The condition for a column of two values to be 1; None for other columns."""
    if grain is Grain.TRACE and column == _THUMB:
        return Where(column, Is.EQ, 1.0)
    return Where(column, Is.EQ, True) if type_of(grain, column) is ColumnType.FLAG else None


def _without_constants(expression: Expression) -> Expression:
    """What is left when nothing is added to it and nothing multiplies it: both values of it alike."""
    while isinstance(expression, Binary):
        if isinstance(expression.right, Number):
            expression = expression.left
        elif isinstance(expression.left, Number) and expression.operator is not Operator.DIVIDE:
            expression = expression.right
        else:
            break
    return expression


def _compare_shares(part: int, whole: int, other_part: int, other_whole: int) -> float | None:
    if not whole or not other_whole:
        return None
    return fisher(part, whole - part, other_part, other_whole - other_part)


def _with_zeros(known: Sample, facts: int) -> Sample:
    """What is known of some of the facts, with 0 for the others."""
    if known.n >= facts or facts < 2:
        return known
    if known.n == 0:
        return Sample(facts, 0.0, 0.0)
    spread = 0.0 if known.n == 1 else known.spread
    mean = known.mean * known.n / facts
    squares = (known.n - 1) * spread**2 + known.n * (known.mean - mean) ** 2 + (facts - known.n) * mean**2
    return Sample(facts, mean, math.sqrt(squares / (facts - 1)))


def _whole_number(count: float) -> int:
    return 0 if math.isnan(count) else round(count)
