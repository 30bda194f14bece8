"""A figure is written the same everywhere, and never says more than it knows."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.model.figures import format_chance, format_figure, format_number
from tailrace.model.measures import Unit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (214_806, Unit.COUNT, "214,806"),
        (12.5, Unit.COUNT, "12.5"),
        (0, Unit.COUNT, "0"),
        (0.974, Unit.SHARE, "97.4%"),
        (1, Unit.SHARE, "100%"),
        (0.99999, Unit.SHARE, ">99.9%"),
        (0.0004, Unit.SHARE, "<0.1%"),
        (0, Unit.SHARE, "0%"),
        (2.84e9, Unit.DURATION, "2.84 s"),
        (12_512, Unit.TOKENS, "12.5k"),
        (1204.2, Unit.MONEY, "$1,204"),
        (41.23, Unit.SPEED, "41.2 tok/s"),
        (3.456, Unit.RATE, "3.46/min"),
        (0.0123, Unit.NUMBER, "0.0123"),
        (-4.5, Unit.NUMBER, "-4.5"),
        (1e-12, Unit.NUMBER, "1.00e-12"),
    ],
)
def test_a_figure_is_written_in_its_unit(value: float, unit: Unit, text: str) -> None:
    assert format_figure(value, unit) == text


@pytest.mark.parametrize("unit", Unit)
def test_unknown_is_not_zero(unit: Unit) -> None:
    assert format_figure(math.nan, unit) == format_figure(None, unit) == "–"
    assert format_figure(math.inf, unit) == "∞"


def test_an_estimate_says_so() -> None:
    assert format_figure(3.2, Unit.MONEY, estimated=True) == "~$3.20"


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(Unit))
def test_every_number_can_be_written(value: float, unit: Unit) -> None:
    assert format_figure(value, unit)


def test_a_chance_says_no_more_digits_than_it_has() -> None:
    assert [format_chance(p) for p in (0.0, 0.00099, 0.001, 0.0049, 0.0123, 0.5, 1.0)] == [
        *("<0.001", "<0.001", "=0.001", "=0.005", "=0.01", "=0.50", "=1.00"),
    ]


@given(st.floats(0.001, 1e12))
def test_a_number_reads_back_within_half_a_percent(value: float) -> None:
    assert float(format_number(value).replace(",", "")) == pytest.approx(value, rel=0.0051)
