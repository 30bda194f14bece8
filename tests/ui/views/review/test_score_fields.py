"""Defined scores by keyboard and mouse; what is not given and what is outside the range say so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from tests.ui.views.review.judged import GROUNDED, NUMBER, STYLE, SUMMARY, TONE, Desk, Key, given

from tailrace.model import ScoreKind
from tailrace.model.review import DefinitionKind, Judgement, ScoreDefinition
from tailrace.ui.views.review.choice_control import ChoiceControl
from tailrace.ui.views.review.number_control import NumberControl
from tailrace.ui.views.review.score_values import stepped


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    desk = Desk(qtbot, height=900)
    desk.define(NUMBER, TONE, GROUNDED, STYLE, SUMMARY)
    desk.show()
    return desk


def number(desk: Desk, row: int = 0) -> NumberControl:
    control = desk.panel.scores.rows[row].control
    assert isinstance(control, NumberControl)
    return control


def choice(desk: Desk, row: int) -> ChoiceControl:
    control = desk.panel.scores.rows[row].control
    assert isinstance(control, ChoiceControl)
    return control


def test_arrow_keys_step_a_number_and_it_is_told_once(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.focus_scores()
    assert number(desk).hasFocus()
    desk.press(Key.Key_Right, Key.Key_Right, Key.Key_Up, Key.Key_Left)
    assert desk.all_of("score_given") == []
    qtbot.waitUntil(lambda: bool(desk.all_of("score_given")), timeout=2_000)
    assert desk.all_of("score_given") == [("d-help", 0.1, "t1")]
    assert desk.fired == []


def test_a_key_of_the_window_comes_after_what_was_given(desk: Desk) -> None:
    desk.panel.focus_scores()
    desk.press(Key.Key_End)
    desk.press(Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.all_of("score_given") == [("d-help", 1.0, "t1")]
    assert desk.fired == ["Ctrl+Z"]


def test_a_number_is_typed_and_its_figures_do_not_mark_failure_modes(desk: Desk) -> None:
    desk.panel.focus_scores()
    desk.type("0.72")
    assert desk.all_of("score_given") == []
    desk.press(Key.Key_Return)
    assert desk.all_of("score_given") == [("d-help", 0.7, "t1")]
    assert desk.fired == []


def test_a_number_outside_the_range_is_refused_in_words(desk: Desk) -> None:
    desk.panel.focus_scores()
    desk.type("12")
    assert number(desk).is_refused
    assert desk.panel.scores.rows[0].hint.text == "A number from 0 to 1, please"
    desk.other.setFocus()
    assert desk.all_of("score_given") == []
    assert number(desk).value is None


def test_delete_clears_and_not_given_is_not_zero(desk: Desk) -> None:
    desk.show(Judgement(scores={"helpfulness": given("helpfulness", ScoreKind.NUMBER, value=0.0)}))
    assert number(desk).accessibleName() == "helpfulness: 0"
    number(desk).setFocus()
    desk.press(Key.Key_Delete)
    assert desk.all_of("score_given") == [("d-help", None, "t1")]
    assert number(desk).accessibleName() == "helpfulness: not given"


def test_the_bar_is_set_with_the_mouse_and_told_on_release(desk: Desk) -> None:
    bar = number(desk)
    desk.qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(2, 11))
    desk.qtbot.mouseMove(bar, QPoint(bar.width() - 62, 11))
    assert desk.all_of("score_given") == []
    desk.qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 62, 11))
    assert len(desk.all_of("score_given")) == 1
    assert not bar.hasFocus(), "a click leaves the keys with the item"


def test_a_value_given_late_goes_to_its_own_trace(desk: Desk) -> None:
    desk.panel.focus_scores()
    desk.press(Key.Key_End)
    desk.show(token="t2")
    assert desk.all_of("score_given") == [("d-help", 1.0, "t1")]
    assert number(desk).value is None


def test_an_older_reading_does_not_take_a_step_back(desk: Desk) -> None:
    desk.panel.focus_scores()
    desk.press(Key.Key_End)
    number(desk).flush()
    desk.press(Key.Key_Left)
    number(desk).flush()
    desk.show(Judgement(scores={"helpfulness": given("helpfulness", ScoreKind.NUMBER, value=1.0)}))
    assert number(desk).value == 0.9


def test_a_category_is_chosen_by_number_arrow_and_click(desk: Desk, qtbot: QtBot) -> None:
    tone = choice(desk, 1)
    tone.setFocus()
    desk.press(Key.Key_2)
    desk.press(Key.Key_Right)
    tone.flush()
    desk.click(tone, tone.boxes(tone.width())[0].center())
    desk.click(tone, tone.boxes(tone.width())[0].center())
    assert [values[1] for values in desk.all_of("score_given")] == ["neutral", "bad", "good", None]
    assert desk.fired == []


def test_yes_no_and_thumb_have_their_values(desk: Desk) -> None:
    choice(desk, 2).setFocus()
    desk.type("n")
    desk.type("y")
    choice(desk, 3).setFocus()
    desk.press(Key.Key_1, Key.Key_2)
    assert [values[:2] for values in desk.all_of("score_given")] == [
        ("d-ground", "no"), ("d-ground", "yes"), ("d-style", 1.0), ("d-style", 0.0)
    ]  # fmt: skip
    assert "N" not in desk.fired


def test_a_text_score_is_told_and_emptying_it_takes_it_back(desk: Desk) -> None:
    desk.panel.scores.rows[4].field.setFocus()
    desk.type("P 1")
    desk.other.setFocus()
    desk.panel.scores.rows[4].field.setFocus()
    desk.press(Key.Key_Backspace, Key.Key_Backspace, Key.Key_Backspace, Key.Key_Escape)
    assert desk.all_of("score_given") == [("d-sum", "P 1", "t1"), ("d-sum", None, "t1")]
    assert desk.all_of("left") == [()]


def test_all_of_them_by_keyboard_alone(desk: Desk) -> None:
    desk.panel.focus_scores()
    desk.type(".5")
    desk.press(Key.Key_Tab)
    desk.type("1")
    desk.press(Key.Key_Tab)
    desk.type("y")
    desk.press(Key.Key_Tab)
    desk.type("2")
    desk.press(Key.Key_Tab)
    desk.type("short")
    desk.press(Key.Key_Escape)
    assert [values[:2] for values in desk.all_of("score_given")] == [
        ("d-help", 0.5), ("d-tone", "good"), ("d-ground", "yes"), ("d-style", 0.0), ("d-sum", "short")
    ]  # fmt: skip


def test_required_scores_are_named_until_they_have_a_value(desk: Desk) -> None:
    assert desk.panel.missing() == ["tone"]
    assert desk.panel.scores_heading.remark == "(* required: 1 missing)"
    choice(desk, 1).setFocus()
    desk.press(Key.Key_1)
    assert desk.panel.missing() == []
    assert desk.panel.scores_heading.remark == ""


def test_values_that_the_definition_does_not_allow_any_more_are_shown_as_they_are(desk: Desk) -> None:
    desk.show(
        Judgement(
            scores={
                "helpfulness": given("helpfulness", ScoreKind.NUMBER, value=7.0),
                "tone": given("tone", ScoreKind.CATEGORY, label="splendid"),
                "gone": given("gone", ScoreKind.NUMBER, value=3.0),
            }
        )
    )
    rows = desk.panel.scores.rows
    assert [row.strange.text for row in rows[:3]] == ["outside the present range", "outside the present range", ""]
    assert number(desk).accessibleName() == "helpfulness: 7"
    assert choice(desk, 1).chips[-1] == ("splendid", "splendid")
    assert desk.panel.scores.others.text == "no longer asked for: gone 3"
    assert desk.panel.missing() == []
    assert desk.said == []


def test_the_description_shows_while_the_field_has_the_focus(desk: Desk) -> None:
    row = desk.panel.scores.rows[0]
    assert not row.hint.isVisible()
    desk.panel.focus_scores()
    assert row.hint.text.startswith("Does it help?")
    assert row.hint.isVisible()
    assert "Does it help?" in row.name.toolTip()


def test_other_definitions_keep_what_was_being_typed(desk: Desk) -> None:
    desk.panel.scores.rows[4].field.setFocus()
    desk.type("kept")
    desk.define(SUMMARY)
    assert desk.all_of("score_given") == [("d-sum", "kept", "t1")]


def test_twenty_definitions_with_long_names_need_no_sideways_scrolling(desk: Desk) -> None:
    kinds = list(DefinitionKind)
    long = tuple(f"an option with a rather long name, number {i}" for i in range(20))
    desk.define(
        *(
            ScoreDefinition(f"d{i}", f"a score with a very long name indeed, number {i}", kinds[i % 5], options=long)
            for i in range(20)
        )
    )
    assert desk.panel.body.width() <= desk.panel.area.viewport().width()
    assert desk.panel.body.minimumSizeHint().width() <= desk.panel.area.viewport().width()


def test_no_range_at_all_does_no_harm(desk: Desk) -> None:
    desk.define(replace(NUMBER, low=1.0, high=1.0, step=0.0), replace(TONE, options=()))
    desk.panel.focus_scores()
    desk.press(Key.Key_Right, Key.Key_Tab)
    desk.press(Key.Key_Right, Key.Key_1)
    assert desk.all_of("score_given") == [("d-help", 1.0, "t1")]


@for_all(st.floats(-1e6, 1e6), st.floats(0.001, 1e6), st.floats(-10, 1e6), st.floats(-1e7, 1e7, allow_nan=False))
def test_stepping_stays_in_the_range(low: float, room: float, step: float, value: float) -> None:
    definition = replace(NUMBER, low=low, high=low + room, step=step)
    assert low <= stepped(definition, value) <= low + room
