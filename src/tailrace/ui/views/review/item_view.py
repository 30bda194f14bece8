"""One trace to judge, big and calm: a line about it, the conversation, and the keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from tailrace.model import SpanKind
from tailrace.model.review import Anchor, Evidence, ReviewItem
from tailrace.ui.views.background import Background
from tailrace.ui.views.controls import Switch
from tailrace.ui.views.messages.cards import Card
from tailrace.ui.views.messages.column import CardColumn
from tailrace.ui.views.messages.quotes import make_anchor
from tailrace.ui.views.messages.text_block import TextBlock, TextBody
from tailrace.ui.views.placeholder import Placeholder
from tailrace.ui.views.review.evidence import Places, mark_evidence, places_of
from tailrace.ui.views.review.instructions import Instructions
from tailrace.ui.views.review.item_cards import build_item_cards
from tailrace.ui.views.review.item_head import ItemHead
from tailrace.ui.views.review.key_hints import KeyHints

READING_WIDTH = 740
_TEXT = 14
_NARROWEST = 320
_LOW = 480


class ItemView(QWidget):
    """Shows an item, or says why there is none. Text is selected with the mouse or with Shift and arrows."""

    filter_requested = Signal(object)  # (field, value, negate)
    copied = Signal(object)
    viewer_requested = Signal(object, object)  # title, whole text

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item: ReviewItem | None = None
        self._reviewer = ""
        self._cards: list[Card] = []
        self._places: Places = {}
        self._evidence: tuple[Evidence, ...] = ()
        self._lost: tuple[Evidence, ...] = ()
        self._opened: set[str] = set()  # evidence that has opened its card once: it does not again
        self.head = ItemHead(self)
        self.instructions = Instructions(self)
        self.switch = Switch({"markdown": "Markdown", "plain": "Plain"}, "Text as", self)
        self.column = CardColumn(background, self, pixels=_TEXT)
        self.column.set_reading_width(READING_WIDTH)
        self.column.setAccessibleName("Conversation")
        self.hints = KeyHints(self)
        self.words = Placeholder(self)
        self._build()
        self.switch.chosen.connect(self._choose)
        self.head.filter_requested.connect(self.filter_requested)
        self.head.copied.connect(self.copied)
        self.column.filter_requested.connect(self.filter_requested)
        self.column.copied.connect(self.copied)
        self.column.viewer_requested.connect(self.viewer_requested)
        self.column.laid_out.connect(self._fit)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)

    @property
    def cards(self) -> Sequence[Card]:
        """What is shown of the item."""
        return tuple(self._cards)

    def show_item(self, item: ReviewItem | None, reviewer: str) -> None:
        """Show an item from the top, without evidence yet. The same one shown anew keeps what was opened and where
        it was scrolled to."""
        former, self.item = self.item, item
        self._reviewer = reviewer
        if item is None:
            self.show_message("Nothing to review", "")
            return
        same = former is not None and _texts(former) == _texts(item)
        self.head.show_item(item)
        if not same or not self._cards:
            self._cards = build_item_cards(item)
            self._places = places_of(self._cards)
            self._evidence = self._lost = ()
            self._opened.clear()
            self.column.set_items(self._cards)
        self._stack.setCurrentWidget(self._page)
        self._fit()

    def show_loading(self, name: str) -> None:
        """Say that an item is on its way."""
        self.show_message("Loading …", name, "loader-circle")

    def show_message(self, title: str, hint: str, icon: str = "circle-check") -> None:
        """Say something in place of an item: that the queue is done, what went wrong."""
        self._forget()
        self.words.show_words(title, hint, icon)
        self._stack.setCurrentWidget(self.words)

    def show_instructions(self, queue_id: str, text: str) -> None:
        """The queue's instructions above its items, until they are dismissed for this queue."""
        self.instructions.show_text(queue_id, text)

    def set_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """The keys and what they do, below the cards."""
        self.hints.set_hints(hints)
        self._fit()

    def show_evidence(self, evidence: Sequence[Evidence], reviewer: str) -> None:
        """Mark what was highlighted. A new piece opens the card that it is in."""
        self._evidence = tuple(evidence)
        self._reviewer = reviewer
        changed, lost = mark_evidence(self._cards, self._places, self._evidence, reviewer, self._opened)
        self._opened.update(piece.score_id for piece in self._evidence)
        for view in self.column.card_views():
            if view.card in changed:
                view.refill()
            else:
                view.update()
                for block in view.blocks:
                    block.show_marks()
        if changed:
            self.column.remeasure()
        self._lost = tuple(piece for piece in lost if not self._stands_there(piece))

    def lost_evidence(self) -> tuple[Evidence, ...]:
        """Evidence whose words are not in the item any more."""
        return self._lost

    def reveal_evidence(self, score_id: str) -> bool:
        """Scroll to a piece of evidence, opening what hides it; whether it is there."""
        piece = next((piece for piece in self._evidence if piece.score_id == score_id), None)
        where = None if piece is None else self._places.get((piece.anchor.span_id, piece.anchor.place))
        if piece is None or where is None:
            return False
        number, index = where
        card = self._cards[number]
        changed, _ = mark_evidence(self._cards, self._places, self._evidence, self._reviewer, self._opened - {score_id})
        view = next((view for view in self.column.card_views() if view.card is card), None)
        if view is not None and card in changed:
            view.refill()
            self.column.remeasure()
        if view is None:
            self.column.reveal(number)
            view = next((view for view in self.column.card_views() if view.card is card), None)
        for block in view.blocks if view is not None else ():
            if block.index == index:
                top = block.show_marks().get(piece.anchor)
                self.column.scroll_to(number, block.y() + (top or 0))
                return top is not None
        return False

    def selected_anchor(self) -> Anchor | None:
        """What text is selected now; None when there is none, or it has no place of its own (a heading, a hint)."""
        selected = [block for block in self._blocks() if block.body.textCursor().hasSelection()]
        block = next((block for block in selected if block.body.hasFocus()), selected[-1] if selected else None)
        if block is None or not block.block.place:
            return None
        begin, end = block.selection()
        return make_anchor(block.block.span_id, block.block.place, block.shown, begin, end, block.block.text)

    def clear_selection(self) -> None:
        """Select nothing; the keyboard's place in the text stays."""
        for block in self._blocks():
            block.unselect()

    def find_words(self, words: str) -> int:
        """Look for words in all of the item, shown or not; how often they occur."""
        return self.column.find_words(words)

    def show_match(self, number: int) -> None:
        """Scroll to one of the places found."""
        self.column.show_match(number)

    def set_markdown(self, on: bool) -> None:
        """Markdown drawn, or its source."""
        self.switch.set_value("markdown" if on else "plain")
        self.column.set_markdown(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < _LOW
        self.hints.setVisible(not low)  # what is read needs the room; `?` says the keys too
        self.instructions.set_tallest(self.height() // 5)
        self._fit()

    def enter_text(self) -> bool:
        """Put the caret into the answer, else into the last text in sight; False where there is none."""
        last = max((number for number, card in enumerate(self._cards) if card.kind is SpanKind.LLM), default=-1)
        shown = self.column.reveal(last) if last >= 0 else None
        said = [block.body for block in getattr(shown, "blocks", ()) if block.block.place]
        bodies = said[:1] or self._bodies()[-1:]
        if not bodies:
            return False
        bodies[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter goes into the text, Escape out of it."""
        inside = isinstance(QApplication.focusWidget(), TextBody)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not inside and self.enter_text():
            return
        if event.key() == Qt.Key.Key_Escape and inside:
            self.column.setFocus()
            return
        super().keyPressEvent(event)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason, /) -> None:
        """Qt: give it to the conversation. No proxy: Tab would go there past all that stands before it."""
        self.column.setFocus(reason)

    def _bodies(self) -> list[TextBody]:
        return [block.body for block in self._blocks() if block.body.isVisible() and block.block.place]

    def _blocks(self) -> list[TextBlock]:
        return [block for view in self.column.card_views() for block in view.blocks]

    def _stands_there(self, piece: Evidence) -> bool:
        """Whether words that the source lacks are in the text as it is drawn (a list's bullet, a link's target)."""
        wanted = (piece.anchor.span_id, piece.anchor.place)
        return any(
            piece.anchor in block.show_marks()
            for block in self._blocks()
            if (block.block.span_id, block.block.place) == wanted
        )

    def _follow_focus(self, old: QWidget | None, now: QWidget | None) -> None:
        """One selection at a time: what was selected elsewhere in the item is forgotten."""
        if isinstance(now, TextBody) and self.isAncestorOf(now):
            for block in self._blocks():
                if block.body is not now:
                    block.unselect()

    def _choose(self, value: object) -> None:
        self.column.set_markdown(value == "markdown")

    def _forget(self) -> None:
        self.item = None
        self._cards, self._places = [], {}
        self._evidence = self._lost = ()
        self._opened.clear()
        self.column.set_items(())

    def _fit(self) -> None:
        """The lines above and below stand in line with the cards, and the keys right below the last one."""
        left = self.column.left
        right = max(0, self.width() - left - self.column.column_width)
        self._above.setContentsMargins(left, 12, right, 4)
        self._below.setContentsMargins(left, 6, right, 12)
        self.column.setMaximumHeight(max(60, self.column.contents_height))
        if (layout := self._page.layout()) is not None and self._page.isVisible():
            layout.activate()  # now: what is painted next is already in its place

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.head, 1)
        line.addWidget(self.instructions.again, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        self._above = QVBoxLayout()
        self._above.setSpacing(8)
        self._above.addLayout(line)
        self._above.addWidget(self.instructions)
        self._below = QHBoxLayout()
        self._below.addWidget(self.hints)
        self._page = QWidget(self)
        # the margins that bring it into the middle are no reason to stay so wide
        self._page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(_NARROWEST)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._above)
        column.addWidget(self.column, 1000)
        column.addLayout(self._below)
        column.addStretch(1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._page)
        self._stack.addWidget(self.words)


def _texts(item: ReviewItem) -> tuple[object, ...]:
    """What is shown of an item: judgements come and go without any of it changing."""
    details = [d if d is None else (d.span, d.events, d.conversation) for d in (item.answer, item.asked)]
    return item.row.key, *details, item.steps, item.step_count
