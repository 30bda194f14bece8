"""Reviewing in the real window, with keys alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.store.written import make
from tests.ui.driving import SECOND, START, rows, settle
from tests.ui.queueing import (
    CTRL,
    NO,
    Open,
    key,
    keys,
    place,
    queue,
    review,
    scores,
    states,
    trace_ids,
    type_,
    verdict,
)

from tailrace.model.review import DEFERRED, FAILED, OPEN, PASSED, Verdict
from tailrace.store.writer import Writer
from tailrace.ui.views.trace_list import ROW_ROLE

_NOTE = "60 days: f, p"


def test_two_hundred_items_take_two_keys_a_pass_and_four_a_fail_with_mode_and_note(
    qtbot: QtBot, open_window: Open, tmp_path: Path
) -> None:
    path = tmp_path / "many.tailrace"
    with Writer(path) as writer:
        writer.write(
            [
                make("a" * 16, trace_id=f"{n + 1:032x}", name="run", start_ns=START + n * SECOND,
                     end_ns=START + n * SECOND + 9, input=f"question {n}", input_key="input.value",
                     output=f"answer {n}", output_key="output.value")
                for n in range(200)
            ]
        )  # fmt: skip
        writer.settle()
    queue(path, None)
    window = open_window(path)
    review(qtbot, window)
    reviewing = window.review.reviewing
    needed: dict[str, set[int]] = {"pass": set(), "fail": set()}
    for n in range(200):
        qtbot.waitUntil(lambda n=n: place(window) == n and reviewing.item is not None, timeout=5_000)  # type: ignore[misc]
        pressed: list[Qt.Key] = []

        def press(code: Qt.Key, modifier: Qt.KeyboardModifier = NO, pressed: list[Qt.Key] = pressed) -> None:
            pressed.append(code)
            key(qtbot, code, modifier)

        if n % 10:
            press(Qt.Key.Key_P)
        else:
            press(Qt.Key.Key_1)
            press(Qt.Key.Key_N)
            assert QApplication.focusWidget() is window.review.panel.note.editor
            type_(qtbot, f"{_NOTE} {n}")
            press(Qt.Key.Key_Return, CTRL)
            press(Qt.Key.Key_Space)
        needed["fail" if len(pressed) > 1 else "pass"].add(len(pressed))
    settle(qtbot, window)
    assert needed == {"pass": {1}, "fail": {4}}
    assert window.review.middle.is_done
    found = scores(path)
    by_name: dict[str, list[object]] = {}
    for score in found:
        by_name.setdefault(score.name, []).append(score)
    assert states(window).count(PASSED) == 180
    assert sum(score.value == 1.0 for score in found if score.name == "thumb") == 180
    assert sum(score.value == 0.0 for score in found if score.name == "thumb") == 20
    assert sorted(score.comment or "" for score in found if score.name == "note") == sorted(
        f"{_NOTE} {n}" for n in range(0, 200, 10)
    )
    assert len(by_name["failure_mode"]) == 20
    with sqlite3.connect(path) as other:
        visited = other.execute("SELECT count(DISTINCT trace_id), sum(spent_ms) FROM review_visit").fetchone()
    other.close()
    assert visited[0] == 200
    assert visited[1] > 0


def test_a_verdict_moves_on_and_staying_is_kept_for_the_next_time(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database)
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    assert place(window) == 0
    keys(qtbot, window, "p")
    assert (place(window), states(window)[0], verdict(database, items[0])) == (1, PASSED, Verdict.PASS)
    assert window.review.panel.saved.words == "saved"
    keys(qtbot, window, " k")
    assert place(window) == 1
    key(qtbot, Qt.Key.Key_Backspace)
    settle(qtbot, window)
    assert place(window) == 0
    keys(qtbot, window, "o")
    assert place(window) == 1
    window.run_command("review.stay")
    keys(qtbot, window, "f")
    assert (place(window), verdict(database, items[1])) == (1, Verdict.FAIL)
    key(qtbot, Qt.Key.Key_Delete)
    settle(qtbot, window)
    assert (verdict(database, items[1]), states(window)[1]) == (None, OPEN)
    window.close()
    again = open_window(database)
    review(qtbot, again)
    assert place(again) == 1
    assert again.actions_of["review.stay"].isChecked()
    keys(qtbot, again, "p")
    assert place(again) == 1


def test_keys_quicker_than_the_disk_come_to_what_was_pressed_last(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database)
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    window.run_command("review.stay")
    for code in (Qt.Key.Key_P, Qt.Key.Key_F, Qt.Key.Key_Delete, Qt.Key.Key_P, Qt.Key.Key_1, Qt.Key.Key_1, Qt.Key.Key_1):
        key(qtbot, code)
        qtbot.wait(1)
    settle(qtbot, window)
    assert verdict(database, items[0]) is Verdict.PASS
    assert [score.label for score in scores(database, items[0]) if score.name == "failure_mode"] == ["wrong policy"]
    assert window.review.reviewing.said.verdict is Verdict.PASS
    # one undo for each key
    for _ in range(7):
        key(qtbot, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert scores(database, items[0]) == []
    assert (window.review.reviewing.said.verdict, states(window)[0]) == (None, OPEN)


def test_the_end_offers_what_was_deferred_and_the_next_queue(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, 3)
    queue(database, 2, name="second")
    window = open_window(database)
    key(qtbot, Qt.Key.Key_2, CTRL)
    settle(qtbot, window)
    window.review.open_queue("first")
    settle(qtbot, window)
    keys(qtbot, window, "pdp")
    done = window.review.middle.done
    assert window.review.middle.is_done
    assert states(window) == [PASSED, DEFERRED, PASSED]
    assert done.deferred.isVisible()
    assert done.next.isVisible()
    done.deferred.setFocus()
    key(qtbot, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert (place(window), window.review.middle.is_done) == (1, False)
    keys(qtbot, window, "f")
    assert window.review.middle.is_done
    assert not done.deferred.isVisible()
    done.next.setFocus()
    key(qtbot, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert window.review.reviewing.queue is not None
    assert window.review.reviewing.queue.queue.queue_id == "second"
    assert not window.review.middle.is_done
    keys(qtbot, window, "p")
    assert states(window).count(PASSED) >= 1


def test_a_deferred_item_is_not_down_anywhere(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, 3)
    window = open_window(database)
    review(qtbot, window)
    window.run_command("review.stay")
    keys(qtbot, window, "dt")
    qtbot.waitUntil(lambda: window.page.trace is not None, timeout=5_000)
    settle(qtbot, window)
    assert window.page.trace is not None
    assert window.page.trace.row.trace_id == trace_ids(database)[0]
    assert window.page.trace.row.thumb is None
    assert window.page.list.currentIndex().data(ROW_ROLE).thumb is None
    for text, count in (("thumb:down", 0), ("thumb:none", 40)):
        window.filter_row.apply(text)
        qtbot.waitUntil(lambda count=count: rows(window) == count, timeout=5_000)  # type: ignore[misc]
        settle(qtbot, window)


def test_undo_and_redo_go_back_to_the_item_with_its_glyph_and_the_progress(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database)
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "p")  # the first
    keys(qtbot, window, "1")  # the second: the mode, and Fail with it
    assert (states(window)[:2], place(window)) == ([PASSED, FAILED], 1)
    keys(qtbot, window, "n")
    type_(qtbot, "wrong")
    key(qtbot, Qt.Key.Key_Return, CTRL)
    keys(qtbot, window, "  ")
    assert place(window) == 3

    def undo() -> None:
        key(qtbot, Qt.Key.Key_Z, CTRL)
        settle(qtbot, window)

    def redo() -> None:
        key(qtbot, Qt.Key.Key_Y, CTRL)
        settle(qtbot, window)

    undo()
    assert (place(window), window.review.panel.note.editor.text) == (1, "")
    undo()
    assert (place(window), states(window)[:2], verdict(database, items[1])) == (1, [PASSED, OPEN], None)
    undo()
    assert (place(window), states(window)[:2], verdict(database, items[0])) == (0, [OPEN, OPEN], None)
    progress = window.review.reviewing.progress
    assert progress is not None
    assert (progress.passed, progress.failed) == (0, 0)
    # on another page it is the same
    key(qtbot, Qt.Key.Key_1, CTRL)
    redo()
    assert verdict(database, items[0]) is Verdict.PASS
    key(qtbot, Qt.Key.Key_2, CTRL)
    settle(qtbot, window)
    assert (place(window), states(window)[0]) == (0, PASSED)
    # and beside the items
    key(qtbot, Qt.Key.Key_F8)
    settle(qtbot, window)
    redo()
    assert verdict(database, items[1]) is Verdict.FAIL
    redo()
    key(qtbot, Qt.Key.Key_F7)
    settle(qtbot, window)
    assert (place(window), states(window)[:2]) == (1, [PASSED, FAILED])
    assert window.review.panel.note.editor.text == "wrong"


def test_undo_while_typing_is_the_fields_own(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database)
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "pn")
    type_(qtbot, "abc")
    key(qtbot, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert window.review.panel.note.editor.text != "abc"
    assert (place(window), states(window)[0]) == (1, PASSED)


def test_putting_back_and_removing_a_queue_can_be_taken_back(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, 3)
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "p")
    keys(qtbot, window, "kr")
    assert (place(window), states(window)[0]) == (0, OPEN)
    key(qtbot, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert window.review.reviewing.queue is not None
    assert window.review.reviewing.queue.trace_ids == items
    assert (place(window), states(window)[0]) == (0, PASSED)
    window.review.exchange.remove_queue("first")
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.review.reviewing.queue is None, timeout=5_000)
    assert window.review.start.isVisible()
    assert "Removed the queue" in window.status.text
    key(qtbot, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.review.reviewing.item is not None, timeout=5_000)
    assert window.review.reviewing.queue.queue.queue_id == "first"
    assert verdict(database, items[0]) is Verdict.PASS


def test_what_is_being_written_is_kept_when_the_window_closes(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, 3)
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "n")
    type_(qtbot, "not told yet")
    window.close()
    assert [score.comment for score in scores(database, items[0])] == ["not told yet"]


def test_the_program_comes_back_to_the_same_item(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database)
    queue(database, 4, name="second")
    window = open_window(database)
    key(qtbot, Qt.Key.Key_2, CTRL)
    settle(qtbot, window)
    window.review.open_queue("first")
    settle(qtbot, window)
    keys(qtbot, window, "p  ")
    shown = window.review.reviewing.target
    window.close()
    again = open_window(database)
    review(qtbot, again)
    assert again.review.reviewing.queue is not None
    assert again.review.reviewing.queue.queue.queue_id == "first"
    assert again.review.reviewing.target == shown
    assert states(again)[0] == PASSED


def test_the_waterfall_is_one_key_away_and_the_keys_still_judge(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database)
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "w")
    side = window.review.middle.waterfall
    assert window.review.middle.currentWidget() is side
    focus = QApplication.focusWidget()
    assert focus is not None
    assert side.isAncestorOf(focus)
    keys(qtbot, window, "pfd")
    assert states(window)[:3] == [PASSED, FAILED, DEFERRED]
    assert side._trace is not None
    assert window.review.reviewing.target is not None
    assert side._trace.row.trace_id == window.review.reviewing.target.trace_id
    keys(qtbot, window, "w")
    assert window.review.middle.currentWidget() is not side
    keys(qtbot, window, "p")
    assert states(window)[3] == PASSED


def test_time_is_counted_only_while_the_item_is_seen(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database)
    window = open_window(database)
    review(qtbot, window)
    visiting = window.review.reviewing.visiting
    assert visiting.runs
    keys(qtbot, window, "p")
    key(qtbot, Qt.Key.Key_1, CTRL)
    key(qtbot, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert not visiting.runs
    key(qtbot, Qt.Key.Key_2, CTRL)
    key(qtbot, Qt.Key.Key_F8)
    key(qtbot, Qt.Key.Key_1, CTRL)
    key(qtbot, Qt.Key.Key_2, CTRL)
    settle(qtbot, window)
    assert not visiting.runs
    key(qtbot, Qt.Key.Key_F7)
    settle(qtbot, window)
    assert visiting.runs
