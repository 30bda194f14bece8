"""Which attribute gives which field of a span, best first, over all conventions; and which word means which kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, Final

from tailrace.model import SpanKind
from tailrace.semconv.values import (
    read_amount,
    read_content,
    read_count,
    read_error_type,
    read_provider,
    read_tags,
    read_text,
    read_tier,
)

Reader = Callable[[object], Any]


class Field(IntEnum):
    """The slots of a span that attributes fill."""

    KIND = 0
    MODEL = 1
    PROVIDER = 2
    TOOL = 3
    AGENT = 4
    ENTITY = 5  # the name of the tool or agent, which one the kind says
    PROMPT_NAME = 6
    PROMPT_VERSION = 7
    SESSION = 8
    USER = 9
    ENVIRONMENT = 10
    VERSION = 11
    TAGS = 12
    ERROR = 13
    TTFT_S = 14
    TTFT_MS = 15
    FIRST_TOKEN_AT = 16
    INPUT = 17
    OUTPUT = 18
    TOKENS_IN = 19
    TOKENS_OUT = 20
    TOKENS_TOTAL = 21
    CACHE_READ = 22
    CACHE_WRITE = 23
    REASONING = 24
    USAGE_JSON = 25
    COST = 26
    COST_IN = 27
    COST_OUT = 28
    COST_JSON = 29
    LEVEL = 30
    STATUS_MESSAGE = 31
    PARAMETERS = 32
    AUDIO_IN = 33
    AUDIO_OUT = 34
    SERVICE_TIER = 35


_LLM, _TOOL, _AGENT, _CHAIN = SpanKind.LLM, SpanKind.TOOL, SpanKind.AGENT, SpanKind.CHAIN
_EMBEDDING, _RETRIEVER, _RERANKER = SpanKind.EMBEDDING, SpanKind.RETRIEVER, SpanKind.RERANKER
_OWN_WORDS: Final = {kind.value: kind for kind in SpanKind if kind is not SpanKind.UNKNOWN}

# Attribute -> what its words mean, best first. A word that is not here says nothing, the next attribute is asked; where
# none knows, the kind is UNKNOWN: a span of other instrumentation in the same trace is not guessed at.
KINDS: Final[tuple[tuple[str, Mapping[str, SpanKind]], ...]] = (
    (
        "gen_ai.operation.name",
        {
            "chat": _LLM,
            "generate_content": _LLM,
            "text_completion": _LLM,
            "completion": _LLM,
            "responses": _LLM,
            "image_generation": _LLM,
            "embeddings": _EMBEDDING,
            "embedding": _EMBEDDING,
            "rerank": _RERANKER,
            "retrieval": _RETRIEVER,
            "search_memory": _RETRIEVER,
            "execute_tool": _TOOL,
            "create_agent": _AGENT,
            "invoke_agent": _AGENT,
            "invoke_workflow": _CHAIN,
            "plan": _CHAIN,
        },
    ),
    ("openinference.span.kind", _OWN_WORDS),
    ("traceloop.span.kind", {"workflow": _CHAIN, "task": _CHAIN, "agent": _AGENT, "tool": _TOOL}),
    ("langfuse.observation.type", {**_OWN_WORDS, "generation": _LLM}),
    (
        "ai.operationId",
        {
            # the outer spans hold the loop over steps; each step's model call is a do… span below
            "ai.generatetext": _AGENT,
            "ai.streamtext": _AGENT,
            "ai.generateobject": _CHAIN,
            "ai.streamobject": _CHAIN,
            "ai.embed": _CHAIN,
            "ai.embedmany": _CHAIN,
            "ai.generatetext.dogenerate": _LLM,
            "ai.streamtext.dostream": _LLM,
            "ai.generateobject.dogenerate": _LLM,
            "ai.streamobject.dostream": _LLM,
            "ai.embed.doembed": _EMBEDDING,
            "ai.embedmany.doembed": _EMBEDDING,
            "ai.rerank": _CHAIN,
            "ai.rerank.dorerank": _RERANKER,
            "ai.toolcall": _TOOL,
        },
    ),
    (
        "llm.request.type",
        {"chat": _LLM, "completion": _LLM, "embedding": _EMBEDDING, "rerank": _RERANKER},
    ),
)

# Where no word says the kind, the mere presence of these does: their conventions put them on such spans only.
KIND_BY_PRESENCE: Final[tuple[tuple[str, SpanKind], ...]] = (
    ("pydantic_ai.all_messages", _AGENT),
    ("all_messages_events", _AGENT),
    ("gen_ai.tool.call.id", _TOOL),
    ("gen_ai.tool.name", _TOOL),
    ("gen_ai.completion.0.role", _LLM),
    ("gen_ai.response.model", _LLM),
    ("gen_ai.request.model", _LLM),
)

# Field -> (how to read it, the attributes that give it, best first). An attribute with an unsound value is passed over.
CANDIDATES: Final[Mapping[Field, tuple[Reader, tuple[str, ...]]]] = {
    Field.MODEL: (
        read_text,
        (
            "gen_ai.response.model",
            "ai.response.model",
            "llm.response.model_name",
            "llm.model_name",
            "langfuse.observation.model.name",
            "gen_ai.request.model",
            "llm.request.model_name",
            "ai.model.id",
            "embedding.model_name",
            "reranker.model_name",
            "model_name",
        ),
    ),
    Field.PROVIDER: (
        read_provider,
        ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider"),
    ),
    Field.TOOL: (read_text, ("gen_ai.tool.name", "tool.name", "ai.toolCall.name")),
    Field.AGENT: (read_text, ("gen_ai.agent.name", "agent.name", "agent_name")),
    Field.ENTITY: (read_text, ("traceloop.entity.name",)),
    Field.PROMPT_NAME: (
        read_text,
        (
            "gen_ai.prompt.name",
            "langfuse.observation.prompt.name",
            "traceloop.prompt.key",
            "prompt.id",
            "ai.telemetry.metadata.promptName",
        ),
    ),
    Field.PROMPT_VERSION: (
        read_text,
        (
            "gen_ai.prompt.version",
            "llm.prompt_template.version",
            "langfuse.observation.prompt.version",
            "traceloop.prompt.version",
            "app.prompt.version",
            "ai.telemetry.metadata.promptVersion",
        ),
    ),
    Field.SESSION: (
        read_text,
        (
            "session.id",
            "langfuse.session.id",
            "gen_ai.conversation.id",
            "traceloop.association.properties.session_id",
            "traceloop.association.properties.thread_id",
            "traceloop.association.properties.chat_id",
            "ai.telemetry.metadata.sessionId",
            "ai.telemetry.metadata.session_id",
        ),
    ),
    Field.USER: (
        read_text,
        (
            "user.id",
            "langfuse.user.id",
            "enduser.id",
            "traceloop.association.properties.user_id",
            "ai.telemetry.metadata.userId",
            "ai.telemetry.metadata.user_id",
        ),
    ),
    Field.ENVIRONMENT: (
        read_text,
        ("langfuse.environment", "deployment.environment.name", "deployment.environment"),
    ),
    Field.VERSION: (read_text, ("langfuse.release", "langfuse.version", "service.version")),
    Field.TAGS: (read_tags, ("tag.tags", "langfuse.trace.tags", "logfire.tags", "ai.telemetry.metadata.tags")),
    Field.ERROR: (read_error_type, ("error.type",)),
    Field.TTFT_S: (read_amount, ("gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token")),
    Field.TTFT_MS: (read_amount, ("ai.response.msToFirstChunk", "ai.stream.msToFirstChunk")),
    Field.FIRST_TOKEN_AT: (read_text, ("langfuse.observation.completion_start_time",)),
    Field.INPUT: (
        read_content,
        (
            "gen_ai.input.messages",
            "langfuse.observation.input",
            "input.value",
            "traceloop.entity.input",
            "ai.prompt.messages",
            "ai.prompt",
            "gen_ai.tool.call.arguments",
            "ai.toolCall.args",
            "pydantic_ai.all_messages",
            "all_messages_events",
            "tool_arguments",
            "gen_ai.retrieval.query.text",
            "reranker.query",
            "ai.value",
            "ai.values",
            "gen_ai.prompt",
            "request_data",
            "tool.parameters",
            "langfuse.trace.input",
            "input",
        ),
    ),
    Field.OUTPUT: (
        read_content,
        (
            "gen_ai.output.messages",
            "langfuse.observation.output",
            "output.value",
            "traceloop.entity.output",
            "ai.response.text",
            "ai.response.object",
            "ai.response.toolCalls",
            "gen_ai.tool.call.result",
            "ai.toolCall.result",
            "final_result",
            "tool_response",
            "gen_ai.retrieval.documents",
            "gen_ai.completion",
            "response_data",
            "langfuse.trace.output",
            "output",
        ),
    ),
    Field.TOKENS_IN: (
        read_count,
        (
            "gen_ai.usage.input_tokens",
            "llm.token_count.prompt",
            "gen_ai.usage.prompt_tokens",
            "ai.usage.inputTokens",
            "ai.usage.promptTokens",
            "ai.usage.tokens",
            "llm.usage.prompt_tokens",
            "gen_ai.aggregated_usage.input_tokens",
        ),
    ),
    Field.TOKENS_OUT: (
        read_count,
        (
            "gen_ai.usage.output_tokens",
            "llm.token_count.completion",
            "gen_ai.usage.completion_tokens",
            "ai.usage.outputTokens",
            "ai.usage.completionTokens",
            "llm.usage.completion_tokens",
            "gen_ai.aggregated_usage.output_tokens",
        ),
    ),
    Field.TOKENS_TOTAL: (
        read_count,
        ("gen_ai.usage.total_tokens", "llm.token_count.total", "llm.usage.total_tokens", "ai.usage.totalTokens"),
    ),
    Field.CACHE_READ: (
        read_count,
        (
            "gen_ai.usage.cache_read.input_tokens",
            "llm.token_count.prompt_details.cache_read",
            "gen_ai.usage.cache_read_input_tokens",
            "gen_ai.usage.details.cache_read_tokens",
            "ai.usage.cachedInputTokens",
            "ai.usage.inputTokenDetails.cacheReadTokens",
            "llm.token_count.prompt_details.cache_input",
            "gen_ai.aggregated_usage.cache_read.input_tokens",
            "gen_ai.aggregated_usage.details.cache_read_tokens",
        ),
    ),
    Field.CACHE_WRITE: (
        read_count,
        (
            "gen_ai.usage.cache_creation.input_tokens",
            "llm.token_count.prompt_details.cache_write",
            "gen_ai.usage.cache_creation_input_tokens",
            "gen_ai.usage.details.cache_write_tokens",
            "ai.usage.inputTokenDetails.cacheWriteTokens",
            "gen_ai.aggregated_usage.cache_creation.input_tokens",
            "gen_ai.aggregated_usage.details.cache_write_tokens",
        ),
    ),
    Field.REASONING: (
        read_count,
        (
            "gen_ai.usage.reasoning.output_tokens",
            "llm.token_count.completion_details.reasoning",
            "gen_ai.usage.reasoning_tokens",
            "gen_ai.usage.details.reasoning_tokens",
            "ai.usage.reasoningTokens",
            "ai.usage.outputTokenDetails.reasoningTokens",
            "gen_ai.aggregated_usage.reasoning.output_tokens",
            "gen_ai.aggregated_usage.details.reasoning_tokens",
        ),
    ),
    Field.USAGE_JSON: (read_content, ("langfuse.observation.usage_details",)),
    Field.COST: (
        read_amount,
        (
            "llm.cost.total",
            "gen_ai.usage.cost",
            "gen_ai.usage.total_cost",
            "gen_ai.cost.total_cost",
            "gen_ai.cost",
            "operation.cost",
        ),
    ),
    Field.COST_IN: (read_amount, ("llm.cost.prompt", "gen_ai.usage.input_cost", "gen_ai.cost.input_cost")),
    Field.COST_OUT: (read_amount, ("llm.cost.completion", "gen_ai.usage.output_cost", "gen_ai.cost.output_cost")),
    Field.COST_JSON: (read_content, ("langfuse.observation.cost_details",)),
    Field.LEVEL: (read_text, ("langfuse.observation.level", "logfire.level_num")),
    Field.STATUS_MESSAGE: (read_text, ("langfuse.observation.status_message",)),
    Field.PARAMETERS: (
        read_content,
        (
            "llm.invocation_parameters",
            "embedding.invocation_parameters",
            "langfuse.observation.model.parameters",
        ),
    ),
    Field.AUDIO_IN: (
        read_count,
        (
            "gen_ai.usage.audio.input_tokens",
            "llm.token_count.prompt_details.audio",
            "gen_ai.usage.input_audio_tokens",
            "gen_ai.usage.details.input_audio_tokens",
        ),
    ),
    Field.AUDIO_OUT: (
        read_count,
        (
            "gen_ai.usage.audio.output_tokens",
            "llm.token_count.completion_details.audio",
            "gen_ai.usage.output_audio_tokens",
            "gen_ai.usage.details.output_audio_tokens",
        ),
    ),
    # how it was served before how it was asked to be
    Field.SERVICE_TIER: (
        read_tier,
        (
            "openai.response.service_tier",
            "gen_ai.openai.response.service_tier",
            "anthropic.response.service_tier",
            "gen_ai.response.service_tier",
            "gen_ai.anthropic.service_tier",
            "openai.request.service_tier",
            "gen_ai.openai.request.service_tier",
            "anthropic.request.service_tier",
            "gen_ai.request.service_tier",
        ),
    ),
}

FIRST_TOKEN_EVENTS: Final = frozenset(
    {
        "First Token Stream Event",
        "gen_ai.first_token",
        "gen_ai.content.completion.chunk",
        "llm.content.completion.chunk",
        "ai.stream.firstChunk",
    }
)

# The attributes whose values are in fields of spans: what is asked of these fields need not be asked of them too. Not
# the words of messages, and not what says more than one field.
_UNNAMED: Final = (Field.ENTITY, Field.INPUT, Field.OUTPUT, Field.LEVEL, Field.STATUS_MESSAGE, Field.PARAMETERS)
FIELD_KEYS: Final = frozenset(
    {
        *(key for key, _ in KINDS),
        *(key for field, (_, keys) in CANDIDATES.items() if field not in _UNNAMED for key in keys),
    }
)
