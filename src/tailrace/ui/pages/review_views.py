"""What stands beside the items on the Review page: failure modes and agreement, each made when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from tailrace.model.review import QueueList
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.review_setup import ReviewSetup
from tailrace.ui.models.session import Session
from tailrace.ui.views.review.scope_bar import scope_of

if TYPE_CHECKING:
    from tailrace.ui.pages.agreement import AgreementPage
    from tailrace.ui.pages.failure_modes import FailureModesPage


class ReviewViews(QStackedWidget):
    """The views of the page, one of them in sight.

    Signals: `trace_wanted(object)` the key of a trace to open; `filter_wanted(object)` a filter for the Traces page;
    `queue_wanted(object)` the Recipe of a queue; `status(object)` a sentence.
    """

    trace_wanted = Signal(object)
    filter_wanted = Signal(object)
    queue_wanted = Signal(object)
    status = Signal(object)

    def __init__(self, session: Session, judging: Judging, setup: ReviewSetup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self._setup = setup
        self._modes: FailureModesPage | None = None
        self._agreement: AgreementPage | None = None
        self._scope: tuple[str | None, frozenset[str]] = (None, frozenset())
        self._keys: Mapping[str, str] = {}
        setup.suggester_changed.connect(self._hide_unseen)

    @property
    def modes(self) -> FailureModesPage:
        """The failure modes."""
        if self._modes is None:
            from tailrace.ui.pages.failure_modes import FailureModesPage

            page = self._modes = FailureModesPage(self._session, self._judging)
            self.addWidget(page)
            page.trace_wanted.connect(self.trace_wanted)
            page.filter_wanted.connect(self.filter_wanted)
            page.status.connect(self.status)
            page.set_hidden(self._setup.hidden)
            page.set_queue(*self._scope)
        return self._modes

    @property
    def agreement(self) -> AgreementPage:
        """The agreement."""
        if self._agreement is None:
            from tailrace.ui.pages.agreement import AgreementPage

            page = self._agreement = AgreementPage(self._session, self._judging)
            self.addWidget(page)
            page.trace_wanted.connect(self.trace_wanted)
            page.queue_wanted.connect(self.queue_wanted)
            page.status.connect(self.status)
            page.set_hidden(self._setup.hidden)
            page.set_queue(*self._scope)
            page.show_keys(self._keys)
        return self._agreement

    def set_queue(self, queue: QueueList | None) -> None:
        """The queue that is open: what both count unless a person chose all."""
        self._scope = scope_of(queue)
        for page in (self._modes, self._agreement):
            if page is not None:
                page.set_queue(*self._scope)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys as they are set now."""
        self._keys = keys
        if self._agreement is not None:
            self._agreement.show_keys(keys)

    @property
    def shows_agreement(self) -> bool:
        """Whether the agreement is in sight."""
        return self._agreement is not None and self.currentWidget() is self._agreement

    def _hide_unseen(self) -> None:
        for page in (self._modes, self._agreement):
            if page is not None:
                page.set_hidden(self._setup.hidden)
