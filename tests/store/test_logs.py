"""What log records do for the spans that they belong to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.test_search_index import found
from tests.store.written import contents, make, rows, summary

from tailrace.model import LogRecord
from tailrace.store import Writer

ASKED = LogRecord("t1", "a", 5, "gen_ai.user.message", {"content": "What time is it?"})
SAID = LogRecord("t1", "a", 6, "gen_ai.choice", {"message": {"content": "Noon"}})


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (1, 0, 2), (2, 1, 0)])
def test_content_reaches_its_span_whichever_comes_first(path: Path, order: tuple[int, ...]) -> None:
    records = (make("a"), ASKED, SAID)
    with Writer(path) as writer:
        for i in order:
            writer.write([records[i]])
        writer.settle()
        writer.index()
        before = contents(path)
        writer.write(records)
        writer.settle()
        assert contents(path) == before
    assert "What time is it?" in summary(path)["input_preview"]
    assert "Noon" in summary(path)["output_preview"]
    assert rows(path, "SELECT has_input, has_output FROM span") == [(1, 1)]
    assert (found(path, "time"), found(path, "noon")) == ({"a"}, {"a"})
    assert rows(path, "SELECT count(*) FROM log_record WHERE settled = 0") == [(0,)]


def test_a_record_that_comes_later_is_added_and_found(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a"), ASKED])
        writer.settle()
        writer.index()
        writer.write([SAID])
        writer.settle()
        writer.index()
    assert found(path, "time noon") == {"a"}
    assert summary(path)["stale"] == 0


def test_what_the_span_itself_says_wins(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", input="own"), ASKED, SAID])
        writer.settle()
        assert rows(path, "SELECT input, from_logs FROM span_payload") == [("own", 2)]
        writer.write([make("a", output="own too")])
        writer.settle()
        assert rows(path, "SELECT output, from_logs FROM span_payload") == [("own too", 0)]


def test_records_of_spans_that_never_come_wait_without_harm(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([LogRecord("gone", f"s{i}", i, "x", None) for i in range(1_200)])
        writer.settle()
        writer.write([make("a"), ASKED])
        writer.settle()
    assert rows(path, "SELECT count(*) FROM log_record WHERE settled = 0") == [(1_200,)]
    assert rows(path, "SELECT has_input FROM span") == [(1,)]
