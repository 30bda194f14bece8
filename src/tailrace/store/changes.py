"""Make changes to scores and review records inside one transaction, and say what undoes them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tailrace.model import Score, ScoreKind
from tailrace.model.review import Change, FailureMode, Put, Queue, QueueItem, Record, Removal, id_of
from tailrace.model.score import FAILURE_MODE, THUMB
from tailrace.store.modes import label_of, relabel
from tailrace.store.records import ITEMS, TABLES, Table
from tailrace.store.scores import (
    SCORE_COLUMNS,
    ScoreBook,
    drop_score,
    find_score,
    last_said_ns,
    recount,
    score_of_row,
    score_row,
    write_score,
)
from tailrace.store.sound import sound_text

_STAMPS = tuple(SCORE_COLUMNS.index(name) for name in ("created_ns", "updated_ns"))
_LABEL = SCORE_COLUMNS.index("label")


@dataclass(slots=True)
class _Course:
    """One transaction under way: its connection, the latest stamp it gave, the traces to count again."""

    connection: sqlite3.Connection
    stamp_ns: int
    traces: set[str | None] = field(default_factory=set)
    modes: bool = False

    def next_stamp(self, former_ns: int | None) -> int:
        """A stamp later than the former one of a record, and than all given here."""
        self.stamp_ns = max(self.stamp_ns, former_ns or 0) + 1
        return self.stamp_ns


def apply(book: ScoreBook, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Make changes, all or none; they are on the disk on return. What undoes them, in the order to apply."""
    if not changes:
        return ()
    with book.changing() as connection:
        return apply_changes(connection, changes)


def make_queue(book: ScoreBook, queue: Queue, trace_ids: Sequence[str], strata: Sequence[str]) -> tuple[Change, ...]:
    """Put a queue with its items in this order (one stratum each), all or none; what undoes it. The items of a queue
    that is there already are replaced."""
    with book.changing() as connection:
        undone = apply_changes(connection, (Put(queue),))
        items = (
            QueueItem(queue.queue_id, trace_id, position, stratum)
            for position, (trace_id, stratum) in enumerate(zip(trace_ids, strata, strict=True))
        )
        stamp = time.time_ns()
        connection.execute(
            "UPDATE review_item SET removed = 1, updated_ns = ? WHERE queue_id = ? AND removed = 0",
            (stamp, sound_text(queue.queue_id)),
        )
        stamp_records(connection, items, ITEMS, stamp)
    return undone


