"""Import the Review page before it is asked for, off the Qt thread and behind what is looked at first."""

from __future__ import annotations

from importlib import import_module

from PySide6.QtCore import QObject, QTimer

from tailrace.jobs import Ticket
from tailrace.ui.models.session import Session

_PAGES = ("review", "failure_modes", "agreement")
_SOON_MS = 500


class ReviewAhead(QObject):
    """Once for a window: after the first list has been shown and nothing is being read for it."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._soon = QTimer(self)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._begin)
        session.opened.connect(self._wait)

    def _wait(self, _: object) -> None:
        self._soon.start()

    def _begin(self) -> None:
        jobs = self._session.jobs
        if self._session.closed or any(map(jobs.runs, ("trace-list", "histogram", "trace"))):
            return
        self._soon.stop()
        self._session.opened.disconnect(self._wait)
        jobs.submit(import_pages)


def import_pages(ticket: Ticket) -> None:
    """A page after a page, so that closing the window waits for one at most."""
    for name in _PAGES:
        ticket.check()
        import_module(f"tailrace.ui.pages.{name}")
