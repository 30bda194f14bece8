"""Start the program: hand over to one that runs already, or be the one that later starts hand over to."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from tailrace.errors import TailraceError
from tailrace.ui.app.application import Application, display_name, has_display, make_application
from tailrace.workspace import Settings, SettingsStore
from tailrace.workspace.program_lock import DEAF, ProgramLock
from tailrace.workspace.second_start import Request

if TYPE_CHECKING:
    from tailrace.ui.app.beside import Beside
    from tailrace.ui.app.windows import Windows
    from tailrace.ui.main_window import MainWindow
    from tailrace.workspace.fault_files import CrashReport
    from tailrace.workspace.open_windows import WhatIsOpen

_STARTING_S = 5.0  # how long another start may take until it listens
_UNPAINTED_MS = 2_000  # a window that nobody sees is not painted; later starts are listened to all the same


def run(paths: Sequence[Path], demo: bool = False) -> int:
    """Open a window on `paths` (none: on what was open last, else the welcome page) and run until the last window
    closes; the exit code. Where the program runs already, that one opens them and this one is done.
    Raises TailraceError where no window can be shown."""
    if not has_display():
        raise TailraceError(
            "There is no display to show a window on.",
            "`tailrace info`, `traces`, `trace` and `screenshot` work without one.",
        )
    lock = ProgramLock()
    request = Request(tuple(os.path.abspath(path) for path in paths), demo, _activation_token())
    if handed_over(lock, request):
        return 0
    try:
        code, again = _run_windows(lock, request)
    finally:
        lock.release()
    if again is not None:
        from tailrace.ui.app.ending import start_again

        start_again(again)
    return code


def handed_over(lock: ProgramLock, request: Request, starting_s: float = _STARTING_S) -> bool:
    """Whether a program that runs already does what is wanted. False: do it here, with the lock if it could be had.

    Of two starts at once one takes the lock, and the other waits until it listens. A program that hangs is not waited
    for."""
    until = time.monotonic() + starting_s
    while not lock.take():
        where = lock.told()
        if where == DEAF:
            return False
        if where:
            try:
                from tailrace.ui.app.door import Answer, hand_over
            except ImportError:  # a system library of QtNetwork's is missing
                return False
            answer = hand_over(where, request, display_name())
            if answer is not Answer.NOBODY:
                return answer is Answer.TAKEN
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return False


def _run_windows(lock: ProgramLock, request: Request) -> tuple[int, list[str] | None]:
    """The exit code, and the command by which the program is to start again, if it is."""
    gc.disable()  # nothing of what is imported for a window is garbage; GarbageCollection takes over
    from tailrace.ui.app.faults import hook_errors
    from tailrace.ui.app.windows import Windows
    from tailrace.ui.models.garbage import GarbageCollection
    from tailrace.ui.theme import apply_theme, brand_application
    from tailrace.workspace.fault_files import CrashReport

    # imports run Python on other threads: short turns keep the window fluent
    sys.setswitchinterval(0.001)
    crash_report = CrashReport(lock.held)
    settings = SettingsStore()
    app = make_application(scale_percent=settings.current.scale_percent)
    apply_theme(app, settings.current.theme)
    brand_application(app)
    GarbageCollection(app)
    windows = Windows(settings)
    hook_errors(windows.report)
    beside = begin(app, windows, lock, request, settings, crash_report)
    code = app.exec()
    beside.end()
    if not windows.wants_restart:
        return code, None
    from tailrace.ui.app.ending import start_command

    # what is open is kept by who has the lock; another one can only name its files
    return code, start_command() + ([] if lock.held else list(map(str, windows.restarted)))


def begin(
    app: Application,
    windows: Windows,
    lock: ProgramLock,
    request: Request,
    settings: SettingsStore,
    crash_report: CrashReport | None = None,
) -> Beside:
    """Show the first window, with what it offers. What runs beside the windows; to be ended after the last one."""
    from tailrace.ui.app.beside import Beside
    from tailrace.workspace.open_windows import OpenWindowsFile

    # a program that could not have the lock leaves what is open to the one that has it
    file = OpenWindowsFile() if lock.held else None
    before = file.read() if file is not None else None
    if before is not None and lock.was_left:
        before = replace(before, ended=False)  # it ended before it could write that it had begun
    beside = Beside(app, windows, lock, file, crash_report)
    if before is None and lock.held:
        before = _kept_by_settings(settings.current)
    if before is not None and before.ended and not (settings.current.reopen_last or before.again):
        before = replace(before, windows=())
    first = open_first(windows, request, before)
    if before is not None:
        windows.offer_lost(before, None if crash_report is None else crash_report.former)
    first.painted.connect(beside.begin)
    QTimer.singleShot(_UNPAINTED_MS, beside, beside.begin)
    return beside


def open_first(windows: Windows, request: Request, before: WhatIsOpen | None) -> MainWindow:
    """The first window: on what is asked for, else on what was open when the program ended properly, as far as it is
    still there, else the welcome page. Of several the one that was looked at last."""
    if request.files or request.demo:
        # asked for again after it was lost: as it was then
        lost = () if before is None or before.ended else (*before.lost, *before.windows)
        former = next((one.blobs for one in lost if one.files == request.files), None)
        return windows.add(list(map(Path, request.files)), request.demo, former)
    kept = before.windows if before is not None and before.ended else ()
    there = [one for one in kept if all(map(os.path.exists, one.files))]
    return (windows.restore(there) or [windows.add()])[-1]


def _kept_by_settings(settings: Settings) -> WhatIsOpen:
    """What earlier versions knew of what was open."""
    from tailrace.workspace.open_windows import OpenWindow, WhatIsOpen

    return WhatIsOpen((OpenWindow(settings.last_opened),) if settings.last_opened else ())


def _activation_token() -> str:
    """The desktop's leave to come to the front, given to the process that the person has started."""
    return os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
