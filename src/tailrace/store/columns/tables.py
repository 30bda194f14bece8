"""The tables of the column cache, and the views of facts over them.

What is kept is what the views give, but for what is told at once from other columns. A text of no characters says as
little as none and is NULL; a very long one is cut and says how long it was. Boolean columns are never NULL.
"""

from __future__ import annotations

# Raise it whenever the same database gives other columns: a cache of another version is made anew.
VERSION = 3

# Everything of a trace. `first_ns` is when the user's first trace began, `ended_ns` the trace's last end.
_TRACE = """
CREATE TABLE kept_trace (
    trace BIGINT, trace_id VARCHAR, root BIGINT, start_ns BIGINT, ended_ns BIGINT, first_ns BIGINT,
    duration_ns BIGINT, ttft_ns BIGINT, failed BOOLEAN, span_count BIGINT, error_count BIGINT, max_depth BIGINT,
    input_tokens BIGINT, output_tokens BIGINT, total_tokens BIGINT, cached_tokens BIGINT, reasoning_tokens BIGINT,
    cost DOUBLE, estimated BOOLEAN, unpriced_spans BIGINT, thumb BIGINT,
    llm_calls BIGINT, tool_calls BIGINT, tool_errors BIGINT, retrievals BIGINT, agent_steps BIGINT, loop_depth BIGINT,
    retries BIGINT, model_ns BIGINT, retrieval_ns BIGINT, tool_ns BIGINT, queue_ns BIGINT, other_ns BIGINT,
    new_user BOOLEAN, turn BIGINT,
    name VARCHAR, status VARCHAR, env VARCHAR, version VARCHAR, "user" VARCHAR, session VARCHAR, tags VARCHAR[],
    users VARCHAR, week VARCHAR
)
"""
# `queue_ns` is the part of its self time that is waiting; `loop` how many calls of its tool its parent made.
_SPAN = """
CREATE TABLE kept_span (
    span BIGINT, trace BIGINT, start_ns BIGINT, began_ns BIGINT, duration_ns BIGINT, self_ns BIGINT,
    kind VARCHAR, step VARCHAR, status VARCHAR, failed BOOLEAN, origin BOOLEAN, error VARCHAR, error_category VARCHAR,
    ttft_ns BIGINT, retry BOOLEAN,
    input_tokens BIGINT, output_tokens BIGINT, total_tokens BIGINT, cached_tokens BIGINT, cache_write_tokens BIGINT,
    reasoning_tokens BIGINT, cost DOUBLE, cost_input DOUBLE, cost_output DOUBLE, estimated BOOLEAN,
    model VARCHAR, provider VARCHAR, tool VARCHAR, agent VARCHAR, prompt VARCHAR, queue_ns BIGINT, loop BIGINT
)
"""
# `session` is that of a score of the whole session, `span_id` that of a score of one span.
_SCORE = """
CREATE TABLE kept_score (
    trace BIGINT, start_ns BIGINT, session VARCHAR, said_ns BIGINT,
    score VARCHAR, score_kind VARCHAR, value DOUBLE, label VARCHAR, source VARCHAR, author VARCHAR,
    span_id VARCHAR
)
"""
_SESSION = """
CREATE TABLE kept_session (
    session VARCHAR, "user" VARCHAR, trace BIGINT, start_ns BIGINT,
    turns BIGINT, duration_ns BIGINT, failed BOOLEAN, abandoned BOOLEAN, rephrased BIGINT, total_tokens BIGINT,
    cost DOUBLE
)
"""
_RETRIEVAL = """
CREATE TABLE kept_retrieval (
    span BIGINT, trace BIGINT, start_ns BIGINT, duration_ns BIGINT, failed BOOLEAN, step VARCHAR, tool VARCHAR,
    documents BIGINT, scored BIGINT, best_score DOUBLE, mean_score DOUBLE
)
"""

_VIEWS = (
    """
CREATE VIEW trace_facts AS SELECT
    trace, trace_id, root, start_ns,
    duration_ns, ttft_ns, failed, span_count, error_count, max_depth, input_tokens, output_tokens, total_tokens,
    cached_tokens, reasoning_tokens, cost, estimated, unpriced_spans, thumb, llm_calls, tool_calls, tool_errors,
    retrievals, agent_steps, loop_depth, retries, model_ns, retrieval_ns, tool_ns, queue_ns, other_ns, new_user, turn,
    name, status, env, version, "user", session, tags, users, week
FROM kept_trace
""",
    """
CREATE VIEW span_facts AS SELECT
    span, trace, start_ns, began_ns,
    duration_ns, self_ns, kind, step, failed, origin, error_category, ttft_ns,
    CASE WHEN output_tokens > 1 AND ttft_ns BETWEEN 0 AND duration_ns
        THEN (duration_ns - ttft_ns) / (output_tokens - 1) END AS tpot_ns,
    CASE WHEN duration_ns > 0 THEN output_tokens / (duration_ns / 1e9) END AS tokens_per_second,
    retry, total_tokens IS NOT NULL AS usage,
    input_tokens, output_tokens, total_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, cost,
    cost_input, cost_output,
    coalesce(total_tokens <> 0 AND cost IS NULL, FALSE) AS unpriced, estimated,
    status, model, provider, tool, agent, prompt, error
FROM kept_span
""",
    """
CREATE VIEW score_facts AS SELECT
    trace, start_ns, score, score_kind, value, label, source, author
FROM kept_score
""",
    """
CREATE VIEW session_facts AS SELECT
    session, "user", trace, start_ns, turns, duration_ns, failed, abandoned, rephrased, total_tokens, cost
FROM kept_session
""",
    """
CREATE VIEW retrieval_facts AS SELECT
    span, trace, start_ns, duration_ns, documents, scored, best_score, mean_score, failed, step, tool
FROM kept_retrieval
""",
)

# One row: what the columns were made of. `identity` tells the trace database from others, `trace` is the greatest key
# and `revision` the latest change in them, `scores` the state of the scores.
_STATE = """
CREATE TABLE cache_state (
    version VARCHAR, identity VARCHAR, trace BIGINT, revision BIGINT, scores VARCHAR, spans BIGINT
)
"""
# What is kept beside for who asked for it, and up to which trace and change it is filled.
_EXTRA = "CREATE TABLE kept_extra (name VARCHAR, trace BIGINT, revision BIGINT)"

STATEMENTS = (_STATE, _EXTRA, _TRACE, _SPAN, _SCORE, _SESSION, _RETRIEVAL, *_VIEWS)
