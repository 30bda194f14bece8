"""Names from elsewhere as one short line of plain text."""

from __future__ import annotations

from tailrace.model.charted import Group
from tailrace.model.words import format_count

_MOST = 200  # characters: more than any card has room for
NO_VALUE = "(none)"


def one_line(text: str, most: int = _MOST) -> str:
    """A text without line breaks and control characters, shortened with … to `most` characters."""
    cut = text[: most * 4]
    line = " ".join("".join(c if c.isprintable() else " " for c in cut).split())
    return line if len(text) <= most * 4 and len(line) <= most else f"{line[:most]}…"


def name_group(group: Group, more: int = 0) -> str:
    """What a group is called; `more` groups are in the others."""
    if group.others:
        return f"{format_count(more)} others" if more else "others"
    return NO_VALUE if group.value is None else one_line(group.value) or "(empty)"


def of_all(shown: int, of: int, things: str) -> str:
    """24 of 400 series; nothing where all are shown."""
    return f"{format_count(shown)} of {format_count(of)} {things}" if of > shown else ""
