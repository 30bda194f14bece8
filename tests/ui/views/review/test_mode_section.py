"""Failure modes: keys that never move, suggestions, finding one of many, naming a new one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from tests.ui.views.review.judged import Desk, Key, modes, words

from tailrace.model.review import FailureMode, Judgement
from tailrace.ui.views.review.mode_list import matching
from tailrace.ui.views.review.mode_section import mode_rows


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    desk = Desk(qtbot, height=800)
    desk.panel.show_modes(modes(12), [("m11", 0.8), ("m2", 0.5)])
    desk.show(Judgement(modes=("m12",)))
    return desk


def test_the_numbered_ones_stand_first_then_suggested_then_marked(desk: Desk) -> None:
    shown = desk.panel.modes.list.rows
    assert words(shown) == [*(f"mode {i}" for i in range(1, 10)), "mode 11", "mode 12"]
    assert [row.mode_id for row in shown if row.suggested] == ["m2", "m11"]
    assert desk.panel.modes.list.key_of(shown[1]) == "2"
    assert desk.panel.modes.list.key_of(shown[9]) == ""
    assert desk.panel.modes.heading.remark == "(2 suggested from your notes)"


def test_what_is_not_shown_is_counted_and_one_press_away(desk: Desk) -> None:
    assert desk.panel.modes.more.text() == "showing 11 of 12: show all, or type below to find one"
    desk.click(desk.panel.modes.more)
    assert words(desk.panel.modes.list.rows)[9:] == ["mode 10", "mode 11", "mode 12"]
    desk.click(desk.panel.modes.more)
    assert len(desk.panel.modes.list.rows) == 11


def test_number_keys_follow_the_place_and_nothing_else(desk: Desk) -> None:
    desk.panel.press_mode(9)
    desk.panel.press_mode(2)
    desk.panel.press_mode(0)
    desk.panel.press_mode(13)
    assert desk.all_of("mode_toggled") == [("m9",), ("m2",)]


def test_a_row_is_pressed_by_mouse_and_by_keyboard(desk: Desk) -> None:
    rows = desk.panel.modes.list
    desk.click(rows, QPoint(50, rows.row_box(2).center().y()))
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    desk.press(Key.Key_Down, Key.Key_Return)
    desk.press(Key.Key_End, Key.Key_Space)
    assert desk.all_of("mode_toggled") == [("m3",), ("m4",), ("m12",)]
    assert rows.accessibleDescription() == "mode 12, marked, 12 traces, 11 of 11"
    assert desk.fired == []


def test_a_row_reached_by_keys_comes_into_sight(desk: Desk) -> None:
    desk.window.resize(450, 400)
    desk.panel.modes.list.setFocus(Qt.FocusReason.TabFocusReason)
    desk.press(Key.Key_Home)
    desk.press(Key.Key_End)
    rows = desk.panel.modes.list
    top = rows.mapTo(desk.panel.area.viewport(), rows.row_box(10).topLeft()).y()
    assert 0 <= top <= desk.panel.area.viewport().height() - rows.HEIGHT


def test_enter_makes_a_new_mode(desk: Desk) -> None:
    desk.panel.focus_new_mode()
    desk.type("  lies   about 2 dates ")
    desk.press(Key.Key_Return)
    assert desk.said == [("mode_made", "lies about 2 dates"), ("left",)]
    assert desk.panel.modes.field.line.text() == ""
    assert desk.fired == []


def test_existing_modes_are_offered_first_suggested_ones_on_top(desk: Desk) -> None:
    field = desk.panel.modes.field
    desk.panel.focus_new_mode()
    desk.type("mode 1")
    assert words(field.offers.rows) == ["mode 11", "mode 1", "mode 10", "mode 12"]
    assert field.hint.text == "Enter marks “mode 1”"
    desk.press(Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Return)
    assert desk.said == [("mode_toggled", "m10"), ("left",)]
    assert not field.offers.isVisible()


def test_a_name_that_is_there_already_is_marked_and_not_made_again(desk: Desk) -> None:
    desk.panel.focus_new_mode()
    desk.type("MODE 3")
    desk.press(Key.Key_Return)
    desk.panel.focus_new_mode()
    desk.type("mode 12")
    assert desk.panel.modes.field.hint.text == "“mode 12” is marked already"
    desk.press(Key.Key_Return)
    assert desk.all_of("mode_toggled") == [("m3",)], "and a marked one stays marked"
    assert desk.all_of("mode_made") == []


def test_what_matches_beyond_the_offers_is_counted(desk: Desk) -> None:
    desk.panel.show_modes(modes(200))
    desk.panel.focus_new_mode()
    desk.type("mode")
    assert len(desk.panel.modes.field.offers.rows) == 6
    assert desk.panel.modes.field.hint.text.endswith("showing 6 of 200 that match")


def test_escape_leaves_the_field_empty(desk: Desk) -> None:
    desk.panel.focus_new_mode()
    desk.type("abc")
    desk.press(Key.Key_Escape)
    assert desk.said == [("left",)]
    assert desk.panel.modes.field.line.text() == ""
    assert desk.fired == []


def test_an_offer_is_taken_with_the_mouse(desk: Desk) -> None:
    desk.panel.focus_new_mode()
    desk.type("mode 7")
    offers = desk.panel.modes.field.offers
    desk.click(offers, QPoint(40, 10))
    assert desk.all_of("mode_toggled") == [("m7",)]


def test_a_mark_whose_mode_is_gone_is_still_shown_and_can_be_taken_back(desk: Desk) -> None:
    desk.show(Judgement(modes=("old",)))
    row = desk.panel.modes.list.rows[-1]
    assert row.name == "old (not in use any more)"
    assert row.count is None
    assert row.marked


def test_no_modes_yet_says_what_to_do(desk: Desk) -> None:
    desk.panel.show_modes([])
    desk.show()
    assert desk.panel.modes.empty.isVisible()
    assert not desk.panel.modes.list.isVisible()
    assert desk.panel.modes.field.isVisible()


def test_two_hundred_modes_with_long_names_stay_within_the_panel(desk: Desk) -> None:
    long = [(FailureMode(f"m{i}", f"a mode with quite a long name {'x' * 300} {i}", position=i), i) for i in range(200)]
    desk.panel.show_modes(long, [("m1", 0.1)])
    desk.click(desk.panel.modes.more)
    assert len(desk.panel.modes.list.rows) == 200
    assert desk.panel.body.minimumSizeHint().width() <= desk.panel.area.viewport().width()
    assert long[5][0].name in desk.panel.modes.list.row_tip(5)


def test_matching_wants_every_word() -> None:
    rows = mode_rows([(FailureMode("a", "wrong refund policy"), 1), (FailureMode("b", "policy ignored"), 2)], {}, ())
    assert words(matching(rows, "policy")) == ["policy ignored", "wrong refund policy"]
    assert words(matching(rows, "POL ref")) == ["wrong refund policy"]
    assert matching(rows, "  ") == []


def test_arranging_the_modes_is_asked_for(desk: Desk) -> None:
    assert desk.panel.modes.heading.button is not None
    desk.click(desk.panel.modes.heading.button)
    assert desk.all_of("modes_wanted") == [()]
