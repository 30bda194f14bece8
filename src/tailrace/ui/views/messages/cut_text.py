"""The beginning of a long text, with exact words for how much of it that is."""

from __future__ import annotations

from dataclasses import dataclass

from tailrace.model.words import format_count

FIRST_LINES = 200
MORE_LINES = 1_000
CHARACTERS_A_LINE = 60  # a limit of lines is also one of characters: one line can be 20 MB
MOST_LINES = 5_000  # from here on only the viewer: it keeps no layout of what is out of sight


@dataclass(frozen=True, slots=True)
class Cut:
    """`shown` is a beginning of the text; `words` says what part it is, empty when it is all."""

    shown: str
    words: str


def cut(text: str, lines: int = FIRST_LINES) -> Cut:
    """At most `lines` lines and `lines` × 60 characters of a text."""
    end = min(len(text), lines * CHARACTERS_A_LINE)
    place = -1
    for _ in range(lines):
        place = text.find("\n", place + 1, end)
        if place < 0:
            break
    whole_lines = place >= 0
    if whole_lines:
        end = place
    if end >= len(text) or (whole_lines and end == len(text) - 1):
        return Cut(text[:end], "")
    total = text.count("\n") + 1
    if whole_lines:
        return Cut(text[:end], f"showing {format_count(lines)} of {format_count(total)} lines")
    return Cut(text[:end], f"showing {format_count(end)} of {format_count(len(text))} characters")


def lines_needed(text: str, place: int, lines: int) -> int | None:
    """The limit of lines under which a place is shown; None where the present limit shows it, or where it is too far
    down to be shown outside the viewer."""
    if place < len(cut(text, lines).shown):
        return None
    needed = max(text.count("\n", 0, place) + 20, place // CHARACTERS_A_LINE + 20)
    return needed if needed <= MOST_LINES else None
