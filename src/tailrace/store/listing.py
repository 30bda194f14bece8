"""The trace list and its histogram."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import orjson

from tailrace.model import Histogram, Sorting, TraceFilter, TraceList, TraceRow
from tailrace.query import Tree
from tailrace.store.compile import has_text
from tailrace.store.rebuild import TRACE_COLUMNS, trace_row
from tailrace.store.snapshot import Keys, Snapshot

_SECOND = 1_000_000_000
_DAY = 86_400 * _SECOND
_FEWEST_BUCKETS = 8
_STEPS: tuple[int, ...] = (
    *(10**power * factor for power in range(9) for factor in (1, 2, 5)),
    *(seconds * _SECOND for seconds in (1, 2, 3, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1800)),
    *(hours * 3600 * _SECOND for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 2, 4, 7, 14, 28, 56, 91, 182, 365, 730, 1826, 3652, 7305, 18_262, 36_525)),
)


def list_traces(snapshot: Snapshot, tree: Tree, asked: TraceFilter, sorting: Sorting) -> TraceList:
    """The keys of all traces that match the tree and the time range of `asked`, in order."""
    began = time.perf_counter_ns()
    keys = snapshot.order(sorting)
    total = len(keys)
    matched = snapshot.matches(tree)
    if asked.since_ns is not None or asked.until_ns is not None:
        matched = within(snapshot, matched, asked)
    if matched is not None and len(matched) < total:
        keys = keys[np.isin(keys, matched, assume_unique=True)]
    unsearched = 0
    if has_text(tree):
        unsearched = snapshot.connection.execute("SELECT count(*) FROM search_pending").fetchone()[0]
    return TraceList(asked, sorting, keys, total, time.perf_counter_ns() - began, unsearched)


def read_rows(snapshot: Snapshot, keys: Sequence[int]) -> list[TraceRow]:
    """The rows of some traces, in the order of `keys`; those that are not there are left out."""
    wanted = [int(key) for key in keys]
    rows = snapshot.connection.execute(
        f"SELECT {TRACE_COLUMNS} FROM trace WHERE id IN (SELECT value FROM json_each(?))",
        (orjson.dumps(wanted).decode(),),
    )
    found = {row[0]: trace_row(row) for row in rows}
    return [found[key] for key in wanted if key in found]


def histogram(snapshot: Snapshot, tree: Tree, most: int) -> Histogram:
    """The traces that match over time, in at most `most` buckets (eight or more) of a round width that begin at
    multiples of it."""
    keys, starts, errors = snapshot.times()
    matched = snapshot.matches(tree)
    if matched is not None:
        chosen = np.isin(keys, matched, assume_unique=True)
        starts, errors = starts[chosen], errors[chosen]
    if not len(starts):
        nothing = np.zeros(0, np.int64)
        return Histogram(0, _SECOND, nothing, nothing)
    first, last = int(starts.min()), int(starts.max())
    width = _bucket_width(first, last, max(most, _FEWEST_BUCKETS))
    origin = first // width * width
    count = (last - origin) // width + 1
    # an int64 holds every start, and yet not every difference of two
    index = starts // width - origin // width
    return Histogram(origin, width, np.bincount(index, minlength=count), np.bincount(index[errors], minlength=count))


def _bucket_width(first: int, last: int, most: int) -> int:
    for width in _STEPS:
        if last // width - first // width < most:
            return width
    century = _STEPS[-1]
    width = century
    while last // width - first // width >= most:
        width += century
    return width


def within(snapshot: Snapshot, matched: Keys | None, asked: TraceFilter) -> Keys:
    keys, starts, _ = snapshot.times()
    inside = np.ones(len(keys), np.bool_)
    # Python compares with bounds of any size; NumPy would refuse what is not an int64
    lowest, highest = -(2**63), 2**63 - 1
    if asked.since_ns is not None:
        inside &= starts >= max(asked.since_ns, lowest) if asked.since_ns <= highest else False
    if asked.until_ns is not None and asked.until_ns <= highest:
        inside &= starts < asked.until_ns if asked.until_ns > lowest else False
    within = keys[inside]
    return within if matched is None else within[np.isin(within, matched, assume_unique=True)]
