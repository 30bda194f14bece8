"""Which card and block a piece of evidence belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TypeAlias

from tailrace.model.review import Evidence
from tailrace.ui.views.messages.cards import Card, Mark
from tailrace.ui.views.messages.cut_text import CHARACTERS_A_LINE, MOST_LINES
from tailrace.ui.views.messages.quotes import find_anchor

# span id and place -> card and block
Places: TypeAlias = Mapping[tuple[str, str], tuple[int, int]]

_MOST = MOST_LINES * CHARACTERS_A_LINE  # characters that a card ever shows


def places_of(cards: Sequence[Card]) -> Places:
    """Where each place of the conversation is shown; what is shown twice counts where it is shown first."""
    places: dict[tuple[str, str], tuple[int, int]] = {}
    for number, card in enumerate(cards):
        for index, block in enumerate(card.blocks):
            if block.place:
                places.setdefault((block.span_id, block.place), (number, index))
    return places


def mark_evidence(
    cards: Sequence[Card], places: Places, evidence: Sequence[Evidence], reviewer: str, known: Set[str]
) -> tuple[list[Card], tuple[Evidence, ...]]:
    """Note the evidence in the cards, in place of what was noted before. The cards that show more or less than before
    (a piece that is not yet `known` opens what hides it), and the pieces whose words are not found."""
    changed: list[Card] = []
    lost: list[Evidence] = []
    for card in cards:
        card.marks.clear()
    for piece in evidence:
        where = places.get((piece.anchor.span_id, piece.anchor.place))
        if where is None:
            lost.append(piece)
            continue
        card, index = cards[where[0]], where[1]
        text = card.laid_out.get(index, card.blocks[index].text)[:_MOST]
        found = find_anchor(text, piece.anchor)
        if found is None:
            lost.append(piece)
        card.marks[index] = (*card.marks.get(index, ()), Mark(piece.anchor, piece.author == reviewer))
        if piece.score_id not in known and card.show_place(index, text, found[0] if found else 0):
            changed.append(card)
    return changed, tuple(lost)
