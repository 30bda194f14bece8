"""From written spans to answers: what the page shows is what plain SQL says of the trace database."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tailrace.errors import QueryError
from tailrace.jobs import Cancelled, Ticket
from tailrace.metrics.catalogue import CATALOGUE
from tailrace.model import Cost, Score, ScoreKind, ScoreSource, Span, SpanKind, SpanStatus, TraceFilter, Usage
from tailrace.model.charted import Answer, Buckets, Group, HeatQuestion, Question, SpreadQuestion
from tailrace.model.measures import Aggregate, Fn, Grain, Measure, Unit
from tailrace.store import Writer
from tailrace.workspace import Workspace

START = 1_790_000_000_000_000_000
HOUR = 3_600_000_000_000
BUCKETS = Buckets(tuple(START + i * HOUR for i in range(7)))


_KINDS = (SpanKind.LLM, SpanKind.LLM, SpanKind.TOOL, SpanKind.RETRIEVER)


def spans() -> Iterator[Span]:
    rng = random.Random(4)
    for trace in range(80):
        start = START + rng.randrange(6) * HOUR + rng.choice((0, HOUR - 1, rng.randrange(HOUR)))
        for ordinal in range(rng.randrange(1, 6)):
            kind = SpanKind.AGENT if ordinal == 0 else rng.choice(_KINDS)
            called = kind is SpanKind.LLM
            yield Span(
                f"trace {trace}",
                f"s{ordinal}",
                None if ordinal == 0 else "s0",
                rng.choice(("answer", "it's")) if ordinal == 0 else kind.value,
                start + ordinal,
                start + ordinal + rng.randrange(10**9),
                kind=kind,
                status=rng.choice((SpanStatus.OK, SpanStatus.OK, SpanStatus.ERROR)),
                error_type=rng.choice(("RateLimitError", "TimeoutError", None)),
                model=rng.choice(("gpt-4o", "claude", 'a"b')) if called else None,
                tool_name=rng.choice(("lookup", "send")) if kind is SpanKind.TOOL else None,
                session_id=f"s{trace % 9}" if trace % 2 else None,
                prompt_name="answer",
                prompt_version="1" if start < START + 4 * HOUR else "2",
                environment=rng.choice(("prod", None)),
                version="1" if start < START + 4 * HOUR else "2",
                usage=Usage(rng.randrange(1000), rng.randrange(99)) if called else None,
                cost=Cost(rng.random()) if called else None,
                attributes={"tier": rng.choice(("gold", "silver")), "n": rng.randrange(5)} if ordinal else {},
            )
        if trace % 3 == 0:
            yield Score(
                f"q{trace}", "quality", ScoreKind.NUMBER, f"trace {trace}", value=trace / 80, source=ScoreSource.CODE
            )


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Workspace]:
    path = tmp_path / "some traces.tailrace"
    with Writer(path) as writer:
        writer.write(list(spans()))
        writer.settle()
        writer.index()
    workspace = Workspace(path)
    workspace.prepare()
    yield workspace
    workspace.close()


def rows(workspace: Workspace, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What SQLite says."""
    connection = sqlite3.connect(workspace.database)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def named(*ids: str) -> tuple[Measure, ...]:
    return tuple(CATALOGUE[each] for each in ids)


def answer_of(workspace: Workspace, question: Question) -> Answer:
    [answer] = workspace.monitor.ask([question])
    return answer


IN_BUCKETS = f"(trace.start_ns - {START}) / {HOUR}"
OF_SPANS = "FROM span JOIN trace ON trace.id = span.trace"


def test_figures_over_time_are_those_of_plain_sql(opened: Workspace) -> None:
    ids = ("traffic.requests", "reliability.error_rate", "cost.total", "tokens.input", "latency.max")
    answer = answer_of(opened, Question(named(*ids), buckets=BUCKETS))
    expected = rows(
        opened,
        f"SELECT {IN_BUCKETS} AS bucket, count(*), avg(error_count > 0), sum(cost), sum(input_tokens), max(duration_ns)"
        " FROM trace GROUP BY bucket ORDER BY bucket",
    )
    for place, column in enumerate(ids, 1):
        found = np.full(6, 0.0 if column == "traffic.requests" else np.nan)
        for row in expected:
            if row[place] is not None:
                found[row[0]] = row[place]
        assert answer.figures[column][0] == pytest.approx(found, nan_ok=True), column
    assert answer.facts == rows(opened, "SELECT count(*) FROM span")[0][0]


