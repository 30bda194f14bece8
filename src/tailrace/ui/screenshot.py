"""Render a page of the real window to a PNG file, with or without a display."""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEventLoop, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from tailrace.errors import TailraceError
from tailrace.ui.app import has_display, log_qt, make_application
from tailrace.ui.main_window import MainWindow
from tailrace.ui.theme import apply_theme
from tailrace.workspace import SettingsStore

PAGES = ("traces", "welcome", "palette", "shortcuts")
_PATIENCE_S = 600.0
_QUIET_MS = 250  # nothing under way for this long: the page is painted


def render(
    path: Path,
    page: str,
    out: Path,
    trace: str | None = None,
    query: str = "",
    theme: str = "dark",
    size: tuple[int, int] = (1600, 1000),
    span: str | None = None,
) -> None:
    """Open `path`, go to a page (one of PAGES), a trace by its id, a filter; wait until all is shown; save a picture.

    Raises TailraceError with a sentence when the file, the filter or the trace is at fault.
    """
    if page not in PAGES:
        raise TailraceError(f"There is no page “{page}”.", f"There are: {', '.join(PAGES)}.")
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    former_handler = qInstallMessageHandler(log_qt)
    apply_theme(app, theme)
    folder = TemporaryDirectory(prefix="tailrace-")
    # the person's own settings are neither followed nor changed
    window = MainWindow(SettingsStore(Path(folder.name) / "settings.json"))
    failures: list[Exception] = []
    window.session.failed.connect(failures.append)
    try:
        window.resize(*size)
        window.show()
        if page != "welcome":
            window.open([path])
            _wait(window, failures)
            if query:
                window.filter_row.apply(query)
                _wait(window, failures)
            if trace is not None:
                _go_to(window, trace, span, failures)
        if page == "palette":
            window.show_palette()
        elif page == "shortcuts":
            window.show_shortcuts()
        _wait(window, failures)
        shown = window
        if page == "shortcuts" and (dialog := QApplication.activeModalWidget()) is not None:
            picture = dialog.grab()
        else:
            picture = shown.grab()
        if not picture.save(str(out), "PNG"):
            raise TailraceError(f"{out} cannot be written.", "Choose another place with -o.")
    finally:
        window.close()
        window.deleteLater()
        app.processEvents()
        folder.cleanup()
        qInstallMessageHandler(former_handler)


def _go_to(window: MainWindow, trace: str, span: str | None, failures: list[Exception]) -> None:
    found: list[int | None] = []
    window.session.read("find-trace", lambda workspace, ticket: workspace.find_trace(trace, ticket), found.append)
    _wait(window, failures)
    if not found or found[0] is None:
        raise TailraceError(f"There is no trace {trace} in this database.")
    window.page.show_when_listed(found[0], span)
    _wait(window, failures)


def _wait(window: MainWindow, failures: list[Exception]) -> None:
    """Run the event loop until nothing has been under way for a moment."""
    deadline = time.monotonic() + _PATIENCE_S
    quiet_since: float | None = None
    while quiet_since is None or time.monotonic() - quiet_since < _QUIET_MS / 1000:
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()
        if failures:
            raise failures[0]
        if window.session.jobs.busy or window.page.is_waiting:
            quiet_since = None
        elif quiet_since is None:
            quiet_since = time.monotonic()
        if time.monotonic() > deadline:
            raise TailraceError("The page was not ready within ten minutes.")
