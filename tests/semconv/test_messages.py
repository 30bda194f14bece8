"""Messages in the shapes of conventions, frameworks and model APIs: one Conversation for all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tailrace.model import (
    Event,
    MediaPart,
    Message,
    OtherPart,
    Part,
    ReasoningPart,
    Role,
    Span,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
)
from tailrace.semconv import read_conversation, read_messages

CALL = ToolCallPart("weather", '{"city":"Oslo"}', "c1")
RESULT = ToolResultPart("rain", "c1")
ASKED = Message(Role.USER, (TextPart("Weather?"),))
TOLD = (
    Message(Role.SYSTEM, (TextPart("Be brief."),)),
    ASKED,
    Message(Role.ASSISTANT, (CALL,)),
    Message(Role.TOOL, (RESULT,)),
)

# one conversation (system, user, assistant calls, tool answers) in the spelling of …
SPELLINGS: dict[str, Any] = {
    "OpenTelemetry": [
        {"role": "system", "parts": [{"type": "text", "content": "Be brief."}]},
        {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
        {
            "role": "assistant",
            "parts": [{"type": "tool_call", "id": "c1", "name": "weather", "arguments": {"city": "Oslo"}}],
        },
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": "rain"}]},
    ],
    "OpenTelemetry with result": [
        {"role": "system", "parts": [{"type": "text", "content": "Be brief."}]},
        {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
        {
            "role": "assistant",
            "parts": [{"type": "tool_call", "id": "c1", "name": "weather", "arguments": '{"city":"Oslo"}'}],
        },
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "result": "rain"}]},
    ],
    "OpenAI": {
        "model": "gpt-4o",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Oslo"}'}}
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "rain"},
        ],
    },
    "OpenAI responses": {
        "model": "gpt-5",
        "instructions": "Be brief.",
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "Weather?"}]},
            {"type": "function_call", "call_id": "c1", "id": "fc_1", "name": "weather", "arguments": '{"city":"Oslo"}'},
            {"type": "function_call_output", "call_id": "c1", "output": "rain"},
        ],
    },
    "Anthropic": {
        "system": [{"type": "text", "text": "Be brief."}],
        "messages": [
            {"role": "user", "content": "Weather?"},
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "Oslo"}}],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "c1", "content": [{"type": "text", "text": "rain"}]}
                ],
            },
        ],
    },
    "Gemini": {
        "system_instruction": {"parts": [{"text": "Be brief."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "Weather?"}]},
            {"role": "model", "parts": [{"functionCall": {"id": "c1", "name": "weather", "args": {"city": "Oslo"}}}]},
            {"role": "function", "parts": [{"functionResponse": {"id": "c1", "response": "rain"}}]},
        ],
    },
    "LangChain": [
        [
            {"type": "system", "data": {"content": "Be brief."}},
            {"type": "human", "data": {"content": "Weather?"}},
            {
                "type": "ai",
                "data": {
                    "content": "",
                    "tool_calls": [{"name": "weather", "args": {"city": "Oslo"}, "id": "c1", "type": "tool_call"}],
                },
            },
            {"type": "tool", "data": {"content": "rain", "tool_call_id": "c1"}},
        ]
    ],
    "LangChain serialised": {
        "messages": [
            [
                {
                    "lc": 1,
                    "type": "constructor",
                    "id": ["langchain", "schema", "messages", "SystemMessage"],
                    "kwargs": {"content": "Be brief."},
                },
                {
                    "lc": 1,
                    "type": "constructor",
                    "id": ["langchain", "schema", "messages", "HumanMessage"],
                    "kwargs": {"content": "Weather?"},
                },
                {
                    "lc": 1,
                    "type": "constructor",
                    "id": ["langchain", "schema", "messages", "AIMessage"],
                    "kwargs": {
                        "content": "",
                        "tool_calls": [{"name": "weather", "args": {"city": "Oslo"}, "id": "c1"}],
                    },
                },
                {
                    "lc": 1,
                    "type": "constructor",
                    "id": ["langchain", "schema", "messages", "ToolMessage"],
                    "kwargs": {"content": "rain", "tool_call_id": "c1"},
                },
            ]
        ]
    },
    "Vercel": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
        {
            "role": "assistant",
            "content": [{"type": "tool-call", "toolCallId": "c1", "toolName": "weather", "input": {"city": "Oslo"}}],
        },
        {
            "role": "tool",
            "content": [{"type": "tool-result", "toolCallId": "c1", "output": {"type": "text", "value": "rain"}}],
        },
    ],
    "Bedrock": {
        "system": [{"type": "text", "text": "Be brief."}],
        "messages": [
            {"role": "user", "content": [{"text": "Weather?"}]},
            {
                "role": "assistant",
                "content": [{"toolUse": {"toolUseId": "c1", "name": "weather", "input": {"city": "Oslo"}}}],
            },
            {"role": "user", "content": [{"toolResult": {"toolUseId": "c1", "content": [{"text": "rain"}]}}]},
        ],
    },
    "OpenInference, nested": [
        {"message": {"role": "system", "content": "Be brief."}},
        {"message": {"role": "user", "contents": [{"message_content": {"type": "text", "text": "Weather?"}}]}},
        {
            "message": {
                "role": "assistant",
                "tool_calls": [
                    {"tool_call": {"id": "c1", "function": {"name": "weather", "arguments": '{"city":"Oslo"}'}}}
                ],
            }
        },
        {"message": {"role": "tool", "tool_call_id": "c1", "content": "rain"}},
    ],
}


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
@pytest.mark.parametrize("encodings", [0, 1, 2])
def test_every_spelling_tells_the_same(spelling: str, encodings: int) -> None:
    value = SPELLINGS[spelling]
    for _ in range(encodings):
        value = json.dumps(value)
    heard = read_messages(value)
    assert [(message.role, message.parts) for message in heard] == [(message.role, message.parts) for message in TOLD]


def flat(prefix: str, nested: Any) -> dict[str, Any]:
    """Flattened as instrumentation does, in the simplest way."""
    if isinstance(nested, dict):
        return {key: value for name, below in nested.items() for key, value in flat(f"{prefix}.{name}", below).items()}
    if isinstance(nested, list):
        return {key: value for i, below in enumerate(nested) for key, value in flat(f"{prefix}.{i}", below).items()}
    return {} if nested is None else {prefix: nested}


@pytest.mark.parametrize(
    "attributes",
    [
        {"gen_ai.input.messages": SPELLINGS["OpenTelemetry"]},
        {"gen_ai.input.messages": json.dumps(SPELLINGS["OpenTelemetry"])},
        {
            "gen_ai.system_instructions": '[{"type": "text", "content": "Be brief."}]',
            "gen_ai.input.messages": SPELLINGS["OpenTelemetry"][1:],
        },
        flat("llm.input_messages", SPELLINGS["OpenInference, nested"]),
        flat(
            "gen_ai.prompt",
            [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": '[{"type": "text", "text": "Weather?"}]'},
                {"role": "assistant", "tool_calls": [{"id": "c1", "name": "weather", "arguments": '{"city":"Oslo"}'}]},
                {"role": "tool", "tool_call_id": "c1", "content": "rain"},
            ],
        ),
        {"ai.prompt.messages": json.dumps(SPELLINGS["Vercel"])},
        {"langfuse.observation.input": json.dumps(SPELLINGS["OpenAI"]["messages"])},
        {"input.value": json.dumps(SPELLINGS["LangChain serialised"])},
        {"input.value": json.dumps(SPELLINGS["Anthropic"])},
        {
            "all_messages_events": json.dumps(
                [
                    {"event.name": "gen_ai.system.message", "content": "Be brief.", "role": "system"},
                    {"event.name": "gen_ai.user.message", "content": "Weather?", "role": "user"},
                    {
                        "event.name": "gen_ai.assistant.message",
                        "role": "assistant",
                        "tool_calls": SPELLINGS["OpenAI"]["messages"][2]["tool_calls"],
                    },
                    {"event.name": "gen_ai.tool.message", "role": "tool", "id": "c1", "content": "rain"},
                ]
            )
        },
    ],
)
def test_every_convention_gives_the_same_conversation(made: Callable[..., Span], attributes: dict[str, Any]) -> None:
    heard = read_conversation(made({"gen_ai.operation.name": "chat", **attributes}), ())
    assert [(message.role, message.parts) for message in heard.inputs] == [(m.role, m.parts) for m in TOLD]


def test_old_events_on_the_span_are_heard(made: Callable[..., Span]) -> None:
    events = (
        Event("gen_ai.user.message", 1, {"gen_ai.system": "openai", "content": "Weather?"}),
        Event("gen_ai.choice", 2, {"index": 0, "finish_reason": "stop", "message": '{"content": "Rain."}'}),
    )
    span = made({"gen_ai.operation.name": "chat"}, events=events)
    heard = read_conversation(span, events)
    assert heard.inputs == (ASKED,)
    assert heard.outputs == (Message(Role.ASSISTANT, (TextPart("Rain."),), finish_reason="stop"),)
    assert span.input == '[{"role":"user","parts":[{"type":"text","content":"Weather?"}]}]'


def test_content_events_of_the_middle_generation_are_heard(made: Callable[..., Span]) -> None:
    events = (
        Event("gen_ai.content.prompt", 1, {"gen_ai.prompt": '[{"role": "user", "content": "Weather?"}]'}),
        Event("gen_ai.content.completion", 2, {"gen_ai.completion": "Rain."}),
    )
    heard = read_conversation(made({"gen_ai.operation.name": "chat"}, events=events), events)
    assert heard.inputs == (ASKED,)
    assert heard.outputs == (Message(Role.ASSISTANT, (TextPart("Rain."),)),)


def test_plain_text_of_a_model_call_is_a_turn_and_of_a_chain_is_not(made: Callable[..., Span]) -> None:
    texts = {"input.value": "Weather?", "output.value": "Rain."}
    heard = read_conversation(made({"openinference.span.kind": "LLM", **texts}), ())
    assert heard.inputs == (ASKED,)
    assert heard.outputs == (Message(Role.ASSISTANT, (TextPart("Rain."),)),)
    assert not read_conversation(made({"openinference.span.kind": "CHAIN", **texts}), ())


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ({"type": "reasoning", "content": "hm"}, ReasoningPart("hm")),
        ({"type": "thinking", "thinking": "hm", "signature": "s"}, ReasoningPart("hm")),
        (
            {"type": "redacted_thinking", "data": "Eo"},
            OtherPart("redacted_thinking", {"type": "redacted_thinking", "data": "Eo"}),
        ),
        ({"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]}, ReasoningPart("hm")),
        (
            {"type": "blob", "mime_type": "image/png", "modality": "image", "content": "QUJD"},
            MediaPart("image", "image/png", "QUJD"),
        ),
        ({"type": "uri", "modality": "video", "uri": "gs://b/v"}, MediaPart("video", None, None, "gs://b/v")),
        ({"type": "file", "modality": "image", "file_id": "file-1"}, MediaPart("image", None, None, "file-1")),
        (
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}},
            MediaPart("image", "image/png", "QUJD"),
        ),
        (
            {"type": "image_url", "image_url": {"url": "https://x/y.png"}},
            MediaPart("image", None, None, "https://x/y.png"),
        ),
        ({"type": "input_image", "image_url": "https://x/y.png"}, MediaPart("image", None, None, "https://x/y.png")),
        (
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
            MediaPart("audio", "audio/wav", "QUJD"),
        ),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}},
            MediaPart("image", "image/png", "QUJD"),
        ),
        (
            {"type": "document", "source": {"type": "url", "url": "https://x/a.pdf"}},
            MediaPart("file", None, None, "https://x/a.pdf"),
        ),
        (
            {"type": "image", "image": {"image": {"url": "https://x/y.png"}}},
            MediaPart("image", None, None, "https://x/y.png"),
        ),
        (
            {"type": "file", "data": "QUJD", "mediaType": "application/pdf"},
            MediaPart("file", "application/pdf", "QUJD"),
        ),
        (
            {"type": "file", "file": {"file_data": "data:application/pdf;base64,QUJD"}},
            MediaPart("file", "application/pdf", "QUJD"),
        ),
        ({"inlineData": {"mimeType": "image/png", "data": "QUJD"}}, MediaPart("image", "image/png", "QUJD")),
        (
            {"type": "server_tool_call", "name": "web_search"},
            OtherPart("server_tool_call", {"type": "server_tool_call", "name": "web_search"}),
        ),
        ({"type": "brand_new", "x": [1]}, OtherPart("brand_new", {"type": "brand_new", "x": [1]})),
        ({"type": "text", "content": 7}, OtherPart("text", {"type": "text", "content": 7})),
        ({"type": "image"}, OtherPart("image", {"type": "image"})),
        ({"strange": 1}, OtherPart("", {"strange": 1})),
        (7, OtherPart("int", 7)),
    ],
)
def test_a_part_is_read_or_kept(value: Any, part: Part) -> None:
    (message,) = read_messages([{"role": "user", "content": [value]}])
    assert message.parts == (part,)


@pytest.mark.parametrize(
    "value",
    [
        "plain text",
        "",
        "null",
        "3",
        "{}",
        "[]",
        '{"a": 1}',
        "[1, 2]",
        '["a", "b"]',
        '[{"role": "admin"}]',
        '[{"type": "file", "name": "a.txt"}]',
        '[{"type": "function", "name": "f"}]',
        '{"role": 3}',
        "{broken",
        None,
        7,
    ],
)
def test_what_is_not_made_of_messages_gives_none(value: Any) -> None:
    assert read_messages(value) == ()


@pytest.mark.parametrize(
    ("word", "role", "label"),
    [("human", Role.USER, "human"), ("developer", Role.SYSTEM, "developer"), ("narrator", Role.UNKNOWN, "narrator")],
)
def test_the_sources_own_word_for_a_role_is_kept(word: str, role: Role, label: str) -> None:
    (message,) = read_messages([{"role": word, "content": "x"}])
    assert (message.role, message.label) == (role, label)


def test_pydantic_ais_own_messages_are_read() -> None:
    asked, answered = read_messages(
        [
            {"kind": "request", "parts": [{"part_kind": "user-prompt", "content": "Weather?"}]},
            {
                "kind": "response",
                "parts": [{"part_kind": "tool-call", "tool_name": "weather", "args": {"city": "Oslo"}}],
            },
        ]
    )
    assert asked.parts == ASKED.parts
    assert answered == Message(Role.ASSISTANT, (ToolCallPart("weather", '{"city":"Oslo"}'),))


def test_the_answer_of_a_model_api_is_a_message_with_its_reason() -> None:
    answer = {
        "id": "1",
        "choices": [{"index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": "Rain"}}],
    }
    assert read_messages(answer, Role.ASSISTANT) == (
        Message(Role.ASSISTANT, (TextPart("Rain"),), finish_reason="length"),
    )


@pytest.mark.parametrize(
    "attributes",
    [
        {
            "gen_ai.tool.definitions": '[{"type":"function","name":"t","description":"d",'
            '"parameters":{"type":"object"}}]'
        },
        {
            "llm.tools.0.tool.json_schema": '{"type":"function","function":{"name":"t","description":"d",'
            '"parameters":{"type":"object"}}}'
        },
        {
            "llm.request.functions.0.name": "t",
            "llm.request.functions.0.description": "d",
            "llm.request.functions.0.parameters": '{"type":"object"}',
        },
        {"ai.prompt.tools": ['{"type":"function","name":"t","description":"d","inputSchema":{"type":"object"}}']},
        {
            "model_request_parameters": '{"function_tools":[{"name":"t","description":"d",'
            '"parameters_json_schema":{"type":"object"}}]}'
        },
        {
            "gen_ai.operation.name": "chat",
            "input.value": '{"messages":[],"tools":[{"name":"t","description":"d","input_schema":{"type":"object"}}]}',
        },
    ],
)
def test_offered_tools_are_read(made: Callable[..., Span], attributes: dict[str, Any]) -> None:
    assert read_conversation(made(attributes), ()).tools == (ToolDefinition("t", "d", '{"type":"object"}'),)


def test_an_agents_whole_state_is_split_into_what_it_was_told_and_what_it_did(made: Callable[..., Span]) -> None:
    state = [{"type": "human", "content": "Weather?"}, {"type": "ai", "content": "Rain."}]
    span = made(
        {
            "openinference.span.kind": "AGENT",
            "input.value": json.dumps({"messages": state[:1]}),
            "output.value": json.dumps({"messages": state}),
        }
    )
    heard = read_conversation(span, ())
    assert [message.parts for message in heard.inputs] == [(TextPart("Weather?"),)]
    assert [message.parts for message in heard.outputs] == [(TextPart("Rain."),)]
