"""Answers worked out row by row, in plain Python and NumPy: what charts have to show."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from tests.store.charting.facts import SPAN_BITS, Facts, Row, number_of

from tailrace.model.charted import Buckets, Question
from tailrace.model.measures import (
    Aggregate,
    Binary,
    Elapsed,
    Expression,
    Fn,
    Grain,
    Is,
    Measure,
    Number,
    Where,
    aggregates_of,
)

_MINUTE = 60_000_000_000
_COMPARE: dict[Is, Callable[[Any, Any], bool]] = {
    Is.EQ: operator.eq,
    Is.NE: operator.ne,
    Is.LT: operator.lt,
    Is.LE: operator.le,
    Is.GT: operator.gt,
    Is.GE: operator.ge,
}
_TRACE_FIELDS = {name: name for name in ("name", "status", "env", "version", "user", "session", "users", "week")}
_SPAN_FIELDS = {name: name for name in ("model", "prompt", "tool", "kind", "error", "provider", "agent")} | {
    "span": "step",
    "category": "error_category",
}
_SCORE_FIELDS = {name: name for name in ("score", "label", "source")}
_OWN = {
    Grain.TRACE: _TRACE_FIELDS,
    Grain.SPAN: _SPAN_FIELDS,
    Grain.SCORE: _SCORE_FIELDS,
    Grain.SESSION: {"session": "session", "user": "user"},
    Grain.RETRIEVAL: {"tool": "tool", "span": "step"},
}


@dataclass
class Oracle:
    """The facts, and the keys of the traces that a filter's text matches."""

    facts: Facts
    chosen: frozenset[int] | None = None

    def rows(self, question: Question, grain: Grain) -> list[Row]:
        """The rows of a grain that a question is about."""
        since, until = question.filter.since_ns, question.filter.until_ns
        edges = question.buckets.edges if question.buckets is not None else None
        return [
            row
            for row in self.facts.rows[grain]
            if (since is None or row["start_ns"] >= since)
            and (until is None or row["start_ns"] < until)
            and (edges is None or edges[0] <= row["start_ns"] < edges[-1])
            and (self.chosen is None or row["trace"] in self.chosen)
        ]

    def groups(self, row: Row, grain: Grain, field: str) -> set[str | None]:
        """The groups that a row is in: at least one."""
        if field in _OWN[grain]:
            return {row[_OWN[grain][field]]}
        if grain is Grain.SPAN and field.startswith("attr."):
            return {self._of_span(row, field[5:])}
        return {value for value in self._of_trace(row["trace"], field) if value is not None} or {None}

    def _of_span(self, row: Row, key: str) -> str | None:
        values = self.facts.attributes[key]
        if row["span"] in values:
            return str(values[row["span"]])
        [root] = [trace["root"] for trace in self.facts.rows[Grain.TRACE] if trace["trace"] == row["trace"]]
        others = [span for span in values if span >> SPAN_BITS == row["trace"]]
        first = root if root in others else min(others, default=None)
        return None if first is None else str(values[first])

    def _of_trace(self, trace: int | None, field: str) -> Iterable[str | None]:
        if field.startswith("attr."):
            said = self.facts.attributes[field[5:]].items()
            return [str(value) for span, value in said if span >> SPAN_BITS == trace]
        for grain, fields in ((Grain.SPAN, _SPAN_FIELDS), (Grain.SCORE, _SCORE_FIELDS)):
            if field in fields:
                return [row[fields[field]] for row in self.facts.rows[grain] if row["trace"] == trace]
        found = [row for row in self.facts.rows[Grain.TRACE] if row["trace"] == trace]
        if field == "tag":
            return [tag for row in found for tag in row["tags"] or ()]
        if field == "thumb":
            return [{0: "down", 1: "up", None: None}[row["thumb"]] for row in found]
        return [row[field] for row in found]

    def value(self, row: Row, column: str) -> Any:
        """What a row has in a column."""
        if column.startswith("attr."):
            return number_of(self.facts.attributes[column[5:]].get(row["span"]))
        return row[column]

    def meets(self, row: Row, where: Where) -> bool:
        """Whether a row meets a condition: never where it does not know."""
        value = self.value(row, where.column)
        return value is not None and _COMPARE[where.compare](value, where.value)

    def looks_at(self, row: Row, aggregate: Aggregate) -> bool:
        """Whether a row has a say in an aggregate."""
        known = not aggregate.column or self.value(row, aggregate.column) is not None
        return known and all(self.meets(row, where) for where in aggregate.where)

    def figure(self, aggregate: Aggregate, rows: Iterable[Row]) -> float:
        """An aggregate of some rows of its grain."""
        met = [row for row in rows if self.looks_at(row, aggregate)]
        if aggregate.fn is Fn.PEAK:
            minutes = [row["start_ns"] // _MINUTE for row in met]
            return float(max((minutes.count(one) for one in set(minutes)), default=math.nan))
        if aggregate.fn is Fn.COUNT:
            return float(len(met))
        values = [self.value(row, aggregate.column) for row in met]
        if aggregate.fn is Fn.DISTINCT:
            return float(len(set(values)))
        return _figure(aggregate, [int(value) if isinstance(value, bool) else value for value in values])

    def slack(self, expression: Expression, rows: Callable[[Grain], list[Row]]) -> float:
        """How far from it a figure can be that is as good as floats are, where large parts cancel each other out. Sums
        and extremes of whole numbers have none."""
        if not isinstance(expression, Aggregate) or expression.fn not in (Fn.SUM, Fn.MEAN, Fn.QUANTILE, Fn.SPREAD):
            return 0.0
        met = [row for row in rows(expression.grain) if self.looks_at(row, expression)]
        values = [abs(self.value(row, expression.column)) for row in met]
        if expression.fn is Fn.SUM and not any(isinstance(value, float) for value in values):
            return 0.0
        return 1e-15 * float(sum(values))

    def work_out(self, expression: Expression, rows: Callable[[Grain], list[Row]], elapsed: float) -> float:
        """An expression of some rows of each grain."""
        if isinstance(expression, Number):
            return expression.value
        if isinstance(expression, Elapsed):
            return elapsed
        if isinstance(expression, Aggregate):
            return self.figure(expression, rows(expression.grain))
        assert isinstance(expression, Binary)
        left, right = (self.work_out(side, rows, elapsed) for side in (expression.left, expression.right))
        match expression.operator.value:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
        return left / right if right else math.nan

    def ranked(self, question: Question) -> list[str | None]:
        """All groups, the largest first, the one without a value last."""
        assert question.by is not None
        aggregates = [each for measure in question.measures for each in aggregates_of(measure.expression)]
        found: dict[str | None, list[tuple[Grain, Row]]] = {}
        for grain in dict.fromkeys(each.grain for each in aggregates):
            for row in self.rows(question, grain):
                if any(self.looks_at(row, each) for each in aggregates if each.grain is grain):
                    for group in self.groups(row, grain, question.by):
                        found.setdefault(group, []).append((grain, row))
        first = question.measures[0]

        def size(group: str | None) -> tuple[Any, ...]:
            facts = found[group]
            figure = self._rank(first, facts)
            unknown = math.isnan(figure)
            return group is None, unknown, 0 if unknown else -figure, -len(facts), group or ""

        return sorted(found, key=size)

    def _rank(self, measure: Measure, facts: list[tuple[Grain, Row]]) -> float:
        among = aggregates_of(measure.expression)
        own = among[0].grain
        rows = [row for grain, row in facts if grain is own]
        if not rows:
            return math.nan
        simple = all(each.grain is own and each.fn not in (Fn.QUANTILE, Fn.PEAK) for each in among)
        if measure.additive and simple:
            return self.work_out(measure.expression, lambda _: rows, 1.0)
        looked_at = sum(any(self.looks_at(row, each) for each in among if each.grain is own) for row in rows)
        return float(looked_at) if looked_at else math.nan

    def within(self, question: Question, group: set[str | None] | None, start: int, end: int) -> Any:
        """The rows of a grain in one of some groups (None: all) that begin in [start, end)."""

        def rows(grain: Grain) -> list[Row]:
            return [
                row
                for row in self.rows(question, grain)
                if start <= row["start_ns"] < end
                and (group is None or group & self.groups(row, grain, question.by or ""))
            ]

        return rows


def _figure(aggregate: Aggregate, values: list[Any]) -> float:
    if not values or (aggregate.fn is Fn.SPREAD and len(values) < 2):
        return math.nan
    match aggregate.fn:
        case Fn.SUM:
            return float(sum(values)) if all(isinstance(value, int) for value in values) else math.fsum(values)
        case Fn.MEAN:
            return float(sum(map(Fraction, values)) / len(values))
        case Fn.LEAST:
            return float(min(values))
        case Fn.MOST:
            return float(max(values))
        case Fn.SPREAD:
            return float(np.std(values, ddof=1))
        case Fn.QUANTILE:
            assert aggregate.q is not None
            return _quantile(sorted(values), aggregate.q)
    raise AssertionError(aggregate.fn)


def _quantile(ordered: list[Any], q: float) -> float:
    """Linear between neighbours, without a rounding on the way: NumPy's default as it is defined."""
    place = Fraction(q) * (len(ordered) - 1)
    below = int(place)
    if below + 1 == len(ordered):
        return float(ordered[below])
    low, high = Fraction(ordered[below]), Fraction(ordered[below + 1])
    return float(low + (high - low) * (place - below))


def edges_of(buckets: Buckets | None) -> list[tuple[int, int]]:
    """The buckets, or all of time."""
    if buckets is None:
        return [(-(2**70), 2**70)]
    return list(zip(buckets.edges, buckets.edges[1:], strict=False))
