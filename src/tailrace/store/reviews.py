"""Read what reviewers share: queues, definitions, failure modes, datasets, and their judgements for figures."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tailrace.model import ScoreSource
from tailrace.model.dashboard import Dashboard
from tailrace.model.review import (
    DEFERRED,
    FAILED,
    OPEN,
    PASSED,
    Dataset,
    DatasetItem,
    FailureMode,
    ModeMark,
    Queue,
    QueueItem,
    Rating,
    Remark,
    ScoreDefinition,
    Visit,
)
from tailrace.model.score import FAILURE_MODE, NOTE, REMARKS, THUMB
from tailrace.store.conditions import storable
from tailrace.store.modes import heads
from tailrace.store.records import DASHBOARDS, DATASETS, DEFINITIONS, EXAMPLES, ITEMS, MODES, QUEUES, VISITS, Table
from tailrace.store.snapshot import Snapshot
from tailrace.store.sound import dump

_LATEST_VISITS = 200
# Reading all ids from their index beats looking up this share of them
_MANY = 0.2
_SAID = "coalesce(score.updated_ns, score.created_ns, 0)"
_VERDICT = f"score.name = '{THUMB}' AND score.kind = 'thumb' AND score.source = 'person' AND score.span_id IS NULL"
_ADJUDICATED = "ifnull(json_extract(score.metadata, '$.adjudicated'), 0) = 1"


# Of each trace that a reviewer has judged PASSED, FAILED or DEFERRED, and when, by trace id
Verdicts: TypeAlias = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class ItemRows:
    """All items of a queue, by position: of each the trace, when it was requeued (0: never), and what one reviewer has
    said of it since (OPEN: nothing)."""

    trace_ids: list[str]
    requeued: NDArray[np.int64]
    states: NDArray[np.int8]


def read_queues(connection: sqlite3.Connection, queue_id: str | None = None) -> list[Queue]:
    """Every queue, the oldest first; or the one of an id alone, where it is there."""
    if queue_id is None:
        return _records(connection, QUEUES, order="created_ns, queue_id")
    return _records(connection, QUEUES, "queue_id = ?", (storable(queue_id),))


def read_items(snapshot: Snapshot, queue_id: str, verdicts: Verdicts) -> ItemRows:
    """The items of a queue, with what the verdicts of one reviewer say of them."""
    trace_ids, requeued = snapshot.columns(
        "SELECT trace_id, ifnull(requeued_ns, 0) FROM review_item WHERE queue_id = ? AND removed = 0"
        " ORDER BY position, trace_id",
        2,
        (storable(queue_id),),
    )
    states = np.full(len(trace_ids), OPEN, np.int8)
    if verdicts:
        for i, trace_id in enumerate(trace_ids):
            verdict = verdicts.get(trace_id)
            if verdict is not None and verdict[1] >= requeued[i]:
                states[i] = verdict[0]
    return ItemRows(trace_ids, np.array(requeued, np.int64), states)


def count_states(connection: sqlite3.Connection, queue_id: str, verdicts: Verdicts) -> list[int]:
    """How many items of a queue one reviewer has left OPEN, PASSED, FAILED and DEFERRED. Of a long queue only what was
    judged is read."""
    queue_id = storable(queue_id)
    (size,) = connection.execute(
        "SELECT count(*) FROM review_item WHERE queue_id = ? AND removed = 0", (queue_id,)
    ).fetchone()
    if len(verdicts) < size:
        rows = connection.execute(
            "SELECT trace_id, ifnull(requeued_ns, 0) FROM json_each(:judged) CROSS JOIN review_item"
            " ON item_id = :queue || '/' || value WHERE removed = 0",
            {"queue": queue_id, "judged": dump(list(verdicts))},
        )
    else:
        rows = connection.execute(
            "SELECT trace_id, ifnull(requeued_ns, 0) FROM review_item WHERE queue_id = ? AND removed = 0", (queue_id,)
        )
    counts = [0, 0, 0, 0]
    for trace_id, requeued in rows:
        state, said = verdicts.get(trace_id, (OPEN, 0))
        if state != OPEN and said >= requeued:
            counts[state] += 1
    counts[OPEN] = size - sum(counts)
    return counts


def keys_of(snapshot: Snapshot, trace_ids: Sequence[str]) -> dict[str, int]:
    """The keys of some traces by id; those that are not here are left out."""
    highest = snapshot.connection.execute("SELECT max(id) FROM trace").fetchone()[0] or 0
    if len(trace_ids) > highest * _MANY:
        found, keys = snapshot.columns("SELECT trace_id, id FROM trace", 2)
    else:
        sql = "SELECT trace_id, id FROM trace WHERE trace_id IN (SELECT value FROM json_each(?))"
        found, keys = snapshot.columns(sql, 2, (dump(list(trace_ids)),))
    return dict(zip(found, keys, strict=True))


def read_verdicts(connection: sqlite3.Connection, reviewer: str) -> Verdicts:
    """What a reviewer has said of traces."""
    mine = storable(f"tailrace:{reviewer}:")
    rows = connection.execute(
        f"SELECT trace_id, CASE WHEN value IS NULL THEN {DEFERRED} WHEN value >= 0.5 THEN {PASSED} ELSE {FAILED} END,"
        # one range of the primary key; `;` follows `:`
        f" {_SAID} FROM score"
        f" WHERE score_id >= :mine AND score_id < :end AND score_id = :mine || trace_id || '::{THUMB}'",
        {"mine": mine, "end": mine[:-1] + ";"},
    )
    return {trace_id: (state, said) for trace_id, state, said in rows}


def read_visits(connection: sqlite3.Connection, queue_id: str, reviewer: str) -> list[Visit]:
    """The latest visits of a reviewer to a queue, newest first."""
    where, values = "queue_id = ? AND author = ?", (storable(queue_id), storable(reviewer))
    return _records(connection, VISITS, where, values, f"began_ns DESC, visit_id LIMIT {_LATEST_VISITS}")


def read_definitions(connection: sqlite3.Connection) -> list[ScoreDefinition]:
    """The scores that reviewers are asked for, in order."""
    return _records(connection, DEFINITIONS, order="position, name, definition_id")


def read_modes(connection: sqlite3.Connection) -> list[FailureMode]:
    """Every failure mode, those merged into others too, in order."""
    return _records(connection, MODES, order="position, name, mode_id")


def count_modes(connection: sqlite3.Connection) -> list[tuple[FailureMode, int]]:
    """The failure modes that were not merged into others, in order, with how many traces people saw each in."""
    modes = read_modes(connection)
    counted = heads({mode.mode_id: mode.merged_into for mode in modes})
    traces: dict[str, set[str]] = {}
    for trace_id, mode, _, _ in _marks(connection):
        if mode in counted:
            traces.setdefault(counted[mode], set()).add(trace_id)
    return [(mode, len(traces.get(mode.mode_id, ()))) for mode in modes if counted.get(mode.mode_id) == mode.mode_id]


def read_marks(connection: sqlite3.Connection) -> list[ModeMark]:
    """Who saw which failure mode in which trace, each once, merged ones as what they were merged into."""
    counted = heads({mode.mode_id: mode.merged_into for mode in read_modes(connection)})
    marks = (
        ModeMark(trace_id, key, counted[mode], author)
        for trace_id, mode, author, key in _marks(connection)
        if mode in counted
    )
    return list(dict.fromkeys(marks))


def read_remarks(connection: sqlite3.Connection) -> list[Remark]:
    """All notes on traces and spans, oldest first, each with the ids of the failure modes of its trace."""
    modes: dict[str, dict[str, None]] = {}
    for mark in read_marks(connection):
        modes.setdefault(mark.trace_id, {})[mark.mode_id] = None
    rows = connection.execute(
        "SELECT score_id, score.trace_id, ifnull(trace.id, -1), ifnull(trace.name, ''), author, comment,"
        " coalesce(updated_ns, created_ns) AS said FROM score LEFT JOIN trace ON trace.trace_id = score.trace_id"
        f" WHERE score.name = '{NOTE}' AND score.kind = 'text' AND score.trace_id IS NOT NULL"
        " AND ifnull(comment, '') <> '' ORDER BY said, score_id"
    )
    return [
        Remark(score_id, trace_id, key, name, author, text, tuple(modes.get(trace_id, ())), said)
        for score_id, trace_id, key, name, author, text, said in rows
    ]


def read_judged(connection: sqlite3.Connection) -> list[tuple[str, int, str]]:
    """Trace id, key (-1: not here) and author of every person's verdict that was not put off."""
    rows = connection.execute(
        "SELECT DISTINCT score.trace_id, ifnull(trace.id, -1), ifnull(score.author, '') FROM score"
        f" LEFT JOIN trace ON trace.trace_id = score.trace_id WHERE {_VERDICT} AND score.trace_id IS NOT NULL"
        f" AND score.value IS NOT NULL AND NOT {_ADJUDICATED} ORDER BY score.trace_id, score.author"
    )
    return rows.fetchall()


