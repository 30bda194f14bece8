"""Which spans have a row: a pure function of the tree's arrays, what is collapsed and what is filtered. No Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tailrace.model.tree import SpanTree, TreeMark

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]

HEADING = -1  # in a list of rows: the heading over spans whose parent is missing


def parents_mask(tree: SpanTree) -> Mask:
    """Which spans have children."""
    return tree.subtree_end > np.arange(1, len(tree) + 1)


def orphaned_mask(tree: SpanTree) -> Mask:
    """Which spans belong to a subtree whose top names a parent that is not there."""
    tops = np.flatnonzero(tree.parent < 0)
    missing = (tree.marks[tops] & TreeMark.MISSING_PARENT) != 0
    return np.repeat(missing, np.diff(np.append(tops, len(tree))))


def visible_rows(tree: SpanTree, collapsed: Mask, keep: Mask | None = None, orphaned: Mask | None = None) -> Rows:
    """Tree rows from top to bottom: nothing below a collapsed span, only what `keep` has; orphaned subtrees come last,
    under a HEADING."""
    shut = np.flatnonzero(collapsed & parents_mask(tree))
    n = len(tree)
    shown = np.ones(n, bool) if keep is None else keep.copy()
    if len(shut):
        change = np.bincount(shut + 1, minlength=n + 1) - np.bincount(tree.subtree_end[shut], minlength=n + 1)
        shown &= np.cumsum(change[:n]) == 0
    if orphaned is None or not orphaned.any():
        return np.flatnonzero(shown).astype(np.int32)
    proper = np.flatnonzero(shown & ~orphaned)
    lost = np.flatnonzero(shown & orphaned)
    return np.concatenate([proper, [HEADING] if len(lost) else [], lost]).astype(np.int32)


def count_below(tree: SpanTree, mask: Mask) -> Counts:
    """For every span how many of its descendants are in the mask."""
    total: Counts = np.append(0, np.cumsum(mask))
    below: Counts = total[tree.subtree_end] - total[1:]
    return below


def with_ancestors(tree: SpanTree, mask: Mask) -> Mask:
    """The mask and every ancestor of what is in it."""
    return mask | (count_below(tree, mask) > 0)


def chain_above(tree: SpanTree, row: int) -> list[int]:
    """The ancestors of a row, nearest first."""
    above: list[int] = []
    p = int(tree.parent[row])
    while p >= 0:
        above.append(p)
        p = int(tree.parent[p])
    return above


def next_in(order: NDArray[np.int64], row: int, step: int) -> int:
    """The row after (`step` 1) or before (-1) a row in a sorted list of rows, going round; -1 when there is none.
    A row of -1 stands before the first and after the last."""
    if not len(order):
        return -1
    if step > 0:
        at = int(np.searchsorted(order, row, side="right")) % len(order)
    else:
        at = int(np.searchsorted(order, row, side="left")) - 1 if row >= 0 else -1
    return int(order[at])
