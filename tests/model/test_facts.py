"""The columns of facts and the fields to group by."""

from __future__ import annotations

from tailrace.model.facts import COLUMNS, DIMENSIONS, ColumnType, find_dimension, type_of
from tailrace.model.measures import Grain


def test_every_column_has_a_type_and_a_meaning() -> None:
    for grain, columns in COLUMNS.items():
        for column, meaning in columns.items():
            assert type_of(grain, column) in ColumnType
            assert meaning.partition(") ")[2] or not meaning.startswith("(")


def test_types_are_what_the_meaning_is_marked_with() -> None:
    assert type_of(Grain.TRACE, "duration_ns") is ColumnType.INTEGER
    assert type_of(Grain.TRACE, "failed") is ColumnType.FLAG
    assert type_of(Grain.SPAN, "model") is ColumnType.TEXT
    assert type_of(Grain.SPAN, "cost") is ColumnType.NUMBER


def test_only_spans_have_attributes() -> None:
    assert type_of(Grain.SPAN, "attr.loop.iterations") is ColumnType.NUMBER
    assert type_of(Grain.TRACE, "attr.loop.iterations") is None
    assert type_of(Grain.SPAN, "attr.") is None
    assert type_of(Grain.SPAN, "no_such_column") is None


def test_a_field_is_found_by_its_name_and_an_attribute_by_its_key() -> None:
    assert all(find_dimension(each.field) == each for each in DIMENSIONS)
    found = find_dimension("attr.loop.iterations")
    assert found is not None
    assert (found.title, found.several) == ("loop.iterations", True)
    assert find_dimension("attr.") is find_dimension("nothing") is None
