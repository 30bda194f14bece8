"""The application object: dressed for desktops, and told by them about files and about quitting."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from tailrace import DESKTOP_ID

_SCALE = "QT_SCALE_FACTOR"


class Application(QApplication):
    """Signals: `files_wanted(object)` a list of Paths that the desktop wants opened (macOS sends them to the program
    that runs); `quitting()` before the first window closes because all are to be closed.
    """

    files_wanted = Signal(object)
    quitting = Signal()

    def event(self, event: QEvent) -> bool:
        """Qt: what is said to the application itself. An event filter would see every event of every widget."""
        if isinstance(event, QFileOpenEvent):
            if name := event.url().toLocalFile() or event.file():
                self.files_wanted.emit([Path(name)])
                return True
        elif event.type() is QEvent.Type.Quit:
            self.quitting.emit()
        return super().event(event)


def make_application(arguments: Sequence[str] = ("tailrace",), scale_percent: int = 100) -> Application:
    """The application object. `scale_percent` is the size of text and controls, unless the environment says another; it
    cannot be changed later."""
    existing = QApplication.instance()
    if isinstance(existing, Application):
        app = existing
    else:
        ours = scale_percent != 100 and _SCALE not in os.environ
        if ours:
            os.environ[_SCALE] = str(scale_percent / 100)
        app = Application(list(arguments))
        if ours:
            del os.environ[_SCALE]  # it is read once; a program that is started by this one has a scale of its own
    app.setApplicationName("Tailrace")
    app.setApplicationDisplayName("Tailrace")
    app.setDesktopFileName(DESKTOP_ID)
    return app


def has_display() -> bool:
    """Whether a window could be seen here."""
    if sys.platform in ("win32", "darwin"):
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform in ("offscreen", "minimal"):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def display_name() -> str:
    """Where windows of this process are shown. Two that differ are screens of different desks: a shell that came in
    from another computer has one of its own."""
    if sys.platform in ("win32", "darwin"):
        return ""
    host, _, number = os.environ.get("DISPLAY", "").rpartition(":")
    return f"{os.environ.get('WAYLAND_DISPLAY', '')}|{host}:{number.partition('.')[0]}"
