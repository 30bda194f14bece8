"""What stands beside the items on the Review page: failure modes and agreement, each made when first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from tailrace.ui.models.judging import Judging
from tailrace.ui.models.review_setup import ReviewSetup
from tailrace.ui.models.session import Session

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
        return self._agreement

    @property
    def shows_agreement(self) -> bool:
        """Whether the agreement is in sight."""
        return self._agreement is not None and self.currentWidget() is self._agreement

    def _hide_unseen(self) -> None:
        for page in (self._modes, self._agreement):
            if page is not None:
                page.set_hidden(self._setup.hidden)
