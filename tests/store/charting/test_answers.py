"""What every answer promises: the figures that plain Python and NumPy give for the same rows."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.store.charting.facts import Facts, Row, no_facts, some_facts, span_row, trace_row
from tests.store.charting.oracle import Oracle, edges_of

from tailrace.model.charted import Answer, Buckets, Group, Question
from tailrace.model.facts import DIMENSIONS
from tailrace.model.listing import TraceFilter
from tailrace.model.measures import (
    Aggregate,
    Binary,
    Elapsed,
    Expression,
    Fn,
    Grain,
    Is,
    Measure,
    Number,
    Operator,
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
        if question.values:
            ranked = [group for group in ranked if group in question.values]
        named = [group for group in ranked if group is not None]
        top = named[: question.top] if question.top and not question.values else named
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
        counted = set[str | None](question.values) if question.values else None
        compare(answer.whole[each.id], each, length, oracle.within(question, counted, *EVER))


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
        Grain.SPAN: ("duration_ns", "cost_input", "failed", "attr.amount"),
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


def answer_of(facts: Facts, question: Question, **chosen: str | None) -> Answer:
    with facts.load() as connection:
        [answer] = ask([question], facts.source(connection, **chosen))
    return answer


@pytest.mark.parametrize("kind", KINDS)
def test_every_function_by_every_field_in_every_kind_of_bucket_is_what_the_rows_say(kind: str) -> None:
    rng = random.Random(kind)
    buckets = KINDS[kind]
    facts = some_facts(rng, starts(buckets), 40)
    measures = [measure(each, name=f"m{i}") for i, each in enumerate(every_aggregate())]
    fields = [None, *(dimension.field for dimension in DIMENSIONS), "attr.stage", "attr.amount"]
    # all together, as a page asks: each question of some measures of several grains
    questions = [
        Question((first, *rng.sample(measures, 2)), TraceFilter(), buckets, field, rng.choice((0, 1, 2, 8)))
        for field in fields
        for first in rng.sample(measures, 3)
    ]
    with facts.load() as connection:
        answers = ask(questions, facts.source(connection))
    oracle = Oracle(facts)
    for question, answer in zip(questions, answers, strict=True):
        assert answer.question is question
        check(answer, oracle)


WHOLE = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-3, 3))
REAL = st.one_of(st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from((0.0, 0.5, -0.5)))


@st.composite
def asked(draw: st.DrawFn) -> tuple[Facts, Question]:
    """A few traces with any numbers, and a question about them."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    buckets = KINDS[kind]
    times = st.sampled_from(starts(buckets))
    facts = no_facts()
    for trace in range(draw(st.integers(0, 9))):
        row = trace_row(random.Random(trace), trace, draw(times))
        row |= {"duration_ns": draw(st.none() | WHOLE), "cost": draw(st.none() | REAL), "failed": draw(st.booleans())}
        facts.rows[Grain.TRACE].append(row)
    column = draw(st.sampled_from(("duration_ns", "cost")))
    fn = draw(st.sampled_from(sorted(Fn)))
    value = draw(WHOLE.map(float) | REAL)
    where = (Where(column, draw(st.sampled_from(sorted(Is))), value),) if draw(st.booleans()) else ()
    q = draw(st.floats(0, 1)) if fn is Fn.QUANTILE else None
    by = draw(st.sampled_from((None, "name", "env", "tag", "thumb")))
    limits = TraceFilter("", draw(st.none() | times), draw(st.none() | times))
    expression = Aggregate(fn, Grain.TRACE, column, where, q)
    return facts, Question((measure(expression),), limits, buckets, by, draw(st.integers(0, 3)))


@settings(max_examples=examples(35), deadline=None)
@given(asked())
def test_any_numbers_at_any_times_give_what_the_rows_say(case: tuple[Facts, Question]) -> None:
    facts, question = case
    check(answer_of(facts, question), Oracle(facts))