def test_groups_of_spans_are_those_of_plain_sql(opened: Workspace) -> None:
    answer = answer_of(opened, Question(named("cost.total", "tokens.output"), by="model", top=2))
    sums = f"SELECT model, sum(span.cost), sum(span.output_tokens) {OF_SPANS} WHERE model IS NOT NULL GROUP BY model"
    expected = sorted(rows(opened, sums), key=lambda row: -row[1])
    assert answer.groups == (Group(expected[0][0]), Group(expected[1][0]), Group(others=True))
    assert answer.totals["cost.total"] == pytest.approx([row[1] for row in expected])
    assert answer.totals["tokens.output"].tolist() == [row[2] for row in expected]
    assert answer.whole["cost.total"] == pytest.approx(sum(row[1] for row in expected))
    assert answer.more == 1


def test_quantiles_of_traces_by_what_their_spans_have_are_those_of_their_rows(opened: Workspace) -> None:
    answer = answer_of(opened, Question(named("latency.p95"), buckets=BUCKETS, by="tool"))
    pairs = rows(
        opened,
        f"SELECT DISTINCT ifnull(span.tool_name, ''), trace.id, {IN_BUCKETS}, duration_ns FROM trace"
        " LEFT JOIN span ON span.trace = trace.id AND span.tool_name IS NOT NULL",
    )
    for group, figures, total in zip(
        answer.groups, answer.figures["latency.p95"], answer.totals["latency.p95"], strict=True
    ):
        of_group = [row for row in pairs if row[0] == (group.value or "")]
        assert total == pytest.approx(np.quantile([row[3] for row in of_group], 0.95))
        for bucket, figure in enumerate(figures):
            durations = [row[3] for row in of_group if row[2] == bucket]
            expected = np.quantile(durations, 0.95) if durations else np.nan
            assert figure == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("status:error", "error_count > 0"),
        ("env:prod", "environment = 'prod'"),
        ('model:"a\\"b"', "id IN (SELECT trace FROM span WHERE model = 'a\"b')"),
        ('name:"it\'s"', "name = 'it''s'"),
        ("error:Rate*", "id IN (SELECT trace FROM span WHERE status = 'error' AND error_type LIKE 'Rate%')"),
        ("category:timeout", "id IN (SELECT trace FROM span WHERE status = 'error' AND error_type = 'TimeoutError')"),
        ("name:nothing", "0"),
    ],
)
def test_a_filter_leaves_the_spans_of_the_traces_that_match(opened: Workspace, text: str, condition: str) -> None:
    since, until = START + HOUR, START + 5 * HOUR
    asked = TraceFilter(text, since, until)
    questions = [Question(named("traffic.spans", "cost.total"), asked, by=by) for by in (None, "model")]
    answers = opened.monitor.ask(questions)
    within = f"{condition.replace('id IN', 'trace.id IN').replace('name =', 'trace.name =')} AND trace.start_ns >= ?"
    [[count, cost]] = rows(
        opened,
        f"SELECT count(*), sum(span.cost) {OF_SPANS} WHERE {within.replace('environment', 'trace.environment')}"
        " AND trace.start_ns < ?",
        since,
        until,
    )
    for answer in answers:
        assert answer.whole["traffic.spans"] == count
        assert answer.whole["cost.total"] == pytest.approx(cost if cost is not None else np.nan, nan_ok=True)
    starts = rows(
        opened, f"SELECT start_ns FROM trace WHERE {condition} AND start_ns >= ? AND start_ns < ?", since, until
    )
    found = opened.monitor.range_of(asked)
    assert found == ((min(starts)[0], max(starts)[0]) if starts else None)


