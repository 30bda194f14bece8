"""Failure modes counted, with what chance leaves open."""

from __future__ import annotations

import random
import warnings
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.model.review import FailureMode, ModeMark, Rating
from tailrace.model.score import THUMB, ScoreSource
from tailrace.review.modes import Share, cross_table, failed_traces, judged_traces, merged_to, mode_counts

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scipy.stats import fisher_exact


def mark(mode_id: str, key: int, author: str = "ada") -> ModeMark:
    return ModeMark(f"t{key}", key, mode_id, author)


def test_the_share_of_nothing_is_unknown() -> None:
    assert Share(0, 0).share is None
    assert Share(0, 0).words == "0 of 0"
    assert Share(17, 64).words == "17 of 64 · 27 % (17–38 %)"


def test_traces_are_counted_and_not_marks() -> None:
    marks = [mark("m1", 1), mark("m1", 1, "eve"), mark("m1", 2), mark("m2", 2), mark("m2", 9), mark("m3", 4)]
    found = mode_counts(marks, {"t1", "t2", "t3", "t4"}, {"t1", "t2"})
    assert [(one.mode_id, one.traces, one.judged, one.failed) for one in found] == [
        ("m1", 2, Share(2, 4), Share(2, 2)),
        ("m2", 2, Share(1, 4), Share(1, 2)),
        ("m3", 1, Share(1, 4), Share(0, 2)),
    ]
    assert mode_counts([], {"t1"}) == ()


def thumb(trace_id: str, value: float | None, at: int, rater: str = "ada", source: str = "person") -> Rating:
    return Rating(trace_id, THUMB, rater, ScoreSource(source), value, None, at)


def test_a_trace_fails_when_it_is_settled_as_fail_else_when_anybody_failed_it() -> None:
    ratings = [
        thumb("one fails it", 0.0, 1),
        thumb("changed their mind", 0.0, 1),
        thumb("changed their mind", 1.0, 2),
        thumb("they differ", 0.0, 1),
        thumb("they differ", 1.0, 2, "eve"),
        thumb("settled as pass", 0.0, 1),
        thumb("settled as pass", 1.0, 2, "eve"),
        replace(thumb("settled as pass", 1.0, 3, "zoe"), adjudicated=True),
        thumb("settled as fail", 1.0, 1),
        replace(thumb("settled as fail", 0.0, 2), adjudicated=True),
        thumb("failed since", 1.0, 1),
        replace(thumb("failed since", 1.0, 2, "zoe"), adjudicated=True),
        thumb("failed since", 0.0, 3, "eve"),
        thumb("by a model", 0.0, 1, source="model"),
        thumb("passed", 1.0, 1),
    ]
    expected = {"one fails it", "they differ", "settled as fail", "failed since"}
    assert failed_traces(ratings) == failed_traces(ratings[::-1]) == expected


def test_what_was_put_off_is_not_judged() -> None:
    ratings = [thumb("put off", None, 1), thumb("passed", 1.0, 1), thumb("by a model", 0.0, 1, source="model")]
    assert judged_traces(ratings) == {"passed"}
    assert failed_traces(ratings) == frozenset()


def test_merged_modes_count_where_they_were_merged_to_in_the_end() -> None:
    modes = [
        FailureMode("a", "a", merged_into="b"),
        FailureMode("b", "b", merged_into="c"),
        FailureMode("c", "c"),
        FailureMode("x", "x", merged_into="z"),
        FailureMode("z", "z", merged_into="x"),
        FailureMode("w", "w", merged_into="z"),
        FailureMode("s", "s", merged_into="s"),
        FailureMode("o", "o", merged_into="gone"),
    ]
    expected = {"a": "c", "b": "c", "c": "c", "x": "x", "z": "x", "w": "x", "s": "s", "o": "o"}
    assert merged_to(modes) == merged_to(modes[::-1]) == expected


@given(st.dictionaries(st.sampled_from("abcdef"), st.none() | st.sampled_from("abcdefg")), st.randoms())
def test_every_mode_ends_in_one_that_ends_in_itself(into: dict[str, str | None], chance: random.Random) -> None:
    modes = [FailureMode(mode_id, mode_id, merged_into=target) for mode_id, target in into.items()]
    found = merged_to(modes)
    chance.shuffle(modes)
    assert merged_to(modes) == found
    assert set(found) == set(into)
    assert all(found[end] == end for end in found.values())


def test_a_table_shows_where_a_mode_lives() -> None:
    values = {key: ("gpt",) if key < 50 else ("claude", "haiku") if key < 90 else () for key in range(100)}
    marks = [mark("m1", key) for key in range(30)] + [mark("m2", key) for key in range(0, 100, 10)] + [mark("m2", 777)]
    found = cross_table(marks, values)
    assert found.modes == ("m1", "m2")
    assert [(one.value, one.label, one.traces) for one in found.columns] == [
        ("gpt", "gpt", 50),
        ("claude", "claude", 40),
        ("haiku", "haiku", 40),
        (None, "no value", 10),
    ]
    assert [cell.share for cell in found.cells[0]] == [Share(30, 50), Share(0, 40), Share(0, 40), Share(0, 10)]
    assert [cell.share.count for cell in found.cells[1]] == [5, 4, 4, 1]
    assert [(cell.telling, cell.more) for cell in found.cells[0][:2]] == [(True, True), (True, False)]
    assert not any(cell.telling for cell in found.cells[1])
    assert found.cells[0][0].p == pytest.approx(fisher_exact([[30, 20], [0, 50]]).pvalue, abs=1e-9)
    assert (found.words, found.judged) == ("", 100)


def test_values_beyond_the_limit_are_counted_together_and_said() -> None:
    values = {key: (f"v{key % 23:02d}",) for key in range(230)}
    found = cross_table([mark("m1", 22), mark("m1", 0)], values, limit=8)
    assert found.words == "8 of 23 values"
    assert len(found.columns) == 9
    assert (found.columns[-1].label, found.columns[-1].traces, found.columns[-1].values) == ("15 others", 150, 15)
    assert found.cells[0][0].share == Share(1, 10)
    assert found.cells[0][-1].share == Share(1, 150)


def test_few_traces_tell_nothing() -> None:
    found = cross_table([mark("m1", 0), mark("m1", 1)], {0: ("a",), 1: ("a",), 2: ("b",), 3: ("b",)})
    assert not any(cell.telling for row in found.cells for cell in row)
    alone = cross_table([mark("m1", 0)], {0: ("a",), 1: ("a",)})
    assert alone.cells[0][0].p is None
    assert cross_table([], {}).cells == ()
