"""Measures of what was judged, called and found: scores, tools, agents and retrieval."""

from __future__ import annotations

from typing import Final

from tailrace.metrics.catalogue.expressions import (
    count,
    mean,
    most,
    plus,
    quantile,
    ratio,
    share,
    spread,
    where,
)
from tailrace.model import SpanKind
from tailrace.model.measures import Better, Grain, Is, Measure, Unit

_TRACE, _SPAN, _SCORE, _RETRIEVAL = Grain.TRACE, Grain.SPAN, Grain.SCORE, Grain.RETRIEVAL
_TOOL: Final = where("kind", SpanKind.TOOL.value)
_AGENT: Final = where("kind", SpanKind.AGENT.value)
_AGENT_RUN: Final = where("agent_steps", 0.0, Is.GE)  # unknown where no agent ran

RELEVANT: Final = 0.5  # the score from which a document counts as relevant
LOOP: Final = 10  # more calls of one tool under one parent are an outlier

QUALITY: Final = (
    Measure(
        "quality.scores", "Scores", "Quality",
        "Scores with a value: thumbs, numbers and categories.",
        Unit.COUNT, count(_SCORE), additive=True,
    ),
    Measure(
        "quality.mean", "Score mean", "Quality",
        "The mean of the numeric values of scores, a thumb up being 1 and a thumb down 0; to be split by score.",
        Unit.NUMBER, mean(_SCORE, "value"), Better.MORE,
    ),
    Measure(
        "quality.p50", "Score p50", "Quality",
        "The median of the numeric values of scores, a thumb up being 1 and a thumb down 0; to be split by score.",
        Unit.NUMBER, quantile(0.5, _SCORE, "value"), Better.MORE,
    ),
    Measure(
        "quality.low", "Scores below 0.5", "Quality",
        "The share of the numeric values of scores that are below 0.5.",
        Unit.SHARE, share(where("value", 0.5, Is.LT), _SCORE), Better.LESS,
    ),
    Measure(
        "quality.thumbs", "Thumbs", "Quality",
        "Traces that were given a thumb.",
        Unit.COUNT, count(_TRACE, "thumb"), additive=True,
    ),
    Measure(
        "quality.thumbs_up", "Thumbs up", "Quality",
        "The share of traces whose latest thumb is up, of those that were given one.",
        Unit.SHARE, share(where("thumb", 1.0), _TRACE), Better.MORE,
    ),
    Measure(
        "quality.judged", "Judged requests", "Quality",
        "The share of traces that were given a thumb.",
        Unit.SHARE, ratio(count(_TRACE, "thumb"), count(_TRACE)), Better.MORE,
    ),
)  # fmt: skip

