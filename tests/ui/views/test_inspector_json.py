"""JSON laid out anew, and the tree that makes its nodes on demand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from tailrace.ui.views.json_text import Run, layout_json, looks_like_json, runs
from tailrace.ui.views.json_tree import JsonModel, pretty

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=5) | st.dictionaries(st.text(), children, max_size=5),
    max_leaves=40,
)


@given(st.lists(values, max_size=5) | st.dictionaries(st.text(), values, max_size=5), st.integers(0, 80))
def test_laying_out_changes_no_value(value: object, width: int) -> None:
    text = json.dumps(value)
    laid_out = layout_json(text, width)
    assert laid_out is not None
    assert json.loads(laid_out) == value


@given(st.text(alphabet='{}[]":,\\ \n1ae-', max_size=30))
def test_any_text_either_keeps_its_signs_or_is_left_alone(text: str) -> None:
    laid_out = layout_json(text)
    if laid_out is not None:
        assert "".join(laid_out.split()) == "".join(text.split())


def test_digits_doubled_keys_and_depth_survive() -> None:
    assert layout_json('{"a":1.10,"a":123456789012345678901234567890,"b":1e400}', 10) == (
        '{\n  "a": 1.10,\n  "a": 123456789012345678901234567890,\n  "b": 1e400\n}'
    )
    deep = "[" * 50_000 + "]" * 50_000
    laid_out = layout_json(deep)
    assert laid_out is not None
    assert laid_out.count("[") == 50_000


@pytest.mark.parametrize("text", ["", "x", "[1,2", '{"a": "unclosed}', "[1 2]", '{"a":1}\n{"b":2}', "[}", '"text"'])
def test_what_is_not_a_sound_object_or_list_is_left_alone(text: str) -> None:
    assert layout_json(text) is None


def test_small_lists_stay_on_one_line_and_escapes_become_readable() -> None:
    assert layout_json('{"tags":["a","b"],"name":"caf\\u00e9 \\ud800","empty":{}}', 30) == (
        '{\n  "tags": ["a", "b"],\n  "name": "caf\\u00e9 \\ud800",\n  "empty": {}\n}'
    )
    assert layout_json('["caf\\u00e9"]') == '["café"]'


def test_json_is_recognised_by_its_ends() -> None:
    assert looks_like_json(' {"a": 1} \n')
    assert not looks_like_json("{")
    assert not looks_like_json("[link](x)")
    assert not looks_like_json("")


def test_runs_name_keys_strings_numbers_and_words() -> None:
    found = [(kind, '"a": ["b", 1.5, null]'[start:end]) for start, end, kind in runs('"a": ["b", 1.5, null]')]
    assert found == [(Run.KEY, '"a"'), (Run.STRING, '"b"'), (Run.NUMBER, "1.5"), (Run.WORD, "null")]


def test_raw_json_that_orjson_refuses_is_shown_all_the_same() -> None:
    deep: object = 1
    for _ in range(300):
        deep = [deep]
    assert pretty(deep).count("[") == 300
    assert str(2**80) in pretty({"big": 2**80})
    assert "a" in pretty({"a": "\ud800"})


def test_tree_nodes_are_made_when_their_parent_is_opened(qtbot: QtBot) -> None:
    model = JsonModel()
    model.show({"rows": list(range(250_000)), "name": "x"})
    assert model.rowCount() == 2
    assert model.made == 3
    rows = model.index(0, 0)
    assert model.rowCount(rows) == 250  # ranges of a thousand
    last = model.index(249, 0, rows)
    assert model.value(last) == ("[249,000 … 249,999]", list(range(249_000, 250_000)))
    assert model.value(model.index(999, 0, last)) == ("249999", 249_999)
    assert model.parent(model.index(0, 0, last)) == last
    assert model.made < 1_300