def apply_changes(connection: sqlite3.Connection, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Make changes inside the caller's transaction; what undoes them, in the order to apply.

    Every record gets a stamp later than its former one. One that says what is there already changes nothing, except
    that a verdict is given anew where its trace was requeued since.
    """
    course = _Course(connection, time.time_ns() - 1)
    undone: list[tuple[Change, ...]] = []
    for change in changes:
        if isinstance(change, Removal):
            undone.append(_remove_score(course, change) if change.kind is Score else _remove(course, change))
        elif isinstance(change.record, Score):
            undone.append(_put_score(course, change.record))
        else:
            undone.append(_put(course, change.record))
    if course.modes:
        relabel(connection)
    recount(connection, course.traces)
    return tuple(change for group in reversed(undone) for change in group)


def stamp_records(connection: sqlite3.Connection, records: Iterator[Record], table: Table, stamp_ns: int) -> None:
    """Put many new records of one kind, all with the same stamp, inside the caller's transaction."""
    marks = ", ".join("?" * len(table.columns))
    connection.executemany(
        f"REPLACE INTO {table.name} ({', '.join(table.columns)}, removed) VALUES ({marks}, 0)",
        (table.row_of(replace(record, updated_ns=stamp_ns)) for record in records),
    )


def _put_score(course: _Course, score: Score) -> tuple[Change, ...]:
    connection = course.connection
    mode = score.metadata.get("mode") if score.name == FAILURE_MODE else None
    if isinstance(mode, str):
        score = replace(score, label=label_of(connection, sound_text(mode), score.label))
    former = find_score(connection, score.score_id)
    requeued = _requeued(connection, score)
    last = last_said_ns(connection, sound_text(score.score_id), former)
    reopened = tuple(item for item in requeued if (item.requeued_ns or 0) > (last or 0)) if former else ()
    if former is not None and not reopened and _said(former) == _said(score_row(score)):
        return ()
    stamp = course.next_stamp(last)
    kept = None if former is None else score_of_row(former).created_ns
    row = score_row(replace(score, created_ns=kept or score.created_ns or stamp, updated_ns=stamp))
    write_score(connection, former, row)
    course.traces |= {score.trace_id, former[1] if former else None}
    if former is None:
        return (Removal(Score, score.score_id),)
    # the verdict before it was older than the wish to have it again
    again = (Put(replace(item, requeued_ns=(item.requeued_ns or 0) + 1)) for item in reopened)
    return (Put(score_of_row(former)), *again)


def _remove_score(course: _Course, change: Removal) -> tuple[Change, ...]:
    former = find_score(course.connection, change.record_id)
    if former is None:
        return ()
    score = score_of_row(former)
    drop_score(course.connection, former, course.next_stamp(last_said_ns(course.connection, former[0], former)))
    course.traces.add(score.trace_id)
    again = (
        Put(replace(item, requeued_ns=(item.requeued_ns or 0) + 1))
        for item in _requeued(course.connection, score)
        if (item.requeued_ns or 0) > (score.updated_ns or score.created_ns or 0)
    )
    return (Put(score), *again)


def _put(course: _Course, record: Record) -> tuple[Change, ...]:
    table = TABLES[type(record)]
    former, removed, former_ns = _find(course.connection, table, id_of(record))
    if former is not None and not removed and table.said(former) == table.said(table.row_of(record)):
        return ()
    stamp = course.next_stamp(former_ns)
    before = None if former is None or removed else table.record_of(former)
    if isinstance(record, QueueItem):
        record = _requeue(course, record, before)
        stamp = course.stamp_ns
    stamps: dict[str, Any] = {"updated_ns": stamp}
    if "created_ns" in table.columns:
        kept = getattr(before, "created_ns", None)
        stamps["created_ns"] = kept or getattr(record, "created_ns", None) or stamp
    written = replace(record, **stamps)
    columns = ", ".join(table.columns)
    marks = ", ".join("?" * len(table.columns))
    course.connection.execute(
        f"REPLACE INTO {table.name} ({columns}, removed) VALUES ({marks}, 0)", table.row_of(written)
    )
    course.modes |= isinstance(record, FailureMode)
    return (Removal(type(record), id_of(record)) if before is None else Put(before),)


def _remove(course: _Course, change: Removal) -> tuple[Change, ...]:
    table = TABLES[change.kind]
    former, removed, former_ns = _find(course.connection, table, change.record_id)
    if former is None or removed:
        return ()
    course.connection.execute(
        f"UPDATE {table.name} SET removed = 1, updated_ns = ? WHERE {table.key} = ?",
        (course.next_stamp(former_ns), sound_text(change.record_id)),
    )
    course.modes |= change.kind is FailureMode
    return (Put(table.record_of(former)),)


def _requeue(course: _Course, item: QueueItem, before: QueueItem | None) -> QueueItem:
    """An item that is put with a later time than it had is requeued now, after every verdict on its trace."""
    if item.requeued_ns is None or (before is not None and (before.requeued_ns or 0) >= item.requeued_ns):
        return item
    latest = course.connection.execute(
        "SELECT max(coalesce(updated_ns, created_ns, 0)) FROM score WHERE trace_id = ? AND name = ?",
        (sound_text(item.trace_id), THUMB),
    ).fetchone()[0]
    return replace(item, requeued_ns=course.next_stamp(latest))


def _requeued(connection: sqlite3.Connection, score: Score) -> tuple[QueueItem, ...]:
    """The items that wait for another verdict on a trace, where the score is one."""
    if score.kind is not ScoreKind.THUMB or score.name != THUMB or score.span_id is not None or not score.trace_id:
        return ()
    rows = connection.execute(
        f"SELECT {', '.join(ITEMS.columns)} FROM review_item"
        " WHERE trace_id = ? AND requeued_ns IS NOT NULL AND removed = 0",
        (sound_text(score.trace_id),),
    )
    return tuple(ITEMS.record_of(row) for row in rows)


def _find(
    connection: sqlite3.Connection, table: Table, record_id: str
) -> tuple[tuple[Any, ...] | None, bool, int | None]:
    """The row of a record, whether it is marked as removed, and its stamp."""
    row = connection.execute(
        f"SELECT {', '.join(table.columns)}, removed, updated_ns FROM {table.name} WHERE {table.key} = ?",
        (sound_text(record_id),),
    ).fetchone()
    return (None, False, None) if row is None else (row[:-2], bool(row[-2]), row[-1])


def _said(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A score's row without its times; the label of a mark is derived."""
    marks = row[SCORE_COLUMNS.index("name")] == FAILURE_MODE
    return tuple(value for i, value in enumerate(row) if i not in _STAMPS and not (marks and i == _LABEL))
