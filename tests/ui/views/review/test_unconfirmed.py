"""An older reading of the file does not undo what was just given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tailrace.ui.views.review.unconfirmed import Unconfirmed


def test_nothing_on_its_way_lets_every_reading_hold() -> None:
    waiting = Unconfirmed()
    assert waiting.holds("a", "x", busy=True)
    assert waiting.newest("a", "x") == "x"


def test_a_reading_from_before_does_not_hold_until_the_newest_has_arrived() -> None:
    waiting = Unconfirmed()
    waiting.give("a", "one")
    waiting.give("a", "two")
    assert not waiting.holds("a", "", busy=True)
    assert not waiting.holds("a", "one", busy=True)
    assert waiting.newest("a", "") == "two"
    assert waiting.holds("a", "two", busy=True)
    assert waiting.holds("a", "", busy=True), "taken back since"


def test_what_was_taken_back_elsewhere_holds_once_all_is_saved() -> None:
    waiting = Unconfirmed()
    waiting.give("a", "one")
    waiting.give("b", "two")
    waiting.saved("b")
    assert waiting.holds("a", "", busy=False), "undone while another item was on show"
    assert not waiting.holds("b", "", busy=True), "a person is at it"
    assert waiting.holds("b", "", busy=False)


@given(st.lists(st.text(max_size=2), min_size=1, max_size=8))
def test_the_last_value_given_always_comes_to_hold(values: list[str]) -> None:
    waiting = Unconfirmed()
    for value in values:
        waiting.give("t", value)
    assert waiting.newest("t", None) == values[-1]
    shown = [value for value in values if waiting.holds("t", value, busy=True)]
    assert shown[-1] == values[-1]
