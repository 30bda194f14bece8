"""Tailrace started cold through its command line: python -m tests.bench.our_window [DATABASE].

Prints "painted", then, with a database, "page" and the seconds from there until the list's rows had been painted.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from tailrace.__main__ import main
from tailrace.ui.app import start, windows
from tailrace.ui.main_window import MainWindow
from tailrace.workspace import SettingsStore


class _Window(MainWindow):
    def __init__(self, settings: SettingsStore, former: Mapping[str, str]) -> None:
        super().__init__(settings, former)
        self._since = 0.0
        # first of all who listen
        self.painted.connect(self._say)

    def _say(self) -> None:
        print("painted", flush=True)
        self._since = time.perf_counter()
        if len(sys.argv) > 1:
            self.session.opened.connect(self._watch)
            self.session.failed.connect(self._fail)
        else:
            QApplication.quit()

    def _watch(self, _: object) -> None:
        self.page.list.viewport().installEventFilter(self)

    def _fail(self, error: Exception) -> None:
        print(error, file=sys.stderr)
        QApplication.exit(1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self.page.model.rowCount():
            # rows take a few milliseconds to paint; a timer would also wait for the trace that is read after the list
            print(f"page {time.perf_counter() - self._since}", flush=True)
            watched.removeEventFilter(self)
            QTimer.singleShot(0, QApplication.quit)
        return False


if __name__ == "__main__":
    windows.MainWindow = _Window  # type: ignore[misc]
    start.has_display = lambda: True  # a window that nobody sees is painted all the same
    main()
