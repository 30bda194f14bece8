"""The span tree in pre-order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tailrace.model import SpanTree, TreeMark, build_tree

Shape = list[tuple[int | None, int, int | None]]  # (parent's number, start, end)


def tree_of(shape: Sequence[tuple[int | None, int, int | None]]) -> SpanTree:
    n = len(shape)
    return build_tree(
        [f"s{i}" for i in range(n)],
        [None if parent is None else f"s{parent}" for parent, _, _ in shape],
        [f"name {i}" for i in range(n)],
        [start for _, start, _ in shape],
        [end for _, _, end in shape],
        [i % 11 for i in range(n)],
        [i % 3 for i in range(n)],
        [None if i % 2 else i for i in range(n)],
        [None if i % 2 else i / 4 for i in range(n)],
    )


def numbers(tree: SpanTree) -> list[int]:
    return [int(span_id[1:]) for span_id in tree.span_ids]


times = st.integers(-5, 20) | st.integers(-(2**63), 2**64)
shapes = st.lists(st.tuples(st.none() | st.integers(0, 14), times, st.none() | times), max_size=12)


@given(shapes)
def test_every_span_is_there_once_and_subtrees_are_ranges(shape: Shape) -> None:
    tree = tree_of(shape)
    n = len(shape)
    assert sorted(numbers(tree)) == list(range(n))
    assert len(tree) == n
    for row in range(n):
        above = int(tree.parent[row])
        end = int(tree.subtree_end[row])
        assert row < end <= n
        assert tree.depth[row] == (0 if above < 0 else tree.depth[above] + 1)
        if above >= 0:
            assert above < row < end <= tree.subtree_end[above]
        # exactly the rows that lead up to this one are in its range
        below = set()
        for other in range(n):
            up = other
            while up >= 0:
                if up == row:
                    below.add(other)
                up = int(tree.parent[up])
        assert below == set(range(row, end))


@given(shapes)
def test_columns_follow_their_spans_and_times_stay_in_bounds(shape: Shape) -> None:
    tree = tree_of(shape)
    assert tree.origin_ns == min((start for _, start, _ in shape), default=0)
    for row, i in enumerate(numbers(tree)):
        parent, start, end = shape[i]
        assert tree.names[row] == f"name {i}"
        assert tree.kind[row] == i % 11
        assert tree.status[row] == i % 3
        assert tree.tokens[row] == (-1 if i % 2 else i)
        assert np.isnan(tree.cost[row]) if i % 2 else tree.cost[row] == i / 4
        assert tree.start[row] == min(start - tree.origin_ns, 2**61)
        marks = TreeMark(int(tree.marks[row]))
        assert (TreeMark.OPEN in marks) == (end is None)
        assert (TreeMark.NEGATIVE in marks) == (end is not None and end < start)
        if end is None:
            assert tree.duration[row] == -1
        else:
            assert tree.duration[row] == min(max(end - start, 0), 2**61)
        lost = parent is not None and parent >= len(shape)
        assert (TreeMark.MISSING_PARENT in marks) == lost
        assert tree.missing_parents.get(row) == (f"s{parent}" if lost else None)
        above = int(tree.parent[row])
        assert (TreeMark.EARLY in marks) == (above >= 0 and bool(tree.start[row] < tree.start[above]))
        assert tree.extent >= max(1, int(tree.start[row]) + max(int(tree.duration[row]), 0))


@given(shapes)
def test_each_cycle_is_cut_once_at_its_earliest_span(shape: Shape) -> None:
    tree = tree_of(shape)
    cut = {i for row, i in enumerate(numbers(tree)) if tree.marks[row] & TreeMark.CYCLE}
    cycles = set()
    for i in range(len(shape)):
        path: list[int] = []
        at: int | None = i
        while at is not None and at < len(shape) and at not in path:
            path.append(at)
            at = shape[at][0]
        if at is not None and at < len(shape):
            cycles.add(frozenset(path[path.index(at) :]))
    assert len(cut) == len(cycles)
    for cycle in cycles:
        [member] = cut & cycle
        assert shape[member][1] == min(shape[i][1] for i in cycle)


@given(shapes)
def test_siblings_are_ordered_by_start_then_by_arrival(shape: Shape) -> None:
    tree = tree_of(shape)
    last: dict[int, tuple[int, int]] = {}
    for row, i in enumerate(numbers(tree)):
        above = int(tree.parent[row])
        here = (shape[i][1], i)
        assert above not in last or last[above] < here
        last[above] = here


def test_a_chain_of_a_hundred_thousand_spans_needs_no_recursion() -> None:
    tree = tree_of([(None if i == 0 else i - 1, i, i + 1) for i in range(100_000)])
    assert tree.depth[-1] == 99_999
    assert set(tree.subtree_end.tolist()) == {100_000}


def test_a_tree_of_nothing_is_empty() -> None:
    tree = tree_of([])
    assert len(tree) == 0
    assert tree.extent == 1
    assert tree.row_of("s0") == -1
