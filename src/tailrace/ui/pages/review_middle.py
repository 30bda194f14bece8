"""What stands between list and verdict: the conversation, the waterfall, or the end of the queue."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from tailrace.model.review import Evidence, Queue, QueueList, QueueSummary, ReviewItem
from tailrace.review.progress import Progress, pace_words
from tailrace.ui.models.session import Session
from tailrace.ui.pages.review_waterfall import ReviewWaterfall
from tailrace.ui.views.background import Background
from tailrace.ui.views.find_bar import FindBar
from tailrace.ui.views.review.done import QueueDone
from tailrace.ui.views.review.item_view import ItemView
from tailrace.ui.views.text_finder import TextFinder


class ReviewMiddle(QStackedWidget):
    """Shows one of its three sides. Waterfall and end are made when first asked for.

    Signals: `filter_wanted(object)` (field, value, negate), `copied(object)` a text; `done_made(object)` the QueueDone.
    """

    filter_wanted = Signal(object)
    copied = Signal(object)
    done_made = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._background = Background(self)
        self.item_view = ItemView(self._background)
        self.find_bar = FindBar("Find in the conversation")
        self._finder = TextFinder(self.find_bar, self)
        self._waterfall: ReviewWaterfall | None = None
        self._done: QueueDone | None = None
        self._reading = QWidget()
        column = QVBoxLayout(self._reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find_bar)
        column.addWidget(self.item_view, 1)
        self.addWidget(self._reading)
        self.item_view.filter_requested.connect(self.filter_wanted)
        self.item_view.copied.connect(self.copied)
        self.find_bar.closed.connect(self.focus)
        self._item: ReviewItem | None = None
        self._is_coming = False

    @property
    def waterfall(self) -> ReviewWaterfall:
        """The waterfall."""
        if self._waterfall is None:
            self._waterfall = ReviewWaterfall(self._session, self._background)
            self.addWidget(self._waterfall)
        return self._waterfall

    @property
    def done(self) -> QueueDone:
        """The end of the queue."""
        if self._done is None:
            self._done = QueueDone()
            self.addWidget(self._done)
            self.done_made.emit(self._done)
        return self._done

    @property
    def is_done(self) -> bool:
        """Whether it shows the end of the queue."""
        return self._done is not None and self.currentWidget() is self._done

    def focus(self) -> None:
        """Put the focus where the keys of the page work."""
        self.entrance.setFocus()

    @property
    def entrance(self) -> QWidget:
        """What takes the focus on the side that is shown."""
        if self._shows_waterfall:
            return self.waterfall.waterfall
        return self.done if self.is_done else self.item_view

    def show_item(self, item: ReviewItem, reviewer: str, queue: Queue) -> None:
        """Another item, on the side that is shown."""
        self._item = item
        self.item_view.show_item(item, reviewer)
        self.item_view.show_instructions(queue.queue_id, queue.instructions)
        self._finder.look_through(self.item_view)
        if self.is_done:
            self.setCurrentWidget(self._reading)
        if self._shows_waterfall:
            self.waterfall.show_trace(item.row.key, item.row.span_count)

    def show_none(self, queue: QueueList | None, place: int) -> None:
        """No item: it is being read, or it is not there."""
        self._item = None
        self._is_coming = queue is not None and place >= 0 and queue.keys[place] >= 0
        if self.is_done or not self._is_coming:
            focus = QApplication.focusWidget()
            had_focus = self._waterfall is not None and focus is not None and self._waterfall.isAncestorOf(focus)
            self.setCurrentWidget(self._reading)
            if had_focus:
                self.focus()
        if queue is not None and place >= 0 and queue.keys[place] < 0:
            self.item_view.show_message(
                "This trace is not in this database",
                "Merge the database that it came from, or go on to the next one.",
                "file-question",
            )
        elif queue is not None and not queue.trace_ids:
            self.item_view.show_message("No items", "This queue has no traces for you.", "inbox")
        else:
            self.item_view.show_loading("")

    def show_evidence(self, evidence: Sequence[Evidence], reviewer: str) -> tuple[Evidence, ...]:
        """Mark evidence in the conversation; what of it was not found."""
        self.item_view.show_evidence(evidence, reviewer)
        return self.item_view.lost_evidence()

    def reveal_evidence(self, score_id: object) -> None:
        """Bring a piece of evidence into sight."""
        self.setCurrentWidget(self._reading)
        self.item_view.reveal_evidence(str(score_id))

    def show_done(self, summary: QueueSummary, progress: Progress, following: QueueSummary | None) -> None:
        """The end of the queue."""
        each = progress.pace_ms
        spent = "" if each is None else f"{pace_words(each)} an item"
        self.done.show_done(summary, spent, following)
        if not self.is_done:
            self.setCurrentWidget(self.done)
            self.focus()

    def show_reading(self) -> None:
        """The conversation."""
        self.setCurrentWidget(self._reading)
        self.focus()

    def toggle_waterfall(self) -> None:
        """Conversation or waterfall."""
        if self._shows_waterfall:
            self.setCurrentWidget(self._reading)
        elif self._item is not None:
            self.setCurrentWidget(self.waterfall)
            self.waterfall.show_trace(self._item.row.key, self._item.row.span_count)
        elif self._is_coming:
            self.setCurrentWidget(self.waterfall)
        self.focus()

    @property
    def _shows_waterfall(self) -> bool:
        return self._waterfall is not None and self.currentWidget() is self._waterfall

    def find_words(self) -> None:
        """Find words in the conversation."""
        self.setCurrentWidget(self._reading)
        self.find_bar.open()
