"""Each typed field, convention by convention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tailrace.model import Cost, Event, Span, SpanKind, SpanStatus, Usage

Made = Callable[..., Span]


@pytest.mark.parametrize(
    ("key", "word", "kind"),
    [
        ("gen_ai.operation.name", "chat", "llm"),
        ("gen_ai.operation.name", "generate_content", "llm"),
        ("gen_ai.operation.name", "text_completion", "llm"),
        ("gen_ai.operation.name", "embeddings", "embedding"),
        ("gen_ai.operation.name", "retrieval", "retriever"),
        ("gen_ai.operation.name", "execute_tool", "tool"),
        ("gen_ai.operation.name", "create_agent", "agent"),
        ("gen_ai.operation.name", "invoke_agent", "agent"),
        ("gen_ai.operation.name", "invoke_workflow", "chain"),
        ("gen_ai.operation.name", "delete_memory", "unknown"),
        ("openinference.span.kind", "LLM", "llm"),
        ("openinference.span.kind", "llm", "llm"),
        ("openinference.span.kind", " Reranker ", "reranker"),
        ("openinference.span.kind", "GUARDRAIL", "guardrail"),
        ("openinference.span.kind", "EVALUATOR", "evaluator"),
        ("openinference.span.kind", "PROMPT", "prompt"),
        ("openinference.span.kind", "DECISION", "unknown"),
        ("openinference.span.kind", 7, "unknown"),
        ("traceloop.span.kind", "workflow", "chain"),
        ("traceloop.span.kind", "task", "chain"),
        ("traceloop.span.kind", "agent", "agent"),
        ("traceloop.span.kind", "tool", "tool"),
        ("langfuse.observation.type", "generation", "llm"),
        ("langfuse.observation.type", "span", "unknown"),
        ("langfuse.observation.type", "event", "unknown"),
        ("langfuse.observation.type", "retriever", "retriever"),
        ("ai.operationId", "ai.streamText", "agent"),
        ("ai.operationId", "ai.streamText.doStream", "llm"),
        ("ai.operationId", "ai.embedMany.doEmbed", "embedding"),
        ("ai.operationId", "ai.toolCall", "tool"),
        ("llm.request.type", "rerank", "reranker"),
        ("http.request.method", "GET", "unknown"),
        ("db.system", "postgresql", "unknown"),
    ],
)
def test_a_kind_is_what_the_convention_says(made: Made, key: str, word: object, kind: str) -> None:
    assert made({key: word}).kind == SpanKind(kind)


def test_a_word_nobody_knows_leaves_the_say_to_the_next_convention(made: Made) -> None:
    assert made({"gen_ai.operation.name": "ponder", "openinference.span.kind": "AGENT"}).kind is SpanKind.AGENT
    assert made({"gen_ai.operation.name": "chat", "openinference.span.kind": "AGENT"}).kind is SpanKind.LLM


def test_an_importer_that_knows_the_kind_is_believed(made: Made) -> None:
    assert made({"openinference.span.kind": "AGENT"}, kind=SpanKind.TOOL).kind is SpanKind.TOOL


@pytest.mark.parametrize(
    ("attributes", "usage"),
    [
        ({"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5}, Usage(10, 5, 15)),
        (
            {"gen_ai.usage.prompt_tokens": 10, "gen_ai.usage.completion_tokens": 5, "llm.usage.total_tokens": 16},
            Usage(10, 5, 16),
        ),
        (
            {
                "gen_ai.usage.input_tokens": 10,
                "gen_ai.usage.output_tokens": 5,
                "gen_ai.usage.cache_read.input_tokens": 4,
                "gen_ai.usage.cache_creation.input_tokens": 3,
                "gen_ai.usage.reasoning.output_tokens": 2,
            },
            Usage(10, 5, 15, 4, 3, 2),
        ),
        (
            {
                "llm.token_count.prompt": 10,
                "llm.token_count.completion": 5,
                "llm.token_count.total": 15,
                "llm.token_count.prompt_details.cache_read": 4,
                "llm.token_count.prompt_details.cache_write": 3,
                "llm.token_count.completion_details.reasoning": 2,
            },
            Usage(10, 5, 15, 4, 3, 2),
        ),
        (
            {"ai.usage.inputTokens": 10, "ai.usage.outputTokens": 5, "ai.usage.cachedInputTokens": 4},
            Usage(10, 5, 15, 4),
        ),
        ({"ai.usage.promptTokens": 10, "ai.usage.completionTokens": 5}, Usage(10, 5, 15)),
        ({"ai.usage.tokens": 12}, Usage(12, None, 12)),
        ({"gen_ai.aggregated_usage.input_tokens": 7, "gen_ai.aggregated_usage.output_tokens": 1}, Usage(7, 1, 8)),
        ({"llm.token_count.total": 9}, Usage(None, None, 9)),
        ({"gen_ai.usage.output_tokens": 5}, Usage(None, 5, 5)),
        ({"gen_ai.usage.input_tokens": "10", "gen_ai.usage.output_tokens": 5.0}, Usage(10, 5, 15)),
        ({"gen_ai.usage.input_tokens": -1, "llm.token_count.prompt": 3}, Usage(3, None, 3)),
        ({"gen_ai.usage.input_tokens": float("nan")}, None),
        ({"gen_ai.usage.input_tokens": [1]}, None),
        ({"gen_ai.usage.input_tokens": True}, None),
        ({"gen_ai.usage.input_tokens": 10**30}, None),
        # Langfuse's counts are disjoint
        (
            {
                "langfuse.observation.usage_details": '{"input": 100, "output": 20, "input_cached_tokens": 300, '
                '"output_reasoning": 5, "total": 425}'
            },
            Usage(400, 25, 425, 300, None, 5),
        ),
        (
            {
                "langfuse.observation.usage_details": {
                    "input": 1,
                    "cache_creation_input_tokens": 2,
                    "cache_read_input_tokens": 3,
                    "output": 4,
                }
            },
            Usage(6, 4, 10, 3, 2),
        ),
        (
            {
                "langfuse.observation.usage_details": '{"prompt_tokens": 10, "completion_tokens": 5, '
                '"total_tokens": 15, "prompt_tokens_details": {"cached_tokens": 4}}'
            },
            Usage(10, 5, 15, 4),
        ),
        ({"langfuse.observation.usage_details": "not json"}, None),
        ({"langfuse.observation.usage_details": "[1]"}, None),
    ],
)
def test_usage_is_counted_alike(made: Made, attributes: dict[str, Any], usage: Usage | None) -> None:
    assert made(attributes).usage == usage


@pytest.mark.parametrize(
    ("attributes", "cost"),
    [
        (
            {"llm.cost.total": 0.5, "llm.cost.prompt": 0.3, "llm.cost.completion": 0.2},
            Cost(0.5, input=0.3, output=0.2, detail="llm.cost.total"),
        ),
        (
            {"llm.cost.prompt": 0.25, "llm.cost.completion": 0.5},
            Cost(0.75, input=0.25, output=0.5, detail="llm.cost.prompt"),
        ),
        ({"gen_ai.usage.cost": "0.5"}, Cost(0.5, detail="gen_ai.usage.cost")),
        ({"operation.cost": 0.000255}, Cost(0.000255, detail="operation.cost")),
        ({"operation.cost": 0}, Cost(0.0, detail="operation.cost")),
        (
            {"langfuse.observation.cost_details": '{"input": 0.25, "output": 0.5}'},
            Cost(0.75, input=0.25, output=0.5, detail="langfuse.observation.cost_details"),
        ),
        (
            {"langfuse.observation.cost_details": '{"input": 0.25, "total": 1}'},
            Cost(1.0, input=0.25, detail="langfuse.observation.cost_details"),
        ),
        ({"llm.cost.total": -1.0}, None),
        ({"llm.cost.total": float("inf")}, None),
        ({"langfuse.observation.cost_details": "{}"}, None),
    ],
)
def test_a_cost_in_the_file_says_its_attribute(made: Made, attributes: dict[str, Any], cost: Cost | None) -> None:
    assert made(attributes).cost == cost


@pytest.mark.parametrize(
    ("attributes", "event", "ttft_ns"),
    [
        ({"gen_ai.response.time_to_first_chunk": 0.25}, None, 250_000_000),
        ({"ai.response.msToFirstChunk": 25.5}, None, 25_500_000),
        ({"langfuse.observation.completion_start_time": '"1970-01-01T00:00:01.500Z"'}, None, 500_000_000),
        ({"langfuse.observation.completion_start_time": "soon"}, None, None),
        ({}, "First Token Stream Event", 40),
        ({}, "gen_ai.first_token", 40),
        ({}, "gen_ai.content.completion.chunk", 40),
        ({}, "llm.content.completion.chunk", 40),
        ({}, "something else", None),
        ({"gen_ai.response.time_to_first_chunk": -0.25}, None, None),
        ({"gen_ai.response.time_to_first_chunk": 1e300}, None, None),
    ],
)
def test_the_first_token_is_found(
    made: Made, attributes: dict[str, Any], event: str | None, ttft_ns: int | None
) -> None:
    events = () if event is None else (Event(event, 1_000_000_040), Event(event, 1_000_000_090))
    assert made(attributes, events=events).ttft_ns == ttft_ns


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("<class 'openai.RateLimitError'>", "RateLimitError"),
        ("openai.RateLimitError", "RateLimitError"),
        ("RateLimitError", "RateLimitError"),
        ("java.net.UnknownHostException", "UnknownHostException"),
        ("500", "500"),
        (503, "503"),
        ("timeout", "timeout"),
        ("not a name. At all", "not a name. At all"),
        ("", None),
        (None, None),
    ],
)
def test_an_error_has_its_bare_name(made: Made, value: object, error: str | None) -> None:
    assert made({"error.type": value}, status=SpanStatus.ERROR).error_type == error
    exception = Event("exception", 5, {"exception.type": value})
    assert made({}, status=SpanStatus.ERROR, events=(exception,)).error_type == error


def test_an_exception_that_was_handled_is_no_error(made: Made) -> None:
    exception = Event("exception", 5, {"exception.type": "ValueError"})
    assert made({}, status=SpanStatus.OK, events=(exception,)).error_type is None


@pytest.mark.parametrize(
    ("attributes", "before", "after"),
    [
        ({"langfuse.observation.level": "ERROR"}, SpanStatus.UNSET, SpanStatus.ERROR),
        ({"langfuse.observation.level": "WARNING"}, SpanStatus.UNSET, SpanStatus.UNSET),
        ({"langfuse.observation.level": "ERROR"}, SpanStatus.OK, SpanStatus.OK),
        ({"logfire.level_num": 17}, SpanStatus.UNSET, SpanStatus.ERROR),
        ({"logfire.level_num": 13}, SpanStatus.UNSET, SpanStatus.UNSET),
        ({"logfire.level_num": "x"}, SpanStatus.UNSET, SpanStatus.UNSET),
    ],
)
def test_a_level_of_error_is_an_error_where_the_status_is_unset(
    made: Made, attributes: dict[str, Any], before: SpanStatus, after: SpanStatus
) -> None:
    assert made(attributes, status=before).status is after


@pytest.mark.parametrize(
    ("said", "provider"),
    [
        ("OpenAI", "openai"),
        ("openai.chat", "openai"),
        ("aws.bedrock", "aws.bedrock"),
        ("gcp.gemini", "gcp.gemini"),
        ("az.ai.openai", "az.ai.openai"),
        ("anthropic.messages", "anthropic"),
        ("x_ai", "x_ai"),
    ],
)
def test_providers_have_one_spelling(made: Made, said: str, provider: str) -> None:
    assert made({"gen_ai.system": said}).provider == provider


@pytest.mark.parametrize(
    ("attributes", "tags"),
    [
        ({"tag.tags": ["a", "b"]}, ("a", "b")),
        ({"tag.tags": '["a", "b"]'}, ("a", "b")),
        ({"langfuse.trace.tags": ["a", 1, "a", ""]}, ("a",)),
        ({"logfire.tags": "a, b"}, ("a", "b")),
        ({"tag.tags": 7}, ()),
        ({}, ()),
    ],
)
def test_tags_are_texts(made: Made, attributes: dict[str, Any], tags: tuple[str, ...]) -> None:
    assert made(attributes).tags == tags


@pytest.mark.parametrize(
    ("attributes", "field", "value"),
    [
        ({"gen_ai.response.model": "b", "gen_ai.request.model": "a"}, "model", "b"),
        ({"gen_ai.response.model": 5.5, "gen_ai.request.model": "a"}, "model", "5.5"),
        ({"gen_ai.response.model": [], "gen_ai.request.model": "a"}, "model", "a"),
        ({"llm.invocation_parameters": '{"model": "a"}'}, "model", "a"),
        ({"llm.invocation_parameters": '{"model": ["a"]}'}, "model", None),
        ({"embedding.model_name": "e"}, "model", "e"),
        ({"traceloop.association.properties.session_id": "s"}, "session_id", "s"),
        ({"gen_ai.conversation.id": "c", "session.id": "s"}, "session_id", "s"),
        ({"ai.telemetry.metadata.userId": "u"}, "user_id", "u"),
        ({"enduser.id": "e"}, "user_id", "e"),
        ({"langfuse.environment": "staging"}, "environment", "staging"),
        ({"langfuse.release": "v2"}, "version", "v2"),
        ({"traceloop.prompt.key": "k"}, "prompt_name", "k"),
        ({"langfuse.observation.prompt.version": 3}, "prompt_version", "3"),
        ({"traceloop.span.kind": "tool", "traceloop.entity.name": "t"}, "tool_name", "t"),
        ({"traceloop.span.kind": "agent", "traceloop.entity.name": "t"}, "agent_name", "t"),
        ({"traceloop.span.kind": "task", "traceloop.entity.name": "t"}, "tool_name", None),
        ({"openinference.span.kind": "TOOL"}, "tool_name", "work"),
        ({"gen_ai.operation.name": "execute_tool"}, "tool_name", None),
    ],
)
def test_a_field_is_found(made: Made, attributes: dict[str, Any], field: str, value: str | None) -> None:
    assert getattr(made(attributes), field) == value


def test_the_resource_gives_environment_and_version(made: Made) -> None:
    span = made({}, resource={"deployment.environment": "dev", "service.version": "1.0"})
    assert (span.environment, span.version) == ("dev", "1.0")
    assert made({}, resource={"deployment.environment": ["x"], "service.version": None}).environment is None


def test_the_text_that_is_the_input_moves_and_comes_back(made: Made) -> None:
    attributes = {"input.value": "hello", "output.value": "hi", "other": 1}
    span = made(dict(attributes))
    assert (span.input, span.input_key, span.output, span.output_key) == ("hello", "input.value", "hi", "output.value")
    assert span.attributes == {"other": 1}
    assert span.all_attributes() == attributes


def test_a_structured_input_stays_and_is_rendered(made: Made) -> None:
    messages = [{"role": "user", "parts": [{"type": "text", "content": "ü"}]}]
    span = made({"gen_ai.input.messages": messages})
    assert span.input == '[{"role":"user","parts":[{"type":"text","content":"ü"}]}]'
    assert span.input_key is None
    assert span.attributes == {"gen_ai.input.messages": messages}


def test_flattened_messages_are_rendered_where_no_text_is_the_input(made: Made) -> None:
    flat = {
        "llm.input_messages.10.message.role": "user",
        "llm.input_messages.10.message.content": "second",
        "llm.input_messages.2.message.role": "user",
        "llm.input_messages.2.message.content": "first",
        "openinference.span.kind": "LLM",
    }
    span = made(flat)
    assert span.input_key is None
    assert span.input is not None
    assert span.input.index("first") < span.input.index("second")
    assert made({**flat, "input.value": "text"}).input == "text"


def test_documents_of_a_retriever_are_its_output(made: Made) -> None:
    span = made(
        {
            "openinference.span.kind": "RETRIEVER",
            "retrieval.documents.10.document.content": "last",
            "retrieval.documents.0.document.content": "first",
            "retrieval.documents.0.document.score": 0.5,
        }
    )
    assert span.output == '[{"content":"first","score":0.5},{"content":"last"}]'


@pytest.mark.parametrize("nothing", ["null", "[]", "{}", '""', "", [], {}, None])
def test_an_answer_with_nothing_in_it_is_none(made: Made, nothing: object) -> None:
    span = made({"traceloop.entity.output": nothing})
    assert span.output is None
    assert span.attributes == {"traceloop.entity.output": nothing}
