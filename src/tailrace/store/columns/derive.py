"""What is told of a span by the spans around it: self time, retries, waiting, how often its tool was called.

In SQL over whole traces, as a span's parent the one that it names. A child that runs outside of its parent covers it
only where it runs within, and a child without an end runs until the last end below it, as the waterfall draws them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tailrace.model import SpanKind
from tailrace.semconv.errors import categorise
from tailrace.store.columns.came import register
from tailrace.store.columns.source import FAILED, SPANS, TRACES, USES
from tailrace.store.schema import ORDINAL_BITS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LARGEST = (1 << 63) - 1
# Times this far from 1970 are nobody's; two that are no farther can be subtracted.
_FARTHEST = (1 << 62) - 1

SPAN_SHAPES = (SPANS, USES, FAILED)

RETRIEVING = "kind IN ('retriever', 'embedding', 'reranker')"
# Who does nothing itself: its own time is waiting, or keeping books
# DuckDB goes through comparisons faster than through a list
ARRANGING = " AND ".join(
    f"kind IS DISTINCT FROM '{kind}'" for kind in ("llm", "tool", "retriever", "embedding", "reranker")
)
_LIKELY = ("wait", "queu", "sleep", "backoff", "throttle")
_WAITS = "(^|[^a-z])(wait|waiting|queue|queued|queueing|queuing|sleep|sleeping|backoff|throttled?)([^a-z]|$)"


def clamped(number: str) -> str:
    """SQL of any number as one of 64 bits."""
    return _between(number, _LARGEST)


def near(time: str) -> str:
    """SQL of a time that can be subtracted from others."""
    return _between(time, _FARTHEST)


def _between(number: str, bound: int) -> str:
    # of NULL and a bound, `least` gives the bound
    return f"CASE WHEN {number} IS NOT NULL THEN least(greatest({number}, -{bound}), {bound})::BIGINT END"


def begin_spans(cursor: DuckDBPyConnection) -> None:
    """Make the tables that the other functions use, for one cursor alone: the parts of traces of several pieces, and
    what is known of why spans failed."""
    for shape in SPAN_SHAPES:
        register(cursor, shape, ())
        cursor.execute(f"CREATE TEMP TABLE part_{shape.name} AS {shape.rows()}")
    cursor.execute("CREATE TEMP TABLE why (error VARCHAR, message VARCHAR, kind VARCHAR, category VARCHAR)")


def keep_part(cursor: DuckDBPyConnection) -> None:
    """Put what came aside until the rest of its trace comes."""
    for shape in SPAN_SHAPES:
        cursor.execute(f"INSERT INTO part_{shape.name} {shape.rows()}")


def insert_spans(cursor: DuckDBPyConnection, opened: int, parted: bool) -> None:
    """Take in the spans that came, of whole traces whose rows are in the table `arrived`; where `parted`, those that
    were put aside. `opened` is how many of them have no end."""
    spans, uses, failed = (f"part_{shape.name}" if parted else f"({shape.rows()})" for shape in SPAN_SHAPES)
    _find_reasons(cursor, failed)
    cursor.execute(_insertion(spans, uses, failed, opened))
    if parted:
        for shape in SPAN_SHAPES:
            cursor.execute(f"DELETE FROM part_{shape.name}")


def _find_reasons(cursor: DuckDBPyConnection, failed: str) -> None:
    """Put the category of each combination of what is told of failures, that is not known yet, into `why`."""
    new = cursor.execute(
        f"SELECT DISTINCT error, message, kind FROM {failed} EXCEPT SELECT error, message, kind FROM why"
    ).fetchall()
    if new:
        errors, messages, kinds = (np.array(column, object) for column in zip(*new, strict=True))
        found = [categorise(error, message or "", SpanKind(kind)) for error, message, kind in new]
        cursor.register("told", {"e": errors, "m": messages, "k": kinds, "c": np.array(found, object)})
        cursor.execute("INSERT INTO why SELECT e::VARCHAR, m::VARCHAR, k::VARCHAR, c::VARCHAR FROM told")
        cursor.unregister("told")


_SPANS = f"""
spans AS MATERIALIZED (
    SELECT came.* EXCLUDE (parent), span >> {ORDINAL_BITS} AS trace, nullif(parent, span) AS parent,
        coalesce(status = 'error', FALSE) AS failed, {ARRANGING} AS arranging, {near("began_ns")} AS low,
        CASE WHEN ended_ns IS NOT NULL THEN greatest({near("ended_ns")}, {near("began_ns")}) END AS high
    FROM came
)"""
_COUNTED = (
    "input_tokens", "output_tokens", "total_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens",
)  # fmt: skip
_COSTS = ("cost", "cost_input", "cost_output")
_USES = f"""
uses AS (
    SELECT span, ttft_ns, model, provider, prompt_name || coalesce('@' || prompt_version, '') AS prompt, cost_source,
        {", ".join(f"CASE WHEN counts = 1 THEN {name} END AS {name}" for name in _COUNTED)},
        {", ".join(f"CASE WHEN counts = 1 THEN {name}::DOUBLE END AS {name}" for name in _COSTS)}
    FROM {{uses}}
)"""
# Joins are outer ones where they can be: the side that is looked up in is then the small one, of which DuckDB knows
# nothing beforehand. `again`: the same call had failed under the same parent, and ended before this one began.
_AROUND = f"""
steps AS MATERIALIZED (SELECT DISTINCT step FROM spans WHERE arranging),
waiting AS (
    SELECT step FROM (SELECT step, lower(step) AS name FROM steps)
    WHERE ({" OR ".join(f"contains(name, '{part}')" for part in _LIKELY)}) AND regexp_matches(name, '{_WAITS}')
),
failures AS (SELECT DISTINCT trace, parent, kind, step, tool FROM spans WHERE failed AND high IS NOT NULL),
again AS (
    SELECT span FROM (
        SELECT span, low, lag(failed) OVER calls AS failed, lag(high) OVER calls AS high
        FROM spans SEMI JOIN failures ON failures.trace = spans.trace
            AND failures.parent IS NOT DISTINCT FROM spans.parent AND failures.kind IS NOT DISTINCT FROM spans.kind
            AND failures.step IS NOT DISTINCT FROM spans.step AND failures.tool IS NOT DISTINCT FROM spans.tool
        WINDOW calls AS (PARTITION BY trace, parent, kind, step, tool ORDER BY low, span)
    )
    WHERE failed AND high <= low
),
children AS (
    SELECT below.span, below.parent, below.low, above.low AS begin,
        least(greatest(below.low, above.low), above.high) AS child_low,
        least(greatest(coalesce(below.high, ends.until), above.low), above.high) AS child_high
    FROM spans AS below LEFT JOIN spans AS above ON above.span = below.parent LEFT JOIN ends ON ends.span = below.span
    WHERE above.high IS NOT NULL
),
covered AS (
    SELECT span, parent, child_low, child_high, coalesce(max(child_high) OVER (
        PARTITION BY parent ORDER BY low, span ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), begin) AS before
    FROM children
),
parents AS (
    SELECT parent AS span, sum(greatest(0, child_high - greatest(child_low, before)))::BIGINT AS covered_ns,
        coalesce(sum(greatest(0, child_low - before)) FILTER (again.span IS NOT NULL), 0)::BIGINT AS gap_ns
    FROM covered LEFT JOIN again USING (span) GROUP BY parent
),
loops AS (
    SELECT max(span) AS span, count(*) AS calls FROM spans WHERE kind = 'tool'
    GROUP BY trace, parent, coalesce(tool, step)
)"""


def _insertion(spans: str, uses: str, failed: str, opened: int) -> str:
    duration = clamped("(ended_ns::HUGEINT - began_ns)")
    return f"""
