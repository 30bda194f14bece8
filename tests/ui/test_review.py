"""Reviewing in the real window, with keys alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.store.written import make
from tests.ui.driving import SECOND, START, settle
from tests.ui.queueing import (
    CTRL,
    NO,
    Open,
    key,
    place,
    queue,
    review,
    scores,
    states,
    type_,
)

from tailrace.model.review import PASSED
from tailrace.store.writer import Writer

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
