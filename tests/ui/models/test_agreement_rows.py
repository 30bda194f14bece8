"""Agreement in words."""

from __future__ import annotations

from tests.ui.models.test_conflicts import rate

from tailrace.model import ScoreSource
from tailrace.model.review import Rating
from tailrace.ui.models.agreement import agreement_rows


def verdicts(rater: str, values: str) -> list[Rating]:
    """One verdict a letter: + pass, - fail, anything else none."""
    return [rate(f"t{i}", rater, value == "+") for i, value in enumerate(values) if value in "+-"]


def test_two_raters_get_one_row_with_kappa_and_its_interval() -> None:
    (row,) = agreement_rows([*verdicts("ada", "++++-----+"), *verdicts("ben", "+++++----+")])
    assert (row.title, row.who, row.figure, row.band) == ("Verdict", "ada and ben", "κ 0.80", "substantial")
    assert row.detail.endswith("90 % equal · 10 traces")
    assert row.low is not None
    assert row.high is not None
    assert row.low < 0.8 < row.high
    assert "95\u00a0% interval" in row.meaning
    assert "hint" in row.meaning


def test_three_raters_get_alpha_and_fleiss_above_their_pairs() -> None:
    ratings = [*verdicts("ada", "++--++--"), *verdicts("ben", "++--+---"), *verdicts("cleo", "+---++-.")]
    rows = agreement_rows(ratings)
    assert rows[0].figure.startswith("α ")
    assert "Fleiss κ" in rows[0].detail
    assert [row.title for row in rows[1:]] == ["ada and ben", "ada and cleo", "ben and cleo"]
    assert all(row.pair for row in rows[1:])


def test_what_is_not_defined_says_why() -> None:
    (row,) = agreement_rows([*verdicts("ada", "++++"), *verdicts("ben", "++++")])
    assert row.figure == "κ –"
    assert row.band.startswith("not defined: every rating is the same")
    assert row.value is None


def test_a_person_is_compared_with_a_score_given_automatically() -> None:
    mine = [rate(f"t{n}", "ada", n / 4, "help") for n in range(5)]
    judge = [rate(f"t{n}", "judge", n / 4 + 0.01, "help", source=ScoreSource.MODEL) for n in range(5)]
    (row,) = agreement_rows([*mine, *judge])
    assert row.automatic
    assert row.raters == ("ada", "judge")
    assert "quadratic weights" in row.meaning


def test_nearly_all_is_not_called_all() -> None:
    ratings = [*verdicts("ada", "+-" * 200 + "+"), *verdicts("ben", "+-" * 200 + "-")]
    (row,) = agreement_rows(ratings)
    assert "99 % equal" in row.detail
    assert row.figure == "κ 0.99"


def test_one_reviewer_alone_has_no_rows() -> None:
    assert agreement_rows(verdicts("ada", "++--")) == []
