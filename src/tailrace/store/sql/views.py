"""The documented views of `model/sql.py` over the facts of the column cache."""

from __future__ import annotations

from collections.abc import Mapping

KEPT = "kept"  # what the copy of the columns is attached as

_TRACES = """
CREATE VIEW traces AS SELECT
    t.trace_id, t.name, t.status, t.failed, make_timestamp(t.start_ns // 1000) AS started,
    t.duration_ns / 1e6 AS duration_ms, t.ttft_ns / 1e6 AS ttft_ms, t.span_count, t.error_count, t.max_depth,
    t.input_tokens, t.output_tokens, t.total_tokens, t.cached_tokens, t.reasoning_tokens,
    t.cost, t.estimated AS estimated_cost, t.unpriced_spans, t.thumb,
    t.session AS session_id, t."user" AS user_id, t.env AS environment, t.version, t.tags,
    t.llm_calls, t.tool_calls, t.tool_errors, t.retrievals, t.agent_steps, t.loop_depth, t.retries,
    t.model_ns / 1e6 AS model_ms, t.retrieval_ns / 1e6 AS retrieval_ms, t.tool_ns / 1e6 AS tool_ms,
    t.queue_ns / 1e6 AS queue_ms, t.other_ns / 1e6 AS other_ms, t.new_user, t.turn, t.trace AS id{columns}
FROM {kept}.trace_facts t{joins}
"""
_SPANS = """
CREATE VIEW spans AS SELECT
    t.trace_id, s.step AS name, s.kind, s.status, s.failed, s.error AS error_type, s.error_category,
    make_timestamp(s.began_ns // 1000) AS started,
    s.duration_ns / 1e6 AS duration_ms, s.self_ns / 1e6 AS self_ms,
    s.model, s.provider, s.tool AS tool_name, s.agent AS agent_name, s.prompt,
    s.input_tokens, s.output_tokens, s.total_tokens, s.cached_tokens, s.cache_write_tokens, s.reasoning_tokens,
    s.cost, s.estimated AS estimated_cost, s.unpriced, s.usage AS usage_counts,
    s.ttft_ns / 1e6 AS ttft_ms, s.tpot_ns / 1e6 AS tpot_ms, s.tokens_per_second, s.retry,
    t.name AS trace_name, make_timestamp(s.start_ns // 1000) AS trace_started,
    t.session AS session_id, t."user" AS user_id, t.env AS environment, t.version, s.span AS id{columns}
FROM {kept}.span_facts s
LEFT JOIN {kept}.trace_facts t ON t.trace = s.trace{joins}
"""
_SCORES = """
CREATE VIEW scores AS SELECT
    t.trace_id, c.span_id, c.score AS name, c.score_kind AS kind, c.value, c.label, c.source, c.author,
    c.session AS session_id, make_timestamp(c.said_ns // 1000) AS judged, make_timestamp(c.start_ns // 1000) AS started
FROM {kept}.kept_score c
LEFT JOIN {kept}.trace_facts t ON t.trace = c.trace
"""
# The root's, else that of the first span that has it
_FIRST = """
LEFT JOIN (
    SELECT one.trace, coalesce(max(one.text) FILTER (one.span = its.root), arg_min(one.text, one.span)) AS text
    FROM {source} one JOIN {kept}.trace_facts its ON its.trace = one.trace
    GROUP BY one.trace
) {alias} ON {alias}.trace = t.trace"""


def view_statements(attributes: Mapping[str, str]) -> list[str]:
    """What makes the views over a copy that is attached as KEPT. `attributes` are the names of attributes and of the
    tables (span, trace, text) of the columns that hold them; each becomes a column `attr.NAME`."""
    span_columns = span_joins = trace_columns = trace_joins = ""
    for place, (key, table) in enumerate(attributes.items()):
        alias, column, source = f"a{place}", quoted(f"attr.{key}"), f"{KEPT}.{quoted(table)}"
        span_columns += f",\n    {alias}.text AS {column}"
        span_joins += f"\nLEFT JOIN {source} {alias} ON {alias}.span = s.span"
        trace_columns += f",\n    {alias}.text AS {column}"
        trace_joins += _FIRST.format(kept=KEPT, source=source, alias=alias)
    return [
        _TRACES.format(kept=KEPT, columns=trace_columns, joins=trace_joins),
        _SPANS.format(kept=KEPT, columns=span_columns, joins=span_joins),
        _SCORES.format(kept=KEPT),
    ]


def quoted(name: str) -> str:
    """A name as it is written in a statement."""
    return '"' + name.replace('"', '""') + '"'
