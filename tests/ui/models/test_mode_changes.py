"""What changing failure modes puts and removes."""

from __future__ import annotations

from dataclasses import replace

from tailrace.model import Score
from tailrace.model.review import FailureMode, ModeMark, Put, Removal
from tailrace.review.judgement import mode_mark_id
from tailrace.ui.models import mode_changes

A = FailureMode("a", "wrong sum", position=0)
B = FailureMode("b", "Too long", position=1)
C = FailureMode("c", "old name of a", position=7, merged_into="a")
MODES = [B, C, A]
MARKS = [ModeMark("t1", 1, "a", "ada"), ModeMark("t2", 2, "a", "jo"), ModeMark("t2", 2, "b", "ada")]


def test_only_modes_that_stand_alone_are_live_and_in_order() -> None:
    assert mode_changes.live_modes(MODES) == [A, B]


def test_a_family_has_what_was_merged_into_the_mode() -> None:
    assert mode_changes.family("a", MODES) == ["a", "c"]
    assert mode_changes.family("b", MODES) == ["b"]


def test_a_name_is_found_whatever_its_case_and_not_among_merged_ones() -> None:
    assert mode_changes.named(" too LONG ", MODES) == B
    assert mode_changes.named("old name of a", MODES) is None


def test_marking_leaves_out_what_the_author_said_before_and_says_each_trace_once() -> None:
    changes = mode_changes.marked(A, ["t1", "t2", "t2"], "ada", MARKS)
    assert [put.record.score_id for put in changes if isinstance(put, Put) and isinstance(put.record, Score)] == [
        mode_mark_id("ada", "t2", "a")
    ]


def test_taking_a_mode_off_leaves_the_marks_of_others() -> None:
    changes = mode_changes.unmarked("a", {"t1", "t2"}, "ada", MARKS, MODES)
    assert changes == [Removal(Score, mode_mark_id("ada", "t1", "a")), Removal(Score, mode_mark_id("ada", "t1", "c"))]


def test_splitting_moves_everybodys_marks_and_leaves_them_theirs() -> None:
    part = FailureMode("p", "part")
    changes = mode_changes.split(A, part, {"t2"}, MARKS, MODES)
    assert changes[0] == Put(part)
    assert Removal(Score, mode_mark_id("jo", "t2", "c")) in changes
    put = changes[-1]
    assert isinstance(put, Put)
    assert isinstance(put.record, Score)
    assert (put.record.author, put.record.label) == ("jo", "part")
    assert not any(isinstance(change, Removal) and ":t1:" in change.record_id for change in changes)


def test_removing_takes_marks_and_merged_modes_along() -> None:
    changes = mode_changes.removed(A, MARKS, MODES)
    assert Removal(FailureMode, "a") in changes
    assert Removal(FailureMode, "c") in changes
    assert Removal(Score, mode_mark_id("jo", "t2", "a")) in changes
    assert Removal(Score, mode_mark_id("ada", "t2", "b")) not in changes


def test_moving_numbers_the_modes_anew_and_stops_at_the_ends() -> None:
    assert mode_changes.moved(MODES, "b", -1) == [Put(replace(B, position=0)), Put(replace(A, position=1))]
    assert mode_changes.moved(MODES, "a", -1) == []
    assert mode_changes.moved(MODES, "b", 1) == []
    assert mode_changes.moved(MODES, "nobody", 1) == []


def test_a_mode_is_not_merged_into_itself() -> None:
    assert mode_changes.merged(A, A) == []
    assert mode_changes.merged(A, B) == [Put(replace(A, merged_into="b"))]
