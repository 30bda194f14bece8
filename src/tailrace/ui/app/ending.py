"""Ending properly when a terminal, the system or the desktop asks for it; and starting again."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

_MODULE = "tailrace"


class Signals(QObject):
    """SIGTERM, SIGINT (Ctrl+C) and SIGHUP (the terminal is gone) close all windows; the same signal once more ends the
    program at once. Qt's loop runs no Python while nothing happens, so the signals wake it through a pipe."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._former: dict[int, object] = {}
        self._pipe: tuple[int, int] | None = None
        names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
        for number in (getattr(signal, name) for name in names if hasattr(signal, name)):
            self._former[number] = signal.signal(number, self._quit)
        if sys.platform != "win32":  # there the timers of the window do it, within a second
            self._pipe = os.pipe()
            for end in self._pipe:
                os.set_blocking(end, False)
            self._former_wakeup = signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
            self._notifier = QSocketNotifier(self._pipe[0], QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._wake)

    def close(self) -> None:
        """As it was before."""
        for number, former in self._former.items():
            signal.signal(number, former)  # type: ignore[arg-type]  # what signal.signal returned
        if self._pipe is not None:
            signal.set_wakeup_fd(self._former_wakeup)
            self._notifier.setEnabled(False)
            for end in self._pipe:
                os.close(end)
            self._pipe = None

    def _quit(self, number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        QApplication.quit()

    def _wake(self) -> None:
        """Python has run its handlers on the way here."""
        if self._pipe is not None:
            with suppress(BlockingIOError):
                os.read(self._pipe[0], 4_096)


def follow_desktop_session(app: QApplication, hold: Callable[[], None]) -> None:
    """The desktop logs out: `hold` keeps what is open, for nobody may be asked to quit before the end. At the next
    login it starts the program as it is started without files, and what was open is there."""

    def save(manager: QSessionManager) -> None:
        manager.setRestartCommand(start_command())

    app.commitDataRequest.connect(lambda _: hold())
    app.saveStateRequest.connect(save)


def start_command() -> list[str]:
    """How this program is started again, without files."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", _MODULE]


def start_again(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Start the program anew in place of this one, which has let go of everything. Returns only where a process cannot
    become another one: then the new one runs beside, and this one is to end."""
    environment = os.environ if environment is None else environment
    if sys.platform in ("win32", "darwin"):
        import subprocess

        subprocess.Popen(command, env=dict(environment), close_fds=True)
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], list(command), dict(environment))
