"""The session around an item."""

from __future__ import annotations

from tests.ui.views.review.items import make_item

from tailrace.model.review import Turn
from tailrace.ui.views.review.item_cards import build_item_cards
from tailrace.ui.views.review.session_cards import session_cards


def turns(*numbers: int) -> tuple[Turn, ...]:
    return tuple(Turn(n, n, 1_795_000_000_000_000_000 + n, f"question {n}", f"answer {n}", n == 2) for n in numbers)


def test_earlier_turns_stand_above_and_later_ones_below_folded_away() -> None:
    above, below = session_cards(make_item(turn=3, turns=5, neighbours=turns(1, 2, 4, 5)), told=False)
    assert [(card.title, card.facts, card.open) for card in (*above, *below)] == [
        ("earlier in this session", "2 turns", False),
        ("later in this session", "2 turns", False),
    ]
    texts = [block.text for block in above[0].blocks]
    assert "question 1" in texts
    assert "answer 2" in texts
    assert any("turn 2" in text and "failed" in text for text in texts)


def test_what_the_model_was_told_of_the_session_is_not_said_twice() -> None:
    above, below = session_cards(make_item(turn=3, turns=5, neighbours=turns(1, 2, 4)), told=True)
    assert above == []
    assert len(below) == 1


def test_turns_that_are_not_there_are_counted() -> None:
    (card,), _ = session_cards(make_item(turn=30, turns=30, neighbours=turns(28, 29)), told=False)
    assert card.blocks[0].text == "showing 2 of 29 turns, those nearest to this one"


def test_an_item_without_a_session_has_no_such_cards() -> None:
    titles = [card.title for card in build_item_cards(make_item(turn=None, turns=None))]
    assert not any("session" in title for title in titles)
