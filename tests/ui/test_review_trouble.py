"""What can go wrong while reviewing, in the real window: nothing is lost, and nothing claims what is not so."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.store.first_version import write_first_version
from tests.store.written import make
from tests.ui.driving import SECOND, START, settle
from tests.ui.queueing import (
    CTRL,
    Open,
    key,
    keys,
    place,
    put,
    queue,
    review,
    said,
    scores,
    states,
    trace_ids,
    type_,
    verdict,
)

from tailrace.errors import DatabaseError
from tailrace.model import ImportProgress
from tailrace.model.review import FAILED, OPEN, PASSED, QueueItem, Verdict
from tailrace.review.judgement import note_score
from tailrace.store import connections
from tailrace.store.writer import Writer
from tailrace.workspace.reviews import Reviews


def test_what_cannot_be_saved_is_said_and_gone_back_to_and_nothing_claims_that_it_is(
    qtbot: QtBot, open_window: Open, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(database)
    window = open_window(database)
    review(qtbot, window)

    def refuse(self: Reviews, changes: object) -> None:
        raise DatabaseError("The disk is full.")

    claims: list[str] = []
    window.review.reviewing.saved.connect(claims.append)
    with monkeypatch.context() as patch:
        patch.setattr(Reviews, "apply", refuse)
        keys(qtbot, window, "p")
        qtbot.waitUntil(lambda: window.review.reviewing.item is not None, timeout=5_000)
        settle(qtbot, window)
        assert window.messages.isVisible()
        assert "The disk is full." in window.messages.text
        assert (place(window), states(window)[0]) == (0, OPEN)
        assert window.review.panel.failure.isVisible()
        assert "saved" not in claims
        assert window.review.panel.verdicts.buttons[Verdict.PASS].isChecked() is False
    keys(qtbot, window, "p")
    assert (place(window), states(window)[0]) == (1, PASSED)
    assert verdict(database, trace_ids(database)[0]) is Verdict.PASS


def test_a_trace_that_is_not_here_says_so_and_can_be_gone_past(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, 3, QueueItem("first", "f" * 32, -1))
    window = open_window(database)
    key(qtbot, Qt.Key.Key_2, CTRL)
    settle(qtbot, window)
    assert place(window) == 0
    assert "not in this database" in window.review.item_view.words.accessibleName()
    keys(qtbot, window, "p1ah")
    assert (place(window), states(window)[0]) == (0, OPEN)
    assert scores(database) == []
    keys(qtbot, window, " w")
    side = window.review.middle.waterfall
    assert window.review.middle.currentWidget() is side
    key(qtbot, Qt.Key.Key_Backspace)
    settle(qtbot, window)
    assert window.review.middle.currentWidget() is not side
    assert "not in this database" in window.review.item_view.words.accessibleName()
    keys(qtbot, window, "o")
    assert window.review.reviewing.item is not None


def test_an_empty_queue_says_so(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, 2, reviewers=("bob",), overlap=0.0)
    window = open_window(database)
    key(qtbot, Qt.Key.Key_2, CTRL)
    settle(qtbot, window)
    window.review.open_queue("first")
    settle(qtbot, window)
    assert "no traces for you" in window.review.item_view.words.accessibleName()
    keys(qtbot, window, "p o1aw")
    assert scores(database) == []


def test_what_others_write_is_seen_on_f5_and_what_is_being_typed_stays(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database)
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "n")
    type_(qtbot, "mine")
    put(
        database,
        said("ada", items[1], Verdict.FAIL),
        said("bob", items[0], Verdict.FAIL),
        note_score("bob", items[0], "another window"),
    )
    key(qtbot, Qt.Key.Key_F5)
    settle(qtbot, window)
    assert QApplication.focusWidget() is window.review.panel.note.editor
    assert window.review.panel.note.editor.text == "mine"
    assert (place(window), states(window)[:2]) == (0, [OPEN, FAILED])
    assert "bob" in {score.author for score in window.review.panel.others._shown[0]}
    qtbot.waitUntil(lambda: not window.review.panel.note.editor.is_unsaved, timeout=5_000)
    settle(qtbot, window)
    assert [score.comment for score in scores(database, items[0])] == ["mine"]


def test_two_windows_on_one_database_see_each_other(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database)
    first = open_window(database)
    review(qtbot, first)
    second = open_window(database)
    review(qtbot, second)
    keys(qtbot, second, "pf")
    assert states(first)[:2] == [OPEN, OPEN]
    first.activateWindow()
    qtbot.waitUntil(first.isActiveWindow, timeout=5_000)
    first.run_command("file.refresh")
    settle(qtbot, first)
    assert states(first)[:2] == [PASSED, FAILED]
    assert first.review.reviewing.said.verdict is Verdict.PASS
    assert place(first) == 0


def test_reviewing_goes_on_while_an_import_runs(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, 4, QueueItem("first", "e" * 32, 9))
    window = open_window(database)
    review(qtbot, window)
    session = window.session
    keys(qtbot, window, "pn")
    type_(qtbot, "half a sen")
    with Writer(database) as writer:
        writer.write([make("a" * 16, trace_id="e" * 32, name="new", start_ns=START, end_ns=START + SECOND)])
        writer.settle()
    session._import_began = session._listed_at = time.monotonic() - 5
    session._tell_progress(ImportProgress("traces.jsonl", "reading", 1, 2, "bytes", 100, 1.0))
    settle(qtbot, window)
    assert (place(window), states(window)[0]) == (1, PASSED)
    assert QApplication.focusWidget() is window.review.panel.note.editor
    type_(qtbot, "tence")
    key(qtbot, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert [score.comment for score in scores(database) if score.name == "note"] == ["half a sentence"]
    assert window.review.reviewing.queue is not None
    assert min(window.review.reviewing.queue.keys) >= 0, "the trace that was missing has come"


def test_a_verdict_that_the_list_shows_survives_kill_9(database: Path) -> None:
    """A process passes an item by key and is killed at the moment the glyph changes."""
    queue(database)
    program = f"""
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tailrace.ui.app import make_application
from tailrace.ui.main_window import MainWindow
from tailrace.workspace import SettingsStore
app = make_application()
window = MainWindow(SettingsStore(Path({str(database)!r}).with_name("other-settings.json")))
window.judging.author = "ada"
window.show()
window.open([Path({str(database)!r})])
step = 0
def die(change):
    print("shown", window.review.reviewing.queue.trace_ids[change[0]], change[1], flush=True)
    os.kill(os.getpid(), 9)
