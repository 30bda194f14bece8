"""Totals of traces in short, against the rows one by one."""

from __future__ import annotations

import random
from collections import defaultdict
from statistics import fmean, stdev

import pytest
from tests.store.charting.facts import some_facts
from tests.store.charting.oracle import Oracle

from tailrace.model.charted import Question
from tailrace.model.listing import TraceFilter
from tailrace.model.measures import Aggregate, Fn, Grain, Is, Where
from tailrace.store.charting.samples import samples

TOTALS = (
    Aggregate(Fn.COUNT, Grain.SPAN),
    Aggregate(Fn.SUM, Grain.SPAN, "cost_input"),
    Aggregate(Fn.COUNT, Grain.SPAN, "", (Where("kind", Is.EQ, "llm"), Where("failed", Is.NE, True))),
    Aggregate(Fn.SUM, Grain.SPAN, "attr.amount"),
    Aggregate(Fn.SUM, Grain.SCORE, "value"),
    Aggregate(Fn.COUNT, Grain.RETRIEVAL, "documents"),
)


@pytest.mark.parametrize("by", ["model", "version", "tag", "thumb", "attr.stage", "label"])
@pytest.mark.parametrize("filtered", [False, True])
def test_the_spread_over_traces_is_that_of_the_rows(by: str, filtered: bool) -> None:
    rng = random.Random(f"{by} {filtered}")
    facts = some_facts(rng, (0, 1, 2, 3), 80)
    for row in facts.rows[Grain.SPAN]:
        row["cost_input"] = rng.choice((None, 1.5, 2.25, 7.0))
    chosen = frozenset(range(1, 60)) if filtered else None
    oracle = Oracle(facts, chosen)
    asked = TraceFilter("some", 1, 3) if filtered else TraceFilter()
    everything = Question((), asked, by=by, top=0)
    there = {
        value
        for grain in (Grain.TRACE, Grain.SPAN, Grain.SCORE)
        for row in oracle.rows(everything, grain)
        for value in oracle.groups(row, grain, by)
        if value is not None
    }
    values = [*sorted(there)[:2], "not there"]
    with facts.load() as connection:
        if chosen is not None:
            connection.execute("CREATE TABLE chosen AS SELECT unnest(?::BIGINT[]) AS trace", [sorted(chosen)])
        found = samples(by, values, asked, TOTALS, facts.source(connection, some="chosen"))
    for total in TOTALS:
        for value, sample in zip(values, found[total], strict=True):
            rows = defaultdict(list)
            for row in oracle.rows(everything, total.grain):
                if row["trace"] is not None and value in oracle.groups(row, total.grain, by):
                    rows[row["trace"]].append(row)
            # a trace of which no row meets the conditions is not among them
            among = [
                [row for row in some if all(oracle.meets(row, each) for each in total.where)] for some in rows.values()
            ]
            figures = [oracle.figure(total, some) for some in among if some]
            known = [figure for figure in figures if figure == figure]
            assert sample.n == len(known), (total, value)
            if known:
                assert sample.mean == pytest.approx(fmean(known))
            if len(known) > 1:
                assert sample.spread == pytest.approx(stdev(known))
            else:
                assert sample.spread != sample.spread, "unknown"
