"""Judgements: written through to the disk one by one, with their history, and counted on their trace."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.score import NOTE, REMARKS
from tailrace.store.connections import explained, open_to_write, transaction
from tailrace.store.sound import dump, load, sound_row, sound_text
from tailrace.store.turns import turns_of

SCORE_COLUMNS = (
    "score_id", "trace_id", "span_id", "session_id", "document_position", "name", "kind", "value", "label", "comment",
    "author", "source", "created_ns", "updated_ns", "metadata",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(SCORE_COLUMNS)} FROM score WHERE score_id = ?"
_REPLACE = f"REPLACE INTO score ({', '.join(SCORE_COLUMNS)}) VALUES ({', '.join('?' * len(SCORE_COLUMNS))})"
_TRACE = SCORE_COLUMNS.index("trace_id")


class ScoreBook:
    """Changes scores and review records on a connection of its own, from any thread. When a call returns, the change
    is on the disk, and it has waited no longer than one batch of an import under way. Raises DatabaseError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turns = turns_of(path)
        self._lock = Lock()
        self._connection = open_to_write(path, durable=True, any_thread=True)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def put(self, score: Score) -> Score | None:
        """Add a score or replace the one with its id; the former one, None when it is new. A score without any time
        is from now: which one is the latest must be known. So is one that is no later than what it replaces, or than
        its own removal: it would lose against that where two databases are merged."""
        if score.created_ns is None and score.updated_ns is None:
            score = replace(score, created_ns=time.time_ns())
        row = score_row(score)
        with self.changing() as connection:
            former = find_score(connection, score.score_id)
            if former != row:
                last = last_said_ns(connection, row[0], former)
                if last is not None and said_ns(score) <= last:
                    row = score_row(replace(score, updated_ns=max(time.time_ns(), last + 1)))
                write_score(connection, former, row)
                recount(connection, {row[_TRACE], None if former is None else former[_TRACE]})
        return None if former is None else score_of_row(former)

    def remove(self, score_id: str) -> Score | None:
        """Take a score away; what it was, None when there was none."""
        with self.changing() as connection:
            former = find_score(connection, score_id)
            if former is not None:
                drop_score(connection, former, max(time.time_ns(), said_ns(score_of_row(former)) + 1))
                recount(connection, {former[_TRACE]})
        return None if former is None else score_of_row(former)

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """The connection inside a transaction that is on the disk behind the block, or not made at all."""
        with self._lock, self._turns.take(urgent=True), explained(self._path), transaction(self._connection):
            yield self._connection


def find_score(connection: sqlite3.Connection, score_id: str) -> tuple[Any, ...] | None:
    """The row of a score, in SCORE_COLUMNS order."""
    row: tuple[Any, ...] | None = connection.execute(_SELECT, (sound_text(score_id),)).fetchone()
    return row


def write_score(connection: sqlite3.Connection, former: tuple[Any, ...] | None, row: tuple[Any, ...]) -> None:
    """Put a row in the place of `former`, which goes into the history as replaced when the new one was said."""
    _keep(connection, former, said_ns(score_of_row(row)), removed=False)
    connection.execute(_REPLACE, row)


def drop_score(connection: sqlite3.Connection, former: tuple[Any, ...], removed_ns: int) -> None:
    """Take a row away, into the history."""
    _keep(connection, former, removed_ns, removed=True)
    connection.execute("DELETE FROM score WHERE score_id = ?", (former[0],))


def last_said_ns(connection: sqlite3.Connection, score_id: str, former: tuple[Any, ...] | None) -> int | None:
    """When a score (whose present row is `former`) was last put or removed; None when it never was here."""
    if former is not None:
        return said_ns(score_of_row(former))
    row = connection.execute(
        "SELECT max(replaced_ns) FROM score_history WHERE score_id = ? AND removed = 1", (score_id,)
    ).fetchone()
    return None if row[0] is None else int(row[0])


