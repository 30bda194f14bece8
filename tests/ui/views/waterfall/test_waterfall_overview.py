"""The overview's raster."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tailrace.ui.views.waterfall.overview import raster

SPANS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 60), st.integers(0, 3)), min_size=1, max_size=25)


@given(SPANS, st.integers(1, 10), st.integers(1, 40))
def test_a_cell_has_the_colour_that_covers_it_most(spans: list[tuple[int, int, int]], lanes: int, width: int) -> None:
    begin = np.array([start for start, _, _ in spans], np.int64)
    end = np.array([min(start + length, 100) for start, length, _ in spans], np.int64)
    colour = np.array([shade for _, _, shade in spans], np.int8)
    most, share = raster(begin, end, colour, 100, lanes, width)
    assert most.shape == share.shape == (lanes, width)
    for lane in range(lanes):
        members = [i for i in range(len(spans)) if i * lanes // len(spans) == lane]
        for x in range(width):
            covering = [
                int(colour[i])
                for i in members
                if int(begin[i] * (width - 1) / 100) <= x <= int(end[i] * (width - 1) / 100)
            ]
            if not covering:
                assert most[lane, x] == -1
                assert share[lane, x] == 0
            else:
                assert covering.count(int(most[lane, x])) == max(covering.count(shade) for shade in covering)
                assert share[lane, x] == len(covering) / len(members)


def test_with_only_the_others_cover_nothing() -> None:
    begin, end = np.array([0, 0], np.int64), np.array([100, 100], np.int64)
    colour = np.array([1, 2], np.int8)
    most, share = raster(begin, end, colour, 100, 2, 5, np.array([False, True]))
    assert most.tolist() == [[-1] * 5, [2] * 5]
    assert share.tolist() == [[0.0] * 5, [1.0] * 5]


def test_a_moment_is_one_cell() -> None:
    at = np.array([50], np.int64)
    most, _ = raster(at, at, np.array([2], np.int8), 100, 1, 101)
    assert np.flatnonzero(most[0] >= 0).tolist() == [50]
