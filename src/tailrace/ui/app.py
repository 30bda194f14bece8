"""Start the window: the application object, its hooks for errors, one window a database."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from tailrace import DESKTOP_ID
from tailrace.errors import TailraceError
from tailrace.ui.main_window import MainWindow
from tailrace.ui.models.garbage import GarbageCollection
from tailrace.ui.theme import apply_theme, brand_application
from tailrace.workspace import SettingsStore

log = logging.getLogger("tailrace.ui")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Windows:
    """The open windows; the last one closed ends the program."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._open: list[MainWindow] = []

    def add(self, paths: Sequence[Path] = (), demo: bool = False) -> MainWindow:
        """Show a window, then open what it is for: it paints before any file is touched."""
        window = MainWindow(self._settings)
        window.window_wanted.connect(self.add)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.destroyed.connect(self._forget)
        self._open.append(window)
        if demo:
            window.painted.connect(window.opener.open_demo)
        elif paths:
            window.painted.connect(partial(window.open, list(paths)))
        window.show()
        return window

    def report(self, error: BaseException) -> None:
        """Show a bug where a person sees it."""
        if isinstance(error, Exception) and (shown := [window for window in self._open if window.isVisible()]):
            shown[-1].show_failure(error)

    def _forget(self) -> None:
        self._open = [window for window in self._open if isValid(window)]


def make_application(arguments: Sequence[str] = ("tailrace",)) -> QApplication:
    """The application object, dressed as the settings say."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(list(arguments))
    app.setApplicationName("Tailrace")
    app.setApplicationDisplayName("Tailrace")
    app.setDesktopFileName(DESKTOP_ID)
    return app


def run(paths: Sequence[Path], demo: bool = False) -> int:
    """Open a window on `paths` (none: on what was opened last, else the welcome page) and run until the last window
    closes; the exit code. Raises TailraceError where no window can be shown."""
    if not has_display():
        raise TailraceError(
            "There is no display to show a window on.",
            "`tailrace info`, `traces`, `trace` and `screenshot` work without one.",
        )
    # imports run Python on other threads: short turns keep the window fluent
    sys.setswitchinterval(0.001)
    app = make_application()
    settings = SettingsStore()
    apply_theme(app, settings.current.theme)
    brand_application(app)
    windows = Windows(settings)
    _hook_errors(windows)
    GarbageCollection(app)
    last = [Path(name) for name in settings.current.last_opened if settings.current.reopen_last]
    windows.add(paths or (last if all(path.exists() for path in last) else ()), demo)
    return app.exec()


def has_display() -> bool:
    """Whether a window could be seen here."""
    if sys.platform in ("win32", "darwin"):
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform in ("offscreen", "minimal"):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's own messages go where ours go. Offscreen windows say of each that they cannot be resized by a manager."""
    if "propagateSizeHints" not in message:
        log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", message)


def _hook_errors(windows: Windows) -> None:
    def in_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("unexpected error", exc_info=(kind, error, trace))
        windows.report(error)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log.error("unexpected error in a thread", exc_info=args.exc_value)

    sys.excepthook = in_main
    threading.excepthook = in_thread
    qInstallMessageHandler(log_qt)
