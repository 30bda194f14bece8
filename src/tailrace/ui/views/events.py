"""A span's events as cards; exceptions with type, message and stack trace as one reads them."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from tailrace.model import Event
from tailrace.model.words import format_duration
from tailrace.ui.views.messages.cards import Block, BlockKind, Card, count_lines

_TYPE, _MESSAGE, _TRACE = "exception.type", "exception.message", "exception.stacktrace"


def event_cards(events: Sequence[Event], start_ns: int) -> list[Card]:
    """One card an event, with its time from the span's start."""
    return [_card(event, start_ns) for event in events]


def _card(event: Event, start_ns: int) -> Card:
    offset = event.time_ns - start_ns
    when = f"{'+' if offset >= 0 else ''}{format_duration(offset)}" if event.time_ns else "time unknown"
    left = dict(event.attributes)
    kind, message, trace = left.pop(_TYPE, None), left.pop(_MESSAGE, None), left.pop(_TRACE, None)
    failed = event.name == "exception" or kind is not None
    blocks: list[Block] = []
    if message:
        blocks.append(Block(BlockKind.TEXT, str(message)))
    if trace:
        lines = count_lines(str(trace).rstrip())
        blocks.append(Block(BlockKind.LABEL, f"stack trace · {lines} lines"))
        blocks.append(Block(BlockKind.MONO, str(trace).rstrip()))
    if left:
        if blocks:
            blocks.append(Block(BlockKind.LABEL, "attributes"))
        try:
            blocks.append(Block(BlockKind.JSON, orjson.dumps(left).decode()))
        except (TypeError, ValueError):
            blocks.append(Block(BlockKind.MONO, repr(left)))
    if not blocks:
        blocks.append(Block(BlockKind.TEXT, "(no attributes)", tone="dim"))
    title = f"{event.name} · {kind}" if kind and kind != event.name else event.name
    return Card(title, tuple(blocks), facts=when, error=failed)
