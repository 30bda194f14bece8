"""Finding words in the text in sight: the search itself, and what joins it with a find bar."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject

from tailrace.ui.views.find_bar import FindBar

MOST = 100_000  # places kept; beyond it the count says so


def find_all(text: str, words: str, most: int = MOST) -> list[int]:
    """Where `words` occur, regardless of case, without overlap."""
    if not words:
        return []
    # lower() may change lengths; a text where it does is searched as it is
    small = text.lower()
    if len(small) != len(text):
        small = text
    needle = words.lower() if small is not text else words
    places: list[int] = []
    at = small.find(needle)
    while at >= 0 and len(places) < most:
        places.append(at)
        at = small.find(needle, at + len(needle))
    return places


class Searchable(Protocol):
    """A view that knows its text."""

    def find_words(self, words: str) -> int:
        """Look for words and say how often they occur; "" forgets the last ones."""

    def show_match(self, number: int) -> None:
        """Scroll to one of the places found, counted from 0, and mark it."""


class TextFinder(QObject):
    """Steps through the places where the words of a find bar occur in what it was told to look through."""

    def __init__(self, bar: FindBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._searched: Searchable | None = None
        self._count = 0
        self._now = 0
        bar.wanted.connect(self._find)
        bar.stepped.connect(self._step)

    def look_through(self, searched: Searchable | None) -> None:
        """Look through another text from now on, or the same one when it says something else. With None there is
        nothing to find in, and the bar goes."""
        if self._searched is not None and self._searched is not searched:
            self._searched.find_words("")
        self._searched = searched
        if searched is None:
            self._bar.hide()
        elif self._bar.text:
            self._find(self._bar.text)

    def _find(self, words: object) -> None:
        if self._searched is None:
            return
        self._count, self._now = self._searched.find_words(str(words)), 0
        self._show()

    def _step(self, by: int) -> None:
        if self._count:
            self._now = (self._now + by) % self._count
            self._show()

    def _show(self) -> None:
        self._bar.show_count(self._now + 1, self._count, cut=self._count >= MOST)
        if self._count and self._searched is not None:
            self._searched.show_match(self._now)
