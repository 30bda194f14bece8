"""How what is counted or added up in each trace spreads over the traces of some values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tailrace.model.charted import Sample
from tailrace.model.listing import TraceFilter
from tailrace.model.measures import Aggregate, Grain
from tailrace.store.charting.aggregates import aggregate_sql, attribute_keys, conditions
from tailrace.store.charting.cells import By, Cells, cell_conditions, from_sql, rows_statement, where_sql
from tailrace.store.charting.names import attribute_key
from tailrace.store.charting.source import Source
from tailrace.store.charting.statement import Bindings, Statement

_ROWS = "sample_rows"


def samples(
    by: str, values: Sequence[str], asked: TraceFilter, totals: Sequence[Aggregate], source: Source
) -> Mapping[Aggregate, list[Sample]]:
    """For each total (a COUNT or SUM) and each value of the field `by`, over the traces of a filter: in how many traces
    it is known, and its mean and spread over these."""
    scope = source.scope(asked)
    key, rows = attribute_key(by), None
    of_spans = [total for total in totals if total.grain is Grain.SPAN]
    if key is not None and of_spans:
        rows = _ROWS
        source.run([rows_statement(rows, key, scope, of_spans, source.attributes)])
    grouped = {total: By(by, tuple(values), rows if total.grain is Grain.SPAN else None) for total in totals}
    answers = source.run(
        [_statement(Cells(total.grain, scope, None, each), total, source) for total, each in grouped.items()]
    )
    found: dict[Aggregate, list[Sample]] = {}
    for total, answer in zip(grouped, answers, strict=True):
        known = {
            int(place): Sample(int(n), float(mean), float(spread))
            for place, n, mean, spread in zip(
                answer["place"],
                answer["n"],
                np.ma.filled(np.ma.asanyarray(answer["mean"], np.float64), np.nan),
                np.ma.filled(np.ma.asanyarray(answer["spread"], np.float64), np.nan),
                strict=True,
            )
        }
        found[total] = [known.get(place, Sample(0, np.nan, np.nan)) for place in range(1, len(values) + 1)]
    return found


def _statement(cells: Cells, total: Aggregate, source: Source) -> Statement:
    bindings = Bindings()
    tables, place = from_sql(cells, attribute_keys([total]), source.attributes, bindings)
    met = [*cell_conditions(cells, source.attributes, bindings), "f.trace IS NOT NULL"]
    met += conditions(total.grain, total.where, source.attributes, bindings)
    figure = aggregate_sql(total, frozenset(total.where), source.attributes, bindings)
    of_traces = (
        f"    SELECT {place} AS place, f.trace AS trace, CAST({figure} AS DOUBLE) AS figure\n{tables}{where_sql(met)}"
        "\n    GROUP BY place, f.trace"
    )
    values = cells.by.top if cells.by is not None and cells.by.top is not None else ()
    return bindings.statement(
        "SELECT place, count(figure) AS n, avg(figure) AS mean, stddev_samp(figure) AS spread\n"
        f"FROM (\n{of_traces}\n)\nWHERE place BETWEEN 1 AND {len(values)}\nGROUP BY place"
    )
