"""Flattened attributes, documents and log records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tailrace.model import Document, LogRecord, Span
from tailrace.semconv import content_of_logs, flatten_openinference, log_event, read_documents


def test_nested_attributes_flatten_to_openinferences_own_names() -> None:
    nested = {
        "llm": {
            "input_messages": [{"message": {"role": "user", "tool_calls": [{"tool_call": {"id": "1"}}]}}],
            "token_count": {"prompt": 3, "prompt_details": {"cache_read": 1}},
        },
        "tag": {"tags": ["a", "b"]},
        "embedding": {"embeddings": [{"embedding": {"vector": [0.1, 0.2]}}]},
        "metadata": {"turn": 1, "nested": {"k": [1]}},
        "tool": {"parameters": {"q": "x"}},
        "retrieval": {"documents": [{"document": {"metadata": {"page": 1}, "content": "c"}}]},
        "empty": {},
        "input.value": "already flat",
    }
    assert flatten_openinference(nested) == {
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.tool_calls.0.tool_call.id": "1",
        "llm.token_count.prompt": 3,
        "llm.token_count.prompt_details.cache_read": 1,
        "tag.tags": ["a", "b"],
        "embedding.embeddings.0.embedding.vector": [0.1, 0.2],
        "metadata": '{"turn":1,"nested":{"k":[1]}}',
        "tool.parameters": '{"q":"x"}',
        "retrieval.documents.0.document.metadata": '{"page":1}',
        "retrieval.documents.0.document.content": "c",
        "empty": {},
        "input.value": "already flat",
    }


def test_flattening_survives_any_depth() -> None:
    deep: Any = "bottom"
    for _ in range(5_000):
        deep = {"a": deep}
    flat = flatten_openinference({"top": deep, "beside": 1})
    assert flat["beside"] == 1
    assert any(key.startswith("top.a.a.") for key in flat)


@pytest.mark.parametrize(
    ("attributes", "documents"),
    [
        (
            {
                "retrieval.documents.11.document.content": "later",
                "retrieval.documents.2.document.content": "first",
                "retrieval.documents.2.document.score": 0.5,
                "retrieval.documents.2.document.id": "d2",
                "retrieval.documents.2.document.metadata": '{"page": 3}',
            },
            (Document(0, "first", 0.5, "d2", {"page": 3}), Document(1, "later")),
        ),
        (
            {"gen_ai.retrieval.documents": '[{"id": "d1", "score": 0.25, "content": "x"}]'},
            (Document(0, "x", 0.25, "d1"),),
        ),
        (
            {
                "reranker.input_documents.0.document.content": "before",
                "reranker.output_documents.0.document.content": "after",
            },
            (Document(0, "after"),),
        ),
        (
            {"openinference.span.kind": "RETRIEVER", "output.value": '[{"page_content": "x", "metadata": {"a": 1}}]'},
            (Document(0, "x", metadata={"a": 1}),),
        ),
        ({"openinference.span.kind": "RETRIEVER", "output.value": '[{"a": 1}]'}, ()),
        ({"openinference.span.kind": "CHAIN", "output.value": '[{"page_content": "x"}]'}, ()),
        (
            {"retrieval.documents.0.document.score": "NaN", "retrieval.documents.0.document.id": 7},
            (Document(0, "", None, "7"),),
        ),
        ({"retrieval.documents.first.document.content": "x"}, ()),
    ],
)  # fmt: skip
def test_documents_are_read(
    made: Callable[..., Span], attributes: dict[str, Any], documents: tuple[Document, ...]
) -> None:
    assert read_documents(made(attributes)) == documents


def test_a_log_record_keeps_all_it_said_as_an_event() -> None:
    record = LogRecord("t", "s", 5, "", {"content": "x"}, {"event.name": "gen_ai.user.message", "a": 1})
    event = log_event(record)
    assert (event.name, event.time_ns) == ("gen_ai.user.message", 5)
    assert event.attributes == {"event.name": "gen_ai.user.message", "a": 1, "log.body": {"content": "x"}}
    assert log_event(LogRecord("t", "s", 5, "n", None, {"a": 1})).attributes == {"a": 1}


def test_logs_are_heard_in_the_order_of_their_times() -> None:
    records = [
        LogRecord("t", "s", 3, "gen_ai.choice", {"message": {"content": "answer"}, "finish_reason": "stop"}),
        LogRecord("t", "s", 2, "gen_ai.user.message", {"content": "second"}),
        LogRecord("t", "s", 1, "gen_ai.user.message", {"content": "first"}),
    ]
    told, said = content_of_logs(records)
    assert told is not None
    assert told.index("first") < told.index("second")
    assert said == ('[{"role":"assistant","parts":[{"type":"text","content":"answer"}],"finish_reason":"stop"}]')


def test_logs_without_content_give_none() -> None:
    assert content_of_logs([]) == (None, None)
    assert content_of_logs([LogRecord("t", "s", 1, "http.request", "GET /")]) == (None, None)
