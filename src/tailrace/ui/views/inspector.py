"""The span inspector: one frozen value in, everything known of a span on screen, judgements out as signals."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from tailrace.model import Score, ScoreKind, SpanDetail, SpanKind, SpanStatus, TraceRow
from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.attributes import AttributesView, attribute_groups
from tailrace.ui.views.background import SMALL, Background
from tailrace.ui.views.documents import document_cards
from tailrace.ui.views.events import event_cards
from tailrace.ui.views.facts import FactsView
from tailrace.ui.views.find_bar import FindBar
from tailrace.ui.views.header import Header
from tailrace.ui.views.json_tree import RawView
from tailrace.ui.views.long_text import LongTextView
from tailrace.ui.views.messages.column import CardColumn, Item
from tailrace.ui.views.messages.view import MessagesView
from tailrace.ui.views.note_editor import NoteEditor
from tailrace.ui.views.scores import ScoreItem, is_own
from tailrace.ui.views.tab_strip import TabStrip
from tailrace.ui.views.viewer_window import ViewerWindow

TABS = ("Messages", "Documents", "Attributes", "Events", "Scores", "Raw")
MESSAGES, DOCUMENTS, ATTRIBUTES, EVENTS, SCORES, RAW = range(6)
_TARGET_WORDS = {"span": "this span", "trace": "the whole trace"}


class InspectorView(QWidget):
    """Shows a span. Judgements leave as signals and show as given once `show_span` or `update_scores` says so."""

    thumb_requested = Signal(object)  # 1, 0, or None to take it back; for `target`
    note_requested = Signal(object)  # text; for `target`
    score_removed = Signal(object)  # score_id
    filter_requested = Signal(object)  # (field, value, negate)
    copied = Signal(object)  # text
    target_changed = Signal(object)  # "span" or "trace"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail: SpanDetail | None = None
        self._target = "span"
        self._reviewer: str | None = None
        self._wanted = MESSAGES
        self._drafts: dict[tuple[str, str | None], str] = {}
        self._saving_note: tuple[str, str | None] | None = None
        self.setAccessibleName("Inspector")
        self._background = Background(self)
        self.header = Header(self)
        self.facts = FactsView(self)
        self.note = NoteEditor(self)
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
        self.message = _Message(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.facts, self.note):
            column.addWidget(widget)
        self.finder = FindBar(self)
        self.finder.hide()
        strip = QHBoxLayout()
        strip.setContentsMargins(6, 0, 6, 0)
        strip.addWidget(self.tabs)
        column.addLayout(strip)
        column.addWidget(self.finder)
        column.addWidget(self.stack, 1)
        column.addWidget(self.message, 1)
        self._connect()
        self.note.hide()
        self._restyle()
        self.show_span(None, None)

    @property
    def target(self) -> str:
        """What thumb and note go to: "span" or "trace"."""
        return self._target

    @property
    def tab(self) -> str:
        """The name of the tab in sight."""
        return TABS[self.tabs.currentIndex()]

    def set_reviewer(self, name: str | None) -> None:
        """Whose scores are one's own (a thumb shows as given, a score can be removed). None: every person's."""
        self._reviewer = name
        if self._detail is not None:
            self.update_scores(self._detail.scores, self._detail.trace_scores)

    def show_span(self, detail: SpanDetail | None, trace_row: TraceRow | None) -> None:
        """Show a span at the tab chosen last, or at the first with anything in it. None: nothing is selected."""
        if detail is None:
            self.show_message("No span selected", "Select a span in the trace to see what it did.")
            return
        former = self._detail
        self._keep_draft()
        self._detail = detail
        span = detail.span
        same = former is not None and (former.span.trace_id, former.span.span_id) == (span.trace_id, span.span_id)
        if not same:
            root = span.parent_id is None or (trace_row is not None and trace_row.span_count == 1)
            self._set_target("trace" if root else "span")
        self._reveal(True)
        about = [span.kind.value if span.kind is not SpanKind.UNKNOWN else "span", span.model or span.tool_name or ""]
        if span.status is SpanStatus.ERROR:
            about.append("error")
        filters = [("kind", span.kind.value), ("status", span.status.value)]
        if span.model:
            filters.insert(0, ("model", span.model))
        if span.tool_name:
            filters.append(("tool", span.tool_name))
        self.header.show_span(span.name, span.kind, " · ".join(filter(None, about)), span.status, tuple(filters))
        self.facts.show_detail(detail)
        if not (same and former is not None and former.span is span and former.conversation is detail.conversation):
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
        """These scores are saved: thumbs, chips and lists show them, a note under way is done."""
        if self._detail is None:
            return
        detail = self._detail
        self._detail = SpanDetail(
            detail.span,
            detail.events,
            detail.conversation,
            detail.documents,
            tuple(scores),
            tuple(trace_scores),
            detail.usage_counts,
        )
        self._note_saved()
        self._show_thumb()
        self.messages.update_scores((*scores, *trace_scores))
        self.documents.set_items(list(document_cards(detail.documents, scores, detail.span.kind)))
        self.scores.set_items(self._score_items())
        self.tabs.set_count(SCORES, len(scores) + len(trace_scores))

    def set_saving(self, saving: bool) -> None:
        """A judgement is being saved (also when a key outside asked for it), or saving has failed and the text of a
        note is still there."""
        self.header.set_saving(saving)
        if not saving:
            self._saving_note = None
        self.note.set_saving(saving and self._saving_note is not None)

    def mark_saved(self) -> None:
        """What was asked for is saved; the scores that show it follow by `update_scores`."""
        self._note_saved()
        self.header.set_saving(False)

    def press_thumb(self, value: int) -> None:
        """As if the thumb's button had been pressed: 1 up, 0 down; the one that is given is taken back."""
        (self.header.up if value else self.header.down).click()

    def focus_note(self) -> None:
        """Open the note editor for the target."""
        if self._detail is None:
            return
        self._open_note()
        self.note.field.setFocus()

    def set_target(self, target: str) -> None:
        """Judge the span or the whole trace."""
        if target != self._target and self._detail is not None:
            self._choose_target(target)

    def open_tab(self, name: str) -> None:
        """Turn to a tab by its name, as a click on it does."""
        self._choose_tab(TABS.index(name))

    def open_viewer(self, title: object, text: object) -> ViewerWindow:
        """A text in a window of its own."""
        window = ViewerWindow(str(title), str(text), self)
        window.copied.connect(self.copied)
        window.show()
        return window

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and 0 <= number < len(TABS):
            self._choose_tab(number)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "message"):
            self._restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.panel))
            if not self.tabs.isHidden():
                y = self.tabs.geometry().bottom()
                painter.fillRect(0, y, self.width(), 1, QColor(theme.line))

    def _connect(self) -> None:
        self.header.thumb_requested.connect(self.thumb_requested)
        self.header.note_wanted.connect(self._toggle_note)
        self.header.target_chosen.connect(self._choose_target)
        self.note.saved.connect(self._save_note)
        self.note.cancelled.connect(self._cancel_note)
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
        self.finder.searched.connect(self._search)
        self.finder.stepped.connect(self._show_match)
        self.finder.closed.connect(self._end_find)
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for number in range(len(TABS)):
            key = QKeySequence(Qt.KeyboardModifier.AltModifier | Qt.Key(Qt.Key.Key_1 + number))
            QShortcut(key, self, _Choose(self, number), context=context)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.open_find, context=context)
        QShortcut(QKeySequence("Ctrl+Tab"), self, self._next_tab, context=context)
        QShortcut(QKeySequence("Ctrl+Shift+Tab"), self, self._former_tab, context=context)

    def _fill(self, detail: SpanDetail) -> None:
        span = detail.span
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
        if not self.finder.isHidden():
            if self._searched() is None:
                self.finder.hide()
            else:
                self._search(self.finder.words)
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
            self.finder.open()

    def _search(self, words: object) -> None:
        searched = self._searched()
        self.finder.show_count(0 if searched is None else searched.find_words(str(words)))
        self._show_match(0)

    def _show_match(self, number: object) -> None:
        searched = self._searched()
        if searched is not None and isinstance(number, int):
            searched.show_match(number)

    def _end_find(self) -> None:
        if (page := self.stack.currentWidget()) is not None:
            page.setFocus()

    def _searched(self) -> CardColumn | LongTextView | None:
        tab = self.tabs.currentIndex()
        columns = {MESSAGES: self.messages.column, DOCUMENTS: self.documents, EVENTS: self.events}
        return self.raw.text if tab == RAW else columns.get(tab)

    # Judging

    def _set_target(self, target: str) -> None:
        if target != self._target:
            self._target = target
            self.target_changed.emit(target)

    def _choose_target(self, target: object) -> None:
        words = self.note.text if not self.note.isHidden() else ""
        former = self._key()
        self._keep_draft()
        self._set_target(str(target))
        key = self._key()
        if words and key is not None and former is not None and not self._drafts.get(key):
            self._drafts[key] = words  # whoever switches while writing means this text
            self._drafts.pop(former, None)
        self._show_thumb()

    def _key(self) -> tuple[str, str | None] | None:
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
            if score.kind is ScoreKind.THUMB and is_own(score, self._reviewer) and score.document_position is None
        ]
        newest = max(given, key=lambda score: score.updated_ns or score.created_ns or 0, default=None)
        thumb = None if newest is None or newest.value is None else int(newest.value >= 0.5)
        self.header.show_thumb(thumb, self._target)
        key = self._key()
        if key in self._drafts:
            self._open_note()
        elif key != self._saving_note:
            self.note.hide()

    def _open_note(self) -> None:
        key = self._key()
        if key is None:
            return
        if self.note.isHidden() or key in self._drafts:
            self.note.set_text(self._drafts.get(key, ""), _TARGET_WORDS[self._target])
        self.note.set_saving(self._saving_note == key)
        self.note.show()

    def _toggle_note(self) -> None:
        if self.note.isHidden() or not self.note.field.hasFocus():
            self.focus_note()
        elif not self.note.text.strip():
            self._cancel_note()

    def _keep_draft(self) -> None:
        key = self._key()
        if key is not None and not self.note.isHidden():
            if self.note.text.strip():
                self._drafts[key] = self.note.text
            else:
                self._drafts.pop(key, None)

    def _save_note(self, text: object) -> None:
        self._keep_draft()
        self._saving_note = self._key()
        self.note.set_saving(True)
        self.note_requested.emit(text)

    def _cancel_note(self) -> None:
        key = self._key()
        if key is not None:
            self._drafts.pop(key, None)
        self._saving_note = None
        self.note.set_text("", "")
        self.note.hide()
        self.tabs.setFocus()

    def _note_saved(self) -> None:
        if self._saving_note is not None:
            self._drafts.pop(self._saving_note, None)
            if self._saving_note == self._key():
                self.note.set_text("", "")
                self.note.hide()
            self._saving_note = None

    # What is in sight

    def _leave(self) -> None:
        self._keep_draft()
        self._detail = None
        self._reveal(False)

    def _reveal(self, shown: bool) -> None:
        for widget in (self.header, self.facts, self.tabs, self.stack):
            widget.setVisible(shown)
        self.header.show_judging(shown)
        if not shown:
            self.note.hide()
            self.finder.hide()
        self.message.setVisible(not shown)

    def _restyle(self) -> None:
        theme = tokens(self)
        self.setStyleSheet(
            # never `transparent`: a style sheet's background becomes the palette's, and the theme is read off that
            f"QAbstractScrollArea {{ background: {theme.panel}; border: none; }}"
            f"QTextEdit#textBody {{ background: {theme.panel}; border: none; border-radius: 0; padding: 0;"
            f" selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}"
            f"QTreeView#attributeTree, QTreeView#jsonTree {{ background: {theme.panel}; border: none; }}"
        )
        self.finder.restyle(theme)
        for part in (self.note, self.messages, self.attributes, self.raw, self.message):
            part.restyle()
        self.update()


class _Choose:
    """Alt and a digit; owned by the shortcut."""

    def __init__(self, view: InspectorView, number: int) -> None:
        self._view, self._number = view, number

    def __call__(self) -> None:
        self._view._choose_tab(self._number)


class _Message(QWidget):
    """An icon, a sentence and what to do, in the middle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = ""
        self.title = QLabel(self)
        self.hint = QLabel(self)
        bold = ui_font(14)
        bold.setWeight(bold.Weight.DemiBold)
        self.title.setFont(bold)
        self.hint.setFont(ui_font(13))
        self.picture = QLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 60)
        column.addStretch(1)
        for label in (self.picture, self.title, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(2)

    def show_words(self, title: str, hint: str, icon: str) -> None:
        self._icon = icon
        self.title.setText(title)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.setAccessibleName(f"{title}. {hint}")
        self.restyle()
        self.show()

    def restyle(self) -> None:
        theme = tokens(self)
        self.title.setStyleSheet(f"color: {theme.text}")
        self.hint.setStyleSheet(f"color: {theme.dim}")
        if self._icon:
            self.picture.setPixmap(pixmap(self._icon, theme.faint, 26, self.devicePixelRatioF()))
