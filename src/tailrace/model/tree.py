"""The span tree as pre-order arrays: what the waterfall draws and every walk over a trace uses. No recursion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from tailrace.model.span import SpanKind, SpanStatus

KINDS: tuple[SpanKind, ...] = tuple(SpanKind)
STATUSES: tuple[SpanStatus, ...] = tuple(SpanStatus)

# Hostile clocks: offsets and durations stop here (73 years), so that the end of a span still fits an int64
_LONGEST_NS = 2**61


class TreeMark(IntFlag):
    """What is odd about a span's place in its tree."""

    NONE = 0
    OPEN = 1  # no end
    MISSING_PARENT = 2  # its parent is named and is not there
    CYCLE = 4  # its parent chain led back to it; cut here
    EARLY = 8  # starts before its parent (clock skew)
    NEGATIVE = 16  # ends before it starts


@dataclass(frozen=True, slots=True, eq=False)
class SpanTree:
    """Spans in pre-order; every array has one entry a span. Siblings are ordered by start, then by arrival.

    `start` is nanoseconds after `origin_ns` (the earliest start), never negative. `duration` is nanoseconds, -1 for a
    span without an end (draw it to `extent`) and never below -1 otherwise: a negative duration is 0 with a mark.
    `subtree_end[i]` is the row after the last descendant of row i. `parent` is a row, -1 for a root. Kinds and
    statuses are indexes into KINDS and STATUSES. `extent` is the latest end after origin, at least 1.
    `cost` and `tokens` are a span's own figures, NaN and -1 when unknown. `missing_parents` holds, by row, the parent
    that a span marked MISSING_PARENT names.
    """

    origin_ns: int
    extent: int
    span_ids: Sequence[str]
    names: Sequence[str]
    depth: NDArray[np.int32]
    subtree_end: NDArray[np.int32]
    parent: NDArray[np.int32]
    start: NDArray[np.int64]
    duration: NDArray[np.int64]
    kind: NDArray[np.int8]
    status: NDArray[np.int8]
    marks: NDArray[np.int8]
    tokens: NDArray[np.int64]
    cost: NDArray[np.float64]
    missing_parents: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.span_ids)

    def row_of(self, span_id: str) -> int:
        """The row of a span id, -1 when it is not in this trace."""
        try:
            return self.span_ids.index(span_id)
        except ValueError:
            return -1


