"""The columns of each grain of facts, and the fields that facts can be grouped by.

Every fact is counted at the moment its trace began: what a chart shows for an hour are exactly the traces that began in
that hour with all that belongs to them, and they can be opened. Durations are integer nanoseconds, amounts US dollars.
A column is NULL where the value is unknown. Token and cost columns of a span are NULL where a descendant reports the
same usage, so that every sum counts once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tailrace.model.measures import Grain

# column: what it is. Types: INTEGER unless said; (text), (flag), (number)
_TRACE = {
    "duration_ns": "from the trace's start to its last end",
    "ttft_ns": "from the trace's start to the first token of a model call",
    "failed": "(flag) a span of it ended with an error",
    "span_count": "spans",
    "error_count": "spans that ended with an error",
    "max_depth": "levels of the span tree",
    "input_tokens": "tokens in, each counted once",
    "output_tokens": "tokens out",
    "total_tokens": "tokens in and out",
    "cached_tokens": "input tokens read from a cache",
    "reasoning_tokens": "output tokens of reasoning",
    "cost": "(number) known costs",
    "estimated": "(flag) some of the cost comes from a price table",
    "unpriced_spans": "model calls of unknown cost",
    "thumb": "1 up, 0 down: the latest thumb",
    "llm_calls": "model calls",
    "tool_calls": "tool calls",
    "tool_errors": "tool calls that ended with an error",
    "retrievals": "searches for documents",
    "agent_steps": "model and tool calls of a trace that has an agent span; NULL where it has none",
    "loop_depth": "the most calls of one tool under one parent; NULL where no tool was called",
    "retries": "calls made again after the same call had failed",
    "model_ns": "self time of model calls",
    "retrieval_ns": "self time of retrievers, embeddings and rerankers",
    "tool_ns": "self time of tools",
    "queue_ns": "waiting between a failed call and its retry, and in spans that say they wait",
    "other_ns": "self time of all other spans, without the waiting",
    "new_user": "(flag) the first trace of its user in the database began on the same day (UTC) as this one",
    "turn": "1 for the first trace of its session, 2 for the second …",
    "name": "(text) its name",
    "env": "(text) its environment",
    "version": "(text) its version of the application",
    "user": "(text) the user's id",
    "session": "(text) the session's id",
}
_SPAN = {
    "duration_ns": "from start to end; NULL while open",
    "self_ns": "the part of the duration during which no child ran",
    "kind": "(text) its kind",
    "step": "(text) its name",
    "failed": "(flag) it ended with an error",
    "origin": "(flag) it ended with an error and no child of it did: where the error began",
    "error_category": "(text) of a failed span, one of semconv.errors.CATEGORIES",
    "ttft_ns": "from its start to its first token",
    "tpot_ns": "(number) time per output token after the first",
    "tokens_per_second": "(number) output tokens over the duration",
    "retry": "(flag) the same call under the same parent had failed just before",
    "usage": "(flag) its tokens are counted (reported, and by no descendant)",
    "input_tokens": "tokens in",
    "output_tokens": "tokens out",
    "total_tokens": "tokens in and out",
    "cached_tokens": "input tokens read from a cache",
    "cache_write_tokens": "input tokens written to a cache",
    "reasoning_tokens": "output tokens of reasoning",
    "cost": "(number) its cost",
    "cost_input": "(number) the part of its cost that is for tokens in",
    "cost_output": "(number) the part of its cost that is for tokens out",
    "unpriced": "(flag) it used tokens at an unknown price",
    "estimated": "(flag) its cost comes from a price table",
    "model": "(text) its model",
    "provider": "(text) its model's provider",
    "tool": "(text) its tool",
    "agent": "(text) its agent",
    "prompt": "(text) its prompt, as name@version where it has a version",
    "error": "(text) of a failed span, its error type",
}
_SCORE = {
    "score": "(text) the score's name",
    "score_kind": "(text) thumb, number, category or text",
    "value": "(number) of a thumb 1 up, 0 down",
    "label": "(text) of a category",
    "source": "(text) person, user, code, model or unknown",
    "author": "(text) who judged",
}
_SESSION = {
    "turns": "traces",
    "duration_ns": "from the first trace's start to the last end",
    "failed": "(flag) some trace of it failed",
    "abandoned": "(flag) its last trace failed, or was given a thumb down",
    "rephrased": "turns whose input says nearly what the turn before asked",
    "total_tokens": "tokens in and out",
    "cost": "(number) known costs",
}
_RETRIEVAL = {
    "duration_ns": "how long the search took",
    "documents": "documents found",
    "scored": "documents with a score",
    "best_score": "(number) the highest score among them",
    "mean_score": "(number) the mean of their scores",
    "failed": "(flag) it ended with an error",
}

COLUMNS: Mapping[Grain, Mapping[str, str]] = MappingProxyType(
    {
        Grain.TRACE: _TRACE,
        Grain.SPAN: _SPAN,
        Grain.SCORE: _SCORE,
        Grain.SESSION: _SESSION,
        Grain.RETRIEVAL: _RETRIEVAL,
    }
)


class ColumnType(StrEnum):
    """What the values of a column are."""

    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A field to group by. `field` is a name of the filter language where groups can be filtered for, and `filter` says
    so. `several`: a trace can be in more than one group, so that groups do not add up to the whole. `span`: it is about
    single spans; grouped by it, traces count where any of their spans has the value."""

    field: str
    title: str
    filter: bool = True
    several: bool = False
    span: bool = False


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("name", "Trace name"),
    Dimension("status", "Status"),
    Dimension("env", "Environment"),
    Dimension("version", "Version"),
    Dimension("user", "User"),
    Dimension("session", "Session"),
    Dimension("thumb", "Thumb"),
    Dimension("model", "Model", several=True, span=True),
    Dimension("prompt", "Prompt and version", several=True, span=True),
    Dimension("tool", "Tool", several=True, span=True),
    Dimension("kind", "Span kind", several=True, span=True),
    Dimension("span", "Span name", several=True, span=True),
    Dimension("error", "Error type", several=True, span=True),
    Dimension("category", "Error category", several=True, span=True),
    Dimension("provider", "Provider", filter=False, several=True, span=True),
    Dimension("agent", "Agent", filter=False, several=True, span=True),
    Dimension("tag", "Tag", several=True),
    Dimension("users", "New or returning user", filter=False),
    Dimension("week", "Week the user was first seen", filter=False),
    # of scores and retrievals only
    Dimension("score", "Score", filter=False, several=True, span=True),
    Dimension("label", "Score label", filter=False, several=True, span=True),
    Dimension("source", "Score source", filter=False, several=True, span=True),
)
_BY_FIELD = {dimension.field: dimension for dimension in DIMENSIONS}
ATTRIBUTE = "attr."


def type_of(grain: Grain, column: str) -> ColumnType | None:
    """What is in a column of a grain; a numeric attribute of spans is a NUMBER. None where there is no such column."""
    if grain is Grain.SPAN and column.startswith(ATTRIBUTE) and len(column) > len(ATTRIBUTE):
        return ColumnType.NUMBER
    meaning = COLUMNS[grain].get(column)
    if meaning is None:
        return None
    marked = meaning.partition(")")[0].removeprefix("(") if meaning.startswith("(") else ColumnType.INTEGER.value
    return ColumnType(marked)


def find_dimension(field: str) -> Dimension | None:
    """The dimension of a field, or of `attr.KEY`: the span's own value, else its trace's root's, else that of the first
    span of the trace that has it."""
    if field.startswith(ATTRIBUTE) and len(field) > len(ATTRIBUTE):
        return Dimension(field, field[len(ATTRIBUTE) :], several=True, span=True)
    return _BY_FIELD.get(field)
