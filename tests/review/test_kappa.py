"""Agreement beyond chance, against worked examples from the literature and against independent libraries."""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.review.kappa import Reckoned, cohen, fleiss, interval_alpha, nominal_alpha, weighted_cohen

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import krippendorff
    from statsmodels.stats import inter_rater

# J. L. Fleiss 1971: six psychiatrists, thirty patients, five diagnoses
_DIAGNOSES = (
    "444444222555233335555555222444113333333355113334114444555555144444124444222333144444224445"
    "333335111455111112224444133555555555244444224555114444144445222224111155224444133333555555"
)
PATIENTS = [_DIAGNOSES[at : at + 6] for at in range(0, 180, 6)]

# K. Krippendorff 2011, part C: four observers, twelve units, some not seen
OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
UNITS = ["".join(column).replace(".", "") for column in zip(*OBSERVERS, strict=True)]


def pairs_of(table: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    cells = [(row, column) for row, line in enumerate(table) for column, n in enumerate(line) for _ in range(n)]
    return [row for row, _ in cells], [column for _, column in cells]


def value(reckoned: Reckoned) -> float:
    assert reckoned.value is not None, reckoned.reason
    return reckoned.value


def test_cohen_1960_two_psychologists() -> None:
    found = cohen(*pairs_of([[88, 14, 18], [10, 40, 10], [2, 6, 12]]))
    assert value(found) == pytest.approx(0.29 / 0.59, abs=1e-12)
    assert round(value(found), 2) == 0.49
    assert found.items == 200


def test_two_by_two_textbook_example() -> None:
    assert value(cohen(*pairs_of([[20, 5], [10, 15]]))) == pytest.approx(0.4, abs=1e-12)


def test_cohen_with_the_error_and_the_interval_that_sas_prints() -> None:
    found = cohen(*pairs_of([[0, 4, 1], [0, 8, 0], [0, 1, 5]]))
    assert found.interval is not None
    assert found.error is not None
    printed = (value(found), found.error, *found.interval)
    assert [round(figure, 4) for figure in printed] == [0.4842, 0.1380, 0.2137, 0.7547]


def test_fleiss_1971_psychiatric_diagnoses() -> None:
    assert round(value(fleiss(PATIENTS)), 3) == 0.430
    assert fleiss(PATIENTS).items == 30


def test_krippendorff_2011_with_missing_ratings() -> None:
    assert round(value(nominal_alpha(UNITS)), 3) == 0.743
    assert nominal_alpha(UNITS).items == 11, "the unit that one observer saw has no pair"
    assert round(value(interval_alpha([list(map(float, unit)) for unit in UNITS])), 3) == 0.849


def drawn(seed: int) -> tuple[random.Random, int, list[int], list[int]]:
    chance = random.Random(seed)
    kinds = chance.randint(2, 6)
    first = [chance.randrange(kinds) for _ in range(chance.randint(5, 120))]
    return chance, kinds, first, [one if chance.random() < 0.6 else chance.randrange(kinds) for one in first]


@pytest.mark.parametrize("seed", range(40))
def test_cohen_is_what_statsmodels_says(seed: int) -> None:
    chance, kinds, first, second = drawn(seed)
    table = np.zeros((kinds, kinds))
    np.add.at(table, (first, second), 1)
    marks = np.sort([chance.uniform(-5, 5) for _ in range(kinds)])
    for theirs, ours in (
        (inter_rater.cohens_kappa(table), cohen(first, second)),
        (inter_rater.cohens_kappa(table, wt="quadratic"), weighted_cohen(first, second)),
        (
            inter_rater.cohens_kappa(table, weights=marks, wt="quadratic"),
            weighted_cohen([float(marks[one]) for one in first], [float(marks[one]) for one in second]),
        ),
    ):
        assert ours.value == pytest.approx(theirs.kappa, abs=1e-9)
        assert ours.error == pytest.approx(theirs.std_kappa, abs=1e-9)
        assert ours.interval == pytest.approx((theirs.kappa_low, min(theirs.kappa_upp, 1.0)), abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_fleiss_is_what_statsmodels_says(seed: int) -> None:
    chance = random.Random(seed)
    kinds, raters = chance.randint(2, 6), chance.randint(2, 7)
    items = [[chance.randrange(kinds) for _ in range(raters)] for _ in range(chance.randint(3, 60))]
    table, _ = inter_rater.aggregate_raters(np.array(items), n_cat=kinds)
    assert value(fleiss(items)) == pytest.approx(inter_rater.fleiss_kappa(table), abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_alpha_is_what_the_krippendorff_library_says(seed: int) -> None:
    chance = random.Random(seed)
    raters, count = chance.randint(2, 6), chance.randint(4, 60)
    grades = [round(chance.uniform(-3, 3), 1) for _ in range(chance.randint(2, 8))]
    truth = [chance.choice(grades) for _ in range(count)]
    table = [
        [
            math.nan if chance.random() < 0.3 else one if chance.random() < 0.6 else chance.choice(grades)
            for one in truth
        ]
        for _ in range(raters)
    ]
    items = [[row[at] for row in table if not math.isnan(row[at])] for at in range(count)]
    levels: tuple[tuple[str, Any], ...] = (("nominal", nominal_alpha), ("interval", interval_alpha))
    for level, ours in levels:
        theirs = krippendorff.alpha(reliability_data=table, level_of_measurement=level)
        assert value(ours(items)) == pytest.approx(theirs, abs=1e-9)


CATEGORIES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30)


@given(CATEGORIES)
def test_kappa_does_not_care_who_is_first_and_never_leaves_its_range(pairs: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    for reckon in (cohen, weighted_cohen):
        one, other = reckon(first, second), reckon(second, first)
        assert (one.value is None) == bool(one.reason)
        if one.value is None:
            assert other.value is None
        else:
            assert other.value == pytest.approx(one.value, abs=1e-12)
            assert -1 - 1e-12 <= one.value <= 1
            assert one.value == pytest.approx(1) or first != second
        if one.interval is not None:
            assert -1 <= one.interval[0] <= one.interval[1] <= 1


@given(st.lists(st.lists(st.floats(-1e300, 1e300), max_size=4), max_size=12))
def test_any_numbers_give_a_finite_alpha_or_a_reason(items: list[list[float]]) -> None:
    for found in (interval_alpha(items), nominal_alpha(items)):
        assert (found.value is None) == bool(found.reason)
        assert found.value is None or (math.isfinite(found.value) and found.value <= 1 + 1e-12)


def test_what_is_undefined_is_not_zero_but_a_reason() -> None:
    for found in (
        cohen("", ""),
        cohen("yy", "yy"),
        weighted_cohen([], []),
        weighted_cohen([0.5] * 3, [0.5] * 3),
        weighted_cohen([1e308], [-1e308]),
        fleiss([]),
        fleiss(["yyy", "yyy"]),
        nominal_alpha(["y", "n"]),
        nominal_alpha(["yy", "yy"]),
        interval_alpha([[1.0]]),
        interval_alpha([[1.0, 1.0]]),
    ):
        assert found.value is None
        assert found.interval is None
        assert len(found.reason.split()) > 2


def test_full_agreement_has_no_interval_since_its_error_is_zero() -> None:
    found = cohen("yn", "yn")
    assert found.value == 1
    assert found.interval is None


def test_fleiss_refuses_items_with_unequal_numbers_of_ratings() -> None:
    with pytest.raises(ValueError, match="same number"):
        fleiss(["yy", "yyn"])
    with pytest.raises(ValueError, match="same number"):
        fleiss(["y"])
