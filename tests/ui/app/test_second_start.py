"""What a second start asks for is found in the windows that are open, or opened in one."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.app.conftest import Program, Start

from tailrace.ui.app.application import Application, display_name
from tailrace.ui.app.door import Answer, hand_over
from tailrace.workspace.folders import demo_database
from tailrace.workspace.second_start import Request


def files_of(program: Program) -> list[list[str]]:
    return [[path.name for path in window.session.files] for window in program.windows.open]


def test_a_file_goes_to_its_window_else_to_an_empty_one_else_to_a_new_one(
    qtbot: QtBot, start: Start, database: Path
) -> None:
    other = database.with_name("other.tailrace")
    shutil.copy(database, other)
    program = start()
    window = program.only
    ask = program.windows.take
    assert ask(Request((str(database),))) is window
    assert ask(Request((str(database),))) is window, "it is being opened there"
    program.settle()
    second = ask(Request((str(other),)))
    assert second is not window
    assert ask(Request((str(other),))) is second, "it will be opened there once it has painted"
    program.settle()
    assert files_of(program) == [["support.tailrace"], ["other.tailrace"]]
    window.showMinimized()
    assert ask(Request((str(database),))) is window
    qtbot.waitUntil(window.isActiveWindow, timeout=5_000)
    assert not window.isMinimized()
    assert files_of(program) == [["other.tailrace"], ["support.tailrace"]], "the one looked at last is the last"
    assert ask(Request()) is window, "without files the one that was looked at last"
    second.activateWindow()
    qtbot.waitUntil(second.isActiveWindow, timeout=5_000)
    assert ask(Request()) is second


def test_a_file_that_is_no_trace_says_so_in_the_empty_window_which_stays_empty(
    qtbot: QtBot, start: Start, database: Path
) -> None:
    poem = database.with_name("poem.txt")
    poem.write_text("Roses are red")
    program = start()
    program.windows.take(Request((str(poem),)))
    qtbot.waitUntil(program.only.messages.isVisible, timeout=5_000)
    assert "poem.txt" in program.only.messages.text
    assert program.only.session.files == ()
    assert program.windows.take(Request((str(database),))) is program.only
    program.settle()
    assert files_of(program) == [["support.tailrace"]]


def test_the_demo_is_opened_once(start: Start, database: Path) -> None:
    shutil.copy(database, demo_database())
    program = start(demo=True)
    assert files_of(program) == [["demo.tailrace"]]
    assert program.windows.take(Request(demo=True)) is program.only


def test_through_the_door_and_back(qtbot: QtBot, start: Start, database: Path) -> None:
    program = start()
    qtbot.waitUntil(lambda: program.lock.told() != "", timeout=5_000)
    where = program.lock.told()
    results: list[Answer] = []
    request = Request((str(database),))
    thread = threading.Thread(target=lambda: results.append(hand_over(where, request, display_name())))
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=10_000)
    program.settle()
    assert results == [Answer.TAKEN]
    assert files_of(program) == [["support.tailrace"]]
    program.end()
    assert hand_over(where, request, display_name()) is Answer.NOBODY


def test_a_double_click_under_macos_opens_the_file_in_the_program_that_runs(
    qtbot: QtBot, qapp: QApplication, start: Start, database: Path
) -> None:
    assert isinstance(qapp, Application)
    program = start()
    QApplication.postEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(database))))
    qtbot.waitUntil(lambda: files_of(program) == [["support.tailrace"]], timeout=5_000)
    program.settle()
    QApplication.postEvent(qapp, QFileOpenEvent(str(database)))  # again, and what is no file of this computer
    QApplication.postEvent(qapp, QFileOpenEvent(QUrl("https://example.org/x.jsonl")))
    QApplication.sendPostedEvents(qapp, QEvent.Type.FileOpen)
    assert files_of(program) == [["support.tailrace"]]
