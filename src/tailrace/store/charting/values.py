"""How the values of one column lie: over time, and all together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailrace.model.charted import Heat, HeatQuestion, Spread, SpreadQuestion
from tailrace.model.facts import ColumnType
from tailrace.store.charting.aggregates import column_sql
from tailrace.store.charting.cells import Cells, Scope, bucket_sql, from_sql, scope_conditions, where_sql
from tailrace.store.charting.edges import place_of
from tailrace.store.charting.names import attribute_key, column_type
from tailrace.store.charting.source import Source
from tailrace.store.charting.statement import Bindings, Statement
from tailrace.store.conditions import storable

_BELOW = -1  # the place of what a log scale has none for


@dataclass(frozen=True, slots=True)
class _Column:
    """The values to look at: `value` over the facts of `source`, which must meet `met`."""

    value: str
    whole: bool  # whole numbers
    source: str
    met: tuple[str, ...]
    bindings: Bindings

    @property
    def known(self) -> str:
        """What is a value: an infinite one has no place on any scale."""
        return f"{self.value} IS NOT NULL" if self.whole else f"isfinite({self.value})"


def extent_statement(question: HeatQuestion | SpreadQuestion, scope: Scope, source: Source) -> Statement:
    """The least and the greatest value (on a log scale of those above 0), how many values there are, how many of them
    are 0 or less, and how many facts."""
    column = _column(question, scope, source)
    value = column.value
    placed = f"{column.known} AND {value} > 0" if isinstance(question, HeatQuestion) or question.log else column.known
    return column.bindings.statement(
        f"SELECT\n    min({value}) FILTER (WHERE {placed}) AS least,\n"
        f"    max({value}) FILTER (WHERE {placed}) AS greatest,\n"
        f"    count(*) FILTER (WHERE {column.known}) AS known,\n"
        f"    count(*) FILTER (WHERE {column.known} AND {value} <= 0) AS below,\n"
        f"    count(*) AS facts\n{column.source}{where_sql(list(column.met))}"
    )


def heat_statement(question: HeatQuestion, scope: Scope, source: Source, levels: NDArray[np.float64]) -> Statement:
    """How many values there are in each cell of bucket and level; the level -1 is of 0 and less."""
    column = _column(question, scope, source)
    place = place_of(column.value, _cuts(levels, column.whole), column.bindings)
    return column.bindings.statement(
        f"SELECT\n    {bucket_sql(question.buckets, column.bindings)} AS bucket,\n"
        f"    CASE WHEN {column.value} <= 0 THEN {_BELOW} ELSE {place} END AS level,\n    count(*) AS facts\n"
        f"{column.source}{where_sql([*column.met, column.known])}\nGROUP BY bucket, level"
    )


def spread_statement(question: SpreadQuestion, scope: Scope, source: Source, edges: NDArray[np.float64]) -> Statement:
    """How many values there are in each bin."""
    column = _column(question, scope, source)
    met = [*column.met, column.known, *([f"{column.value} > 0"] if question.log else [])]
    place = place_of(column.value, _cuts(edges, column.whole), column.bindings)
    return column.bindings.statement(
        f"SELECT {place} AS bin, count(*) AS facts\n{column.source}{where_sql(met)}\nGROUP BY bin"
    )


def heat(question: HeatQuestion, source: Source) -> Heat:
    """The counts of a heatmap."""
    scope = source.scope(question.filter, question.buckets)
    [found] = source.run([extent_statement(question, scope, source)])
    least, greatest = _number(found["least"]), _number(found["greatest"])
    placed = least is not None and greatest is not None
    levels = _log_edges(least, greatest, question.rows) if least is not None and greatest is not None else np.zeros(0)
    counts = np.zeros((max(len(levels) - 1, 0), len(question.buckets)), np.int64)
    below = np.zeros(len(question.buckets), np.int64)
    if placed or int(found["below"][0]):
        scale = levels if placed else np.ones(2)
        [found] = source.run([heat_statement(question, scope, source, scale)])
        bucket, level, facts = (np.asarray(found[name]).astype(np.int64) for name in ("bucket", "level", "facts"))
        low = level == _BELOW
        below[bucket[low]] = facts[low]
        counts[level[~low], bucket[~low]] = facts[~low]
    return Heat(question, levels, counts, below)


def spread(question: SpreadQuestion, source: Source) -> Spread:
    """The counts of a histogram."""
    scope = source.scope(question.filter)
    [found] = source.run([extent_statement(question, scope, source)])
    least, greatest = _number(found["least"]), _number(found["greatest"])
    known = int(found["known"][0])
    below = int(found["below"][0]) if question.log else 0
    unknown = int(found["facts"][0]) - known
    if least is None or greatest is None:
        return Spread(question, np.zeros(0), np.zeros(0, np.int64), below, unknown, known)
    whole = column_type(question.grain, question.column) is ColumnType.INTEGER
    make = _log_edges if question.log else _whole_edges if whole else _even_edges
    edges = make(least, greatest, max(question.bins, 1))
    counts = np.zeros(len(edges) - 1, np.int64)
    [found] = source.run([spread_statement(question, scope, source, edges)])
    counts[np.asarray(found["bin"]).astype(np.int64)] = np.asarray(found["facts"])
    return Spread(question, edges, counts, below, unknown, known)


def _column(question: HeatQuestion | SpreadQuestion, scope: Scope, source: Source) -> _Column:
    grain, name = question.grain, question.column
    kind = column_type(grain, name)
    if kind in (ColumnType.TEXT, ColumnType.FLAG):
        raise ValueError(f"{name} is no number")
    bindings = Bindings()
    key = attribute_key(name)
    joined, _ = from_sql(Cells(grain, scope), [] if key is None else [key], source.attributes, bindings)
    met = scope_conditions(scope, bindings)
    if question.score is not None:
        met.append(f"f.score = {bindings.bind(storable(question.score))}")
    value = column_sql(grain, name, source.attributes)
    return _Column(value, kind is ColumnType.INTEGER, joined, tuple(met), bindings)


def _number(column: NDArray[np.generic]) -> float | None:
    """The only value of a column; None where it is unknown."""
    masked = np.ma.asanyarray(column)
    return None if np.ma.getmaskarray(masked)[0] or masked.data[0] is None else float(masked.data[0])


def _cuts(edges: NDArray[np.float64], whole: bool) -> list[int] | list[float]:
    """Edges as a column is compared with them, the last one above all values: a whole number is at or above 1.5 where
    it is at or above 2."""
    if not whole:
        return [float(edge) for edge in edges]
    return [*(math.ceil(edge) for edge in edges[:-1]), math.floor(edges[-1]) + 1]


def _log_edges(least: float, greatest: float, most: int) -> NDArray[np.float64]:
    """Edges of equal ratios."""
    with np.errstate(over="ignore"):
        if least == greatest:
            above = max(least * 1.1, float(np.nextafter(least, np.inf)))
            return np.array([least, above] if np.isfinite(above) else [least / 1.1, least])
        edges = np.geomspace(least, greatest, max(most, 1) + 1)
    edges[0], edges[-1] = least, greatest
    return np.unique(np.clip(edges, least, greatest))


def _even_edges(least: float, greatest: float, most: int) -> NDArray[np.float64]:
    """Edges equally far apart."""
    if least == greatest:
        apart = max(0.5, abs(least) * 1e-9)
        return np.array([least - apart, least + apart])
    # halves, as the distance of two numbers may be greater than any number
    edges = np.linspace(least / 2, greatest / 2, most + 1) * 2
    edges[0], edges[-1] = least, greatest
    return np.unique(np.clip(edges, least, greatest))


def _whole_edges(least: float, greatest: float, most: int) -> NDArray[np.float64]:
    """Edges of bins that hold equally many whole numbers, so that none is empty for want of one."""
    width = math.ceil((greatest - least + 1) / most)
    bins = math.ceil((greatest - least + 1) / width)
    edges = least + width * np.arange(bins + 1, dtype=np.float64)
    return edges if (np.diff(edges) > 0).all() else _even_edges(least, greatest, most)
