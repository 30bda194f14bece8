"""The traces that a queue can be chosen from, in an order that depends on what is in them alone."""

from __future__ import annotations

import sqlite3

import numpy as np
import orjson

from tailrace.model import ScoreSource, Sorting, SortKey, TraceFilter
from tailrace.query import Tree
from tailrace.store.conditions import storable
from tailrace.store.listing import list_traces
from tailrace.store.reviews import read_ratings
from tailrace.store.snapshot import Snapshot

# Reading all ids from their index beats looking up this share of them
_MANY = 0.2


def matching(snapshot: Snapshot, tree: Tree, asked: TraceFilter) -> list[tuple[int, str]]:
    """Keys and ids of the traces for which a filter holds in the time range of `asked`, oldest first; those of the
    same moment by id, as keys differ from copy to copy."""
    listed = list_traces(snapshot, tree, asked, Sorting(SortKey.START, False))
    keys = listed.keys.tolist()
    if len(keys) > listed.total * _MANY:
        found, trace_ids = snapshot.columns("SELECT id, trace_id FROM trace", 2)
    else:
        sql = "SELECT id, trace_id FROM trace WHERE id IN (SELECT value FROM json_each(?))"
        found, trace_ids = snapshot.columns(sql, 2, (orjson.dumps(keys).decode(),))
    names = dict(zip(found, trace_ids, strict=True))
    all_keys, starts, _ = snapshot.times()
    began = starts[np.searchsorted(all_keys, listed.keys)].tolist()
    return [(key, name) for _, name, key in sorted(zip(began, (names[key] for key in keys), keys, strict=True))]


def lowest_values(connection: sqlite3.Connection, name: str, below: float | None) -> dict[str, float]:
    """The lowest value under a score's name of each trace (or a span of it) that has one under a line, by trace id."""
    rows = connection.execute(
        "SELECT trace_id, min(value) AS least FROM score WHERE name = ? AND value IS NOT NULL AND trace_id IS NOT NULL"
        " GROUP BY trace_id HAVING ifnull(least < ?, 1)",
        (storable(name), below),
    )
    return dict(rows.fetchall())


def disputed(snapshot: Snapshot, name: str) -> set[str]:
    """The ids of the traces that people gave different values of a score."""
    values: dict[str, set[tuple[float | None, str | None]]] = {}
    for rating in read_ratings(snapshot, name):
        if rating.source is ScoreSource.PERSON and not rating.adjudicated:
            values.setdefault(rating.trace_id, set()).add((rating.value, rating.label))
    return {trace_id for trace_id, given in values.items() if len(given) > 1}
