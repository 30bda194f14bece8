"""A chart of a result: its numbers against its first column, over time or a bar each."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tailrace.model.charted import Buckets, Group
from tailrace.model.dashboard import ChartKind
from tailrace.model.measures import Unit
from tailrace.model.sql import Cell, SqlResult, is_numeric
from tailrace.model.time import parse_time
from tailrace.model.words import count_of
from tailrace.ui.models.sql_result import written_cell
from tailrace.ui.views.charts.values import NAN, Content, Part, Ranking, Series, TimeChart

MOST_LINES = 8
MOST_BARS = 60
MOST_TIMES = 2_000
_DAY_NS = 86_400 * 10**9
_TIMES = ("TIMESTAMP", "DATE")
_WORDS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Measured:
    """Columns of numbers that share a scale. `title` names them, `unit` is a guess from their names."""

    title: str
    columns: tuple[int, ...]
    unit: Unit


@dataclass(frozen=True, slots=True)
class Charted:
    """What to draw."""

    kind: ChartKind
    content: Content


def measured(result: SqlResult) -> tuple[Measured, ...]:
    """What of a result can be drawn: over time all columns of a unit together, else one by one, in their order. None
    where there is no number, or nothing to draw it against."""
    axis = _axis(result)
    if axis is None or not result.rows:
        return ()
    found: dict[object, list[int]] = {}
    together = _is_time(result.types[axis])
    for column, (name, kind) in enumerate(zip(result.columns, result.types, strict=True)):
        if column != axis and is_numeric(kind) and name.lower() != "id":
            found.setdefault(unit_of(name, kind) if together else column, []).append(column)
    return tuple(
        Measured(
            ", ".join(result.columns[column] for column in columns),
            tuple(columns),
            unit_of(result.columns[columns[0]], result.types[columns[0]]),
        )
        for columns in found.values()
    )


def chart_of(result: SqlResult, wanted: Measured) -> Charted:
    """The chart of some columns of a result."""
    axis = _axis(result)
    assert axis is not None
    return _over_time(result, axis, wanted) if _is_time(result.types[axis]) else _bars(result, wanted)


def unit_of(name: str, kind: str) -> Unit:
    """What a column is probably counted in."""
    words = set(_WORDS.findall(name.lower()))
    if "ms" in words:
        return Unit.DURATION
    if words & {"cost", "dollars", "usd", "price", "spend"}:
        return Unit.MONEY
    if words & {"share", "rate", "ratio"} and "per" not in words:
        return Unit.SHARE
    if "tokens" in words and "per" not in words:
        return Unit.TOKENS
    return Unit.COUNT if "INT" in kind else Unit.NUMBER


def _axis(result: SqlResult) -> int | None:
    """The column of times, else the first of words."""
    times = [column for column, kind in enumerate(result.types) if _is_time(kind)]
    words = [column for column, kind in enumerate(result.types) if not is_numeric(kind) and not _is_time(kind)]
    first_word = words[0] if words else None
    # a time behind the words is one more fact of each row, as "last seen"
    if times and (first_word is None or times[0] < first_word):
        return times[0]
    return first_word


def _is_time(kind: str) -> bool:
    return kind.startswith(_TIMES)


def _over_time(result: SqlResult, axis: int, wanted: Measured) -> Charted:
    moments = [_time(row[axis]) for row in result.rows]
    times = sorted({moment for moment in moments if moment is not None})
    shown = times[-MOST_TIMES:]
    place = {moment: number for number, moment in enumerate(shown)}
    words = [column for column, kind in enumerate(result.types) if not is_numeric(kind) and not _is_time(kind)]
    lines: dict[tuple[str, int], NDArray[np.float64]] = {}
    met = False
    for row, moment in zip(result.rows, moments, strict=True):
        if moment not in place:
            continue
        name = " · ".join(_named(row[column]) for column in words)
        for column in wanted.columns:
            line = lines.get((name, column))
            if line is None:
                line = lines[name, column] = np.full(len(shown), NAN)
            value = _figure(row[column], wanted.unit)
            before = line[place[moment]]
            met = met or not math.isnan(before)
            line[place[moment]] = value if math.isnan(before) else max(before, value)
    largest = sorted(lines, key=lambda key: -float(np.nansum(np.abs(lines[key]))))[:MOST_LINES]
    kept = [key for key in lines if key in largest]
    left_out = sum(moment not in place for moment in moments)
    notes = [f"{count_of(left_out, 'row')} left out: no time"] if left_out else []
    if len(times) > len(shown):
        notes = [f"the last {len(shown):,} of {len(times):,} times"]
    if met:
        notes.append("of rows with the same time the greatest")
    content = TimeChart(
        title=wanted.title,
        unit=wanted.unit,
        buckets=Buckets(_edges(shown)),
        series=tuple(
            Series(_series_name(name, result.columns[column], len(wanted.columns)), lines[name, column])
            for name, column in kept
        ),
        caption=" · ".join(notes),
        of=len(lines) if len(lines) > len(kept) else 0,
    )
    return Charted(ChartKind.LINE, content)


def _edges(times: Sequence[int]) -> tuple[int, ...]:
    if not times:
        return (0, _DAY_NS)
    width = min((later - earlier for earlier, later in pairwise(times)), default=_DAY_NS)
    return (*times, times[-1] + width)


def _bars(result: SqlResult, wanted: Measured) -> Charted:
    words = [column for column, kind in enumerate(result.types) if not is_numeric(kind) and not _is_time(kind)]
    column = wanted.columns[0]
    rows = result.rows[:MOST_BARS]
    parts = tuple(
        Part(" · ".join(_named(row[word]) for word in words), _figure(row[column], wanted.unit), Group(str(number)))
        for number, row in enumerate(rows)
    )
    content = Ranking(
        title=result.columns[column],
        unit=wanted.unit,
        parts=parts,
        of=len(result.rows) if len(result.rows) > len(rows) else 0,
    )
    return Charted(ChartKind.LIST, content)


def _series_name(name: str, column: str, columns: int) -> str:
    if not name:
        return column
    return f"{name} · {column}" if columns > 1 else name


def _named(cell: Cell) -> str:
    return "NULL" if cell is None else written_cell(cell)[:200]


def _figure(cell: Cell, unit: Unit) -> float:
    if cell is None or isinstance(cell, str):
        return NAN
    value = float(cell)
    return value * 1e6 if unit is Unit.DURATION else value


def _time(cell: Cell) -> int | None:
    if not isinstance(cell, str):
        return None
    try:
        return parse_time(re.sub(r"\+00$", "Z", cell))
    except ValueError:
        return None