@pytest.mark.parametrize("seed", range(3))
def test_where_values_are_named_only_their_facts_count_also_in_the_whole(seed: int) -> None:
    rng = random.Random(seed)
    facts = some_facts(rng, starts(None), 60)
    oracle = Oracle(facts)
    measures = [measure(each, name=f"m{i}") for i, each in enumerate(every_aggregate())]
    questions = []
    for field in (*(dimension.field for dimension in DIMENSIONS), "attr.stage", "attr.amount"):
        one = Question((*rng.sample(measures, 4), measure(Aggregate(Fn.COUNT, Grain.TRACE), name="n")), by=field, top=0)
        there = [group for group in oracle.ranked(one) if group is not None]
        values = (*rng.sample(there, min(len(there), rng.choice((1, 2, 3)))), "not there'")
        questions += [replace(one, values=values), replace(one, values=values[-2:], buckets=KINDS["none"]), one]
    with facts.load() as connection:
        answers = ask(questions, facts.source(connection))
    for answer in answers:
        check(answer, oracle)


def test_of_nothing_counts_are_0_and_all_else_is_unknown() -> None:
    measures = tuple(measure(each, name=f"m{i}") for i, each in enumerate(every_aggregate()))
    answer = answer_of(no_facts(), Question(measures, buckets=KINDS["equal"]))
    for each in measures:
        assert isinstance(each.expression, Aggregate)
        counts = each.expression.fn in (Fn.COUNT, Fn.DISTINCT)
        figures = [*answer.figures[each.id][0], answer.totals[each.id][0], answer.whole[each.id]]
        assert figures == [0.0] * 7 if counts else all(map(math.isnan, figures)), each
    assert answer.groups == (Group(),)
    assert answer.facts == 0
    grouped = answer_of(no_facts(), Question(measures[:3], buckets=KINDS["equal"], by="model"))
    assert grouped.groups == ()
    assert grouped.figures["m0"].shape == (0, 5)


def test_one_row_is_its_own_mean_and_quantile_and_has_no_spread() -> None:
    facts = no_facts()
    facts.rows[Grain.TRACE].append(trace_row(random.Random(1), 1, 5) | {"duration_ns": 2**53 + 1})
    of = {fn: measure(Aggregate(fn, Grain.TRACE, "duration_ns"), name=fn) for fn in (Fn.MEAN, Fn.LEAST, Fn.SPREAD)}
    p99 = measure(Aggregate(Fn.QUANTILE, Grain.TRACE, "duration_ns", q=0.99), name="p99")
    answer = answer_of(facts, Question((*of.values(), p99)))
    assert answer.whole["mean"] == answer.whole["min"] == answer.whole["p99"] == float(2**53 + 1)
    assert math.isnan(answer.whole["spread"])


def test_long_whole_numbers_add_up_to_the_last_digit() -> None:
    facts = no_facts()
    for i, value in enumerate((2**62 + 3, -(2**62) + 1, 2**62, -(2**62), None)):
        facts.rows[Grain.TRACE].append(trace_row(random.Random(1), i, 5) | {"duration_ns": value})
    total = measure(Aggregate(Fn.SUM, Grain.TRACE, "duration_ns"))
    assert answer_of(facts, Question((total,))).whole["m"] == 4.0


def test_what_is_infinite_stays_so_and_stops_nothing() -> None:
    facts = no_facts()
    for i, value in enumerate((math.inf, -math.inf, 1.0, 1e308, 1e308)):
        facts.rows[Grain.TRACE].append(trace_row(random.Random(1), i, i) | {"cost": value})
    measures = tuple(measure(Aggregate(fn, Grain.TRACE, "cost"), name=fn) for fn in Fn if fn is not Fn.QUANTILE)
    median = measure(Aggregate(Fn.QUANTILE, Grain.TRACE, "cost", q=0.5), name="p50")
    answer = answer_of(facts, Question((*measures, median), buckets=Buckets((0, 1, 2, 5))))
    assert answer.figures["max"].tolist() == [[math.inf, -math.inf, 1e308]]
    assert answer.whole["p50"] == 1e308
    assert math.isnan(answer.whole["sum"])
    assert answer.figures["sum"][0, 2] == math.inf


@pytest.mark.parametrize("kind", [kind for kind, buckets in KINDS.items() if buckets is not None])
def test_buckets_are_half_open_and_add_up_to_the_total(kind: str) -> None:
    buckets = KINDS[kind]
    assert buckets is not None
    facts = no_facts()
    times = [edge for edge in buckets.edges if -(2**63) <= edge < 2**63]
    for trace, start in enumerate(times):
        facts.rows[Grain.TRACE].append(trace_row(random.Random(trace), trace, start))
    count = measure(Aggregate(Fn.COUNT, Grain.TRACE), additive=True)
    answer = answer_of(facts, Question((count,), buckets=buckets))
    # what begins with a bucket is in it, and with the last edge outside
    assert answer.figures["m"].tolist() == [[1.0] * len(buckets)]
    assert answer.totals["m"].tolist() == [len(buckets)]
    assert answer.whole["m"] == answer.facts == len(buckets)


