"""What reviewing in an open database promises."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.store.said import mark, verdict
from tests.store.written import make

from tailrace.errors import QueryError
from tailrace.jobs import Cancelled, Ticket
from tailrace.model import Score, ScoreKind, ScoreSource, SpanKind, TraceFilter
from tailrace.model.review import (
    DEFERRED,
    FAILED,
    OPEN,
    PASSED,
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
from tailrace.model.score import FAILURE_MODE, NOTE, THUMB, own_id
from tailrace.review.sampling import Sample, share_of
from tailrace.store import Writer
from tailrace.workspace import Workspace

TRACES = tuple(f"t{i}" for i in range(10))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Ten traces, t0 the oldest."""
    path = tmp_path / "a.tailrace"
    with Writer(path) as writer:
        writer.write(
            [make("root", trace_id=trace_id, start_ns=i + 1, end_ns=i + 9) for i, trace_id in enumerate(TRACES)]
        )
        writer.settle()
    opened = Workspace(path)
    opened.prepare()
    yield opened
    opened.close()


def queue_of(workspace: Workspace, *trace_ids: str, **more: object) -> Queue:
    queue = Queue("q", "Refunds", **more)  # type: ignore[arg-type]
    workspace.reviews.make_queue(queue, Sample(trace_ids, ("",) * len(trace_ids), len(trace_ids)))
    return queue


def note(author: str, trace_id: str, words: str, span_id: str | None = None) -> Score:
    return Score(
        own_id(author, trace_id, NOTE, span_id), NOTE, ScoreKind.TEXT, trace_id, span_id, comment=words,
        author=author, source=ScoreSource.PERSON,
    )  # fmt: skip


def test_a_queue_shows_what_i_have_said_in_its_order(workspace: Workspace) -> None:
    reviews = workspace.reviews
    queue_of(workspace, "t3", "elsewhere", "t1", "t2", "t0")
    reviews.apply([Put(verdict(value, "Jo", trace)) for value, trace in ((1.0, "t3"), (0.0, "t1"), (None, "t2"))])
    reviews.apply([Put(verdict(0.0, "Ann", "t0")), Put(verdict(1.0, "J", "t0"))])
    found = reviews.read_queue("q", "Jo")
    assert found is not None
    assert found.trace_ids == ("t3", "elsewhere", "t1", "t2", "t0")
    assert found.states.tolist() == [PASSED, OPEN, FAILED, DEFERRED, OPEN]
    keys = [workspace.find_trace(trace_id) for trace_id in found.trace_ids]
    assert found.keys.tolist() == [-1 if key is None else key for key in keys]
    assert found.keys.dtype == np.int64
    (summary,) = reviews.queues("Jo")
    assert (summary.size, summary.passed, summary.failed, summary.deferred) == (5, 1, 1, 1)
    assert summary.queue == found.queue
    assert reviews.read_queue("none such", "Jo") is None


def test_an_author_with_odd_letters_has_verdicts_of_their_own(workspace: Workspace) -> None:
    reviews = workspace.reviews
    queue_of(workspace, "t0", "t1")
    for author in ("a", "a:t0", "a:", "ä ö", "", "%_"):
        undone = reviews.apply([Put(verdict(1.0, author, "t1"))])
        found = reviews.read_queue("q", author)
        assert found is not None
        assert found.states.tolist() == [OPEN, PASSED]
        reviews.apply(undone)


def test_requeued_items_are_open_again_behind_the_last(workspace: Workspace) -> None:
    reviews = workspace.reviews
    queue_of(workspace, "t0", "t1", "t2", "t3")
    reviews.apply([Put(verdict(1.0, "Jo", trace)) for trace in ("t0", "t1", "t2")])
    reviews.apply([Put(QueueItem("q", "t2", 2, requeued_ns=time.time_ns()))])
    undone = reviews.apply([Put(QueueItem("q", "t0", 0, requeued_ns=time.time_ns()))])
    found = reviews.read_queue("q", "Jo")
    assert found is not None
    assert found.trace_ids == ("t1", "t3", "t2", "t0")
    assert found.states.tolist() == [PASSED, OPEN, OPEN, OPEN]
    assert found.requeued == 2
    reviews.apply([Put(verdict(1.0, "Jo", "t2"))])
    reviews.apply(undone)
    found = reviews.read_queue("q", "Jo")
    assert found is not None
    assert found.trace_ids == ("t0", "t1", "t3", "t2")
    assert found.states.tolist() == [PASSED, PASSED, OPEN, PASSED]


