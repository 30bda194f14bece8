"""What reading the trace database promises."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.store.written import make

from tailrace.errors import DatabaseError
from tailrace.jobs import Cancelled, Ticket
from tailrace.model import (
    Cost,
    CostSource,
    Event,
    Link,
    LogRecord,
    Score,
    ScoreKind,
    Sorting,
    SortKey,
    Span,
    SpanKind,
    SpanStatus,
    TraceFilter,
    Usage,
    ValueCount,
)
from tailrace.query import Everything, Tree, parse
from tailrace.store import Reader, Writer
from tailrace.store.values import values_of


def tree(text: str) -> Tree:
    found = parse(text).tree
    assert found is not None, parse(text).message
    return found


def write(path: Path, *records: Span | LogRecord | Score) -> Reader:
    with Writer(path) as writer:
        writer.write(records)
        writer.settle()
        writer.index()
    return Reader(path)


def ids(reader: Reader, text: str = "", sorting: Sorting | None = None) -> list[str]:
    answer = reader.list_traces(tree(text), TraceFilter(text), sorting or Sorting())
    return [row.trace_id for row in reader.read_rows(answer.keys.tolist())]


@pytest.fixture
def ordered(path: Path) -> Reader:
    return write(
        path,
        make("a", trace_id="old", start_ns=1, end_ns=11, cost=Cost(0.5), name="Zoo"),
        make("a", trace_id="mid", start_ns=2, end_ns=None, name="apple"),
        make("a", trace_id="dear", start_ns=3, end_ns=5, cost=Cost(2.0), name="berry"),
        make("a", trace_id="free", start_ns=4, end_ns=14, cost=Cost(0.0), name="apple"),
        make("a", trace_id="new", start_ns=5, end_ns=None, name="Berry"),
    )


@pytest.mark.parametrize(
    ("sorting", "expected"),
    [
        (Sorting(), "new free dear mid old"),
        (Sorting(SortKey.START, False), "old mid dear free new"),
        (Sorting(SortKey.COST), "dear old free new mid"),
        (Sorting(SortKey.COST, False), "free old dear new mid"),
        (Sorting(SortKey.DURATION), "free old dear new mid"),
        (Sorting(SortKey.DURATION, False), "dear free old new mid"),
        (Sorting(SortKey.NAME, False), "free mid new dear old"),
        (Sorting(SortKey.THUMB), "new free dear mid old"),
    ],
)
def test_unknown_values_come_last_and_equal_ones_newest_first(ordered: Reader, sorting: Sorting, expected: str) -> None:
    if sorting.key is SortKey.NAME:
        # names that differ in case alone stay side by side
        assert ids(ordered, "", sorting) in (expected.split(), ["free", "mid", "dear", "new", "old"])
    else:
        assert ids(ordered, "", sorting) == expected.split()


def test_every_sort_key_orders_all_traces(ordered: Reader) -> None:
    for key in SortKey:
        for descending in (False, True):
            assert sorted(ids(ordered, "", Sorting(key, descending))) == ["dear", "free", "mid", "new", "old"]


def test_rows_come_in_the_order_of_the_keys_and_unknown_keys_are_left_out(ordered: Reader) -> None:
    rows = ordered.read_rows([3, 99, 1, 2])
    assert [row.key for row in rows] == [3, 1, 2]
    assert [row.trace_id for row in rows] == ["dear", "old", "mid"]
    assert rows[1].cost == 0.5
    assert rows[1].status is SpanStatus.UNSET
    assert ordered.read_rows([]) == []


def test_what_is_written_later_is_seen_by_the_same_reader(path: Path) -> None:
    reader = write(path, make("a", trace_id="one"))
    assert ids(reader) == ["one"]
    assert ids(reader, "has:cost") == []
    with Writer(path) as writer:
        writer.write([make("a", trace_id="two", start_ns=2_000, cost=Cost(1.0))])
        assert ids(reader) == ["two", "one"]
        assert ids(reader, "has:cost") == ["two"]
        assert reader.histogram(Everything()).counts.sum() == 2


def test_the_list_says_how_much_the_text_index_lacks(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", input="hello"), make("b")])
        reader = Reader(path)
        before = reader.list_traces(tree("hello"), TraceFilter(), Sorting())
        assert (len(before.keys), before.unsearched) == (0, 2)
        assert reader.list_traces(tree("has:input"), TraceFilter(), Sorting()).unsearched == 0
        writer.index()
        after = reader.list_traces(tree("hello"), TraceFilter(), Sorting())
        assert (len(after.keys), after.unsearched) == (1, 0)


def test_several_threads_ask_one_reader(path: Path) -> None:
    reader = write(path, *(make("a", trace_id=f"t{i}", start_ns=i) for i in range(200)))
    answers: list[int] = []

    def ask() -> None:
        for _ in range(20):
            answers.append(len(reader.list_traces(tree("has:input OR name:a"), TraceFilter(), Sorting()).keys))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 80


def test_a_cancel_stops_a_query_and_leaves_the_next_one_alone(path: Path) -> None:
    reader = write(path, *(make("a", trace_id=f"t{i}", attributes={"k": "x" * 3000}) for i in range(3000)))
    slow = tree(" ".join(f"-attr.k{i}:v" for i in range(300)))
    ticket = Ticket()
    timer = threading.Timer(0.05, ticket.cancel)
    timer.start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        reader.list_traces(slow, TraceFilter(), Sorting(), ticket)
    assert time.monotonic() - began < 2
    timer.join()
    assert len(ids(reader)) == 3000
    with pytest.raises(Cancelled):
        reader.info(ticket)


def test_a_reader_cannot_write_and_says_when_there_is_no_file(path: Path) -> None:
    with pytest.raises(DatabaseError, match="does not exist"):
        Reader(path).info()
    assert not path.exists()
    path.write_bytes(b"no database at all, but long enough to have a header" * 40)
    with pytest.raises(DatabaseError, match="not a Tailrace database"):
        Reader(path).info()


# Histograms


@pytest.mark.parametrize(
    ("starts", "width"),
    [
        ([0], 1),
        ([0, 119], 1),
        ([0, 120], 2),
        ([0, 3_600 * 10**9], 60 * 10**9),
        ([1_700_000_000 * 10**9, 1_700_000_000 * 10**9 + 14 * 86_400 * 10**9], 3 * 3600 * 10**9),
    ],
)
def test_buckets_are_of_a_round_width(path: Path, starts: list[int], width: int) -> None:
    reader = write(path, *(make("a", trace_id=f"t{i}", start_ns=start, end_ns=None) for i, start in enumerate(starts)))
    found = reader.histogram(Everything(), 120)
    assert found.bucket_ns == width
    assert found.start_ns % width == 0
    assert found.counts.sum() == len(starts)
    assert len(found.counts) <= 120


def test_absurd_times_do_not_make_endless_buckets(path: Path) -> None:
    starts = [0, 1_700_000_000 * 10**9, 253_402_300_799 * 10**9, 2**63 - 1, -(2**63)]
    starts = [max(-(2**63) + 1, min(start, 2**63 - 1)) for start in starts]
    spans = [
        make("a", trace_id=f"t{i}", start_ns=start, end_ns=None, status=SpanStatus.ERROR if i == 1 else SpanStatus.OK)
        for i, start in enumerate(starts)
    ]
    reader = write(path, *spans)
    found = reader.histogram(Everything(), 100)
    assert len(found.counts) <= 100
    assert found.counts.sum() == len(starts)
    assert found.errors.sum() == 1
    for start in starts:
        bucket = (start - found.start_ns) // found.bucket_ns
        assert found.counts[bucket] > 0


def test_the_histogram_follows_the_filter_and_marks_errors(path: Path) -> None:
    reader = write(
        path,
        *(
            make("a", trace_id=f"t{i}", start_ns=i * 10**9, status=SpanStatus.ERROR if i % 2 else SpanStatus.OK)
            for i in range(50)
        ),
    )
    assert reader.histogram(tree("status:error")).counts.sum() == 25
    assert reader.histogram(tree("status:error")).errors.sum() == 25
    assert reader.histogram(tree("status:ok")).errors.sum() == 0
    nothing = reader.histogram(tree("has:note"))
    assert len(nothing.counts) == len(nothing.errors) == 0


# One trace


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
maybe = st.none() | texts.filter(bool)
counts = st.none() | st.integers(0, 10**6)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(texts, values, max_size=4)
nanoseconds = st.integers(0, 2**62)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    given_text, said_text = draw(maybe), draw(maybe)
    usage = draw(st.none() | st.builds(Usage, *[counts] * 8, st.none() | st.sampled_from(("batch", "flex"))))
    if usage is not None and not any(isinstance(getattr(usage, field.name), int) for field in fields(usage)):
        usage = None
    if usage is not None and usage.total is None and (usage.input is not None or usage.output is not None):
        usage = Usage(usage.input, usage.output, (usage.input or 0) + (usage.output or 0), *[None] * 3)
    return Span(
        "trace",
        "span",
        draw(maybe.filter(lambda text: text != "span")),
        draw(texts),
        draw(nanoseconds),
        draw(st.none() | nanoseconds),
        kind=draw(st.sampled_from(SpanKind)),
        status=draw(st.sampled_from(SpanStatus)),
        status_message=draw(texts),
        **{
            name: draw(maybe)
            for name in ("error_type", "model", "provider", "tool_name", "agent_name", "prompt_name", "prompt_version")
        },
        **{name: draw(maybe) for name in ("session_id", "user_id", "environment", "version")},
        tags=tuple(draw(st.lists(texts, max_size=3))),
        ttft_ns=draw(st.none() | nanoseconds),
        usage=usage,
        cost=draw(
            st.none()
            | st.builds(
                Cost, st.floats(0, 100), st.sampled_from(CostSource), *[st.none() | st.floats(0, 9)] * 2, detail=texts
            )
        ),
        input=given_text,
        input_key=draw(maybe) if given_text is not None else None,
        output=said_text,
        output_key=draw(maybe) if said_text is not None else None,
        attributes=draw(objects),
        resource=draw(objects),
        scope_name=draw(texts),
        scope_version=draw(texts),
        events=tuple(draw(st.lists(st.builds(Event, texts, nanoseconds, objects), max_size=3))),
        links=tuple(draw(st.lists(st.builds(Link, texts, texts, objects), max_size=2))),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    return tmp_path_factory.mktemp("spans")


@settings(max_examples=examples(30), deadline=None)
@given(spans())
def test_a_span_comes_back_as_it_was_written(folder: Path, span: Span) -> None:
    path = folder / "one.tailrace"
    for file in folder.iterdir():
        file.unlink()
    with Writer(path) as writer:
        writer.write([span])
    reader = Reader(path)
    key = reader.find_trace("trace")
    assert key is not None
    detail = reader.read_span(key, "span")
    assert detail is not None
    assert detail.span == span
    assert detail.events == span.events
    assert list(reader.spans_of(key)) == [span]
    reader.close()


def test_a_trace_is_read_as_a_tree(path: Path) -> None:
    reader = write(
        path,
        make("c", "b", start_ns=3_000),
        make("a", usage=Usage(1, 2), cost=Cost(0.25), status=SpanStatus.ERROR, kind=SpanKind.AGENT),
        make("b", "a", start_ns=2_000, end_ns=None, name='say "\n'),
        make("x", trace_id="t2"),
    )
    key = reader.find_trace("T1")
    assert key is not None
    found = reader.read_trace(key)
    assert found is not None
    assert found.row.trace_id == "t1"
    assert list(found.tree.span_ids) == ["a", "b", "c"]
    assert list(found.tree.names) == ["a", 'say "\n', "c"]
    assert found.tree.depth.tolist() == [0, 1, 2]
    assert found.tree.tokens.tolist() == [3, -1, -1]
    assert found.tree.cost[0] == 0.25
    assert found.tree.duration.tolist() == [1_000, -1, 0]
    assert reader.read_trace(99) is None
    assert reader.find_trace("none") is None
    assert reader.read_span(key, "none") is None
    assert list(reader.spans_of(99)) == []


def test_a_trace_of_more_spans_than_one_block_is_read_whole(path: Path) -> None:
    reader = write(path, *(make(f"s{i}", None if i == 0 else "s0", start_ns=i) for i in range(45_000)))
    found = reader.read_trace(1)
    assert found is not None
    assert len(found.tree) == 45_000
    assert found.tree.span_ids[1] == "s1"
    assert sum(1 for _ in reader.spans_of(1)) == 45_000


def test_log_records_join_the_events_by_time_and_give_the_conversation(path: Path) -> None:
    reader = write(
        path,
        make("a", kind=SpanKind.LLM, events=(Event("late", 1_900), Event("early", 1_100))),
        LogRecord("t1", "a", 1_500, "gen_ai.user.message", {"content": "What is it?"}),
        LogRecord(
            "t1", "a", 1_600, "gen_ai.choice", {"index": 0, "message": {"role": "assistant", "content": "It is."}}
        ),
        LogRecord("t1", "b", 1_500, "gen_ai.user.message", {"content": "not mine"}),
    )
    detail = reader.read_span(1, "a")
    assert detail is not None
    assert [event.time_ns for event in detail.events] == [1_100, 1_500, 1_600, 1_900]
    assert len(detail.conversation.inputs) == 1
    assert len(detail.conversation.outputs) == 1
    # what came in logs is the span's input to look at, and no part of what the source's span was
    assert detail.span.input is not None
    assert next(reader.spans_of(1)).input is None


def test_scores_are_those_of_the_span_the_trace_and_the_session(path: Path) -> None:
    def score(name: str, **more: object) -> Score:
        return Score(name, name, ScoreKind.NUMBER, value=1.0, **more)  # type: ignore[arg-type]

    reader = write(
        path,
        make("a", session_id="s"),
        make("b", "a"),
        score("trace", trace_id="t1"),
        score("span", trace_id="t1", span_id="a"),
        score("document", trace_id="t1", span_id="a", document_position=0),
        score("other span", trace_id="t1", span_id="b"),
        score("session", session_id="s"),
        score("other session", session_id="s2"),
    )
    detail = reader.read_span(1, "a")
    assert detail is not None
    assert {found.name for found in detail.scores} == {"span", "document"}
    assert {found.name for found in detail.trace_scores} == {"trace", "session"}
    assert len(reader.scores_of_trace(1)) == 5
    assert ("session", 0) in [(names.value, names.count) for names in reader.score_names()]


def test_usage_that_a_descendant_repeats_does_not_count(path: Path) -> None:
    reader = write(path, make("a", usage=Usage(5, 5)), make("b", "a", usage=Usage(5, 5)))
    outer, inner = reader.read_span(1, "a"), reader.read_span(1, "b")
    assert outer is not None
    assert inner is not None
    assert (outer.usage_counts, inner.usage_counts) == (False, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HELLO", {"a"}),
        ("50%", {"b"}),
        ("5_%", set()),
        ('say "x"', {"c"}),
        ("größe", {"d"}),
        ("GRÖSSE", {"d"}),
        ("some.key", {"d"}),
        ("step", {"a", "b", "c", "d"}),
        ("nothing", set()),
        ("", set()),
        ("\0", set()),
        ("^", {"b"}),
    ],
)
def test_find_in_a_trace_looks_in_names_texts_and_attributes(path: Path, text: str, expected: set[str]) -> None:
    reader = write(
        path,
        make("a", name="step", input="well, hello there"),
        make("b", "a", name="step", output="50% of 2^3"),
        make("c", "a", name="step", attributes={"k": 'say "x"'}),
        make("d", "a", name="Step", attributes={"some.key": "Die GRÖßE"}),
        make("a", name="step", input="hello", trace_id="t2"),
    )
    assert reader.find_spans(1, text) == expected


# Values


def test_why_spans_failed_comes_with_the_number_of_traces_in_which_one_did(path: Path) -> None:
    failed = {"status": SpanStatus.ERROR}
    reader = write(
        path,
        *(make("a", trace_id=f"t{i}", error_type="RateLimitError", **failed) for i in range(3)),
        make("b", "a", trace_id="t0", error_type="RateLimitError", **failed),
        make("c", "a", trace_id="t0", status_message="HTTP 504", **failed),
        make("d", "a", trace_id="t2", error_type="TimeoutError"),  # did not fail for it
    )
    assert reader.field_values("error") == [ValueCount("RateLimitError", 3)]
    assert reader.field_values("category") == [ValueCount("rate-limit", 3), ValueCount("timeout", 1)]
    assert reader.field_values("category", "t") == [ValueCount("timeout", 1)]
    assert (ids(reader, "category:timeout"), ids(reader, "error:timeout*")) == (["t0"], [])
    with reader.reading(None) as snapshot:
        assert values_of(snapshot, "category") == {1: ("rate-limit", "timeout"), 2: ("rate-limit",), 3: ("rate-limit",)}
        assert values_of(snapshot, "error", [2]) == {2: ("RateLimitError",)}


def test_values_come_with_the_number_of_their_traces(path: Path) -> None:
    reader = write(
        path,
        *(
            make(
                "a",
                trace_id=f"t{i}",
                model="gpt-4o" if i % 3 else "Claude",
                tags=("x", "y") if i else ("x",),
                attributes={"tier": "gold" if i % 2 else "silver", "n": i % 2, "long": "x" * 500},
                resource={"service.name": "svc"},
                session_id=f"s{i}",
            )
            for i in range(6)
        ),
        *(make("b", "a", trace_id=f"t{i}", model="gpt-4o") for i in range(6)),
        Score("1", "quality", ScoreKind.CATEGORY, "t1", label="good"),
        Score("2", "quality", ScoreKind.CATEGORY, "t2", label="bad"),
        Score("3", "note", ScoreKind.TEXT, "t2", comment="well"),
    )
    assert reader.field_values("model") == [ValueCount("gpt-4o", 6), ValueCount("Claude", 2)]
    assert reader.field_values("model", "c") == [ValueCount("Claude", 2)]
    assert reader.field_values("tag") == [ValueCount("x", 6), ValueCount("y", 5)]
    assert len(reader.field_values("session", limit=4)) == 4
    assert reader.field_values("attr.tier", "G") == [ValueCount("gold", 3)]
    assert reader.field_values("attr.n") == [ValueCount("0", 3), ValueCount("1", 3)]
    assert reader.field_values("attr.service.name") == [ValueCount("svc", 6)]
    assert reader.field_values("attr.long") == []
    assert reader.field_values("score.quality", "g") == [ValueCount("good", 1)]
    assert reader.field_values("span") == [ValueCount("a", 6), ValueCount("b", 6)]
    assert reader.field_values("thumb") == [ValueCount("none", 6)]
    assert ValueCount("session", 6) in reader.field_values("has")
    assert reader.field_values("latency") == []
    assert reader.field_values("nothing") == []
    assert reader.attribute_keys("T") == ["tier"]
    assert reader.attribute_keys() == ["long", "n", "service.name", "tier"]
    assert reader.score_names() == [ValueCount("note", 1), ValueCount("quality", 2)]


def test_info_counts_usage_once_and_sums_what_is_known(path: Path) -> None:
    reader = write(
        path,
        make("a", start_ns=1_000, end_ns=5_000, usage=Usage(7, 3), status=SpanStatus.ERROR, kind=SpanKind.AGENT),
        make("b", "a", start_ns=2_000, end_ns=9_000, usage=Usage(7, 3), cost=Cost(0.5), events=(Event("e", 2_500),)),
        make("c", "gone", trace_id="t2", start_ns=3_000, usage=Usage(1, 1)),
        Score("1", "thumb", ScoreKind.THUMB, "t1", value=1.0),
        Score("2", "note", ScoreKind.TEXT, "t1", comment="well"),
    )
    info = reader.info()
    assert (info.traces, info.spans, info.errors, info.events) == (2, 3, 1, 1)
    assert (info.scores, info.notes) == (1, 1)
    assert (info.input_tokens, info.output_tokens, info.total_tokens) == (8, 4, 12)
    assert (info.cost_usd, info.unpriced_spans, info.max_depth) == (0.5, 1, 2)
    assert (info.earliest_ns, info.latest_ns) == (1_000, 9_000)
    assert info.roots == {"a": 1}
    assert info.kinds == {"unknown": 2, "agent": 1}


def test_info_of_nothing_knows_no_cost_and_no_times(path: Path) -> None:
    info = write(path).info()
    assert (info.traces, info.spans, info.total_tokens, info.max_depth) == (0, 0, 0, 0)
    assert info.cost_usd is info.earliest_ns is info.latest_ns is None