@pytest.mark.parametrize("by", ["env", "week", "user", "thumb", "name"])
def test_groups_that_share_no_trace_add_up_to_the_whole(by: str) -> None:
    facts = some_facts(random.Random(by), starts(KINDS["march"]), 80)
    count = measure(Aggregate(Fn.COUNT, Grain.SPAN), additive=True, name="count")
    total = measure(Aggregate(Fn.SUM, Grain.SPAN, "input_tokens"), additive=True, name="total")
    answer = answer_of(facts, Question((count, total), buckets=KINDS["march"], by=by, top=2))
    for each in ("count", "total"):
        assert np.nansum(answer.totals[each]) == answer.whole[each]
        assert np.nansum(answer.figures[each]) == answer.whole[each]
    assert answer.more == len(Oracle(facts).ranked(answer.question)) - len(answer.groups) + bool(answer.more)


def test_others_are_worked_out_of_their_rows_and_each_trace_counts_once_in_them() -> None:
    facts = no_facts()
    for trace, (tags, duration) in enumerate(
        ((["a"], 1), (["a"], 2), (["b", "c"], 10), (["c"], 20), (["d", "b"], 60), (None, 5))
    ):
        row = trace_row(random.Random(trace), trace, 1) | {"tags": tags, "duration_ns": duration}
        facts.rows[Grain.TRACE].append(row)
    count = measure(Aggregate(Fn.COUNT, Grain.TRACE), additive=True, name="count")
    median = measure(Aggregate(Fn.QUANTILE, Grain.TRACE, "duration_ns", q=0.5), name="p50")
    answer = answer_of(facts, Question((count, median), by="tag", top=1))
    assert answer.groups == (Group("a"), Group(), Group(others=True))
    assert answer.totals["count"].tolist() == [2, 1, 3]
    assert answer.totals["p50"].tolist() == [1.5, 5, 20]
    assert answer.more == 3
    assert answer.whole["count"] == 6


def test_a_trace_counts_in_each_group_of_its_spans_and_once_in_the_whole() -> None:
    facts = no_facts()
    for trace, models in enumerate((("x", "x", "y"), ("y", None), (None,), ())):
        facts.rows[Grain.TRACE].append(trace_row(random.Random(trace), trace, 1))
        facts.rows[Grain.SPAN] += [span_row(trace, i, 1) | {"model": model} for i, model in enumerate(models)]
    count = measure(Aggregate(Fn.COUNT, Grain.TRACE))
    answer = answer_of(facts, Question((count,), by="model"))
    assert dict(zip(answer.groups, answer.totals["m"].tolist(), strict=True)) == {
        Group("y"): 2,
        Group("x"): 1,
        Group(): 2,
    }
    assert answer.whole["m"] == 4


def test_a_group_is_there_only_where_something_is_looked_at() -> None:
    facts = no_facts()
    facts.rows[Grain.TRACE].append(trace_row(random.Random(1), 1, 1))
    facts.rows[Grain.SPAN] += [
        span_row(1, 0, 1) | {"kind": "agent", "tool": None},
        span_row(1, 1, 1) | {"kind": "tool", "tool": "send", "failed": False, "cost": None},
        span_row(1, 2, 1) | {"kind": "llm", "tool": None, "cost": 2.0},
    ]
    tools = Where("kind", Is.EQ, "tool")
    failed = Aggregate(Fn.COUNT, Grain.SPAN, "", (tools, Where("failed", Is.EQ, True)))
    rate = measure(Binary(Operator.DIVIDE, failed, Aggregate(Fn.COUNT, Grain.SPAN, "", (tools,))))
    # a tool without a failure is one of them, and spans that call no tool are not
    answer = answer_of(facts, Question((rate,), by="tool"))
    assert answer.groups == (Group("send"),)
    assert answer.totals["m"].tolist() == [0.0]
    cost = measure(Aggregate(Fn.SUM, Grain.SPAN, "cost"), additive=True)
    assert answer_of(facts, Question((cost,), by="tool")).groups == (Group(),)


