"""What is told of a trace: by its row, by its spans, and by its place among those of its session and its user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tailrace.store.columns.came import register
from tailrace.store.columns.derive import ARRANGING, RETRIEVING, clamped, near
from tailrace.store.columns.source import TRACES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DAY = 86_400_000_000_000


def _day(time: str) -> str:
    """SQL of the day (UTC) of a time, as days since 1970."""
    # integer division cuts towards zero, and half the times there are lie before 1970
    return f"(({near(time)} - (({near(time)} % {_DAY}) + {_DAY}) % {_DAY}) // {_DAY})"


def _since(start: str, first: str) -> str:
    """SQL of the columns that tell when a user was first seen."""
    new = f"{_day(start)} = {_day(first)}"
    # 1970 began on a Thursday
    monday = f"DATE '1970-01-01' + ({_day(first)} - (({_day(first)} + 3) % 7 + 7) % 7)::INTEGER"
    return (
        f"first_ns = {first}, new_user = coalesce({new}, FALSE),"
        f" users = CASE WHEN {new} THEN 'new' WHEN {first} IS NOT NULL THEN 'returning' END,"
        f" week = strftime({monday}, '%Y-%m-%d')"
    )


def begin_traces(cursor: DuckDBPyConnection) -> None:
    """Make the tables that the other functions use, for one cursor alone: `arrived` for rows of traces, and which
    sessions and users they touch."""
    register(cursor, TRACES, ())
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE arrived AS {TRACES.rows()}")
    cursor.execute("CREATE OR REPLACE TEMP TABLE touched_session (session VARCHAR)")
    cursor.execute('CREATE OR REPLACE TEMP TABLE touched_user ("user" VARCHAR)')


def keep_rows(cursor: DuckDBPyConnection) -> None:
    """Put the rows of traces that came into `arrived`; their spans are taken in next."""
    cursor.execute(f"INSERT INTO arrived {TRACES.rows()}")


def forget_traces(cursor: DuckDBPyConnection) -> None:
    """Take out what is kept of the traces in the table `changed`: it comes again."""
    for column in ("session", "user"):
        cursor.execute(
            f'INSERT INTO touched_{column} SELECT DISTINCT "{column}" FROM kept_trace'
            f' WHERE trace IN (SELECT trace FROM changed) AND "{column}" IS NOT NULL'
        )
    for table in ("kept_trace", "kept_span"):
        cursor.execute(f"DELETE FROM {table} WHERE trace IN (SELECT trace FROM changed)")


def insert_traces(cursor: DuckDBPyConnection) -> None:
    """Take in the traces of `arrived`, whose spans have been taken in, but for their places among others."""
    for column in ("session", "user"):
        cursor.execute(
            f'INSERT INTO touched_{column} SELECT DISTINCT "{column}" FROM arrived WHERE "{column}" IS NOT NULL'
        )
    cursor.execute(f"INSERT INTO kept_trace BY NAME {_SUMMED}")


def touch_all(cursor: DuckDBPyConnection) -> None:
    """Have the places of all traces to be found."""
    for column in ("session", "user"):
        cursor.execute(
            f'INSERT INTO touched_{column} SELECT DISTINCT "{column}" FROM kept_trace WHERE "{column}" IS NOT NULL'
        )


def place_traces(cursor: DuckDBPyConnection) -> None:
    """Find the places of traces in the sessions and among those of the users that were touched."""
    cursor.execute(_TURNS)
    cursor.execute(_USERS)


_TAGS = """CASE WHEN json_valid(tags) AND json_type(tags) = 'ARRAY' THEN from_json(tags, '["VARCHAR"]') END"""
_SUMMED = f"""
WITH summed AS (
    SELECT trace,
        {clamped("sum(cached_tokens)")} AS cached_tokens, {clamped("sum(reasoning_tokens)")} AS reasoning_tokens,
        count(*) FILTER (kind = 'llm') AS llm_calls, count(*) FILTER (kind = 'tool') AS tool_calls,
        count(*) FILTER (kind = 'tool' AND failed) AS tool_errors, count(*) FILTER (kind = 'retriever') AS retrievals,
        CASE WHEN bool_or(kind = 'agent') THEN count(*) FILTER (kind IN ('llm', 'tool')) END AS agent_steps,
        max(loop) AS loop_depth, count(*) FILTER (retry) AS retries,
        {clamped("coalesce(sum(self_ns) FILTER (kind = 'llm'), 0)")} AS model_ns,
        {clamped(f"coalesce(sum(self_ns) FILTER ({RETRIEVING}), 0)")} AS retrieval_ns,
        {clamped("coalesce(sum(self_ns) FILTER (kind = 'tool'), 0)")} AS tool_ns,
        {clamped("coalesce(sum(queue_ns), 0)")} AS queue_ns,
        {clamped(f"coalesce(sum(self_ns - queue_ns) FILTER ({ARRANGING}), 0)")} AS other_ns
    FROM kept_span WHERE trace IN (SELECT trace FROM arrived) GROUP BY trace
)
SELECT trace, trace_id, root, start_ns, ended_ns, duration_ns, ttft_ns, error_count > 0 AS failed, span_count,
    error_count, max_depth, input_tokens, output_tokens, total_tokens, cached_tokens, reasoning_tokens,
    cost::DOUBLE AS cost, estimated <> 0 AS estimated, unpriced_spans, thumb, llm_calls, tool_calls, tool_errors,
    retrievals, agent_steps, loop_depth, retries, model_ns, retrieval_ns, tool_ns, queue_ns, other_ns,
    FALSE AS new_user, name, status, env, version, "user", session, coalesce({_TAGS}, []) AS tags
FROM arrived LEFT JOIN summed USING (trace)
"""
_TURNS = """
UPDATE kept_trace SET turn = placed.turn FROM (
    SELECT trace, row_number() OVER (PARTITION BY session ORDER BY start_ns, trace) AS turn
    FROM kept_trace WHERE session IN (SELECT session FROM touched_session)
) AS placed WHERE placed.trace = kept_trace.trace AND placed.turn IS DISTINCT FROM kept_trace.turn
"""
_USERS = f"""
UPDATE kept_trace SET {_since("kept_trace.start_ns", "placed.first_ns")} FROM (
    SELECT "user", min(start_ns) AS first_ns
    FROM kept_trace WHERE "user" IN (SELECT "user" FROM touched_user) GROUP BY "user"
) AS placed WHERE placed."user" = kept_trace."user" AND placed.first_ns IS DISTINCT FROM kept_trace.first_ns
"""
