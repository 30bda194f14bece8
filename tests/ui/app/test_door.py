"""A second start hands its files to the program that runs: both sides, over a real local socket."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from tailrace.ui.app import door as door_module
from tailrace.ui.app.application import display_name
from tailrace.ui.app.door import Answer, Door, hand_over, place_to_listen
from tailrace.ui.app.start import handed_over
from tailrace.workspace.program_lock import DEAF, ProgramLock
from tailrace.workspace.second_start import MOST_BYTES, Request, write_request

ASKED = Request((os.path.abspath("a.jsonl"), os.path.abspath("b.jsonl")), token="t_TIME1")


@pytest.fixture
def where(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where to listen; the folders of tests are too deep for a local socket's name."""
    with TemporaryDirectory(prefix="tr") as folder:
        os.chmod(folder, 0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield place_to_listen(Path("/data"))


@pytest.fixture
def door(qtbot: QtBot, where: str) -> Iterator[Door]:
    door = Door(display_name())
    assert door.open(where)
    yield door
    door.close()


def meanwhile(qtbot: QtBot, work: Callable[[], object]) -> object:
    """What `work` returns on a thread of its own, while Qt's loop runs here."""
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=10_000)
    return results[0]


def asked_of(door: Door) -> list[Request]:
    asked: list[Request] = []
    door.asked.connect(asked.append)
    return asked


def test_files_and_token_arrive_and_the_second_start_is_told(qtbot: QtBot, door: Door, where: str) -> None:
    asked = asked_of(door)
    assert meanwhile(qtbot, lambda: hand_over(where, ASKED, display_name())) is Answer.TAKEN
    assert asked == [ASKED]
    many = Request(tuple(os.path.abspath(f"a file of traces {number}.jsonl") for number in range(3_000)))
    assert meanwhile(qtbot, lambda: hand_over(where, many, display_name())) is Answer.TAKEN
    assert asked == [ASKED, many]


@pytest.mark.skipif(sys.platform == "win32", reason="a named pipe is no file")
def test_only_its_user_may_knock(door: Door, where: str) -> None:
    assert os.stat(where).st_mode & 0o077 == 0
    assert os.stat(Path(where).parent).st_mode & 0o077 == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a named pipe is no file")
def test_where_others_may_write_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")
    assert Path(place_to_listen(tmp_path)).parent == tmp_path
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert Path(place_to_listen(tmp_path)).parent == tmp_path
    assert place_to_listen(tmp_path / "one") != place_to_listen(tmp_path / "two")


def test_windows_on_another_display_are_not_sent_for(qtbot: QtBot, door: Door, where: str) -> None:
    asked = asked_of(door)
    assert meanwhile(qtbot, lambda: hand_over(where, ASKED, "|elsewhere:10")) is Answer.NO
    qtbot.wait(20)
    assert asked == []


def test_nobody_there_and_what_a_killed_one_left(qtbot: QtBot, where: str) -> None:
    assert hand_over(where, ASKED, "") is Answer.NOBODY
    if sys.platform != "win32":
        Path(where).touch()
        assert hand_over(where, ASKED, "") is Answer.NOBODY
    door = Door(display_name())
    assert door.open(where)
    assert meanwhile(qtbot, lambda: hand_over(where, ASKED, display_name())) is Answer.TAKEN
    door.close()


def test_one_that_hangs_is_left_after_a_second_and_does_nothing_later(
    qtbot: QtBot, door: Door, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "PATIENCE_S", 0.2)
    asked = asked_of(door)
    began = time.monotonic()
    assert hand_over(where, ASKED, display_name()) is Answer.NO  # on this thread: no loop runs, nobody answers
    assert time.monotonic() - began < 1.0
    qtbot.wait(50)
    assert asked == []
    assert meanwhile(qtbot, lambda: hand_over(where, ASKED, display_name())) is Answer.TAKEN


