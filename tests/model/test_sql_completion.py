"""What can stand at a place of a statement."""

from __future__ import annotations

import pytest

from tailrace.model.sql import SQL_VIEWS
from tailrace.model.sql_completion import SqlProposals, propose, spelled

ATTRIBUTES = ("customer.tier", "http.status-code", "retry.count")


def _at(text: str) -> SqlProposals:
    """What is proposed where `|` stands."""
    place = text.index("|")
    return propose(text.replace("|", ""), place, ATTRIBUTES)


def _labels(text: str) -> list[str]:
    return [one.label for one in _at(text).proposals]


def test_columns_of_the_views_that_are_read_come_first() -> None:
    assert _labels("SELECT dur| FROM spans")[0] == "duration_ms"
    assert "self_ms" in _labels("SELECT self| FROM spans")
    assert "self_ms" not in _labels("SELECT self| FROM traces")


def test_before_it_is_said_what_is_read_all_columns_can_be_meant() -> None:
    assert {"self_ms", "turn", "label"} <= set(_labels("SELECT |"))


def test_behind_from_stand_views_and_named_queries() -> None:
    assert _labels("SELECT * FROM |") == [view.name for view in SQL_VIEWS]
    assert _labels("WITH slow AS (SELECT 1) SELECT * FROM s|") == ["slow", "spans", "scores", "traces"]
    assert _labels("SELECT * FROM spans JOIN tr|") == ["traces"]


def test_behind_an_alias_stand_its_columns_alone() -> None:
    assert _labels("SELECT t.turn| FROM traces t") == ["turn"]
    assert _labels("SELECT s.tool_n| FROM traces AS t JOIN spans AS s USING (trace_id)") == ["tool_name"]
    assert _labels("SELECT x.| FROM traces t") == []


def test_what_begins_as_typed_stands_before_what_holds_it() -> None:
    labels = _labels("SELECT tokens| FROM spans")
    assert labels[0] == "tokens_per_second"
    assert "input_tokens" in labels[1:]


def test_functions_and_keywords_are_offered_by_their_beginning() -> None:
    assert "quantile_cont(x, 0.95)" in _labels("SELECT quant|")
    assert _labels("SELECT 1 FROM spans GRO|") == ["GROUP BY", "GROUP BY ALL"]
    assert next(one.insert for one in _at("SELECT coun|").proposals if one.what == "function") == "count("


@pytest.mark.parametrize("text", ["SELECT 'sp|", "SELECT 1 -- sp|", "SELECT /* sp|", "SELECT 12|", "SELECT $$sp|"])
def test_nothing_is_offered_in_texts_comments_and_numbers(text: str) -> None:
    assert _labels(text) == []


def test_attributes_are_found_by_any_part_of_their_name() -> None:
    found = _at("SELECT attr.cust| FROM spans")
    assert [(one.label, one.insert) for one in found.proposals] == [("attr.customer.tier", "attr.customer.tier")]
    assert (found.start, found.end) == (7, 16)
    assert _labels("SELECT attr.tier|") == ["attr.customer.tier"]
    assert _labels("SELECT s.attr.| FROM spans s") == [f"attr.{name}" for name in ATTRIBUTES]


def test_an_attribute_with_other_signs_is_put_in_quotes() -> None:
    found = _at('SELECT "attr.http| FROM spans')
    assert [one.insert for one in found.proposals] == ['"attr.http.status-code"']
    assert found.start == 7
    assert spelled('a "b"') == '"attr.a ""b"""'
    assert spelled("a.b") == "attr.a.b"


def test_every_proposal_says_what_it_is() -> None:
    for one in _at("SELECT s| FROM spans").proposals:
        assert one.detail or one.what == "keyword"
