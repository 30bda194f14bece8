"""What the verdict panel says of agreement."""

from __future__ import annotations

from tests.ui.models.test_conflicts import rate

from tailrace.ui.models.review_setup import agreement_words


def test_few_shared_traces_are_said_to_be_few() -> None:
    ratings = [rate(f"t{i}", rater, i % 2 == 0) for i in range(4) for rater in ("ada", "ben")]
    words, _ = agreement_words(ratings, "ada")
    assert words == "with ben: κ = 1.00 on 4 shared traces, too few to say"
