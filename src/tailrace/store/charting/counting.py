"""The statements that give figures in cells, and their answers as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tailrace.model.facts import ColumnType
from tailrace.model.measures import Aggregate, Fn, Grain, Where
from tailrace.store.charting.aggregates import (
    Attributes,
    Output,
    attribute_keys,
    column_sql,
    conditions,
    hoist,
    outputs_of,
)
from tailrace.store.charting.cells import Cells, bucket_sql, cell_conditions, from_sql, where_sql
from tailrace.store.charting.names import column_type
from tailrace.store.charting.statement import Bindings, Statement

Found: TypeAlias = Mapping[str, "NDArray[Any]"]

_MINUTE_NS = 60_000_000_000
# Of nothing these are 0; anything else is unknown
_COUNTS = frozenset((Fn.COUNT, Fn.DISTINCT))


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement and the aggregates in its columns c0, c1, …"""

    cells: Cells
    statement: Statement
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """One aggregate: a row a group, a column a bucket (none without buckets), and over the whole time."""

    figures: NDArray[np.float64]
    totals: NDArray[np.float64]


def write(cells: Cells, aggregates: Iterable[Aggregate], attributes: Attributes) -> list[Asked]:
    """Few statements for all aggregates of a grain in the same cells."""
    among = list(dict.fromkeys(aggregates))
    peaks = [each for each in among if each.fn is Fn.PEAK]
    found = [
        _write_all(cells, hoisted, together, attributes)
        for hoisted, together in hoist(each for each in among if each.fn is not Fn.PEAK).items()
    ]
    return found + [_write_peak(cells, each, attributes) for each in peaks]


def _write_all(cells: Cells, hoisted: frozenset[Where], among: Sequence[Aggregate], attributes: Attributes) -> Asked:
    bindings = Bindings()
    keys = attribute_keys(among)
    source, group = from_sql(cells, keys, attributes, bindings)
    columns, names = [], []
    if group is not None:
        columns.append(f"{group} AS place")
        names.append("place")
    if cells.buckets is not None:
        columns.append(f"{bucket_sql(cells.buckets, bindings)} AS bucket")
        names.append("bucket")
    outputs = outputs_of(among, hoisted, attributes, bindings)
    columns += [f"{output.sql} AS c{i}" for i, output in enumerate(outputs)]
    met = cell_conditions(cells, attributes, bindings)
    met += conditions(cells.grain, (each for each in among[0].where if each in hoisted), attributes, bindings)
    met += _known(cells.grain, among, attributes)
    select = "SELECT\n    " + ",\n    ".join(columns)
    sql = f"{select}\n{source}{where_sql(met)}{_grouping(names)}"
    return Asked(cells, bindings.statement(sql), tuple(outputs))


def _known(grain: Grain, among: Sequence[Aggregate], attributes: Attributes) -> list[str]:
    """That the column is known where all look at the same one: what does not know it need not be put into groups."""
    columns = {each.column for each in among}
    if len(columns) > 1 or "" in columns or column_type(grain, among[0].column) is ColumnType.FLAG:
        return []
    return [f"{column_sql(grain, among[0].column, attributes)} IS NOT NULL"]


def _grouping(names: Sequence[str]) -> str:
    if "bucket" not in names:
        return f"\nGROUP BY {names[0]}" if names else ""
    return f"\nGROUP BY GROUPING SETS (({', '.join(names)}), ({', '.join(names[:-1])}))"