INSERT INTO kept_span BY NAME
WITH came AS (SELECT * FROM {spans}), {_SPANS}, {_open_ends(opened)}, {_AROUND}, {_USES.format(uses=uses)},
reasons AS (
    SELECT span, failed.error, category FROM {failed} AS failed LEFT JOIN why
        ON why.error IS NOT DISTINCT FROM failed.error AND why.message IS NOT DISTINCT FROM failed.message
        AND why.kind IS NOT DISTINCT FROM failed.kind
),
marks AS (
    SELECT span, bool_or(retry) AS retry, bool_or(passed_on) AS passed_on, any_value(error) AS error,
        any_value(category) AS category
    FROM (
        SELECT span, TRUE AS retry, FALSE AS passed_on, NULL AS error, NULL AS category FROM again
        UNION ALL SELECT parent, FALSE, TRUE, NULL, NULL FROM spans WHERE failed AND parent IS NOT NULL
        UNION ALL SELECT span, FALSE, FALSE, error, category FROM reasons
    )
    GROUP BY span
),
told AS (
    SELECT span, spans.trace, arrived.start_ns, began_ns, {duration} AS duration_ns,
        high - low - coalesce(covered_ns, 0) AS self_ns, coalesce(gap_ns, 0) AS gap_ns,
        kind, spans.step, status, failed, failed AND NOT coalesce(passed_on, FALSE) AS origin, error,
        category AS error_category, coalesce(retry, FALSE) AS retry, tool, agent, arranging,
        waiting.step IS NOT NULL AS waits, calls AS loop, uses.* EXCLUDE (span)
    FROM spans LEFT JOIN ({TRACES.rows("trace", "start_ns")}) AS arrived USING (trace)
    LEFT JOIN parents USING (span) LEFT JOIN loops USING (span) LEFT JOIN marks USING (span)
    LEFT JOIN uses USING (span) LEFT JOIN waiting ON spans.arranging AND waiting.step = spans.step
)
SELECT * EXCLUDE (gap_ns, cost_source, arranging, waits),
    coalesce(cost IS NOT NULL AND cost_source = 'price table', FALSE) AS estimated,
    CASE WHEN arranging THEN CASE WHEN waits THEN self_ns ELSE gap_ns END ELSE 0 END AS queue_ns
FROM told
"""


def _open_ends(opened: int) -> str:
    """The query `ends`: until when spans without an end run. An end is handed up from span to span, each time twice as
    far as before, so that deep traces take few steps."""
    first = """
ends_0 AS MATERIALIZED (
    SELECT opened.span, any_value(CASE WHEN above.high IS NULL THEN above.span END) AS up,
        greatest(any_value(opened.low), coalesce(max(below.high), any_value(opened.low))) AS until
    FROM (SELECT span, parent, low FROM spans WHERE high IS NULL) AS opened
    LEFT JOIN spans AS above ON above.span = opened.parent LEFT JOIN spans AS below ON below.parent = opened.span
    GROUP BY opened.span
)"""
    if not opened:
        return "ends AS (SELECT 0::BIGINT AS span, 0::BIGINT AS until WHERE FALSE)"
    steps = [first]
    for i in range(opened.bit_length()):
        steps.append(f"""
ends_{i + 1} AS MATERIALIZED (
    SELECT one.span, upper.up, greatest(one.until, coalesce(lower.until, one.until)) AS until
    FROM ends_{i} AS one LEFT JOIN ends_{i} AS upper ON upper.span = one.up
    LEFT JOIN (SELECT up, max(until) AS until FROM ends_{i} GROUP BY up) AS lower ON lower.up = one.span
)""")
    return ", ".join([*steps, f"ends AS (SELECT span, until FROM ends_{opened.bit_length()})"])
