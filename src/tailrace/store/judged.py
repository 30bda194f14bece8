"""Traces that people have judged, with all that was said of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import orjson

from tailrace.model import Score
from tailrace.store.scores import SCORE_COLUMNS, score_of_row

_AMONG = "IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class JudgedTrace:
    """A trace with its scores and those of its spans, and how many milliseconds each reviewer spent on it."""

    key: int
    trace_id: str
    name: str
    start_ns: int
    session_id: str | None
    user_id: str | None
    input_preview: str
    output_preview: str
    models: tuple[str, ...]
    prompts: tuple[str, ...]
    scores: tuple[Score, ...]
    spent_ms: dict[str, int]


def judged_keys(connection: sqlite3.Connection) -> set[int]:
    """The keys of the traces that people have judged in any way."""
    cursor = connection.execute(
        "SELECT DISTINCT trace.id FROM score JOIN trace ON trace.trace_id = score.trace_id WHERE source = 'person'"
    )
    return {key for (key,) in cursor}


def judged_names(connection: sqlite3.Connection) -> list[str]:
    """The names of all scores that people gave traces or spans, in order."""
    cursor = connection.execute(
        "SELECT DISTINCT name FROM score WHERE source = 'person' AND trace_id IS NOT NULL ORDER BY name"
    )
    return [name for (name,) in cursor]


def count_absent(connection: sqlite3.Connection, score_ids: Collection[str] | None = None) -> int:
    """How many of some scores (None: of all) are by people and about traces that are not here."""
    among, bound = (
        ("1", ()) if score_ids is None else (f"score_id {_AMONG}", (orjson.dumps(sorted(score_ids)).decode(),))
    )
    (count,) = connection.execute(
        f"SELECT count(*) FROM score WHERE {among} AND source = 'person' AND trace_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM trace WHERE trace.trace_id = score.trace_id)",
        bound,
    ).fetchone()
    return int(count)


def read_judged(connection: sqlite3.Connection, keys: Sequence[int]) -> list[JudgedTrace]:
    """Some traces in the order of `keys`; a key that is not there is left out."""
    rows = connection.execute(
        "SELECT id, trace_id, name, start_ns, session_id, user_id, input_preview, output_preview, models, prompts"
        f" FROM trace WHERE id {_AMONG}",
        (orjson.dumps(list(keys)).decode(),),
    ).fetchall()
    ids = orjson.dumps([row[1] for row in rows]).decode()
    scores: dict[str, list[Score]] = {row[1]: [] for row in rows}
    for score in connection.execute(
        f"SELECT {', '.join(SCORE_COLUMNS)} FROM score WHERE trace_id {_AMONG} ORDER BY created_ns, score_id", (ids,)
    ):
        scores[score[1]].append(score_of_row(score))
    spent: dict[str, dict[str, int]] = {}
    for trace_id, author, spent_ms in connection.execute(
        f"SELECT trace_id, author, sum(spent_ms) FROM review_visit WHERE removed = 0 AND trace_id {_AMONG}"
        " GROUP BY trace_id, author",
        (ids,),
    ):
        spent.setdefault(trace_id, {})[author] = spent_ms
    found: dict[int, JudgedTrace] = {}
    for key, trace_id, name, start_ns, session_id, user_id, given, said, models, prompts in rows:
        found[key] = JudgedTrace(
            key,
            trace_id,
            name,
            start_ns,
            session_id,
            user_id,
            input_preview=given,
            output_preview=said,
            models=tuple(orjson.loads(models)),
            prompts=tuple(orjson.loads(prompts)),
            scores=tuple(scores[trace_id]),
            spent_ms=spent.get(trace_id, {}),
        )
    return [found[key] for key in keys if key in found]
