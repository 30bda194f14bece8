"""Who differs with whom, what it was settled as, and the table of two raters."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from tests.ui.trace_rows import trace_row

from tailrace.model import ScoreSource
from tailrace.model.review import DefinitionKind, Rating, Remark, ScoreDefinition
from tailrace.ui.models.conflicts import (
    MOST_VALUES,
    OTHER,
    Background,
    RatedScore,
    conflict_rows,
    notes_by_rater,
    pair_table,
    range_edges,
    rated_scores,
    without,
)


def rate(trace: str, rater: str, value: float | str, name: str = "thumb", said_ns: int = 1, **more: object) -> Rating:
    number, label = (None, value) if isinstance(value, str) else (float(value), None)
    source = more.pop("source", ScoreSource.PERSON)
    return Rating(trace, name, rater, source, number, label, said_ns, **more)  # type: ignore[arg-type]


def only(*ratings: Rating, definitions: tuple[ScoreDefinition, ...] = ()) -> RatedScore:
    (score,) = rated_scores(ratings, definitions)
    return score


def test_a_score_counts_once_two_raters_gave_it_to_the_same_trace() -> None:
    ratings = [
        rate("a", "ada", 1),
        rate("b", "ben", 0),
        rate("a", "ada", "good", "tone"),
        rate("a", "ben", "bad", "tone"),
    ]
    assert [score.name for score in rated_scores(ratings)] == ["tone"]


def test_the_verdict_comes_first() -> None:
    ratings = [rate(trace, rater, "x", "tone") for trace in "abc" for rater in ("ada", "ben")]
    ratings += [rate("a", "ada", 1), rate("a", "ben", 1)]
    assert [score.title for score in rated_scores(ratings)] == ["Verdict", "tone"]


def test_of_one_rater_the_latest_word_counts() -> None:
    score = only(rate("a", "ada", 1, said_ns=5), rate("a", "ada", 0, said_ns=9), rate("a", "ben", 0))
    assert conflict_rows(score, score.raters, Background()) == []


def test_a_conflict_says_who_said_what_with_the_notes_of_each() -> None:
    score = only(rate("a", "ada", 0), rate("a", "ben", 1), rate("b", "ada", 1), rate("b", "ben", 1))
    note = Remark("n", "a", 1, "run", "ada", "wrong policy", (), 3)
    row = trace_row(7, trace_id="a", name="support", input_preview="hello\nthere")
    (found,) = conflict_rows(score, score.raters, Background(notes_by_rater([note]), {"a": row}))
    assert (found.key, found.trace_name, found.preview) == (7, "support", "hello there")
    assert [(o.rater, o.said.words, o.note) for o in found.opinions] == [
        ("ada", "fail", "wrong policy"),
        ("ben", "pass", ""),
    ]
    assert [choice.words for choice in found.choices] == ["pass", "fail"]
    assert found.settled is None


def test_an_adjudicated_value_settles_until_somebody_judges_again() -> None:
    given_ = [rate("a", "ada", 0), rate("a", "ben", 1), rate("a", "ada", 0, said_ns=5, adjudicated=True)]
    score = only(*given_)
    (found,) = conflict_rows(score, score.raters, Background())
    assert found.settled is not None
    assert (found.settled.words, found.settled_by) == ("fail", "ada")
    again = only(*given_, rate("a", "ben", 1, said_ns=6))
    (found,) = conflict_rows(again, again.raters, Background())
    assert found.settled is None
    assert found.outdated is not None
    assert found.outdated.words == "fail"


def test_a_trace_that_is_not_here_is_named_so() -> None:
    score = only(rate("gone", "ada", 0), rate("gone", "ben", 1))
    (found,) = conflict_rows(score, score.raters, Background())
    assert (found.key, found.trace_name) == (-1, "not in this database")


def test_a_hidden_conflict_shows_nobody_s_value() -> None:
    score = only(rate("a", "ada", 0), rate("a", "ben", 1))
    (found,) = conflict_rows(score, score.raters, Background({("a", "ben"): "secret"}, hidden={"a"}))
    assert found.hidden
    assert (found.opinions, found.choices, found.settled) == ((), (), None)
    assert "ben" not in found.spoken


def test_what_is_hidden_is_in_no_table() -> None:
    ratings = [rate(trace, rater, 1) for trace in "abc" for rater in ("ada", "ben")]
    assert pair_table(only(*without(ratings, {"b"})), "ada", "ben").table.counts.sum() == 2


def test_options_stand_best_first() -> None:
    tone = ScoreDefinition("d", "tone", DefinitionKind.CATEGORY, options=("good", "neutral", "bad"))
    ratings = [
        rate(t, r, v, "tone") for t, r, v in (("a", "ada", "bad"), ("a", "ben", "good"), ("b", "ada", "neutral"))
    ]
    score = only(*ratings, rate("b", "ben", "bad", "tone"), definitions=(tone,))
    table = pair_table(score, "ada", "ben")
    assert table.table.values == ("good", "neutral", "bad")
    assert table.cells == {"a": (2, 0), "b": (1, 2)}
    assert table.table.say((2, 0)) == "ada bad, ben good: 1 trace, 50\u00a0% of 2"


def test_a_number_is_called_what_others_call_it() -> None:
    said_yes = Rating("a", "safe", "ada", ScoreSource.PERSON, 1.0, "yes", 1)
    score = only(said_yes, rate("a", "judge", 1, "safe", source=ScoreSource.MODEL))
    assert conflict_rows(score, score.raters, Background()) == []


def test_many_numbers_are_put_into_ranges() -> None:
    ratings = [rate(f"t{n}", who, n / 50, "help") for n in range(51) for who in ("ada", "ben")]
    table = pair_table(only(*ratings), "ada", "ben").table
    assert table.values == ("0.8–1", "0.6–0.8", "0.4–0.6", "0.2–0.4", "0–0.2")
    assert np.diag(table.counts).tolist() == [11, 10, 10, 10, 10]


def test_the_rarest_of_very_many_words_are_others() -> None:
    ratings = [rate(f"t{n}", who, f"w{n}", "topic") for n in range(200) for who in ("ada", "ben")]
    table = pair_table(only(*ratings), "ada", "ben").table
    assert len(table.values) == MOST_VALUES
    assert table.values[-1] == OTHER
    assert table.counts.sum() == 200


@example(1e9, 999_999_999.999_999_9)
@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_ranges_hold_their_ends_and_are_few(one: float, other: float) -> None:
    low, high = sorted((one, other))
    edges = range_edges(low, high)
    slack = max(1e-9, (edges[-1] - edges[0]) * 1e-6)
    assert edges[0] - slack <= low <= high <= edges[-1] + slack
    assert 2 <= len(edges) <= 9


@given(
    st.lists(
        st.builds(
            rate,
            st.sampled_from("abcde"),
            st.sampled_from(["ada", "ben", "cleo"]),
            st.sampled_from([0, 1]),
            said_ns=st.integers(1, 9),
        ),
        max_size=40,
    )
)
def test_conflicts_are_what_is_off_the_diagonal(ratings: list[Rating]) -> None:
    for score in rated_scores(ratings):
        for first, second in (("ada", "ben"), ("ben", "cleo")):
            if {first, second} <= set(score.raters):
                table = pair_table(score, first, second)
                off = {trace for trace, (row, column) in table.cells.items() if row != column}
                assert {row.trace_id for row in conflict_rows(score, (first, second), Background())} == off
                assert len(table.cells) == table.table.counts.sum()
