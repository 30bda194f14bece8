"""Time on screen: squeezing, zooming, ticks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tailrace.ui.views.waterfall.axis import Axis, Window, clamp, fit, label_tick, pan, squeeze, ticks, zoom

SECOND = 1_000_000_000
TIMES = st.integers(1, 10**15)


def idle(*gaps: tuple[int, int]) -> np.ndarray:
    return np.array(gaps, np.int64).reshape(-1, 2)


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    edges = sorted(draw(st.sets(st.integers(0, 10**12), min_size=2, max_size=12)))
    gaps = list(zip(edges[::2], edges[1::2], strict=False))
    return squeeze(max(edges[-1], 1), idle(*gaps))


def test_a_long_gap_is_squeezed_and_short_ones_are_not() -> None:
    axis = squeeze(1000 * SECOND, idle((10 * SECOND, 900 * SECOND), (950 * SECOND, 951 * SECOND)))
    assert [(gap.begin, gap.end) for gap in axis.gaps] == [(10 * SECOND, 900 * SECOND)]
    assert axis.shown < 130 * SECOND
    assert axis.to_shown(10 * SECOND) == 10 * SECOND
    assert axis.to_shown(1000 * SECOND) - axis.to_shown(900 * SECOND) == 100 * SECOND


def test_without_gaps_shown_time_is_real_time() -> None:
    axis = Axis(77)
    assert (axis.shown, axis.to_shown(5), axis.to_real(5)) == (77, 5, 5)


def test_a_trace_that_is_all_idle_still_has_an_axis() -> None:
    axis = squeeze(10**12, idle((0, 10**12)))
    assert 0 < axis.shown <= 10**12


@given(axes(), st.data())
def test_shown_time_goes_forward_and_comes_back_outside_gaps(axis: Axis, data: st.DataObject) -> None:
    low, high = sorted((data.draw(st.integers(0, axis.extent)), data.draw(st.integers(0, axis.extent))))
    assert axis.to_shown(low) <= axis.to_shown(high)
    if not any(gap.begin < low < gap.end for gap in axis.gaps):
        assert axis.to_real(axis.to_shown(low)) in {low, *(g.end for g in axis.gaps), *(g.begin for g in axis.gaps)}
        assert axis.to_shown(axis.to_real(axis.to_shown(low))) == axis.to_shown(low)


@given(axes(), st.lists(st.integers(0, 10**12), max_size=30))
def test_mapping_an_array_is_mapping_each_time(axis: Axis, times: list[int]) -> None:
    times = [min(t, axis.extent) for t in times]
    mapped = axis.map(np.array(times, np.int64)).tolist()
    for real, shown in zip(times, mapped, strict=True):
        assert abs(shown - axis.to_shown(real)) <= 1 + axis.to_shown(real) // 10**12


@given(TIMES, st.data())
def test_zooming_in_and_out_again_ends_exactly_where_it_began(limit: int, data: st.DataObject) -> None:
    whole = data.draw(st.integers(1, 3000))
    part = data.draw(st.integers(0, whole))
    steps = data.draw(st.lists(st.integers(1, 6), max_size=12))
    window = Window(0, limit)
    trail = [window]
    for step in steps:
        window = zoom(window, limit, 1, step, part, whole)
        trail.append(window)
    for step, before, after in zip(reversed(steps), reversed(trail[:-1]), reversed(trail[1:]), strict=True):
        if after.span > 64:  # below, levels fall together
            assert zoom(after, limit, 1, -step, part, whole) == before


@given(TIMES, st.integers(1, 5000), st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 100)), max_size=20))
def test_no_zoom_or_pan_leaves_the_trace_or_passes_the_floor(
    limit: int, floor: int, moves: list[tuple[int, int]]
) -> None:
    window = Window(0, limit)
    for steps, part in moves:
        window = zoom(window, limit, floor, steps, part, 100) if part % 2 else pan(window, limit, steps, 8)
        assert 0 <= window.low < window.high <= limit
        assert window.span >= min(floor, limit)


def test_zooming_keeps_the_time_under_the_pointer() -> None:
    limit = 100 * SECOND
    window = Window(0, limit)
    for _ in range(20):
        before = window.low + window.span * 300 // 1000
        window = zoom(window, limit, 1000, 3, 300, 1000)
        after = window.low + window.span * 300 // 1000
        assert abs(after - before) <= 1


def test_a_zoom_step_after_a_fit_always_moves() -> None:
    window = fit(123_456, 9_876_543, 10**9, 100)
    closer = zoom(window, 10**9, 100, 1, 1, 2)
    assert closer.span < window.span
    assert zoom(window, 10**9, 100, -1, 1, 2).span > window.span


def test_a_zoom_step_from_between_two_levels_goes_to_the_next_one() -> None:
    just_below_half = Window(0, 499_999_999)
    assert abs(zoom(just_below_half, 10**9, 100, 1, 0, 1).span - 10**9 * 2 ** (-9 / 8)) <= 1


def test_a_fit_leaves_air_on_both_sides() -> None:
    window = fit(4000, 5000, 10_000, 10)
    assert window == Window(3950, 5050)


def test_a_fit_of_a_moment_is_as_fine_as_the_floor() -> None:
    assert fit(500, 500, 10_000, 100) == Window(450, 550)


def test_clamping_keeps_the_length() -> None:
    assert clamp(-5, 10, 100) == Window(0, 10)
    assert clamp(99, 10, 100) == Window(90, 100)


def width_of(text: str) -> int:
    return 7 * len(text)


@given(axes(), st.integers(50, 3000), st.data())
def test_ticks_are_round_ascending_and_apart(axis: Axis, width: int, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, axis.shown - 1))
    window = Window(low, data.draw(st.integers(low + 1, axis.shown)))
    made = ticks(axis, window, width, width_of)
    assert len(made) <= width // 24 + 2 * len(axis.gaps) + 2
    assert [tick.real for tick in made] == sorted({tick.real for tick in made})
    for tick in made:
        assert window.low <= tick.shown <= window.high
        assert not any(gap.begin < tick.real < gap.end for gap in axis.gaps)


def test_ticks_of_eight_seconds_are_seconds() -> None:
    made = ticks(Axis(8 * SECOND), Window(0, 8 * SECOND), 600, width_of)
    assert [tick.label for tick in made] == [f"{i} s" for i in range(9)]


def test_labels_are_as_precise_as_their_step() -> None:
    assert label_tick(1_500_000_000, 500_000_000, 8 * SECOND) == "1.5 s"
    assert label_tick(1_500_000, 500_000, 4_000_000) == "1.5 ms"
    assert label_tick(4_123_456_789, 1, 5 * SECOND) == "4.123456789 s"
    assert label_tick(150 * SECOND, 30 * SECOND, 300 * SECOND) == "2:30"
    assert label_tick(3750 * SECOND, 30 * SECOND, 4000 * SECOND) == "1:02:30"
    assert label_tick(2 * 86400 * SECOND, 86400 * SECOND, 5 * 86400 * SECOND) == "2 d 0 h"


def test_an_endless_trace_still_has_few_ticks() -> None:
    extent = 9 * 10**18
    assert len(ticks(Axis(extent), Window(0, extent), 800, width_of)) < 40


@given(st.integers(10**6, 10**15), st.integers(-3, 3), st.integers(1, 9))
def test_panning_there_and_back_ends_exactly_where_it_began(limit: int, part: int, whole: int) -> None:
    window = Window(limit * 4 // 10, limit * 4 // 10 + limit // 1000)
    assert pan(pan(window, limit, part, whole), limit, -part, whole) == window
