"""Find in trace: joins the find bar and the waterfall with the search of the database."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from tailrace.ui.models.session import Session
from tailrace.ui.views.trace_find_bar import TraceFindBar
from tailrace.ui.views.waterfall import WaterfallView

_PAUSE_MS = 150  # what is typed within it is asked for together


class TraceFinder(QObject):
    """Asks the database which spans of the selected trace match, and steps through them."""

    def __init__(self, session: Session, bar: TraceFindBar, waterfall: WaterfallView, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._bar = bar
        self._waterfall = waterfall
        self._found: frozenset[str] = frozenset()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.find_again)
        bar.wanted.connect(self._want)
        bar.stepped.connect(self.step)
        bar.hide_rest.connect(self._show)
        bar.closed.connect(waterfall.setFocus)
        session.selection.span_changed.connect(self._count)

    def open(self) -> None:
        """Open the find bar."""
        if self._session.selection.trace_key is not None:
            self._bar.open()

    def find_again(self) -> None:
        """The same text in another trace."""
        self._found = frozenset()
        if self._bar.text:
            self.find(self._bar.text)

    def _want(self, text: str) -> None:
        if text:
            self._pause.start()
        else:
            self._pause.stop()
            self.find("")

    def find(self, text: str) -> None:
        """Look for a text in the selected trace; "" shows all spans again."""
        key = self._session.selection.trace_key
        if key is None or not text:
            self._session.jobs.cancel("find")
            self._found = frozenset()
            self._waterfall.set_matches(None, False)
            self._bar.show_count(0, 0)
            return
        self._bar.show_searching()
        self._session.read("find", lambda workspace, ticket: workspace.find_spans(key, text, ticket), self._take)

    def step(self, by: int) -> None:
        """Select the next (+1) or previous (-1) match, from where the selection is."""
        if by > 0:
            self._waterfall.next_match()
        else:
            self._waterfall.previous_match()

    def _take(self, found: set[str]) -> None:
        self._found = frozenset(found)
        self._show()

    def _show(self, *_: object) -> None:
        if self._bar.text:
            self._waterfall.set_matches(self._found, self._bar.hides_rest)
            self._count()

    def _count(self, *_: object) -> None:
        if self._bar.text:
            self._bar.show_count(*self._waterfall.match_position())
