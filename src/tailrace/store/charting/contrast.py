"""How many traces of a selection and of the rest have each value of each field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tailrace.model.contrast import Contrast, CutCounts, ValueCounts
from tailrace.model.facts import ATTRIBUTE, COLUMNS, DIMENSIONS, ColumnType, type_of
from tailrace.model.measures import Grain, Unit
from tailrace.store.charting.counting import Found
from tailrace.store.charting.cuts import Numbered, cut
from tailrace.store.charting.names import VIEWS, home_of, own_column, own_field
from tailrace.store.charting.source import Run
from tailrace.store.charting.statement import Bindings, Statement

SCORE: Final = "score."
# A value of fewer traces is not worth the way here
FEWEST: Final = 5

_ROWS_AT_ONCE: Final = 2_000_000

# Fields of which nearly each trace has another value; `label` says nothing without the name of its score
_OWN_TO_EACH: Final = ("session", "label")
# A span that fails makes the one that called it fail, often with an error of its own. One that hardly ever begins
# where it is seen tells nothing of the cause.
_PASSED_ON: Final = ("error", "category")
_BEGINNING: Final = 10  # traces with it for each in which it began
# Columns that another field says
_SAID: Final = ("thumb",)

_COUNTED = (
    "SELECT d.value AS value, count(*) FILTER (WHERE d.inside) AS inside,"
    " count(*) FILTER (WHERE NOT d.inside) AS outside, bit_xor(hash(d.trace)) AS mark"
)


def contrast(sides: str, run: Run, left_out: tuple[str, ...] = ()) -> Contrast:
    """The values of all fields and attributes. `sides` names a table (trace BIGINT, inside BOOLEAN) of the traces that
    are compared, each once; those that the columns do not hold are passed over."""
    fields = [dimension.field for dimension in DIMENSIONS if dimension.field not in _OWN_TO_EACH]
    statements = [_totals(sides), *(_values(field, sides) for field in fields), _labels(sides), _attributes(sides)]
    [totals, *of_fields, labels, attributes] = run(statements)
    values = [_read(field, found) for field, found in zip(fields, of_fields, strict=True)]
    values += (_read(f"{SCORE}{name}", part) for name, part in _parts(labels))
    values += (_read(f"{ATTRIBUTE}{name}", part) for name, part in _parts(attributes))
    cuts = [*_cut_columns(sides, run), *_cut_scores(sides, run), *_cut_attributes(sides, run)]
    inside, outside = int(totals["inside"][0]), int(totals["outside"][0])
    return Contrast(inside, outside, tuple(one for one in values if one.of), tuple(cuts), left_out)


def _totals(sides: str) -> Statement:
    return _plain(
        "SELECT count(*) FILTER (WHERE s.inside) AS inside, count(*) FILTER (WHERE NOT s.inside) AS outside"
        f" FROM trace_facts AS t JOIN {sides} AS s ON s.trace = t.trace"
    )


def _values(field: str, sides: str) -> Statement:
    """Counts of the values of one field, and how many values there are."""
    view, value, each = VIEWS[Grain.TRACE], own_field(Grain.TRACE, field, "t"), ""
    if field == "tag":
        view, value, each = "(SELECT trace, unnest(tags) AS tag FROM trace_facts)", "t.tag", "DISTINCT "
    elif (home := home_of(field)) is not None:
        view, value, each = VIEWS[home], own_field(home, field, "t"), "DISTINCT "
    columns = f"t.trace AS trace, s.inside AS inside, {value} AS value"
    source = f"FROM {view} AS t JOIN {sides} AS s ON s.trace = t.trace WHERE {value} IS NOT NULL"
    if field in _PASSED_ON:
        distinct = f"SELECT {columns}, bool_or(t.origin) AS began {source} GROUP BY ALL"
        began = f" HAVING {_BEGINNING} * count(*) FILTER (WHERE d.began) >= count(*)"
        return _frequent(f"{_COUNTED} FROM ({distinct}) AS d GROUP BY d.value{began}")
    return _frequent(f"{_COUNTED} FROM (SELECT {each}{columns} {source}) AS d GROUP BY d.value")


def _labels(sides: str) -> Statement:
    distinct = (
        "SELECT DISTINCT t.trace AS trace, s.inside AS inside, t.score AS name, t.label AS value"
        f" FROM score_facts AS t JOIN {sides} AS s ON s.trace = t.trace"
        " WHERE t.label IS NOT NULL AND t.score IS NOT NULL"
    )
    return _frequent(f"{_COUNTED}, d.name AS name FROM ({distinct}) AS d GROUP BY d.name, d.value", "name")


def _attributes(sides: str) -> Statement:
    counted = (
        "SELECT h.value AS held, count(*) FILTER (WHERE s.inside) AS inside,"
        " count(*) FILTER (WHERE NOT s.inside) AS outside, bit_xor(hash(h.trace)) AS mark"
        f" FROM attribute_holder AS h JOIN {sides} AS s ON s.trace = h.trace GROUP BY h.value"
    )
    return _frequent(
        "SELECT v.text AS value, c.inside AS inside, c.outside AS outside, c.mark AS mark, k.name AS name"
        f" FROM ({counted}) AS c JOIN attribute_value AS v ON v.value = c.held"
        " JOIN attribute_name AS k ON k.key = v.key",
        "name",
    )


def _frequent(counted: str, by: str = "") -> Statement:
    bindings = Bindings()
    over = f"PARTITION BY {by}" if by else ""
    order = f"{by}, value" if by else "value"
    return bindings.statement(
        f"SELECT *, count(*) OVER ({over}) AS of_all FROM ({counted})"
        f" QUALIFY inside + outside >= {bindings.bind(FEWEST)} OR row_number() OVER ({over}) = 1 ORDER BY {order}"
    )


def _plain(sql: str) -> Statement:
    return Bindings().statement(sql)


def _read(field: str, found: Found) -> ValueCounts:
    """One field's counts. There is a row even where no value is frequent, for how many there are."""
    inside, outside = found["inside"].astype(np.int64), found["outside"].astype(np.int64)
    frequent = inside + outside >= FEWEST
    return ValueCounts(
        field,
        tuple(str(value) for value in np.asarray(found["value"], object)[frequent]),
        inside[frequent],
        outside[frequent],
        found["mark"].astype(np.uint64)[frequent],
        int(found["of_all"][0]) if len(inside) else 0,
    )