def test_reviewers_get_their_shares(workspace: Workspace) -> None:
    reviews = workspace.reviews
    queue = queue_of(workspace, *TRACES, reviewers=("Jo", "Ann"), overlap=0.2)
    shares = {}
    for reviewer in queue.reviewers:
        found = reviews.read_queue("q", reviewer)
        assert found is not None
        assert list(found.trace_ids) == [
            trace for trace, mine in zip(TRACES, share_of(queue, TRACES, reviewer), strict=True) if mine
        ]
        assert found.whole == frozenset(TRACES)
        shares[reviewer] = set(found.trace_ids)
        (summary,) = reviews.queues(reviewer)
        assert summary.size == len(found.trace_ids)
    assert shares["Jo"] | shares["Ann"] == set(TRACES)
    assert len(shares["Jo"] & shares["Ann"]) == 2


def test_a_removed_queue_is_gone_and_undo_brings_its_items_back(workspace: Workspace) -> None:
    queue_of(workspace, "t0", "t1")
    undone = workspace.reviews.apply([Removal(Queue, "q")])
    assert workspace.reviews.queues("Jo") == []
    assert workspace.reviews.read_queue("q", "Jo") is None
    workspace.reviews.apply(undone)
    found = workspace.reviews.read_queue("q", "Jo")
    assert found is not None
    assert found.trace_ids == ("t0", "t1")


def test_visits_are_the_latest_of_one_reviewer(workspace: Workspace) -> None:
    visits = [Visit(f"v{i}", "q", "t0", "Jo", i, 10) for i in range(250)]
    workspace.reviews.apply([Put(visit) for visit in (*visits, Visit("w", "q", "t0", "Ann", 999, 10))])
    found = workspace.reviews.visits("q", "Jo")
    assert [visit.visit_id for visit in found] == [f"v{i}" for i in range(249, 49, -1)]


def test_definitions_come_in_order(workspace: Workspace) -> None:
    tone = ScoreDefinition("2", "tone", DefinitionKind.YES_NO, position=1)
    first = ScoreDefinition("1", "faithfulness", DefinitionKind.NUMBER, step=0.25, position=0)
    workspace.reviews.apply([Put(tone), Put(first)])
    assert [definition.name for definition in workspace.reviews.definitions()] == ["faithfulness", "tone"]


def test_modes_count_the_traces_of_all_that_were_merged_into_them(workspace: Workspace) -> None:
    reviews = workspace.reviews
    reviews.apply(
        [
            *(Put(FailureMode(mode, mode * 3, position=i)) for i, mode in enumerate("abc")),
            *(
                Put(mark(mode, who, trace))
                for mode, who, trace in (("a", "Jo", "t1"), ("b", "Ann", "t1"), ("b", "Jo", "t2"))
            ),
            Put(replace(mark("c"), score_id="x", source=ScoreSource.MODEL)),
        ]
    )
    assert [(mode.mode_id, count) for mode, count in reviews.modes()] == [("a", 1), ("b", 2), ("c", 0)]
    reviews.apply([Put(FailureMode("b", "bbb", merged_into="a", position=1))])
    assert [(mode.mode_id, count) for mode, count in reviews.modes()] == [("a", 2), ("c", 0)]
    assert [mode.mode_id for mode in reviews.all_modes()] == ["a", "b", "c"]
    marks = reviews.mode_marks()
    assert {(one.trace_id, one.mode_id, one.author) for one in marks} == {
        ("t1", "a", "Jo"), ("t1", "a", "Ann"), ("t2", "a", "Jo"),
    }  # fmt: skip
    assert {one.key for one in marks} == {workspace.find_trace("t1"), workspace.find_trace("t2")}


def test_remarks_are_all_notes_with_the_modes_of_their_trace(workspace: Workspace) -> None:
    reviews = workspace.reviews
    reviews.apply([Put(FailureMode("a", "rash")), Put(mark("a", "Ann", "t1")), Put(note("Jo", "t1", "Too soon"))])
    reviews.apply([Put(note("Jo", "elsewhere", "Lost")), Put(note("Ann", "t2", "On a span", "root"))])
    found = reviews.remarks()
    assert [(one.trace_id, one.text, one.modes, one.trace_name) for one in found] == [
        ("t1", "Too soon", ("a",), "root"), ("elsewhere", "Lost", (), ""), ("t2", "On a span", (), "root"),
    ]  # fmt: skip
    assert found[1].key == -1


