"""Columns that were brought up to date step by step are those that are made from nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.columns.made import batches, scores
from tests.store.columns.test_facts import same
from tests.store.columns.told import built, expected, facts_of
from tests.store.written import make

from tailrace.jobs import Cancelled, Ticket
from tailrace.model import Score, ScoreKind, Span, SpanKind, SpanStatus
from tailrace.store import Reader, ScoreBook, Writer
from tailrace.store.columns import Columns


@pytest.fixture
def columns(path: Path, tmp_path: Path) -> Columns:
    """Columns of a database that is still to be written."""
    return Columns(path, tmp_path / "cache")


@settings(max_examples=10, deadline=None)
@given(batches(), st.lists(scores(), max_size=4), st.data())
def test_every_way_of_growing_leads_to_the_same_columns(
    batches: list[list[Span]], judged: list[Score], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.tailrace"
        columns = Columns(path, Path(folder) / "grown")
        with Writer(path) as writer:
            steps = [*batches, *judged]
            for step in steps if data.draw(st.booleans()) else reversed(steps):
                if isinstance(step, Score):
                    writer.put_score(step)
                else:
                    writer.write(step)
                if data.draw(st.booleans()):
                    writer.settle()
                if data.draw(st.booleans()):
                    facts_of(columns, path)
                if data.draw(st.integers(0, 4)) == 0:
                    columns.close()
            writer.settle()
        grown = facts_of(columns, path)
        columns.close()
        same(grown, built(path, Path(folder) / "new"))
        same(grown, expected(path))


def test_a_span_that_comes_late_changes_its_trace_alone(path: Path, columns: Columns) -> None:
    with Writer(path) as writer:
        writer.write([make("a", trace_id=f"t{i}") for i in range(5)])
        before = facts_of(columns, path)
        writer.write([make("b", "a", trace_id="t3", start_ns=1_100, end_ns=1_600, kind=SpanKind.LLM)])
        writer.settle()
    after = facts_of(columns, path)
    changed = {key for key, fact in after["trace"].items() if before["trace"][key] != fact}
    assert changed == {key for key, fact in after["trace"].items() if fact["trace_id"] == "t3"}
    (key,) = changed
    assert after["trace"][key]["model_ns"] == 500
    assert after["trace"][key]["other_ns"] == 500
    columns.close()


def test_an_earlier_trace_of_a_session_moves_the_turns_behind_it(path: Path, columns: Columns) -> None:
    with Writer(path) as writer:
        for i, start in enumerate((2_000, 3_000)):
            writer.write([make("a", trace_id=f"t{i}", start_ns=start, end_ns=start + 1, session_id="s", user_id="u")])
        assert [fact["turn"] for fact in facts_of(columns, path)["trace"].values()] == [1, 2]
        writer.write([make("a", trace_id="first", start_ns=1_000, end_ns=9_000, session_id="s", user_id="u")])
    found = facts_of(columns, path)
    assert [fact["turn"] for fact in found["trace"].values()] == [2, 3, 1]
    assert found["session"]["s"]["start_ns"] == 1_000
    assert found["session"]["s"]["duration_ns"] == 8_000
    columns.close()


def test_a_judgement_is_seen_at_once_and_gone_when_it_is_taken_back(path: Path, columns: Columns) -> None:
    with Writer(path) as writer:
        writer.write([make("a", session_id="s")])
    reader = Reader(path)
    book = ScoreBook(path)

    def values() -> list[tuple[object, ...]]:
        columns.refresh(reader)
        with columns.reading() as cursor:
            return cursor.execute("SELECT score, value, trace, start_ns FROM score_facts ORDER BY ALL").fetchall()

    assert values() == []
    book.put(Score("x", "tone", ScoreKind.NUMBER, "t1", value=0.25, created_ns=5))
    assert values() == [("tone", 0.25, 1, 1_000)]
    book.put(Score("x", "tone", ScoreKind.NUMBER, "t1", value=0.5, created_ns=6))
    book.put(Score("y", "mood", ScoreKind.NUMBER, session_id="s", value=1.0, created_ns=7))
    book.put(Score("z", "later", ScoreKind.NUMBER, "t9", value=2.0, created_ns=8))
    assert values() == [("later", 2.0, None, 8), ("mood", 1.0, None, 1_000), ("tone", 0.5, 1, 1_000)]
    book.remove("x")
    with Writer(path) as writer:
        writer.write([make("a", trace_id="t9", start_ns=77)])
    assert values() == [("later", 2.0, 2, 77), ("mood", 1.0, None, 1_000)]
    for one in (book, reader, columns):
        one.close()


def test_a_judgement_of_one_span_is_told_from_that_of_its_trace(path: Path, columns: Columns) -> None:
    with Writer(path) as writer:
        writer.write([make("a"), make("b", "a")])
    reader, book = Reader(path), ScoreBook(path)
    book.put(Score("x", "thumb", ScoreKind.THUMB, "t1", "b", value=0.0, created_ns=5))
    book.put(Score("y", "thumb", ScoreKind.THUMB, "t1", value=1.0, created_ns=5))
    columns.refresh(reader)
    with columns.reading() as cursor:
        found = cursor.execute("SELECT value, span_id FROM kept_score ORDER BY value").fetchall()
    assert found == [(0.0, "b"), (1.0, None)]
    for one in (book, reader, columns):
        one.close()


def test_a_judgement_of_a_session_alone_changes_no_trace(path: Path, columns: Columns) -> None:
    with Writer(path) as writer:
        writer.write([make("a", session_id="s")])
    before = facts_of(columns, path)
    book = ScoreBook(path)
    book.put(Score("y", "mood", ScoreKind.NUMBER, session_id="s", value=1.0, created_ns=7))
    book.close()
    after = facts_of(columns, path)
    assert len(after["score"]) == 1
    assert {grain: after[grain] for grain in ("trace", "session")} == {
        grain: before[grain] for grain in ("trace", "session")
    }
    columns.close()


def test_a_price_that_comes_later_is_seen(path: Path, columns: Columns) -> None:
    with Writer(path) as writer:
        writer.write([make("a"), make("a", trace_id="t2")])
    facts_of(columns, path)
    from tailrace.store.connections import open_to_write, transaction

    connection = open_to_write(path, durable=False)
    with transaction(connection):
        connection.execute("UPDATE span SET cost = 0.5 WHERE trace = 2")
        connection.execute("UPDATE trace SET cost = 0.5 WHERE id = 2")
    connection.close()
    found = facts_of(columns, path)
    assert [fact["cost"] for fact in found["span"].values()] == [None, 0.5]
    assert found["trace"][2]["cost"] == 0.5
    columns.close()


def test_nothing_is_done_again_while_nothing_was_written(path: Path, columns: Columns) -> None:
    with Writer(path) as writer:
        writer.write([make("a")])
    reader = Reader(path)
    said: list[tuple[int, int]] = []
    first = columns.refresh(reader, None, lambda *news: said.append(news))
    assert said[-1] == (1, 1)
    said.clear()
    assert columns.refresh(reader, None, lambda *news: said.append(news)) == first
    assert said == []
    with Writer(path) as writer:
        writer.write([make("a", trace_id="t2")])
    assert columns.refresh(reader, None, lambda *news: said.append(news)) != first
    assert said[-1] == (1, 1)
    reader.close()
    columns.close()


def test_a_reading_sees_one_state_while_the_columns_move_on(path: Path, columns: Columns) -> None:
    with Writer(path) as writer:
        writer.write([make("a")])
    reader = Reader(path)
    columns.refresh(reader)
    with columns.reading() as cursor, Writer(path) as writer:
        writer.write([make("b"), make("a", trace_id="t2")])
        writer.settle()
        columns.refresh(reader)
        for grain in ("span", "trace"):
            assert cursor.execute(f"SELECT count(*) FROM {grain}_facts").fetchall() == [(1,)]
        with columns.reading() as later:
            assert later.execute("SELECT count(*) FROM span_facts").fetchall() == [(3,)]
    reader.close()
    columns.close()


def test_two_of_one_process_share_one_cache(path: Path, columns: Columns, tmp_path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a")])
    other = Columns(path, tmp_path / "cache")
    facts = facts_of(columns, path)
    assert facts_of(other, path) == facts
    assert len(list((tmp_path / "cache").glob("*.duckdb"))) == 1
    columns.close()
    assert facts_of(other, path) == facts
    other.close()


def test_a_cancel_stops_the_filling_and_the_next_one_fills(path: Path, columns: Columns) -> None:
    with Writer(path) as writer:
        writer.write([make("a")])
    reader = Reader(path)
    ticket = Ticket()
    with pytest.raises(Cancelled):
        columns.refresh(reader, ticket, lambda done, total: ticket.cancel())
    assert len(facts_of(columns, path)["span"]) == 1
    reader.close()
    columns.close()


def test_a_cancel_stops_a_question(path: Path, columns: Columns) -> None:
    with Writer(path) as writer:
        writer.write([make("a")])
    reader = Reader(path)
    columns.refresh(reader)
    ticket = Ticket()

    from threading import Timer

    Timer(0.2, ticket.cancel).start()
    with pytest.raises(Cancelled), columns.reading(ticket) as cursor:
        cursor.execute("SELECT count(*) FROM range(100000000) AS a(i), range(100000000) AS b(j) WHERE i * j % 7 = 3")
    reader.close()
    columns.close()


def test_a_trace_that_is_read_in_pieces_is_derived_as_a_whole(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = [make("root", start_ns=0, end_ns=1_000, kind=SpanKind.AGENT)]
    for i in range(40):
        failed = SpanStatus.ERROR if i % 4 == 0 else SpanStatus.OK
        spans.append(
            make(f"c{i}", f"c{i - 7}" if i % 3 else "root", start_ns=i * 20, end_ns=i * 20 + 15, name="call",
                 kind=SpanKind.TOOL, status=failed, error_type="Boom" if failed else None)
        )  # fmt: skip
    with Writer(path) as writer:
        writer.write([make("a", trace_id="before")])
        writer.write(spans)
        writer.write([make("a", trace_id="behind")])
    whole = built(path, tmp_path / "whole")
    monkeypatch.setattr("tailrace.store.columns.source.PIECE", 6)
    same(built(path, tmp_path / "pieces"), whole)
    same(whole, expected(path))


def test_what_is_too_large_for_one_text_is_told_in_several(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Writer(path) as writer:
        for t in range(6):
            writer.write([make(f"s{i}", trace_id=f"t{t}", name="n" * 400) for i in range(5)])
    whole = built(path, tmp_path / "whole")
    from tailrace.store import reader as module

    opened = module.open_to_read

    def narrow(path: Path) -> object:
        import sqlite3

        connection = opened(path)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 3_000)
        return connection

    monkeypatch.setattr(module, "open_to_read", narrow)
    same(built(path, tmp_path / "narrow"), whole)
