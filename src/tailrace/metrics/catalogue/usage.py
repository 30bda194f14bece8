"""Measures of tokens and of money. They add up spans, each use once, so that they can be split by model or prompt."""

from __future__ import annotations

from typing import Final

from tailrace.metrics.catalogue.expressions import (
    MONTH_NS,
    count,
    distinct,
    quantile,
    ratio,
    times,
    total,
    where,
)
from tailrace.model.measures import Better, Binary, Elapsed, Grain, Is, Measure, Unit

_TRACE, _SPAN = Grain.TRACE, Grain.SPAN
_REQUESTS: Final = count(_TRACE)


def _tokens(column: str, title: str, definition: str) -> Measure:
    return Measure(
        f"tokens.{column.removesuffix('_tokens')}", title, "Tokens", definition, Unit.TOKENS, total(_SPAN, column),
        additive=True,
    )  # fmt: skip


def _each(column: str) -> Binary:
    """Costs of the traces that know a column, over its different values."""
    known = where(column, "", Is.NE)
    return ratio(total(_TRACE, "cost", known), distinct(_TRACE, column, known))


TOKENS: Final = (
    _tokens("input_tokens", "Input tokens", "Tokens in, those read from a cache included."),
    _tokens("output_tokens", "Output tokens", "Tokens out, those of reasoning included."),
    _tokens("cached_tokens", "Cached tokens", "Input tokens that were read from a cache."),
    _tokens("cache_write_tokens", "Cache write tokens", "Input tokens that were written to a cache."),
    _tokens("reasoning_tokens", "Reasoning tokens", "Output tokens of reasoning."),
    _tokens("total_tokens", "Tokens", "Tokens in and out."),
    Measure(
        "tokens.per_request", "Tokens per request", "Tokens",
        "Tokens in and out, over the number of traces.",
        Unit.TOKENS, ratio(total(_SPAN, "total_tokens"), _REQUESTS), Better.LESS,
    ),
    Measure(
        "tokens.input_per_request", "Input tokens per request", "Tokens",
        "Tokens in, over the number of traces.",
        Unit.TOKENS, ratio(total(_SPAN, "input_tokens"), _REQUESTS), Better.LESS,
    ),
    Measure(
        "tokens.output_per_request", "Output tokens per request", "Tokens",
        "Tokens out, over the number of traces.",
        Unit.TOKENS, ratio(total(_SPAN, "output_tokens"), _REQUESTS), Better.LESS,
    ),
    Measure(
        "tokens.cached_share", "Cached share of input", "Tokens",
        "Input tokens that were read from a cache, over all tokens in.",
        Unit.SHARE, ratio(total(_SPAN, "cached_tokens"), total(_SPAN, "input_tokens")), Better.MORE,
    ),
)  # fmt: skip

COST: Final = (
    Measure(
        "cost.total", "Cost", "Cost",
        "The sum of known costs, from the file or else from the price table; calls of unknown price are not in it"
        " (cost.unpriced_spans counts them).",
        Unit.MONEY, total(_SPAN, "cost"), Better.LESS, additive=True,
    ),
    Measure(
        "cost.input", "Cost of input", "Cost",
        "The part of known costs that is for tokens in, where it is known apart.",
        Unit.MONEY, total(_SPAN, "cost_input"), Better.LESS, additive=True,
    ),
    Measure(
        "cost.output", "Cost of output", "Cost",
        "The part of known costs that is for tokens out, where it is known apart.",
        Unit.MONEY, total(_SPAN, "cost_output"), Better.LESS, additive=True,
    ),
    Measure(
        "cost.per_request", "Cost per request", "Cost",
        "Known costs, over the number of traces.",
        Unit.MONEY, ratio(total(_SPAN, "cost"), _REQUESTS), Better.LESS,
    ),
    Measure(
        "cost.p95", "Cost p95", "Cost",
        "The 95th percentile of the known costs of traces, linear between neighbouring values.",
        Unit.MONEY, quantile(0.95, _TRACE, "cost"), Better.LESS,
    ),
    Measure(
        "cost.per_session", "Cost per session", "Cost",
        "Known costs of the traces that belong to a session, over the number of their sessions.",
        Unit.MONEY,
        _each("session"),
        Better.LESS,
    ),
    Measure(
        "cost.per_user", "Cost per user", "Cost",
        "Known costs of the traces that name a user, over the number of their users.",
        Unit.MONEY,
        _each("user"),
        Better.LESS,
    ),
    Measure(
        "cost.month", "Projected month", "Cost",
        "Known costs over the length of the time, for a month of 30.4375 days.",
        Unit.MONEY, times(ratio(total(_SPAN, "cost"), Elapsed()), MONTH_NS), Better.LESS,
    ),
    Measure(
        "cost.unpriced_spans", "Calls of unknown cost", "Cost",
        "Spans that used tokens of a model whose price is not known.",
        Unit.COUNT, count(_SPAN, "", where("unpriced", True)), Better.LESS, additive=True,
    ),
    Measure(
        "cost.estimated", "Estimated share of costs", "Cost",
        "The share of known costs that comes from the price table and not from the file.",
        Unit.SHARE, ratio(total(_SPAN, "cost", where("estimated", True)), total(_SPAN, "cost")),
    ),
)  # fmt: skip
