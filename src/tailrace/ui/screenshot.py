"""Render a page of the real window to a PNG file, with or without a display."""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from tailrace.errors import TailraceError
from tailrace.jobs import Ticket
from tailrace.ui.app import has_display, log_qt, make_application
from tailrace.ui.commands import MONITOR, REVIEW, SQL
from tailrace.ui.main_window import MainWindow
from tailrace.ui.theme import apply_theme
from tailrace.ui.views.background import Background
from tailrace.workspace import SettingsStore
from tailrace.workspace.reviews import Reviews

if TYPE_CHECKING:
    from tailrace.workspace import Workspace

PAGES = ("traces", "review", "modes", "agreement", "monitor", "sql", "welcome", "palette", "shortcuts", "settings")
_REVIEWING = {"review": "items", "modes": "modes", "agreement": "agreement"}  # page: view of the Review page
_DIALOGS = {"shortcuts": (780, 720), "settings": (980, 700)}  # how big their pictures are
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
    queue: str | None = None,
    reviewer: str | None = None,
    dashboard: str | None = None,
    select: str | None = None,
) -> None:
    """Open `path`, go to a page (one of PAGES), a trace by its id, a filter; wait until all is shown; save a picture.

    The Review page shows a queue by its name, else the newest one that the trace is in, or in which something is done.
    `reviewer` is whose work is shown. The Monitor page shows a dashboard by its name, and what differs in the traces
    that the filter `select` matches. On the SQL page `query` is the statement to run; without one the first example is.
    Nothing is written into the database that is open.
    Raises TailraceError with a sentence when the file, the filter, the queue, the dashboard or the trace is at fault.
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
    if reviewer is not None:
        window.judging.author = reviewer
    failures: list[Exception] = []
    window.session.failed.connect(failures.append)
    try:
        window.resize(*size)
        window.show()
        if page != "welcome":
            window.open([path])
            _wait(window, failures)
            if query and page != "sql":
                window.filter_row.apply(query)
                _wait(window, failures)
            if page in _REVIEWING:
                _review(window, _REVIEWING[page], queue, trace, failures)
            elif page == MONITOR:
                _monitor(window, dashboard, select, failures)
            elif page == "sql":
                window.show_page(SQL)
                window.sql.show_sql(query or window.sql.editor.text)
            elif trace is not None:
                _go_to(window, trace, span, failures)
        if page == "palette":
            window.show_palette()
        elif page == "shortcuts":
            window.show_shortcuts()
        elif page == "settings":
            window.desk.show_settings()
        _wait(window, failures)
        shown = window
        if page in _DIALOGS and (dialog := QApplication.activeModalWidget()) is not None:
            dialog.resize(*_DIALOGS[page])  # the screen that it thinks it is on may be small
            _wait(window, failures)
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


def _review(
    window: MainWindow, view: str, queue: str | None, trace: str | None, failures: list[Exception]
) -> None:  # fmt: skip
    window.review.reviewing.visiting.timed = False  # nobody looks at it: no visit is kept
    window.show_page(REVIEW)
    _wait(window, failures)
    if queue is not None or trace is not None or view == "items":
        found: list[str | None] = []
        author = window.judging.author

        def choose(workspace: Workspace, ticket: Ticket) -> str | None:
            return _choose_queue(workspace.reviews, author, queue, trace, ticket)

        window.session.read("find-queue", choose, found.append)
        _wait(window, failures)
        if found and found[0] is not None:
            window.review.reviewing.open_queue(found[0], trace)
            _wait(window, failures)
    if view != "items":
        window.review.show_view(view)
        _wait(window, failures)


def _monitor(window: MainWindow, dashboard: str | None, select: str | None, failures: list[Exception]) -> None:
    window.show_page(MONITOR)
    _wait(window, failures)
    page = window.monitor
    if dashboard is not None:
        if not page.dashboards.choose_named(dashboard):
            known = ", ".join(f"“{name}”" for name in page.dashboards.names)
            raise TailraceError(f"There is no dashboard “{dashboard}”.", f"There are: {known}.")
        _wait(window, failures)
    if select is not None:
        page.selection.select_matching(select)
        _wait(window, failures)


def _choose_queue(
    reviews: Reviews, reviewer: str, name: str | None, trace: str | None, ticket: Ticket
) -> str | None:  # fmt: skip
    """The id of the queue to show; None where there is none yet."""
    newest = list(reversed(reviews.queues(reviewer, ticket)))
    among = [one for one in newest if name in (None, one.queue.name)]
    if name is not None and not among:
        known = ", ".join(f"“{one.queue.name}”" for one in newest)
        raise TailraceError(f"There is no queue “{name}”.", f"There are: {known}." if known else "There is none yet.")
    if trace is not None:
        for one in among:
            listed = reviews.read_queue(one.queue.queue_id, reviewer, ticket)
            if listed is not None and trace in listed.trace_ids:
                return one.queue.queue_id
        raise TailraceError(
            f"Trace {trace} is in no queue of {reviewer}."
            if name is None
            else f"Trace {trace} is not in the queue “{name}” of {reviewer}."
        )
    begun = (one for one in among if one.passed + one.failed + one.deferred)
    chosen = next(begun, among[0] if among else None)
    return None if chosen is None else chosen.queue.queue_id


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
        if _is_busy(window):
            quiet_since = None
        elif quiet_since is None:
            quiet_since = time.monotonic()
        if time.monotonic() > deadline:
            raise TailraceError("The page was not ready within ten minutes.")


def _is_busy(window: MainWindow) -> bool:
    """Whether anything that can be seen is still to change by itself."""
    waits = window.page.is_waiting
    if window.rail.current == REVIEW:
        review = window.review
        waits = waits or any(part.is_waiting for part in (review.setup, review.modes, review.agreement))
    if window.rail.current == MONITOR:
        waits = waits or window.monitor.is_waiting
    return waits or window.session.jobs.busy or any(one.busy for one in window.findChildren(Background))
