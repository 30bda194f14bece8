"""Measures of traffic, reliability and sessions: what comes in, what goes wrong, and how conversations go."""

from __future__ import annotations

from typing import Final

from tailrace.metrics.catalogue.expressions import (
    MINUTE_NS,
    count,
    distinct,
    mean,
    minus,
    plus,
    quantile,
    ratio,
    share,
    times,
    total,
    where,
)
from tailrace.model import SpanKind
from tailrace.model.measures import Aggregate, Better, Elapsed, Fn, Grain, Is, Measure, Unit
from tailrace.semconv.errors import CATEGORY_CHOICES, RATE_LIMIT, SERVER, TIMEOUT

_TRACE, _SPAN, _SESSION = Grain.TRACE, Grain.SPAN, Grain.SESSION
_MODEL_CALL = where("kind", SpanKind.LLM.value)
_ORIGIN = where("origin", True)


def _unanswered(category: str) -> Aggregate:
    return count(_SPAN, "", _MODEL_CALL, where("error_category", category))


TRAFFIC: Final = (
    Measure(
        "traffic.requests", "Requests", "Traffic",
        "Traces that began in the time.",
        Unit.COUNT, count(_TRACE), additive=True,
    ),
    Measure(
        "traffic.per_minute", "Requests per minute", "Traffic",
        "Traces that began in the time, over its length in minutes.",
        Unit.RATE, times(ratio(count(_TRACE), Elapsed()), MINUTE_NS),
    ),
    Measure(
        "traffic.peak", "Peak requests per minute", "Traffic",
        "The most traces that began within one minute of UTC.",
        Unit.RATE, Aggregate(Fn.PEAK, _TRACE),
    ),
    Measure(
        "traffic.spans", "Spans", "Traffic",
        "Spans of the traces that began in the time.",
        Unit.COUNT, count(_SPAN), additive=True,
    ),
    Measure(
        "traffic.model_calls", "Model calls", "Traffic",
        "Spans of kind llm.",
        Unit.COUNT, count(_SPAN, "", _MODEL_CALL), additive=True,
    ),
    Measure(
        "traffic.users", "Users", "Traffic",
        "Different user ids among the traces; traces without one are left out.",
        Unit.COUNT, distinct(_TRACE, "user"),
    ),
    Measure(
        "traffic.new_users", "New users", "Traffic",
        "Different user ids among the traces that began on the day (UTC) of their user's first trace in the database.",
        Unit.COUNT, distinct(_TRACE, "user", where("new_user", True)),
    ),
)  # fmt: skip

RELIABILITY: Final = (
    Measure(
        "reliability.success", "Success rate", "Reliability",
        "The share of traces in which no span ended with an error.",
        Unit.SHARE, share(where("failed", False), _TRACE), Better.MORE,
    ),
    Measure(
        "reliability.error_rate", "Error rate", "Reliability",
        "The share of traces in which a span ended with an error.",
        Unit.SHARE, share(where("failed", True), _TRACE), Better.LESS,
    ),
    Measure(
        "reliability.failed", "Failed requests", "Reliability",
        "Traces in which a span ended with an error.",
        Unit.COUNT, count(_TRACE, "", where("failed", True)), Better.LESS, additive=True,
    ),
    Measure(
        "reliability.errors", "Errors", "Reliability",
        "Spans that ended with an error while none of their children did, so that an error that is passed on upwards"
        " counts once.",
        Unit.COUNT, count(_SPAN, "", _ORIGIN), Better.LESS, additive=True,
    ),
    Measure(
        "reliability.failed_spans", "Failed spans", "Reliability",
        "Spans that ended with an error, also those that only pass on the error of a child.",
        Unit.COUNT, count(_SPAN, "", where("failed", True)), Better.LESS, additive=True,
    ),
    Measure(
        "reliability.retries", "Retries", "Reliability",
        "Spans that call again what had just failed under the same parent.",
        Unit.COUNT, count(_SPAN, "", where("retry", True)), Better.LESS, additive=True,
    ),
    Measure(
        "reliability.availability", "Availability", "Reliability",
        "The share of model calls that were answered: all but those that ended in a timeout, a rate limit or an error"
        " of the server.",
        Unit.SHARE,
        ratio(
            minus(
                count(_SPAN, "", _MODEL_CALL),
                plus(_unanswered(TIMEOUT), _unanswered(RATE_LIMIT), _unanswered(SERVER)),
            ),
            count(_SPAN, "", _MODEL_CALL),
        ),
        Better.MORE,
    ),
    *(
        Measure(
            f"errors.{category.replace('-', '_')}", f"Errors: {category.replace('-', ' ')}", "Reliability",
            f"Errors (as in reliability.errors) of the category {category}: {meaning}.",
            Unit.COUNT, count(_SPAN, "", _ORIGIN, where("error_category", category)), Better.LESS, additive=True,
        )
        for category, meaning in CATEGORY_CHOICES
    ),
)  # fmt: skip

# Of the turns that come after another one; a session that does not know counts on neither side.
_TOLD = where("rephrased", 0.0, Is.GE)

SESSIONS: Final = (
    Measure(
        "sessions.count", "Sessions", "Sessions",
        "Sessions whose first trace began in the time.",
        Unit.COUNT, count(_SESSION), additive=True,
    ),
    Measure(
        "sessions.turns", "Turns per session", "Sessions",
        "The mean number of traces of a session.",
        Unit.NUMBER, mean(_SESSION, "turns"),
    ),
    Measure(
        "sessions.turns_p95", "Turns per session p95", "Sessions",
        "The 95th percentile of the number of traces of a session, linear between neighbouring values.",
        Unit.NUMBER, quantile(0.95, _SESSION, "turns"),
    ),
    Measure(
        "sessions.length", "Session length mean", "Sessions",
        "The mean time from the start of a session's first trace to the last end.",
        Unit.DURATION, mean(_SESSION, "duration_ns"),
    ),
    Measure(
        "sessions.length_p50", "Session length p50", "Sessions",
        "The median time from the start of a session's first trace to the last end.",
        Unit.DURATION, quantile(0.5, _SESSION, "duration_ns"),
    ),
    Measure(
        "sessions.abandoned", "Abandoned sessions", "Sessions",
        "The share of sessions whose last trace failed or was given a thumb down.",
        Unit.SHARE, share(where("abandoned", True), _SESSION), Better.LESS,
    ),
    Measure(
        "sessions.rephrased", "Rephrased turns", "Sessions",
        "The share of turns after a session's first whose input says nearly what the turn before asked.",
        Unit.SHARE,
        ratio(
            total(_SESSION, "rephrased", _TOLD),
            minus(total(_SESSION, "turns", _TOLD), count(_SESSION, "", _TOLD)),
        ),
        Better.LESS,
    ),
    Measure(
        "sessions.failed", "Sessions with a failure", "Sessions",
        "The share of sessions in which some trace failed.",
        Unit.SHARE, share(where("failed", True), _SESSION), Better.LESS,
    ),
)  # fmt: skip
