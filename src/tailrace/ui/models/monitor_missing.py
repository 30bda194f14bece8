"""Why a measure has no figure: which part of the data is not there, and where it would come from."""

from __future__ import annotations

from collections.abc import Sequence

from tailrace.model.facts import ATTRIBUTE
from tailrace.model.measures import Aggregate, Grain, Is, Measure, aggregates_of

_COLUMNS = {
    "cost": "No costs in this data: no span says what it cost, and no price is known for the models it names.",
    "cost_input": "No costs of input in this data: no price is known for the models it names.",
    "cost_output": "No costs of output in this data: no price is known for the models it names.",
    "ttft_ns": "No time to first token in this data: no model call has gen_ai.response.time_to_first_chunk, "
    "gen_ai.server.time_to_first_token or a first-token event.",
    "tpot_ns": "No time per output token in this data: it needs the time to first token and the output tokens of "
    "model calls.",
    "tokens_per_second": "No tokens per second in this data: no model call has gen_ai.usage.output_tokens.",
    "input_tokens": "No token counts in this data: no span has gen_ai.usage.input_tokens.",
    "output_tokens": "No token counts in this data: no span has gen_ai.usage.output_tokens.",
    "total_tokens": "No token counts in this data: no span has gen_ai.usage.input_tokens or output_tokens.",
    "cached_tokens": "No counts of cached tokens in this data: no span has gen_ai.usage.cache_read.input_tokens.",
    "reasoning_tokens": "No counts of reasoning tokens in this data: no span has gen_ai.usage.reasoning.output_tokens.",
    "thumb": "No thumbs yet: give one on the Traces page, or import users' feedback as scores.",
    "agent_steps": "No agents in this data: no span is of the kind agent.",
    "loop_depth": "No tools in this data: no span is of the kind tool.",
    "user": "No users in this data: no trace has user.id.",
    "session": "No sessions in this data: no trace has session.id or gen_ai.conversation.id.",
}
_DOCUMENTS = "No scores of documents in this data: no retrieved document has document.score."
_OF_GRAINS = {(Grain.RETRIEVAL, "best_score"): _DOCUMENTS, (Grain.RETRIEVAL, "mean_score"): _DOCUMENTS}
_GRAINS = {
    Grain.SCORE: "No scores in this data yet: give some on the Review page, or import them.",
    Grain.SESSION: "No sessions in this data: no trace has session.id or gen_ai.conversation.id.",
    Grain.RETRIEVAL: "No searches for documents in this data: no span is of the kind retriever.",
}
_KINDS = {
    "llm": "No model calls in this data: no span is of the kind llm.",
    "tool": "No tools in this data: no span is of the kind tool.",
    "agent": "No agents in this data: no span is of the kind agent.",
}


def missing_words(measures: Sequence[Measure]) -> str:
    """Why none of these measures has a figure, though there are traces."""
    for measure in measures:
        for aggregate in aggregates_of(measure.expression):
            if words := missing(aggregate):
                return words
    names = " or ".join(measure.title.lower() for measure in measures[:3])
    return f"No figures of {names} in this data."


def missing(aggregate: Aggregate) -> str:
    """What an aggregate finds nothing of; empty where it could be anything."""
    column = aggregate.column
    if column.startswith(ATTRIBUTE):
        return f"No numbers in this data under the attribute {column.removeprefix(ATTRIBUTE)}."
    named = {where.column: where.value for where in aggregate.where if where.compare is Is.EQ}
    if aggregate.grain is Grain.SCORE and "score" in named:
        return f"No scores called “{named['score']}” in this data."
    if words := _OF_GRAINS.get((aggregate.grain, column)):
        return words
    if aggregate.grain in _GRAINS:
        return _GRAINS[aggregate.grain]
    return _COLUMNS.get(column) or _KINDS.get(str(named.get("kind", "")), "")