def test_judged_are_people_s_verdicts(workspace: Workspace) -> None:
    reviews = workspace.reviews
    reviews.apply([Put(verdict(1.0, "Jo", "t1")), Put(verdict(0.0, "Ann", "t1")), Put(verdict(None, "Jo", "t2"))])
    reviews.apply([Put(replace(verdict(1.0, "user", "t3"), source=ScoreSource.USER))])
    key = workspace.find_trace("t1")
    assert reviews.judged() == [("t1", key, "Ann"), ("t1", key, "Jo")]


def test_ratings_are_the_last_values_on_traces_and_roots(workspace: Workspace) -> None:
    reviews = workspace.reviews

    def number(score_id: str, value: float, when: int, span_id: str | None = None) -> Score:
        return Score(
            score_id, "faithfulness", ScoreKind.NUMBER, "t1", span_id, value=value, author="judge",
            source=ScoreSource.MODEL, updated_ns=when,
        )  # fmt: skip

    for score in (number("1", 0.1, 10, "root"), number("2", 0.2, 20, "root"), number("3", 0.9, 30, "inner")):
        workspace.put_score(score)
    settled = replace(
        verdict(0.0, "Ann", "t1"), score_id=f"tailrace:adjudicated:t1::{THUMB}", metadata={"adjudicated": True}
    )
    reviews.apply(
        [Put(verdict(1.0)), Put(verdict(None, "Ann")), Put(settled), Put(mark("a")), Put(note("Jo", "t1", "x"))]
    )
    yes = Score("y", "polite", ScoreKind.CATEGORY, "t1", value=1.0, label="yes", source=ScoreSource.CODE)
    workspace.put_score(yes)
    found = [(one.name, one.rater, one.value, one.label, one.adjudicated) for one in reviews.ratings()]
    assert found == [
        ("faithfulness", "judge", 0.2, None, False),
        ("polite", "code", 1.0, "yes", False),
        (THUMB, "Ann", 0.0, None, True),
        (THUMB, "Jo", 1.0, None, False),
    ]
    workspace.put_score(number("4", 0.5, 5))
    assert reviews.ratings()[0].value == 0.5
    assert FAILURE_MODE not in {one.name for one in reviews.ratings()}


def test_datasets_have_their_examples(workspace: Workspace) -> None:
    item = DatasetItem("s/t1", "s", "t1", "root", "in", "out", "better", {"turn": 2})
    workspace.reviews.apply([Put(Dataset("s", "golden")), Put(Dataset("e", "empty")), Put(item)])
    assert [(dataset.name, count) for dataset, count in workspace.reviews.datasets()] == [("empty", 0), ("golden", 1)]
    (found,) = workspace.reviews.dataset_items("s")
    assert replace(found, created_ns=None, updated_ns=None) == item
    assert workspace.reviews.dataset_items("e") == []


