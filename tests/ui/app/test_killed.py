"""The program as a process of its own: killed while somebody judges, ended by signals, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.ui.app.conftest import Start
from tests.ui.driving import press, settle
from tests.ui.queueing import keys, queue, scores, trace_ids, verdict

from tailrace.model.review import Verdict
from tailrace.workspace import SettingsStore
from tailrace.workspace.open_windows import OpenWindowsFile

# The real start, but for the display, which is offscreen; `look` is called every millisecond
_PROGRAM = """
import os, sys
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tailrace.ui.app import keeping, start
from tailrace.ui.app import windows as windows_module
from tailrace.ui.main_window import MainWindow
from tailrace.workspace.open_windows import OpenWindowsFile
start.has_display = lambda: True
keeping._EVERY_MS = 20
made = []
class Window(MainWindow):
    def __init__(self, settings, former):
        super().__init__(settings, former)
        self.judging.author = "ada"
        made.append(self)
        self.timer = QTimer(self)
        self.timer.timeout.connect(look)
        self.timer.start(1)
windows_module.MainWindow = Window
step = 0
"""


def run(program: str, *files: Path) -> subprocess.CompletedProcess[str]:
    text = f"{_PROGRAM}\n{program}\nsys.exit(start.run([Path(name) for name in sys.argv[1:]]))"
    return subprocess.run(
        [sys.executable, "-c", text, *map(str, files)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_killed_while_judging_nothing_is_stuck_and_the_next_start_goes_on_at_that_item(
    qtbot: QtBot, start: Start, database: Path
) -> None:
    queue(database)
    ended = run(
        """
def die(change):
    print("shown", flush=True)
    os.kill(os.getpid(), 9)
def look():
    global step
    window = made[0]
    if step == 0 and window.session.workspace is not None and not window.session.jobs.busy:
        step = 1
        window.show_page("review")
    elif step == 1 and window.review.reviewing.item is not None and QApplication.focusWidget() is not None:
        kept = OpenWindowsFile().read()
        if any("queue_id" in blob and "first" in blob for one in kept.windows for blob in one.blobs.values()):
            step = 2
            window.review.reviewing.state_changed.connect(die)
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F)
""",
        database,
    )
    assert ended.stdout == "shown\n", ended.stderr
    if sys.platform != "win32":
        assert ended.returncode == -signal.SIGKILL
    first, second = trace_ids(database)[:2]
    assert verdict(database, first) is Verdict.FAIL

    program = start()
    window = program.only
    assert window.reopening.text.endswith("One file was open: support.tailrace.")
    press(qtbot, Qt.Key.Key_Return)
    program.settle()
    assert window.rail.current == "review"
    qtbot.waitUntil(lambda: window.review.reviewing.item is not None, timeout=10_000)
    settle(qtbot, window)
    window.review.middle.focus()
    item = window.review.reviewing.item
    assert item is not None
    if item.row.trace_id == first:  # the kill was quicker than the note that the next one is on show
        keys(qtbot, window, "o")
    keys(qtbot, window, "p")
    assert verdict(database, second) is Verdict.PASS
    assert len(scores(database)) == 2


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="a new process runs beside there")
def test_a_restart_closes_properly_and_starts_again_with_all_windows(
    database: Path,
) -> None:
    settings = SettingsStore()
    settings.update(scale_percent=150)
    again = database.with_name("again.txt")
    ended = run(
        f"""
import sys
def start_again(file, arguments, environment):
    kept = OpenWindowsFile().read()
    said = (arguments[1:], kept.ended, len(kept.windows), "QT_SCALE_FACTOR" in environment)
    Path({str(again)!r}).write_text(repr(said))
    sys.exit(0)
os.execve = start_again
seen = []
def look():
    global step
    if not seen:
        seen.append("PySide6.QtNetwork" in sys.modules)
    if step == 0 and made[0].session.workspace is not None and not made[0].session.jobs.busy:
        step = 1
        print(made[0].devicePixelRatioF(), seen[0], flush=True)
        made[0].window_wanted.emit([Path(sys.argv[1])])
    elif step == 1 and made[-1].session.workspace is not None and len(made) == 2:
        step = 2
        made[0].restart_wanted.emit()
""",
        database,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "1.5 False\n", "")
    assert again.read_text() == "(['-m', 'tailrace'], True, 2, False)"
    kept = OpenWindowsFile().read()
    assert kept is not None
    assert (kept.ended, [one.files for one in kept.windows]) == (True, [(str(database),)] * 2)
    assert "place:" in str(kept)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_a_signal_is_heard_while_nothing_happens(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from tailrace.ui.app import ending

    heard: list[Any] = []
    monkeypatch.setattr(ending.QApplication, "quit", lambda: heard.append(1))
    before = signal.getsignal(signal.SIGTERM)
    signals = ending.Signals()
    os.kill(os.getpid(), signal.SIGTERM)
    qtbot.waitUntil(lambda: heard == [1], timeout=500)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, "once more ends it at once"
    signals.close()
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_frozen_program_starts_itself_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from tailrace.ui.app.ending import start_command

    assert start_command() == [sys.executable, "-m", "tailrace"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert start_command() == [sys.executable]
