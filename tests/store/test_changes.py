"""What applying changes promises: all on the disk, stamped so that they merge, with what undoes them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.store.said import mark, verdict
from tests.store.written import make, rows, summary

from tailrace.model import Score, ScoreKind
from tailrace.model.dashboard import ChartKind, Dashboard, Panel
from tailrace.model.review import (
    Dataset,
    DatasetItem,
    DefinitionKind,
    FailureMode,
    Put,
    Queue,
    QueueItem,
    QueueSource,
    Recipe,
    Removal,
    ScoreDefinition,
    Visit,
)
from tailrace.model.score import CORRECTION, EVIDENCE, NOTE, THUMB, own_id
from tailrace.store import ScoreBook, Writer
from tailrace.store.changes import NOW, apply, make_queue
from tailrace.store.modes import heads
from tailrace.store.records import TABLES
from tailrace.store.scores import SCORE_COLUMNS, score_of_row

ONE_OF_EACH = (
    Queue("q", "Refunds", Recipe(QueueSource.STRATIFIED, "tag:refund", 1, 2, 30, 7, "model"), "Be kind", True,
          ("Jo", "Ann"), 0.2),
    QueueItem("q", "t1", 3, "gpt-4o"),
    Visit("v", "q", "t1", "Jo", 5, 1_200),
    ScoreDefinition("d", "tone", DefinitionKind.CATEGORY, "How it sounds", True, options=("kind", "curt")),
    FailureMode("m", "acts before confirming", "Says yes too soon", None, 2),
    Dataset("s", "golden", "Those to keep"),
    Dashboard("b", "Mine", (
        Panel("1", "Cost", ChartKind.BARS, ("cost.total", "cost.input"), 0, 0, 6, 3, "model", 5, "env:prod"),
        Panel("2", "", ChartKind.NUMBER, (), 6, 0, 2, 1),
    ), "Jo"),
    DatasetItem("s/t1", "s", "t1", "a", "in", "out", None, {"k": [1, {"x": None}]}),
)  # fmt: skip


def text(name: str, words: str) -> Score:
    return Score(own_id("Jo", "t1", name), name, ScoreKind.TEXT, "t1", comment=words, author="Jo")


@pytest.fixture
def book(path: Path) -> Iterator[ScoreBook]:
    """A book on a database with the traces t1 and t2."""
    with Writer(path) as writer:
        writer.write([make("a"), make("b", trace_id="t2")])
    book = ScoreBook(path)
    yield book
    book.close()


def stored(path: Path, kind: type[Any]) -> list[Any]:
    """The live records of a kind."""
    if kind is Score:
        return [score_of_row(row) for row in rows(path, f"SELECT {', '.join(SCORE_COLUMNS)} FROM score ORDER BY 1")]
    table = TABLES[kind]
    found = rows(path, f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE removed = 0 ORDER BY 1")
    return [table.record_of(row) for row in found]


def view(path: Path) -> list[Any]:
    """All that is live, without the times it was written at; of requeued items whether they wait for a verdict."""
    verdicts = {score.trace_id: score.updated_ns or 0 for score in stored(path, Score) if score.name == THUMB}
    seen: list[Any] = []
    for kind in (Score, *TABLES):
        for record in stored(path, kind):
            plain = replace(record, updated_ns=None)
            if any(field.name == "created_ns" for field in fields(plain)):
                plain = replace(plain, created_ns=None)
            if isinstance(plain, QueueItem) and plain.requeued_ns is not None:
                plain = replace(plain, requeued_ns=int(verdicts.get(plain.trace_id, 0) < plain.requeued_ns))
            seen.append(plain)
    return seen


@pytest.mark.parametrize("record", ONE_OF_EACH, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was_put_and_undo_takes_it_away(book: ScoreBook, path: Path, record: Any) -> None:
    undone = apply(book, [Put(record)])
    (found,) = stored(path, type(record))
    assert found.updated_ns is not None
    if hasattr(found, "created_ns"):
        assert found.created_ns == found.updated_ns
        record = replace(record, created_ns=found.created_ns)
    assert replace(found, updated_ns=None) == record
    apply(book, undone)
    assert stored(path, type(record)) == []
    table = TABLES[type(record)]
    assert rows(path, f"SELECT removed FROM {table.name}") == [(1,)]


def test_what_is_there_already_changes_nothing(book: ScoreBook, path: Path) -> None:
    puts = [Put(record) for record in (*ONE_OF_EACH, verdict(1.0), mark("m"))]
    apply(book, puts)
    before = [stored(path, kind) for kind in (Score, *TABLES)]
    assert apply(book, puts) == ()
    assert [stored(path, kind) for kind in (Score, *TABLES)] == before
    assert rows(path, "SELECT count(*) FROM score_history") == [(0,)]


def test_every_change_is_stamped_later_than_what_it_replaces(book: ScoreBook, path: Path) -> None:
    ahead = 2**62  # a reviewer whose clock is far ahead
    book.put(replace(verdict(1.0), updated_ns=ahead))
    apply(book, [Put(replace(verdict(0.0), updated_ns=5))])
    (score,) = stored(path, Score)
    assert score.updated_ns == ahead + 1
    apply(book, [Removal(Score, score.score_id)])
    apply(book, [Put(verdict(1.0))])
    (score,) = stored(path, Score)
    assert score.updated_ns == ahead + 3
    assert rows(path, "SELECT replaced_ns, removed FROM score_history ORDER BY id") == [(ahead + 1, 0), (ahead + 2, 1)]


def test_a_thumb_put_back_with_its_old_time_is_later_than_what_was_undone(book: ScoreBook, path: Path) -> None:
    up, down = (replace(verdict(value), updated_ns=when) for value, when in ((1.0, 10), (0.0, 20)))
    book.put(up)
    former = book.put(down)
    assert former == up
    book.put(former)
    (score,) = stored(path, Score)
    assert score.value == 1.0
    assert (score.updated_ns or 0) > 20
    former = book.remove(score.score_id)
    assert former is not None
    book.put(former)
    (back,) = stored(path, Score)
    removal = rows(path, "SELECT replaced_ns FROM score_history WHERE removed = 1")[0][0]
    assert (back.updated_ns or 0) > removal > (score.updated_ns or 0)


def test_the_history_says_replaced_when_the_new_value_was_said(book: ScoreBook, path: Path) -> None:
    apply(book, [Put(verdict(1.0))])
    apply(book, [Put(verdict(0.0))])
    (score,) = stored(path, Score)
    assert rows(path, "SELECT replaced_ns, former ->> 'value' FROM score_history") == [(score.updated_ns, 1.0)]


def test_counts_of_the_trace_follow(book: ScoreBook, path: Path) -> None:
    undone = apply(
        book,
        [Put(verdict(0.0)), Put(text(NOTE, "Too soon")), Put(text(EVIDENCE, "Done!")), Put(text(CORRECTION, "Ask"))],
    )
    counts = ("thumb", "score_count", "note_count")
    assert [summary(path)[name] for name in counts] == [0, 1, 1]
    apply(book, [Put(verdict(None))])
    assert summary(path)["thumb"] is None
    apply(book, undone)
    assert [summary(path)[name] for name in counts] == [None, 0, 0]


def test_an_adjudicated_thumb_stands_above_later_ones(book: ScoreBook, path: Path) -> None:
    settled = replace(verdict(0.0, "Ann"), score_id=f"tailrace:adjudicated:t1::{THUMB}", metadata={"adjudicated": True})
    apply(book, [Put(settled)])
    apply(book, [Put(verdict(1.0))])
    assert summary(path)["thumb"] == 0


def test_a_failure_leaves_nothing_behind(book: ScoreBook, path: Path) -> None:
    class Odd:
        pass

    with pytest.raises(KeyError):
        apply(book, [Put(verdict(1.0)), Removal(Odd, "x")])  # type: ignore[arg-type]
    assert stored(path, Score) == []


def test_marks_show_the_present_name_of_the_mode_they_count_for(book: ScoreBook, path: Path) -> None:
    def labels() -> list[Any]:
        return [label for (label,) in rows(path, "SELECT label FROM score ORDER BY score_id")]

    apply(book, [Put(FailureMode("a", "rash")), Put(FailureMode("b", "vague")), Put(mark("a")), Put(mark("b"))])
    assert labels() == ["rash", "vague"]
    stamps = rows(path, "SELECT updated_ns FROM score")
    renamed = apply(book, [Put(FailureMode("a", "acts before confirming"))])
    assert labels() == ["acts before confirming", "vague"]
    merged = apply(book, [Put(FailureMode("b", "vague", merged_into="a"))])
    assert labels() == ["acts before confirming"] * 2
    apply(book, [Put(mark("b", "Ann"))])
    assert labels() == ["acts before confirming"] * 3
    apply(book, merged)
    apply(book, renamed)
    assert sorted(labels()) == ["rash", "vague", "vague"]
    removed = apply(book, [Removal(FailureMode, "b")])
    assert labels().count(None) == 2
    apply(book, removed)
    assert sorted(labels()) == ["rash", "vague", "vague"]
    assert rows(path, "SELECT updated_ns FROM score")[:2] == stamps[:2] or set(stamps) <= set(
        rows(path, "SELECT updated_ns FROM score")
    )
    assert rows(path, "SELECT count(*) FROM score_history") == [(0,)]


def test_merged_modes_are_followed_to_the_end_and_circles_are_harmless() -> None:
    assert heads({"a": "b", "b": "c", "c": None}) == {"a": "c", "b": "c", "c": "c"}
    assert heads({"a": "gone", "b": "a"}) == {}
    assert heads({"z": "b", "c": "b", "b": "d", "d": "c"}) == dict.fromkeys("zbcd", "b")
    assert heads({"a": "a"}) == {"a": "a"}
    long = {str(i): str(i + 1) for i in range(50_000)} | {"50000": None}
    assert set(heads(long).values()) == {"50000"}


def test_a_requeued_trace_can_be_given_the_same_verdict_again(book: ScoreBook, path: Path) -> None:
    def waits() -> bool:
        (item,), (score,) = stored(path, QueueItem), stored(path, Score)
        return (score.updated_ns or 0) < (item.requeued_ns or 0)

    apply(book, [Put(QueueItem("q", "t1", 0)), Put(verdict(1.0))])
    apply(book, [Put(QueueItem("q", "t1", 0, requeued_ns=NOW))])
    assert waits()
    undone = apply(book, [Put(verdict(1.0))])
    assert not waits()
    again = apply(book, undone)
    assert waits()
    apply(book, again)
    assert not waits()
    apply(book, apply(book, [Removal(QueueItem, "q/t1")]))
    assert not waits()
    assert apply(book, [Put(verdict(1.0))]) == ()


def test_an_item_is_requeued_at_the_time_given_or_now_but_never_in_the_future(book: ScoreBook, path: Path) -> None:
    began = time.time_ns()
    apply(book, [Put(QueueItem("q", "t1", 0, requeued_ns=began)), Put(QueueItem("q", "t2", 1, requeued_ns=NOW))])
    given, now = (item.requeued_ns for item in stored(path, QueueItem))
    assert given == began
    assert began < now <= time.time_ns() + 10


def test_a_queue_is_made_whole(book: ScoreBook, path: Path) -> None:
    make_queue(book, Queue("q", "All"), [f"t{i}" for i in range(5)], ["x", "y", "x", "y", "x"])
    items = stored(path, QueueItem)
    assert [(item.trace_id, item.position, item.stratum) for item in items] == [
        ("t0", 0, "x"), ("t1", 1, "y"), ("t2", 2, "x"), ("t3", 3, "y"), ("t4", 4, "x"),
    ]  # fmt: skip
    assert all(item.updated_ns for item in items)
    make_queue(book, Queue("q", "All"), ["t9", "t0"], ["", ""])
    assert {(item.trace_id, item.position) for item in stored(path, QueueItem)} == {("t9", 0), ("t0", 1)}
    with pytest.raises(ValueError, match="zip"):
        make_queue(book, Queue("q2", "Odd"), ["t1"], [])
    assert [queue.queue_id for queue in stored(path, Queue)] == ["q"]


_RECORDS = st.one_of(
    st.builds(verdict, st.sampled_from([1.0, 0.0, None])),
    st.builds(mark, st.sampled_from("abc"), st.just("Jo"), st.sampled_from(["t1", "t2"])),
    st.builds(text, st.sampled_from([NOTE, CORRECTION]), st.text(max_size=3)),
    st.builds(FailureMode, st.sampled_from("abc"), st.sampled_from(["x", "y"]), st.just(""),
              st.sampled_from([None, "a", "b", "c"])),
    st.builds(QueueItem, st.just("q"), st.just("t1"), st.integers(0, 1), requeued_ns=st.sampled_from([None, 1, NOW])),
    st.builds(Queue, st.just("q"), st.sampled_from(["One", "Two"]), overlap=st.sampled_from([0.0, 1.0])),
    st.builds(Dataset, st.just("s"), st.text(max_size=3)),
)  # fmt: skip
_CHANGES = st.lists(
    st.one_of(
        st.builds(Put, _RECORDS),
        st.builds(Removal, st.just(FailureMode), st.sampled_from("abc")),
        st.builds(Removal, st.just(Score), st.sampled_from([verdict(1.0).score_id, mark("a").score_id])),
        st.builds(Removal, st.just(QueueItem), st.just("q/t1")),
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_CHANGES, then=_CHANGES)
def test_applying_what_undoes_a_change_gives_back_the_same_view(
    book: ScoreBook, path: Path, first: list[Any], then: list[Any]
) -> None:
    apply(book, first)
    before = view(path)
    undone = apply(book, then)
    after = view(path)
    redone = apply(book, undone)
    assert view(path) == before
    apply(book, redone)
    assert view(path) == after
