"""Judges to be killed: `python -m tests.store.killed DATABASE FOLDER` forks one for every line it reads."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.review import Change, Put, Visit
from tailrace.model.score import THUMB, own_id
from tailrace.store import ScoreBook
from tailrace.store.changes import apply

TRACES = 7


def changes_of(run: int, step: int) -> list[Change]:
    """One verdict with its visit, as the review page saves them: the step is in both."""
    trace_id = f"t{step % TRACES}"
    author = f"reviewer {run}"
    verdict = Score(
        own_id(author, trace_id, THUMB), THUMB, ScoreKind.THUMB, trace_id, value=float(step // TRACES % 2),
        author=author, source=ScoreSource.PERSON, metadata={"step": step},
    )  # fmt: skip
    return [Put(verdict), Put(Visit(f"{run}/{step}", "q", trace_id, author, step, 10))]


def judge(database: Path, run: int, answers: Path) -> None:
    """Judge for ever; each step's number goes to the file `answers` once it is saved."""
    book = ScoreBook(database)
    said = os.open(answers, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for step in itertools.count():
        apply(book, changes_of(run, step))
        os.write(said, f"{step}\n".encode())


def main(database: Path, answers: Path) -> None:
    """For each number of a run on standard input a judge, its process id on standard output, and how it ended."""
    for line in sys.stdin:
        run = int(line)
        if (child := os.fork()) == 0:
            judge(database, run, answers / str(run))
        os.write(1, f"{child}\n".encode())
        os.write(1, f"{os.waitpid(child, 0)[1]}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
