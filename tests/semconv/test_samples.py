"""Files that the named tools really wrote: every figure is read from the file in the plainest way and compared."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tailrace.model import (
    LogRecord,
    OtherPart,
    Role,
    Span,
    SpanKind,
    SpanStatus,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from tailrace.semconv import (
    content_of_logs,
    flatten_openinference,
    log_event,
    preview,
    read_conversation,
    read_documents,
    searchable,
)

Spans = Callable[[str], list[Span]]

LANGGRAPH = "otlp/langgraph-openinference.traces.jsonl"
OPENAI_OLD = "otlp/openai-v2-2.1b0.traces.jsonl"
OPENAI = "otlp/openai-v2.traces.jsonl"
OPENAI_LATEST = "otlp/openai-v2-latest.traces.jsonl"
OPENINFERENCE = "otlp/openinference.traces.jsonl"
PYDANTIC = "otlp/pydantic-ai-logfire.traces.jsonl"
OPENLLMETRY = "otlp/traceloop.traces.jsonl"
OPENLLMETRY_OLD = "otlp/traceloop-0.40.traces.jsonl"
TRACELOOP = "otlp/traceloop-sdk.traces.jsonl"
VERCEL = "otlp/vercel-ai-sdk.otlp-http-json.jsonl"
LANGFUSE = "langfuse/sdk-otlp/langfuse-sdk.traces.jsonl"
ALL = (
    LANGGRAPH, OPENAI_OLD, OPENAI, OPENAI_LATEST, OPENINFERENCE, PYDANTIC, OPENLLMETRY, OPENLLMETRY_OLD, TRACELOOP,
    VERCEL, LANGFUSE,
)  # fmt: skip

# How the kinds of a file's spans are said in it: kind -> spans, counted with grep
KINDS: dict[str, dict[str, int]] = {
    LANGGRAPH: {"chain": 14, "agent": 10, "llm": 8, "tool": 6, "retriever": 1, "prompt": 1},
    OPENAI_OLD: {"llm": 17, "unknown": 8, "tool": 6, "agent": 5, "chain": 3},
    OPENAI: {"llm": 17, "unknown": 8, "tool": 6, "agent": 5, "chain": 3, "embedding": 1},
    OPENAI_LATEST: {"llm": 17, "unknown": 8, "tool": 6, "agent": 5, "chain": 3, "embedding": 1},
    OPENINFERENCE: {"llm": 17, "tool": 6, "agent": 5, "chain": 5, "embedding": 1},
    PYDANTIC: {"unknown": 10, "llm": 7, "agent": 5, "tool": 4},
    OPENLLMETRY: {"llm": 17, "unknown": 8, "tool": 6, "agent": 5, "chain": 3, "embedding": 1},
    OPENLLMETRY_OLD: {"llm": 17, "unknown": 8, "tool": 6, "agent": 5, "chain": 3, "embedding": 1},
    TRACELOOP: {"llm": 17, "chain": 5, "tool": 6, "agent": 5, "embedding": 1},
    VERCEL: {"llm": 10, "agent": 6, "chain": 4, "tool": 2, "embedding": 2},
    LANGFUSE: {
        "llm": 40, "tool": 24, "agent": 11, "chain": 8, "guardrail": 6, "embedding": 5, "retriever": 5, "unknown": 2,
    },
}  # fmt: skip

# the attributes that hold the tokens of a file's spans; no span of it has two of one column
TOKENS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    LANGGRAPH: (("llm.token_count.prompt",), ("llm.token_count.completion",)),
    OPENAI_OLD: (("gen_ai.usage.input_tokens",), ("gen_ai.usage.output_tokens",)),
    OPENAI: (("gen_ai.usage.input_tokens",), ("gen_ai.usage.output_tokens",)),
    OPENAI_LATEST: (("gen_ai.usage.input_tokens",), ("gen_ai.usage.output_tokens",)),
    OPENINFERENCE: (("llm.token_count.prompt",), ("llm.token_count.completion",)),
    PYDANTIC: (
        ("gen_ai.usage.input_tokens", "gen_ai.aggregated_usage.input_tokens"),
        ("gen_ai.usage.output_tokens", "gen_ai.aggregated_usage.output_tokens"),
    ),
    OPENLLMETRY: (("gen_ai.usage.input_tokens",), ("gen_ai.usage.output_tokens",)),
    OPENLLMETRY_OLD: (("gen_ai.usage.prompt_tokens",), ("gen_ai.usage.completion_tokens",)),
    TRACELOOP: (("gen_ai.usage.input_tokens",), ("gen_ai.usage.output_tokens",)),
    VERCEL: (
        ("ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"),
        ("ai.usage.outputTokens", "ai.usage.completionTokens"),
    ),
}


@pytest.mark.parametrize("name", ALL)
def test_kinds_are_those_the_file_names(spans_of: Spans, name: str) -> None:
    assert Counter(span.kind.value for span in spans_of(name)) == KINDS[name]


@pytest.mark.parametrize("name", sorted(TOKENS))
def test_every_span_has_exactly_the_tokens_its_attributes_say(
    spans_of: Spans, raw_attributes: Callable[[str], dict[str, dict[str, Any]]], name: str
) -> None:
    raw = raw_attributes(name)
    keys_in, keys_out = TOKENS[name]
    counted = 0
    for span in spans_of(name):
        attributes = raw[span.span_id]
        tokens_in = next((attributes[key] for key in keys_in if key in attributes), None)
        tokens_out = next((attributes[key] for key in keys_out if key in attributes), None)
        if tokens_in is None and tokens_out is None:
            assert span.usage is None
            continue
        assert span.usage is not None
        assert (span.usage.input, span.usage.output) == (tokens_in, tokens_out)
        counted += 1
    assert counted >= 7


def test_langfuse_counts_are_disjoint_and_add_up_to_its_total(
    spans_of: Spans, raw_attributes: Callable[[str], dict[str, dict[str, Any]]]
) -> None:
    raw = raw_attributes(LANGFUSE)
    cached = 0
    for span in spans_of(LANGFUSE):
        text = raw[span.span_id].get("langfuse.observation.usage_details")
        if text is None:
            assert span.usage is None
            continue
        said = json.loads(text)
        assert span.usage is not None
        assert span.usage.total == said["total"]
        assert (span.usage.input or 0) + (span.usage.output or 0) == said["total"]
        assert span.usage.cache_read == said.get("input_cached_tokens")
        cached += span.usage.cache_read is not None
    assert cached > 0


def test_langfuse_costs_and_errors_are_found(spans_of: Spans) -> None:
    spans = spans_of(LANGFUSE)
    costs = [span.cost for span in spans if span.cost]
    assert len(costs) == 15
    assert all(cost.detail == "langfuse.observation.cost_details" for cost in costs)
    assert all(cost.total == pytest.approx((cost.input or 0) + (cost.output or 0)) for cost in costs)
    failed = [span for span in spans if span.status is SpanStatus.ERROR]
    assert len(failed) == 6
    assert all(span.status_message for span in failed)


def test_pydantic_ai_costs_come_from_the_file(spans_of: Spans) -> None:
    costs = [span.cost for span in spans_of(PYDANTIC) if span.cost]
    assert sum(cost.total for cost in costs) == pytest.approx(0.002085, abs=0.002)
    assert {cost.detail for cost in costs} == {"operation.cost"}
    assert all(span.kind is SpanKind.LLM for span in spans_of(PYDANTIC) if span.cost)


@pytest.mark.parametrize("name", ALL)
def test_every_model_call_has_a_model(spans_of: Spans, name: str) -> None:
    calls = [span for span in spans_of(name) if span.kind is SpanKind.LLM]
    assert calls
    assert all(span.model for span in calls)


# files whose model calls hold content: every call was told something, and said something unless it failed
@pytest.mark.parametrize(
    "name", [LANGGRAPH, OPENAI_LATEST, OPENINFERENCE, OPENLLMETRY, OPENLLMETRY_OLD, TRACELOOP, VERCEL, LANGFUSE]
)
def test_every_model_call_with_content_has_its_conversation(spans_of: Spans, name: str) -> None:
    for span in spans_of(name):
        if span.kind is not SpanKind.LLM:
            continue
        heard = read_conversation(span, span.events)
        assert any(message.role is Role.USER for message in heard.inputs), span.name
        assert all(message.parts for message in heard.inputs)
        if span.status is SpanStatus.ERROR:
            assert not heard.outputs
        else:
            assert [message.role for message in heard.outputs] == [Role.ASSISTANT]
            assert heard.outputs[0].parts
            if name != LANGFUSE:  # which does not say why an answer ended
                assert heard.outputs[0].finish_reason


@pytest.mark.parametrize("name", ALL)
def test_nothing_in_real_conversations_is_left_unread(spans_of: Spans, name: str) -> None:
    for span in spans_of(name):
        heard = read_conversation(span, span.events)
        for message in heard.inputs + heard.outputs:
            assert message.role is not Role.UNKNOWN
            assert not any(isinstance(part, OtherPart) for part in message.parts), message


@pytest.mark.parametrize("name", ALL)
def test_attributes_come_back_whole(
    spans_of: Spans, raw_attributes: Callable[[str], dict[str, dict[str, Any]]], name: str
) -> None:
    raw = raw_attributes(name)
    for span in spans_of(name):
        assert span.all_attributes() == raw[span.span_id]


@pytest.mark.parametrize("name", ALL)
def test_tool_results_refer_to_calls_of_the_same_conversation(spans_of: Spans, name: str) -> None:
    for span in spans_of(name):
        heard = read_conversation(span, span.events)
        parts = [part for message in heard.inputs for part in message.parts]
        calls = {part.call_id for part in parts if isinstance(part, ToolCallPart)}
        results = {part.call_id for part in parts if isinstance(part, ToolResultPart)}
        assert None not in calls | results
        if calls:
            assert results <= calls


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (OPENAI_LATEST, "RateLimitError"),
        (OPENINFERENCE, "RateLimitError"),
        (OPENLLMETRY, "RateLimitError"),
        (OPENAI_OLD, "RateLimitError"),
        (VERCEL, "AI_APICallError"),
        (LANGGRAPH, "OpenAIRateLimitError"),
        (PYDANTIC, "ModelServerError"),
    ],
)
def test_errors_have_bare_names_in_every_convention(spans_of: Spans, name: str, error: str) -> None:
    failed = [span for span in spans_of(name) if span.status is SpanStatus.ERROR]
    assert error in {span.error_type for span in failed}
    assert all(span.error_type is not None for span in failed)
    assert not any(set("<'. ") & set(span.error_type or "") for span in failed)


@pytest.mark.parametrize(("name", "streams"), [(OPENINFERENCE, 6), (OPENLLMETRY, 6), (OPENLLMETRY_OLD, 6), (VERCEL, 1)])
def test_streams_have_a_time_to_first_token(spans_of: Spans, name: str, streams: int) -> None:
    spans = spans_of(name)
    timed = [span for span in spans if span.ttft_ns is not None]
    assert len(timed) >= streams
    assert all(0 < (span.ttft_ns or 0) < (span.duration_ns or 0) for span in timed)


def test_the_vercel_milliseconds_become_nanoseconds(spans_of: Spans) -> None:
    assert 25_817_930 in {span.ttft_ns for span in spans_of(VERCEL)}


@pytest.mark.parametrize("name", [OPENINFERENCE, LANGGRAPH, LANGFUSE, VERCEL, TRACELOOP])
def test_every_span_knows_its_session_and_user_where_the_file_says_them_everywhere(spans_of: Spans, name: str) -> None:
    assert all(span.session_id and span.user_id for span in spans_of(name))


def test_prompts_have_names_and_versions(spans_of: Spans) -> None:
    turns = [span for span in spans_of(OPENAI_LATEST) if span.name == "conversation_turn"]
    assert {(span.prompt_name, span.prompt_version) for span in turns} >= {("order-triage", "3")}
    assert {span.prompt_version for span in spans_of(OPENINFERENCE)} == {"1", "3", "4"}
    assert {span.prompt_version for span in spans_of(VERCEL)} == {"3"}


def test_environment_and_version_come_from_the_resource(spans_of: Spans) -> None:
    assert {(span.environment, span.version) for span in spans_of(OPENAI)} == {("production", "1.2.3")}
    assert {span.environment for span in spans_of(VERCEL)} == {"dev"}
    assert {(span.environment, span.version) for span in spans_of(LANGFUSE)} == {("production", "v1.2.3")}


@pytest.mark.parametrize("name", ALL)
def test_tool_spans_name_their_tool(spans_of: Spans, name: str) -> None:
    tools = [span for span in spans_of(name) if span.kind is SpanKind.TOOL]
    assert tools
    assert all(span.tool_name and " " not in span.tool_name and "." not in span.tool_name for span in tools)


def test_content_that_is_only_in_old_log_records_is_the_conversation(
    spans_of: Spans, logs_of: Callable[[str], list[LogRecord]]
) -> None:
    logs = logs_of("otlp/openai-v2-2.1b0.logs.jsonl")
    by_span: dict[str, list[LogRecord]] = {}
    for record in logs:
        by_span.setdefault(record.span_id, []).append(record)
    heard_calls = 0
    for span in spans_of(OPENAI_OLD):
        records = by_span.get(span.span_id, [])
        if span.kind is not SpanKind.LLM:
            assert not records
            continue
        assert records
        assert span.input is None
        told, said = content_of_logs(records)
        heard = read_conversation(span, [log_event(record) for record in records])
        asked = [
            record.body["content"] for record in records if record.attributes["event.name"] == "gen_ai.user.message"
        ]
        assert [
            part.text
            for message in heard.inputs
            if message.role is Role.USER
            for part in message.parts
            if isinstance(part, TextPart)
        ] == asked
        assert preview(told or "") == asked[-1]
        answered = any(record.attributes["event.name"] == "gen_ai.choice" for record in records)
        assert bool(heard.outputs) == answered == (said is not None)
        heard_calls += answered
    assert heard_calls == 14


def test_details_events_tell_the_same_as_the_span(spans_of: Spans, logs_of: Callable[[str], list[LogRecord]]) -> None:
    spans = {span.span_id: span for span in spans_of(OPENAI_LATEST)}
    logs = logs_of("otlp/openai-v2-latest.logs.jsonl")
    assert len(logs) == 17
    for record in logs:
        span = spans[record.span_id]
        event = log_event(record)
        assert event.name == "gen_ai.client.inference.operation.details"
        bare = Span(span.trace_id, span.span_id, None, span.name, span.start_ns, span.end_ns, span.kind)
        by_event, by_span = read_conversation(bare, [event]), read_conversation(span, [])
        assert by_event.inputs == by_span.inputs
        assert by_event.outputs == by_span.outputs
        told, said = content_of_logs([record])
        assert preview(told or "") == preview(span.input or "")
        assert preview(said or "", output=True) == preview(span.output or "", output=True)


def test_both_spellings_of_one_span_give_the_same_fields_and_conversation(
    sample: Callable[[str], Path], made: Callable[..., Span]
) -> None:
    spans = [
        made(json.loads(sample(f"otel-readable-span/{name}_client_span_tool_calls.json").read_bytes()))
        for name in ("otel_genai", "openinference")
    ]
    one, other = spans
    for field in ("kind", "model", "provider", "usage", "cost", "tool_name", "error_type", "ttft_ns", "session_id"):
        assert getattr(one, field) == getattr(other, field), field
    assert one.kind is SpanKind.LLM
    assert one.model == "gpt-4-0613"
    assert one.usage is not None
    assert (one.usage.input, one.usage.output, one.usage.total) == (97, 52, 149)
    heard = read_conversation(one, [])
    assert heard == read_conversation(other, [])
    assert [message.role.value for message in heard.inputs] == ["user", "assistant", "tool"]
    assert heard.inputs[1].parts[1] == ToolCallPart("get_weather", '{"location":"Paris"}', "1234")
    assert heard.inputs[2].parts == (ToolResultPart("rainy, 57°F", "1234"),)
    assert preview(one.input or "") == preview(other.input or "") == "Weather in Paris?"


def test_all_spans_of_a_newer_vercel_sdk_are_understood(
    sample: Callable[[str], Path], made: Callable[..., Span]
) -> None:
    raw = json.loads(sample("otel-readable-span/vercel-ai-sdk-v6-all-spans.json").read_bytes())
    spans = [made(item["attributes"], name=item["name"]) for item in raw]
    assert Counter(span.kind.value for span in spans) == {"llm": 4, "agent": 3, "chain": 2, "embedding": 1}
    assert all(span.usage for span in spans)
    assert all(span.input for span in spans)
    assert all(bool(span.output) == ("embed" not in span.name) for span in spans)
    assert [span.ttft_ns for span in spans if span.ttft_ns] == [426_853_500]


def test_nested_openinference_flattens_to_what_phoenix_own_client_says(sample: Callable[[str], Path]) -> None:
    flat = {
        span["context"]["span_id"]: span["attributes"]
        for span in json.loads(sample("phoenix/client_get_spans.json").read_bytes())
    }
    uri = sample("phoenix/phoenix.db").as_uri() + "?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        nested = dict(database.execute("SELECT span_id, attributes FROM spans").fetchall())
    # its client also takes apart what OpenInference itself writes as JSON text
    decoded = ("metadata", "tool.parameters", "llm.prompt_template.variables")
    compared = 0
    for span_id, said in flat.items():
        ours = flatten_openinference(json.loads(nested[span_id]))
        plain = {key: value for key, value in ours.items() if key not in decoded and "document.metadata" not in key}
        theirs = {
            key: value for key, value in said.items() if not key.startswith(decoded) and "document.metadata" not in key
        }
        assert plain.pop("openinference.span.kind")
        assert plain == theirs
        for key in decoded:
            if key in ours:
                assert json.loads(ours[key]).keys() >= {
                    name[len(key) + 1 :].partition(".")[0] for name in said if name.startswith(key + ".")
                }
        compared += 1
    assert compared == 40


def test_phoenix_totals_are_reached_through_the_flattened_form(
    sample: Callable[[str], Path], made: Callable[..., Span]
) -> None:
    uri = sample("phoenix/phoenix.db").as_uri() + "?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        rows = database.execute(
            "SELECT span_kind, attributes, llm_token_count_prompt, llm_token_count_completion FROM spans"
        ).fetchall()
    assert len(rows) == 574
    tokens_in = tokens_out = documents = listed = 0
    for kind, attributes, prompt, completion in rows:
        span = made(flatten_openinference(json.loads(attributes)))
        assert span.kind.value == kind.lower()
        assert span.session_id
        if span.kind is SpanKind.LLM:
            assert read_conversation(span, []).inputs
            assert span.model
            assert bool(span.output) == bool(read_conversation(span, []).outputs)
        documents += len(read_documents(span))
        whole = json.loads(attributes)
        listed += len((whole.get("retrieval") or {}).get("documents") or ())
        listed += len((whole.get("reranker") or {}).get("output_documents") or ())
        if span.kind is not SpanKind.EMBEDDING:  # whose tokens Phoenix keeps in the attributes only
            own_in, own_out = (span.usage.input or 0, span.usage.output or 0) if span.usage else (0, 0)
            assert (own_in, own_out) == (prompt or 0, completion or 0)
            tokens_in += own_in
            tokens_out += own_out
    assert (tokens_in, tokens_out) == (429464, 80072)
    assert documents == listed > 0


def test_retrieved_documents_of_langgraph(spans_of: Spans) -> None:
    (span,) = [span for span in spans_of(LANGGRAPH) if span.kind is SpanKind.RETRIEVER]
    documents = read_documents(span)
    assert [document.rank for document in documents] == [0, 1, 2, 3]
    assert documents[0].text.startswith("Returns are accepted within 30 days")
    assert documents[0].metadata == {"i": 0, "score": 0.9}


@pytest.mark.parametrize("name", ALL)
def test_previews_are_one_short_line(spans_of: Spans, name: str) -> None:
    for span in spans_of(name):
        for text, output in ((span.input, False), (span.output, True)):
            line = preview(text or "", 80, output)
            assert len(line) <= 80
            assert "\n" not in line
            assert bool(line) == bool(text)


@pytest.mark.parametrize("name", ALL)
def test_searchable_text_holds_the_words_and_not_the_keys(spans_of: Spans, name: str) -> None:
    for span in spans_of(name):
        if span.input and span.input.startswith(("[", "{")) and "messages" in span.input:
            assert not {"messages", "role", "langchain", "user"} & set(searchable(span.input).split())
        heard = read_conversation(span, span.events)
        for message in heard.inputs:
            for part in message.parts:
                if isinstance(part, TextPart) and span.input and span.input.startswith(("[", "{")):
                    known = searchable(span.input)
                    assert part.text in known or message.role is Role.SYSTEM
