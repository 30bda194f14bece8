"""The span tree as pre-order arrays: what the waterfall draws and every walk over a trace uses. No recursion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from tailrace.model.span import SpanKind, SpanStatus

KINDS: tuple[SpanKind, ...] = tuple(SpanKind)
STATUSES: tuple[SpanStatus, ...] = tuple(SpanStatus)


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
    `cost` and `tokens` are a span's own figures, NaN and -1 when unknown.
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
    start.
    """
    n = len(span_ids)
    row_of = {span_id: i for i, span_id in enumerate(span_ids)}
    order = sorted(range(n), key=starts_ns.__getitem__)
    parent = [-1] * n
    marks = [0] * n
    for i, parent_id in enumerate(parent_ids):
        if parent_id is None:
            continue
        p = row_of.get(parent_id, -1)
        if p < 0:
            marks[i] |= TreeMark.MISSING_PARENT
        else:
            parent[i] = p
    _cut_cycles(parent, marks, order, starts_ns)

    children: list[list[int] | None] = [None] * n
    roots: list[int] = []
    for i in order:
        p = parent[i]
        if p < 0:
            roots.append(i)
        elif (siblings := children[p]) is None:
            children[p] = [i]
        else:
            siblings.append(i)

    pre_order: list[int] = []
    depth = np.zeros(n, np.int32)
    subtree_end = np.zeros(n, np.int32)
    new_parent = np.full(n, -1, np.int32)
    # (source row, its parent's pre-order row); a negative source row ~r closes pre-order row r
    stack: list[tuple[int, int]] = [(i, -1) for i in reversed(roots)]
    while stack:
        i, above = stack.pop()
        if i < 0:
            subtree_end[~i] = len(pre_order)
            continue
        row = len(pre_order)
        pre_order.append(i)
        new_parent[row] = above
        depth[row] = depth[above] + 1 if above >= 0 else 0
        below = children[i]
        if below is None:
            subtree_end[row] = row + 1
        else:
            stack.append((~row, above))
            stack.extend([(child, row) for child in reversed(below)])

    origin = min(starts_ns, default=0)
    index = np.array(pre_order, np.int64)
    start = (np.array([s - origin for s in starts_ns], np.int64))[index] if n else np.zeros(0, np.int64)
    raw = (
        np.array([0 if e is None else e - s for s, e in zip(starts_ns, ends_ns, strict=True)], np.int64)[index]
        if n
        else start
    )
    is_open = np.array([e is None for e in ends_ns], bool)[index] if n else np.zeros(0, bool)
    mark = np.array(marks, np.int8)[index] if n else np.zeros(0, np.int8)
    mark = (
        mark
        | np.where(is_open, TreeMark.OPEN, 0).astype(np.int8)
        | np.where(raw < 0, TreeMark.NEGATIVE, 0).astype(np.int8)
    )
    has_parent = new_parent >= 0
    early = has_parent & (start < start[np.where(has_parent, new_parent, 0)]) if n else has_parent
    mark = mark | np.where(early, TreeMark.EARLY, 0).astype(np.int8)
    duration = np.where(is_open, -1, np.maximum(raw, 0))
    extent = max(int((start + np.maximum(duration, 0)).max()) if n else 0, 1)
    return SpanTree(
        origin_ns=origin,
        extent=extent,
        span_ids=[span_ids[i] for i in pre_order],
        names=[names[i] for i in pre_order],
        depth=depth,
        subtree_end=subtree_end,
        parent=new_parent,
        start=start,
        duration=duration,
        kind=np.array(kinds, np.int8)[index] if n else np.zeros(0, np.int8),
        status=np.array(statuses, np.int8)[index] if n else np.zeros(0, np.int8),
        marks=mark,
        tokens=np.array([-1 if t is None else t for t in tokens], np.int64)[index] if n else np.zeros(0, np.int64),
        cost=np.array([np.nan if c is None else c for c in costs], np.float64)[index] if n else np.zeros(0, np.float64),
    )


def _cut_cycles(parent: list[int], marks: list[int], order: list[int], starts: Sequence[int]) -> None:
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
