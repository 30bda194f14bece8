"""Shares and what chance leaves open, against SciPy and statsmodels."""

from __future__ import annotations

import random
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.metrics.proportions import Z95, beyond_chance, fisher, holm, wilson

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scipy.stats import fisher_exact, norm
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.proportion import proportion_confint


@given(st.integers(1, 5000), st.floats(0, 1))
def test_wilson_is_what_statsmodels_says(base: int, part: float) -> None:
    count = round(base * part)
    low, high = proportion_confint(count, base, method="wilson")
    assert wilson(count, base) == pytest.approx((low, high), abs=1e-9)


def test_an_interval_may_be_surer_than_95_percent() -> None:
    low, high = proportion_confint(17, 64, alpha=0.001, method="wilson")
    assert wilson(17, 64, norm.ppf(0.9995)) == pytest.approx((low, high), abs=1e-9)
    assert pytest.approx(norm.ppf(0.975), abs=1e-12) == Z95


def test_the_share_of_nothing_is_unknown() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize("seed", range(60))
def test_fisher_is_what_scipy_says(seed: int) -> None:
    chance = random.Random(seed)
    most = chance.choice((3, 20, 300))
    a, b, c, d = (chance.randint(0, most) for _ in range(4))
    assert fisher(a, b, c, d) == pytest.approx(fisher_exact([[a, b], [c, d]]).pvalue, abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_fisher_of_many_is_what_scipy_says(seed: int) -> None:
    chance = random.Random(seed)
    first, second, share = chance.randint(1, 40_000), chance.randint(1, 40_000), chance.random()
    a = round(first * share)
    c = min(max(round(second * share + chance.gauss(0, 3) * (second * share * (1 - share)) ** 0.5), 0), second)
    table = [[a, first - a], [c, second - c]]
    assert fisher(a, first - a, c, second - c) == pytest.approx(fisher_exact(table).pvalue, abs=1e-9)


def test_fisher_of_millions_is_what_the_normal_distribution_says() -> None:
    first, second = (4_000_000, 6_000_000), (4_010_000, 5_990_000)
    pooled = (first[0] + second[0]) / 20_000_000
    z = (second[0] - first[0]) / 10_000_000 / (pooled * (1 - pooled) * 2 / 10_000_000) ** 0.5
    assert fisher(*first, *second) == pytest.approx(2 * norm.sf(z), rel=1e-2)


def test_fisher_1935_the_lady_who_tastes_tea() -> None:
    assert fisher(3, 1, 1, 3) == pytest.approx(34 / 70, abs=1e-12)
    assert fisher(4, 0, 0, 4) == pytest.approx(2 / 70, abs=1e-12)


@pytest.mark.parametrize("table", [(0, 0, 0, 0), (0, 5, 0, 9), (5, 0, 9, 0), (0, 0, 3, 4), (3, 4, 0, 0)])
def test_fisher_has_nothing_to_tell_where_a_sum_is_0(table: tuple[int, int, int, int]) -> None:
    assert fisher(*table) == 1


def test_fisher_keeps_the_digits_of_what_is_far_from_chance() -> None:
    table = [[180, 20], [30, 170]]
    assert fisher(180, 20, 30, 170) == pytest.approx(fisher_exact(table).pvalue, rel=1e-9)
    assert fisher(90_000, 10, 10, 90_000) == 0


@given(st.lists(st.floats(0, 1) | st.floats(0, 0.02), min_size=1, max_size=40))
def test_what_to_believe_of_many_is_what_statsmodels_says(p_values: list[float]) -> None:
    assert beyond_chance(p_values) == multipletests(p_values, 0.05, method="fdr_bh")[0].tolist()


@given(st.lists(st.floats(0, 1) | st.floats(0, 0.02), min_size=1, max_size=40))
def test_adjusted_p_values_are_what_statsmodels_says(p_values: list[float]) -> None:
    expected = multipletests(p_values, 0.05, method="holm")[1].tolist()
    assert holm(p_values) == pytest.approx(expected, abs=1e-12)


def test_of_no_comparison_nothing_is_adjusted() -> None:
    assert holm([]) == []
