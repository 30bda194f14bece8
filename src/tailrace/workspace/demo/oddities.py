"""A few traces as reality makes them: a parent that never arrived, a span that has not ended, a clock that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tailrace.workspace.demo.tape import MS, Draft, Tape


def lose_the_root(tape: Tape) -> None:
    """The process that held the root died before it could send it."""
    del tape.drafts[0]


def lose_a_parent(tape: Tape) -> None:
    """A span in the middle is missing, its children are there."""
    parents = {draft.parent_id for draft in tape.drafts}
    inner = [draft for draft in tape.drafts[1:] if draft.span_id in parents]
    if inner:
        tape.drafts.remove(inner[len(inner) // 2])


def leave_open(tape: Tape) -> None:
    """Still running: the root and the newest span have not ended."""
    for draft in (tape.drafts[0], tape.drafts[-1]):
        draft.end_ns = None
        draft.attributes = {key: value for key, value in draft.attributes.items() if not key.startswith("output")}


def turn_a_clock_back(tape: Tape) -> None:
    """Tools ran on a machine whose clock is 3.2 seconds behind."""
    for draft in tape.drafts:
        if _is_tool(draft) and draft.end_ns is not None:
            draft.start_ns -= 3_200 * MS
            draft.end_ns -= 3_200 * MS


def end_before_the_beginning(tape: Tape) -> None:
    """A clock was set while a span ran."""
    draft = tape.drafts[len(tape.drafts) // 2]
    draft.end_ns = draft.start_ns - 40 * MS


def _is_tool(draft: Draft) -> bool:
    return "TOOL" in draft.attributes.values() or "execute_tool" in draft.attributes.values()


ODDITIES: tuple[tuple[Callable[[Tape], None], int], ...] = (
    (lose_the_root, 4),
    (lose_a_parent, 3),
    (leave_open, 3),
    (turn_a_clock_back, 4),
    (end_before_the_beginning, 2),
)


def choose_oddities(rng: Random, count: int) -> dict[int, Callable[[Tape], None]]:
    """Which of `count` traces are odd, and how. Traces that have not ended are among the newest."""
    chosen: dict[int, Callable[[Tape], None]] = {}
    if count < 50:
        return chosen
    for oddity, often in ODDITIES:
        for _ in range(often):
            first = count - 12 if oddity is leave_open else 0
            chosen[rng.randrange(first, count)] = oddity
    return chosen
