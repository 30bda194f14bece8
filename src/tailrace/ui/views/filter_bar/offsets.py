"""Python counts characters, Qt counts UTF-16 units: an emoji is one of the former and two of the latter."""

from __future__ import annotations


def to_qt(text: str, index: int) -> int:
    """The UTF-16 position of a character position."""
    if text.isascii():
        return index
    return index + sum(char > "\uffff" for char in text[:index])


def from_qt(text: str, position: int) -> int:
    """The character position of a UTF-16 position."""
    if text.isascii():
        return position
    units = 0
    for index, char in enumerate(text):
        if units >= position:
            return index
        units += 2 if char > "\uffff" else 1
    return len(text)
