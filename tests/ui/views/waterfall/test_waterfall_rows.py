"""Which spans have a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tailrace.model import SpanTree
from tailrace.ui.views.waterfall.rows import (
    HEADING,
    chain_above,
    count_below,
    next_in,
    orphaned_mask,
    visible_rows,
    with_ancestors,
)

Grow = Callable[[Sequence[Sequence[object]]], SpanTree]


@st.composite
def forests(draw: st.DrawFn) -> list[tuple[object, ...]]:
    count = draw(st.integers(1, 20))
    spans: list[tuple[object, ...]] = []
    for i in range(count):
        parent = draw(st.one_of(st.none(), st.just("lost"), st.integers(0, i - 1))) if i else None
        spans.append((f"s{i}", f"s{parent}" if isinstance(parent, int) else parent, i, i + 5))
    return spans


def above(tree: SpanTree, row: int) -> set[int]:
    return set(chain_above(tree, row))


@given(forests(), st.data())
def test_a_row_is_visible_unless_something_above_it_is_collapsed(
    grow: Grow, spans: list[tuple[object, ...]], data: st.DataObject
) -> None:
    tree = grow(spans)
    shut = np.array(data.draw(st.lists(st.booleans(), min_size=len(tree), max_size=len(tree))))
    expected = [i for i in range(len(tree)) if not any(shut[j] for j in above(tree, i))]
    assert visible_rows(tree, shut).tolist() == expected
    lost = orphaned_mask(tree)
    grouped = visible_rows(tree, shut, orphaned=lost).tolist()
    assert [row for row in grouped if row != HEADING] == sorted(expected, key=lambda row: (lost[row], row))
    assert grouped.count(HEADING) == int(any(lost[row] for row in expected))


@given(forests(), st.data())
def test_kept_rows_bring_their_ancestors(grow: Grow, spans: list[tuple[object, ...]], data: st.DataObject) -> None:
    tree = grow(spans)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(tree), max_size=len(tree))))
    expected = set(np.flatnonzero(mask).tolist())
    for row in list(expected):
        expected |= above(tree, row)
    assert set(np.flatnonzero(with_ancestors(tree, mask)).tolist()) == expected
    below = count_below(tree, mask)
    for row in range(len(tree)):
        assert below[row] == sum(bool(mask[j]) for j in range(len(tree)) if row in above(tree, j))


def test_spans_with_a_lost_parent_come_last_under_a_heading(grow: Grow) -> None:
    tree = grow([("a", "lost", 0, 9), ("b", None, 1, 9), ("c", "a", 2, 3)])
    rows = visible_rows(tree, np.zeros(3, bool), orphaned=orphaned_mask(tree)).tolist()
    assert [None if row == HEADING else tree.span_ids[row] for row in rows] == ["b", None, "a", "c"]


def test_next_goes_round_both_ways() -> None:
    order = np.array([2, 5, 9])
    assert [next_in(order, row, 1) for row in (-1, 2, 4, 9)] == [2, 5, 5, 2]
    assert [next_in(order, row, -1) for row in (-1, 2, 4, 9)] == [9, 9, 2, 5]
    assert next_in(np.array([], np.int64), 3, 1) == -1
