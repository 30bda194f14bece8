"""A program that is started and ended in a test, without its process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot
from tests.ui.driving import idle

from tailrace.ui.app import make_application
from tailrace.ui.app.start import begin
from tailrace.ui.app.windows import Windows
from tailrace.ui.main_window import MainWindow
from tailrace.workspace import SettingsStore
from tailrace.workspace.open_windows import OpenWindowsFile, WhatIsOpen
from tailrace.workspace.program_lock import ProgramLock
from tailrace.workspace.second_start import Request


@pytest.fixture
def runtime_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for local sockets; those of tests are too deep for their names."""
    with TemporaryDirectory(prefix="tr") as folder:
        os.chmod(folder, 0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


class Program:
    """One start. `crash` leaves everything as if the process had been killed."""

    def __init__(self, qtbot: QtBot, files: tuple[Path, ...] = (), demo: bool = False) -> None:
        self._qtbot = qtbot
        self.lock = ProgramLock()
        assert self.lock.take()
        settings = SettingsStore()
        self.windows = Windows(settings)
        self.beside = begin(
            make_application(), self.windows, self.lock, Request(tuple(map(str, files)), demo), settings
        )
        self._runs = True
        for window in self.windows.open:
            window.judging.author = "ada"
        qtbot.waitUntil(lambda: self.beside.has_begun, timeout=10_000)
        self.settle()

    @property
    def only(self) -> MainWindow:
        (window,) = self.windows.open
        return window

    def settle(self) -> None:
        """Until all windows show what they are for."""

        def is_quiet() -> bool:
            return all(
                (not window.session.files or window.session.workspace is not None) and idle(window)
                for window in self.windows.open
            )

        self._qtbot.wait(30)
        self._qtbot.waitUntil(is_quiet, timeout=20_000)

    def kept(self) -> WhatIsOpen:
        """What is on the disk, once it is what is open now."""
        self.beside.keeping.look()
        file = OpenWindowsFile()
        expected = tuple(tuple(map(str, one.session.files)) for one in self.windows.open if one.session.files)
        until = time.monotonic() + 5
        while time.monotonic() < until:
            found = file.read()
            if found is not None and tuple(one.files for one in found.windows) == expected:
                return found
            self._qtbot.wait(5)
        raise AssertionError(f"kept is {found}, open is {expected}")

    def crash(self) -> None:
        path = OpenWindowsFile().path
        self.beside.keeping.look()
        self.beside.keeping.file.close()
        as_it_was = path.read_bytes() if path.exists() else None
        settings = SettingsStore().path
        settings_were = settings.read_bytes() if settings.exists() else None
        self.end()
        for file, content in ((path, as_it_was), (settings, settings_were)):
            file.unlink(missing_ok=True)
            if content is not None:
                file.write_bytes(content)

    def close_all(self) -> None:
        """As Quit does."""
        self.beside.keeping.hold()
        for window in self.windows.open:
            window.close()

    def end(self) -> None:
        if self._runs:
            self._runs = False
            self.close_all()
            self.beside.end()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self.lock.release()
            self.windows.deleteLater()


Start = Callable[..., Program]


@pytest.fixture
def start(qtbot: QtBot, runtime_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    programs: list[Program] = []
    monkeypatch.setattr(MainWindow, "raise_", lambda window: None, raising=False)  # the offscreen platform cannot

    def start_(*files: Path, demo: bool = False) -> Program:
        program = Program(qtbot, files, demo)
        programs.append(program)
        return program

    yield start_
    for program in programs:
        program.end()
