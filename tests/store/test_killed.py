"""kill -9 at any moment: whatever was said to be saved is there, and the file is sound.

The judges are forked from one process that has imported everything and opened nothing, so that two hundred runs take
seconds; each opens the database for itself, as a new program would.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.store.killed import TRACES
from tests.store.written import make, rows

from tailrace.store import Writer

RUNS = 200


@pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9 and a process that forks")
def test_two_hundred_kills_lose_no_verdict_that_was_said_to_be_saved(path: Path, tmp_path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", trace_id=f"t{i}") for i in range(TRACES)])
    chance = random.Random(7)
    said: dict[int, list[int]] = {}
    maker = subprocess.Popen(
        [sys.executable, "-m", "tests.store.killed", str(path), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    )
    with maker:
        assert maker.stdin is not None
        assert maker.stdout is not None
        for run in range(RUNS):
            answers = tmp_path / str(run)
            maker.stdin.write(f"{run}\n")
            maker.stdin.flush()
            judge = int(maker.stdout.readline())
            deadline = time.monotonic() + 20
            # some while they open the database or save the first verdict, most in the middle of judging
            least = 0 if run % 4 == 0 else 1
            while not (answers.exists() and answers.stat().st_size >= least) and time.monotonic() < deadline:
                time.sleep(0.001)
            time.sleep(chance.random() * 0.015)
            os.kill(judge, signal.SIGKILL)
            assert int(maker.stdout.readline()) == signal.SIGKILL
            said[run] = [int(line) for line in answers.read_text().splitlines()]
            if run % 50 == 49:
                assert rows(path, "PRAGMA integrity_check") == [("ok",)]
        maker.stdin.close()
    # the kills came at moments when something had been saved, and at different ones
    assert sum(bool(steps) for steps in said.values()) > RUNS * 0.7
    assert len({len(steps) for steps in said.values()}) > 5
    visits = {visit_id for (visit_id,) in rows(path, "SELECT visit_id FROM review_visit")}
    assert {f"{run}/{step}" for run, steps in said.items() for step in steps} <= visits
    steps_of = {
        (author, trace_id): json.loads(metadata)["step"]
        for author, trace_id, metadata in rows(path, "SELECT author, trace_id, metadata FROM score")
    }
    for run, steps in said.items():
        for step in steps[-TRACES:]:
            # the step under way may have been saved without having been said
            assert steps_of[f"reviewer {run}", f"t{step % TRACES}"] in (step, step + TRACES)
    # every value is there or in the history, whole: one visit each
    history = rows(path, "SELECT count(*) FROM score_history")[0][0]
    assert history + len(steps_of) == len(visits)
    for trace_id, score_count in rows(path, "SELECT trace_id, score_count FROM trace"):
        assert score_count == sum(trace == trace_id for _, trace in steps_of)
