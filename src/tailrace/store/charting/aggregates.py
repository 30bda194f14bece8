"""Aggregates and their conditions as SQL over one fact `f`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tailrace.model.facts import ColumnType
from tailrace.model.measures import Aggregate, Fn, Grain, Is, Where
from tailrace.store.charting.names import attribute_key, column_type, own_column
from tailrace.store.charting.statement import GREATEST, LEAST, Bindings
from tailrace.store.conditions import storable

_CALLS = {
    Fn.COUNT: "count({})",
    Fn.SUM: "sum({})",
    Fn.MEAN: "avg({})",
    Fn.LEAST: "min({})",
    Fn.MOST: "max({})",
    Fn.DISTINCT: "count(DISTINCT {})",
    Fn.SPREAD: "stddev_samp({})",
}


# What a fact must be for an aggregate to look at it: conditions, and a column that it must know
Needs: TypeAlias = tuple["Where | str", ...]


@dataclass(frozen=True, slots=True)
class Attributes:
    """The tables of the attributes that are asked for, by key, and how they are called in a statement."""

    tables: Mapping[str, str]

    def alias(self, key: str) -> str:
        """Of the table as it is joined to the facts."""
        return f"a{list(self.tables).index(key)}"


@dataclass(frozen=True, slots=True)
class Output:
    """A column of an answer: the aggregates that are in it; with several, or a quantile, a list of them."""

    sql: str
    aggregates: tuple[Aggregate, ...]

    @property
    def listed(self) -> bool:
        """Whether the column holds lists."""
        return self.aggregates[0].fn is Fn.QUANTILE


def outputs_of(
    aggregates: Sequence[Aggregate], hoisted: frozenset[Where], attributes: Attributes, bindings: Bindings
) -> list[Output]:
    """The columns to select where `hoisted` is met by all facts: quantiles of the same values are one column, so that
    the values are put in order once."""
    together: dict[object, list[Aggregate]] = {}
    for aggregate in aggregates:
        same = (aggregate.column, aggregate.where) if aggregate.fn is Fn.QUANTILE else aggregate
        together.setdefault(same, []).append(aggregate)
    return [Output(_call(found, hoisted, attributes, bindings), tuple(found)) for found in together.values()]


def aggregate_sql(aggregate: Aggregate, hoisted: frozenset[Where], attributes: Attributes, bindings: Bindings) -> str:
    """One figure; no quantile."""
    return _call([aggregate], hoisted, attributes, bindings)


def conditions(
    grain: Grain, wheres: Iterable[Where], attributes: Attributes, bindings: Bindings, alias: str = "f"
) -> list[str]:
    """What must be met, in order; what does not know its column does not meet it."""
    return [_condition(grain, where, attributes, bindings, alias) for where in wheres]


def column_sql(grain: Grain, column: str, attributes: Attributes, alias: str = "f") -> str:
    """A column as a number or a text."""
    key = attribute_key(column)
    if key is not None:
        column_type(grain, column)
        return f"{attributes.alias(key)}.number"
    return own_column(grain, column, alias)


def attribute_keys(aggregates: Iterable[Aggregate]) -> list[str]:
    """The keys of the attributes that aggregates look at, in order."""
    names = (name for each in aggregates for name in (each.column, *(where.column for where in each.where)))
    return list(dict.fromkeys(key for name in names if (key := attribute_key(name)) is not None))


def hoist(aggregates: Iterable[Aggregate]) -> dict[frozenset[Where], list[Aggregate]]:
    """Aggregates by the conditions that all facts of their statement meet. Values are put in order for each quantile
    anew, so quantiles look at their own facts alone; all else takes part where most is met already."""
    among = list(dict.fromkeys(aggregates))
    found: dict[frozenset[Where], list[Aggregate]] = {}
    for each in sorted(among, key=lambda each: (each.fn is not Fn.QUANTILE, len(each.where))):
        own = frozenset(each.where)
        if each.fn is not Fn.QUANTILE:
            own = max((other for other in found if other <= own), key=len, default=own)
        found.setdefault(own, []).append(each)
    return found


def looked_at_by(aggregates: Iterable[Aggregate]) -> list[Needs]:
    """The facts that some aggregate looks at: those that meet one of these. What asks for more than another is left
    out; with all facts among them it is one that asks for nothing."""
    found: dict[frozenset[Where | str], Needs] = {}
    for each in aggregates:
        needs: Needs = (*each.where, *([each.column] if each.column else []))
        found.setdefault(frozenset(needs), needs)
    return [needs for key, needs in found.items() if not any(other < key for other in found)]


def either(grain: Grain, looked_at: Sequence[Needs], attributes: Attributes, bindings: Bindings) -> str:
    """That a fact is looked at."""
    sides: list[str] = []
    for needs in looked_at:
        met = conditions(grain, (each for each in needs if isinstance(each, Where)), attributes, bindings)
        met += [f"{column_sql(grain, each, attributes)} IS NOT NULL" for each in needs if isinstance(each, str)]
        sides.append(" AND ".join(dict.fromkeys(met)))
    return sides[0] if len(sides) == 1 else "(" + " OR ".join(f"({side})" for side in sides) + ")"


def _call(
    aggregates: Sequence[Aggregate], hoisted: frozenset[Where], attributes: Attributes, bindings: Bindings
) -> str:
    first = aggregates[0]
    grain = first.grain
    value = column_sql(grain, first.column, attributes) if first.column else "*"
    if first.column and first.fn not in (Fn.COUNT, Fn.DISTINCT):
        kind = column_type(grain, first.column)
        if kind is ColumnType.TEXT:
            raise ValueError(f"{first.column} is no number")
        if kind is ColumnType.FLAG:
            value = f"CAST({value} AS TINYINT)"
    if first.fn is Fn.QUANTILE:
        called = f"quantile_cont({value}, {bindings.bind(tuple(_share(each) for each in aggregates))})"
    else:
        called = _CALLS[first.fn].format(value)
    rest = conditions(grain, (each for each in first.where if each not in hoisted), attributes, bindings)
    return f"{called} FILTER (WHERE {' AND '.join(rest)})" if rest else called


def _share(aggregate: Aggregate) -> float:
    if aggregate.q is None or not 0 <= aggregate.q <= 1:
        raise ValueError(f"a quantile of {aggregate.q}")
    return float(aggregate.q)


def _condition(grain: Grain, where: Where, attributes: Attributes, bindings: Bindings, alias: str) -> str:
    value = where.value
    key = attribute_key(where.column)
    if key is not None:
        column_type(grain, where.column)
        text = isinstance(value, str)
        name = f"{attributes.alias(key)}.{'text' if text else 'number'}"
        return f"{name} {where.compare.value} {bindings.bind(storable(value) if isinstance(value, str) else value)}"
    name = own_column(grain, where.column, alias)
    expected = column_type(grain, where.column)
    if (expected is ColumnType.TEXT) is not isinstance(value, str) or (
        (expected is ColumnType.FLAG) is not isinstance(value, bool)
    ):
        raise ValueError(f"{where.column} cannot be compared with {value!r}")
    if isinstance(value, str):
        return f"{name} {where.compare.value} {bindings.bind(storable(value))}"
    if isinstance(value, bool):
        if where.compare in (Is.EQ, Is.NE):
            return name if value is (where.compare is Is.EQ) else f"NOT {name}"
        return f"{name} {where.compare.value} {bindings.bind(value)}"
    if expected is ColumnType.INTEGER:
        return _integer_condition(name, where.compare, value, bindings)
    return f"{name} {where.compare.value} {bindings.bind(float(value))}"


def _integer_condition(name: str, compare: Is, value: float, bindings: Bindings) -> str:
    """Whole numbers are compared as such: as floats, the long ones would lose digits and each one would be cast."""
    if math.isnan(value):
        return "FALSE"
    known, upwards = f"{name} IS NOT NULL", compare in (Is.GT, Is.GE)
    if compare in (Is.EQ, Is.NE):
        if not math.isfinite(value) or value != int(value) or not LEAST <= value <= GREATEST:
            return "FALSE" if compare is Is.EQ else known
        return f"{name} {compare.value} {bindings.bind(int(value))}"
    if value < LEAST or value > GREATEST:
        return known if upwards is (value < 0) else "FALSE"
    # x < 1.5 is x < 2, x <= 1.5 is x <= 1
    whole = math.ceil(value) if compare in (Is.LT, Is.GE) else math.floor(value)
    return f"{name} {compare.value} {bindings.bind(whole)}"
