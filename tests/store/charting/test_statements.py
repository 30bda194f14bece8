"""What is asked of DuckDB, word for word, and that nothing from elsewhere gets into the words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.store.charting.facts import some_facts

from tailrace.metrics.catalogue import CATALOGUE
from tailrace.model.charted import Buckets, HeatQuestion, Question, SpreadQuestion
from tailrace.model.listing import TraceFilter
from tailrace.model.measures import Aggregate, Fn, Grain, Is, Measure, Unit, Where
from tailrace.store.charting import Statement, ask, heat, marks, spread

HOURS = Buckets(tuple(range(0, 25 * 3_600_000_000_000, 3_600_000_000_000)))


def statements(*questions: Question, **chosen: str | None) -> list[Statement]:
    """All that is asked for some questions."""
    asked: list[Statement] = []
    facts = some_facts(random.Random(1), [5, 10**12], 30)
    with facts.load() as connection:
        for table in filter(None, chosen.values()):
            connection.execute(f"CREATE TABLE {table} (trace BIGINT)")
        source = facts.source(connection, **chosen)

        def run(some: Sequence[Statement]) -> Sequence[Any]:
            asked.extend(some)
            return source.run(some)

        ask(questions, replace(source, run=run))
    return asked


def named(*ids: str) -> tuple[Measure, ...]:
    return tuple(CATALOGUE[each] for each in ids)


def test_all_figures_of_one_grain_over_time_are_one_statement() -> None:
    panels = ("traffic.requests", "latency.p50", "latency.p95", "reliability.success", "latency.p99", "latency.mean")
    [asked] = statements(*(Question(named(each), buckets=HOURS) for each in panels))
    assert (
        asked.sql
        == """\
SELECT
    (f.start_ns - $p0) // $p1 AS bucket,
    quantile_cont(f.duration_ns, $p2) AS c0,
    count(*) AS c1,
    count(f.failed) AS c2,
    avg(f.duration_ns) AS c3,
    count(f.failed) FILTER (WHERE NOT f.failed) AS c4
FROM trace_facts AS f
WHERE f.start_ns >= $p0
  AND f.start_ns < $p3
GROUP BY GROUPING SETS ((bucket), ())"""
    )
    assert asked.values == (0, HOURS.edges[1], (0.5, 0.95, 0.99), HOURS.edges[-1])


def test_figures_of_a_filter_by_a_field_of_the_spans_count_each_trace_in_each_group() -> None:
    question = Question(named("latency.p95"), TraceFilter("some", 30, 80), by="model", top=2)
    ranks, counted, whole = statements(question, some="chosen_0")
    assert (
        ranks.sql
        == """\
WITH seen AS MATERIALIZED (
    SELECT grouped, max(f0) AS f0, sum(n0) AS n0
    FROM (
        SELECT
            g.held AS grouped,
            nullif(count(*), 0) AS f0,
            count(*) AS n0
        FROM trace_facts AS f
        LEFT JOIN (
            SELECT DISTINCT t.trace, t.model AS held
            FROM span_facts AS t
            WHERE t.start_ns >= $p0
              AND t.start_ns < $p1
              AND t.trace IN (SELECT trace FROM chosen_0)
              AND t.model IS NOT NULL
        ) AS g ON g.trace = f.trace
        WHERE f.start_ns >= $p0
          AND f.start_ns < $p1
          AND f.trace IN (SELECT trace FROM chosen_0)
          AND f.duration_ns IS NOT NULL
        GROUP BY grouped
    )
    GROUP BY grouped
)
(SELECT 0 AS question, grouped, CAST(f0 AS DOUBLE) AS figure, n0 AS facts, \
(SELECT count(grouped) FROM seen WHERE n0 > 0) AS groups
FROM seen WHERE n0 > 0 ORDER BY grouped IS NOT NULL, f0 DESC NULLS LAST, n0 DESC, grouped LIMIT $p2)"""
    )
    # without a trace there is no group, so each is one of the others
    assert (
        counted.sql
        == """\
