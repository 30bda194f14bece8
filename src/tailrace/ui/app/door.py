"""Where a second start knocks: it hands its files to the program that runs.

A local socket (a named pipe under Windows) that only the same user can open. That is no network: nothing leaves the
computer, no port is listened on, and nothing else can be asked for than to open files or to raise a window. This is the
one place that may import QtNetwork, and no more of it than these two classes.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from enum import Enum, auto
from hashlib import blake2b
from pathlib import Path
from time import monotonic, sleep

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from tailrace import DESKTOP_ID
from tailrace.workspace.second_start import (
    MOST_BYTES,
    TAKEN,
    Request,
    read_greeting,
    read_request,
    write_greeting,
    write_request,
)

PATIENCE_S = 1.0  # with a program that does not answer
_MOST_VISITORS = 16
_VISIT_MS = 2_000
_TURN_MS = 20
_ABSENT = (QLocalSocket.LocalSocketError.ServerNotFoundError, QLocalSocket.LocalSocketError.ConnectionRefusedError)


class Answer(Enum):
    """What came of knocking."""

    TAKEN = auto()
    NOBODY = auto()  # nobody listens there now
    NO = auto()  # somebody does, but does not answer, or shows its windows elsewhere


class Door(QObject):
    """Listens while it is open.

    Signals: `asked(object)` a Request that has come in, after it was answered.
    """

    asked = Signal(object)

    def __init__(self, display: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._greeting = write_greeting(display)
        self._visits: set[_Visit] = set()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)

    def open(self, where: str) -> bool:
        """Listen at `where`; whether that can be done. Only who holds the lock may: what lies there from a program that
        was killed is removed."""
        QLocalServer.removeServer(where)
        return self._server.listen(where)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()
        for visit in tuple(self._visits):
            visit.end()

    def _welcome(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            if len(self._visits) >= _MOST_VISITORS:
                socket.abort()
                socket.deleteLater()
                continue
            visit = _Visit(socket, self)
            self._visits.add(visit)
            visit.asked.connect(self.asked)
            visit.left.connect(self._forget)
            socket.write(self._greeting)
            socket.flush()

    def _forget(self, visit: object) -> None:
        if isinstance(visit, _Visit):
            self._visits.discard(visit)
            visit.deleteLater()


class _Visit(QObject):
    """One who knocked: says one line within two seconds, or is shown out."""

    asked = Signal(object)
    left = Signal(object)

    def __init__(self, socket: QLocalSocket, parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        socket.setParent(self)
        socket.setReadBufferSize(MOST_BYTES + 1)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self._leave)
        self._said = b""
        self._is_over = False
        QTimer.singleShot(_VISIT_MS, self, self.end)

    def end(self) -> None:
        """Show it out."""
        self._socket.abort()
        self._leave()

    def _leave(self) -> None:
        if not self._is_over:
            self._is_over = True
            self.left.emit(self)

    def _read(self) -> None:
        if self._is_over:
            return
        self._said += bytes(self._socket.readAll().data())
        line, end, more = self._said.partition(b"\n")
        if not end and len(self._said) <= MOST_BYTES:
            return
        request = read_request(line) if end and not more else None
        if request is None:
            self.end()
            return
        self._socket.write(TAKEN)
        self._socket.flush()
        self._socket.disconnectFromServer()
        self.asked.emit(request)


def place_to_listen(folder: Path) -> str:
    """The name of the local socket of a data folder. It lies where only its user can look."""
    whose = f"{_user()}\0{folder}"
    name = f"{DESKTOP_ID}-{blake2b(os.fsencode(whose), digest_size=8).hexdigest()}"
    if sys.platform == "win32":
        return name
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return os.path.join(runtime if _is_own(runtime) else folder, name)


def hand_over(where: str, request: Request, display: str) -> Answer:
    """Knock at `where`. Nothing is said before the other side has greeted: of one that hangs, nothing is asked that it
    might do later."""
    until = monotonic() + PATIENCE_S
    socket = QLocalSocket()
    try:
        socket.connectToServer(where)
        if not _wait(socket, socket.waitForConnected, until):
            return Answer.NOBODY if socket.error() in _ABSENT else Answer.NO
        if read_greeting(_read_line(socket, until)) != display:
            return Answer.NO
        _let_come_forward()
        socket.write(write_request(request))
        while socket.bytesToWrite():
            if not _wait(socket, socket.waitForBytesWritten, until):
                return Answer.NO
        return Answer.TAKEN if _read_line(socket, until) == TAKEN else Answer.NO
    finally:
        socket.abort()


def _read_line(socket: QLocalSocket, until: float) -> bytes:
    """A line; empty where none comes in time."""
    while not socket.canReadLine():
        if socket.bytesAvailable() > MOST_BYTES or not _wait(socket, socket.waitForReadyRead, until):
            return b""
    return bytes(socket.readLine(MOST_BYTES).data())


def _wait(socket: QLocalSocket, wait: Callable[[int], bool], until: float) -> bool:
    """Whether what is waited for happened in time. In short turns, because waiting keeps other threads from running."""
    while monotonic() < until:
        if wait(_TURN_MS):
            return True
        if socket.state() is QLocalSocket.LocalSocketState.UnconnectedState:
            return False
        sleep(0.001)
    return False


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _is_own(folder: str) -> bool:
    if sys.platform == "win32" or not folder:
        return False
    try:
        found = os.stat(folder)
    except OSError:
        return False
    return found.st_uid == os.getuid() and not found.st_mode & 0o077


def _let_come_forward() -> None:
    """Windows lets only the program that the person started come to the front, unless that one allows another."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)
