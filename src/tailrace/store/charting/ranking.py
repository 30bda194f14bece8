"""Which groups stand alone: the top ones by the first measure, of all that have a fact that some measure looks at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
from tailrace.store.charting.aggregates import (
    Attributes,
    Needs,
    aggregate_sql,
    attribute_keys,
    either,
    looked_at_by,
)
from tailrace.store.charting.cells import By, Cells, Scope, cell_conditions, from_sql, where_sql
from tailrace.store.charting.counting import Found
from tailrace.store.charting.statement import Bindings, Statement

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


def rank_statement(
    questions: Sequence[Question], scope: Scope, attributes: Attributes, rows: str | None = None
) -> Statement:
    """The groups that some questions about the same field ask for: `question` by its place among them, the value as
    `grouped`, the `figure` that it is ranked by, how many `facts` are looked at, and how many `groups` with a value
    there are. Rows are in no order. `rows` is the table of spans put aside."""
    bindings = Bindings()
    field = questions[0].by
    assert field is not None
    among = [aggregates_in(question) for question in questions]
    parts: list[str] = []
    for grain in dict.fromkeys(each.grain for aggregates in among for each in aggregates):
        of_grain = [[each for each in aggregates if each.grain is grain] for aggregates in among]
        together = [each for aggregates in of_grain for each in aggregates]
        cells = Cells(grain, scope, None, By(field, None, rows if grain is Grain.SPAN else None))
        source, group = from_sql(cells, attribute_keys(together), attributes, bindings)
        met = cell_conditions(cells, attributes, bindings)
        looked_at = looked_at_by(together)
        if looked_at[0]:
            met.append(either(grain, looked_at, attributes, bindings))
        columns = [f"{group} AS grouped"]
        for i, question in enumerate(questions):
            figure = _figure(question.measures[0], grain, looked_at, attributes, bindings)
            columns += [f"{figure} AS f{i}", f"{_facts(of_grain[i], looked_at, attributes, bindings)} AS n{i}"]
        listed = ",\n            ".join(columns)
        parts.append(
            f"        SELECT\n            {listed}\n{_indented(source, 8)}{where_sql(met, ' ' * 8)}"
            "\n        GROUP BY grouped"
        )
    union = "\n        UNION ALL\n".join(parts)
    sums = ", ".join(f"max(f{i}) AS f{i}, sum(n{i}) AS n{i}" for i in range(len(questions)))
    ranks = "\nUNION ALL\n".join(_ranks(i, question, bindings) for i, question in enumerate(questions))
    return bindings.statement(
        f"WITH seen AS MATERIALIZED (\n    SELECT grouped, {sums}\n    FROM (\n{union}\n    )\n    GROUP BY grouped\n)"
        f"\n{ranks}"
    )


def _ranks(number: int, question: Question, bindings: Bindings) -> str:
    """The rows of one question: those of its values, or one that has none and the top ones."""
    facts, figure = f"n{number}", f"f{number}"
    limit = ""
    met = f"{facts} > 0"
    if question.values:
        met += f" AND list_contains({bindings.bind(question.values)}, grouped)"
    elif question.top:
        order = f"grouped IS NOT NULL, {figure} DESC NULLS LAST, {facts} DESC, grouped"
        limit = f" ORDER BY {order} LIMIT {bindings.bind(question.top + 1)}"
    groups = f"(SELECT count(grouped) FROM seen WHERE {facts} > 0)"
    return (
        f"(SELECT {number} AS question, grouped, CAST({figure} AS DOUBLE) AS figure, {facts} AS facts,"
        f" {groups} AS groups\nFROM seen WHERE {met}{limit})"
    )


def read_ranks(questions: Sequence[Question], found: Found) -> list[Ranked]:
    """The answer to a statement of ranks, for each question."""
    names = ("question", "grouped", "figure", "facts", "groups")
    columns = [np.ma.asanyarray(found[name]).tolist() for name in names]
    rows: list[list[tuple[str | None, float | None, float, int]]] = [[] for _ in questions]
    for question, *row in zip(*columns, strict=True):
        rows[question].append(row)
    return [_ranked(question, of_question) for question, of_question in zip(questions, rows, strict=True)]


def _ranked(question: Question, rows: list[tuple[str | None, float | None, float, int]]) -> Ranked:
    def order(row: tuple[str | None, float | None, float, int]) -> tuple[bool, float, float, str]:
        value, figure, facts, _ = row
        unknown = figure is None or math.isnan(figure)
        return unknown, 0.0 if figure is None or unknown else -figure, -facts, str(value)

    known = [str(row[0]) for row in sorted((row for row in rows if row[0] is not None), key=order)]
    if question.values:
        return Ranked(tuple(known), False, 0)
    top = tuple(known[: question.top] if question.top else known)
    return Ranked(top, len(known) < len(rows), rows[0][3] - len(top) if rows else 0)


def by_of(question: Question, ranked: Ranked, rows: str | None = None) -> By:
    """The groups to count by. Where there are no others and many groups, each fact is grouped by its value, and where
    that stands is looked up afterwards."""
    assert question.by is not None
    plain = ranked.more == 0 and len(ranked.top) > _MOST_PLACES
    return By(question.by, None if plain else ranked.top, rows)


def _figure(measure: Measure, grain: Grain, met: Sequence[Needs], attributes: Attributes, bindings: Bindings) -> str:
    """What is ranked by: the measure where its figures add up and one grain can tell, else how many facts it looks at.
    Only the grain of its first aggregate can tell. All facts meet one of `met`."""
    among = aggregates_of(measure.expression) or (Aggregate(Fn.COUNT, Grain.TRACE),)
    if among[0].grain is not grain:
        return "NULL"
    if measure.additive and all(each.grain is grain and each.fn in _CALLED for each in among):
        hoisted = frozenset(each for each in met[0] if isinstance(each, Where)) if len(met) == 1 else frozenset()
        return _worked_out(measure.expression, hoisted, attributes, bindings)
    return f"nullif({_facts([each for each in among if each.grain is grain], met, attributes, bindings)}, 0)"


def _facts(aggregates: Sequence[Aggregate], met: Sequence[Needs], attributes: Attributes, bindings: Bindings) -> str:
    """How many facts some aggregates of one grain look at, where all meet one of `met`."""
    looked_at = looked_at_by(aggregates)
    if not looked_at:
        return "0"
    if not looked_at[0] or looked_at == list(met):
        return "count(*)"
    return f"count(*) FILTER (WHERE {either(aggregates[0].grain, looked_at, attributes, bindings)})"


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


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.split("\n"))