def test_figures_of_different_grains_meet_in_their_group_and_bucket() -> None:
    facts = some_facts(random.Random(5), starts(KINDS["equal"]), 60)
    cost, requests = Aggregate(Fn.SUM, Grain.SPAN, "cost"), Aggregate(Fn.COUNT, Grain.TRACE)
    measures = (
        measure(Binary(Operator.DIVIDE, cost, requests), name="per request"),
        measure(
            Binary(Operator.MULTIPLY, Binary(Operator.DIVIDE, requests, Elapsed()), Number(6e10)), name="per minute"
        ),
        measure(Binary(Operator.SUBTRACT, Binary(Operator.ADD, requests, Number(1.0)), requests), name="one"),
        measure(Binary(Operator.DIVIDE, cost, Binary(Operator.SUBTRACT, requests, requests)), name="by nothing"),
        measure(Elapsed(), name="length"),
    )
    edges = KINDS["equal"].edges  # type: ignore[union-attr]
    limits = TraceFilter("", edges[1] + 7, edges[4] - 9)
    for filtered in (TraceFilter(), limits):
        for buckets in (KINDS["equal"], None):
            for by in (None, "model", "env"):
                answer = answer_of(facts, Question(measures, filtered, buckets, by, 2))
                check(answer, Oracle(facts))
                assert np.isnan(answer.totals["by nothing"]).all()


def test_a_filter_is_about_traces_and_about_all_that_belongs_to_them() -> None:
    facts = some_facts(random.Random(9), starts(KINDS["equal"]), 50)
    chosen = frozenset(range(5, 30))
    measures = [measure(each, name=f"m{i}") for i, each in enumerate(every_aggregate())]
    rng = random.Random(2)
    questions = [
        Question(tuple(rng.sample(measures, 3)), TraceFilter("some"), buckets, by, 2)
        for buckets in (None, KINDS["equal"])
        for by in (None, "model", "tag", "user", "score", "attr.stage")
    ]
    with facts.load() as connection:
        connection.register("few", {"trace": np.array(sorted(chosen))})
        answers = ask(questions, facts.source(connection, some="few"))
    for answer in answers:
        check(answer, Oracle(facts, chosen))


def test_questions_with_different_filters_are_answered_together() -> None:
    facts = some_facts(random.Random(9), starts(KINDS["equal"]), 50)
    count = measure(Aggregate(Fn.COUNT, Grain.SPAN), additive=True)
    with facts.load() as connection:
        connection.register("few", {"trace": np.array([3, 4])})
        connection.register("none", {"trace": np.array([], np.int64)})
        source = facts.source(connection, few="few", none="none")
        answers = ask([Question((count,), TraceFilter(text), by="kind") for text in ("few", "", "none")], source)
    check(answers[0], Oracle(facts, frozenset((3, 4))))
    check(answers[1], Oracle(facts))
    assert answers[2].groups == ()
    assert answers[2].facts == 0


def test_times_beyond_all_clocks_are_no_mistake() -> None:
    facts = no_facts()
    for trace, start in enumerate((-(2**63), 0, 2**63 - 1)):
        facts.rows[Grain.TRACE].append(trace_row(random.Random(trace), trace, start))
    count = measure(Aggregate(Fn.COUNT, Grain.TRACE))

    def counted(since: int | None, until: int | None, *edges: int) -> float:
        buckets = Buckets(edges) if edges else None
        return answer_of(facts, Question((count,), TraceFilter("", since, until), buckets)).whole["m"]

    assert counted(-(2**80), 2**80) == 3
    assert counted(2**63, None) == 0
    assert counted(None, -(2**63)) == 0
    assert counted(None, None, -(2**80), 0, 2**80) == 3
    assert counted(None, None, 2**70, 2**80) == 0


def test_facts_are_the_rows_that_were_gone_through() -> None:
    facts = some_facts(random.Random(3), [1, 2, 3], 30)
    answer = answer_of(
        facts, Question((measure(Aggregate(Fn.SUM, Grain.SPAN, "cost", (Where("kind", Is.EQ, "llm"),))),))
    )
    assert answer.facts == len(facts.rows[Grain.SPAN])
    assert answer.elapsed_ns > 0
