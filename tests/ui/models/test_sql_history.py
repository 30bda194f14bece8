"""What is kept of the statements of a database."""

from __future__ import annotations

import pytest

from tailrace.ui.models.sql_history import Ran, SqlPlace, sql_place, with_sql_place


def test_what_was_kept_comes_back() -> None:
    place = SqlPlace("SELECT 'é\n'", (Ran("SELECT 1", 5, 1, 20), Ran("SELECT x", 4)))
    assert sql_place(with_sql_place({"other": "x"}, "/a", place), "/a") == place


def test_the_same_statement_is_there_once_and_first() -> None:
    place = SqlPlace()
    for when, sql in enumerate(("SELECT 1", "SELECT 2", "SELECT 1")):
        place = place.with_run(Ran(sql, when, 1))
    assert [(one.sql, one.when_ns) for one in place.ran] == [("SELECT 1", 2), ("SELECT 2", 1)]


def test_sixty_statements_are_kept_and_none_that_is_empty_or_huge() -> None:
    place = SqlPlace()
    for number in range(80):
        place = place.with_run(Ran(f"SELECT {number}", number, 1))
    assert [one.sql for one in place.ran[:2]] == ["SELECT 79", "SELECT 78"]
    assert len(place.ran) == 60
    assert place.with_run(Ran(" \n", 1)) == place
    assert place.with_run(Ran("x" * 20_001, 1)) == place
    assert sql_place(with_sql_place({}, "/a", SqlPlace("x" * 20_001)), "/a").draft == ""


def test_the_oldest_databases_are_forgotten() -> None:
    blobs: dict[str, str] = {"window": "kept"}
    for number in range(25):
        blobs = with_sql_place(blobs, f"/{number}", SqlPlace(str(number)))
    assert sql_place(blobs, "/0") == SqlPlace()
    assert sql_place(blobs, "/24").draft == "24"
    assert len(blobs) == 21
    assert blobs["window"] == "kept"


@pytest.mark.parametrize("blob", ["", "[]", "{}", '{"draft": 1}', '{"draft": "", "ran": [{"sql": "x"}]}', "null"])
def test_what_makes_no_sense_is_the_beginning(blob: str) -> None:
    assert sql_place({"sql:/a": blob}, "/a") == SqlPlace()