def test_many_threads_may_judge_at_once(workspace: Workspace) -> None:
    queue_of(workspace, *TRACES)
    failures: list[Exception] = []

    def judge(author: str) -> None:
        try:
            for trace_id in TRACES:
                workspace.reviews.apply([Put(verdict(1.0, author, trace_id))])
                workspace.reviews.read_queue("q", author)
        except Exception as error:  # noqa: BLE001 - any failure counts
            failures.append(error)

    threads = [threading.Thread(target=judge, args=(f"r{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(summary.passed == 10 for i in range(4) for summary in workspace.reviews.queues(f"r{i}"))


def test_a_cancelled_question_stops(workspace: Workspace) -> None:
    ticket = Ticket()
    ticket.cancel()
    with pytest.raises(Cancelled):
        workspace.reviews.queues("Jo", ticket)


def sampled(workspace: Workspace, source: QueueSource, **more: object) -> Sample:
    return workspace.reviews.sample(Recipe(source, **more), "Jo")  # type: ignore[arg-type]


def test_a_sample_of_a_filter_is_all_that_match_oldest_first(workspace: Workspace) -> None:
    assert sampled(workspace, QueueSource.FILTER).trace_ids == TRACES
    assert sampled(workspace, QueueSource.FILTER, size=3).trace_ids == TRACES[:3]
    assert sampled(workspace, QueueSource.FILTER, since_ns=3, until_ns=6).trace_ids == ("t2", "t3", "t4")
    assert sampled(workspace, QueueSource.FILTER, filter_text="trace:t7").trace_ids == ("t7",)
    with pytest.raises(QueryError):
        sampled(workspace, QueueSource.FILTER, filter_text="nothing:of")


def test_a_random_sample_is_the_same_from_its_seed_in_another_copy(workspace: Workspace, tmp_path: Path) -> None:
    chosen = sampled(workspace, QueueSource.RANDOM, size=5, seed=7)
    assert len(set(chosen.trace_ids)) == 5
    assert chosen.candidates == 10
    other = tmp_path / "other.tailrace"
    with Writer(other) as writer:
        for i in reversed(range(10)):
            writer.write([make("root", trace_id=TRACES[i], start_ns=i + 1, end_ns=i + 9)])
    copy = Workspace(other)
    assert sampled(copy, QueueSource.RANDOM, size=5, seed=7).trace_ids == chosen.trace_ids
    assert sampled(copy, QueueSource.RANDOM, size=5, seed=8).trace_ids != chosen.trace_ids
    copy.close()


def test_a_stratified_sample_has_something_of_every_value(tmp_path: Path) -> None:
    path = tmp_path / "models.tailrace"
    with Writer(path) as writer:
        writer.write([make("r", trace_id=f"t{i}", model="rare" if i == 5 else "usual") for i in range(40)])
        writer.write([make("s", "r", trace_id="t7", model="other")])
        writer.settle()
    workspace = Workspace(path)
    found = sampled(workspace, QueueSource.STRATIFIED, by="model", size=8)
    assert set(found.strata) == {"usual", "rare", "other, usual"}
    assert found.strata[found.trace_ids.index("t5")] == "rare"
    workspace.reviews.make_queue(Queue("q", "By model"), found)
    listed = workspace.reviews.read_queue("q", "Jo")
    assert listed is not None
    assert listed.trace_ids == found.trace_ids
    workspace.close()


def test_the_unreviewed_are_those_without_my_verdict(workspace: Workspace) -> None:
    workspace.reviews.apply([Put(verdict(value, "Jo", trace)) for value, trace in ((1.0, "t0"), (None, "t1"))])
    workspace.reviews.apply([Put(verdict(1.0, "Ann", "t2"))])
    assert set(sampled(workspace, QueueSource.UNREVIEWED).trace_ids) == set(TRACES[2:])


def test_the_low_scored_come_lowest_first(workspace: Workspace) -> None:
    for i, value in ((1, 0.3), (2, 0.1), (3, 0.5), (4, 0.1)):
        workspace.put_score(Score(f"s{i}", "faith", ScoreKind.NUMBER, f"t{i}", "root", value=value))
    workspace.put_score(Score("x", "faith", ScoreKind.NUMBER, "t3", value=0.05))
    workspace.put_score(Score("y", "faith", ScoreKind.NUMBER, session_id="s", value=0.0))
    assert sampled(workspace, QueueSource.LOW_SCORED, score="faith", below=0.3).trace_ids == ("t3", "t2", "t4")
    assert sampled(workspace, QueueSource.LOW_SCORED, score="faith").trace_ids == ("t3", "t2", "t4", "t1")


def test_disagreements_are_where_people_gave_different_values(workspace: Workspace) -> None:
    reviews = workspace.reviews
    reviews.apply([Put(verdict(1.0, "Jo", trace)) for trace in TRACES[:4]])
    reviews.apply([Put(verdict(value, "Ann", trace)) for value, trace in ((0.0, "t0"), (1.0, "t1"), (None, "t2"))])
    automatic = Score("m", THUMB, ScoreKind.THUMB, "t3", value=0.0, author="judge", source=ScoreSource.MODEL)
    workspace.put_score(automatic)
    assert sampled(workspace, QueueSource.DISAGREEMENTS).trace_ids == ("t0",)
    assert sampled(workspace, QueueSource.DISAGREEMENTS, score=THUMB).trace_ids == ("t0",)
    assert sampled(workspace, QueueSource.DISAGREEMENTS, score="tone").trace_ids == ()


def test_the_models_of_a_trace_are_those_that_answer(tmp_path: Path) -> None:
    path = tmp_path / "models.tailrace"
    with Writer(path) as writer:
        writer.write(
            [
                make("r", trace_id="t0", kind=SpanKind.LLM, model="claude"),
                make("e", "r", trace_id="t0", kind=SpanKind.EMBEDDING, model="embed-3"),
                make("r", trace_id="t1", kind=SpanKind.EMBEDDING, model="embed-3"),
                make("r", trace_id="t2", kind=SpanKind.LLM, model="haiku"),
                make("c", "r", trace_id="t2", kind=SpanKind.LLM, model="claude"),
                make("k", "r", trace_id="t2", kind=SpanKind.RERANKER, model="rerank-2"),
            ]
        )
        writer.settle()
    workspace = Workspace(path)
    t0, t1, t2 = (workspace.find_trace(trace_id) or 0 for trace_id in ("t0", "t1", "t2"))
    assert workspace.reviews.values_of((t0, t1, t2), "model") == {t0: ("claude",), t2: ("claude", "haiku")}
    assert sorted(sampled(workspace, QueueSource.STRATIFIED, by="model").strata) == ["", "claude", "claude, haiku"]
    workspace.close()


def test_values_of_a_field_come_by_trace(tmp_path: Path) -> None:
    path = tmp_path / "values.tailrace"
    with Writer(path) as writer:
        writer.write(
            [
                make("r", trace_id="t0", model="m2", session_id="s", attributes={"tier": "gold", "n": 1, "on": True}),
                make("c", "r", trace_id="t0", model="m1", tool_name="look", attributes={"tier": "blue"}),
                make("r", trace_id="t1", resource={"tier": "red"}, input="hi", input_key="said", tags=("a", "b")),
                make("r", trace_id="t2", model="m1", name="other"),
            ]
        )
        writer.settle()
    workspace = Workspace(path)
    reviews = workspace.reviews
    reviews.apply([Put(FailureMode("f", "rash")), Put(mark("f", "Jo", "t0")), Put(verdict(0.0, "Jo", "t0"))])
    reviews.make_queue(Queue("q", "All"), Sample(("t0", "t2"), ("", ""), 2))
    workspace.put_score(Score("s1", "tone", ScoreKind.CATEGORY, "t2", label="kind"))
    workspace.put_score(Score("s2", "faith", ScoreKind.NUMBER, "t2", "r", value=0.5))
    t0, t1, t2 = (workspace.find_trace(trace_id) or 0 for trace_id in ("t0", "t1", "t2"))

    def values(field: str, *keys: int) -> dict[int, tuple[str, ...]]:
        return reviews.values_of(keys or (t0, t1, t2), field)

    assert values("model") == {t0: ("m1", "m2"), t2: ("m1",)}
    assert values("model", t2) == {t2: ("m1",)}
    assert values("name") == {t0: ("r",), t1: ("r",), t2: ("other",)}
    assert values("session") == {t0: ("s",)}
    assert values("tag") == {t1: ("a", "b")}
    assert values("span", t0) == {t0: ("c", "r")}
    assert values("mode") == {t0: ("rash",)}
    assert values("verdict") == {t0: ("fail",)}
    assert values("reviewer") == {t0: ("Jo",)}
    assert values("queue") == {t0: ("All",), t2: ("All",)}
    assert values("dataset") == {}
    assert values("score.tone") == {t2: ("kind",)}
    assert values("score.faith") == {t2: ("0.5",)}
    assert values("attr.tier") == {t0: ("blue", "gold"), t1: ("red",)}
    assert values("attr.tier", t1) == {t1: ("red",)}
    assert values("attr.n") == {t0: ("1",)}
    assert values("attr.on") == {t0: ("true",)}
    assert values("attr.said") == {t1: ("hi",)}
    assert values("thumb") == {t0: ("down",), t1: ("none",), t2: ("none",)}
    assert values("latency") == values("nothing") == values("text") == {}
    assert reviews.values_of([], "model") == {}
    for field, seen in (("mode", "rash"), ("reviewer", "Jo"), ("queue", "All")):
        assert [found.value for found in workspace.field_values(field, seen[:2].lower())] == [seen]
    counts = {found.value: found.count for found in workspace.field_values("verdict")}
    assert counts == {"fail": 1, "none": 2}
    assert workspace.list_traces(TraceFilter("verdict:none")).keys.tolist() == [t2, t1]
    workspace.close()
