"""Ticks of value axes, exact figures, stacks."""

from __future__ import annotations

import numpy as np
import pytest

from tailrace.model.measures import Unit
from tailrace.ui.views.charts.exact import exact_figure
from tailrace.ui.views.charts.stacking import stack_up
from tailrace.ui.views.charts.ticks import linear_scale, log_ticks

NAN = float("nan")


@pytest.mark.parametrize(
    ("low", "high", "unit", "labels"),
    [
        (0, 2.84e9, Unit.DURATION, ("0", "1 s", "2 s", "3 s")),
        (0, 95e9, Unit.DURATION, ("0", "0.5 min", "1.0 min", "1.5 min", "2.0 min")),
        (0, 7.3e12, Unit.DURATION, ("0", "1 h", "2 h", "3 h")),
        (0, 0.3, Unit.SHARE, ("0%", "10%", "20%", "30%")),
        (0, 214_806, Unit.COUNT, ("0", "100k", "200k", "300k")),
        (0, 3, Unit.COUNT, ("0", "1", "2", "3")),
        (0, 0.0061, Unit.MONEY, ("0", "$0.002", "$0.004", "$0.006", "$0.008")),
        (-0.4, 0.8, Unit.NUMBER, ("-0.5", "0", "0.5", "1.0")),
        (0, 0, Unit.SHARE, ("0%", "50%", "100%")),
    ],
)
def test_ticks_are_round_in_their_unit(low: float, high: float, unit: Unit, labels: tuple[str, ...]) -> None:
    scale = linear_scale(low, high, unit, 4)
    assert scale.labels == labels
    assert scale.low <= low
    assert scale.high >= high


def test_a_line_far_from_0_gets_a_scale_of_its_own_and_a_bar_does_not() -> None:
    assert linear_scale(0.93, 0.98, Unit.SHARE, 4, from_zero=False).labels == ("92%", "94%", "96%", "98%")
    assert linear_scale(0.93, 0.98, Unit.SHARE, 4, from_zero=True).low == 0
    assert linear_scale(0.97, 0.999, Unit.SHARE, 4, from_zero=False).high == 1.0  # no share is more than all
    assert linear_scale(1, 5, Unit.COUNT, 4, from_zero=False).low == 0


def test_any_range_has_a_scale_of_some_height() -> None:
    rng = np.random.default_rng(5)
    for _ in range(2_000):
        low, high = np.sort(rng.normal(size=2) * 10.0 ** rng.integers(-300, 300, 2))
        for unit in Unit:
            scale = linear_scale(float(low), float(high), unit, int(rng.integers(1, 9)), bool(rng.integers(2)))
            assert scale.low < scale.high
            assert 2 <= len(scale.ticks) == len(scale.labels) <= 40
            assert np.isfinite(scale.ticks).all()


@pytest.mark.parametrize(
    ("low", "high", "unit", "labels"),
    [
        (3e6, 4e10, Unit.DURATION, ("10 ms", "100 ms", "1 s", "10 s")),
        (1e3, 1e14, Unit.DURATION, ("1 µs", "100 µs", "10 ms", "1 s", "1 min", "1 h")),
        (1, 5_000, Unit.TOKENS, ("1", "10", "100", "1k")),
        (1e-5, 0.2, Unit.MONEY, ("$0.00001", "$0.0001", "$0.001", "$0.01", "$0.1")),
        (1.1e9, 1.4e9, Unit.DURATION, ("1.10 s", "1.15 s", "1.20 s", "1.25 s", "1.30 s", "1.35 s", "1.40 s")),
    ],
)
def test_ticks_of_a_log_scale(low: float, high: float, unit: Unit, labels: tuple[str, ...]) -> None:
    ticks, shown = log_ticks(low, high, unit, 6)
    assert shown == labels
    assert all(low * (1 - 1e-9) <= tick <= high * (1 + 1e-9) for tick in ticks)


def test_any_range_has_ticks_on_a_log_scale() -> None:
    rng = np.random.default_rng(5)
    ends = [(1e308, 1e308), (1e-320, 1.7e308), (9.9e307, 1.7e308), (1.0, float("inf")), (5e-324, 5e-324)]
    ends += [tuple(10.0 ** np.sort(rng.uniform(-320, 308, 2))) for _ in range(500)]
    for low, high in ends:
        for unit in Unit:
            ticks, labels = log_ticks(float(low), float(high), unit, int(rng.integers(2, 9)))
            assert len(ticks) == len(labels) <= 40
            assert np.isfinite(ticks).all()
            assert all(low * (1 - 1e-9) <= tick <= high * (1 + 1e-9) for tick in ticks if tick)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1_234_567, Unit.TOKENS, "1,234,567"),
        (1_234.5, Unit.TOKENS, "1,234.5"),
        (2_843_172_345, Unit.DURATION, "2.84317 s"),
        (999, Unit.DURATION, "999 ns"),
        (125e9, Unit.DURATION, "2 min 5 s"),
        (0.974_312, Unit.SHARE, "97.4312%"),
        (1_204.374, Unit.MONEY, "$1,204.37"),
        (-0.001_234_5, Unit.MONEY, "-$0.0012345"),
        (0, Unit.COUNT, "0"),
        (NAN, Unit.COUNT, "–"),
        (41.25, Unit.SPEED, "41.25 tok/s"),
    ],
)
def test_exact_figures_keep_what_short_ones_leave_out(value: float, unit: Unit, said: str) -> None:
    assert exact_figure(value, unit) == said


def test_layers_stand_on_each_other_and_unknown_ones_have_no_height() -> None:
    stack = stack_up([np.array([1, NAN, NAN, -2.0]), np.array([2, 3, NAN, 5.0])], 4)
    np.testing.assert_array_equal(stack.tops, [[1, 0, NAN, -2], [3, 3, NAN, 5]])
    np.testing.assert_array_equal(stack.bottoms, [[0, 0, NAN, 0], [1, 0, NAN, 0]])
    assert stack.known.tolist() == [True, True, False, True]
    assert (stack.low, stack.high) == (-2, 5)
    empty = stack_up([], 3)
    assert (empty.low, empty.high) == (0, 0)
