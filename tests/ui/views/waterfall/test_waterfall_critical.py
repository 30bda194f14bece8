"""Critical path, self time, gaps: the arrays' answers against the plain ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.model import SpanTree
from tailrace.ui.views.waterfall import critical
from tailrace.ui.views.waterfall.critical import analyse

Grow = Callable[[Sequence[Sequence[object]]], SpanTree]


@st.composite
def specs(draw: st.DrawFn) -> list[tuple[object, ...]]:
    count = draw(st.integers(1, 14))
    spans: list[tuple[object, ...]] = []
    for i in range(count):
        # few parents, so that siblings overlap often
        parent = draw(st.sampled_from([0, 0, 0, 1, i - 1, None])) if i else None
        parent = None if parent is None else min(parent, i - 1)
        start = draw(st.integers(0, 40))
        end = None if draw(st.integers(0, 7)) == 0 else start + draw(st.integers(-3, 30))
        kind = draw(st.sampled_from(["agent", "chain", "llm", "tool", "unknown", "retriever"]))
        spans.append((f"s{i}", None if parent is None else f"s{parent}", start, end, kind))
    return spans


def ends_of(tree: SpanTree) -> list[int]:
    ends = [int(s) + max(int(d), 0) for s, d in zip(tree.start, tree.duration, strict=True)]
    for i in reversed(range(len(tree))):
        if int(tree.duration[i]) < 0:
            below = range(i + 1, int(tree.subtree_end[i]))
            children = [j for j in below if int(tree.parent[j]) == i]
            ends[i] = max([ends[i], *(ends[j] for j in children)])
    return ends


def plain_path(tree: SpanTree) -> set[int]:
    """Back from the last end, always to the child that ended last before; on intervals cut to their ancestors."""
    ends = ends_of(tree)
    low, high = tree.start.tolist(), list(ends)
    for i, p in enumerate(tree.parent.tolist()):
        if p >= 0:
            low[i] = min(max(low[i], low[p]), high[p])
            high[i] = max(min(high[i], high[p]), low[i])
    path: set[int] = set()
    pending = [(-1, max(high))]
    while pending:
        above, until = pending.pop()
        children = [i for i, p in enumerate(tree.parent.tolist()) if p == above and high[i] > low[i]]
        while fitting := [i for i in children if high[i] <= until]:
            last = max(fitting, key=lambda i: (high[i], i))
            path.add(last)
            pending.append((last, high[last]))
            until = low[last]
    return path


@given(specs())
def test_the_path_is_that_of_the_plain_walk(grow: Grow, spans: list[tuple[object, ...]]) -> None:
    tree = grow(spans)
    assert set(np.flatnonzero(analyse(tree).critical).tolist()) == plain_path(tree)


@given(specs())
def test_self_time_is_what_no_child_covers(grow: Grow, spans: list[tuple[object, ...]]) -> None:
    tree = grow(spans)
    ends = ends_of(tree)
    found = analyse(tree).self_ns.tolist()
    for i, own in enumerate(found):
        if int(tree.duration[i]) < 0:
            assert own == -1
            continue
        moments = set(range(int(tree.start[i]), ends[i]))
        for j, p in enumerate(tree.parent.tolist()):
            if p == i:
                moments -= set(range(int(tree.start[j]), ends[j]))
        assert own == len(moments)


@given(specs())
def test_gaps_are_the_moments_in_which_nothing_works(grow: Grow, spans: list[tuple[object, ...]]) -> None:
    tree = grow(spans)
    analysis = analyse(tree)
    idle = set(range(tree.extent))
    for i in range(len(tree)):
        leaf = int(tree.subtree_end[i]) == i + 1
        arranges = critical.KINDS[int(tree.kind[i])] in critical._ARRANGING
        if leaf or not arranges:
            end = tree.extent if int(tree.duration[i]) < 0 else int(tree.start[i] + tree.duration[i])
            idle -= set(range(int(tree.start[i]), end))
    found = analysis.gaps.tolist()
    assert {t for low, high in found for t in range(low, high)} == idle
    assert all(low < high for low, high in found)


@given(specs())
def test_the_path_is_never_longer_than_the_trace(grow: Grow, spans: list[tuple[object, ...]]) -> None:
    tree = grow(spans)
    analysis = analyse(tree)
    assert 0 <= analysis.critical_ns <= tree.extent
    assert all(0 <= ns <= tree.extent for ns in analysis.by_group.values())


@given(specs())
def test_deep_and_shallow_trees_are_cut_alike(grow: Grow, spans: list[tuple[object, ...]]) -> None:
    tree = grow(spans)
    begin, end = tree.start, critical._closed_ends(tree)
    by_level = critical._clip_to_ancestors(tree, begin, end)
    usual, critical._LEVELS = critical._LEVELS, -1
    try:
        by_span = critical._clip_to_ancestors(tree, begin, end)
    finally:
        critical._LEVELS = usual
    assert [a.tolist() for a in by_level] == [b.tolist() for b in by_span]


def test_an_agent_run_says_where_its_time_went(agent: SpanTree) -> None:
    analysis = analyse(agent)
    ms = 1_000_000
    assert analysis.critical.all()
    assert analysis.critical_ns == 980 * ms  # all but what only the plan arranges
    assert analysis.by_group == {"LLM": 680 * ms, "tools": 300 * ms}
    assert analysis.self_ns[agent.row_of("plan")] == 20 * ms
    assert analysis.gaps.tolist() == [[0, 10 * ms], [190 * ms, 200 * ms]]


def test_calls_in_parallel_count_once(grow: Grow) -> None:
    tree = grow([("r", None, 0, 100, "agent"), ("a", "r", 0, 60, "llm"), ("b", "r", 10, 100, "llm")])
    analysis = analyse(tree)
    assert analysis.by_group == {"LLM": 100}
    assert analysis.critical.tolist() == [True, False, True]
    assert analysis.self_ns.tolist() == [0, 60, 90]


def test_a_span_without_an_end_has_no_self_time_and_no_gap_after_it(grow: Grow) -> None:
    analysis = analyse(grow([("r", None, 0, 100, "agent"), ("a", "r", 50, None, "llm")]))
    assert analysis.self_ns.tolist() == [100, -1]
    assert analysis.gaps.tolist() == [[0, 50]]


@pytest.mark.parametrize("extent", [1, 2**60])
def test_extreme_times_do_not_overflow(grow: Grow, extent: int) -> None:
    analysis = analyse(grow([("r", None, 0, extent, "agent"), ("a", "r", 0, extent, "llm"), ("b", "a", 0, extent)]))
    assert analysis.critical.all()
    assert analysis.critical_ns == analysis.tree.extent


def test_a_chain_of_a_hundred_thousand_is_no_recursion(grow: Grow) -> None:
    n = 100_000
    analysis = analyse(grow([(str(i), None if i == 0 else str(i - 1), i, 2 * n - i, "tool") for i in range(n)]))
    assert analysis.critical.all()
