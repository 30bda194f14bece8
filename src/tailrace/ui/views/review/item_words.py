"""The line above an item: what it is, when it ran, what it took."""

from __future__ import annotations

from tailrace.model import TraceRow
from tailrace.model.review import ReviewItem
from tailrace.model.words import format_cost, format_duration
from tailrace.ui.views.histogram import local_time

_SHORT_ID = 12


def head_words(item: ReviewItem) -> list[str]:
    """support_agent.run, 12 Nov 14:02, session 81f2 turn 3 of 5, prompt support@v14, 8.42 s, $0.042. What is unknown
    is left out."""
    row = item.row
    words = [row.name or "unnamed", local_time(row.start_ns), _session(item)]
    if len(item.prompts) == 1:
        words.append(f"prompt {item.prompts[0]}")
    elif item.prompts:
        words.append(f"{len(item.prompts)} prompts")
    words.append(format_duration(row.duration_ns) if row.end_ns is not None else "")
    words.append(_cost(row))
    return [word for word in words if word]


def head_filters(item: ReviewItem) -> tuple[tuple[str, str], ...]:
    """What a right click on the line offers to filter for."""
    row = item.row
    known = (("name", row.name), ("session", row.session_id), ("user", row.user_id), ("version", row.version))
    prompts = tuple(("prompt", prompt) for prompt in item.prompts[:3])
    models = tuple(("model", model) for model in item.models[:3])
    return tuple((field, value) for field, value in known if value) + prompts + models


def _session(item: ReviewItem) -> str:
    session = item.row.session_id
    if session is None:
        return ""
    name = session if len(session) <= _SHORT_ID + 4 else f"{session[:_SHORT_ID]}…"
    if item.turn is None or item.turns is None or item.turns == 1:
        return f"session {name}"
    return f"session {name} turn {item.turn} of {item.turns}"


def _cost(row: TraceRow) -> str:
    if row.cost is None:
        return ""
    return format_cost(row.cost, row.estimated_cost) + ("+" if row.unpriced_spans else "")