def read_reviewers(connection: sqlite3.Connection) -> list[str]:
    """The names of all people who judged, looked at or kept anything, in order."""
    rows = connection.execute(
        "SELECT author FROM score WHERE source = 'person' UNION SELECT author FROM review_visit WHERE removed = 0"
        " UNION SELECT author FROM dataset_item WHERE removed = 0 ORDER BY 1"
    )
    return [author for (author,) in rows if author]


def read_ratings(snapshot: Snapshot, only: str | None = None) -> list[Rating]:
    """The values that people and programs gave traces or their root spans, of each the last under a name (`only` this
    one): what is on the trace itself before what is on its root."""
    words = ", ".join(f"'{name}'" for name in sorted(REMARKS | {FAILURE_MODE}))
    root = "SELECT span.span_id FROM trace JOIN span ON span.id = trace.root WHERE trace.trace_id = score.trace_id"
    columns = snapshot.columns(
        "SELECT trace_id, name, ifnull(author, source), source, max(min(value, 1e300), -1e300),"
        f" iif(kind = 'thumb', NULL, label), {_SAID}, {_ADJUDICATED}, span_id IS NULL, score_id, kind = 'thumb'"
        f" FROM score WHERE trace_id IS NOT NULL AND document_position IS NULL AND name NOT IN ({words})"
        f" AND {'1' if only is None else 'name = ?'} AND (span_id IS NULL OR span_id = ({root}))"
        " AND (value IS NOT NULL OR (kind <> 'thumb' AND label IS NOT NULL))"
        # sorted here: Python would hold every other thread up for as long as it sorts
        " ORDER BY name, trace_id, ifnull(author, source), 8, 9, 7, score_id",
        11,
        () if only is None else (storable(only),),
    )
    trace_ids, names, raters, sources, values, labels, said, adjudicated, _, _, thumbs = columns
    last = {rated: i for i, rated in enumerate(zip(names, trace_ids, raters, adjudicated, strict=True))}
    known = {source.value: source for source in ScoreSource}
    return [
        Rating(
            trace_ids[i],
            names[i],
            raters[i],
            known.get(sources[i], ScoreSource.UNKNOWN),
            float(values[i] >= 0.5) if thumbs[i] else values[i],
            labels[i],
            said[i],
            bool(adjudicated[i]),
        )
        for i in last.values()
    ]


