"""Statements to begin with, each an answer to a question that people have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SqlExample:
    """A question and the statement that answers it."""

    title: str
    sql: str


SQL_EXAMPLES: tuple[SqlExample, ...] = (
    SqlExample(
        "Slowest models by p95",
        """\
SELECT model,
       count(*) AS calls,
       quantile_cont(duration_ms, 0.5) AS p50_ms,
       quantile_cont(duration_ms, 0.95) AS p95_ms
FROM spans
WHERE kind = 'llm' AND model IS NOT NULL
GROUP BY model
ORDER BY p95_ms DESC""",
    ),
    SqlExample(
        "Latency by hour",
        """\
SELECT date_trunc('hour', started) AS hour,
       quantile_cont(duration_ms, 0.5) AS p50_ms,
       quantile_cont(duration_ms, 0.95) AS p95_ms,
       count(*) AS requests
FROM traces
GROUP BY hour
ORDER BY hour""",
    ),
    SqlExample(
        "Cost by prompt version and day",
        """\
SELECT date_trunc('day', trace_started) AS day,
       prompt,
       sum(cost) AS cost
FROM spans
WHERE prompt IS NOT NULL
GROUP BY day, prompt
ORDER BY day, cost DESC""",
    ),
    SqlExample(
        "Error types and where they happen",
        """\
SELECT coalesce(error_type, '(no type)') AS error,
       error_category,
       name AS step,
       count(*) AS failures,
       count(DISTINCT trace_id) AS traces
FROM spans
WHERE failed
GROUP BY ALL
ORDER BY failures DESC""",
    ),
    SqlExample(
        "The most expensive traces",
        """\
SELECT trace_id, name, started, cost, total_tokens, llm_calls, duration_ms
FROM traces
WHERE cost IS NOT NULL
ORDER BY cost DESC
LIMIT 100""",
    ),
    SqlExample(
        "Tools: calls, failures and p95",
        """\
SELECT tool_name,
       count(*) AS calls,
       count_if(failed) / count(*) AS error_rate,
       count_if(retry) AS retries,
       quantile_cont(duration_ms, 0.95) AS p95_ms
FROM spans
WHERE tool_name IS NOT NULL
GROUP BY tool_name
ORDER BY calls DESC""",
    ),
    SqlExample(
        "Traces that go round in circles",
        """\
SELECT trace_id, name, started, loop_depth, tool_calls, agent_steps, cost
FROM traces
WHERE loop_depth >= 4
ORDER BY loop_depth DESC, started DESC""",
    ),
    SqlExample(
        "Scores by application version",
        """\
SELECT t.version,
       s.name AS score,
       s.source,
       count(*) AS judged,
       avg(s.value) AS mean
FROM scores s
JOIN traces t USING (trace_id)
WHERE s.value IS NOT NULL
GROUP BY ALL
ORDER BY score, version""",
    ),
    SqlExample(
        "Where the time of a request goes",
        """\
SELECT date_trunc('day', started) AS day,
       avg(model_ms) AS model_ms,
       avg(retrieval_ms) AS retrieval_ms,
       avg(tool_ms) AS tool_ms,
       avg(queue_ms) AS queue_ms,
       avg(other_ms) AS other_ms
FROM traces
GROUP BY day
ORDER BY day""",
    ),
    SqlExample(
        "Sessions that ended badly",
        """\
WITH turns AS (
    SELECT session_id, trace_id, started, failed, thumb, cost,
           row_number() OVER (PARTITION BY session_id ORDER BY started DESC) AS from_end
    FROM traces
    WHERE session_id IS NOT NULL
)
SELECT session_id,
       count(*) AS turns,
       sum(cost) AS cost,
       max(started) AS last_seen,
       max(trace_id) FILTER (WHERE from_end = 1) AS trace_id
FROM turns
GROUP BY session_id
HAVING bool_or(from_end = 1 AND (failed OR thumb = 0))
ORDER BY last_seen DESC""",
    ),
)