def test_an_attribute_can_be_measured_and_grouped_by(opened: Workspace) -> None:
    mean = Measure("n", "", "", "", Unit.NUMBER, Aggregate(Fn.MEAN, Grain.SPAN, "attr.n"))
    answer = answer_of(opened, Question((mean, *named("traffic.spans")), by="attr.tier"))
    expected = rows(
        opened,
        "SELECT json_extract(attributes, '$.tier') AS tier, avg(json_extract(attributes, '$.n')) FROM span_payload"
        " WHERE tier IS NOT NULL GROUP BY tier",
    )
    whole = rows(opened, "SELECT avg(json_extract(attributes, '$.n')) FROM span_payload")[0][0]
    assert answer.whole["n"] == pytest.approx(whole)
    # a span that does not say it is put to what the first one of its trace says
    figures = dict(zip((group.value for group in answer.groups), answer.totals["n"], strict=True))
    assert [figures[tier] for tier, _ in expected] == pytest.approx([mean for _, mean in expected])
    said = rows(
        opened,
        "SELECT tier, count(*) FROM (SELECT coalesce(json_extract(p.attributes, '$.tier'), (SELECT"
        " json_extract(o.attributes, '$.tier') FROM span_payload AS o WHERE o.id >> 24 = p.id >> 24"
        " AND json_extract(o.attributes, '$.tier') IS NOT NULL ORDER BY o.id LIMIT 1)) AS tier FROM span_payload AS p)"
        " GROUP BY tier",
    )
    counts = dict(zip((group.value for group in answer.groups), answer.totals["traffic.spans"], strict=True))
    assert counts == dict(said)


def test_sessions_and_searches_are_counted_once_somebody_asks(opened: Workspace) -> None:
    answer = answer_of(opened, Question(named("sessions.turns", "sessions.count", "retrieval.queries")))
    sessions, turns = rows(opened, "SELECT count(DISTINCT session_id), count(session_id) FROM trace")[0]
    assert answer.whole["sessions.count"] == sessions > 3
    assert answer.whole["sessions.turns"] == pytest.approx(turns / sessions)
    searches = rows(opened, "SELECT count(*) FROM span WHERE kind = 'retriever'")[0][0]
    assert answer.whole["retrieval.queries"] == searches > 3


def test_scores_have_heat_and_spread(opened: Workspace) -> None:
    values = [value for (value,) in rows(opened, "SELECT value FROM score WHERE name = 'quality'")]
    spread = opened.monitor.spread(SpreadQuestion("value", Grain.SCORE, TraceFilter(), 5, score="quality"))
    counts, edges = np.histogram(values, 5)
    assert spread.edges == pytest.approx(edges)
    assert spread.known == len(values) == spread.counts.sum()
    assert spread.counts.tolist() == counts.tolist()
    heat = opened.monitor.heat(HeatQuestion("value", Grain.SCORE, TraceFilter(), BUCKETS, score="quality"))
    assert heat.counts.sum() + heat.below.sum() == len(values)


def test_the_deploy_in_the_middle_is_marked(opened: Workspace) -> None:
    [first] = rows(
        opened, "SELECT min(trace.start_ns) FROM trace JOIN span ON span.trace = trace.id WHERE prompt_version = 2"
    )
    found = opened.monitor.marks(TraceFilter())
    assert [(mark.time_ns, mark.field, mark.value) for mark in found] == [
        (first[0], "prompt", "answer@2"),
        (first[0], "version", "2"),
    ]


def test_what_is_written_later_is_in_the_next_answer(opened: Workspace) -> None:
    requests = Question(named("traffic.requests"))
    assert answer_of(opened, requests).whole["traffic.requests"] == 80
    with Writer(opened.database) as writer:
        writer.write([Span("new", "s", None, "late", START, START + 5)])
        writer.settle()
    assert answer_of(opened, requests).whole["traffic.requests"] == 81


def test_a_wrong_filter_and_a_cancel_are_told_as_such(opened: Workspace) -> None:
    with pytest.raises(QueryError):
        opened.monitor.ask([Question(named("traffic.requests"), TraceFilter("status:maybe"))])
    ticket = Ticket()
    ticket.cancel()
    with pytest.raises(Cancelled):
        opened.monitor.ask([Question(named("traffic.requests"))], ticket)
