"""Means compared, against SciPy."""

from __future__ import annotations

import math
import random
import warnings

import numpy as np
import pytest

from tailrace.metrics.means import incomplete_beta, student, welch
from tailrace.model.charted import Sample

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scipy.special import betainc
    from scipy.stats import t as students_t
    from scipy.stats import ttest_1samp, ttest_ind, ttest_ind_from_stats


def sample_of(values: list[float]) -> Sample:
    return Sample(len(values), float(np.mean(values)), float(np.std(values, ddof=1)))


@pytest.mark.parametrize("seed", range(200))
def test_the_incomplete_beta_function_is_what_scipy_says(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(20):
        a, b = 10 ** chance.uniform(-2, 5), 10 ** chance.uniform(-2, 5)
        deviation = math.sqrt(a * b / (a + b + 1)) / (a + b)
        x = min(max(a / (a + b) + chance.gauss(0, 2) * deviation, 1e-12), 1 - 1e-12)
        assert incomplete_beta(a, b, x, 1 - x) == pytest.approx(betainc(a, b, x), abs=1e-9)


def test_the_incomplete_beta_function_ends_at_0_and_1() -> None:
    assert incomplete_beta(2.5, 0.5, 0.0, 1.0) == 0
    assert incomplete_beta(2.5, 0.5, 1.0, 0.0) == 1


@pytest.mark.parametrize("seed", range(200))
def test_students_distribution_is_what_scipy_says(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(20):
        t, freedom = 10 ** chance.uniform(-6, 2), 10 ** chance.uniform(0, 8)
        assert student(t, freedom) == pytest.approx(2 * students_t.sf(t, freedom), abs=1e-9)
        assert student(-t, freedom) == student(t, freedom)


def test_a_far_tail_of_students_distribution_keeps_its_digits() -> None:
    assert student(20.0, 60.0) == pytest.approx(2 * students_t.sf(20.0, 60.0), rel=1e-9)
    assert student(0.0, 3.0) == 1
    assert student(1e200, 3.0) == 0


@pytest.mark.parametrize("seed", range(60))
def test_welchs_test_is_what_scipy_says(seed: int) -> None:
    chance = random.Random(seed)
    first = [chance.gauss(10, 2) for _ in range(chance.randint(2, 400))]
    second = [chance.gauss(10 + chance.random(), 5) for _ in range(chance.randint(2, 400))]
    expected = ttest_ind(first, second, equal_var=False).pvalue
    assert welch(sample_of(first), sample_of(second)) == pytest.approx(expected, abs=1e-9)


def test_welchs_test_of_millions() -> None:
    first, second = Sample(4_000_000, 2.0, 3.0), Sample(1_000_000, 2.01, 5.0)
    expected = ttest_ind_from_stats(2.0, 3.0, 4_000_000, 2.01, 5.0, 1_000_000, equal_var=False).pvalue
    assert welch(first, second) == pytest.approx(expected, abs=1e-9)


def test_numbers_of_any_size_can_be_compared() -> None:
    plain = welch(Sample(20, 1.0, 0.5), Sample(30, 1.4, 0.7))
    assert plain is not None
    assert 0.01 < plain < 0.05
    for unit in (1e-300, 1e300):
        found = welch(Sample(20, unit, 0.5 * unit), Sample(30, 1.4 * unit, 0.7 * unit))
        assert found == pytest.approx(plain, rel=1e-9)


def test_one_side_may_have_no_spread() -> None:
    expected = ttest_1samp([1.0, 2.0, 3.0, 4.0], 3.0).pvalue
    assert welch(Sample(3, 3.0, 0.0), sample_of([1.0, 2.0, 3.0, 4.0])) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Sample(1, 2.0, math.nan), Sample(40, 3.0, 1.0)),
        (Sample(0, math.nan, math.nan), Sample(40, 3.0, 1.0)),
        (Sample(5, 2.0, 0.0), Sample(5, 3.0, 0.0)),
        (Sample(5, math.inf, math.nan), Sample(5, 3.0, 1.0)),
        (Sample(5, 2.0, math.inf), Sample(5, 3.0, 1.0)),
        (Sample(5, 2.0, 1.0), Sample(5, 3.0, math.nan)),
    ],
)
def test_of_too_little_nothing_is_said(first: Sample, second: Sample) -> None:
    assert welch(first, second) is None
    assert welch(second, first) is None
