"""A small reviewed database and a session over it, for pages and dialogs without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot
from tests.store.written import make

from tailrace.model import Score
from tailrace.model.review import Put, Record, Verdict
from tailrace.review.judgement import note_score, verdict_score
from tailrace.store import Writer
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.session import Session
from tailrace.workspace import Workspace

TRACES = tuple(f"{n + 1:032x}" for n in range(8))


def verdicts(author: str, said: str) -> list[Score]:
    """One verdict a letter: + pass, - fail, anything else none; trace by trace."""
    named = {"+": Verdict.PASS, "-": Verdict.FAIL}
    pairs = zip(TRACES, said, strict=False)
    return [verdict_score(author, trace_id, named[letter]) for trace_id, letter in pairs if letter in named]


def note(author: str, place: int, text: str) -> Score:
    """A note on one of the traces."""
    return note_score(author, TRACES[place], text)


@contextmanager
def reviewing(folder: Path, *records: Record, author: str = "ada") -> Iterator[tuple[Session, Judging, Workspace]]:
    """A database of eight traces with these records in it, opened."""
    path = folder / "reviewed.tailrace"
    with Writer(path) as writer:
        writer.write(
            [
                make("a" * 16, trace_id=trace_id, name=f"run {n}", start_ns=10**18 + n, end_ns=10**18 + n + 9,
                     input=f"question {n}", input_key="input.value")
                for n, trace_id in enumerate(TRACES)
            ]
        )  # fmt: skip
        writer.settle()
    workspace = Workspace(path)
    workspace.prepare()
    workspace.reviews.apply([Put(record) for record in records])
    session = Session()
    session.workspace = workspace
    judging = Judging(session, author)
    try:
        yield session, judging, workspace
    finally:
        session.close()
        judging.deleteLater()
        session.deleteLater()


def until(qtbot: QtBot, session: Session, holds: Callable[[], bool]) -> None:
    """Wait until something holds and nothing is under way."""
    qtbot.waitUntil(lambda: holds() and not session.jobs.busy, timeout=10_000)