def test_one_that_is_no_tailrace_is_told_nothing(qtbot: QtBot, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_module, "PATIENCE_S", 0.3)
    for greeting in (b"220 mail ready\r\n", b"{}\n", b"x" * 2_000):
        server = QLocalServer()
        heard: list[bytes] = []

        def greet(server: QLocalServer = server, greeting: bytes = greeting, heard: list[bytes] = heard) -> None:
            socket = server.nextPendingConnection()
            socket.readyRead.connect(lambda: heard.append(bytes(socket.readAll().data())))
            socket.write(greeting)
            socket.flush()

        server.newConnection.connect(greet)
        QLocalServer.removeServer(where)
        assert server.listen(where)
        assert meanwhile(qtbot, lambda: hand_over(where, ASKED, "")) is Answer.NO
        assert heard == []
        server.close()


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\n",
        b"\0" * 64 + b"\n",
        write_request(ASKED) + b"more",
        write_request(ASKED) * 2,
        b"x" * (MOST_BYTES + 10),
        b'{"tailrace": 1, "files": ["relative"], "demo": false, "token": ""}\n',
        b'{"tailrace": 1, "files": [], "demo": false, "token": "", "run": "rm"}\n',
    ],
    ids=lambda said: repr(said[:24]),
)
def test_wrong_visitors_are_shown_out(qtbot: QtBot, door: Door, where: str, said: bytes) -> None:
    asked = asked_of(door)
    visitor = QLocalSocket()
    visitor.connectToServer(where)
    visitor.write(said)
    qtbot.waitUntil(lambda: visitor.state() is QLocalSocket.LocalSocketState.UnconnectedState, timeout=5_000)
    assert asked == []
    assert b"taken" not in bytes(visitor.readAll().data())
    assert meanwhile(qtbot, lambda: hand_over(where, Request(), display_name())) is Answer.TAKEN


def test_visitors_who_say_nothing_keep_nobody_out_for_long(
    qtbot: QtBot, door: Door, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "_VISIT_MS", 50)
    silent = [QLocalSocket() for _ in range(40)]
    for socket in silent:
        socket.connectToServer(where)
    gone = QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: all(socket.state() is gone for socket in silent), timeout=5_000)
    assert meanwhile(qtbot, lambda: hand_over(where, ASKED, display_name())) is Answer.TAKEN


# ---- which of several starts it is ----


def test_the_first_has_the_lock_and_a_later_one_waits_until_it_listens(
    qtbot: QtBot, tmp_path: Path, where: str
) -> None:
    first = ProgramLock(tmp_path)
    assert not handed_over(first, ASKED)
    assert first.held
    door = Door(display_name())
    asked = asked_of(door)
    results: list[bool] = []
    later = [
        threading.Thread(target=lambda: results.append(handed_over(ProgramLock(tmp_path), ASKED))) for _ in range(4)
    ]
    for thread in later:
        thread.start()
    qtbot.wait(100)
    assert results == [], "it has not painted yet"
    assert door.open(where)
    first.tell(where)
    qtbot.waitUntil(lambda: not any(thread.is_alive() for thread in later), timeout=10_000)
    assert results == [True] * 4
    assert asked == [ASKED] * 4
    door.close()
    first.release()


def test_a_later_start_is_the_first_when_the_other_one_ends_or_dies_meanwhile(tmp_path: Path, where: str) -> None:
    first, second = ProgramLock(tmp_path), ProgramLock(tmp_path)
    assert first.take()
    first.tell(where)  # but it closed its door
    threading.Timer(0.1, first.release).start()
    assert not handed_over(second, ASKED)
    assert second.held
    second.release()


def test_one_that_cannot_listen_or_hangs_at_the_start_keeps_nobody_waiting(tmp_path: Path) -> None:
    first, second = ProgramLock(tmp_path), ProgramLock(tmp_path)
    assert first.take()
    began = time.monotonic()
    assert not handed_over(second, ASKED, starting_s=0.1)
    first.tell(DEAF)
    assert not handed_over(second, ASKED)
    assert time.monotonic() - began < 1.0
    assert not second.held
    first.release()