def import_scores(connection: sqlite3.Connection, scores: Iterable[Score]) -> int:
    """Take in scores from a source, inside the caller's transaction; how many were new or changed.

    What a person changed or removed here after the source's own time stays as the person left it.
    """
    traces: set[str | None] = set()
    changed = 0
    for score in scores:
        row = score_row(score)
        former = connection.execute(_SELECT, (row[0],)).fetchone()
        if former == row:
            continue
        said = said_ns(score)
        if former is not None:
            if said_ns(score_of_row(former)) > said:
                continue
        elif (left := last_said_ns(connection, row[0], None)) is not None and left >= said:
            continue
        write_score(connection, former, row)
        traces |= {row[_TRACE], former and former[_TRACE]}
        changed += 1
    recount(connection, traces)
    return changed


def recount(connection: sqlite3.Connection, trace_ids: Iterable[str | None]) -> None:
    """Bring thumb, score_count and note_count of some traces up to date. A trace's thumb is the latest on the trace
    itself, else the latest on its root span; one that settles a disagreement stands above both. A thumb without a
    value is a verdict put off, and what reviewers write is no score."""
    for trace_id in trace_ids:
        if trace_id is None:
            continue
        found = connection.execute("SELECT id, root FROM trace WHERE trace_id = ?", (trace_id,)).fetchone()
        if found is None:
            continue
        trace, root = found
        root_id = connection.execute("SELECT span_id FROM span WHERE id = ?", (root,)).fetchone()
        notes = scores = 0
        thumb: tuple[bool, bool, int, str] | None = None
        verdict: int | None = None
        rows = connection.execute(
            "SELECT score_id, span_id, name, kind, value, coalesce(updated_ns, created_ns, 0), metadata FROM score "
            "WHERE trace_id = ?",
            (trace_id,),
        )
        for score_id, span_id, name, kind, value, when, metadata in rows:
            if kind == ScoreKind.TEXT and name in REMARKS:
                notes += name == NOTE
                continue
            scores += 1
            on_trace = span_id is None
            if kind == ScoreKind.THUMB and '"definition"' in metadata:
                continue  # a score that was asked for beside the verdict
            if kind == ScoreKind.THUMB and value is not None and (on_trace or (root_id and span_id == root_id[0])):
                settles = "adjudicated" in metadata and load(metadata).get("adjudicated") is True
                rank = (settles, on_trace, when, score_id)
                if thumb is None or rank > thumb:
                    thumb, verdict = rank, int(value >= 0.5)
        connection.execute(
            "UPDATE trace SET thumb = ?, score_count = ?, note_count = ? WHERE id = ?", (verdict, scores, notes, trace)
        )


def score_row(score: Score) -> tuple[Any, ...]:
    """The row of a score, in SCORE_COLUMNS order."""
    return sound_row(
        (
            score.score_id,
            score.trace_id,
            score.span_id,
            score.session_id,
            score.document_position,
            score.name,
            score.kind.value,
            None if score.value is None or score.value != score.value else float(score.value),
            score.label,
            score.comment,
            score.author,
            score.source.value,
            score.created_ns,
            score.updated_ns,
            dump(score.metadata),
        )
    )


def score_of_row(row: tuple[Any, ...]) -> Score:
    """The score of a row in SCORE_COLUMNS order."""
    at = dict(zip(SCORE_COLUMNS, row, strict=True))
    at["kind"] = ScoreKind(at["kind"])
    at["source"] = ScoreSource(at["source"])
    at["metadata"] = load(at["metadata"])
    return Score(**at)


def said_ns(score: Score) -> int:
    """When a score was given or changed last; 0 when nobody knows."""
    return score.updated_ns or score.created_ns or 0


def _keep(connection: sqlite3.Connection, former: tuple[Any, ...] | None, when: int, removed: bool) -> None:
    if former is not None:
        connection.execute(
            "INSERT INTO score_history (score_id, replaced_ns, removed, former) VALUES (?, ?, ?, ?)",
            (former[0], when, int(removed), dump(dict(zip(SCORE_COLUMNS, former, strict=True)))),
        )
