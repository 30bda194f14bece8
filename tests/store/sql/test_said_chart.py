"""A chart as a statement over the documented views: it gives the chart's own figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.store.written import make

from tailrace.errors import QueryError
from tailrace.jobs import Ticket
from tailrace.metrics.buckets import buckets_for
from tailrace.metrics.formula import parse_formula
from tailrace.model import Cost, Score, ScoreKind, ScoreSource, SpanKind, SpanStatus, TraceFilter, Usage
from tailrace.model.charted import Buckets, HeatQuestion, Question, SpreadQuestion
from tailrace.model.measures import Grain
from tailrace.query import with_term
from tailrace.store.writer import Writer
from tailrace.workspace import Workspace

SECOND = 10**9
HOUR = 3_600 * SECOND
START = 1_795_000_000_000_000_000 // HOUR * HOUR
QUOTED = 'it\'s "fine"'


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Sixty traces, two an hour: models, tools that fail, prompts, users with quotes, an attribute, thumbs."""
    path = tmp_path_factory.mktemp("said") / "said.tailrace"
    with Writer(path) as writer:
        spans = []
        for i in range(60):
            trace, begin = f"{i + 1:032x}", START + i * HOUR // 2 + 123_456_789
            failed = SpanStatus.ERROR if i % 5 == 0 else SpanStatus.OK
            user = QUOTED if i % 4 == 0 else f"u-{i % 4}"
            spans += [
                make("a" * 16, None, trace, name=("chat", "rag")[i % 2], kind=SpanKind.AGENT, start_ns=begin,
                     end_ns=begin + (i + 1) * SECOND // 3, user_id=user, version=None if i % 3 == 0 else "1.2",
                     tags=("beta", "x")[: i % 3]),
                make("b" * 16, "a" * 16, trace, name="call", kind=SpanKind.LLM, model=("gpt-4o", "o3")[i % 2],
                     start_ns=begin, end_ns=begin + (i % 7 + 1) * SECOND, prompt_name="reply",
                     prompt_version=str(i % 2), attributes={"loop.n": i % 6, "tier": ("gold", "free")[i % 2]},
                     usage=Usage(100 + i, 20, 120 + i), cost=Cost(0.001 * (i + 1))),
                make("c" * 16, "a" * 16, trace, name="look", kind=SpanKind.TOOL, tool_name=("find", "buy")[i % 2],
                     start_ns=begin, end_ns=begin + SECOND, status=failed),
            ]  # fmt: skip
        writer.write(spans)
        writer.settle()
        writer.index()
    made = Workspace(path)
    for i in range(0, 60, 2):
        made.put_score(Score(f"t{i}", "thumb", ScoreKind.THUMB, f"{i + 1:032x}", value=float(i % 4 == 0),
                             source=ScoreSource.PERSON, author="ada"))  # fmt: skip
    yield made
    made.close()


def figures(workspace: Workspace, question: Question) -> dict[tuple[object, ...], list[float]]:
    """The answer's figures by bucket and group, where anything is known."""
    [answer] = workspace.monitor.ask([question])
    found: dict[tuple[object, ...], list[float]] = {}
    for place, group in enumerate(answer.groups):
        named = () if question.by is None else (group.value,)
        if question.buckets is None:
            found[named] = [float(answer.totals[one.id][place]) for one in question.measures]
            continue
        for n, since in enumerate(question.buckets.edges[:-1]):
            figured = [float(answer.figures[one.id][place, n]) for one in question.measures]
            found[(since, *named)] = figured
    return {key: one for key, one in found.items() if any(value and not math.isnan(value) for value in one)}


def selected(workspace: Workspace, question: Question) -> dict[tuple[object, ...], list[float]]:
    """The same out of the statement. Durations of plain figures are milliseconds there."""
    result = workspace.monitor.select(workspace.monitor.as_sql(question), Ticket())
    keys = (question.buckets is not None) + (question.by is not None)
    scales = [1e6 if column.endswith("(ms)") else 1.0 for column in result.columns[keys:]]
    found: dict[tuple[object, ...], list[float]] = {}
    for row in result.rows:
        named = tuple(
            _moment(cell) if n == 0 and question.buckets is not None else cell for n, cell in enumerate(row[:keys])
        )
        values = [
            math.nan if cell is None else float(cell) * scale for cell, scale in zip(row[keys:], scales, strict=True)
        ]
        found[named] = values
    return {key: one for key, one in found.items() if any(value and not math.isnan(value) for value in one)}


def _moment(cell: object) -> int:
    moment = datetime.fromisoformat(f"{cell}+00:00")
    return int((moment - datetime.fromisoformat("1970-01-01T00:00:00+00:00")) / timedelta(microseconds=1)) * 1000


def same(workspace: Workspace, question: Question) -> None:
    expected, found = figures(workspace, question), selected(workspace, question)
    assert expected
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert found[key] == pytest.approx(values, rel=1e-9, nan_ok=True), key


def ask(*texts: str, asked: TraceFilter | None = None, buckets: Buckets | None = None, by: str | None = None,
        values: tuple[str, ...] = ()) -> Question:  # fmt: skip
    return Question(tuple(parse_formula(text) for text in texts), asked or TraceFilter(), buckets, by, 0, values)