SELECT
    coalesce(g.held, 0) AS place,
    quantile_cont(f.duration_ns, $p2) AS c0
FROM trace_facts AS f
LEFT JOIN (
    SELECT DISTINCT t.trace, 1 AS held
    FROM span_facts AS t
    WHERE t.start_ns >= $p0
      AND t.start_ns < $p1
      AND t.trace IN (SELECT trace FROM chosen_0)
      AND t.model IS NOT NULL
) AS g ON g.trace = f.trace
WHERE f.start_ns >= $p0
  AND f.start_ns < $p1
  AND f.trace IN (SELECT trace FROM chosen_0)
  AND f.duration_ns IS NOT NULL
GROUP BY place"""
    )
    assert "GROUP BY" not in whole.sql


def test_the_calls_of_each_tool_are_looked_at_alone() -> None:
    ranks, counted, *_ = statements(Question(named("tools.success", "tools.p95"), by="tool"))
    assert "WHERE f.kind = $p0" in ranks.sql
    assert (
        counted.sql
        == """\
SELECT
    CASE WHEN f.tool IS NULL THEN 0 ELSE coalesce(list_position($p0, f.tool), 3) END AS place,
    quantile_cont(f.duration_ns, $p1) AS c0,
    count(f.failed) AS c1,
    count(f.failed) FILTER (WHERE NOT f.failed) AS c2
FROM span_facts AS f
WHERE f.kind = $p2
GROUP BY place"""
    )


def test_spans_by_an_attribute_are_put_aside_once_for_all_questions() -> None:
    cost, latency = named("cost.total"), named("span_latency.p95")
    asked = statements(Question(cost, by="attr.stage"), Question(latency, by="attr.stage", buckets=None))
    assert (
        asked[0].sql
        == """\
CREATE OR REPLACE TEMP TABLE held_0 AS
SELECT f.span, f.trace, f.start_ns, f.cost, f.duration_ns, coalesce(a0.text, r.text) AS held
FROM span_facts AS f
LEFT JOIN attribute_0 AS a0 ON a0.span = f.span
LEFT JOIN (
    SELECT t.trace, coalesce(min(t.text) FILTER (WHERE t.span = k.root), arg_min(t.text, t.span)) AS text
    FROM attribute_0 AS t
    JOIN trace_facts AS k ON k.trace = t.trace
    WHERE t.text IS NOT NULL
    GROUP BY t.trace
) AS r ON r.trace = f.trace
WHERE ((f.cost IS NOT NULL) OR (f.duration_ns IS NOT NULL))"""
    )
    assert not any("attribute_0" in each.sql for each in asked[1:])
    assert any(
        each.sql
        == """\
SELECT
    CASE WHEN f.held IS NULL THEN 0 ELSE coalesce(list_position($p0, f.held), 4) END AS place,
    sum(f.cost) AS c0
FROM held_0 AS f
WHERE f.cost IS NOT NULL
GROUP BY place"""
        for each in asked
    )


def test_days_of_a_calendar_are_few_comparisons() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    days = [datetime(2026, 1, 1) + timedelta(days=i) for i in range(366)]
    edges = tuple(int(day.replace(tzinfo=berlin).timestamp()) * 10**9 for day in days)
    [asked] = statements(Question(named("traffic.requests"), buckets=Buckets(edges)))
    assert (
        asked.sql
        == """\
SELECT
    CASE WHEN f.start_ns < $p0 THEN CASE WHEN f.start_ns < $p1 THEN (f.start_ns - $p2) // $p3 ELSE 87 END \
ELSE CASE WHEN f.start_ns < $p4 THEN 88 + (f.start_ns - $p0) // $p3 ELSE CASE WHEN f.start_ns < $p5 THEN 297 \
ELSE 298 + (f.start_ns - $p5) // $p3 END END END AS bucket,
    count(*) AS c0
