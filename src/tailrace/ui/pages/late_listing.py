"""Listing that waits until it is looked at: a page out of sight is read anew when it comes into sight."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tailrace.model import TraceFilter
from tailrace.ui.models.session import Session


class LateListing(QObject):
    """Calls `lists` with the filter when that has changed, and `again` when the database was written to. The first
    listing of a database waits for nothing: the person may go to the page at any moment."""

    def __init__(
        self, session: Session, page: QWidget, lists: Callable[[TraceFilter], None], again: Callable[[], None]
    ) -> None:
        super().__init__(page)
        self._session = session
        self._page = page
        self._lists = lists
        self._again = again
        self._is_first = True
        self._is_late = self._is_outdated = False
        session.opened.connect(self._begin)
        session.history.changed.connect(self._follow)
        session.data_changed.connect(self._renew)

    def catch_up(self) -> None:
        """The page is in sight again: read what has waited for that."""
        late, outdated = self._is_late, self._is_outdated
        self._is_late = self._is_outdated = False
        if late:
            self._lists(self._session.history.current)
        elif outdated:
            self._again()

    def _begin(self, _: object) -> None:
        self._is_first = True
        self._is_late = self._is_outdated = False

    def _follow(self, wanted: TraceFilter) -> None:
        if self._is_first or self._page.isVisible():
            self._is_first = False
            self._lists(wanted)
        else:
            self._is_late = True

    def _renew(self) -> None:
        if self._page.isVisible():
            self._again()
        else:
            self._is_outdated = True
