"""What every answer promises: the figures that plain Python and NumPy give for the same rows."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.store.charting.facts import Row, some_facts
from tests.store.charting.oracle import Oracle, edges_of

from tailrace.model.charted import Answer, Buckets, Question
from tailrace.model.facts import DIMENSIONS
from tailrace.model.listing import TraceFilter
from tailrace.model.measures import (
    Aggregate,
    Expression,
    Fn,
    Grain,
    Is,
    Measure,
    Unit,
    Where,
)
from tailrace.store.charting import ask

EVER = (-(2**70), 2**70)
HOUR = 3_600_000_000_000
BERLIN = ZoneInfo("Europe/Berlin")
MARCH, OCTOBER, LEAP = datetime(2026, 3, 27), datetime(2026, 10, 23), datetime(2028, 2, 27)


def days(first: datetime, count: int) -> Buckets:
    """Days of Berlin, some of 23 or 25 hours."""
    at = [(first + timedelta(days=i)).replace(tzinfo=BERLIN) for i in range(count + 1)]
    return Buckets(tuple(int(each.timestamp()) * 1_000_000_000 for each in at))


def equal(first: int, width: int, count: int) -> Buckets:
    return Buckets(tuple(first + i * width for i in range(count + 1)))


KINDS = {
    "none": None,
    "equal": equal(1_790_000_000_000_000_000, 3 * HOUR, 5),
    "march": days(MARCH, 5),
    "october": days(OCTOBER, 5),
    "leap": days(LEAP, 4),
    "uneven": Buckets((-5, 0, 7, 8, 10**9, 61 * 10**9, 2**40)),
    "vast": Buckets((-(2**63), 0, 5, 2**62, 2**63 - 1)),
}


def starts(buckets: Buckets | None) -> list[int]:
    """Times on every edge, beside it, and outside."""
    if buckets is None:
        return [0, 1, HOUR, -HOUR, 10**18]
    edges = buckets.edges
    around = {edge + by for edge in edges for by in (-1, 0, 0, 1, 59 * 10**9)}
    around |= {(a + b) // 2 for a, b in edges_of(buckets)}
    return [time for time in around if -(2**63) <= time < 2**63]


def measure(expression: Expression, additive: bool = False, name: str = "m") -> Measure:
    return Measure(name, name, "", "", Unit.NUMBER, expression, additive=additive)


def check(answer: Answer, oracle: Oracle) -> None:
    """Compare an answer with what the rows say."""
    question = answer.question
    groups: list[set[str | None] | None] = [None]
    if question.by is not None:
        ranked = oracle.ranked(question)
        named = [group for group in ranked if group is not None]
        top = named[: question.top] if question.top else named
        others = named[len(top) :]
        assert [group.value for group in answer.groups if group.value is not None] == top
        assert answer.more == len(others)
        assert [group.others for group in answer.groups] == [False] * (len(answer.groups) - bool(others)) + [
            True
        ] * bool(others)
        groups = [{value} for value in top] + [{None}] * (None in ranked) + [set(others)] * bool(others)
    assert len(answer.groups) == len(groups)
    buckets = edges_of(question.buckets)

    def compare(found: float, each: Measure, length: float, rows: Callable[[Grain], list[Row]]) -> None:
        expected = oracle.work_out(each.expression, rows, length)
        if math.isnan(expected):
            assert math.isnan(found), f"{each} should be unknown"
        else:
            assert found == pytest.approx(expected, rel=1e-13, abs=oracle.slack(each.expression, rows)), each

    for each in question.measures:
        assert answer.figures[each.id].shape == (len(groups), len(buckets))
        assert answer.totals[each.id].shape == (len(groups),)
        lengths = [elapsed(oracle, question, bucket) for bucket in buckets]
        length = elapsed(oracle, question, (buckets[0][0], buckets[-1][1]))
        for i, group in enumerate(groups):
            for j, bucket in enumerate(buckets):
                compare(answer.figures[each.id][i, j], each, lengths[j], oracle.within(question, group, *bucket))
            compare(answer.totals[each.id][i], each, length, oracle.within(question, group, *EVER))
        compare(answer.whole[each.id], each, length, oracle.within(question, None, *EVER))


def elapsed(oracle: Oracle, question: Question, bucket: tuple[int, int]) -> float:
    began = [row["start_ns"] for row in oracle.rows(question, Grain.TRACE)]
    first = (question.filter.since_ns, bucket[0] if question.buckets is not None else None)
    last = (question.filter.until_ns, bucket[1] if question.buckets is not None else None)
    since = max((time for time in first if time is not None), default=min(began, default=None))
    until = min((time for time in last if time is not None), default=max(began, default=None))
    return math.nan if since is None or until is None else float(max(until - since, 0))


def every_aggregate() -> list[Aggregate]:
    """Each function over each grain, some with conditions."""
    numbers = {
        Grain.TRACE: ("duration_ns", "cost", "failed", "thumb"),
        Grain.SPAN: ("duration_ns", "tpot_ns", "failed", "attr.amount"),
        Grain.SCORE: ("value",),
        Grain.SESSION: ("turns", "duration_ns", "failed"),
        Grain.RETRIEVAL: ("documents", "best_score"),
    }
    conditions: dict[Grain, tuple[tuple[Where, ...], ...]] = {
        Grain.TRACE: (
            (Where("failed", Is.EQ, True),),
            (Where("duration_ns", Is.GT, 1.5), Where("failed", Is.NE, True)),
            (Where("user", Is.NE, ""),),
        ),
        Grain.SPAN: (
            (Where("kind", Is.EQ, "llm"),),
            (Where("kind", Is.EQ, "tool"), Where("failed", Is.EQ, True)),
            (Where("attr.amount", Is.GE, 2.0),),
        ),
        Grain.SCORE: ((Where("score", Is.EQ, "quality"), Where("value", Is.LT, 0.5)),),
        Grain.SESSION: ((Where("turns", Is.LE, 4),),),
        Grain.RETRIEVAL: ((Where("documents", Is.EQ, 0.0),),),
    }
    found: list[Aggregate] = []
    for grain in Grain:
        for where in ((), *conditions[grain]):
            found += [Aggregate(Fn.COUNT, grain, "", where), Aggregate(Fn.PEAK, grain, "", where)]
            for column in numbers[grain]:
                for fn in Fn:
                    if fn is Fn.QUANTILE:
                        found += [Aggregate(fn, grain, column, where, q) for q in (0.0, 0.5, 0.95)]
                    else:
                        found.append(Aggregate(fn, grain, column, where))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_function_by_every_field_in_every_kind_of_bucket_is_what_the_rows_say(kind: str) -> None:
    rng = random.Random(kind)
    buckets = KINDS[kind]
    facts = some_facts(rng, starts(buckets), 60)
    measures = [measure(each, name=f"m{i}") for i, each in enumerate(every_aggregate())]
    fields = [None, *(dimension.field for dimension in DIMENSIONS), "attr.stage", "attr.amount"]
    # all together, as a page asks: each question of some measures of several grains
    questions = [
        Question((first, *rng.sample(measures, 2)), TraceFilter(), buckets, field, rng.choice((0, 1, 2, 8)))
        for field in fields
        for first in rng.sample(measures, 5)
    ]
    with facts.load() as connection:
        answers = ask(questions, facts.source(connection))
    oracle = Oracle(facts)
    for question, answer in zip(questions, answers, strict=True):
        assert answer.question is question
        check(answer, oracle)
