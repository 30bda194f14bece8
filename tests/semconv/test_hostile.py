"""Whatever attributes hold, nothing raises and nothing unsound gets into a typed field."""

from __future__ import annotations

import json
import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from tailrace.model import Event, LogRecord, SpanKind, SpanStatus
from tailrace.semconv import (
    content_of_logs,
    flatten_openinference,
    log_event,
    make_span,
    preview,
    read_conversation,
    read_documents,
    read_messages,
    score_of_log,
    scores_of,
    searchable,
)
from tailrace.semconv.genai import CONTENT_EVENTS
from tailrace.semconv.table import CANDIDATES, FIRST_TOKEN_EVENTS, KINDS

KEYS = sorted(
    {key for _, keys in CANDIDATES.values() for key in keys}
    | {key for key, _ in KINDS}
    | {
        "gen_ai.system_instructions",
        "gen_ai.tool.definitions",
        "gen_ai.response.finish_reasons",
        "llm.finish_reason",
        "ai.prompt.tools",
        "ai.response.reasoning",
        "ai.response.finishReason",
        "events",
        "model_request_parameters",
        "gen_ai.evaluation.name",
        "gen_ai.evaluation.score.value",
        "gen_ai.prompt",
        "log.body",
        "event.name",
        "exception.type",
    }
)
FLAT = st.builds(
    "{}.{}.{}".format,
    st.sampled_from(
        [
            "llm.input_messages", "llm.output_messages", "gen_ai.prompt", "gen_ai.completion", "llm.tools",
            "llm.request.functions", "retrieval.documents", "reranker.output_documents", "embedding.embeddings",
            "annotations", "evaluations", "trace.annotations", "session.annotations", "llm.prompts", "llm.choices",
        ]
    ),
    st.sampled_from(["0", "1", "12", "x", "", "-1", "٣", "99999999999999999999"]),
    st.sampled_from(
        [
            "message.role", "message.content", "message", "message.contents.0.message_content.type",
            "message.contents.0.message_content", "message.tool_calls.0.tool_call.function.name", "message.tool_calls",
            "role", "content", "tool_calls.0.name", "tool_calls", "tool.json_schema", "name", "document.content",
            "document.metadata", "document", "annotation.name", "annotation.score", "annotation", "evaluation.name",
            "embedding.text", "prompt.text", "completion", "", ".", "a.b.c",
        ]
    ),
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "role", "content", "parts", "type", "text", "message", "messages", "tool_calls", "function", "name",
        "arguments",
        "data", "lc", "kwargs", "id", "choices", "generations", "input", "output", "args", "system", "prompt", "image",
        "source", "url", "toolCallId", "toolName", "finish_reason", "total", "prompt_tokens", "document", "metadata",
        "user", "assistant", "tool", "human", "ai", "tool_call", "tool_result", "reasoning", "image_url", "blob",
    ]
)  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | WORDS
    | st.sampled_from(
        ["\ud800", "NaN", "[", '{"a":', '"x"', "null", "1e999", "[[[]]]", '{"role":"user","content":[[]]}']
    )
)
VALUES = st.recursive(
    LEAVES,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(WORDS | st.text(max_size=4), below, max_size=5),
    max_leaves=14,
)


def _as_text(value: Any) -> str:
    return json.dumps(value)


ANYTHING = VALUES | VALUES.map(_as_text)
ATTRIBUTES = st.dictionaries(st.sampled_from(KEYS) | FLAT, ANYTHING, max_size=8)
NAMES = st.sampled_from(sorted(CONTENT_EVENTS | FIRST_TOKEN_EVENTS | {"exception", "gen_ai.evaluation.result", ""}))


