"""The real window, driven from a measurement."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tailrace.ui.app import make_application
from tailrace.ui.main_window import MainWindow
from tailrace.ui.models.garbage import GarbageCollection
from tailrace.ui.theme import apply_theme
from tailrace.workspace import SettingsStore

_PATIENCE_S = 600.0
_FAILURES: list[Exception] = []


@contextmanager
def window() -> Iterator[MainWindow]:
    """An open window with settings of its own."""
    # as the program itself does
    sys.setswitchinterval(0.001)
    app = make_application()
    apply_theme(app, "dark")
    GarbageCollection(app)
    with TemporaryDirectory() as folder:
        opened = MainWindow(SettingsStore(Path(folder) / "settings.json"))
        _FAILURES.clear()
        opened.session.failed.connect(_FAILURES.append)
        opened.resize(1600, 1000)
        opened.show()
        try:
            yield opened
        finally:
            opened.close()
            opened.deleteLater()
            app.processEvents()


def wait_until(true: Callable[[], bool]) -> None:
    """Run the event loop until something is so; looks after every event and once a millisecond."""
    app = QApplication.instance()
    assert app is not None
    deadline = time.monotonic() + _PATIENCE_S
    heartbeat = QTimer()
    heartbeat.start(1)
    while not true():
        if _FAILURES:
            raise _FAILURES[0]
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not get there in ten minutes")


def wait_idle(shown: MainWindow) -> None:
    """Until nothing is under way any more."""
    quiet = time.monotonic()

    def is_quiet() -> bool:
        nonlocal quiet
        if shown.session.jobs.busy or shown.page.is_waiting:
            quiet = time.monotonic()
        return time.monotonic() - quiet > 0.2

    wait_until(is_quiet)


class Paints(QObject):
    """Counts the paint events of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.count += 1
        return False
