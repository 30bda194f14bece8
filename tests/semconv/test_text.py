"""The line that a person reads and the words that a search finds."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tailrace.semconv import preview, searchable


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("hello", "hello"),
        ("  hello\n\n\tworld ", "hello world"),
        ("", ""),
        ("null", ""),
        ('"quoted"', "quoted"),
        ([{"role": "user", "parts": [{"type": "text", "content": "first"}]},
          {"role": "assistant", "parts": [{"type": "text", "content": "answer"}]},
          {"role": "user", "parts": [{"type": "text", "content": "second"}]}], "second"),
        ({"model": "m", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "ask"}]}, "ask"),
        ({"messages": [[{"lc": 1, "id": ["HumanMessage"], "kwargs": {"content": "ask", "type": "human"}}]]}, "ask"),
        ([{"role": "user", "content": "ask"},
          {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "rain"}]}], "ask"),
        ({"input": "ask"}, "ask"),
        ({"question": "ask", "k": 4}, "ask"),
        ({"query": "ask"}, "ask"),
        ({"input": {"question": "ask"}}, "ask"),
        ({"args": ["ask"], "kwargs": {}}, "ask"),
        ({"args": [], "kwargs": {"q": "ask"}}, "ask"),
        ({"args": [{"question": "ask"}], "kwargs": {}}, "ask"),
        ({"order_id": 4711}, '{"order_id":4711}'),
        ({"a": "x", "b": "y"}, '{"a":"x","b":"y"}'),
        ([1, 2, 3], "[1,2,3]"),
        ("{not json", "{not json"),
        ("[Bracketed] words", "[Bracketed] words"),
    ],
)  # fmt: skip
def test_an_input_is_told_in_one_line(value: Any, line: str) -> None:
    text = value if isinstance(value, str) else json.dumps(value)
    assert preview(text) == line


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ([{"role": "assistant", "parts": [{"type": "text", "content": "done"}], "finish_reason": "stop"}], "done"),
        ([{"role": "assistant", "parts": [{"type": "tool_call", "name": "f", "arguments": {"a": 1}}]}], 'f({"a":1})'),
        ({"choices": [{"message": {"role": "assistant", "content": "done"}}]}, "done"),
        ({"generations": [[{"text": "", "message": {"kwargs": {"content": "done"}, "lc": 1, "id": ["AIMessage"]}}]]},
         "done"),
        ({"answer": "done", "sources": ["d0"]}, "done"),
        ([{"toolCallId": "1", "toolName": "f", "input": "{}"}], "f({})"),
        ([{"role": "assistant", "parts": [{"type": "uri", "modality": "image", "uri": "x:"}]}], "[image]"),
    ],
)  # fmt: skip
def test_an_output_is_told_in_one_line(value: Any, line: str) -> None:
    assert preview(json.dumps(value), output=True) == line


def test_a_cut_is_marked_and_never_longer_than_asked() -> None:
    assert preview("word " * 100, 20) == "word word word word…"
    assert preview("x" * 20, 20) == "x" * 20
    assert preview("x" * 21, 20) == "x" * 19 + "…"


def test_a_preview_holds_nothing_that_moves_the_line() -> None:
    assert preview("a\x00b\x1b[31mred\u2028next\u202eback") == "ab[31mred nextback"


def test_a_huge_value_costs_no_more_than_its_beginning() -> None:
    text = json.dumps([{"role": "user", "content": "word " * 4_000_000}])
    began = time.process_time()
    assert preview(text).startswith('[{"role": "user", "content": "word')
    assert time.process_time() - began < 0.05


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("plain text", "plain text"),
        ('{"a": "one", "b": ["two", {"c": "three"}]}', "one\ntwo\nthree"),
        ('[{"role": "user", "parts": [{"type": "text", "content": "gr\\u00fcn"}]}]', "grün"),
        ('{"arguments": "{\\"city\\": \\"Z\\u00fcrich\\"}"}', "Zürich"),
        ('"one\\ntwo"', "one\ntwo"),
        ('{"order_id": 4711, "price": 3.5, "ok": true, "none": null}', "4711"),
        ("[0.25, 0.5, 1, 2]", ""),
        ('{"type": "refund", "role": "buyer"}', "refund\nbuyer"),
        ('{"lc": 1, "type": "constructor", "id": ["langchain", "HumanMessage"], "kwargs": {"content": "ask"}}', "ask"),
        ("{broken json", "{broken json"),
        ("", ""),
    ],
)
def test_words_are_found_and_keys_are_not(value: str, words: str) -> None:
    assert searchable(value) == words


def test_encoded_media_is_left_out() -> None:
    picture = "iVBORw0KGgo" * 1_000
    assert searchable(json.dumps({"image": f"data:image/png;base64,{picture}", "raw": picture, "text": "cat"})) == "cat"


def test_searchable_text_is_bounded() -> None:
    assert len(searchable("x " * 2_000_000)) == 1_000_000
    assert len(searchable(json.dumps(["word " * 1_000] * 1_000))) == 1_000_000
    assert len(searchable("[" + '"w",' * 4_000_000 + '"w"]')) == 1_000_000


def test_deep_nesting_is_walked_without_recursion() -> None:
    deep = '{"a":' * 900 + '"bottom"' + "}" * 900
    assert searchable(deep) == "bottom"
    assert searchable("[" * 100_000) == "[" * 100_000
    assert preview("[" * 100_000).startswith("[[[")
