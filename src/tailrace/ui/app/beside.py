"""What a program needs beside its windows; it begins once the first of them has painted, which must not wait for it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from tailrace.ui.app.application import Application, display_name
from tailrace.ui.app.keeping import Keeping
from tailrace.ui.app.windows import Windows
from tailrace.workspace.open_windows import OpenWindowsFile
from tailrace.workspace.program_lock import DEAF, ProgramLock

if TYPE_CHECKING:
    from tailrace.ui.app.door import Door
    from tailrace.ui.app.ending import Signals
    from tailrace.workspace.fault_files import CrashReport

_LATER_MS = 250

# What is imported where it begins would keep the window from painting


class Beside(QObject):
    """The door for later starts, the file of what is open, the signals of the system, the log."""

    def __init__(
        self,
        app: Application,
        windows: Windows,
        lock: ProgramLock,
        file: OpenWindowsFile | None,
        crash_report: CrashReport | None,
    ) -> None:
        super().__init__(windows)
        self._app = app
        self._windows = windows
        self._lock = lock
        self._crash_report = crash_report
        self.keeping = None if file is None else Keeping(windows, file, lock, self)
        # soon after, for the first page of a file is to be there before that
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_LATER_MS)
        self._later.timeout.connect(self._listen)
        self._log: logging.Handler | None = None
        self._signals: Signals | None = None
        self._door: Door | None = None
        self.has_begun = False
        # the desktop may say either before anything has painted
        app.files_wanted.connect(windows.take_files)
        if self.keeping is not None:
            app.quitting.connect(self.keeping.hold)

    def begin(self) -> None:
        """Begin; again is nothing."""
        if self.has_begun:
            return
        self.has_begun = True
        from tailrace.ui.app.ending import Signals, follow_desktop_session

        self._signals = Signals(self)
        if (keeping := self.keeping) is not None:
            keeping.begin()
            follow_desktop_session(self._app, keeping.hold_for_logout)
        self._later.start()

    def end(self) -> None:
        """The program ends properly; return when all is on the disk."""
        self._later.stop()
        if self._door is not None:
            self._door.close()
            self._lock.tell("")
        if self.keeping is not None:
            self.keeping.end()
        if self._signals is not None:
            self._signals.close()
        if self._crash_report is not None:
            self._crash_report.end()
        if self._log is not None:
            from tailrace.workspace.fault_files import end_log

            end_log(self._log)

    def _listen(self) -> None:
        from tailrace.workspace.fault_files import begin_log

        self._log = begin_log()
        if self._lock.held:
            self._lock.tell(self._open_door() or DEAF)

    def _open_door(self) -> str:
        """Open the door; where it is, empty where there is none."""
        try:
            from tailrace.ui.app.door import Door, place_to_listen
        except ImportError as error:  # a system library of QtNetwork's is missing
            logging.getLogger(__name__).warning("later starts open windows of their own: %s", error)
            return ""
        where = place_to_listen(self._lock.folder)
        door = Door(display_name(), self)
        if not door.open(where):
            logging.getLogger(__name__).warning("later starts open windows of their own: %s", where)
            return ""
        door.asked.connect(self._windows.take)
        self._door = door
        return where
