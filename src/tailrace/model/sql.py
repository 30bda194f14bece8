"""What a person's own SQL is asked of, and what comes back: the documented views, and the result of a statement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

SECONDS = 30.0  # a statement may take
ROWS = 10_000  # a result may have
MEMORY = 2 << 30  # bytes a statement may use
SIZE = 64 << 20  # bytes a result may have


@dataclass(frozen=True, slots=True)
class SqlLimits:
    """What a statement may take: seconds, rows of its result, bytes of memory."""

    seconds: float = SECONDS
    rows: int = ROWS
    memory: int = MEMORY


Cell: TypeAlias = bool | int | float | Decimal | str | None


_KINDS = {
    "VARCHAR": "text",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "flag",
    "TIMESTAMP": "time",
    "VARCHAR[]": "texts",
}


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """A column of a view. `type` is DuckDB's name of what it holds; NULL is what is unknown."""

    name: str
    type: str
    description: str

    @property
    def kind(self) -> str:
        """What it holds, in a plain word."""
        return _KINDS[self.type]


def is_numeric(kind: str) -> bool:
    """Whether a column of DuckDB's type holds numbers."""
    return not is_nested(kind) and kind.split("(")[0] in (
        *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
        *("UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL"),
    )


def is_nested(kind: str) -> bool:
    """Whether a column of DuckDB's type holds lists, structs or maps. Their cells are JSON texts."""
    return kind.endswith("]") or kind.startswith(("STRUCT(", "MAP(", "UNION("))


@dataclass(frozen=True, slots=True)
class SqlView:
    """Something to select from."""

    name: str
    description: str
    columns: tuple[SqlColumn, ...]


