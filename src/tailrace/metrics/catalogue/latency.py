"""Measures of time: how long requests and steps take, how soon and how fast words come, and what the time goes into."""

from __future__ import annotations

from typing import Final

from tailrace.metrics.catalogue.expressions import mean, most, plus, quantile, ratio, spread, total, where
from tailrace.model import SpanKind
from tailrace.model.measures import Better, Grain, Measure, Unit

_TRACE, _SPAN = Grain.TRACE, Grain.SPAN
_CALL: Final = where("kind", SpanKind.LLM.value)

# column: (id, title, what the time is spent in)
_PARTS: Final = {
    "model_ns": ("model", "Model", "model calls"),
    "retrieval_ns": ("retrieval", "Retrieval", "retrievers, embeddings and rerankers"),
    "tool_ns": ("tools", "Tools", "tools"),
    "queue_ns": ("queue", "Queue", "waiting: between a failed call and its retry, and in spans that say they wait"),
    "other_ns": ("other", "Other", "all other spans"),
}
_WHOLE: Final = plus(*(total(_TRACE, column) for column in _PARTS))

LATENCY: Final = (
    *spread("latency", "Latency", "Latency", "how long traces took, from start to last end", _TRACE, "duration_ns"),
    Measure(
        "latency.max", "Latency max", "Latency",
        "The longest that a trace took, from start to last end.",
        Unit.DURATION, most(_TRACE, "duration_ns"), Better.LESS,
    ),
    *spread("span_latency", "Span latency", "Latency", "how long spans took that have ended", _SPAN, "duration_ns"),
    *spread(
        "model_latency", "Model latency", "Latency", "how long model calls took", _SPAN, "duration_ns",
        conditions=(_CALL,),
    ),
    *spread("ttft", "TTFT", "Latency", "the time from a trace's start to its first token", _TRACE, "ttft_ns"),
    *spread(
        "model_ttft", "Model TTFT", "Latency", "the time from a call's start to its first token", _SPAN, "ttft_ns",
        conditions=(_CALL,),
    ),
    *spread(
        "tpot", "TPOT", "Latency", "the time per output token after the first of model calls", _SPAN, "tpot_ns",
        conditions=(_CALL,),
    ),
    Measure(
        "speed.mean", "Tokens per second mean", "Latency",
        "The mean over model calls of output tokens per second of the whole call.",
        Unit.SPEED, mean(_SPAN, "tokens_per_second", _CALL), Better.MORE,
    ),
    Measure(
        "speed.p50", "Tokens per second p50", "Latency",
        "The median over model calls of output tokens per second of the whole call.",
        Unit.SPEED, quantile(0.5, _SPAN, "tokens_per_second", _CALL), Better.MORE,
    ),
    Measure(
        "speed.p10", "Tokens per second p10", "Latency",
        "The 10th percentile over model calls of output tokens per second: one call in ten is slower.",
        Unit.SPEED, quantile(0.1, _SPAN, "tokens_per_second", _CALL), Better.MORE,
    ),
    Measure(
        "self_time.total", "Self time", "Latency",
        "The sum of the times during which spans ran and no child of theirs did.",
        Unit.DURATION, total(_SPAN, "self_ns"), Better.LESS, additive=True,
    ),
    *spread("self_time", "Self time", "Latency", "the time that a span ran without any child", _SPAN, "self_ns"),
    *(
        Measure(
            f"breakdown.{part}", f"{title} time per request", "Latency",
            f"The mean self time of a trace in {words}.",
            Unit.DURATION, mean(_TRACE, column), Better.LESS,
        )
        for column, (part, title, words) in _PARTS.items()
    ),
    *(
        Measure(
            f"breakdown.{part}_share", f"{title} share of time", "Latency",
            f"The share of all self time that is in {words}.",
            Unit.SHARE, ratio(total(_TRACE, column), _WHOLE),
        )
        for column, (part, title, words) in _PARTS.items()
    ),
)  # fmt: skip