def _cut_columns(sides: str, run: Run) -> Iterable[CutCounts]:
    """The numbers of the facts of traces."""
    types = {column: type_of(Grain.TRACE, column) for column in COLUMNS[Grain.TRACE] if column not in _SAID}
    numbers = [column for column, kind in types.items() if kind in (ColumnType.INTEGER, ColumnType.NUMBER)]
    for column in numbers:
        value = own_column(Grain.TRACE, column, "t")
        [found] = run(
            [
                _plain(
                    f"SELECT s.inside AS inside, hash(t.trace) AS mark, CAST({value} AS DOUBLE) AS least"
                    f" FROM trace_facts AS t JOIN {sides} AS s ON s.trace = t.trace WHERE {value} IS NOT NULL"
                )
            ]
        )
        whole = types[column] is ColumnType.INTEGER
        yield from cut(_numbered(column, _unit(column, whole), whole, found, found["least"]))


def _cut_scores(sides: str, run: Run) -> Iterable[CutCounts]:
    counts = (
        "SELECT score AS name, count(*) AS rows FROM score_facts WHERE value IS NOT NULL AND score_kind <> 'thumb'"
        " GROUP BY score"
    )
    source = f"score_facts AS t JOIN {sides} AS s ON s.trace = t.trace"
    return _cut_named(SCORE, run, counts, ("t.value", "t.value"), source, "t.score")


def _cut_attributes(sides: str, run: Run) -> Iterable[CutCounts]:
    counts = (
        "SELECT k.name AS name, count(*) AS rows FROM attribute_number AS n JOIN attribute_name AS k ON k.key = n.key"
        " GROUP BY k.name"
    )
    source = f"attribute_number AS t JOIN {sides} AS s ON s.trace = t.trace JOIN attribute_name AS k ON k.key = t.key"
    return _cut_named(ATTRIBUTE, run, counts, ("t.least", "t.most"), source, "k.name")


def _cut_named(
    family: str, run: Run, counts: str, ends: tuple[str, str], source: str, name: str
) -> Iterable[CutCounts]:
    """The numbers of several fields of a family: `ends` are the least and the most of a row. There may be thousands of
    fields, or millions of rows: as many fields as make some rows are asked for at once."""
    [counted] = run([_plain(f"{counts} HAVING count(*) >= {FEWEST} ORDER BY name")])
    names = [str(one) for one in np.asarray(counted["name"], object)]
    for batch in _batches(names, counted["rows"].tolist()):
        bindings = Bindings()
        [found] = run(
            [
                bindings.statement(
                    f"SELECT {name} AS name, any_value(s.inside) AS inside, hash(t.trace) AS mark,"
                    f" min({ends[0]}) AS least, max({ends[1]}) AS most FROM {source}"
                    f" WHERE list_contains({bindings.bind(tuple(batch))}, {name}) AND {ends[0]} IS NOT NULL"
                    f" GROUP BY {name}, t.trace ORDER BY name"
                )
            ]
        )
        for one, part in _parts(found):
            whole = bool(np.all(part["most"] == np.floor(part["most"])))
            yield from cut(_numbered(f"{family}{one}", Unit.NUMBER, whole, part, part["most"]))


def _batches(names: Sequence[str], rows: Sequence[int]) -> Iterable[list[str]]:
    batch: list[str] = []
    size = 0
    for name, count in zip(names, rows, strict=True):
        if batch and size + count > _ROWS_AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(name)
        size += count
    if batch:
        yield batch


def _parts(found: Found) -> Iterable[tuple[str, Found]]:
    """What belongs to each name, of rows in the order of their names."""
    names = np.asarray(found["name"], object)
    if not len(names):
        return
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
    for start, end in zip(starts, [*starts[1:], len(names)], strict=True):
        yield str(names[start]), {name: column[start:end] for name, column in found.items()}


def _numbered(field: str, unit: Unit, whole: bool, found: Found, most: NDArray[Any]) -> Numbered:
    finite = np.isfinite(found["least"]) & np.isfinite(most)
    least = found["least"].astype(np.float64)[finite]
    inside, marks = found["inside"].astype(np.bool_), found["mark"].astype(np.uint64)
    same = most is found["least"]
    return Numbered(
        field, unit, whole, least, least if same else most.astype(np.float64)[finite], inside[finite], marks[finite]
    )


def _unit(column: str, whole: bool) -> Unit:
    if column.endswith("_ns"):
        return Unit.DURATION
    if column.endswith("_tokens"):
        return Unit.TOKENS
    if column == "cost":
        return Unit.MONEY
    return Unit.COUNT if whole else Unit.NUMBER
