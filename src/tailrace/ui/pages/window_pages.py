"""The pages of one window, made when they are first gone to, and the ways that lead from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tailrace.ui.commands import MONITOR, REVIEW, SQL, TRACES, Actions
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.session import Session
from tailrace.ui.pages.filter_row import FilterRow
from tailrace.ui.pages.notices import words_of_list
from tailrace.ui.pages.page_stack import Hints, Page, PageStack, Twin
from tailrace.ui.pages.traces_view import read_view, write_view
from tailrace.ui.views.kept_splitter import KeptSplitter
from tailrace.ui.views.message_bar import MessageBar
from tailrace.ui.views.status_bar import StatusBar
from tailrace.workspace import SettingsStore

if TYPE_CHECKING:
    from tailrace.ui.pages.monitor import MonitorPage
    from tailrace.ui.pages.review import ReviewPage
    from tailrace.ui.pages.sql import SqlPage
    from tailrace.ui.pages.traces import TracesPage

_VIEW = "traces-view"

# What is imported where a page is made takes longer than the window to paint

RAIL = {
    TRACES: ("Traces", "list"),
    REVIEW: ("Review", "clipboard-check"),
    MONITOR: ("Monitor", "chart-line"),
    SQL: ("SQL", "square-terminal"),
}
WELCOME = "welcome"  # no page of the rail: what is there while nothing is open
HINTS: dict[str, Hints] = {
    WELCOME: (
        ("{file.open}", "open a file"),
        ("{view.palette}", "all commands"),
        ("{help.shortcuts}", "all shortcuts"),
    ),
    TRACES: (
        Twin(("{trace.next}", "next"), ("{trace.previous}", "previous"), "next/previous"),
        ("{span.next-error}", "next error"),
        Twin(("{trace.thumb-up}", "thumb up"), ("{trace.thumb-down}", "thumb down"), "thumbs"),
        ("{help.shortcuts}", "all shortcuts"),
    ),
    REVIEW: (("{review.leader}", "review key while typing"), ("{help.shortcuts}", "all shortcuts")),
    MONITOR: (
        ("drag", "zoom"),
        ("Shift+drag", "select traces"),
        ("double click", "back"),
        ("{help.shortcuts}", "all shortcuts"),
    ),
    SQL: (
        ("{sql.run}", "run"),
        ("{sql.complete}", "complete"),
        ("{sql.chart}", "table or chart"),
        ("{help.shortcuts}", "all shortcuts"),
    ),
}


class WindowPages(QObject):
    """`actions` and `database` are those of the window, set before any page is made; `former` is what the window it
    takes the place of remembered, before what all windows do.

    Signals: `reviewer_wanted()` asks for another name, `command_wanted(str)` for a command to be carried out.
    """

    actions: Actions
    reviewer_wanted = Signal()
    command_wanted = Signal(str)

    def __init__(
        self,
        session: Session,
        judging: Judging,
        settings: SettingsStore,
        stack: PageStack,
        filters: FilterRow,
        messages: MessageBar,
        status: StatusBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self._settings = settings
        self._stack = stack
        self._filters = filters
        self._messages = messages
        self._status = status
        self.database = ""
        self.former: dict[str, str] = {}
        self.traces = stack.offer(TRACES, self._make_traces, HINTS[TRACES])
        self.review = stack.offer(REVIEW, self._make_review, HINTS[REVIEW])
        self.monitor = stack.offer(MONITOR, self._make_monitor, HINTS[MONITOR])
        self.sql = stack.offer(SQL, self._make_sql, HINTS[SQL])

    # ---- going from one to another ----

    def show(self, name: str) -> None:
        """Go to a page; an unknown name is the first one's."""
        self.actions.show_page(self._stack.go_to(name))

    def show_keys(self) -> None:
        """The keys as they are set now."""
        keys = self.actions.keys_in_words()
        self._stack.show_keys()
        if (traces := self.traces.made) is not None:
            from tailrace.ui.pages.waterfall_keys import steps_given_up

            traces.waterfall.area.given_up = steps_given_up(self._settings.current.keys)
        if (review := self.review.made) is not None:
            review.show_keys(keys)
        if (monitor := self.monitor.made) is not None:
            monitor.show_keys(keys)
        if (sql := self.sql.made) is not None:
            sql.show_keys(keys)

    def show_clock(self) -> None:
        """Times are shown by another clock: what keeps them as words says them again."""
        self._filters.times.set_range(self._filters.times.range())
        review = self.review.made
        if review is not None and (item := review.reviewing.item) is not None:
            review.item_view.head.show_item(item)

    def _show_review(self, _: str) -> None:
        self.show(REVIEW)

    def _show_trace(self, key: object) -> None:
        self.show(TRACES)
        assert isinstance(key, int)
        self.traces.page.widget.show_when_listed(key)

    def _show_filtered(self, text: object) -> None:
        self.show(TRACES)
        self._filters.apply(str(text))

    def _show_behind(self, told: str) -> None:
        self.show(TRACES)
        if told:
            self._messages.show_info(told)

    def show_sql(self, text: str) -> None:
        """Go to the SQL page and run a statement there."""
        self.show(SQL)
        self.sql.page.widget.show_sql(text)

    def _group_by(self, field: object) -> None:
        self.show(MONITOR)
        self.monitor.page.widget.groups.group_by(field)

    def _offer_conflicts(self, words: object) -> None:
        self._messages.show_info(str(words), "Settle", "review.agreement")

    # ---- what is remembered of them ----

    def remembered(self) -> dict[str, str]:
        """All that is remembered for this window, by name."""
        return {**self._settings.current.blobs, **self.former}

    def states(self) -> dict[str, str]:
        """How their parts stand to each other, by the name it is kept under."""
        blobs = {splitter.name: splitter.state for splitter in self._splitters() if splitter.state}
        if (traces := self.traces.made) is not None:
            blobs[_VIEW] = write_view(traces)
        return blobs

    def places(self) -> dict[str, str]:
        """Where the person is on the other pages, by the name it is kept under."""
        pages = (self.review.made, self.monitor.made, self.sql.made)
        return {name: blob for page in pages if page is not None for name, blob in page.kept().items()}

    def restore(self) -> None:
        """Arrange the pages that are made as it is remembered."""
        blobs = self.remembered()
        for splitter in self._splitters():
            splitter.take(blobs)
        if (traces := self.traces.made) is not None:
            read_view(blobs.get(_VIEW, ""), traces, self.actions)

    def _splitters(self) -> list[KeptSplitter]:
        return self._stack.findChildren(KeptSplitter)

    # ---- making them ----

    def _make_traces(self) -> Page[TracesPage]:
        from tailrace.ui.pages.traces import TracesPage
        from tailrace.ui.pages.waterfall_keys import steps_given_up

        page = TracesPage(self._session, self._judging)
        page.counted.connect(self._stack.tell)
        page.values.group_wanted.connect(self._group_by)
        page.status.connect(self._status.say)
        page.header.compress_toggled.connect(self.actions["span.compress-gaps"].setChecked)
        self._filters.left.connect(page.list.setFocus)
        page.waterfall.area.given_up = steps_given_up(self._settings.current.keys)
        read_view(self.remembered().get(_VIEW, ""), page, self.actions)
        page.inspector.set_reviewer(self._judging.author)
        self._judging.author_changed.connect(page.inspector.set_reviewer)
        return Page(
            page,
            self._filters,
            lambda: (self._filters.pane, *page.panes),
            lambda: TRACES,
            enter=self._enter_traces,
            leave=page.inspector.keep_notes,
            tell=self._tell_traces,
        )

    def _enter_traces(self) -> None:
        self.traces.page.widget.listing.catch_up()
        self._tell_traces()
        self.traces.page.widget.list.setFocus()

    def _tell_traces(self) -> None:
        listed = self.traces.page.widget.model.trace_list
        self._status.say("" if listed is None else words_of_list(listed))

    def _make_review(self) -> Page[ReviewPage]:
        from tailrace.ui.pages.review import ReviewPage

        page = ReviewPage(self._session, self._judging, self._settings)
        page.status.connect(self._status.say)
        page.trace_wanted.connect(self._show_trace)
        page.filter_wanted.connect(self._show_filtered)
        page.group_wanted.connect(self._group_by)
        page.reviewer_wanted.connect(self.reviewer_wanted)
        page.view_shown.connect(self._show_review)
        page.exchange.conflicting.connect(self._offer_conflicts)
        page.stay_changed.connect(self.actions["review.stay"].setChecked)
        page.show_keys(self.actions.keys_in_words())
        page.begin(self.database)
        return Page(
            page,
            page.bar,
            lambda: page.panes,
            lambda: page.command_page,
            page.enter,
            page.leave,
            page.line.tell,
        )

    def _make_monitor(self) -> Page[MonitorPage]:
        from tailrace.ui.pages.monitor import MonitorPage

        page = MonitorPage(self._session, self._judging, self._filters, self._settings)
        page.status.connect(self._status.say)
        page.traces_wanted.connect(self._show_behind)
        page.live_changed.connect(self.actions["monitor.live"].setChecked)
        page.sql_wanted.connect(self.show_sql)
        page.bar.command_wanted.connect(self.command_wanted)
        page.show_keys(self.actions.keys_in_words())
        page.begin(self.database)
        return Page(
            page,
            self._filters,
            lambda: page.panes,
            lambda: MONITOR,
            page.enter,
            page.leave,
            page.line.tell,
        )

    def _make_sql(self) -> Page[SqlPage]:
        from tailrace.ui.pages.sql import SqlPage

        page = SqlPage(self._session, self._settings)
        page.status.connect(self._status.say)
        page.trace_wanted.connect(self._show_trace)
        page.failed.connect(self._session.failed)
        page.show_keys(self.actions.keys_in_words())
        page.begin(self.database)
        return Page(page, page.bar, lambda: page.panes, lambda: SQL, page.enter, page.leave, page.tell)