def test_figures_over_time_are_those_of_the_chart(workspace: Workspace) -> None:
    buckets = buckets_for(START, START + 30 * HOUR, 40, ZoneInfo("UTC"))
    same(workspace, ask("traffic.requests", "reliability.failed", "latency.p95", buckets=buckets))
    same(workspace, ask("tools.calls", "tools.success", "tools.p95", buckets=buckets, by="tool"))
    same(workspace, ask("traffic.per_minute", buckets=buckets))


def test_days_that_are_not_equally_long_are_those_of_the_chart(workspace: Workspace) -> None:
    edges = (START, START + 7 * HOUR, START + 20 * HOUR, START + 31 * HOUR)
    same(workspace, ask("traffic.requests", "latency.mean", buckets=Buckets(edges)))


@pytest.mark.parametrize(
    "by", ["name", "status", "user", "version", "thumb", "model", "tool", "prompt", "kind", "span", "tag", "attr.tier"]
)
def test_groups_of_traces_are_those_of_the_chart(workspace: Workspace, by: str) -> None:
    same(workspace, ask("traffic.requests", "latency.p50", by=by))


@pytest.mark.parametrize("by", ["model", "tool", "kind", "category", "user", "env", "name", "status", "attr.tier"])
def test_groups_of_spans_are_those_of_the_chart(workspace: Workspace, by: str) -> None:
    same(workspace, ask("traffic.spans", 'p95(span.duration where kind = "llm")', by=by))


@pytest.mark.parametrize(
    "text",
    [
        "status:error", "latency:>=4s", "model:GPT-4O", "tool:find OR name:rag*", "-user:u-1 prompt:reply",
        with_term("", "user", QUOTED),
        "has:version", "-has:version kind:tool", "failed:tool", "thumb:down", "tag:beta", "attr.loop.n:>3",
        "attr.tier:gold", "errors:>0 -(latency:<2s OR latency:>15s)",
    ],
)  # fmt: skip
def test_filters_are_said(workspace: Workspace, text: str) -> None:
    question = ask("traffic.requests", asked=TraceFilter(text, START + HOUR, START + 28 * HOUR))
    assert "--" not in workspace.monitor.as_sql(question)
    same(workspace, question)
    same(workspace, ask("traffic.spans", asked=question.filter, by="kind"))


def test_what_the_views_do_not_have_is_left_out_and_named(workspace: Workspace) -> None:
    sql = workspace.monitor.as_sql(ask("traffic.requests", asked=TraceFilter("refund\npolicy status:error")))
    assert sql.splitlines()[0].startswith("-- Left out, for the views do not have it: ")
    assert "status = 'error'" in sql
    workspace.monitor.select(sql, Ticket())


def test_compared_values_alone_are_told(workspace: Workspace) -> None:
    same(workspace, ask("traffic.requests", "latency.p95", by="user", values=(QUOTED, "u-2")))


@pytest.mark.parametrize(
    "formula", ["p95(attr.loop.n)", 'count(span where attr.tier = "gold")', "cost.total / traffic.requests * 1000",
                "mean(trace.duration) / 2", "quality.thumbs_up", "tokens.per_request", "count(span) / count(trace)",
                "count(score) / traffic.requests", "max(span.duration) - mean(trace.duration)"]
)  # fmt: skip
def test_formulas_are_said(workspace: Workspace, formula: str) -> None:
    buckets = buckets_for(START, START + 30 * HOUR, 40, ZoneInfo("UTC"))
    same(workspace, ask(formula))
    same(workspace, ask(formula, buckets=buckets, by="version"))


def test_the_values_of_a_heatmap_and_a_histogram_are_told(workspace: Workspace) -> None:
    buckets = buckets_for(START, START + 30 * HOUR, 40, ZoneInfo("UTC"))
    heat = HeatQuestion("duration_ns", Grain.TRACE, TraceFilter("status:ok"), buckets)
    told = workspace.monitor.select(workspace.monitor.as_sql(heat), Ticket())
    counted = workspace.monitor.heat(heat)
    assert len(told.rows) == counted.counts.sum()
    spread = SpreadQuestion("value", Grain.SCORE, TraceFilter(), score="thumb")
    told = workspace.monitor.select(workspace.monitor.as_sql(spread), Ticket())
    assert len(told.rows) == workspace.monitor.spread(spread).known


@pytest.mark.parametrize("formula", ["sessions.turns", "retrieval.queries", "traffic.peak"])
def test_what_cannot_be_said_is_refused_in_a_sentence(workspace: Workspace, formula: str) -> None:
    with pytest.raises(QueryError):
        workspace.monitor.as_sql(ask(formula))


def test_hostile_names_stay_values(workspace: Workspace) -> None:
    sql = workspace.monitor.as_sql(ask("traffic.requests", by="user", values=("'); DROP TABLE traces; --",)))
    assert workspace.monitor.select(sql, Ticket()).rows == ()
    with pytest.raises(QueryError):
        workspace.monitor.as_sql(ask("traffic.requests", by="user", values=("a\x00b",)))
    Path(workspace.database).stat()
