"""The traces of a selection and the rest of those that it is compared with, as a table beside the columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np

from tailrace.model.listing import TraceFilter
from tailrace.query import Tree
from tailrace.store.listing import within
from tailrace.store.snapshot import Keys, Snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLE: Final = "sides"


def traces_of(snapshot: Snapshot, tree: Tree, asked: TraceFilter) -> Keys:
    """The sorted keys of the traces for which `tree` holds and that begin in the time range of `asked`."""
    matched = snapshot.matches(tree)
    if asked.since_ns is not None or asked.until_ns is not None:
        matched = within(snapshot, matched, asked)
    return snapshot.all_keys() if matched is None else matched


@contextmanager
def sides(cursor: DuckDBPyConnection, selection: Keys, against: Keys) -> Iterator[str]:
    """The name of a table (trace, inside) of a selection and of what there is in `against` without it."""
    traces = np.union1d(selection, against)
    inside = np.isin(traces, selection, assume_unique=True)
    cursor.register("came_sides", {"trace": traces, "inside": inside})
    try:
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT trace, inside FROM came_sides")
    finally:
        cursor.unregister("came_sides")
    try:
        yield TABLE
    finally:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
