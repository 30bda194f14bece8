"""What writing batches of spans promises."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.store.written import contents, make, rows, summary

from tailrace.errors import DatabaseError
from tailrace.model import Cost, CostSource, Event, Link, LogRecord, Score, ScoreKind, Span, SpanKind, SpanStatus, Usage
from tailrace.store import Writer
from tailrace.store.connections import open_to_write


def test_a_batch_is_there_to_be_read_at_once(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", input="Hello"), make("b", "a"), make("c", trace_id="t2")])
        found = rows(path, "SELECT trace_id, name, span_count, input_preview, stale FROM trace")
        assert found == [("t1", "a", 2, "Hello", 0), ("t2", "c", 1, "", 0)]


def test_the_spans_of_a_trace_are_one_range_of_ids(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a"), make("c", trace_id="t2")])
        writer.write([make("b", "a")])
    ids = rows(path, "SELECT id >> 24 = trace, id & 0xFFFFFF, span_id FROM span ORDER BY id")
    assert ids == [(1, 0, "a"), (1, 1, "b"), (1, 0, "c")]


def test_a_later_piece_wins_where_it_says_something_and_erases_nothing(path: Path) -> None:
    first = make(
        "a",
        end_ns=None,
        kind=SpanKind.LLM,
        model="m",
        input="question",
        input_key="input.value",
        attributes={"one": 1, "both": "old"},
        events=(Event("begun", 1_100, {}),),
        tags=("x",),
        usage=Usage(10, None, None),
        resource={"service.name": "s"},
        cost=Cost(0.5),
    )
    second = make(
        "a",
        name="",
        status=SpanStatus.OK,
        output="answer",
        attributes={"two": 2, "both": "new"},
        events=(Event("begun", 1_100, {}), Event("ended", 1_900, {"k": 1})),
        tags=("y", "x"),
        links=(Link("t9", "s9", {}),),
        usage=Usage(None, 5, None, reasoning=2),
    )
    with Writer(path) as writer:
        writer.write([first])
        writer.write([second])
        writer.settle()
    (row,) = rows(
        path,
        "SELECT name, kind, status, end_ns, model, tags, input_tokens, output_tokens, total_tokens, reasoning_tokens, "
        "cost, event_count, has_input, has_output, input, input_key, output, span_payload.attributes, events, "
        "links, resource.attributes FROM span JOIN span_payload USING (id) JOIN resource ON resource.id = resource",
    )
    assert row == (
        "a", "llm", "ok", 2_000, "m", '["x","y"]', 10, 5, 15, 2, 0.5, 2, 1, 1, "question", "input.value", "answer",
        '{"one":1,"both":"new","two":2}', '[["begun",1100,{}],["ended",1900,{"k":1}]]', '[["t9","s9",{}]]',
        '{"service.name":"s"}',
    )  # fmt: skip
    assert summary(path)["end_ns"] == 2_000
    assert summary(path)["total_tokens"] == 15
    assert summary(path)["tags"] == '["x","y"]'


def test_writing_the_same_again_changes_not_one_byte_of_content(path: Path) -> None:
    batch = [
        *_forest(random.Random(3), 60),
        LogRecord("t0", "s1", 5, "gen_ai.user.message", {"content": "Hi"}, {}),
        Score("s-1", "quality", ScoreKind.NUMBER, "t0", value=0.5),
    ]
    with Writer(path, _price) as writer:
        writer.write(batch)
        writer.settle()
        writer.index()
        tables = [name for (name,) in rows(path, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
        tables = [name for name in tables if name not in ("span_fts", "attribute_fts")]  # they have tables of their own
        before = {name: rows(path, f"SELECT * FROM {name}") for name in tables}
        writer.write(batch)
        random.Random(1).shuffle(batch)
        writer.write(batch)
        assert {name: rows(path, f"SELECT * FROM {name}") for name in tables} == before
        assert writer.tally.new_spans == 60


def _price(model: str | None, provider: str | None, usage: Usage, start_ns: int) -> Cost | None:
    return Cost((usage.input or 0) / 1000, CostSource.PRICE_TABLE, detail="table: m") if model == "m" else None


def _forest(rnd: random.Random, count: int, traces: int = 4) -> list[Span]:
    """Spans of some traces: late and missing parents, cycles, open and failed spans, usage at any depth."""
    made = []
    for i in range(count):
        t = rnd.randrange(traces)
        chance = rnd.random
        made.append(
            make(
                f"s{i}",
                None if chance() < 0.15 else f"s{rnd.randrange(count + 3)}",
                f"t{t}",
                name=f"n{rnd.randrange(4)}",
                start_ns=1_000 + rnd.randrange(6),
                end_ns=None if chance() < 0.1 else 1_000 + rnd.randrange(20),
                kind=rnd.choice(tuple(SpanKind)),
                status=rnd.choice((SpanStatus.UNSET, SpanStatus.OK, SpanStatus.ERROR)),
                model=rnd.choice((None, "m", "n")),
                tool_name=rnd.choice((None, "search")),
                prompt_name=rnd.choice((None, "p")),
                prompt_version=rnd.choice((None, "2")),
                session_id=rnd.choice((None, None, "session1", "session2")),
                user_id=rnd.choice((None, "u")),
                environment=rnd.choice((None, "prod", "dev")),
                tags=rnd.choice(((), ("a",), ("b", "a"))),
                ttft_ns=rnd.choice((None, 1, 5)),
                usage=rnd.choice((None, None, Usage(10 * i, 1), Usage(0, 0, 0), Usage(None, 7, 7))),
                cost=Cost(0.1 * i) if chance() < 0.2 else None,
                input=rnd.choice((None, f"in {i}")),
                output=rnd.choice((None, f"out {i}")),
                attributes={"i": i},
                events=(Event("exception", 1_001, {}),) if chance() < 0.2 else (),
                resource={"service.name": "x"} if chance() < 0.5 else {},
            )
        )
    return made


@settings(max_examples=examples(30), deadline=None)
@given(st.data(), st.integers(0, 2**32), st.integers(1, 24))
def test_any_order_any_splitting_and_any_duplication_give_the_same(data: st.DataObject, seed: int, count: int) -> None:
    spans = _forest(random.Random(seed), count, traces=2)
    found = []
    with TemporaryDirectory() as folder:
        orders = [spans, data.draw(st.permutations(spans + spans[: data.draw(st.integers(0, count))]))]
        for number, order in enumerate(orders):
            path = Path(folder) / f"{number}.tailrace"
            with Writer(path, _price) as writer:
                at = 0
                while at < len(order):
                    size = data.draw(st.integers(1, len(order) - at)) if number else len(order)
                    writer.write(order[at : at + size])
                    at += size
                    if number and data.draw(st.booleans()):
                        writer.settle()
                writer.settle()
            found.append(contents(path))
    assert found[0] == found[1]


def test_usage_is_counted_where_no_descendant_reports_it(path: Path) -> None:
    spans = [
        make("agent", usage=Usage(30, 6), cost=Cost(0.3)),
        make("chain", "agent"),
        make("call1", "chain", usage=Usage(10, 2), cost=Cost(0.1)),
        make("call2", "chain", usage=Usage(20, 4), model="m"),
        make("tool", "call2", cost=Cost(0.05)),
        make("unpriced", "agent", usage=Usage(1, 1), model="unheard of"),
    ]
    with Writer(path, _price) as writer:
        writer.write(spans)
    row = summary(path)
    assert (row["input_tokens"], row["output_tokens"], row["total_tokens"]) == (31, 7, 38)
    assert row["cost"] == pytest.approx(0.1 + 0.02 + 0.05)
    assert (row["estimated_cost"], row["unpriced_spans"]) == (1, 1)
    assert rows(path, "SELECT span_id FROM span WHERE usage_counts = 0") == [("agent",)]


def test_a_late_child_takes_the_usage_over_from_its_parent(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("agent", usage=Usage(30, 6))])
        assert summary(path)["total_tokens"] == 36
        writer.write([make("call", "agent", usage=Usage(29, 6))])
        writer.settle()
    assert summary(path)["total_tokens"] == 35
    assert rows(path, "SELECT span_id, usage_counts FROM span") == [("agent", 0), ("call", 1)]


def test_a_span_without_a_cost_gets_one_from_the_price_table_and_says_so(path: Path) -> None:
    with Writer(path, _price) as writer:
        writer.write([make("a", usage=Usage(1000, 1))])
        assert summary(path)["unpriced_spans"] == 1
        writer.write([make("a", model="m")])
        writer.settle()
        assert rows(path, "SELECT cost, cost_source, cost_detail FROM span") == [(1.0, "price table", "table: m")]
        assert summary(path)["cost"] == 1.0
        writer.write([make("a", cost=Cost(0.25, detail="llm.cost"))])
        writer.write([make("a", model="m", usage=Usage(1000, 1))])
        writer.settle()
    assert rows(path, "SELECT cost, cost_source, cost_detail FROM span") == [(0.25, "file", "llm.cost")]
    assert summary(path)["estimated_cost"] == 0


def test_the_root_is_the_span_without_a_parent_else_the_earliest_orphan(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("late", "gone", start_ns=3_000), make("early", "lost", start_ns=1_500, end_ns=1_600)])
        assert (summary(path)["name"], summary(path)["missing_root"], summary(path)["max_depth"]) == ("early", 1, 1)
        writer.write([make("lost", None, start_ns=1_400, end_ns=None, session_id=None), make("gone", "lost")])
        writer.settle()
    row = summary(path)
    assert (row["name"], row["missing_root"], row["max_depth"], row["end_ns"]) == ("lost", 0, 3, None)


def test_cycles_end(path: Path) -> None:
    with Writer(path) as writer:
        writer.write(
            [
                make("self", "self", start_ns=9_000),
                make("a", "c", start_ns=3_000, usage=Usage(1, 1)),
                make("b", "a", start_ns=1_000, usage=Usage(2, 2)),
                make("c", "b", start_ns=2_000),
                make("below", "c", usage=Usage(4, 4)),
            ]
        )
    row = summary(path)
    assert (row["span_count"], row["missing_root"], row["max_depth"], row["name"]) == (5, 1, 3, "b")
    assert row["total_tokens"] == 10  # b above c above a and below: the cycle is cut at its earliest span


def test_a_chain_of_thirty_thousand_spans_is_no_recursion(path: Path) -> None:
    chain = [make(str(i), str(i - 1) if i else None, usage=Usage(1, 0)) for i in range(30_000)]
    with Writer(path) as writer:
        writer.write(reversed(chain))
    assert (summary(path)["max_depth"], summary(path)["total_tokens"]) == (30_000, 1)


def test_a_giant_trace_in_many_batches_takes_linear_time(path: Path) -> None:
    def seconds(first: int) -> float:
        spans = [make(str(i), "0" if i else None) for i in range(first, first + 10_000)]
        began = time.process_time()
        for at in range(0, 10_000, 500):
            writer.write(spans[at : at + 500])
        return time.process_time() - began

    with Writer(path) as writer:
        first = seconds(0)
        seconds(10_000)
        seconds(20_000)
        last = seconds(30_000)
        writer.settle()
    assert last < first * 3
    assert summary(path)["span_count"] == 40_000


def test_the_summary_takes_what_the_root_lacks_from_the_first_span_that_has_it(path: Path) -> None:
    with Writer(path) as writer:
        writer.write(
            [
                make("root", user_id="owner", end_ns=9_000),
                make(
                    "b", "root", start_ns=3_000, end_ns=4_000, session_id="late", user_id="other", output="last words"
                ),
                make("a", "root", start_ns=2_000, end_ns=3_000, session_id="early", input="first words", output="mid"),
                make("llm", "a", start_ns=2_500, kind=SpanKind.LLM, ttft_ns=100, model="m", end_ns=2_900),
            ]
        )
    row = summary(path)
    assert (row["session_id"], row["user_id"]) == ("early", "owner")
    assert (row["input_preview"], row["output_preview"]) == ("first words", "last words")
    assert row["ttft_ns"] == 1_600
    assert (row["start_ns"], row["end_ns"], row["duration_ns"]) == (1_000, 9_000, 8_000)
    assert (row["kinds"], row["models"]) == ('["llm","unknown"]', '["m"]')


def test_values_that_sqlite_or_json_cannot_hold_are_mended_and_the_batch_goes_in(path: Path) -> None:
    deep: object = 0
    for _ in range(900):
        deep = [deep]
    spans = [
        make("fine"),
        make("s\ud800", "fine", name="n\udfff", input="nul\0 and \ud83d", start_ns=10**30, usage=Usage(2**70, 1)),
        make("b", "s\ud800", attributes={"nan": float("nan"), "inf": float("inf"), "deep": deep, "\ud800": 2**80}),
        make("c", "b", events=(Event("e\ud800", 2**90, {"x": {1: object}}),), cost=Cost(1e308)),
        make("d", "b", cost=Cost(1e308), resource={"r": "\ud800"}, end_ns=-(10**40)),
    ]
    with Writer(path) as writer:
        writer.write(spans)
        writer.write(spans)
        writer.settle()
        writer.index()
    assert rows(path, "SELECT count(*) FROM span") == [(5,)]
    assert rows(
        path, "SELECT name, length(CAST(input AS BLOB)) FROM span JOIN span_payload USING (id) WHERE span_id = 's?'"
    ) == [("n?", 10)]
    assert rows(path, "SELECT min(json_valid(attributes)) FROM span_payload") == [(1,)]


def test_what_is_not_a_record_is_our_own_mistake_and_writes_nothing(path: Path) -> None:
    with Writer(path) as writer:
        with pytest.raises(TypeError, match="not str"):
            writer.write([make("a"), "what?"])  # type: ignore[list-item]
        assert rows(path, "SELECT count(*) FROM span") == [(0,)]


def test_a_failed_batch_leaves_nothing_behind_and_can_be_written_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = [make("a", resource={"service.name": "x"}, attributes={"k": 1}), make("b", "a")]
    with Writer(path) as writer:
        with monkeypatch.context() as patch:
            patch.setattr("tailrace.store.logs.insert", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                writer.write(spans)
        assert rows(path, "SELECT count(*) FROM span") == [(0,)]
        writer.write(spans)
    assert rows(path, "SELECT span_id, resource FROM span JOIN span_payload USING (id)") == [("a", 1), ("b", None)]
    assert rows(path, "SELECT attributes FROM resource") == [('{"service.name":"x"}',)]
    assert rows(path, "SELECT name FROM attribute_key") == [("k",), ("service.name",)]


def test_a_full_disk_is_a_sentence_and_the_file_stays_sound(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a")])
        connection = writer._connection
        connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(DatabaseError, match=r"The disk that holds .*some traces\.tailrace is full"):
            writer.write([make(f"b{i}", "a", input="x" * 5_000) for i in range(500)])
        connection.execute("PRAGMA max_page_count = 1000000")
        writer.write([make("c", "a")])
    assert rows(path, "SELECT span_id FROM span") == [("a",), ("c",)]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_database_that_another_program_locks_is_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tailrace.store.connections.BUSY_MS", 10)
    with Writer(path) as writer:
        other = sqlite3.connect(path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="is locked by another program"):
            writer.write([make("a")])
        other.rollback()
        other.close()
        writer.write([make("a")])
    assert rows(path, "SELECT count(*) FROM span") == [(1,)]


def test_more_spans_than_a_trace_can_number_are_counted_as_skipped(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tailrace.store.writer.MOST_SPANS", 3)
    with Writer(path) as writer:
        writer.begin_source(Path("/x"), "f", "p", 1)
        writer.write([make(str(i)) for i in range(4)])
        writer.write([make("late")])
    assert rows(path, "SELECT reason, count, example FROM skipped") == [("more than 3 spans in one trace", 2, "t1")]


def test_a_stale_summary_is_settled_by_the_next_writer(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a")])
        writer.write([make("b", "a")])
    assert (summary(path)["stale"], summary(path)["span_count"]) == (1, 1)
    seen: list[tuple[int, int]] = []
    with Writer(path) as writer:
        writer.settle(progress=lambda done, total: seen.append((done, total)))
    assert (summary(path)["stale"], summary(path)["span_count"]) == (0, 2)
    assert seen == [(1, 1)]


def test_a_view_shows_times_and_money_to_people(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", start_ns=1_700_000_000_123_000_000, end_ns=1_700_000_001_123_000_000, input="hi")])
    assert rows(path, "SELECT started, duration_ms, input FROM spans") == [("2023-11-14T22:13:20.123Z", 1000.0, "hi")]
    assert rows(path, "SELECT started, span_count FROM traces") == [("2023-11-14T22:13:20.123Z", 1)]


def test_a_damaged_file_is_a_sentence(path: Path) -> None:
    open_to_write(path, durable=False).close()
    content = bytearray(path.read_bytes())
    content[2_000:] = b"\xff" * (len(content) - 2_000)
    path.write_bytes(bytes(content))
    with pytest.raises(DatabaseError, match="is damaged"), Writer(path) as writer:
        writer.write([make("a")])
