"""The top row of the Review page: what fits, what opens and what is asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from tests.ui.views.review.queues import summary

from tailrace.model.review import Queue, QueueSummary
from tailrace.ui.views.review.queue_bar import QueueBar

WORDS = "68 of 200 · 41 pass · 23 fail · 4 deferred · ~9 s each · 20 min left"


def shown(qtbot: QtBot, width: int = 1200, queues: list[QueueSummary] | None = None) -> QueueBar:
    bar = QueueBar()
    qtbot.addWidget(bar)
    bar.show_queues([summary("Prod errors"), summary("Random 100")] if queues is None else queues, "prod-errors")
    bar.show_progress(200, 41, 23, 4, WORDS)
    bar.show_reviewers(["grace"], "ada")
    bar.resize(width, 30)
    with qtbot.waitExposed(bar):
        bar.show()
    return bar


def parts_in_order(bar: QueueBar) -> list[tuple[int, int]]:
    widgets = (bar.queue, bar.line, bar.words, bar.switch, bar.reviewer, bar.export)
    return [(part.geometry().left(), part.geometry().right()) for part in widgets if part.width()]


@pytest.mark.parametrize("width", [560, 640, 713, 800, 1000, 1213, 2400])
def test_nothing_overlaps_and_nothing_is_cut_off_at_any_width(qtbot: QtBot, width: int) -> None:
    bar = shown(qtbot, width, [summary("Prod errors " * 20), summary("Prod errors")])
    places = parts_in_order(bar)
    assert all(end < begin for (_, end), (begin, _) in pairwise(places))
    assert places[0][0] >= 0
    assert places[-1][1] < width
    assert WORDS.startswith(bar.words.shown)


def test_words_go_from_the_right_where_there_is_little_room(qtbot: QtBot) -> None:
    assert shown(qtbot, 1600).words.shown == WORDS
    assert shown(qtbot, 1000).words.shown.startswith("68 of 200 · 41 pass · 23 fail")
    narrow = shown(qtbot, 713)
    assert narrow.words.shown == "68 of 200", "what is left at a window of 1100"
    assert narrow.words.accessibleName() == WORDS


def test_a_queue_is_chosen_by_keys(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    chosen: list[str] = []
    bar.queue_chosen.connect(chosen.append)
    bar.queue.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(bar.queue, Qt.Key.Key_Space)
    assert bar.popup.isVisible()
    assert bar.popup.rows.currentItem().text() == "Prod errors", "opens at the current one"
    qtbot.keyClick(bar.popup.rows, Qt.Key.Key_Down)
    qtbot.keyClick(bar.popup.rows, Qt.Key.Key_Return)
    assert chosen == ["random-100"]
    assert not bar.popup.isVisible()


def test_among_many_queues_one_is_found_by_typing(qtbot: QtBot) -> None:
    bar = shown(qtbot, queues=[summary(f"Queue {i}") for i in range(300)])
    chosen: list[str] = []
    bar.queue_chosen.connect(chosen.append)
    bar.open_queues()
    qtbot.keyClicks(bar.popup.line, "queue 29")
    assert bar.popup.rows.count() == 13, "29, 129, 229 and 290 to 299"
    qtbot.keyClick(bar.popup.line, Qt.Key.Key_Down)
    qtbot.keyClick(bar.popup.line, Qt.Key.Key_Return)
    assert chosen == ["queue-129"]
    bar.open_queues()
    qtbot.keyClicks(bar.popup.line, "nowhere")
    assert bar.popup.rows.count() == 0
    qtbot.keyClick(bar.popup.line, Qt.Key.Key_Return)
    assert chosen == ["queue-129"]
    bar.popup.hide()


def test_escape_and_a_click_beside_close_the_list(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    bar.reviewer.setFocus()
    bar.open_queues()
    qtbot.keyClick(bar.popup.rows, Qt.Key.Key_Escape)
    assert not bar.popup.isVisible()
    assert bar.reviewer.hasFocus(), "the person goes on where they were"
    qtbot.mouseClick(bar.queue, Qt.MouseButton.LeftButton)
    assert bar.popup.isVisible()
    qtbot.mouseClick(bar.queue, Qt.MouseButton.LeftButton)
    assert not bar.popup.isVisible(), "the button closes what it opened"
    bar.open_queues()
    qtbot.mouseClick(bar.line, Qt.MouseButton.LeftButton)
    assert not bar.popup.isVisible()


def test_the_list_closes_when_the_focus_goes_elsewhere(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    bar.activateWindow()
    bar.open_queues()
    qtbot.waitUntil(bar.popup.rows.hasFocus)
    bar.export.setFocus()
    assert not bar.popup.isVisible()
    assert bar.export.hasFocus()


def test_hostile_names_are_text_and_make_no_keys(qtbot: QtBot) -> None:
    bar = shown(qtbot, queues=[replace(summary("x"), queue=Queue("prod-errors", "R&D <b>\n now"))])
    assert bar.queue.text() == "R&D <b> now"
    assert bar.queue.shortcut().isEmpty()
    bar.show_reviewers(["a&b"], "c&d\ne")
    assert [one.text() for one in bar.reviewers.actions() if one.isCheckable()] == ["c&&d e", "a&&b"]
    assert bar.reviewer.shortcut().isEmpty()
    bar.open_queues()
    assert not bar.popup.grab().isNull()
    bar.popup.hide()


def test_keys_of_the_page_wait_while_a_button_or_the_list_has_the_focus(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    pressed: list[str] = []
    for key in ("Space", "P", "Return"):
        QShortcut(QKeySequence(key), bar).activated.connect(lambda key=key: pressed.append(key))
    bar.activateWindow()
    bar.queue.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(bar.queue.hasFocus)
    qtbot.keyClick(bar.queue, Qt.Key.Key_P)
    assert pressed == ["P"], "a letter is the page's"
    qtbot.keyClick(bar.queue, Qt.Key.Key_Return)
    assert bar.popup.isVisible()
    qtbot.keyClick(bar.popup.rows, Qt.Key.Key_P)
    qtbot.keyClick(bar.popup.rows, Qt.Key.Key_Escape)
    qtbot.keyClick(bar.queue, Qt.Key.Key_Space)
    assert bar.popup.isVisible()
    bar.popup.hide()
    assert pressed == ["P"]


def test_edit_and_remove_name_the_queue_on_show(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    asked: list[object] = []
    bar.edit_queue_wanted.connect(asked.append)
    bar.remove_queue_wanted.connect(asked.append)
    bar.new_queue_wanted.connect(lambda: asked.append("new"))
    for button in (bar.popup.edit, bar.popup.remove, bar.popup.new):
        bar.open_queues()
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert not bar.popup.isVisible()
    assert asked == ["prod-errors", "prod-errors", "new"]


def test_without_a_queue_there_is_no_progress_and_nothing_to_edit(qtbot: QtBot) -> None:
    bar = shown(qtbot, queues=[])
    assert not bar.line.isVisible()
    assert not bar.words.isVisible()
    assert not bar.popup.edit.isEnabled()
    assert bar.queue.text() == "none yet"


def test_a_blind_queue_is_marked(qtbot: QtBot) -> None:
    blind = summary("Prod errors")
    blind = replace(blind, queue=replace(blind.queue, blind=True))
    assert shown(qtbot, queues=[blind]).blind.isVisible()
    assert not shown(qtbot).blind.isVisible()


def action(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


def test_another_reviewer_is_chosen_or_asked_for(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    chosen: list[str] = []
    bar.reviewer_chosen.connect(chosen.append)
    assert [one.text() for one in bar.reviewers.actions() if one.text()] == ["ada", "grace", "Another name…"]
    assert action(bar.reviewers, "ada").isChecked()
    action(bar.reviewers, "grace").trigger()
    assert chosen == ["grace"]
    with qtbot.waitSignal(bar.reviewer_wanted):
        action(bar.reviewers, "Another name…").trigger()


def test_the_ways_out_are_told_apart(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    asked: list[str] = []
    bar.export_wanted.connect(asked.append)
    for one in bar.exports.actions():
        if not one.isSeparator():
            one.trigger()
    assert asked == ["labels", "dataset", "report", "review", "merge"]


def test_the_view_is_switched_by_a_person_only(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    views: list[str] = []
    bar.view_chosen.connect(views.append)
    qtbot.mouseClick(bar.switch.button("modes"), Qt.MouseButton.LeftButton)
    bar.set_view("agreement")
    assert views == ["modes"]
    assert bar.switch.value == "agreement"


def test_the_progress_is_told_in_words_as_well(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    assert bar.line.accessibleName() == "Progress: 41 passed, 23 failed, 4 deferred, 132 open of 200"


def test_tooltips_and_menus_name_the_keys_as_they_are_set(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    bar.show_keys({"review.modes": "F8", "review.new-queue": "Ctrl+N", "review.export-labels": "Ctrl+E"})
    assert bar.switch.button("modes").toolTip().endswith("(F8)")
    assert bar.popup.new.toolTip().endswith("(Ctrl+N)")
    assert "Labels…\tCtrl+E" in [action.text() for action in bar.exports.actions()]
    bar.show_keys({})
    assert "Labels…" in [action.text() for action in bar.exports.actions()]
