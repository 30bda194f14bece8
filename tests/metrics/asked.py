"""Questions answered from arrays, by NumPy alone: what comparisons are tested on."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailrace.model import TraceFilter
from tailrace.model.charted import Answer, Group, Question, Sample
from tailrace.model.measures import Aggregate, Binary, Elapsed, Expression, Fn, Grain, Is, Number, Operator

Mask = NDArray[np.bool_]

_COMPARE: Mapping[Is, Callable[[Any, Any], Any]] = {
    Is.EQ: operator.eq,
    Is.NE: operator.ne,
    Is.LT: operator.lt,
    Is.LE: operator.le,
    Is.GT: operator.gt,
    Is.GE: operator.ge,
}
_OPERATE: Mapping[Operator, Callable[[float, float], float]] = {
    Operator.ADD: operator.add,
    Operator.SUBTRACT: operator.sub,
    Operator.MULTIPLY: operator.mul,
    Operator.DIVIDE: lambda a, b: a / b if b else np.nan,
}


@dataclass
class Asked:
    """Facts of each grain as columns of floats (unknown is NaN), and the values of one field that each fact has."""

    columns: dict[Grain, dict[str, NDArray[np.float64]]]
    values: dict[Grain, list[tuple[str, ...]]]
    traces: NDArray[np.int64] | None = None  # of spans
    questions: list[Question] = field(default_factory=list)

    def __call__(self, questions: Sequence[Question]) -> list[Answer]:
        self.questions.extend(questions)
        return [self._answer(question) for question in questions]

    def spread(
        self, by: str, values: Sequence[str], filter: TraceFilter, totals: Sequence[Aggregate]
    ) -> dict[Aggregate, list[Sample]]:
        """How totals of spans spread over the traces that have any."""
        assert self.traces is not None
        found: dict[Aggregate, list[Sample]] = {}
        for total in totals:
            for value in values:
                has = np.array([value in some for some in self.values[total.grain]], np.bool_)
                of_traces = [self._aggregate(total, has & (self.traces == one)) for one in np.unique(self.traces[has])]
                known = np.array([figure for figure in of_traces if not np.isnan(figure)])
                few = len(known) < 2
                sample = Sample(len(known), *((np.nan, np.nan) if few else (known.mean(), known.std(ddof=1))))
                found.setdefault(total, []).append(sample)
        return found

    def _answer(self, question: Question) -> Answer:
        assert question.by is not None
        assert question.top == 0
        known = {value for facts in self.values.values() for some in facts for value in some}
        groups = tuple(Group(value) for value in sorted(known) if not question.values or value in question.values)
        totals = {
            measure.id: np.array([self._figure(measure.expression, {str(group.value)}) for group in groups])
            for measure in question.measures
        }
        everything = {str(group.value) for group in groups}
        whole = {measure.id: self._figure(measure.expression, everything) for measure in question.measures}
        return Answer(question, groups, {}, totals, whole)

    def _figure(self, expression: Expression, values: set[str]) -> float:
        if isinstance(expression, Number):
            return expression.value
        if isinstance(expression, Elapsed):
            return 60e9
        if isinstance(expression, Binary):
            left, right = self._figure(expression.left, values), self._figure(expression.right, values)
            return _OPERATE[expression.operator](left, right)
        assert isinstance(expression, Aggregate)
        mask = np.array([not values.isdisjoint(some) for some in self.values[expression.grain]], np.bool_)
        return self._aggregate(expression, mask)

    def _aggregate(self, asked: Aggregate, mask: Mask) -> float:
        columns = self.columns[asked.grain]
        for where in asked.where:
            column = columns[where.column]
            mask &= _COMPARE[where.compare](column, where.value) & ~np.isnan(column)
        if not asked.column:
            assert asked.fn is Fn.COUNT
            return float(mask.sum())
        found = columns[asked.column][mask]
        found = found[~np.isnan(found)]
        if asked.fn is Fn.COUNT:
            return float(len(found))
        if len(found) < (2 if asked.fn is Fn.SPREAD else 1):
            return float("nan")
        match asked.fn:
            case Fn.SUM:
                return float(found.sum())
            case Fn.MEAN:
                return float(found.mean())
            case Fn.SPREAD:
                return float(found.std(ddof=1))
            case Fn.QUANTILE:
                assert asked.q is not None
                return float(np.quantile(found, asked.q))
        raise AssertionError(asked.fn)
