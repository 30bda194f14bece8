"""The queries that a person would write for the panels of a dashboard, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tailrace.metrics.catalogue import CATALOGUE
from tailrace.metrics.dashboards import column_of
from tailrace.model.charted import Buckets
from tailrace.model.dashboard import ChartKind, Panel

OVER_TIME = (ChartKind.NUMBER, ChartKind.LINE, ChartKind.AREA, ChartKind.BARS)


@dataclass(frozen=True)
class Part:
    """A figure of one view; of what is a ratio of two views, one of them."""

    view: str
    sql: str
    where: str = ""


def _trace(sql: str, where: str = "") -> tuple[Part, ...]:
    return (Part("trace_facts", sql, where),)


def _span(sql: str, where: str = "") -> tuple[Part, ...]:
    return (Part("span_facts", sql, where),)


def _score(sql: str) -> tuple[Part, ...]:
    return (Part("score_facts", sql),)


def _session(sql: str) -> tuple[Part, ...]:
    return (Part("session_facts", sql),)


def _retrieval(sql: str) -> tuple[Part, ...]:
    return (Part("retrieval_facts", sql),)


_LLM, _TOOL, _AGENT = "kind = 'llm'", "kind = 'tool'", "kind = 'agent'"
_SUCCESS = "1 - avg(failed::INT)"

FIGURES: dict[str, tuple[Part, ...]] = {
    "traffic.requests": _trace("count(*)"),
    "traffic.users": _trace('count(DISTINCT "user")'),
    "traffic.model_calls": _span("count(*)", _LLM),
    "reliability.success": _trace(_SUCCESS),
    "reliability.errors": _span("count(*)", "origin"),
    **{f"latency.p{q}": _trace(f"quantile_cont(duration_ns, 0.{q})") for q in (50, 95, 99)},
    **{f"ttft.p{q}": _trace(f"quantile_cont(ttft_ns, 0.{q})") for q in (50, 95, 99)},
    **{f"model_latency.p{q}": _span(f"quantile_cont(duration_ns, 0.{q})", _LLM) for q in (50, 95)},
    "tpot.p50": _span("quantile_cont(tpot_ns, 0.5)", _LLM),
    "speed.p50": _span("quantile_cont(tokens_per_second, 0.5)", _LLM),
    "self_time.total": _span("sum(self_ns)"),
    **{
        f"breakdown.{part}": _trace(f"avg({column}_ns)")
        for part, column in (
            *(("model", "model"), ("retrieval", "retrieval"), ("tools", "tool")),
            *(("queue", "queue"), ("other", "other")),
        )
    },
    "cost.total": _span("sum(cost)"),
    "cost.month": _span("sum(cost)"),
    "cost.per_request": (*_span("sum(cost)"), *_trace("count(*)")),
    "cost.per_session": _trace("sum(cost) / count(DISTINCT session)", "session IS NOT NULL"),
    "cost.per_user": _trace('sum(cost) / count(DISTINCT "user")', '"user" IS NOT NULL'),
    "cost.unpriced_spans": _span("count(*)", "unpriced"),
    "cost.p95": _trace("quantile_cont(cost, 0.95)"),
    "tokens.input": _span("sum(input_tokens)"),
    "tokens.output": _span("sum(output_tokens)"),
    "tokens.per_request": (*_span("sum(total_tokens)"), *_trace("count(*)")),
    "tokens.cached_share": _span("sum(cached_tokens) / sum(input_tokens)"),
    "quality.thumbs_up": _trace("avg(thumb)"),
    "quality.judged": _trace("count(thumb) / count(*)"),
    "quality.scores": _score("count(*)"),
    "quality.mean": _score("avg(value)"),
    "quality.p50": _score("quantile_cont(value, 0.5)"),
    "quality.low": _score("count(*) FILTER (value < 0.5) / count(value)"),
    "sessions.count": _session("count(*)"),
    "sessions.turns": _session("avg(turns)"),
    "sessions.abandoned": _session("avg(abandoned::INT)"),
    "sessions.rephrased": _session("sum(rephrased) / (sum(turns) - count(*))"),
    "sessions.failed": _session("avg(failed::INT)"),
    "tools.calls": _span("count(*)", _TOOL),
    "tools.errors": _span("count(*)", f"{_TOOL} AND failed"),
    "tools.success": _span(_SUCCESS, _TOOL),
    **{f"tools.p{q}": _span(f"quantile_cont(duration_ns, 0.{q})", _TOOL) for q in (50, 95)},
    "tools.per_run": _trace("avg(tool_calls)", "agent_steps IS NOT NULL"),
    "agents.runs": _trace("count(agent_steps)"),
    "agents.steps": _trace("avg(agent_steps)"),
    "agents.steps_p95": _trace("quantile_cont(agent_steps, 0.95)"),
    "agents.steps_max": _trace("max(agent_steps)"),
    "agents.loop_depth": _trace("avg(loop_depth)"),
    "agents.loop_depth_p95": _trace("quantile_cont(loop_depth, 0.95)"),
    "agents.loop_depth_max": _trace("max(loop_depth)"),
    "agents.loops": _trace("count(*)", "loop_depth > 10"),
    "agents.turns": _span("count(*)", _AGENT),
    "agents.success": _span(_SUCCESS, _AGENT),
    "agents.p95": _span("quantile_cont(duration_ns, 0.95)", _AGENT),
    "retrieval.queries": _retrieval("count(*)"),
    "retrieval.documents": _retrieval("avg(documents)"),
    "retrieval.empty": _retrieval("avg((documents = 0)::INT)"),
    "retrieval.nothing_relevant": _retrieval(
        "count(*) FILTER (documents = 0 OR best_score < 0.5)"
        " / count(*) FILTER (documents = 0 OR best_score IS NOT NULL)"
    ),
    "retrieval.best_score": _retrieval("avg(best_score)"),
    "retrieval.mean_score": _retrieval("avg(mean_score)"),
    "retrieval.best_score_p10": _retrieval("quantile_cont(best_score, 0.1)"),
    **{f"retrieval.p{q}": _retrieval(f"quantile_cont(duration_ns, 0.{q})") for q in (50, 95, 99)},
    "retrieval.success": _retrieval(_SUCCESS),
}

_OWN = {
    "trace_facts": {name: name for name in ("name", "version", "users", "week")} | {"user": '"user"'},
    "span_facts": {name: name for name in ("model", "prompt", "tool", "agent")}
    | {"span": "step", "category": "error_category"},
    "score_facts": {"score": "score", "source": "source"},
    "session_facts": {},
    "retrieval_facts": {"span": "step"},
}


@dataclass(frozen=True)
class Query:
    """A query for one panel, with the measures' parts that its columns are of, after those of group and bucket."""

    sql: str
    grouped: bool
    bucketed: bool
    figures: tuple[tuple[str, int], ...] = ()


