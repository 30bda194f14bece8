"""Agreement out of ratings: who is compared with whom, on what, and what is said where nothing can be said."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.model.review import Rating
from tailrace.model.score import THUMB, ScoreSource
from tailrace.review.agreement import (
    Agreement,
    Statistic,
    agreement_of,
    agreements,
    band,
    conflicts,
    rated_names,
    two_places,
)
from tailrace.review.kappa import cohen, fleiss, interval_alpha, nominal_alpha, weighted_cohen


def rating(
    trace_id: str, rater: str, what: float | str, name: str = THUMB, at: int = 0, source: str = "person"
) -> Rating:
    value, label = (None, what) if isinstance(what, str) else (what, None)
    return Rating(trace_id, name, rater, ScoreSource(source), value, label, at)


def table(name: str, **given: str) -> list[Rating]:
    """One letter or digit per trace and rater; a dot is a trace that was not rated."""
    return [
        rating(f"t{at}", rater, float(what) if what.isdigit() else what, name)
        for rater, row in given.items()
        for at, what in enumerate(row)
        if what != "."
    ]


def test_two_reviewers_verdicts() -> None:
    ratings = table(THUMB, ada="1111100000..", eve="1110100001.1")
    found = agreements(ratings, THUMB)
    (pair,) = found.pairs
    expected = cohen("1111100000", "1110100001")
    assert pair.value == expected.value
    assert expected.interval is not None
    assert (pair.low, pair.high) == expected.interval
    assert pair == agreement_of(ratings, THUMB, "ada", "eve")
    assert (pair.raters, pair.items, pair.percent) == (("ada", "eve"), 10, 0.8)
    assert pair.statistic is Statistic.COHEN
    assert pair.words == "κ = 0.60 on 10 shared traces"
    assert pair.band == "moderate"
    (overall,) = found.overall
    assert overall.statistic is Statistic.NOMINAL
    assert overall.words.startswith("α = 0.6")


def test_few_shared_traces_are_too_few_to_call_agreement_anything() -> None:
    (nine,) = agreements(table(THUMB, ada="111110000", eve="111010000"), THUMB).pairs
    assert nine.value is not None
    assert (nine.items, nine.band) == (9, "too few to say")
    (ten,) = agreements(table(THUMB, ada="1111100000", eve="1110100000"), THUMB).pairs
    assert ten.band == "substantial"


def test_the_latest_rating_of_each_counts_and_what_settles_does_not() -> None:
    ratings = [
        rating("t1", "ada", 0.0, at=1),
        rating("t1", "ada", 1.0, at=2),
        rating("t1", "eve", 1.0, at=1),
        rating("t2", "ada", 0.0),
        rating("t2", "eve", 0.0),
        replace(rating("t2", "ada", 1.0, at=9), adjudicated=True),
    ]
    for order in (ratings, ratings[::-1]):
        (pair,) = agreements(order, THUMB).pairs
        assert (pair.items, pair.percent, pair.value) == (2, 1.0, 1.0)


def test_three_reviewers_have_fleiss_on_what_all_rated_and_alpha_on_all() -> None:
    ratings = table("tone", ada="ggnbbg.g", eve="ggnbgg.b", zoe="gnnb.bgb")
    found = agreements(ratings, "tone")
    alpha, kappa = found.overall
    assert alpha.value == nominal_alpha(["ggg", "ggn", "nnn", "bbb", "bg", "ggb", "gbb"]).value
    assert (alpha.items, alpha.statistic) == (7, Statistic.NOMINAL)
    assert kappa.value == fleiss(["ggg", "ggn", "nnn", "bbb", "ggb", "gbb"]).value
    assert (kappa.items, kappa.statistic) == (6, Statistic.FLEISS)
    assert [pair.raters for pair in found.pairs] == [("ada", "eve"), ("ada", "zoe"), ("eve", "zoe")]
    assert alpha.percent == pytest.approx((3 + 1 + 3 + 3 + 0 + 1 + 1) / 19)


def test_numbers_are_compared_by_their_distance() -> None:
    ratings = table("helpfulness", ada="12345", eve="12354")
    found = agreements(ratings, "helpfulness")
    (pair,) = found.pairs
    assert pair.statistic is Statistic.WEIGHTED
    assert pair.value == weighted_cohen([1, 2, 3, 4, 5], [1, 2, 3, 5, 4]).value
    (overall,) = found.overall
    assert overall.statistic is Statistic.INTERVAL
    assert overall.value == interval_alpha([[1, 1], [2, 2], [3, 3], [4, 5], [5, 4]]).value
    assert pair.percent == 0.6


def test_a_person_is_compared_with_an_automatic_score_of_the_same_name() -> None:
    judge = [replace(one, source=ScoreSource.MODEL) for one in table("safe", gpt="110100")]
    ratings = table("safe", ada="110010") + judge
    found = agreements(ratings, "safe")
    assert found.pairs == ()
    assert found.overall == ()
    (pair,) = found.automatic
    assert pair.automatic
    assert pair.raters == ("ada", "gpt")
    assert pair.value == cohen("110010", "110100").value
    assert agreement_of(ratings, "safe", "ada", "gpt") == pair
    assert rated_names(ratings) == ("safe",)
    assert rated_names(judge) == (), "no person among them"


def test_a_yes_with_a_number_agrees_with_the_bare_number() -> None:
    person = [replace(one, label="yes" if one.value else "no") for one in table("safe", ada="1100")]
    judge = [replace(one, source=ScoreSource.CODE) for one in table("safe", check="1101")]
    (pair,) = agreements(person + judge, "safe").automatic
    assert pair.percent == 0.75


def test_what_is_undefined_says_why() -> None:
    alone = agreement_of(table(THUMB, ada="11", eve="..11"), THUMB, "ada", "eve")
    assert (alone.value, alone.percent, alone.items) == (None, None, 0)
    assert alone.words == "nothing was rated by both"
    same = agreement_of(table(THUMB, ada="111", eve="111"), THUMB, "ada", "eve")
    assert (same.value, same.percent, same.band) == (None, 1.0, "")
    assert same.words == ("κ unknown on 3 shared traces: every rating is the same, so chance alone would agree as well")
    broken = [rating("t1", "ada", float("inf"), "x"), rating("t1", "eve", float("nan"), "x")]
    assert agreements(broken, "x").overall == ()
    (lonely,) = agreements(table(THUMB, ada="1..", eve=".1.", zoe="..1"), THUMB).overall[:1]
    assert lonely.reason == "nothing was rated twice"


def test_the_words_of_landis_and_koch() -> None:
    words = [band(value) for value in (-0.1, 0.0, 0.2, 0.21, 0.41, 0.71, 0.81, 1.0)]
    assert words == ["poor", "slight", "slight", "fair", "moderate", "substantial", "almost perfect", "almost perfect"]


def test_a_rounded_figure_does_not_say_more_than_it_knows() -> None:
    assert [two_places(value) for value in (0.714, -0.083, -0.001, 0.9999, 1.0)] == [
        "0.71",
        "−0.08",
        "0.00",
        "0.99",
        "1.00",
    ]


def test_one_shared_trace_is_one_trace() -> None:
    assert Agreement(THUMB, ("a", "b"), 1, 1.0, Statistic.COHEN, 0.5).words == "κ = 0.50 on 1 shared trace"


def test_conflicts_are_what_persons_say_differently() -> None:
    ratings = [
        *table(THUMB, ada="110", eve="101", zoe="1.."),
        *table("tone", ada="g", eve="b"),
        rating("t0", "gpt", 0.0, source="model"),
        replace(rating("t1", "boss", 1.0, at=5), adjudicated=True),
    ]
    found = conflicts(ratings)
    assert [(one.name, one.trace_id, one.settled) for one in found] == [
        (THUMB, "t2", False),
        ("tone", "t0", False),
        (THUMB, "t1", True),
    ]
    assert found[0].values == (("ada", "fail"), ("eve", "pass"))
    assert found[1].values == (("ada", "g"), ("eve", "b"))
    assert found[2].adjudicated is not None


def test_a_conflict_opens_again_when_somebody_speaks_after_it_was_settled() -> None:
    ratings = [
        rating("t1", "ada", 1.0, at=1),
        rating("t1", "eve", 0.0, at=6),
        replace(rating("t1", "boss", 1.0, at=5), adjudicated=True),
    ]
    (conflict,) = conflicts(ratings)
    assert not conflict.settled
    assert conflict.adjudicated is not None
    (again,) = conflicts([*ratings, replace(rating("t1", "boss", 1.0, at=7), adjudicated=True)])
    assert again.settled


RATINGS = st.lists(
    st.builds(
        rating,
        st.sampled_from(("t1", "t2", "t3", "t4")),
        st.sampled_from(("ada", "eve", "zoe")),
        st.sampled_from((0.0, 1.0, 0.5, "a", "b")),
        st.just("x"),
        st.integers(0, 3),
        st.sampled_from(("person", "person", "model", "unknown")),
    ),
    max_size=30,
)


@given(RATINGS, st.randoms(use_true_random=False))
def test_the_order_of_ratings_makes_no_difference(ratings: list[Rating], chance: random.Random) -> None:
    other = list(ratings)
    chance.shuffle(other)
    assert conflicts(other) == conflicts(ratings)
    one, two = agreements(ratings, "x"), agreements(other, "x")
    for a, b in zip(
        (*one.overall, *one.pairs, *one.automatic), (*two.overall, *two.pairs, *two.automatic), strict=True
    ):
        assert (a.raters, a.items, a.statistic, a.percent) == (b.raters, b.items, b.statistic, b.percent)
        assert a.value == pytest.approx(b.value, abs=1e-12)
        assert (a.value is None) == bool(a.reason)