def _write_peak(cells: Cells, aggregate: Aggregate, attributes: Attributes) -> Asked:
    """A minute can be cut by two buckets and is whole in the total, so that both are counted by themselves."""
    bindings = Bindings()
    source, group = from_sql(cells, attribute_keys([aggregate]), attributes, bindings)
    names = [] if group is None else ["place"]
    columns = [] if group is None else [f"{group} AS place"]
    if cells.buckets is not None:
        names.append("bucket")
        columns.append(f"{bucket_sql(cells.buckets, bindings)} AS bucket")
    minute = bindings.bind(_MINUTE_NS)
    # rounded down before 1970 too
    columns.append(f"f.start_ns // {minute} - CAST(f.start_ns % {minute} < 0 AS TINYINT) AS minute")
    counted = Aggregate(Fn.COUNT, aggregate.grain, aggregate.column)
    [output] = outputs_of([counted], frozenset(), attributes, bindings)
    columns.append(f"{output.sql} AS facts")
    met = cell_conditions(cells, attributes, bindings)
    met += conditions(cells.grain, aggregate.where, attributes, bindings)
    sets = [[*names, "minute"]]
    if cells.buckets is not None:
        sets.append([*names[:-1], "minute"])
    grouping = ", ".join(f"({', '.join(each)})" for each in sets)
    inner = "SELECT " + ", ".join(columns) + f"\n{source}{where_sql(met)}\nGROUP BY GROUPING SETS ({grouping})"
    outer = "".join(f"{name}, " for name in names)
    by = f"\nGROUP BY {', '.join(names)}" if names else ""
    sql = f"SELECT {outer}max(nullif(facts, 0)) AS c0\nFROM (\n{inner}\n){by}"
    return Asked(cells, bindings.statement(sql), (Output("", (aggregate,)),))


def read(asked: Asked, found: Found, places: Mapping[str, int] | None, groups: int) -> dict[Aggregate, Counted]:
    """The answer to a statement as arrays of `groups` rows; `places` says which one a value has where the statement
    leaves values as they are."""
    cells = asked.cells
    count = len(next(iter(found.values())))
    rows = _rows(found.get("place"), count, places)
    inside = (rows >= 0) & (rows < groups)
    width = 0 if cells.buckets is None else len(cells.buckets)
    if cells.buckets is None:
        columns, total = np.zeros(count, np.int64), inside
    else:
        bucket = np.ma.asanyarray(found["bucket"])
        missing = np.ma.getmaskarray(bucket)
        columns = np.ma.filled(bucket, 0).astype(np.int64)
        inside, total = inside & ~missing, inside & missing
    counted: dict[Aggregate, Counted] = {}
    for i, output in enumerate(asked.outputs):
        for aggregate, values in zip(output.aggregates, _values(found[f"c{i}"], output), strict=True):
            nothing = 0.0 if aggregate.fn in _COUNTS else np.nan
            figures = np.full((groups, width), nothing)
            totals = np.full(groups, nothing)
            if width:
                figures[rows[inside], columns[inside]] = values[inside]
            totals[rows[total]] = values[total]
            counted[aggregate] = Counted(figures, totals)
    return counted


def _rows(column: NDArray[Any] | None, count: int, places: Mapping[str, int] | None) -> NDArray[np.int64]:
    if column is None:
        return np.zeros(count, np.int64)
    masked = np.ma.asanyarray(column)
    if places is None:
        return np.ma.filled(masked, 0).astype(np.int64)
    missing = np.ma.getmaskarray(masked)
    values = zip(masked.data, missing, strict=True)
    return np.array([0 if empty else places.get(value, -1) for value, empty in values], np.int64)


def _values(column: NDArray[Any], output: Output) -> list[NDArray[np.float64]]:
    """One array an aggregate of a column, unknown as NaN."""
    masked = np.ma.asanyarray(column)
    missing = np.ma.getmaskarray(masked)
    if not output.listed:
        plain = np.where(missing, 0, masked.data) if masked.dtype == object else np.ma.filled(masked, 0)
        values = plain.astype(np.float64)
        values[missing] = np.nan
        return [values]
    unknown = [np.nan] * len(output.aggregates)
    rows = [unknown if empty else value for value, empty in zip(masked.data, missing, strict=True)]
    table = np.array(rows, np.float64).reshape(len(rows), len(output.aggregates))
    return [table[:, i] for i in range(len(output.aggregates))]