TOOLS: Final = (
    Measure(
        "tools.calls", "Tool calls", "Tools",
        "Spans of kind tool.",
        Unit.COUNT, count(_SPAN, "", _TOOL), additive=True,
    ),
    Measure(
        "tools.success", "Tool success rate", "Tools",
        "The share of tool calls that did not end with an error.",
        Unit.SHARE, share(where("failed", False), _SPAN, _TOOL), Better.MORE,
    ),
    Measure(
        "tools.errors", "Failed tool calls", "Tools",
        "Spans of kind tool that ended with an error.",
        Unit.COUNT, count(_SPAN, "", _TOOL, where("failed", True)), Better.LESS, additive=True,
    ),
    *spread("tools", "Tool latency", "Tools", "how long tool calls took", _SPAN, "duration_ns", conditions=(_TOOL,)),
    Measure(
        "tools.per_run", "Tool calls per agent run", "Tools",
        "The mean number of tool calls of the traces that have an agent span.",
        Unit.NUMBER, mean(_TRACE, "tool_calls", _AGENT_RUN), Better.LESS,
    ),
    Measure(
        "agents.runs", "Agent runs", "Tools",
        "Traces that have an agent span.",
        Unit.COUNT, count(_TRACE, "agent_steps"), additive=True,
    ),
    Measure(
        "agents.turns", "Agent turns", "Tools",
        "Spans of kind agent.",
        Unit.COUNT, count(_SPAN, "", _AGENT), additive=True,
    ),
    Measure(
        "agents.success", "Agent success rate", "Tools",
        "The share of agent spans that did not end with an error.",
        Unit.SHARE, share(where("failed", False), _SPAN, _AGENT), Better.MORE,
    ),
    *spread("agents", "Agent latency", "Tools", "how long agents took", _SPAN, "duration_ns", conditions=(_AGENT,)),
    Measure(
        "agents.steps", "Agent steps", "Tools",
        "The mean number of model and tool calls of the traces that have an agent span.",
        Unit.NUMBER, mean(_TRACE, "agent_steps"), Better.LESS,
    ),
    Measure(
        "agents.steps_p95", "Agent steps p95", "Tools",
        "The 95th percentile of the number of model and tool calls of the traces that have an agent span.",
        Unit.NUMBER, quantile(0.95, _TRACE, "agent_steps"), Better.LESS,
    ),
    Measure(
        "agents.steps_max", "Agent steps max", "Tools",
        "The most model and tool calls of a trace that has an agent span.",
        Unit.NUMBER, most(_TRACE, "agent_steps"), Better.LESS,
    ),
    Measure(
        "agents.loop_depth", "Loop depth", "Tools",
        "The mean over traces that call tools of the most calls of one tool under one parent.",
        Unit.NUMBER, mean(_TRACE, "loop_depth"), Better.LESS,
    ),
    Measure(
        "agents.loop_depth_p95", "Loop depth p95", "Tools",
        "The 95th percentile over traces that call tools of the most calls of one tool under one parent.",
        Unit.NUMBER, quantile(0.95, _TRACE, "loop_depth"), Better.LESS,
    ),
    Measure(
        "agents.loop_depth_max", "Loop depth max", "Tools",
        "The most calls of one tool under one parent.",
        Unit.NUMBER, most(_TRACE, "loop_depth"), Better.LESS,
    ),
    Measure(
        "agents.loops", "Runaway loops", "Tools",
        f"Traces with more than {LOOP} calls of one tool under one parent.",
        Unit.COUNT, count(_TRACE, "", where("loop_depth", LOOP, Is.GT)), Better.LESS, additive=True,
    ),
    Measure(
        "agents.loop_share", "Share of runaway loops", "Tools",
        f"The share of traces with more than {LOOP} calls of one tool under one parent, of those that call tools.",
        Unit.SHARE, share(where("loop_depth", LOOP, Is.GT), _TRACE), Better.LESS,
    ),
)  # fmt: skip

_NONE_FOUND: Final = where("documents", 0.0)
_FOUND: Final = where("documents", 0.0, Is.GT)

RETRIEVAL: Final = (
    Measure(
        "retrieval.queries", "Searches", "Retrieval",
        "Searches for documents: spans of kind retriever.",
        Unit.COUNT, count(_RETRIEVAL), additive=True,
    ),
    Measure(
        "retrieval.documents", "Documents per search", "Retrieval",
        "The mean number of documents that a search found.",
        Unit.NUMBER, mean(_RETRIEVAL, "documents"),
    ),
    Measure(
        "retrieval.empty", "Searches without a document", "Retrieval",
        "The share of searches that found no document.",
        Unit.SHARE, share(_NONE_FOUND, _RETRIEVAL), Better.LESS,
    ),
    Measure(
        "retrieval.nothing_relevant", "Nothing relevant", "Retrieval",
        f"The share of searches that found no document or none with a score of at least {RELEVANT}, of those whose"
        " documents have scores or that found none.",
        Unit.SHARE,
        ratio(
            plus(
                count(_RETRIEVAL, "", _NONE_FOUND),
                count(_RETRIEVAL, "best_score", _FOUND, where("best_score", RELEVANT, Is.LT)),
            ),
            plus(count(_RETRIEVAL, "", _NONE_FOUND), count(_RETRIEVAL, "best_score", _FOUND)),
        ),
        Better.LESS,
    ),
    Measure(
        "retrieval.best_score", "Best document score", "Retrieval",
        "The mean over searches of the highest score among the documents.",
        Unit.NUMBER, mean(_RETRIEVAL, "best_score"), Better.MORE,
    ),
    Measure(
        "retrieval.best_score_p10", "Best document score p10", "Retrieval",
        "The 10th percentile over searches of the highest score among the documents: one search in ten is worse.",
        Unit.NUMBER, quantile(0.1, _RETRIEVAL, "best_score"), Better.MORE,
    ),
    Measure(
        "retrieval.mean_score", "Mean document score", "Retrieval",
        "The mean over searches of the mean score of the documents.",
        Unit.NUMBER, mean(_RETRIEVAL, "mean_score"), Better.MORE,
    ),
    *spread("retrieval", "Search latency", "Retrieval", "how long searches took", _RETRIEVAL, "duration_ns"),
    Measure(
        "retrieval.success", "Search success rate", "Retrieval",
        "The share of searches that did not end with an error.",
        Unit.SHARE, share(where("failed", False), _RETRIEVAL), Better.MORE,
    ),
)  # fmt: skip