def look():
    global step
    if step == 0 and window.page.trace is not None and not window.session.jobs.busy:
        step = 1
        window.show_page("review")
        window.review.reviewing.state_changed.connect(die)
    elif step == 1 and window.review.reviewing.item is not None and QApplication.focusWidget() is not None:
        step = 2
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F)
timer = QTimer()
timer.timeout.connect(look)
timer.start(1)
app.exec()
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    if sys.platform != "win32":
        assert run.returncode == -signal.SIGKILL, run.stderr
    word, trace_id, state = run.stdout.split()
    assert (word, int(state)) == ("shown", FAILED)
    assert verdict(database, trace_id) is Verdict.FAIL


def refuse_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As root every folder is writable, so the refusal of read-only media is played."""

    def refuse(path: Path) -> None:
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode = sqlite3.SQLITE_READONLY
        raise error

    monkeypatch.setattr(connections, "_prepare", refuse)


def test_a_database_that_cannot_be_written_is_read_and_says_so(
    qtbot: QtBot, open_window: Open, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(database)
    refuse_writing(monkeypatch)
    window = open_window(database)
    review(qtbot, window)
    told: list[object] = []
    window.session.failed.connect(told.append)
    keys(qtbot, window, "   ")
    assert place(window) == 3
    assert len(told) == 1, "that looking cannot be recorded is said once"
    keys(qtbot, window, "p")
    assert len(told) == 2
    assert "read-only" in window.messages.text
    assert (place(window), states(window)) == (3, [OPEN] * 6)
    assert window.review.panel.failure.isVisible()
    assert "review" not in window.status.text.lower()
    assert scores(database) == []


def test_a_database_of_the_first_version_that_cannot_be_written_shows_the_start_and_says_why_no_queue_is_made(
    qtbot: QtBot, open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old.tailrace"
    write_first_version(old)
    refuse_writing(monkeypatch)
    window = open_window(old)
    window.messages.hide()
    key(qtbot, Qt.Key.Key_2, CTRL)
    settle(qtbot, window)
    assert window.review.start.isVisible()
    window.review.start.sampled.click()
    settle(qtbot, window)
    assert window.messages.isVisible()
    assert "read-only" in window.messages.text
    assert "Making" not in window.status.text
    assert window.review.start.isVisible()
