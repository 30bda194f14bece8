"""The whole window, driven as a person does: open, find, read, judge, close, reopen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.driving import SECOND, START, press, rows, settle

from tailrace.model import ImportProgress, TraceFilter
from tailrace.ui.main_window import MainWindow
from tailrace.ui.views.filter_bar import TimeRange
from tailrace.ui.views.filter_bar.dropdown import Dropdown
from tailrace.ui.views.trace_list import ROW_ROLE
from tailrace.workspace import Workspace


def test_opening_shows_the_newest_trace_with_its_spans_and_messages(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    assert rows(window) == 40
    assert window.page.model.index(0).data(ROW_ROLE).start_ns == START + 39 * 60 * SECOND
    assert window.page.trace is not None
    assert list(window.page.trace.tree.names) == ["support_agent.run", "chat gpt-4o", "lookup_order"]
    assert "40 of 40 traces" in window.status.text
    assert window.page.waterfall.selected_id() == "a" * 16
    assert not window.messages.isVisible()


def test_typing_a_filter_narrows_the_list_and_back_and_forward_walk_the_steps(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    press(qtbot, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(QApplication.focusWidget(), "status:error latency:>10s")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(window) == 7, timeout=5_000)
    settle(qtbot, window)
    assert "7 of 40 traces" in window.status.text
    window.run_command("filter.back")
    qtbot.waitUntil(lambda: rows(window) > 7, timeout=5_000)
    while window.session.history.can_go_back:
        window.run_command("filter.back")
    qtbot.waitUntil(lambda: rows(window) == 40, timeout=5_000)
    while window.session.history.can_go_forward:
        window.run_command("filter.forward")
    qtbot.waitUntil(lambda: rows(window) == 7, timeout=5_000)
    settle(qtbot, window)


def test_proposals_stay_open_while_what_is_typed_is_applied(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    press(qtbot, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(QApplication.focusWidget(), "status:error mod")
    qtbot.waitUntil(lambda: rows(window) == 0, timeout=5_000)
    settle(qtbot, window)
    dropdown = window.findChild(Dropdown)
    assert dropdown is not None
    assert dropdown.isVisible()
    press(qtbot, Qt.Key.Key_Tab)
    assert window.filter_row.bar.text() == "status:error model:"
    settle(qtbot, window)


def test_letters_typed_into_the_filter_judge_nothing(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    press(qtbot, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(QApplication.focusWidget(), "undue")
    settle(qtbot, window)
    assert window.filter_row.bar.text() == "undue"
    assert window.judging.stack.count() == 0


def test_a_wrong_filter_says_why_and_leaves_the_list_as_it_was(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    press(qtbot, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(QApplication.focusWidget(), "nonsense:4")
    press(qtbot, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert rows(window) == 40


def test_keys_go_to_the_next_trace_and_to_the_error(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    for _ in range(3):
        press(qtbot, Qt.Key.Key_J)
    settle(qtbot, window)
    assert window.page.list.currentIndex().row() == 3
    press(qtbot, Qt.Key.Key_E)
    settle(qtbot, window)
    assert window.session.selection.span_id == "c" * 16
    press(qtbot, Qt.Key.Key_K)
    settle(qtbot, window)
    assert window.page.list.currentIndex().row() == 2


def test_a_thumb_by_key_is_saved_shown_undone_redone_and_there_after_reopening(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)

    def thumb() -> int | None:
        return window.page.model.index(0).data(ROW_ROLE).thumb

    press(qtbot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: thumb() == 0, timeout=5_000)
    settle(qtbot, window)
    press(qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: thumb() is None, timeout=5_000)
    settle(qtbot, window)
    press(qtbot, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: thumb() == 0, timeout=5_000)
    settle(qtbot, window)
    press(qtbot, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: thumb() == 1, timeout=5_000)
    settle(qtbot, window)
    window.close()
    again = open_window(database)
    assert again.page.model.index(0).data(ROW_ROLE).thumb == 1
    # and it can be filtered for
    again.filter_row.apply("thumb:up")
    qtbot.waitUntil(lambda: rows(again) == 1, timeout=5_000)
    settle(qtbot, again)


def test_a_verdict_goes_where_the_window_says_also_after_reopening(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    for key in (Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_E):
        press(qtbot, key)
        settle(qtbot, window)
    assert window.page.inspector.target == "span"
    press(qtbot, Qt.Key.Key_D)
    settle(qtbot, window)
    key = window.session.selection.trace_key
    assert key is not None
    workspace = Workspace(database)
    try:
        assert [score.span_id for score in workspace.scores_of_trace(key)] == ["c" * 16]
        window.close()
        again = open_window(database)
        settle(qtbot, again)
        assert again.page.inspector.target == "span"
        again.page.list.setFocus()
        press(qtbot, Qt.Key.Key_D)
        settle(qtbot, again)
        assert workspace.scores_of_trace(key) == []
    finally:
        workspace.close()


def test_proposals_stay_while_the_list_follows_the_typing(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    press(qtbot, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(QApplication.focusWidget(), "name:supp")
    qtbot.wait(500)
    settle(qtbot, window)
    assert rows(window) == 0
    assert window.filter_row.bar.proposals() == ["support_agent.run"]
    press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(window) == 40, timeout=5_000)
    settle(qtbot, window)
    window.run_command("filter.back")
    settle(qtbot, window)
    assert window.filter_row.bar.text() in ("", "name:supp")


def test_the_last_so_and_so_long_is_that_again_after_reopening(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    hour = TimeRange(600 * SECOND)
    window.filter_row.times.set_range(hour)
    window.filter_row.times.changed.emit(hour)
    qtbot.waitUntil(lambda: rows(window) == 11, timeout=5_000)
    settle(qtbot, window)
    window.close()
    again = open_window(database)
    settle(qtbot, again)
    assert rows(again) == 11
    assert again.filter_row.times.range() == hour


def test_a_note_is_written_by_key_and_survives(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    press(qtbot, Qt.Key.Key_N)
    qtbot.keyClicks(QApplication.focusWidget(), "wrong policy, u and d are letters here")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.model.index(0).data(ROW_ROLE).note_count == 1, timeout=5_000)
    settle(qtbot, window)
    workspace = Workspace(database)
    try:
        key = window.session.selection.trace_key
        assert key is not None
        (note,) = workspace.scores_of_trace(key)
        assert (note.comment, note.author) == ("wrong policy, u and d are letters here", "ada")
    finally:
        workspace.close()


def test_finding_in_a_trace_counts_steps_and_dims(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    press(qtbot, Qt.Key.Key_Slash)
    qtbot.keyClicks(QApplication.focusWidget(), "order")
    qtbot.waitUntil(lambda: "of 3" in window.page.find_bar.count_text, timeout=5_000)
    press(qtbot, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert window.session.selection.span_id == "b" * 16
    assert window.page.find_bar.count_text == "2 of 3"
    press(qtbot, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert window.page.find_bar.isHidden()


def test_dragging_on_the_histogram_filters_by_time(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    view = window.page.histogram
    middle = view.width() // 2
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(middle, 30))
    qtbot.mouseMove(view, QPoint(middle + 30, 30))
    qtbot.mouseMove(view, QPoint(view.width() - 12, 30))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() - 12, 30))
    qtbot.waitUntil(lambda: 0 < rows(window) < 40, timeout=5_000)
    settle(qtbot, window)
    assert window.session.history.current.since_ns is not None
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(middle, 30))
    qtbot.waitUntil(lambda: rows(window) == 40, timeout=5_000)
    settle(qtbot, window)


def test_a_file_that_is_no_trace_is_refused_with_a_sentence(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path, tmp_path: Path
) -> None:
    window = open_window(database)
    poem = tmp_path / "poem.txt"
    poem.write_text("Roses are red")
    window.open([poem])
    qtbot.waitUntil(window.messages.isVisible, timeout=5_000)
    assert "poem.txt" in window.messages.text
    assert rows(window) == 40
    settle(qtbot, window)


def test_dropping_a_file_opens_it_in_a_window_of_its_own(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(database))])
    event = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(window.window_wanted) as wanted:
        window.dropEvent(event)
    assert wanted.args == [[database]]


def test_every_command_can_be_run_from_the_palette(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    press(qtbot, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_overlay.isVisible()
    qtbot.keyClicks(QApplication.focusWidget(), "collapse all")
    press(qtbot, Qt.Key.Key_Return)
    assert not window.palette_overlay.isVisible()
    settle(qtbot, window)


def test_switching_the_theme_repaints_all(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    dark = window.grab().toImage()
    window.run_command("view.theme-light")
    light = window.grab().toImage()
    try:
        assert dark.pixelColor(700, 700).lightness() < 60 < 200 < light.pixelColor(700, 700).lightness()
    finally:
        window.run_command("view.theme-dark")


def test_the_theme_follows_the_system_while_it_is_left_to_it(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(database)
    hints = QApplication.styleHints()
    scheme = Qt.ColorScheme.Dark
    monkeypatch.setattr("tailrace.ui.theme.style.system_scheme", lambda app: scheme)

    def lightness() -> int:
        return window.grab().toImage().pixelColor(700, 700).lightness()

    def say(to: Qt.ColorScheme) -> None:
        nonlocal scheme
        scheme = to
        hints.colorSchemeChanged.emit(to)

    try:
        window.run_command("view.theme-system")
        assert lightness() < 60
        say(Qt.ColorScheme.Light)
        assert lightness() > 200
        window.run_command("view.theme-dark")
        say(Qt.ColorScheme.Light)
        assert lightness() < 60  # the person's own choice stands
    finally:
        window.run_command("view.theme-dark")


def test_a_window_begins_where_the_last_one_on_that_file_ended(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    window.filter_row.apply("status:error")
    qtbot.waitUntil(lambda: rows(window) == 10, timeout=5_000)
    settle(qtbot, window)
    for key in (Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_E, Qt.Key.Key_BracketLeft):
        window.page.list.setFocus()
        press(qtbot, key)
        settle(qtbot, window)
    before = window.page.place()
    window.close()
    again = open_window(database)
    settle(qtbot, again)
    assert rows(again) == 10
    assert again.page.place() == before
    assert again.page.list.currentIndex().row() == 2


def test_a_right_click_value_becomes_a_term_of_the_filter(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    window.run_command("trace.same-session")
    qtbot.waitUntil(lambda: rows(window) == 8, timeout=5_000)
    settle(qtbot, window)
    assert window.filter_row.bar.text() == "session:s-4"


def test_a_shown_verdict_survives_kill_9(database: Path) -> None:
    """A process gives a thumb, says that it is shown as saved, and is killed at that moment."""
    program = f"""
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtCore import QTimer
from tailrace.ui.app import make_application
from tailrace.ui.main_window import MainWindow
from tailrace.ui.views.filter_bar import TimeRange
from tailrace.ui.views.trace_list import ROW_ROLE
from tailrace.workspace import SettingsStore
app = make_application()
window = MainWindow(SettingsStore(Path({str(database)!r}).with_name("other-settings.json")))
window.show()
window.open([Path({str(database)!r})])
pressed = False
def look():
    global pressed
    row = window.page.model.index(0).data(ROW_ROLE) if window.page.model.rowCount() else None
    if row is not None and row.thumb == 0:
        print("shown", row.trace_id, flush=True)
        os.kill(os.getpid(), 9)
    if row is not None and window.page.trace is not None and not pressed and not window.session.jobs.busy:
        pressed = True
        window.run_command("trace.thumb-down")
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
    word, trace_id = run.stdout.split()
    assert word == "shown"
    workspace = Workspace(database)
    try:
        listed = workspace.list_traces(TraceFilter("thumb:down"))
        (row,) = workspace.read_rows(listed.keys.tolist())
        assert row.trace_id == trace_id
    finally:
        workspace.close()


def test_traces_appear_while_an_import_runs(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    listed: list[object] = []
    window.page.counted.connect(listed.append)
    news = ImportProgress("traces.jsonl", "reading", 1, 2, "bytes", 100, 1.0)
    session = window.session
    session._import_began = session._listed_at = time.monotonic() - 5
    session._tell_progress(news)
    qtbot.waitUntil(lambda: len(listed) == 1)
    session._tell_progress(news)
    assert not session.jobs.runs("trace-list"), "not again at once"
