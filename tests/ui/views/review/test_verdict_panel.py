"""The verdict panel as a whole: verdicts, others' judgements, evidence, agreement, the dataset, the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.views.review.judged import GROUNDED, NUMBER, SUMMARY, TONE, Desk, Key, given, modes

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.review import Anchor, Evidence, Judgement, Verdict
from tailrace.ui.theme import apply_theme
from tailrace.ui.views.review.others_view import HIDDEN, LONGEST, authors_of

OTHERS = (
    given("faithfulness", ScoreKind.NUMBER, value=0.31, author="judge", source=ScoreSource.MODEL),
    given("thumb", ScoreKind.THUMB, value=1.0, author="grace"),
    given("note", ScoreKind.TEXT, comment="fine <b>by</b> me", author="grace"),
    given("failure_mode", ScoreKind.CATEGORY, label="acts early", author="grace"),
    given("thumb", ScoreKind.THUMB, label="defer", author="alan"),
)
EVIDENCE = (Evidence("e1", Anchor("s1", "output", "60 days")), Evidence("e2", Anchor("s1", "output", "gone now")))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    desk = Desk(qtbot)
    desk.define(NUMBER, TONE)
    desk.panel.show_modes(modes(12))
    desk.panel.show_agreement("with grace on 40 shared traces: κ = 0.71", 5)
    desk.panel.show_dataset("refunds", False)
    desk.show()
    return desk


def test_a_click_gives_a_verdict_and_the_same_again_takes_it_back(desk: Desk) -> None:
    buttons = desk.panel.verdicts.buttons
    desk.click(buttons[Verdict.FAIL])
    assert not buttons[Verdict.FAIL].isChecked(), "what holds is what the file says"
    desk.show(Judgement(verdict=Verdict.FAIL))
    assert buttons[Verdict.FAIL].isChecked()
    desk.click(buttons[Verdict.FAIL])
    desk.panel.press_verdict(Verdict.PASS)
    assert desk.all_of("verdict_given") == [(Verdict.FAIL,), (None,), (Verdict.PASS,)]
    assert desk.other.hasFocus(), "a click leaves the keys with the item"


def test_each_verdict_looks_different_when_it_holds_without_its_colour(desk: Desk) -> None:
    for verdict, button in desk.panel.verdicts.buttons.items():
        desk.show()
        former = button.grab().toImage()
        desk.show(Judgement(verdict=verdict))
        now = button.grab().toImage()
        shape = [(x, y) for x in range(8, 24) for y in range(10, 26)]
        changed = [former.pixelColor(x, y).lightness() != now.pixelColor(x, y).lightness() for x, y in shape]
        assert sum(changed) > 40, "the icon"
        assert former.pixelColor(40, 1) != now.pixelColor(40, 1), "the border"


def test_a_button_with_the_focus_is_pressed_by_space_and_enter(desk: Desk) -> None:
    desk.panel.verdicts.buttons[Verdict.PASS].setFocus(Qt.FocusReason.TabFocusReason)
    desk.press(Key.Key_Space, Key.Key_Return)
    assert desk.all_of("verdict_given") == [(Verdict.PASS,), (Verdict.PASS,)]
    desk.press(Key.Key_F)
    assert desk.fired == ["F"], "other keys stay the window's"
    desk.press(Key.Key_Escape)
    assert desk.all_of("left") == [()]


def test_nothing_can_be_judged_where_there_is_nothing(desk: Desk) -> None:
    desk.panel.show_nothing()
    desk.panel.press_verdict(Verdict.PASS)
    desk.panel.press_mode(1)
    desk.panel.press_dataset()
    desk.panel.focus_note()
    assert desk.said == []
    assert desk.panel.nothing.isVisible()
    assert not desk.panel.note.isVisible()
    desk.show()
    assert not desk.panel.nothing.isVisible()
    assert desk.panel.note.isVisible()


def test_others_are_grouped_by_author_people_first(desk: Desk) -> None:
    desk.show(others=OTHERS)
    assert [(author.name, [line.words for line in author.lines]) for author in authors_of(OTHERS)] == [
        ("alan", ["Defer"]),
        ("grace", ["Pass", "acts early", "fine <b>by</b> me"]),
        ("judge", ["faithfulness 0.31"]),
    ]
    assert desk.panel.others.isVisible()
    assert desk.panel.others_heading.isVisible()


def test_a_score_that_says_its_own_name_is_said_once() -> None:
    given = [
        Score("a", "resolved", ScoreKind.CATEGORY, "t", label="Resolved", author="app", source=ScoreSource.CODE),
        Score("b", "tone", ScoreKind.CATEGORY, "t", label="kind", author="app", source=ScoreSource.CODE),
    ]
    (author,) = authors_of(given)
    assert [line.words for line in author.lines] == ["resolved · tone kind"]


def test_blind_shows_neither_what_others_said_nor_how_many_they_are(desk: Desk) -> None:
    desk.show(others=OTHERS, hidden=True)
    texts = [widget.accessibleName() for widget in desk.panel.others.findChildren(QWidget) if widget.isVisible()]
    assert HIDDEN in texts
    assert not [text for text in texts if "grace" in text or "5" in text or "faith" in text]
    blind = desk.panel.others.grab().toImage()
    desk.show(others=OTHERS[:1], hidden=True)
    assert desk.panel.others.grab().toImage() == blind
    desk.show(others=OTHERS, hidden=False)
    assert "grace" in " ".join(widget.accessibleName() for widget in desk.panel.others.findChildren(QWidget))


def test_a_long_note_of_another_says_what_is_not_shown() -> None:
    score = given("note", ScoreKind.TEXT, comment="x" * 5_000, author="grace")
    assert authors_of([score])[0].lines[0].words.endswith(f"… (showing {LONGEST} of 5,000 characters)")


def test_many_authors_are_counted_and_shown_on_request(desk: Desk) -> None:
    many = [Score(f"s{i}", "q", ScoreKind.NUMBER, "t1", value=1.0, author=f"a{i}") for i in range(40)]
    desk.show(others=many)
    assert desk.panel.others.more.text() == "showing 6 of 40 authors: show all"
    desk.click(desk.panel.others.more)
    assert not desk.panel.others.more.isVisible()


def test_evidence_is_chosen_and_removed(desk: Desk) -> None:
    desk.show(Judgement(evidence=EVIDENCE), lost=EVIDENCE[1:])
    rows = desk.panel.evidence
    assert "not found" in rows.row_words(1)
    assert "not found" not in rows.row_words(0)
    desk.click(rows, QPoint(60, 10))
    desk.click(rows, QPoint(rows.width() - 10, 10))
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    desk.press(Key.Key_Down, Key.Key_Delete)
    assert desk.said == [("evidence_chosen", "e1"), ("evidence_removed", "e1"), ("evidence_removed", "e2")]
    assert desk.fired == []


def test_agreement_leads_to_the_conflicts(desk: Desk) -> None:
    assert desk.panel.agreement.text() == "with grace on 40 shared traces: κ = 0.71 · 5 conflicts to settle →"
    desk.click(desk.panel.agreement)
    assert desk.all_of("agreement_wanted") == [()]
    desk.panel.show_agreement("", 0)
    assert not desk.panel.agreement.isVisible()


def test_the_dataset_button_adds_and_asks_for_one_where_there_is_none(desk: Desk) -> None:
    assert desk.panel.dataset.main.text() == "Add to dataset “refunds”"
    desk.click(desk.panel.dataset.main)
    desk.click(desk.panel.dataset.menu)
    desk.panel.show_dataset("refunds", True)
    assert desk.panel.dataset.main.isChecked()
    assert desk.panel.dataset.main.text() == "In dataset “refunds”"
    desk.panel.show_dataset(None, False)
    desk.panel.press_dataset()
    assert [values[0] for values in desk.said] == ["dataset_toggled", "dataset_menu_wanted", "dataset_menu_wanted"]
    assert isinstance(desk.said[1][1], QPoint)


def test_saving_is_told_and_a_failure_says_why(desk: Desk) -> None:
    desk.panel.show_saved("saving…")
    assert desk.panel.saved.words == "saving…"
    desk.panel.show_saved("Your verdict could not be saved: the disk is full.")
    assert desk.panel.saved.words == ""
    assert desk.panel.failure.isVisible()
    desk.panel.show_saved("saved")
    assert not desk.panel.failure.isVisible()


def test_what_follows_a_verdict_is_chosen(desk: Desk) -> None:
    desk.click(desk.panel.advance.button("stay"))
    assert desk.all_of("advance_changed") == [("stay",)]
    desk.panel.set_advance("move")
    assert desk.panel.advance.value == "move"
    assert desk.all_of("advance_changed") == [("stay",)]


def test_the_verdict_and_the_dataset_stay_in_sight_whatever_is_scrolled(desk: Desk) -> None:
    desk.show(Judgement(note="word " * 500), others=OTHERS)
    bar = desk.panel.area.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    QApplication.processEvents()
    box = desk.panel.rect()
    for widget in (*desk.panel.verdicts.buttons.values(), desk.panel.dataset.main):
        assert box.contains(widget.mapTo(desk.panel, widget.rect().topLeft()))
        assert box.contains(widget.mapTo(desk.panel, widget.rect().bottomRight()))
    assert desk.panel.area.horizontalScrollBar().maximum() == 0


def test_tab_goes_down_the_panel_and_reaches_everything(desk: Desk) -> None:
    desk.define(SUMMARY, GROUNDED)
    desk.define(NUMBER, TONE, GROUNDED, SUMMARY)
    desk.show(Judgement(evidence=EVIDENCE), others=OTHERS)
    desk.panel.verdicts.buttons[Verdict.PASS].setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    for _ in range(60):
        widget = QApplication.focusWidget()
        assert widget is not None
        if widget is desk.other:
            break
        assert widget not in seen, "the way goes in a circle"
        seen.append(widget)
        desk.press(Key.Key_Tab)
    panel = desk.panel
    wanted = {*panel.verdicts.buttons.values(), panel.note.editor, panel.modes.list, panel.modes.field.line,
              *(row.field for row in panel.scores.rows), panel.correction.editor, panel.evidence, panel.agreement,
              panel.dataset.main, panel.dataset.menu}  # fmt: skip
    assert wanted <= set(seen)
    heights = [
        widget.mapTo(panel.body, QPoint(0, widget.height() // 2)).y()
        for widget in seen
        if panel.body.isAncestorOf(widget)
    ]
    assert heights == sorted(heights)
    assert all(widget.accessibleName() for widget in seen)


def test_key_caps_come_from_outside(desk: Desk) -> None:
    button = desk.panel.verdicts.buttons[Verdict.PASS]
    assert "(P)" in button.toolTip()
    desk.panel.show_keys({"review.pass": "Ctrl+Shift+F12"})
    assert "(Ctrl+Shift+F12)" in button.toolTip()
    assert "(" not in desk.panel.verdicts.buttons[Verdict.FAIL].toolTip()
    assert desk.panel.modes.list.key_of(desk.panel.modes.list.rows[0]) == ""


def test_both_themes_draw_it_anew(desk: Desk, qapp: QApplication) -> None:
    try:
        dark = desk.panel.grab().toImage()
        apply_theme(qapp, "light")
        QApplication.processEvents()
        light = desk.panel.grab().toImage()
        spots = [(20, 4), (desk.panel.width() - 20, desk.panel.height() - 4)]
        assert all(
            dark.pixelColor(*spot).lightness() < 60 < 200 < light.pixelColor(*spot).lightness() for spot in spots
        )
        note = desk.panel.note
        spot = note.mapTo(desk.panel, QPoint(note.width() // 2, note.height() - 4))
        assert light.pixelColor(spot).lightness() > 200 > 60 > dark.pixelColor(spot).lightness()
    finally:
        apply_theme(qapp, "dark")
