"""A scrolling column of cards and score chips."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from tailrace.ui.theme import tokens
from tailrace.ui.views.background import Background
from tailrace.ui.views.messages.card_view import CardView, estimate_card
from tailrace.ui.views.messages.cards import Card
from tailrace.ui.views.messages.lazy_column import LazyColumn
from tailrace.ui.views.messages.text_block import TextBody
from tailrace.ui.views.scores import ScoreItem, ScoreItemView
from tailrace.ui.views.spoken import Role
from tailrace.ui.views.text_finder import MOST, find_all

Item: TypeAlias = Card | ScoreItem


class CardColumn(LazyColumn[Item]):
    """Shows cards; remembers what was opened up as long as the cards are the same."""

    SPOKEN_AS = Role.Pane
    viewer_requested = Signal(object, object)  # title, text
    filter_requested = Signal(object)  # (field, value, negate)
    score_removed = Signal(object)  # score_id
    copied = Signal(object)

    def __init__(self, background: Background, parent: QWidget | None = None, *, pixels: int = 13) -> None:
        super().__init__(self._card, _estimate, parent)
        self._background = background
        self._pixels = pixels
        self._markdown = True
        self._words = ""
        self._matches: list[tuple[int, int, int, int]] = []  # item, block, place, order within the block
        self._theme = tokens(self)
        self.setAccessibleName("Cards")

    def set_markdown(self, on: bool) -> None:
        """Markdown drawn, or its source."""
        if on != self._markdown:
            self._markdown = on
            self.rebuild()

    def card_views(self) -> list[CardView]:
        """The cards that exist now, in order."""
        return [view for _, view in sorted(self.made.items()) if isinstance(view, CardView)]

    def find_words(self, words: str) -> int:
        """Look for words in the cards' whole texts, shown or not; how often they occur."""
        self._words = words
        self._matches = []
        if words:
            for number, item in enumerate(self.items):
                for index, block in enumerate(item.blocks if isinstance(item, Card) else ()):
                    text = item.laid_out.get(index, block.text) if isinstance(item, Card) else ""
                    places = find_all(text, words, MOST - len(self._matches))
                    self._matches.extend((number, index, place, order) for order, place in enumerate(places))
        else:
            for view in self.card_views():
                view.unmark()
        return len(self._matches)

    def show_match(self, number: int) -> None:
        """Scroll to one of the places found, opening what hides it."""
        if not 0 <= number < len(self._matches):
            return
        item, index, place, order = self._matches[number]
        card = self.items[item]
        assert isinstance(card, Card)
        text = card.laid_out.get(index, card.blocks[index].text)
        changed = card.show_place(index, text, place)
        view = self.made.get(item)
        if isinstance(view, CardView) and changed:
            view.refill()
            self.remeasure()
        if not isinstance(view, CardView):
            view = self.reveal(item)
        if isinstance(view, CardView):
            for other in self.card_views():
                other.unmark()
            self.scroll_to(item, view.mark(index, self._words, order))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # a change of theme comes as many events: one is enough to lay out anew
        if event.type() is QEvent.Type.PaletteChange and self.made and tokens(self) is not self._theme:
            self._theme = tokens(self)
            self.rebuild()

    def _follow(self, body: object) -> None:
        """Keep the caret of a text in sight, which does not scroll by itself."""
        if isinstance(body, TextBody):
            place = body.cursorRect()
            top = body.viewport().mapTo(self.viewport(), place.topLeft()).y()
            below = top + place.height() - self.viewport().height()
            bar = self.verticalScrollBar()
            if top < 0 or below > 0:
                bar.setValue(bar.value() + (top if top < 0 else below))

    def _card(self, item: Item) -> QWidget:
        if isinstance(item, Card):
            view = CardView(
                item,
                markdown=self._markdown,
                background=self._background,
                pixels=self._pixels,
                parent=self.viewport(),
            )
            view.viewer_requested.connect(self.viewer_requested)
            view.filter_requested.connect(self.filter_requested)
            view.copied.connect(self.copied)
            view.caret_moved.connect(self._follow)
            return view
        made = ScoreItemView.of(item, self.viewport())
        made.filter_requested.connect(self.filter_requested)
        made.score_removed.connect(self.score_removed)
        made.copied.connect(self.copied)
        return made


def _estimate(item: Item, width: int) -> int:
    return estimate_card(item, width) if isinstance(item, Card) else item.estimate(width)
