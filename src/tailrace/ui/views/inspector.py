"""The span inspector: one frozen value in, everything known of a span on screen, judgements out as signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from tailrace.model import Score, ScoreKind, SpanDetail, SpanKind, SpanStatus, TraceRow
from tailrace.model.score import THUMB
from tailrace.ui.theme import tokens
from tailrace.ui.views.attribute_groups import attribute_groups
from tailrace.ui.views.attributes import AttributesView
from tailrace.ui.views.background import SMALL, Background
from tailrace.ui.views.documents import document_cards
from tailrace.ui.views.events import event_cards
from tailrace.ui.views.facts import FactsView
from tailrace.ui.views.find_bar import FindBar
from tailrace.ui.views.header import Header
from tailrace.ui.views.json_tree import RawView
from tailrace.ui.views.messages.column import CardColumn, Item
from tailrace.ui.views.messages.view import MessagesView
from tailrace.ui.views.note_drafts import NoteDrafts, NoteTarget
from tailrace.ui.views.note_editor import NoteEditor
from tailrace.ui.views.placeholder import Placeholder
from tailrace.ui.views.scores import ScoreItem, is_own
from tailrace.ui.views.spoken import Role
from tailrace.ui.views.tab_strip import TabStrip
from tailrace.ui.views.text_finder import Searchable, TextFinder
from tailrace.ui.views.viewer_window import ViewerWindow

TABS = ("Messages", "Documents", "Attributes", "Events", "Scores", "Raw")
MESSAGES, DOCUMENTS, ATTRIBUTES, EVENTS, SCORES, RAW = range(6)


class InspectorView(QWidget):
    """Shows a span. Judgements leave as signals and show as given once `show_span` or `update_scores` says so."""

    SPOKEN_AS = Role.Pane
    thumb_requested = Signal(object)  # 1, 0, or None to take it back; for `target`
    note_requested = Signal(object)  # WrittenNote
    score_removed = Signal(object)  # score_id
    filter_requested = Signal(object)  # (field, value, negate)
    copied = Signal(object)  # text
    target_changed = Signal(object)  # "span" or "trace"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail: SpanDetail | None = None
        self._target = "span"
        self._trace_row: TraceRow | None = None
        self._reviewer: str | None = None
        self._wanted = MESSAGES
        self._judged_documents: tuple[Score, ...] | None = None
        self.setAccessibleName("Inspector")
        self.setObjectName("inspector")
        self._background = Background(self)
        self.header = Header(self)
        self.facts = FactsView(self)
        self.note = NoteEditor(self)
        self._drafts = NoteDrafts(self.note, self)
        self.tabs = TabStrip(TABS, self)
        self.messages = MessagesView(self._background, self)
        self.documents = CardColumn(self._background, self)
        self.documents.setAccessibleName("Documents")
        self.attributes = AttributesView(self)
        self.events = CardColumn(self._background, self)
        self.events.setAccessibleName("Events")
        self.scores = CardColumn(self._background, self)
        self.scores.setAccessibleName("Scores and notes")
        self.raw = RawView(self)
        self.stack = QStackedWidget(self)
        for page in (self.messages, self.documents, self.attributes, self.events, self.scores, self.raw):
            self.stack.addWidget(page)
        self.message = Placeholder(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.facts, self.note):
            column.addWidget(widget)
        self.find_bar = FindBar("Find in what is shown", parent=self)
        self._finder = TextFinder(self.find_bar, self)
        strip = QHBoxLayout()
        strip.setContentsMargins(6, 0, 6, 0)
        strip.addWidget(self.tabs)
        column.addLayout(strip)
        column.addWidget(self.find_bar)
        column.addWidget(self.stack, 1)
        column.addWidget(self.message, 1)
        self._connect()
        self.show_span(None, None)

    @property
    def target(self) -> str:
        """What thumb and note go to: "span" or "trace"."""
        return self._target

    @property
    def tab(self) -> str:
        """The name of the tab in sight."""
        return TABS[self.tabs.currentIndex()]

    @property
    def judged(self) -> NoteTarget | None:
        """What is judged now: (trace id, span id or None for the whole trace); None while nothing is shown."""
        return self._note_target()

    def set_reviewer(self, name: str | None) -> None:
        """Whose scores are one's own (a thumb shows as given, a score can be removed). None: every person's."""
        if name != self._reviewer:
            self._reviewer = name
            self._drafts.finish()
        if self._detail is not None:
            self.update_scores(self._detail.scores, self._detail.trace_scores)

    def show_span(self, detail: SpanDetail | None, trace_row: TraceRow | None) -> None:
        """Show a span at the tab chosen last, or at the first with anything in it. None: nothing is selected."""
        if detail is None:
            self.show_message("No span selected", "Select a span in the trace to see what it did.")
            return
        former = self._detail
        self._detail = detail
        span = detail.span
        same = former is not None and (former.span.trace_id, former.span.span_id) == (span.trace_id, span.span_id)
        if not same:
            root = span.parent_id is None or (trace_row is not None and trace_row.span_count == 1)
            self._set_target("trace" if root else "span")
        self._reveal(True)
        self._drafts.turn_to(self._note_target())
        about = [span.kind.value if span.kind is not SpanKind.UNKNOWN else "span", span.model or span.tool_name or ""]
        if span.status is SpanStatus.ERROR:
            about.append("error")
        filters = [("kind", span.kind.value), ("status", span.status.value)]
        if span.model:
            filters.insert(0, ("model", span.model))
        if span.tool_name:
            filters.append(("tool", span.tool_name))
        self.header.show_span(span.name, span.kind, " · ".join(filter(None, about)), span.status, tuple(filters))
        self._trace_row = trace_row
        self._show_facts()
        # The same span again, with another judgement say, stays where it is scrolled and opened to.
        if former is None or replace(former, scores=detail.scores, trace_scores=detail.trace_scores) != detail:
            self._fill(detail)
        self.update_scores(detail.scores, detail.trace_scores)
        self._open_tab(self._wanted)

    def show_loading(self, name: str) -> None:
        """Say that a span is being read."""
        self._leave()
        self.header.show_span(name, SpanKind.UNKNOWN, "", SpanStatus.UNSET, ())
        self.header.show()
        self.header.show_judging(False)
        self.message.show_words("Reading …", "", "hourglass")

    def show_message(self, title: str, hint: str) -> None:
        """Say something instead of a span."""
        self._leave()
        self.message.show_words(title, hint, "scan-search")

    def update_scores(self, scores: Sequence[Score], trace_scores: Sequence[Score]) -> None:
        """These scores are saved: thumbs, chips and lists show them; a note under way that is among them is done."""
        if self._detail is None:
            return
        detail = replace(self._detail, scores=tuple(scores), trace_scores=tuple(trace_scores))
        self._detail = detail
        self._drafts.settle(scores if self._target == "span" else trace_scores)
        self._show_thumb()
        self.messages.update_scores((*scores, *trace_scores))
        judged = tuple(score for score in scores if score.document_position is not None)
        if judged != self._judged_documents:
            self._judged_documents = judged
            self.documents.set_items(list(document_cards(detail.documents, judged, detail.span.kind)))
        self.scores.set_items(self._score_items())
        self.tabs.set_count(SCORES, len(scores) + len(trace_scores))
        if self.tabs.currentIndex() == SCORES:
            self._turn(SCORES)

    def stop_saving(self) -> None:
        """Saving a judgement has failed: what was saved before shows, and the text of a note is still there."""
        self.header.set_saving(False)
        self._drafts.stop_saving()

    def flush_note(self) -> None:
        """Ask for saving what is written in the note field."""
        self._drafts.flush()

    def keep_notes(self) -> None:
        """The same, and for what could not be saved before."""
        self._drafts.keep_all()

    def confirm_note(self, score_id: str, text: str) -> None:
        """A note is in the file."""
        self._drafts.confirm(score_id, text)

    def revisit_note(self, score_id: str, text: str | None) -> None:
        """An undo, a redo or a removal has made this of a note; None: it is gone."""
        self._drafts.revisit(score_id, text)

    def press_thumb(self, value: int) -> None:
        """As if the thumb's button had been pressed: 1 up, 0 down; the one that is given is taken back."""
        (self.header.up if value else self.header.down).click()

    def focus_note(self) -> None:
        """Open the note editor for the target."""
        self._drafts.open()

    def open_tab(self, name: str) -> None:
        """Turn to a tab by its name, as a click on it does."""
        self._choose_tab(TABS.index(name))

    def open_viewer(self, title: object, text: object) -> ViewerWindow:
        """A text in a window of its own."""
        window = ViewerWindow(str(title), str(text), self)
        window.copied.connect(self.copied)
        window.show()
        return window

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.panel))
            if not self.tabs.isHidden():
                y = self.tabs.geometry().bottom()
                painter.fillRect(0, y, self.width(), 1, QColor(theme.line))

    def _connect(self) -> None:
        self.header.thumb_requested.connect(self.thumb_requested)
        self.header.note_wanted.connect(self._drafts.toggle)
        self.header.target_chosen.connect(self._choose_target)
        self._drafts.wanted.connect(self.note_requested)
        self._drafts.cancelled.connect(self.tabs.setFocus)
        self.tabs.tabBarClicked.connect(self._choose_tab)
        self.tabs.currentChanged.connect(self._turn)
        for column in (self.messages.column, self.documents, self.events, self.scores):
            column.viewer_requested.connect(self.open_viewer)
            column.score_removed.connect(self.score_removed)
        for view in (self.attributes, self.raw):
            view.viewer_requested.connect(self.open_viewer)
        for source in (self.messages.column, self.documents, self.events, self.scores, self.attributes, self.header):
            source.filter_requested.connect(self.filter_requested)
            source.copied.connect(self.copied)
        self.raw.copied.connect(self.copied)
        self.facts.copied.connect(self.copied)
        self.find_bar.closed.connect(self._end_find)
        for number in range(len(TABS)):
            _TabKey(self, number)
        keys = (("Ctrl+F", self.open_find), ("Ctrl+Tab", self._next_tab), ("Ctrl+Shift+Tab", self._former_tab))
        for key, slot in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)  # given to the constructor it is lost
            shortcut.activated.connect(slot)

    def _fill(self, detail: SpanDetail) -> None:
        span = detail.span
        self._judged_documents = None
        self.messages.show_detail(detail)
        groups = attribute_groups(detail)
        self.attributes.show_groups(groups)
        self.events.set_items(list(event_cards(detail.events, span.start_ns)))
        size = len(span.input or "") + len(span.output or "")
        size += sum(len(row.value) for group in groups for row in group.rows if isinstance(row.value, str))
        self.raw.show_detail(detail, heavy=size > SMALL or len(detail.events) > 500)
        self.tabs.set_count(DOCUMENTS, len(detail.documents))
        self.tabs.set_count(ATTRIBUTES, len(span.all_attributes()))
        self.tabs.set_count(EVENTS, len(detail.events))
        self.tabs.setTabVisible(DOCUMENTS, bool(detail.documents))

    def _score_items(self) -> list[Item]:
        assert self._detail is not None
        items: list[Item] = []
        for heading, scores in (("This span", self._detail.scores), ("Whole trace", self._detail.trace_scores)):
            if scores:
                items.append(ScoreItem(heading=heading))
                items.extend(ScoreItem(score=score, own=is_own(score, self._reviewer)) for score in scores)
        return items

    # Tabs

    def _choose_tab(self, number: int) -> None:
        if 0 <= number < len(TABS) and self.tabs.isTabVisible(number):
            self._wanted = number
            self.tabs.setCurrentIndex(number)
            self._turn(number)

    def _open_tab(self, wanted: int) -> None:
        if wanted == MESSAGES and self._detail is not None and self._detail.documents and not self._detail.conversation:
            # a retriever's output is its documents once more, as JSON
            wanted = DOCUMENTS
        if self._has(wanted):
            self.tabs.setCurrentIndex(wanted)
        else:
            self.tabs.setCurrentIndex(next(tab for tab in (MESSAGES, DOCUMENTS, ATTRIBUTES) if self._has(tab)))
        self._turn(self.tabs.currentIndex())

    def _has(self, tab: int) -> bool:
        assert self._detail is not None
        detail = self._detail
        return {
            MESSAGES: not self.messages.empty,
            DOCUMENTS: bool(detail.documents),
            EVENTS: bool(detail.events),
            SCORES: bool(detail.scores or detail.trace_scores),
        }.get(tab, True)

    def _turn(self, number: int) -> None:
        if self._detail is None or number < 0:
            return
        self._finder.look_through(self._searched())
        if number in (MESSAGES, EVENTS, SCORES) and not self._has(number):
            words = {
                MESSAGES: ("No messages", "This span recorded neither input nor output."),
                EVENTS: ("No events", "Nothing was recorded between this span's start and end."),
                SCORES: ("No scores yet", "Give a thumb, or write a note: N."),
            }[number]
            self.stack.hide()
            self.message.show_words(*words, "circle-dot")
        else:
            self.message.hide()
            self.stack.setCurrentIndex(number)
            self.stack.show()

    def _next_tab(self) -> None:
        self._step_tab(1)

    def _former_tab(self) -> None:
        self._step_tab(-1)

    def _step_tab(self, step: int) -> None:
        shown = [number for number in range(len(TABS)) if self.tabs.isTabVisible(number)]
        now = shown.index(self.tabs.currentIndex())
        self._choose_tab(shown[(now + step) % len(shown)])

    # Finding

    def open_find(self) -> None:
        """Look for words in the tab in sight."""
        if self._detail is None:
            return
        if self.tabs.currentIndex() == ATTRIBUTES:
            self.attributes.search.setFocus()
            self.attributes.search.selectAll()
        elif self.tabs.currentIndex() != SCORES:
            if self.tabs.currentIndex() == RAW:
                self.raw.show_text()
            self.find_bar.open()

    def _end_find(self) -> None:
        if (page := self.stack.currentWidget()) is not None:
            page.setFocus()

    def _searched(self) -> Searchable | None:
        views: dict[int, Searchable] = {
            MESSAGES: self.messages.column,
            DOCUMENTS: self.documents,
            EVENTS: self.events,
            RAW: self.raw.text,
        }
        return views.get(self.tabs.currentIndex())

    # Judging

    def _set_target(self, target: str) -> None:
        if target != self._target:
            self._target = target
            self.target_changed.emit(target)

    def _show_facts(self) -> None:
        """A span's own figures; where it has none of its own and the whole trace is meant, those of the trace."""
        detail, row = self._detail, self._trace_row
        if detail is None:
            return
        if self._target == "trace" and row is not None and detail.span.usage is None:
            self.facts.show_trace(row)
        else:
            self.facts.show_detail(detail)

    def _choose_target(self, target: str) -> None:
        self._set_target(target)
        self._show_facts()
        self._show_thumb()
        if (about := self._note_target()) is not None:
            self._drafts.switch_to(about)

    def _note_target(self) -> NoteTarget | None:
        if self._detail is None:
            return None
        span = self._detail.span
        return (span.trace_id, span.span_id if self._target == "span" else None)

    def _show_thumb(self) -> None:
        if self._detail is None:
            return
        scores = self._detail.scores if self._target == "span" else self._detail.trace_scores
        given = [
            score
            for score in scores
            if score.kind is ScoreKind.THUMB
            and score.name == THUMB
            and is_own(score, self._reviewer)
            and score.document_position is None
        ]
        newest = max(given, key=lambda score: score.updated_ns or score.created_ns or 0, default=None)
        thumb = None if newest is None or newest.value is None else int(newest.value >= 0.5)
        self.header.show_thumb(thumb, self._target)

    # What is in sight

    def _leave(self) -> None:
        self._detail = None
        self._reveal(False)

    def _reveal(self, shown: bool) -> None:
        for widget in (self.header, self.facts, self.tabs, self.stack):
            widget.setVisible(shown)
        self.header.show_judging(shown)
        if not shown:
            self._drafts.turn_to(None)
            self._finder.look_through(None)
        self.message.setVisible(not shown)


class _TabKey(QShortcut):
    """Alt and a digit."""

    def __init__(self, view: InspectorView, number: int) -> None:
        super().__init__(QKeySequence(f"Alt+{number + 1}"), view)
        self.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._name = TABS[number]
        self.activated.connect(self._open)

    def _open(self) -> None:
        view = self.parent()
        assert isinstance(view, InspectorView)
        view.open_tab(self._name)