def read_item(connection: sqlite3.Connection, queue_id: str, trace_id: str) -> QueueItem | None:
    """One item of a queue; None when it is not in it."""
    found = _records(connection, ITEMS, "item_id = ?", (storable(f"{queue_id}/{trace_id}"),))
    return found[0] if found else None


def read_datasets(connection: sqlite3.Connection) -> list[tuple[Dataset, int]]:
    """Every dataset by name, with how many examples it has."""
    counts = dict(
        connection.execute("SELECT dataset_id, count(*) FROM dataset_item WHERE removed = 0 GROUP BY dataset_id")
    )
    datasets: list[Dataset] = _records(connection, DATASETS, order="name, dataset_id")
    return [(dataset, counts.get(dataset.dataset_id, 0)) for dataset in datasets]


def read_examples(connection: sqlite3.Connection, dataset_id: str) -> list[DatasetItem]:
    """The examples of a dataset, the oldest first."""
    return _records(connection, EXAMPLES, "dataset_id = ?", (storable(dataset_id),), "created_ns, item_id")


def read_dashboards(connection: sqlite3.Connection) -> list[Dashboard]:
    """Every dashboard by name."""
    return _records(connection, DASHBOARDS, order="name, dashboard_id")


def _marks(connection: sqlite3.Connection) -> sqlite3.Cursor:
    """Trace id, mode id as marked, author and key of every person's mark."""
    return connection.execute(
        "SELECT score.trace_id, json_extract(score.metadata, '$.mode'), score.author, ifnull(trace.id, -1) FROM score"
        f" LEFT JOIN trace ON trace.trace_id = score.trace_id WHERE score.name = '{FAILURE_MODE}'"
        " AND score.source = 'person' AND score.trace_id IS NOT NULL ORDER BY score.created_ns, score.score_id"
    )


def _records(
    connection: sqlite3.Connection,
    table: Table,
    where: str = "1",
    values: Sequence[str] = (),
    order: str = "1",
) -> list[Any]:
    rows = connection.execute(
        f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE removed = 0 AND {where} ORDER BY {order}", values
    )
    return [table.record_of(row) for row in rows]
