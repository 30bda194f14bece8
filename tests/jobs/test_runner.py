"""Jobs: results come back, newer requests win, cancelling stops."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator

import pytest

from tailrace.jobs import Cancelled, JobRunner, Ticket


@pytest.fixture
def jobs() -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    runner.close()


def test_a_result_is_delivered_after_its_progress(jobs: JobRunner) -> None:
    said: list[object] = []
    finished = threading.Event()

    def work(ticket: Ticket) -> str:
        ticket.progress(1)
        ticket.progress(2)
        return "done"

    def done(result: str) -> None:
        said.append(result)
        finished.set()

    jobs.submit(work, done, progress=said.append)
    assert finished.wait(5)
    assert said == [1, 2, "done"]


def test_a_newer_request_in_a_slot_drops_the_older_answer(jobs: JobRunner) -> None:
    answers: list[str] = []
    started, release, finished = threading.Event(), threading.Event(), threading.Event()

    def slow(ticket: Ticket) -> str:
        started.set()
        release.wait(5)
        return "old"

    jobs.submit(slow, answers.append, slot="list")
    assert started.wait(5)
    jobs.submit(lambda ticket: "new", lambda answer: (answers.append(answer), finished.set()), slot="list")
    assert finished.wait(5)
    release.set()
    jobs.close()
    assert answers == ["new"]


def test_cancelling_interrupts_a_running_query(jobs: JobRunner) -> None:
    started, over = threading.Event(), threading.Event()

    def work(ticket: Ticket) -> None:
        connection = sqlite3.connect(":memory:")
        connection.create_function("begun", 0, started.set)
        try:
            with ticket.interruptible(connection.interrupt):
                connection.execute(
                    "WITH RECURSIVE n(i) AS (SELECT begun() UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"
                ).fetchone()
        finally:
            connection.close()

    ticket = jobs.submit(work, cancelled=over.set)
    assert started.wait(5)
    ticket.cancel()
    assert over.wait(5)


def test_an_interrupt_does_not_outlive_its_block() -> None:
    ticket, calls = Ticket(), []
    with ticket.interruptible(lambda: calls.append(1)):
        pass
    ticket.cancel()
    assert not calls
    with pytest.raises(Cancelled), ticket.interruptible(lambda: None):
        pass


def test_a_failure_is_delivered_to_who_takes_it(jobs: JobRunner) -> None:
    failures: list[Exception] = []
    over = threading.Event()

    def work(ticket: Ticket) -> None:
        raise ValueError("bad")

    jobs.submit(work, failed=lambda error: (failures.append(error), over.set()))
    assert over.wait(5)
    assert str(failures[0]) == "bad"


def test_writes_run_one_after_the_other_in_order(jobs: JobRunner) -> None:
    seen: list[int] = []
    over = threading.Event()
    for i in range(50):
        jobs.submit(lambda ticket, i=i: seen.append(i), write=True)
    jobs.submit(lambda ticket: over.set(), write=True)
    assert over.wait(5)
    assert seen == list(range(50))


def test_what_was_given_to_be_written_is_written_when_the_runner_closes() -> None:
    jobs, written, go_on = JobRunner(), [], threading.Event()
    jobs.submit(lambda ticket: go_on.wait(5), write=True)
    for number in range(3):
        jobs.submit(lambda ticket, number=number: written.append(number), write=True)
    threading.Timer(0.05, go_on.set).start()
    jobs.close()
    assert written == [0, 1, 2]


def test_a_closed_runner_takes_no_more() -> None:
    runner = JobRunner()
    runner.close()
    with pytest.raises(RuntimeError, match="closed"):
        runner.submit(lambda ticket: None)


def test_a_slot_runs_until_its_answer_is_delivered(jobs: JobRunner) -> None:
    go_on, over = threading.Event(), threading.Event()
    jobs.submit(lambda ticket: go_on.wait(5), lambda _: over.set(), slot="list")
    assert jobs.runs("list")
    assert not jobs.runs("another")
    go_on.set()
    assert over.wait(5)
    assert not jobs.runs("list")
