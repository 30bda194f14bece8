"""The first page: opening by key, by a click and by dropping; what was open, and what other tools keep."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tailrace.model import ImportProgress
from tailrace.ui.main_window import MainWindow
from tailrace.ui.views.welcome.drop_area import DropLook
from tailrace.ui.views.welcome.file_list import ROW_HEIGHT, FileLine, FileList
from tailrace.workspace import SettingsStore

COPY, MOVE, NOTHING = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction, Qt.DropAction.IgnoreAction
HOUR_NS = 3_600 * 10**9


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path / "llm"))
    monkeypatch.delenv("PHOENIX_WORKING_DIR", raising=False)
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "settings.json")


@pytest.fixture
def window(qtbot: QtBot, home: Path, settings: SettingsStore) -> Iterator[MainWindow]:
    window = MainWindow(settings)
    window.resize(1100, 700)
    yield window
    window.close()
    window.deleteLater()


def show(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitActive(window):
        window.show()
    # what follows the first paint is done once the page behind this one is made
    made = window.pages.traces
    qtbot.waitUntil(lambda: made.made is not None and not window.session.jobs.busy, timeout=5_000)


def lines(window: MainWindow) -> tuple[FileLine, ...]:
    return recent_list(window).files.lines


def recent_list(window: MainWindow) -> FileList:
    assert window.welcome.recent is not None
    return window.welcome.recent


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag_in(window: MainWindow, data: QMimeData) -> QDragEnterEvent:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(300, 300), COPY | MOVE, data, buttons, keys)
    QApplication.sendEvent(window, event)
    return event


def drag_on(window: MainWindow, data: QMimeData) -> QDragMoveEvent:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragMoveEvent(QPoint(320, 310), COPY | MOVE, data, buttons, keys)
    QApplication.sendEvent(window, event)
    return event


def let_go(window: MainWindow, data: QMimeData) -> QDropEvent:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(320, 310), COPY | MOVE, data, buttons, keys)
    event.setDropAction(MOVE)  # as a file manager proposes within one disk
    QApplication.sendEvent(window, event)
    return event


def settled(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.session.jobs.busy, timeout=5_000)


def test_files_in_the_air_are_looked_at_and_opened_once_let_go(
    qtbot: QtBot, window: MainWindow, database: Path
) -> None:
    show(qtbot, window)
    area, data = window.welcome.area, files(database)
    assert area.look is DropLook.IDLE
    assert drag_in(window, data).isAccepted()
    assert area.words[0] == "Drop to open support.tailrace"
    settled(qtbot, window)
    assert (area.look, area.words[1]) == (DropLook.OFFER, "Tailrace database")
    assert drag_on(window, data).dropAction() is COPY
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert area.look is DropLook.IDLE
    drag_in(window, data)
    assert let_go(window, data).dropAction() is COPY, "what was moved here would be deleted where it lies"
    assert area.words[0] == "Opening support.tailrace…"
    qtbot.waitUntil(lambda: window.page.model.rowCount() == 40, timeout=10_000)
    assert not window.welcome.isVisible()
    qtbot.waitUntil(lambda: not window.session.jobs.busy and not window.page.is_waiting, timeout=10_000)


def test_what_cannot_be_opened_is_refused_while_it_is_in_the_air(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    show(qtbot, window)
    area = window.welcome.area
    notes = tmp_path / "notes.txt"
    notes.write_text("bread, milk")
    text, address = QMimeData(), QMimeData()
    text.setText("status:error")
    address.setUrls([QUrl("https://example.com/traces.jsonl")])
    for data, why in (
        (files(tmp_path), "is a folder, not a trace file"),
        (files(notes), "notes.txt is text of an unknown kind, which Tailrace does not read."),
        (files(tmp_path / "gone.jsonl"), "gone.jsonl"),
        (text, "This is text; save it as a file first."),
        (address, "This is an address on the network; save the file first."),
    ):
        drag_in(window, data)
        settled(qtbot, window)
        moved = drag_on(window, data)
        assert area.look is DropLook.REFUSED
        assert why in area.words[1]
        assert (moved.isAccepted(), moved.dropAction()) == (True, NOTHING), "else nobody would say that it leaves"
        assert let_go(window, data).dropAction() is NOTHING
        assert area.look is DropLook.IDLE
        assert not window.session.jobs.busy, "nothing is opened"


def test_recent_files_by_key_and_what_became_of_them(
    qtbot: QtBot, window: MainWindow, settings: SettingsStore, tmp_path: Path, database: Path
) -> None:
    gone, other = tmp_path / "gone.jsonl", tmp_path / "other.jsonl"
    other.write_bytes(b"x" * 4_100)
    settings.update(recent_files=(str(gone), str(database), str(other)), opened_ns={str(other): 1})
    window.welcome.show_recent()
    show(qtbot, window)
    recent = recent_list(window)
    assert QApplication.focusWidget() is recent, "the keys begin at the newest file"
    assert [line.missing for line in lines(window)] == [True, False, False]
    assert lines(window)[2].facts[0].endswith(" d ago")
    assert lines(window)[2].facts[1] == "4.1 kB"
    assert f"Not there any more: {tmp_path}" in lines(window)[0].spoken
    qtbot.keyClick(recent, Qt.Key.Key_Delete)
    assert [line.title for line in lines(window)] == ["support.tailrace", "other.jsonl"]
    assert settings.current.recent_files == (str(database), str(other))
    assert "gone.jsonl is off the list" in window.status.text
    qtbot.keyClick(recent, Qt.Key.Key_Down)
    qtbot.keyClick(recent, Qt.Key.Key_Up)
    qtbot.keyClick(recent, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.model.rowCount() == 40, timeout=10_000)
    assert settings.current.opened_ns.keys() == {str(database), str(other)}
    assert settings.current.opened_ns[str(database)] > 10**18
    qtbot.waitUntil(lambda: not window.session.jobs.busy and not window.page.is_waiting, timeout=10_000)


def test_the_cross_at_the_end_of_a_row_removes_and_a_click_elsewhere_opens(
    qtbot: QtBot, window: MainWindow, settings: SettingsStore, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{name}.jsonl" for name in ("a", "b")]
    settings.update(recent_files=tuple(map(str, paths)))
    window.welcome.show_recent()
    show(qtbot, window)
    recent, asked = recent_list(window), []
    window.welcome.file_wanted.disconnect()
    window.welcome.file_wanted.connect(asked.append)
    width = recent.viewport().width()
    button = Qt.MouseButton.LeftButton
    qtbot.mouseClick(recent.viewport(), button, pos=QPoint(100, ROW_HEIGHT + 10))
    assert asked == [paths[1]]
    for left in ([paths[1]], []):
        qtbot.mouseClick(recent.viewport(), button, pos=QPoint(width - 10, 10))
        assert [line.path for line in lines(window)] == left
    assert asked == [paths[1]]
    assert not recent.isVisible()
    assert QApplication.focusWidget() is window.welcome.area.open


def test_what_other_tools_keep_is_offered_and_not_opened(qtbot: QtBot, window: MainWindow, home: Path) -> None:
    (home / "llm").mkdir()
    (home / "llm" / "logs.db").write_bytes(b"x" * 1_500)
    (home / ".phoenix").mkdir()
    (home / ".phoenix" / "phoenix.db").write_bytes(b"")  # made, never used
    show(qtbot, window)
    found = window.welcome.found
    assert found is not None
    assert found.isVisible()
    assert [(line.title, line.facts[1]) for line in found.files.lines] == [("llm: logs.db", "1.5 kB")]
    assert window.session.workspace is None
    with qtbot.waitSignal(window.welcome.file_wanted) as asked:
        found.setFocus()
        qtbot.keyClick(found, Qt.Key.Key_Return)
    assert asked.args == [home / "llm" / "logs.db"]
    settled(qtbot, window)
    assert "logs.db" in window.messages.text, "it is none, and the message says so"
    assert window.welcome.area.look is DropLook.IDLE


def test_opening_shows_how_far_it_is_and_can_be_stopped(qtbot: QtBot, window: MainWindow) -> None:
    show(qtbot, window)
    welcome = window.welcome

    def make(ticket: object) -> Path:
        ticket.progress(ImportProgress("demo", "reading", 1_400, 3_000, "traces", 19_000, 0.1))  # type: ignore[attr-defined]
        while True:
            ticket.check()  # type: ignore[attr-defined]

    window.session.open_made(make, "the demo", Path("demo.tailrace"))
    qtbot.waitUntil(lambda: "1,400 of 3,000 traces" in welcome.area.words[1], timeout=5_000)
    assert welcome.area.words[0] == "Opening the demo…"
    assert not welcome.demo.isEnabled()
    assert not window.import_strip.isVisible(), "it is said once"
    qtbot.mouseClick(welcome.area.cancel, Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert welcome.area.look is DropLook.IDLE
    assert welcome.demo.isEnabled()
    assert window.status.text == ""
    assert QApplication.focusWidget() is welcome.area.open


def test_all_of_it_can_be_reached_by_tab_and_has_a_name(
    qtbot: QtBot, window: MainWindow, settings: SettingsStore, home: Path
) -> None:
    (home / "llm").mkdir()
    (home / "llm" / "logs.db").write_bytes(b"x")
    settings.update(recent_files=(str(home / "a.jsonl"),))
    window.welcome.show_recent()
    show(qtbot, window)
    welcome = window.welcome
    assert welcome.area.open.accessibleDescription() == "Key: Ctrl+O"
    welcome.area.open.setFocus()
    assert welcome.found is not None
    order = [welcome.area.open, welcome.demo, welcome.found, welcome.recent, welcome.shortcuts]
    reached = []
    for _ in order:
        widget = QApplication.focusWidget()
        assert widget is not None
        reached.append(widget)
        assert widget.accessibleName() or getattr(widget, "text", str)()
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert reached == order
    with qtbot.waitSignal(welcome.demo_wanted):
        window.welcome.demo_wanted.disconnect(window.opener.open_demo)
        welcome.demo.setFocus()
        qtbot.keyClick(welcome.demo, Qt.Key.Key_Return)
    with qtbot.waitSignal(welcome.open_wanted):
        window.welcome.open_wanted.disconnect(window.opener.ask)
        welcome.area.open.setFocus()
        qtbot.keyClick(welcome.area.open, Qt.Key.Key_Return)


def test_files_grow_older_while_they_are_looked_at(
    qtbot: QtBot, window: MainWindow, settings: SettingsStore, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.update(recent_files=(str(database),), opened_ns={str(database): time.time_ns()})
    window.welcome.show_recent()
    show(qtbot, window)
    former = lines(window)[0]
    assert former.facts[0] == "just now"
    aging = window.welcome._aging
    assert (aging.isActive(), aging.interval()) == (True, 60_000)
    later = time.time_ns() + 12 * 60 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: later)
    aging.timeout.emit()
    assert lines(window)[0].facts == ("12 min ago", former.facts[1])
    recent_list(window)._remove(former)  # a menu that was opened before
    assert not lines(window)
    window.hide()
    assert not aging.isActive()