FROM trace_facts AS f
WHERE f.start_ns >= $p2
  AND f.start_ns < $p6
GROUP BY GROUPING SETS ((bucket), ())"""
    )


def test_the_peak_counts_minutes_that_two_buckets_share_as_one_in_the_total() -> None:
    [asked] = [
        each for each in statements(Question(named("traffic.peak"), buckets=Buckets((0, 7, 9)))) if "minute" in each.sql
    ]
    assert (
        asked.sql
        == """\
SELECT bucket, max(nullif(facts, 0)) AS c0
FROM (
SELECT CASE WHEN f.start_ns < $p0 THEN 0 ELSE 1 END AS bucket, \
f.start_ns // $p1 - CAST(f.start_ns % $p1 < 0 AS TINYINT) AS minute, count(*) AS facts
FROM trace_facts AS f
WHERE f.start_ns >= $p2
  AND f.start_ns < $p3
GROUP BY GROUPING SETS ((bucket, minute), (minute))
)
GROUP BY bucket"""
    )


def test_nothing_but_our_own_names_is_in_the_text() -> None:
    evil = "x'; DROP TABLE kept_span; --\0"
    where = (Where("kind", Is.EQ, evil), Where("attr.stage", Is.NE, evil), Where("duration_ns", Is.LT, 7.5))
    measure = Measure("m", "", "", "", Unit.COUNT, Aggregate(Fn.COUNT, Grain.SPAN, "", where))
    facts = some_facts(random.Random(1), [5], 10)
    facts.attributes = {evil: facts.attributes["stage"], **facts.attributes}
    asked: list[Statement] = []
    with facts.load() as connection:
        source = facts.source(connection)

        def run(some: Sequence[Statement]) -> Sequence[Any]:
            asked.extend(some)
            return source.run(some)

        watched = replace(source, run=run)
        ask([Question((measure,), by=by) for by in ("name", "model", f"attr.{evil}")], watched)
        filtered = TraceFilter()
        heat(HeatQuestion(f"attr.{evil}", Grain.SPAN, filtered, HOURS, score=None), watched)
        spread(SpreadQuestion("value", Grain.SCORE, filtered, score=evil), watched)
        marks(filtered, watched)
        assert connection.execute("SELECT count(*) FROM kept_span").fetchone() == (len(facts.rows[Grain.SPAN]),)
    assert len(asked) > 10
    assert not any("DROP" in each.sql or "'x" in each.sql or "7.5" in each.sql for each in asked)
    assert any(evil in each.values for each in asked)


@pytest.mark.parametrize(
    "aggregate",
    [
        Aggregate(Fn.SUM, Grain.TRACE, "no such column"),
        Aggregate(Fn.SUM, Grain.TRACE, "name"),
        Aggregate(Fn.SUM, Grain.TRACE, "attr.amount"),
        Aggregate(Fn.QUANTILE, Grain.TRACE, "duration_ns"),
        Aggregate(Fn.QUANTILE, Grain.TRACE, "duration_ns", q=1.5),
        Aggregate(Fn.COUNT, Grain.TRACE, "", (Where("name", Is.EQ, 5.0),)),
        Aggregate(Fn.COUNT, Grain.TRACE, "", (Where("failed", Is.EQ, 1.0),)),
        Aggregate(Fn.COUNT, Grain.TRACE, "", (Where("duration_ns", Is.EQ, "long"),)),
        Aggregate(Fn.COUNT, Grain.TRACE, "", (Where("1; DROP TABLE kept_span", Is.EQ, 1.0),)),
    ],
)
def test_what_makes_no_sense_is_never_asked(aggregate: Aggregate) -> None:
    with pytest.raises(ValueError, match=r".+"):
        statements(Question((Measure("m", "", "", "", Unit.NUMBER, aggregate),)))


def test_nothing_is_grouped_by_a_field_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="latency"):
        statements(Question(named("traffic.requests"), by="latency"))
