"""The bands of health: at their edges, where words and colours change."""

from __future__ import annotations

import math

import pytest

from tailrace.metrics.catalogue import CATALOGUE
from tailrace.metrics.health import BANDS, WORDS, Health, health_of
from tailrace.model.measures import Better, Unit


@pytest.mark.parametrize(
    ("rate", "health"),
    [
        (1.0, Health.GREEN),
        (0.9501, Health.GREEN),
        (0.95, Health.YELLOW),
        (0.90, Health.YELLOW),
        (0.8999, Health.RED),
        (0.0, Health.RED),
        (math.nan, None),
    ],
)
def test_success_is_green_above_95_percent_and_red_below_90(rate: float, health: Health | None) -> None:
    assert health_of("reliability.success", rate) is health


def test_what_has_no_bands_has_no_health() -> None:
    assert health_of("latency.p95", 1.0) is None


def test_bands_are_of_rates_of_which_more_is_better() -> None:
    assert all(CATALOGUE[key].unit is Unit.SHARE and CATALOGUE[key].better is Better.MORE for key in BANDS)
    assert set(WORDS) == set(Health)
