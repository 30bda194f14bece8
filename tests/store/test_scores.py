"""What judging promises: it is on the disk, it has a history, and the trace list counts it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.store.written import make, rows, summary

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.store import ScoreBook, Writer
from tailrace.store.rebuild import TRACE_COLUMNS, trace_row
from tailrace.store.turns import turns_of


def thumb(score_id: str, value: float, when: int, span_id: str | None = None, trace_id: str = "t1") -> Score:
    return Score(score_id, "thumb", ScoreKind.THUMB, trace_id, span_id, value=value, updated_ns=when)


NOTE = Score(
    "n", "note", ScoreKind.TEXT, "t1", comment="Too long\nand wrong", author="Jo", created_ns=7, metadata={"k": [1]}
)


def test_put_and_remove_give_the_former_score_and_keep_a_history(path: Path) -> None:
    up, down = thumb("x", 1.0, 10), thumb("x", 0.0, 20)
    with Writer(path) as writer:
        writer.write([make("a")])
        assert writer.put_score(up) is None
        assert summary(path)["thumb"] == 1
        assert writer.put_score(down) == up
        assert summary(path)["thumb"] == 0
        assert writer.put_score(NOTE) is None
        assert (summary(path)["score_count"], summary(path)["note_count"]) == (1, 1)
        assert writer.remove_score("n") == NOTE
        assert writer.remove_score("n") is None
        assert writer.remove_score("x") == down
        assert (summary(path)["thumb"], summary(path)["score_count"], summary(path)["note_count"]) == (None, 0, 0)
    history = rows(path, "SELECT score_id, removed, former ->> 'value', former ->> 'comment' FROM score_history")
    assert history == [("x", 0, 1.0, None), ("n", 1, None, "Too long\nand wrong"), ("x", 1, 0.0, None)]


def test_the_thumb_of_a_trace_is_the_latest_on_it_else_on_its_root(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("root"), make("child", "root")])
        writer.put_score(thumb("on child", 0.0, 90, "child"))
        assert summary(path)["thumb"] is None
        writer.put_score(thumb("on root", 0.0, 50, "root"))
        assert summary(path)["thumb"] == 0
        writer.put_score(thumb("early", 1.0, 10))
        assert summary(path)["thumb"] == 1
        writer.put_score(thumb("late", 0.0, 20))
        assert summary(path)["thumb"] == 0
        assert summary(path)["score_count"] == 4


def test_scores_may_come_before_their_trace_and_before_its_root(path: Path) -> None:
    with Writer(path) as writer:
        writer.put_score(thumb("x", 1.0, 10, "root"))
        writer.write([NOTE, make("child", "root")])
        assert (summary(path)["thumb"], summary(path)["score_count"], summary(path)["note_count"]) == (None, 1, 1)
        writer.write([make("root")])
        writer.settle()
    assert summary(path)["thumb"] == 1


def test_an_import_does_not_undo_what_a_person_changed_later(path: Path) -> None:
    imported = [thumb("x", 1.0, 10), thumb("y", 1.0, 10), thumb("z", 1.0, 10)]
    with Writer(path) as writer:
        writer.write([make("a"), *imported])
        writer.put_score(replace(imported[0], value=0.0, updated_ns=20))
        writer.remove_score("y")
        writer.write([*imported[:2], replace(imported[2], value=0.0, updated_ns=30)])
    found = rows(path, "SELECT score_id, value FROM score ORDER BY 1")
    assert found == [("x", 0.0), ("z", 0.0)]


def test_a_verdict_without_a_time_is_from_now_and_so_the_latest(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a"), thumb("early", 1.0, 10)])
        writer.put_score(Score("now", "thumb", ScoreKind.THUMB, "t1", value=0.0))
    assert summary(path)["thumb"] == 0


def test_every_field_of_a_score_comes_back(path: Path) -> None:
    score = Score(
        "id", "relevance", ScoreKind.NUMBER, "t1", "a", None, 3, 0.25, "good", "because", "eval", ScoreSource.MODEL,
        1, 2, {"model": "m"},
    )  # fmt: skip
    book_path = path
    with Writer(book_path) as writer:
        writer.write([score])
        assert writer.remove_score("id") == score


def test_a_judgement_goes_before_the_next_batch_of_an_import(path: Path) -> None:
    stop = threading.Event()
    written: list[float] = []

    def run_import() -> None:
        with Writer(path) as writer:
            number = 0
            while not stop.is_set():
                began = time.monotonic()
                writer.write([make(f"s{number}-{i}", trace_id=f"t{number}", input="x" * 2_000) for i in range(500)])
                written.append(time.monotonic() - began)
                number += 1

    Writer(path).close()
    importing = threading.Thread(target=run_import)
    importing.start()
    book = ScoreBook(path)
    waited: list[float] = []
    try:
        while len(written) < 3:
            time.sleep(0.01)
        for i in range(10):
            began = time.monotonic()
            book.put(thumb(f"s{i}", 1.0, i))
            waited.append(time.monotonic() - began)
    finally:
        stop.set()
        importing.join()
        book.close()
    assert len(rows(path, "SELECT 1 FROM score")) == 10
    # one batch under way, and the disk
    assert sorted(waited)[len(waited) // 2] < max(written) + 0.25


def test_whoever_is_urgent_is_next(path: Path) -> None:
    turns = turns_of(path)
    order: list[str] = []
    queued = threading.Event()

    def patient() -> None:
        with turns.take():
            order.append("patient")

    def urgent() -> None:
        queued.set()
        with turns.take(urgent=True):
            order.append("urgent")

    with turns.take():
        threads = [threading.Thread(target=patient), threading.Thread(target=urgent)]
        threads[0].start()
        time.sleep(0.02)
        threads[1].start()
        queued.wait()
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    assert order == ["urgent", "patient"]


_JUDGE = """
import sys
from pathlib import Path
from tailrace.model import Score, ScoreKind
from tailrace.store import ScoreBook
book = ScoreBook(Path(sys.argv[1]))
book.put(Score("x", "thumb", ScoreKind.THUMB, "t1", value=1.0, updated_ns=1))
print("shown", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_verdict_is_there_after_kill_9_right_after_it_was_shown(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a")])
    judge = subprocess.Popen(
        [sys.executable, "-c", _JUDGE, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with judge:
        assert judge.stdout is not None
        assert judge.stdout.readline() == b"shown\n"
        judge.send_signal(signal.SIGKILL)
        judge.wait()
    assert summary(path)["thumb"] == 1
    assert rows(path, "SELECT value FROM score") == [(1.0,)]


def test_scores_are_written_through_to_the_disk(path: Path) -> None:
    book = ScoreBook(path)
    assert book._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    book.close()


def test_a_thumb_that_was_asked_for_beside_the_verdict_is_not_the_verdict(path: Path) -> None:
    asked = Score("a", "would send", ScoreKind.THUMB, "t1", value=1.0, updated_ns=99, metadata={"definition": "d"})
    with Writer(path) as writer:
        writer.write([make("a")])
        writer.put_score(thumb("x", 0.0, 10))
        writer.put_score(asked)
        assert (summary(path)["thumb"], summary(path)["score_count"]) == (0, 2)


def test_a_verdict_that_was_put_off_shows_in_the_row_until_there_is_one(path: Path) -> None:
    off = Score("x", "thumb", ScoreKind.THUMB, "t1", label="defer", source=ScoreSource.PERSON, updated_ns=5)

    def row() -> tuple[int | None, bool]:
        connection = sqlite3.connect(path)
        found = trace_row(connection.execute(f"SELECT {TRACE_COLUMNS} FROM trace").fetchone())
        connection.close()
        return found.thumb, found.deferred

    with Writer(path) as writer:
        writer.write([make("a")])
        writer.put_score(off)
        assert row() == (None, True)
        writer.put_score(replace(off, value=1.0, label=None, updated_ns=6))
        assert row() == (1, False)
