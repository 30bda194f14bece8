"""How what is counted or added up in each trace spreads over the traces of some values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tailrace.model.charted import Sample
from tailrace.model.listing import TraceFilter
from tailrace.model.measures import Aggregate
from tailrace.store.charting.aggregates import aggregate_sql, attribute_keys, conditions
from tailrace.store.charting.cells import By, Cells, from_sql, scope_conditions, where_sql
from tailrace.store.charting.source import Source
from tailrace.store.charting.statement import Bindings, Statement


def samples(
    by: str, values: Sequence[str], asked: TraceFilter, totals: Sequence[Aggregate], source: Source
) -> Mapping[Aggregate, list[Sample]]:
    """For each total (a COUNT or SUM) and each value of the field `by`, over the traces of a filter: in how many traces
    it is known, and its mean and spread over these."""
    answers = source.run([_statement(by, tuple(values), asked, total, source) for total in totals])
    found: dict[Aggregate, list[Sample]] = {}
    for total, answer in zip(totals, answers, strict=True):
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


def _statement(by: str, values: tuple[str, ...], asked: TraceFilter, total: Aggregate, source: Source) -> Statement:
    bindings = Bindings()
    cells = Cells(total.grain, source.scope(asked), None, By(by, values))
    tables, place = from_sql(cells, attribute_keys([total]), source.attributes, bindings)
    met = [*scope_conditions(cells.scope, bindings), "f.trace IS NOT NULL"]
    met += conditions(total.grain, total.where, source.attributes, bindings)
    figure = aggregate_sql(total, frozenset(total.where), source.attributes, bindings)
    of_traces = (
        f"    SELECT {place} AS place, f.trace AS trace, CAST({figure} AS DOUBLE) AS figure\n{tables}{where_sql(met)}"
        "\n    GROUP BY place, f.trace"
    )
    return bindings.statement(
        "SELECT place, count(figure) AS n, avg(figure) AS mean, stddev_samp(figure) AS spread\n"
        f"FROM (\n{of_traces}\n)\nWHERE place BETWEEN 1 AND {len(values)}\nGROUP BY place"
    )
