"""What changing failure modes means for the records: every change as the list of records to put and to remove."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from tailrace.model import Score
from tailrace.model.review import Change, FailureMode, ModeMark, Put, Removal
from tailrace.review.judgement import mode_mark, mode_mark_id
from tailrace.review.modes import merged_to


def live_modes(modes: Iterable[FailureMode]) -> list[FailureMode]:
    """Those that were not merged into others, in the order of their number keys."""
    return sorted((mode for mode in modes if mode.merged_into is None), key=lambda mode: (mode.position, mode.name))


def family(mode_id: str, modes: Iterable[FailureMode]) -> list[str]:
    """A mode and all that were merged into it: their marks count as its own."""
    into = merged_to(modes)
    return [mode_id, *(other for other, head in into.items() if head == mode_id and other != mode_id)]


def new_mode(name: str, author: str, modes: Iterable[FailureMode]) -> FailureMode:
    """A mode behind all others."""
    position = max((mode.position for mode in modes if mode.merged_into is None), default=-1) + 1
    return FailureMode(uuid.uuid4().hex, name, position=position, author=author)


def named(name: str, modes: Iterable[FailureMode]) -> FailureMode | None:
    """The live mode of a name, whatever its case."""
    wanted = name.strip().casefold()
    return next((mode for mode in live_modes(modes) if mode.name.casefold() == wanted), None)


def marked(mode: FailureMode, trace_ids: Iterable[str], author: str, marks: Iterable[ModeMark]) -> list[Change]:
    """`author` sees a mode in traces; where they said so already nothing changes."""
    said = {mark.trace_id for mark in marks if mark.mode_id == mode.mode_id and mark.author == author}
    wanted = dict.fromkeys(trace_id for trace_id in trace_ids if trace_id not in said)
    return [Put(mode_mark(author, trace_id, mode)) for trace_id in wanted]


def unmarked(
    mode_id: str, trace_ids: Collection[str], author: str, marks: Iterable[ModeMark], modes: Sequence[FailureMode]
) -> list[Change]:
    """Take `author`'s marks of a mode off traces; those of others stay."""
    ids = family(mode_id, modes)
    said = dict.fromkeys(
        mark.trace_id
        for mark in marks
        if mark.mode_id == mode_id and mark.author == author and mark.trace_id in trace_ids
    )
    return [Removal(Score, mode_mark_id(author, trace_id, one)) for trace_id in said for one in ids]


def merged(source: FailureMode, target: FailureMode) -> list[Change]:
    """Merge a mode into another."""
    return [] if source.mode_id == target.mode_id else [Put(replace(source, merged_into=target.mode_id))]


def split(
    mode: FailureMode,
    part: FailureMode,
    trace_ids: Collection[str],
    marks: Iterable[ModeMark],
    modes: Sequence[FailureMode],
) -> list[Change]:
    """Move everybody's marks of `mode` in some traces to a new mode; each stays with who made it."""
    ids = family(mode.mode_id, modes)
    changes: list[Change] = [Put(part)]
    for mark in marks:
        if mark.mode_id == mode.mode_id and mark.trace_id in trace_ids and mark.author is not None:
            changes += [Removal(Score, mode_mark_id(mark.author, mark.trace_id, one)) for one in ids]
            changes.append(Put(mode_mark(mark.author, mark.trace_id, part)))
    return changes


def removed(mode: FailureMode, marks: Iterable[ModeMark], modes: Sequence[FailureMode]) -> list[Change]:
    """Take a mode away with everybody's marks of it, and what was merged into it."""
    ids = family(mode.mode_id, modes)
    changes: list[Change] = [
        Removal(Score, mode_mark_id(mark.author, mark.trace_id, one))
        for mark in marks
        if mark.mode_id == mode.mode_id and mark.author is not None
        for one in ids
    ]
    return [*changes, *(Removal(FailureMode, one) for one in ids)]


def moved(modes: Sequence[FailureMode], mode_id: str, by: int) -> list[Change]:
    """Move a mode up (-1) or down (+1) in the order, and number all anew where that differs."""
    ordered = live_modes(modes)
    at = next((i for i, mode in enumerate(ordered) if mode.mode_id == mode_id), -1)
    to = at + by
    if at < 0 or not 0 <= to < len(ordered):
        return []
    ordered.insert(to, ordered.pop(at))
    return [Put(replace(mode, position=i)) for i, mode in enumerate(ordered) if mode.position != i]
