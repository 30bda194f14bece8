"""What is open is on the disk while the program runs, and what was open is there for the next start."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from tailrace.ui.app.windows import Windows
from tailrace.ui.main_window import MainWindow
from tailrace.workspace.open_windows import OpenWindow, OpenWindowsFile, WhatIsOpen
from tailrace.workspace.program_lock import ProgramLock

_EVERY_MS = 2_000
_LOGOUT_MS = 60_000


class Keeping(QObject):
    """Writes at once which files are open, and within two seconds where in them the person is: then it looks, because
    what can change of that (filters, scrolling, splitters, the window's size) says so in no one place."""

    def __init__(
        self, windows: Windows, file: OpenWindowsFile, lock: ProgramLock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._lock = lock
        self._windows = windows
        self.file = file
        self._at_end: tuple[OpenWindow, ...] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        windows.changed.connect(self._look_soon)
        windows.closing.connect(self._take_leave)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.look)

    def begin(self) -> None:
        """From now on."""
        self._timer.start()
        self._soon.start()

    @Slot()
    def hold(self) -> None:
        """All windows are about to close, and were open at the end. Said again when they are closed, it is nothing."""
        if self._windows.open:
            self._at_end = self._windows_now()

    def hold_for_logout(self) -> None:
        """The desktop is about to end the session, perhaps without asking the program to quit: from now on that is a
        proper end. When it does not come, all goes on as before after a while."""
        self.file.keep(WhatIsOpen(self._windows_now(), self._windows.lost))
        self._lock.mark_ended(True)
        self._timer.start(_LOGOUT_MS)

    def end(self) -> None:
        """The program ends properly: return when that is on the disk."""
        self._timer.stop()
        self._soon.stop()
        self.file.keep(WhatIsOpen(self._at_end or (), self._windows.lost, again=self._windows.wants_restart))
        self.file.close()
        self._lock.mark_ended(True)

    def _look_soon(self) -> None:
        if self._timer.isActive():
            self._soon.start()

    def look(self) -> None:
        """Keep what is open now, unless that is what was kept last."""
        self._timer.setInterval(_EVERY_MS)
        if self._windows.open:
            self._at_end = None
            self._lock.mark_ended(False)
            self.file.keep(WhatIsOpen(self._windows_now(), self._windows.lost, ended=False))

    def _take_leave(self, window: object) -> None:
        """The last window that is closed was open at the end; one that is closed before others was not."""
        if self._at_end is None and all(one is window for one in self._windows.open):
            self.hold()

    def _windows_now(self) -> tuple[OpenWindow, ...]:
        return tuple(_kept(window) for window in self._windows.open if window.session.files)


def _kept(window: MainWindow) -> OpenWindow:
    return OpenWindow(tuple(map(str, window.session.files)), window.state.blobs())
