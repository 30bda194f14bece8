"""The open windows: each on files of its own, and what comes in from outside finds the one that shows it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from tailrace.ui.main_window import MainWindow
from tailrace.workspace import SettingsStore, demo_database
from tailrace.workspace.open_windows import OpenWindow, WhatIsOpen
from tailrace.workspace.second_start import Request


class Windows(QObject):
    """The last one closed ends the program. `wants_restart` says that it is to start again then, `restarted` what the
    window that was looked at last showed.

    Signals: `changed()` when another window is there, or shows other files; `closing(object)` the MainWindow that is
    about to close.
    """

    changed = Signal()
    closing = Signal(object)

    def __init__(self, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._open: list[MainWindow] = []  # the one that was looked at last is the last
        self._lost: tuple[OpenWindow, ...] = ()
        self.wants_restart = False
        self.restarted: tuple[Path, ...] = ()
        self.changed.connect(self._drop_what_is_back)
        if isinstance(app := QApplication.instance(), QGuiApplication):
            app.focusWindowChanged.connect(self._note_focus)

    @property
    def open(self) -> list[MainWindow]:
        """The open ones, the one that was looked at last at the end."""
        return [window for window in self._open if isValid(window) and not window.session.closed]

    @property
    def lost(self) -> tuple[OpenWindow, ...]:
        """What was open when the program did not end properly, until the person has said what is to become of it."""
        return self._lost

    def add(
        self, paths: Sequence[Path] = (), demo: bool = False, former: Mapping[str, str] | None = None
    ) -> MainWindow:
        """Show a window, then open what it is for: it paints before any file is touched. `former` are the blobs of the
        window that it takes the place of."""
        window = MainWindow(self._settings, former or {})
        window.window_wanted.connect(self.add)
        window.restart_wanted.connect(self.restart)
        for happened in (window.session.opening, window.session.opened, window.session.failed):
            happened.connect(self._note_files)
        window.closing.connect(self.closing)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.destroyed.connect(self._forget)
        self._open.append(window)
        if demo:
            window.session.expect([demo_database()])
            window.painted.connect(window.opener.open_demo)
        elif paths:
            window.session.expect(paths)
            window.painted.connect(partial(window.open, list(paths)))
        window.show()
        self.changed.emit()
        return window

    def restore(self, windows: Iterable[OpenWindow]) -> list[MainWindow]:
        """Show windows as they were when the program ended."""
        return [self.add([Path(name) for name in one.files], former=one.blobs) for one in windows]

    def take(self, request: Request) -> MainWindow:
        """Do what a second start asks: open its files where they are shown already, else in a window in which nothing
        is open, else in a new one; without files raise the window that was looked at last."""
        paths = [demo_database()] if request.demo else [Path(name) for name in request.files]
        open_now = self.open
        if not paths:
            window = open_now[-1] if open_now else self.add()
        elif (shown := self._showing(paths)) is not None:
            window = shown
        elif free := [one for one in open_now if not one.session.files]:
            window = free[-1]
            if request.demo:
                window.opener.open_demo()
            else:
                window.open(paths)
        else:
            window = self.add([] if request.demo else paths, request.demo)
        bring_forward(window, request.token)
        return window

    def take_files(self, paths: Sequence[Path]) -> None:
        """Open files that the desktop wants opened."""
        self.take(Request(tuple(os.path.abspath(path) for path in paths)))

    def _showing(self, paths: Iterable[Path]) -> MainWindow | None:
        """The window that shows just these files, or is about to."""
        wanted = tuple(paths)
        return next((window for window in reversed(self.open) if window.session.shows(wanted)), None)

    # ---- after the program did not end properly ----

    def offer_lost(self, before: WhatIsOpen, report: Path | None) -> None:
        """Say in the first window what was open when the program did not end properly, and offer it: a file that ends
        the program would do so again and again if it were opened unasked. `report` is what is known of a crash."""
        crashed = not before.ended
        found = {one.files: one for one in (*before.lost, *(before.windows if crashed else ()))}
        lost = tuple(one for one in found.values() if not self._showing(map(Path, one.files)))
        self._lost = lost
        if (lost or (crashed and report is not None)) and (open_now := self.open):
            first = open_now[0]
            first.reopening.chosen.connect(self.reopen)
            first.reopening.dismissed.connect(self.forget_lost)
            first.reopening.offer(_paths_of(lost), report if crashed else None, crashed)
            if not first.session.files:
                first.painted.connect(first.reopening.focus_soon)

    def _drop_what_is_back(self) -> None:
        """What the person opens in another way than by the offer is as it was, and not offered any more."""
        back = {one.files: window for one in self._lost if (window := self._showing(map(Path, one.files)))}
        if not back:
            return
        for one in self._lost:
            if one.files in back:
                back[one.files].state.recall(one.blobs)
        self._lost = tuple(one for one in self._lost if one.files not in back)
        for window in self.open:
            window.reopening.narrow(_paths_of(self._lost))

    def reopen(self) -> None:
        """Open again what was lost, each in its own window."""
        lost, self._lost = self._lost, ()
        blobs = {name: blob for one in lost for name, blob in one.blobs.items() if ":" in name}
        self._settings.update(blobs={**self._settings.current.blobs, **blobs})  # pages keep their places there
        for one in lost:
            paths = [Path(name) for name in one.files]
            if self._showing(paths) is not None:
                continue
            free = [window for window in self.open if not window.session.files]
            if free:
                free[0].state.take(one.blobs)
                free[0].open(paths)
            else:
                self.add(paths, former=one.blobs)
        self.changed.emit()

    def forget_lost(self) -> None:
        """The person does not want it."""
        self._lost = ()
        self.changed.emit()

    # ---- ending ----

    def restart(self) -> None:
        """Close all windows and let the program start again with them."""
        self.wants_restart = True
        if open_now := self.open:
            self.restarted = open_now[-1].session.files
        QApplication.quit()

    def report(self, error: BaseException) -> bool:
        """Show a bug where a person sees it; whether there is a window for it."""
        if isinstance(error, Exception) and (shown := [window for window in self.open if window.isVisible()]):
            shown[-1].show_failure(error)
            return True
        return False

    def _note_files(self, _: object) -> None:
        self.changed.emit()

    def _note_focus(self, focused: QWindow | None) -> None:
        for window in self.open:
            if focused is not None and window.windowHandle() is focused and window is not self._open[-1]:
                self._open.remove(window)
                self._open.append(window)
                break

    def _forget(self) -> None:
        self._open = [window for window in self._open if isValid(window)]
        self.changed.emit()


def _paths_of(windows: Iterable[OpenWindow]) -> list[list[Path]]:
    return [[Path(name) for name in one.files] for one in windows]


def bring_forward(window: MainWindow, token: str = "") -> None:
    """Put a window before all others, as far as the desktop lets us. `token` is its leave for that (Wayland)."""
    if token and QGuiApplication.platformName().startswith("wayland"):
        os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt spends it with the next activation
    if window.isMinimized():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)  # where the desktop does not let us, it shows that we want to
