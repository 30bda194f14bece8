"""The database of a million spans after a large review: a copy that is kept between runs beside the other data."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.bench.data import SPANS, START, VERSION, database
from tests.bench.figures import cache_folder

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.review import (
    Anchor,
    Dataset,
    DatasetItem,
    DefinitionKind,
    FailureMode,
    Put,
    Queue,
    QueueItem,
    ScoreDefinition,
    Verdict,
)
from tailrace.review.judgement import defined_score, evidence_score, mode_mark, note_score, verdict_score
from tailrace.store.changes import apply_changes, stamp_records
from tailrace.store.records import EXAMPLES, ITEMS
from tailrace.store.scores import SCORE_COLUMNS, recount, score_row
from tailrace.workspace import Workspace

SCORES = 50_000
MODES = 200
QUEUES = 20
ITEMS_OF_ALL = 1_000_000
_MADE = 1
_WORDS = ("acts before confirming", "wrong policy cited", "asks twice", "ignores the budget", "invents a number")

DEFINITIONS = (
    ScoreDefinition("helpful", "helpful", DefinitionKind.NUMBER, low=0, high=5, step=1),
    ScoreDefinition("tone", "tone", DefinitionKind.CATEGORY, options=("warm", "plain", "cold"), position=1),
    ScoreDefinition("safe", "safe", DefinitionKind.YES_NO, position=2),
    ScoreDefinition("why", "why", DefinitionKind.TEXT, position=3),
)


def reviewed_database(spans: int = SPANS) -> Path:
    """50,000 scores, 2,000 notes among them, 200 failure modes, and 20 queues of which one has a million items."""
    path = cache_folder() / f"reviewed-{VERSION}-{_MADE}-{spans}.tailrace"
    if not path.exists():
        part = path.with_suffix(".part")
        shutil.copyfile(database(spans), part)
        workspace = Workspace(part)
        workspace.prepare()
        workspace.close()
        connection = sqlite3.connect(part)
        _fill(connection)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        part.rename(path)
    return path


def modes() -> list[FailureMode]:
    """The failure modes, in the order of their keys."""
    return [FailureMode(f"mode-{n}", f"{_WORDS[n % 5]} {n}", "seen often", position=n) for n in range(MODES)]


def _fill(connection: sqlite3.Connection) -> None:
    traces = [row[0] for row in connection.execute("SELECT trace_id FROM trace ORDER BY trace_id")]
    random.Random(5).shuffle(traces)
    datasets = [Dataset("golden", "golden"), Dataset("later", "later")]
    apply_changes(connection, [Put(record) for record in (*DEFINITIONS, *modes(), *datasets)])
    scores = _scores(traces)
    stamped = (replace(score, created_ns=START + n) for n, score in enumerate(scores))
    columns = ", ".join(SCORE_COLUMNS)
    connection.executemany(
        f"REPLACE INTO score ({columns}) VALUES ({', '.join('?' * len(SCORE_COLUMNS))})", map(score_row, stamped)
    )
    recount(connection, {score.trace_id for score in scores})
    for number in range(QUEUES):
        queue = Queue(f"queue-{number}", f"queue {number}", blind=number == 3, author="ada")
        apply_changes(connection, [Put(queue)])
        ids = traces[number::QUEUES]
        if number == 0:
            # more than there are traces: the others are in somebody else's copy
            ids = traces + [f"{n:032x}" for n in range(max(0, ITEMS_OF_ALL - len(traces)))]
        stamp_records(connection, (QueueItem(queue.queue_id, t, n) for n, t in enumerate(ids)), ITEMS, START)
    examples = (
        DatasetItem(f"golden/{trace_id}", "golden", trace_id, None, "asked", "said", None) for trace_id in traces[:500]
    )
    stamp_records(connection, examples, EXAMPLES, START)


def _scores(traces: list[str]) -> list[Score]:
    made = list(_made(traces))
    return made[:SCORES]


def _made(traces: list[str]) -> Iterator[Score]:
    """What two people and a model say, the most telling ones first."""
    rng = random.Random(9)
    named = modes()
    for number, trace_id in enumerate(traces):
        fails = rng.random() < 0.3
        yield verdict_score("ada", trace_id, Verdict.FAIL if fails else Verdict.PASS)
        if number % 2:
            yield verdict_score("bob", trace_id, Verdict.FAIL if fails != (rng.random() < 0.1) else Verdict.PASS)
        if fails:
            yield mode_mark("ada", trace_id, named[int(rng.random() ** 2 * MODES)])
        if number < 2000:
            yield note_score("ada", trace_id, f"{rng.choice(_WORDS)} and {rng.choice(_WORDS)}, see turn {number % 7}")
            yield evidence_score("ada", trace_id, Anchor("0" * 16, "output", "the refund"), f"evidence-{number}")
        yield Score(f"{trace_id}:judge", "quality", ScoreKind.NUMBER, trace_id, value=rng.random(), author="judge",
                    source=ScoreSource.MODEL)  # fmt: skip
        if number % 5 == 0:
            yield defined_score(DEFINITIONS[0], "ada", trace_id, rng.randrange(6))
            yield defined_score(DEFINITIONS[1], "bob", trace_id, rng.choice(DEFINITIONS[1].options))