def build_tree(
    span_ids: Sequence[str],
    parent_ids: Sequence[str | None],
    names: Sequence[str],
    starts_ns: Sequence[int],
    ends_ns: Sequence[int | None],
    kinds: Sequence[int],
    statuses: Sequence[int],
    tokens: Sequence[int | None],
    costs: Sequence[float | None],
) -> SpanTree:
    """Put spans in pre-order. Linear but for the sort by start.

    A span whose parent is not among `span_ids` becomes a root marked MISSING_PARENT; every cycle is cut at its
    earliest span, which becomes a root marked CYCLE; a span that names itself is such a cycle. Roots are ordered by
    start. Offsets and durations are cut at 73 years.
    """
    n = len(span_ids)
    row_of: dict[str | None, int] = {span_id: i for i, span_id in enumerate(span_ids)}
    row_of[None] = -1
    find = row_of.get
    parent = [find(parent_id, -2) for parent_id in parent_ids]
    marks = bytearray(n)
    missing: list[int] = []
    if -2 in parent:
        for i, p in enumerate(parent):
            if p == -2:
                parent[i] = -1
                marks[i] = TreeMark.MISSING_PARENT
                missing.append(i)

    order = sorted(range(n), key=starts_ns.__getitem__)
    pre_order = _walk(parent, order)
    if len(pre_order) < n:
        _cut_cycles(parent, marks, order, starts_ns)
        pre_order = _walk(parent, order)

    index = np.array(pre_order, np.int64)
    new_row = np.full(n + 1, -1, np.int64)  # its last entry is the parent of the roots
    new_row[index] = np.arange(n)
    new_parent = new_row[np.array(parent, np.int64)[index]]
    depth, subtree_end = _measure(new_parent.tolist())

    origin = min(starts_ns, default=0)
    start = _nanoseconds([s - origin for s in starts_ns])[index]
    raw = _nanoseconds([0 if e is None else e - s for s, e in zip(starts_ns, ends_ns, strict=True)])[index]
    is_open = np.array([e is None for e in ends_ns], bool)[index]
    has_parent = new_parent >= 0
    early = has_parent & (start < start[np.where(has_parent, new_parent, 0)])
    mark = (
        np.frombuffer(marks, np.int8)[index]
        | is_open * np.int8(TreeMark.OPEN)
        | (raw < 0) * np.int8(TreeMark.NEGATIVE)
        | early * np.int8(TreeMark.EARLY)
    )
    duration = np.where(is_open, -1, np.maximum(raw, 0))
    return SpanTree(
        origin_ns=origin,
        extent=int((start + np.maximum(duration, 0)).max(initial=1)),
        span_ids=[span_ids[i] for i in pre_order],
        names=[names[i] for i in pre_order],
        depth=depth,
        subtree_end=subtree_end,
        parent=new_parent.astype(np.int32),
        start=start,
        duration=duration,
        kind=np.array(kinds, np.int8)[index],
        status=np.array(statuses, np.int8)[index],
        marks=mark,
        tokens=np.array([-1 if t is None else t for t in tokens], np.int64)[index],
        cost=np.array([np.nan if c is None else c for c in costs], np.float64)[index],
        missing_parents={int(new_row[i]): str(parent_ids[i]) for i in missing},
    )


def _walk(parent: list[int], order: list[int]) -> list[int]:
    """The source rows in pre-order, siblings as in `order`; what hangs on a cycle is not reached."""
    children: list[list[int] | None] = [None] * len(parent)
    stack: list[int] = []
    # backwards, so that the first child is the one that is popped first
    for i in reversed(order):
        p = parent[i]
        if p < 0:
            stack.append(i)
        elif (siblings := children[p]) is None:
            children[p] = [i]
        else:
            siblings.append(i)
    pre_order: list[int] = []
    while stack:
        i = stack.pop()
        pre_order.append(i)
        if (below := children[i]) is not None:
            stack += below
    return pre_order


def _measure(parent: list[int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Depth and subtree end of every row from the parents' rows in pre-order."""
    n = len(parent)
    depth = [0] * (n + 1)
    depth[-1] = -1  # above the roots
    for row, p in enumerate(parent):
        depth[row] = depth[p] + 1
    size = [1] * (n + 1)
    for row in range(n - 1, -1, -1):
        size[parent[row]] += size[row]
    rows = np.arange(n, dtype=np.int32)
    return np.array(depth[:n], np.int32), rows + np.array(size[:n], np.int32)


def _nanoseconds(values: list[int]) -> NDArray[np.int64]:
    try:
        return np.clip(np.array(values, np.int64), -_LONGEST_NS, _LONGEST_NS)
    except OverflowError:
        return np.array([max(-_LONGEST_NS, min(value, _LONGEST_NS)) for value in values], np.int64)


def _cut_cycles(parent: list[int], marks: bytearray, order: list[int], starts: Sequence[int]) -> None:
    """Make every parent chain end. Walks each chain once: 0 unseen, else the number of the walk that saw it."""
    seen = [0] * len(parent)
    for walk, first in enumerate(order, 1):
        i = first
        while i >= 0 and not seen[i]:
            seen[i] = walk
            i = parent[i]
        if i >= 0 and seen[i] == walk:
            # `first` may hang below the cycle rather than be in it
            members = [i]
            while (j := parent[members[-1]]) != i:
                members.append(j)
            cut = min(members, key=starts.__getitem__)
            parent[cut] = -1
            marks[cut] |= TreeMark.CYCLE