def queries(panel: Panel, by: str, buckets: Buckets) -> Iterator[Query]:
    """The queries of one panel, grouped by a field ("" for none)."""
    since, until = buckets.edges[0], buckets.edges[-1]
    width = buckets.edges[1] - since
    within = f"f.start_ns >= {since} AND f.start_ns < {until}"
    bucket = f"(f.start_ns - {since}) // {width}"
    if panel.kind in (ChartKind.HEATMAP, ChartKind.HISTOGRAM):
        grain, column, _ = column_of(panel.measures[0])
        yield from _values(f"{grain.value}_facts", column, within, bucket if panel.kind is ChartKind.HEATMAP else "")
        return
    together: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for measure in panel.measures:
        for i, part in enumerate(FIGURES[measure]):
            together.setdefault((part.view, part.where), []).append((measure, i))
    over_time = panel.kind in OVER_TIME
    for (view, where), figures in together.items():
        parts = [FIGURES[measure][i].sql for measure, i in figures]
        rank = parts[0] if CATALOGUE[figures[0][0]].additive else "count(*)"
        met = " AND ".join(filter(None, (within, where)))
        yield Query(
            _select(view, by, panel.top, bucket if over_time else "", parts, met, rank),
            bool(by),
            over_time,
            tuple(figures),
        )
        if panel.kind is ChartKind.NUMBER:
            yield Query(_select(view, by, panel.top, "", parts, met, rank), bool(by), False, tuple(figures))


def _select(view: str, by: str, top: int, bucket: str, figures: list[str], met: str, rank: str) -> str:
    columns = [f"{bucket} AS bucket"] if bucket else []
    source = f"{view} AS f"
    first = ""
    if by:
        group = _OWN[view].get(by, "")
        if not group:
            own = next((home, names[by]) for home, names in _OWN.items() if by in names)
            distinct = "" if own[0] == "trace_facts" else "DISTINCT "
            held = f"SELECT {distinct}trace, {own[1]} AS held FROM {own[0]} WHERE {own[1]} IS NOT NULL"
            source += f" LEFT JOIN ({held}) AS g ON g.trace = f.trace"
            group = "g.held"
        first = (
            f"WITH top AS (SELECT {group} AS named FROM {source} WHERE {met} AND {group} IS NOT NULL"
            f" GROUP BY named ORDER BY {rank} DESC LIMIT {top}) "
        )
        source += f" LEFT JOIN top ON top.named = {group}"
        columns.insert(0, f"CASE WHEN {group} IS NULL THEN NULL ELSE coalesce(top.named, '(others)') END AS named")
    columns += [f"{figure} AS c{i}" for i, figure in enumerate(figures)]
    grouping = " GROUP BY ALL" if by or bucket else ""
    return f"{first}SELECT {', '.join(columns)} FROM {source} WHERE {met}{grouping}"


def _values(view: str, column: str, within: str, bucket: str) -> Iterator[Query]:
    yield Query(f"SELECT min({column}), max({column}) FROM {view} AS f WHERE {within} AND {column} > 0", False, False)
    place, also = f"floor(ln({column}) * 2.3)", f"{bucket} AS bucket, " if bucket else ""
    yield Query(
        f"SELECT {also}{place} AS place, count(*) FROM {view} AS f WHERE {within} AND {column} > 0 GROUP BY ALL",
        False,
        False,
    )


MARKS = (
    "SELECT version, min(start_ns), count(*) FROM trace_facts WHERE version IS NOT NULL GROUP BY version",
    "SELECT prompt, min(start_ns), count(*) FROM span_facts WHERE prompt LIKE '%@%' GROUP BY prompt",
)
