"""The Review page: a queue, one item of it, the verdict; beside them failure modes and agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget

from tailrace.model.review import DEFERRED, OPEN, QueueList, QueueSummary, ReviewItem, Verdict
from tailrace.query import with_term
from tailrace.review.blind import evidence_in_sight, others_of
from tailrace.review.progress import Progress, progress_words
from tailrace.ui.commands import REVIEW
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.review_setup import ReviewSetup, Setup
from tailrace.ui.models.reviewing import Reviewing
from tailrace.ui.models.session import Session
from tailrace.ui.pages.dataset_in_use import DatasetInUse
from tailrace.ui.pages.panes import Pane
from tailrace.ui.pages.review_commands import review_hints
from tailrace.ui.pages.review_deeds import ReviewDeeds
from tailrace.ui.pages.review_exchange import ReviewExchange
from tailrace.ui.pages.review_list import ReviewList
from tailrace.ui.pages.review_middle import ReviewMiddle
from tailrace.ui.pages.review_place import ReviewPlace, review_place, with_review_place
from tailrace.ui.pages.review_status import ReviewStatus
from tailrace.ui.pages.review_views import ReviewViews
from tailrace.ui.views.kept_splitter import KeptSplitter
from tailrace.ui.views.review.queue_bar import QueueBar
from tailrace.ui.views.review.start import ReviewStart
from tailrace.ui.views.review.verdict_panel import VerdictPanel
from tailrace.workspace import SettingsStore

if TYPE_CHECKING:
    from tailrace.ui.pages.agreement import AgreementPage
    from tailrace.ui.pages.failure_modes import FailureModesPage
    from tailrace.ui.views.review.done import QueueDone
    from tailrace.workspace import Opening


class ReviewPage(QWidget):
    """`bar` stands in the window's top row while the page is shown; `enter` and `leave` say when that is.

    Signals: `status(object)` a sentence; `trace_wanted(object)` the key of a trace to show on the Traces page;
    `filter_wanted(object)` a filter text to show there; `group_wanted(object)` a field to group all traces by;
    `reviewer_wanted()` asks for another name; `stay_changed(bool)` whether a verdict stays on the item;
    `view_shown(str)` items, modes or agreement.
    """

    status = Signal(object)
    trace_wanted = Signal(object)
    filter_wanted = Signal(object)
    group_wanted = Signal(object)
    reviewer_wanted = Signal()
    stay_changed = Signal(bool)
    view_shown = Signal(str)

    def __init__(
        self, session: Session, judging: Judging, settings: SettingsStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self._settings = settings
        self._database = ""
        self._may_choose = False
        self._is_entered = False
        self.setup = ReviewSetup(session, judging, self)
        self.reviewing = Reviewing(session, judging, self)
        self.line = ReviewStatus(self.reviewing, self)
        self.bar = QueueBar()
        side = ReviewList(session, self.reviewing, self)
        self.items, self.list = side.items, side.view
        side.trace_wanted.connect(self.trace_wanted)
        side.copied.connect(self._say_copied)
        self.middle = ReviewMiddle(session)
        self.item_view = self.middle.item_view
        self.start = ReviewStart()
        self.panel = VerdictPanel()
        self.deeds = ReviewDeeds(self.reviewing, self.setup, self.panel, self.item_view, self)
        self.exchange = ReviewExchange(session, judging, self.setup, self)
        self.datasets = DatasetInUse(session, judging, self.setup, self.panel, self)
        self.exchange.dataset_id = self.datasets.in_use
        self._views = ReviewViews(session, judging, self.setup)
        self._arrange()
        self._connect()
        self.set_stay(settings.current.review_stay)

    def _arrange(self) -> None:
        self.splitter = KeptSplitter("review-splitter", Qt.Orientation.Horizontal)
        for part, least in ((self.list, 208), (self.middle, 420), (self.panel, 320)):
            part.setMinimumWidth(least)
            self.splitter.addWidget(part)
        self.splitter.setSizes([250, 900, 380])
        for place, stretch in enumerate((1, 6, 2)):
            self.splitter.setStretchFactor(place, stretch)
        for view in (self.start, self.splitter):
            self._views.addWidget(view)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._views)

    def _connect(self) -> None:
        session, reviewing, panel, bar = self._session, self.reviewing, self.panel, self.bar
        session.opened.connect(self._begin_with)
        session.data_changed.connect(self._read_again)
        self._judging.author_changed.connect(self._change_reviewer)
        self._judging.told.connect(self.line.say)
        self.setup.changed.connect(self._show_setup)
        self.setup.agreed.connect(panel.show_agreement)
        self.setup.suggester_changed.connect(self._suggest)
        reviewing.queue_changed.connect(self._show_queue)
        reviewing.item_changed.connect(self._show_item)
        reviewing.judged.connect(self._show_judged)
        reviewing.progressed.connect(self._show_progress)
        reviewing.ended.connect(self._show_end)
        reviewing.ended.connect(self.setup.read)  # other queues may have lost their open items to this one
        reviewing.saved.connect(panel.show_saved)
        bar.queue_chosen.connect(self.open_queue)
        bar.new_queue_wanted.connect(self.exchange.new_queue)
        bar.edit_queue_wanted.connect(self.exchange.edit_queue)
        bar.remove_queue_wanted.connect(self.exchange.remove_queue)
        bar.reviewer_chosen.connect(self._choose_reviewer)
        bar.reviewer_wanted.connect(self.reviewer_wanted)
        bar.export_wanted.connect(self.exchange.export)
        bar.view_chosen.connect(self.show_view)
        self.start.quick_queue.connect(self.exchange.make_queue_of)
        self.start.new_queue_wanted.connect(self.exchange.new_queue)
        self.start.merge_wanted.connect(self.exchange.merge)
        self.middle.done_made.connect(self._connect_done)
        self.middle.filter_wanted.connect(self._filter)
        self.middle.copied.connect(self._say_copied)
        self.exchange.queue_made.connect(self.open_queue)
        self.exchange.merged.connect(self._reopen)
        self.exchange.dataset_chosen.connect(self.datasets.choose)
        self.exchange.status.connect(self.line.say)
        self.deeds.status.connect(self.line.say)
        self.line.told.connect(self.status)
        session.failed.connect(self.line.release)
        self.middle.currentChanged.connect(self._show_side)
        self.datasets.dialog_wanted.connect(self.exchange.choose_dataset)
        panel.agreement_wanted.connect(partial(self.show_view, "agreement"))
        panel.modes_wanted.connect(partial(self.show_view, "modes"))
        panel.definitions_wanted.connect(self.exchange.edit_definitions)
        panel.evidence_chosen.connect(self.middle.reveal_evidence)
        panel.advance_changed.connect(self._choose_advance)
        panel.left.connect(self.middle.focus)
        self._views.trace_wanted.connect(self.trace_wanted)
        self._views.filter_wanted.connect(self.filter_wanted)
        self._views.queue_wanted.connect(self.exchange.new_queue_from)
        self._views.status.connect(self.line.say)

    def _connect_done(self, done: QueueDone) -> None:
        done.open_wanted.connect(partial(self._review_again, OPEN))
        done.deferred_wanted.connect(partial(self._review_again, DEFERRED))
        done.queue_chosen.connect(self.open_queue)
        done.view_chosen.connect(self.show_view)
        done.export_wanted.connect(self.exchange.export)
        done.list_wanted.connect(self.middle.show_reading)

    @property
    def modes(self) -> FailureModesPage:
        """The failure modes; made when first asked for."""
        return self._views.modes

    @property
    def agreement(self) -> AgreementPage:
        """The agreement; made when first asked for."""
        return self._views.agreement

    # Coming and going

    def enter(self) -> None:
        """The page is shown."""
        self._is_entered = True
        self.line.start()
        self.setup.begin()
        if self.command_page:
            self._show_items()
        elif (shown := self._views.currentWidget()) is not None:
            shown.setFocus()

    def leave(self) -> None:
        """Another page is shown, or the window closes."""
        self._is_entered = False
        self.line.stop()
        self.panel.flush()
        self.reviewing.leave()
        self._remember()

    def _begin_with(self, opening: Opening | None) -> None:
        """Another database: where the reviewer was in it."""
        if opening is not None:
            self._database = str(opening.database)
        self.reviewing.forget()
        self.line.forget()
        place = review_place(self._settings.current.blobs, self._database)
        self.datasets.use(place.dataset_id)
        self._may_choose = place.queue_id is None
        self.setup.begin()
        self.reviewing.open_queue(place.queue_id, place.trace_id)

    def begin(self, database: str) -> None:
        """The page was made after its database was opened."""
        self._database = database
        self.stay_changed.emit(self.deeds.stays)
        self._begin_with(None)

    def _read_again(self) -> None:
        """Others may have written to the database; what is not shown is read when it is gone to."""
        if self._is_entered:
            self.setup.read()

    def _remember(self) -> None:
        if kept := self.kept(self._settings.current.blobs):
            self._settings.update(blobs=kept)

    def kept(self, blobs: Mapping[str, str] | None = None) -> dict[str, str]:
        """Where the reviewer is, by the name it is remembered under, among `blobs`."""
        queue, item = self.reviewing.queue, self.reviewing.item
        queue_id = None if queue is None else queue.queue.queue_id
        place = ReviewPlace(queue_id, None if item is None else item.row.trace_id, self.datasets.dataset_id)
        return with_review_place(blobs or {}, self._database, place) if self._database else {}

    def show_view(self, view: str) -> None:
        """Items, modes or agreement."""
        self.bar.set_view(view)
        self.line.show_view(view)
        if view == "items":
            self._show_items()
        else:
            self.panel.flush()
            self.reviewing.leave()
            page = self.modes if view == "modes" else self.agreement
            self._views.setCurrentWidget(page)
            page.refresh()
            page.setFocus()
        self.view_shown.emit(view)

    def _show_items(self) -> None:
        started = self.reviewing.queue is not None
        self._views.setCurrentWidget(self.splitter if started else self.start)
        if not self._is_entered:
            return
        if started:
            self.reviewing.show_again()
            self.middle.focus()
        else:
            self.exchange.read_surroundings(self.start.show_surroundings)
            self.start.setFocus()

    @property
    def command_page(self) -> str:
        """Whose commands can be done: beside the items no key judges."""
        return REVIEW if self._views.currentWidget() in (self.start, self.splitter) else ""

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys as they are set now."""
        self.panel.show_keys(keys)
        self.bar.show_keys(keys)
        self._views.show_keys(keys)
        self.item_view.set_hints(review_hints(keys))

    # The queue

    def open_queue(self, queue_id: object) -> None:
        """Review another queue."""
        self.show_view("items")
        self.reviewing.open_queue(None if queue_id is None else str(queue_id))

    def _reopen(self) -> None:
        self.setup.begin()
        queue, item = self.reviewing.queue, self.reviewing.item
        if queue is not None:
            self.reviewing.open_queue(queue.queue.queue_id, None if item is None else item.row.trace_id)

    def _show_queue(self, queue: QueueList | None) -> None:
        self._views.set_queue(queue)
        self.bar.show_queues(self.setup.current.queues, None if queue is None else queue.queue.queue_id)
        if queue is None:
            self.bar.show_progress(0, 0, 0, 0, "")
            self.panel.show_nothing()
        shown, wanted = self._views.currentWidget(), self.start if queue is None else self.splitter
        if shown is self.start or (shown is self.splitter and wanted is self.start):
            self._show_items()
        if queue is not None:
            self._remember()

    def _show_progress(self, progress: Progress) -> None:
        queue = self.reviewing.queue
        if queue is not None:
            self.bar.show_queues(self.setup.noted(queue.queue, progress), queue.queue.queue_id)
        self.bar.show_progress(
            progress.size, progress.passed, progress.failed, progress.deferred, progress_words(progress)
        )
        if self.middle.is_done:  # what was given last has arrived
            self._show_end()

    def _show_end(self) -> None:
        progress, queue = self.reviewing.progress, self.reviewing.queue
        if progress is None or queue is None:
            return
        self.reviewing.pause()
        summary = QueueSummary(queue.queue, progress.size, progress.passed, progress.failed, progress.deferred)
        others = [one for one in self.setup.current.queues if one.queue.queue_id != queue.queue.queue_id]
        following = next((one for one in others if one.size > one.passed + one.failed + one.deferred), None)
        self.middle.show_done(summary, progress, following)

    def _show_side(self, _: int) -> None:
        # at the end of the queue there is nothing to judge
        self.panel.setVisible(not self.middle.is_done)

    def _review_again(self, state: int) -> None:
        self.middle.show_reading()
        self.reviewing.next_open((state,))

    # The item

    def _show_item(self, item: ReviewItem | None) -> None:
        queue, former = self.reviewing.queue, self.item_view.item
        writing = QApplication.focusWidget()
        is_same = item is not None and former is not None and item.row.key == former.row.key
        if writing is not None and self.panel.isAncestorOf(writing) and not is_same:
            # what was being written was about the former item: the next keys are for this one
            self.middle.focus()
        if item is None or queue is None:
            self.middle.show_none(queue, self.reviewing.place)
            self.panel.show_nothing()
            self.datasets.show_item(None)
            return
        self.middle.show_item(item, self.reviewing.reviewer, queue.queue)
        self._show_judged(item)

    def _show_judged(self, item: ReviewItem) -> None:
        reviewing, hidden = self.reviewing, self.reviewing.is_hidden
        others = others_of(item.scores, reviewing.reviewer)
        lost = self.middle.show_evidence(evidence_in_sight(reviewing.said, others, hidden), reviewing.reviewer)
        said = replace(reviewing.said, modes=self.setup.counted(reviewing.said.modes))
        self.panel.show_item(said, others=others, hidden=hidden, lost=lost, token=reviewing.desk)
        self.datasets.show_item(item)
        self._suggest()

    def _suggest(self) -> None:
        self.panel.show_modes(self.setup.current.modes, self.setup.suggest(self.reviewing.said.note))

    def _filter(self, wanted: object) -> None:
        assert isinstance(wanted, tuple)
        field, value, negate = wanted
        if value is None:
            self.group_wanted.emit(field)
        else:
            self.filter_wanted.emit(with_term("", field, value, negate))

    def _say_copied(self, _: object) -> None:
        self.line.say("Copied")

    # What a reviewer works with

    def _show_setup(self, setup: Setup) -> None:
        queue = self.reviewing.queue
        self.bar.show_queues(setup.queues, None if queue is None else queue.queue.queue_id)
        names = sorted({self.reviewing.reviewer, *(name for one in setup.queues for name in one.queue.reviewers)})
        self.bar.show_reviewers(names, self.reviewing.reviewer)
        self.panel.show_definitions(setup.definitions)
        self.datasets.show_setup(setup)
        if self.middle.is_done:
            self._show_end()
        if queue is None and self._may_choose and setup.queues:
            # nothing was remembered: the newest queue that has something left
            self._may_choose = False
            left = [one for one in setup.queues if one.size > one.passed + one.failed + one.deferred]
            self.reviewing.open_queue((left or list(setup.queues))[-1].queue.queue_id)
        if self.reviewing.item is not None:
            self._show_judged(self.reviewing.item)

    def _choose_reviewer(self, name: object) -> None:
        self._judging.author = str(name)

    def _change_reviewer(self, _: object) -> None:
        self.panel.flush()
        self.setup.begin()
        if self.reviewing.queue is not None:
            self.reviewing.open_queue(self.reviewing.queue.queue.queue_id)

    def _choose_advance(self, value: str) -> None:
        self.set_stay(value == "stay")

    def set_stay(self, stay: bool) -> None:
        """Whether a verdict stays on the item."""
        self.deeds.stays = stay
        self.panel.set_advance("stay" if stay else "move")
        if self._settings.current.review_stay != stay:
            self._settings.update(review_stay=stay)
        self.stay_changed.emit(stay)

    # Keys

    def give(self, verdict: Verdict) -> None:
        """Give a verdict on the item."""
        if self.judges:
            self.panel.flush()
            self.deeds.give(verdict)

    def take_back(self) -> None:
        """Take the verdict on the item back."""
        if self.judges:
            self.deeds.take_back()

    def step(self, by: int) -> None:
        """The next (+1) or previous (-1) item."""
        if self._views.currentWidget() is self.splitter:
            self.panel.flush()
            self.reviewing.step(by)

    def next_open(self) -> None:
        """The next item without a verdict."""
        if self.judges and not self.reviewing.next_open():
            self.line.say("Nothing is open any more")

    def toggle_stay(self) -> None:
        """Move on behind a verdict, or stay."""
        self.set_stay(not self.deeds.stays)

    def show_on_traces(self) -> None:
        """The item on the Traces page."""
        if self.reviewing.item is not None:
            self.trace_wanted.emit(self.reviewing.item.row.key)

    @property
    def judges(self) -> bool:
        """Whether there is something to judge in sight: not at the end of a queue, nor beside the items."""
        return self._views.currentWidget() is self.splitter and not self.middle.is_done

    @property
    def panes(self) -> tuple[Pane, ...]:
        """List, item, verdict; or the view beside them."""
        shown = self._views.currentWidget()
        if shown is self.splitter:
            item = (self.middle, self.middle.entrance)
            return ((self.list, self.list.rows), item, (self.panel, self.panel.note.editor))
        assert shown is not None
        return self.agreement.panes if self._views.shows_agreement else ((shown, shown),)

    def event(self, event: QEvent) -> bool:
        """Qt: Space presses the button that was gone to by Tab, and is the next item everywhere else."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and isinstance(QApplication.focusWidget(), QAbstractButton)
        ):
            event.accept()
            return True
        return super().event(event)