@dataclass(frozen=True, slots=True)
class SqlResult:
    """What a statement gave. Numbers are numbers and flags bools; everything else is text as DuckDB writes it: times as
    2026-11-20 23:23:35.123456 (UTC), lists as [a, b]. Column names differ from each other. `more` says in words what
    was left out; empty when this is all."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: str = ""
    elapsed_ns: int = 0


_TRACE_ID = SqlColumn("trace_id", "VARCHAR", "the trace's id; where a result has it, its rows open their trace")
_TOKENS = (
    SqlColumn("input_tokens", "BIGINT", "tokens in, each counted once"),
    SqlColumn("output_tokens", "BIGINT", "tokens out"),
    SqlColumn("total_tokens", "BIGINT", "tokens in and out"),
    SqlColumn("cached_tokens", "BIGINT", "input tokens read from a cache"),
)
_WHO = (
    SqlColumn("session_id", "VARCHAR", "the session (conversation) that its trace belongs to"),
    SqlColumn("user_id", "VARCHAR", "the user of its trace"),
    SqlColumn("environment", "VARCHAR", "the environment of its trace, as production"),
    SqlColumn("version", "VARCHAR", "the application's version"),
)

SQL_VIEWS: tuple[SqlView, ...] = (
    SqlView(
        "traces",
        "one row a trace",
        (
            _TRACE_ID,
            SqlColumn("name", "VARCHAR", "the trace's name: that of its root span"),
            SqlColumn("status", "VARCHAR", "ok, error or unset"),
            SqlColumn("failed", "BOOLEAN", "a span of it ended with an error"),
            SqlColumn("started", "TIMESTAMP", "when it began, in UTC"),
            SqlColumn("duration_ms", "DOUBLE", "from its start to its last end"),
            SqlColumn("ttft_ms", "DOUBLE", "from its start to the first token of a model call"),
            SqlColumn("span_count", "BIGINT", "its spans"),
            SqlColumn("error_count", "BIGINT", "its spans that ended with an error"),
            SqlColumn("max_depth", "BIGINT", "levels of its span tree"),
            *_TOKENS,
            SqlColumn("reasoning_tokens", "BIGINT", "output tokens of reasoning"),
            SqlColumn("cost", "DOUBLE", "US dollars, of the model calls with a known cost"),
            SqlColumn("estimated_cost", "BOOLEAN", "some of the cost comes from a price table"),
            SqlColumn("unpriced_spans", "BIGINT", "its model calls of unknown cost"),
            SqlColumn("thumb", "BIGINT", "1 up, 0 down: the latest thumb"),
            *_WHO,
            SqlColumn("tags", "VARCHAR[]", "its tags: list_contains(tags, 'beta') asks for one"),
            SqlColumn("llm_calls", "BIGINT", "model calls"),
            SqlColumn("tool_calls", "BIGINT", "tool calls"),
            SqlColumn("tool_errors", "BIGINT", "tool calls that ended with an error"),
            SqlColumn("retrievals", "BIGINT", "searches for documents"),
            SqlColumn("agent_steps", "BIGINT", "model and tool calls, where the trace has an agent span"),
            SqlColumn("loop_depth", "BIGINT", "the most calls of one tool under one parent"),
            SqlColumn("retries", "BIGINT", "calls made again after the same call had failed"),
            SqlColumn("model_ms", "DOUBLE", "self time of model calls"),
            SqlColumn("retrieval_ms", "DOUBLE", "self time of retrievers, embeddings and rerankers"),
            SqlColumn("tool_ms", "DOUBLE", "self time of tools"),
            SqlColumn("queue_ms", "DOUBLE", "waiting, as between a failed call and its retry"),
            SqlColumn("other_ms", "DOUBLE", "self time of all other spans"),
            SqlColumn("new_user", "BOOLEAN", "its user was first seen on that day (UTC)"),
            SqlColumn("turn", "BIGINT", "1 for the first trace of its session, 2 for the second …"),
            SqlColumn("id", "BIGINT", "the trace's number in the database"),
        ),
    ),
    SqlView(
        "spans",
        "one row a span",
        (
            _TRACE_ID,
            SqlColumn("name", "VARCHAR", "the span's name"),
            SqlColumn("kind", "VARCHAR", "agent, chain, llm, tool, retriever, embedding, reranker, guardrail …"),
            SqlColumn("status", "VARCHAR", "ok, error or unset"),
            SqlColumn("failed", "BOOLEAN", "it ended with an error"),
            SqlColumn("error_type", "VARCHAR", "of a failed span: the error's type as it was reported"),
            SqlColumn("error_category", "VARCHAR", "of a failed span: timeout, rate limit, model, validation, tool …"),
            SqlColumn("started", "TIMESTAMP", "when it began, in UTC"),
            SqlColumn("duration_ms", "DOUBLE", "from its start to its end; NULL while it is open"),
            SqlColumn("self_ms", "DOUBLE", "the part of its duration during which no child ran"),
            SqlColumn("model", "VARCHAR", "the model that was called"),
            SqlColumn("provider", "VARCHAR", "who ran the model"),
            SqlColumn("tool_name", "VARCHAR", "the tool that was called"),
            SqlColumn("agent_name", "VARCHAR", "the agent that ran"),
            SqlColumn("prompt", "VARCHAR", "the prompt as name@version"),
            *(
                SqlColumn(one.name, one.type, f"{one.description}; NULL where a descendant reports them")
                if one.name == "input_tokens"
                else one
                for one in _TOKENS
            ),
            SqlColumn("cache_write_tokens", "BIGINT", "input tokens written to a cache"),
            SqlColumn("reasoning_tokens", "BIGINT", "output tokens of reasoning"),
            SqlColumn("cost", "DOUBLE", "US dollars; NULL where it is unknown or a descendant reports it"),
            SqlColumn("estimated_cost", "BOOLEAN", "its cost comes from a price table"),
            SqlColumn("unpriced", "BOOLEAN", "it used tokens at an unknown price"),
            SqlColumn("usage_counts", "BOOLEAN", "its tokens are counted: reported, and by no descendant"),
            SqlColumn("ttft_ms", "DOUBLE", "from its start to its first token"),
            SqlColumn("tpot_ms", "DOUBLE", "time per output token after the first"),
            SqlColumn("tokens_per_second", "DOUBLE", "output tokens over its duration"),
            SqlColumn("retry", "BOOLEAN", "the same call under the same parent had failed just before"),
            SqlColumn("trace_name", "VARCHAR", "the name of its trace"),
            SqlColumn("trace_started", "TIMESTAMP", "when its trace began, in UTC: what charts count it at"),
            *_WHO,
            SqlColumn("id", "BIGINT", "the span's number in the database"),
        ),
    ),
    SqlView(
        "scores",
        "one row a score; notes, corrections and evidence are texts and not here",
        (
            SqlColumn("trace_id", "VARCHAR", "the trace that was judged; NULL for a score of a session"),
            SqlColumn("span_id", "VARCHAR", "the span that was judged; NULL for a score of a whole trace"),
            SqlColumn("name", "VARCHAR", "the score's name"),
            SqlColumn("kind", "VARCHAR", "thumb, number or category"),
            SqlColumn("value", "DOUBLE", "the number; of a thumb 1 up, 0 down"),
            SqlColumn("label", "VARCHAR", "of a category"),
            SqlColumn("source", "VARCHAR", "person, user, code, model or unknown"),
            SqlColumn("author", "VARCHAR", "who judged"),
            SqlColumn("session_id", "VARCHAR", "of a score of a whole session: which"),
            SqlColumn("judged", "TIMESTAMP", "when it was said, in UTC"),
            SqlColumn("started", "TIMESTAMP", "when its trace began, in UTC"),
        ),
    ),
)

ATTRIBUTES = (
    "Any attribute is a column too: attr.customer.tier, in quotes where its name holds other signs than letters and "
    'digits: "attr.http.status-code". It holds text, of a span its own (else its resource\'s), of a trace that of its '
    'root, else of its first span that has it. For numbers write "attr.retry.count"::DOUBLE.'
)