@settings(max_examples=examples(70), deadline=None)
@given(
    attributes=ATTRIBUTES,
    resource=ATTRIBUTES,
    events=st.lists(st.builds(Event, NAMES, st.integers(-(10**20), 10**20), ATTRIBUTES), max_size=3),
    status=st.sampled_from(list(SpanStatus)),
)
def test_no_attributes_break_a_span(
    attributes: dict[str, Any], resource: dict[str, Any], events: list[Event], status: SpanStatus
) -> None:
    before = dict(attributes)
    span = make_span(
        trace_id="t",
        span_id="s",
        parent_id=None,
        name="n",
        start_ns=0,
        end_ns=None,
        status=status,
        status_message="",
        attributes=attributes,
        resource=resource,
        events=tuple(events),
    )
    assert repr(span.all_attributes().keys() ^ before.keys()) == "set()"
    assert isinstance(span.kind, SpanKind)
    for field in (
        "error_type", "model", "provider", "tool_name", "agent_name", "prompt_name", "prompt_version", "session_id",
        "user_id", "environment", "version", "input", "output",
    ):  # fmt: skip
        value = getattr(span, field)
        assert value is None or (type(value) is str and value), field
    assert all(type(tag) is str and tag for tag in span.tags)
    assert span.ttft_ns is None or (type(span.ttft_ns) is int and span.ttft_ns >= 0)
    if span.usage is not None:
        for field in ("input", "output", "total", "cache_read", "cache_write", "reasoning"):
            count = getattr(span.usage, field)
            assert count is None or (type(count) is int and count >= 0), field
    if span.cost is not None:
        assert math.isfinite(span.cost.total)
        assert span.cost.total >= 0
    conversation = read_conversation(span, events)
    for message in conversation.inputs + conversation.outputs:
        assert type(message.parts) is tuple
        for part in message.parts:
            for field in ("text", "name", "arguments", "result"):
                assert type(getattr(part, field, "") or "") is str
    read_documents(span)
    for score in scores_of(span):
        assert score.value is None or math.isfinite(score.value)


@settings(max_examples=examples(80), deadline=None)
@given(value=ANYTHING)
def test_no_value_breaks_messages_previews_or_search(value: Any) -> None:
    read_messages(value)
    text = value if type(value) is str else _as_text(value)
    for output in (False, True):
        line = preview(text, 40, output)
        assert len(line) <= 40
        assert "\n" not in line
    assert type(searchable(text)) is str


@settings(max_examples=examples(50), deadline=None)
@given(body=VALUES, attributes=ATTRIBUTES, name=NAMES)
def test_no_log_record_breaks_anything(body: Any, attributes: dict[str, Any], name: str) -> None:
    record = LogRecord("t", "s", 0, name, body, attributes)
    log_event(record)
    content_of_logs([record])
    score_of_log(record)


@settings(max_examples=examples(50), deadline=None)
@given(nested=st.dictionaries(st.text(max_size=5), VALUES, max_size=4))
def test_no_nested_attributes_break_flattening(nested: dict[str, Any]) -> None:
    flat = flatten_openinference(nested)
    assert all(type(value) is not dict or not value for value in flat.values())


def test_deep_values_break_nothing() -> None:
    deep: Any = "bottom"
    for _ in range(50_000):
        deep = [deep]
    message = {"role": "user", "content": [{"type": "text", "content": deep}]}
    for attributes in (
        {"gen_ai.input.messages": deep},
        {"gen_ai.input.messages": [message]},
        {"input.value": deep, "openinference.span.kind": "LLM"},
        {"llm.input_messages.0.message.content": deep, "openinference.span.kind": "LLM"},
        {"gen_ai.tool.call.arguments": deep},
        {"input.value": "[" * 200_000},
    ):
        span = make_span(
            trace_id="t",
            span_id="s",
            parent_id=None,
            name="n",
            start_ns=0,
            end_ns=1,
            status=SpanStatus.UNSET,
            status_message="",
            attributes=attributes,
            resource={},
        )
        read_conversation(span, ())
        assert span.input
        preview(span.input)
        searchable(span.input)
    while type(deep) is list:  # CPython frees nested lists one by one only when asked nicely
        deep = deep.pop()
