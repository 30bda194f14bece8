"""Evidence in text: from what is selected to an anchor, and from an anchor back to the place, whatever the layout.

Texts are compared by their letters, figures and signs alone: white space, punctuation, Markdown's marks and the numbers
of its lists come and go with the way a text is drawn.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from tailrace.model.review import Anchor

CONTEXT = 40  # characters of text kept on each side of a quote
_EDGE = 24  # of the kept characters at each end of a quote that must be found where its middle has changed
# a list's number is drawn anew, so it does not count where a line begins with it
_MARKS = re.compile(r"(?m:^[ \t>]*\d{1,9}[.)](?=\s))|[\s\ufffc\ufdd0\ufdd1!-/:-@\[-`{-~‹›•…“”‘’«»–—]+")


def make_anchor(span_id: str, place: str, shown: str, begin: int, end: int, source: str) -> Anchor | None:
    """The anchor of the characters `begin` to `end` of a text as it is shown; None when they are only white space.
    `source` is the text as it was recorded."""
    while begin < end and shown[begin].isspace():
        begin += 1
    while begin < end and shown[end - 1].isspace():
        end -= 1
    if begin >= end:
        return None
    quote = shown[begin:end]
    return Anchor(
        span_id,
        place,
        quote,
        shown[max(0, begin - CONTEXT) : begin],
        shown[end : end + CONTEXT],
        _start(shown, begin, quote, source),
    )


def find_anchor(shown: str, anchor: Anchor) -> tuple[int, int] | None:
    """Where an anchor's words are in a text, from and to; None where they are not there any more."""
    quote = anchor.quote
    if not quote:
        return None
    kept, places = _kept(shown)
    # read where it stood: a figure at the beginning of a quote is a list's number only at the beginning of a line
    around, at = _kept(anchor.prefix + quote + anchor.suffix)
    first, last = bisect_left(at, len(anchor.prefix)), bisect_left(at, len(anchor.prefix) + len(quote))
    before, words, after = around[:first], around[first:last], around[last:]
    if not words:
        return _closest(shown, anchor)
    found = _occurrences(kept, words)
    ends = [at + len(words) for at in found]
    if not found:
        found, ends = _by_edges(kept, words)
    if not found:
        return None
    best = 0
    if len(found) > 1:
        # the same words with the same words around them: the one that lies nearest to where it was
        def rank(number: int) -> tuple[int, int]:
            likeness = _common_end(kept, found[number], before) + _common_start(kept, ends[number], after)
            return likeness, 0 if anchor.start is None else -abs(places[found[number]] - anchor.start)

        best = max(range(len(found)), key=rank)
    begin, end = places[found[best]], places[ends[best] - 1] + 1
    lead, trail = at[first] - len(anchor.prefix), len(anchor.prefix) + len(quote) - at[last - 1] - 1
    # with the quote's own punctuation at both ends, where it stands there too
    if lead and begin >= lead and shown[begin - lead : begin] == quote[:lead]:
        begin -= lead
    if trail and shown[end : end + trail] == quote[-trail:]:
        end += trail
    return begin, end


def _start(shown: str, begin: int, quote: str, source: str) -> int | None:
    """Where the quote begins in the source, where that is beyond doubt."""
    if source.startswith(shown):
        return begin
    if "\r" in source and source.replace("\r\n", "\n").startswith(shown):
        return _place_before_folding(source, begin)
    places = _occurrences(source, quote)
    if len(places) == 1:
        return places[0]
    shown_places = _occurrences(shown, quote)
    if len(places) == len(shown_places) and begin in shown_places:
        return places[shown_places.index(begin)]
    return None


def _place_before_folding(source: str, place: int) -> int:
    """A place of a text whose line ends were shortened, in the text before that."""
    at = 0
    while True:
        turn = source.find("\r\n", at)
        if turn < 0 or turn >= place:
            return place
        place += 1
        at = turn + 2


def _kept(text: str) -> tuple[str, Sequence[int]]:
    """The characters that count, and where each of them is in the text."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for gap in _MARKS.finditer(text):
        if gap.start() > at:
            pieces.append(text[at : gap.start()])
            places.extend(range(at, gap.start()))
        at = gap.end()
    pieces.append(text[at:])
    places.extend(range(at, len(text)))
    return "".join(pieces), places


def _occurrences(text: str, words: str, most: int = 2_000) -> list[int]:
    """Every place of some words, also where they overlap."""
    found: list[int] = []
    at = text.find(words)
    while at >= 0 and len(found) < most:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _by_edges(kept: str, words: str) -> tuple[list[int], list[int]]:
    """Places that begin and end as the words do, where something between them is drawn otherwise."""
    if len(words) < 2 * _EDGE:
        return [], []
    head, tail = words[:_EDGE], words[-_EDGE:]
    found, ends = [], []
    for at in _occurrences(kept, head):
        end = kept.find(tail, at + _EDGE, at + len(words) * 3 // 2 + _EDGE)
        if end >= 0:
            found.append(at)
            ends.append(end + len(tail))
    return found, ends


def _closest(shown: str, anchor: Anchor) -> tuple[int, int] | None:
    """For a quote of punctuation alone."""
    places = _occurrences(shown, anchor.quote)
    if not places:
        return None

    def rank(at: int) -> tuple[int, int]:
        likeness = _common_end(shown, at, anchor.prefix) + _common_start(shown, at + len(anchor.quote), anchor.suffix)
        return likeness, 0 if anchor.start is None else -abs(at - anchor.start)

    at = max(places, key=rank)
    return at, at + len(anchor.quote)


def _common_end(text: str, at: int, before: str) -> int:
    """How many characters before a place are as they were."""
    count = 0
    while count < len(before) and count < at and text[at - 1 - count] == before[-1 - count]:
        count += 1
    return count


def _common_start(text: str, at: int, after: str) -> int:
    """How many characters from a place on are as they were."""
    count = 0
    while count < len(after) and at + count < len(text) and text[at + count] == after[count]:
        count += 1
    return count
