"""The session around an item: what was said in the turns before and after it, folded away."""

from __future__ import annotations

from collections.abc import Sequence

from tailrace.model.review import ReviewItem, Turn
from tailrace.model.time import format_time
from tailrace.model.words import format_count
from tailrace.ui.views.messages.cards import Block, BlockKind, Card


def session_cards(item: ReviewItem, told: bool) -> tuple[list[Card], list[Card]]:
    """The cards to stand above and below an item's own. `told`: the conversation itself holds the earlier turns."""
    here = item.turn or 0
    before = [turn for turn in item.neighbours if turn.number < here]
    after = [turn for turn in item.neighbours if turn.number > here]
    above = [] if told or not before else [_card("earlier in this session", before, here - 1)]
    below = [_card("later in this session", after, (item.turns or here) - here)] if after else []
    return above, below


def _card(title: str, turns: Sequence[Turn], total: int) -> Card:
    blocks: list[Block] = []
    if total > len(turns):
        words = f"showing {len(turns)} of {format_count(total)} turns, those nearest to this one"
        blocks.append(Block(BlockKind.TEXT, words, tone="dim"))
    for turn in turns:
        failed = " · failed" if turn.failed else ""
        label = f"turn {turn.number} · {format_time(turn.start_ns)}{failed}"
        blocks.append(Block(BlockKind.LABEL, label, tone="err" if turn.failed else ""))
        blocks.append(Block(BlockKind.TEXT, turn.question or "(no input)"))
        blocks.append(Block(BlockKind.TEXT, turn.answer or "(no output)", tone="dim"))
    count = f"{format_count(total)} turn{'' if total == 1 else 's'}"
    return Card(title, tuple(blocks), facts=count, collapsible=True, open=False)
