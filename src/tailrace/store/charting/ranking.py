"""Which groups stand alone: the top ones by the first measure, of all that have a fact that some measure looks at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tailrace.model.charted import Question
from tailrace.model.measures import (
    Aggregate,
    Binary,
    Elapsed,
    Expression,
    Fn,
    Grain,
    Measure,
    Number,
    Operator,
    Where,
    aggregates_of,
)
from tailrace.store.charting.aggregates import Attributes, aggregate_sql, attribute_keys, column_sql, conditions
from tailrace.store.charting.cells import By, Cells, Scope, from_sql, scope_conditions, where_sql
from tailrace.store.charting.counting import Found
from tailrace.store.charting.statement import Bindings, Statement

# What a fact must be for an aggregate to look at it: conditions, and a column that it must know
_Needs: TypeAlias = tuple["Where | str", ...]

_MOST_PLACES = 64
_CALLED = frozenset(Fn) - {Fn.QUANTILE, Fn.PEAK}


@dataclass(frozen=True, slots=True)
class Ranked:
    """The groups that stand alone, the largest first; whether there are facts without a value; how many groups are
    behind them."""

    top: tuple[str, ...]
    none: bool
    more: int


def aggregates_in(question: Question) -> tuple[Aggregate, ...]:
    """All aggregates of a question. One that has none is about traces."""
    found = dict.fromkeys(each for measure in question.measures for each in aggregates_of(measure.expression))
    return tuple(found) or (Aggregate(Fn.COUNT, Grain.TRACE),)


def rank_statement(question: Question, scope: Scope, attributes: Attributes) -> Statement:
    """The values of the question's field, those of none first, then the largest. Rows are `grouped` and how many
    values there are in all."""
    assert question.by is not None
    bindings = Bindings()
    among = aggregates_in(question)
    grains = list(dict.fromkeys(each.grain for each in among))
    parts: list[str] = []
    for grain in grains:
        of_grain = [each for each in among if each.grain is grain]
        by = By(question.by, None)
        source, group = from_sql(Cells(grain, scope, None, by), attribute_keys(of_grain), attributes, bindings)
        met = scope_conditions(scope, bindings)
        looked_at = _looked_at(of_grain)
        if looked_at[0]:
            met.append(_either(grain, looked_at, attributes, bindings))
        figure = _figure(question.measures[0], grain, looked_at, attributes, bindings) if not parts else "NULL"
        parts.append(
            f"    SELECT {group} AS grouped, {figure} AS figure, count(*) AS facts\n{_indented(source)}"
            f"{where_sql(met, '    ')}\n    GROUP BY grouped"
        )
    limit = f"\nLIMIT {bindings.bind(question.top + 1)}" if question.top else ""
    union = "\n    UNION ALL\n".join(parts)
    return bindings.statement(
        f"SELECT grouped, count(grouped) OVER () AS groups\nFROM (\n{union}\n)\nGROUP BY grouped\n"
        f"ORDER BY grouped IS NOT NULL, max(figure) DESC NULLS LAST, sum(facts) DESC, grouped{limit}"
    )


def read_ranks(question: Question, found: Found) -> Ranked:
    """The answer to a statement of ranks."""
    grouped = np.ma.asanyarray(found["grouped"])
    missing = np.ma.getmaskarray(grouped)
    values = [str(value) for value, empty in zip(grouped.data, missing, strict=True) if not empty]
    groups = int(found["groups"][0]) if len(missing) else 0
    top = tuple(values[: question.top] if question.top else values)
    return Ranked(top, bool(missing.any()), groups - len(top))


def by_of(question: Question, ranked: Ranked) -> By:
    """The groups to count by. Where there are no others and many groups, each fact is grouped by its value, and where
    that stands is looked up afterwards."""
    assert question.by is not None
    plain = ranked.more == 0 and len(ranked.top) > _MOST_PLACES
    return By(question.by, None if plain else ranked.top)


def _looked_at(aggregates: Iterable[Aggregate]) -> list[_Needs]:
    """The facts that some aggregate looks at: those that meet one of these. What asks for more than another is left
    out; with all facts among them it is one that asks for nothing."""
    found: dict[frozenset[Where | str], _Needs] = {}
    for each in aggregates:
        needs: _Needs = (*each.where, *([each.column] if each.column else []))
        found.setdefault(frozenset(needs), needs)
    return [needs for key, needs in found.items() if not any(other < key for other in found)]


def _either(grain: Grain, looked_at: Sequence[_Needs], attributes: Attributes, bindings: Bindings) -> str:
    sides: list[str] = []
    for needs in looked_at:
        met = conditions(grain, (each for each in needs if isinstance(each, Where)), attributes, bindings)
        met += [f"{column_sql(grain, each, attributes)} IS NOT NULL" for each in needs if isinstance(each, str)]
        sides.append(" AND ".join(dict.fromkeys(met)))
    return sides[0] if len(sides) == 1 else "(" + " OR ".join(f"({side})" for side in sides) + ")"


def _figure(
    measure: Measure, grain: Grain, hoisted: Sequence[_Needs], attributes: Attributes, bindings: Bindings
) -> str:
    """What is ranked by: the measure where its figures add up and one grain can tell, else how many facts it looks
    at."""
    among = aggregates_of(measure.expression)
    if measure.additive and among and all(each.grain is grain and each.fn in _CALLED for each in among):
        met = frozenset(each for each in hoisted[0] if isinstance(each, Where)) if len(hoisted) == 1 else frozenset()
        return _worked_out(measure.expression, met, attributes, bindings)
    looked_at = _looked_at(each for each in among if each.grain is grain)
    if not looked_at or not looked_at[0] or looked_at == hoisted:
        return "count(*)"
    return f"count(*) FILTER (WHERE {_either(grain, looked_at, attributes, bindings)})"


def _worked_out(expression: Expression, met: frozenset[Where], attributes: Attributes, bindings: Bindings) -> str:
    if isinstance(expression, Aggregate):
        return f"CAST({aggregate_sql(expression, met, attributes, bindings)} AS DOUBLE)"
    if isinstance(expression, Number):
        return bindings.bind(float(expression.value))
    if isinstance(expression, Elapsed):
        return "1"  # the same for all groups
    assert isinstance(expression, Binary)
    left, right = (_worked_out(side, met, attributes, bindings) for side in (expression.left, expression.right))
    if expression.operator is Operator.DIVIDE:
        right = f"nullif({right}, 0)"
    return f"({left} {expression.operator.value} {right})"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))
