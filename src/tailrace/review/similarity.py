"""Which failure mode a note speaks of, and which notes speak of the same, by their words alone.

Nothing is learned or fetched: two notes are alike where they share rare words or pieces of words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tailrace.review.text_vectors import STOP_WORDS, Postings, Space, words_of

SUGGESTED: Final = 3
WEAKEST: Final = 0.095  # suggestion; below it notes share no more than everyday words
_SAME: Final = 0.7  # likeness of two texts that say the same in almost the same words
CLOSEST: Final = 0.13  # mean likeness of the notes of two groups that become one
MOST_GROUPED: Final = 4_000  # texts; the table of their likeness grows by the square
_NAMING: Final = 40  # notes of a group that its name is looked for in


class Suggester:
    """Suggests failure modes for a note. Built once from what is known; asking takes a few milliseconds."""

    def __init__(self, examples: Sequence[tuple[str, str]], names: Mapping[str, str]) -> None:
        """`examples` are (mode id, note of a trace that is marked with it); `names` has each mode's name and
        description as one text. Modes without either are never suggested."""
        known = [(mode_id, text) for mode_id, text in (*names.items(), *examples) if text.strip()]
        self._modes = sorted({mode_id for mode_id, _ in known})
        places = {mode_id: at for at, mode_id in enumerate(self._modes)}
        self._owner = np.array([places[mode_id] for mode_id, _ in known], dtype=np.int64)
        self._space = Space([text for _, text in known])
        self._postings = Postings(self._space.vectors)
        # the length of the sum of each mode's vectors: with it the sum of cosines is the cosine to the sum
        vectors = self._space.vectors
        sums = np.zeros((len(self._modes), vectors.width), dtype=np.float32)
        np.add.at(sums, (np.repeat(self._owner, np.diff(vectors.starts)), vectors.features), vectors.weights)
        self._lengths = np.maximum(np.linalg.norm(sums, axis=1), 1e-6)

    def suggest(self, text: str, limit: int = SUGGESTED) -> tuple[tuple[str, float], ...]:
        """(mode id, strength from 0 to 1), the best first; nothing where nothing fits. The strength is the likeness
        to all texts of the mode together, or to the nearest of them where that says almost the same."""
        if not self._modes or not text.strip():
            return ()
        cosines = self._postings.cosines(*self._space.vector(text))
        nearest = np.zeros(len(self._modes))
        np.maximum.at(nearest, self._owner, cosines)
        whole = np.bincount(self._owner, cosines, len(self._modes)) / self._lengths
        strengths = np.where(nearest >= _SAME, np.maximum(nearest, whole), whole)
        ranked = sorted(zip(self._modes, strengths.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
        return tuple((mode_id, min(strength, 1.0)) for mode_id, strength in ranked[:limit] if strength >= WEAKEST)


def suggest(
    text: str, examples: Sequence[tuple[str, str]], names: Mapping[str, str], limit: int = SUGGESTED
) -> tuple[tuple[str, float], ...]:
    """What a Suggester says that is used once."""
    return Suggester(examples, names).suggest(text, limit)


@dataclass(frozen=True, slots=True)
class Group:
    """Notes that speak of the same: their ids, the most typical first, a name out of their words, and how alike they
    are on average, 0 to 1."""

    name: str
    notes: tuple[str, ...]
    likeness: float


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of two notes or more, the largest first, and the notes that are like no other. `read` of `total`
    notes were compared; the others are in neither."""

    groups: tuple[Group, ...]
    alone: tuple[str, ...]
    read: int
    total: int


def group(notes: Sequence[tuple[str, str]]) -> Groups:
    """Put notes (id, text) together that are alike: average-linkage clusters, the same whatever the order of the
    notes. Blank ones are left out. Beyond 4,000 different texts the rest is not read, which `read` says."""
    by_text: dict[str, list[str]] = {}
    for note_id, text in sorted(notes):
        if words := " ".join(words_of(text)):
            by_text.setdefault(words, []).append(note_id)
    total = sum(map(len, by_text.values()))
    texts = sorted(by_text)[:MOST_GROUPED]
    if not texts:
        return Groups((), (), 0, total)
    space = Space(texts)
    likeness = _all_cosines(space)
    found: list[Group] = []
    alone: list[str] = []
    rarity = Counter(word for text in texts for word in set(text.split()))
    for members in _clusters(likeness):
        within = likeness[np.ix_(members, members)]
        order = np.argsort(-within.sum(axis=1), kind="stable")
        ids = [note_id for at in order for note_id in by_text[texts[members[at]]]]
        if len(ids) < 2:
            alone += ids
            continue
        count = len(members)
        mean = 1.0 if count == 1 else float((within.sum() - np.trace(within)) / (count * (count - 1)))
        name = _name([texts[members[at]] for at in order[:_NAMING]], rarity, len(texts))
        found.append(Group(name, tuple(ids), min(mean, 1.0)))
    found.sort(key=lambda one: (-len(one.notes), -one.likeness, one.notes))
    return Groups(tuple(found), tuple(sorted(alone)), sum(len(by_text[text]) for text in texts), total)


def _all_cosines(space: Space) -> NDArray[np.float64]:
    vectors, postings = space.vectors, Postings(space.vectors)
    table = np.empty((len(vectors), len(vectors)), dtype=np.float64)
    for at in range(len(vectors)):
        mine = slice(vectors.starts[at], vectors.starts[at + 1])
        table[at] = postings.cosines(vectors.features[mine], vectors.weights[mine])
    return (table + table.T) / 2  # rounding differs by direction


def _clusters(likeness: NDArray[np.float64]) -> list[list[int]]:
    """Average-linkage clusters whose likeness is CLOSEST at least, by chains of nearest neighbours: following the
    nearest of the nearest ends at two that are each other's, which become one."""
    size = len(likeness)
    table = likeness.copy()
    np.fill_diagonal(table, -1.0)
    weights = np.ones(size)
    members = {at: [at] for at in range(size)}
    done: list[list[int]] = []
    chain: list[int] = []
    while members:
        if not chain:
            chain.append(min(members))
        at = chain[-1]
        nearest = int(table[at].argmax())
        if table[at, nearest] < CLOSEST:
            # nothing is near, and joining others brings nothing nearer: an average is no more than its greatest part
            done.append(members.pop(at))
            chain.pop()
            table[at, :] = -1.0
            table[:, at] = -1.0
            continue
        if len(chain) > 1 and table[at, chain[-2]] >= table[at, nearest]:
            other = chain[-2]
            del chain[-2:]
            kept, gone = min(at, other), max(at, other)
            merged = (weights[kept] * table[kept] + weights[gone] * table[gone]) / (weights[kept] + weights[gone])
            merged[table[kept] < 0] = -1.0
            weights[kept] += weights[gone]
            members[kept] += members.pop(gone)
            table[kept, :] = merged
            table[:, kept] = merged
            table[kept, kept] = -1.0
            table[gone, :] = -1.0
            table[:, gone] = -1.0
        else:
            chain.append(nearest)
    return sorted((sorted(one) for one in done), key=lambda one: one[0])


def _name(texts: Sequence[str], spread: Mapping[str, int], size: int) -> str:
    """The phrase of up to four words that is most telling of these texts against all: words that many of them share
    and few others have, as one of them puts it."""
    split = [text.split() for text in texts]
    shared = Counter(word for words in split for word in set(words))
    worth = {
        word: (count / len(split)) ** 1.5 * math.log((size + 1) / (spread[word] + 0.5) + 1)
        for word, count in shared.items()
        if word not in STOP_WORDS
    }
    phrases: Counter[tuple[str, ...]] = Counter()
    for words in split:
        seen = {
            tuple(words[at : at + length])
            for length in (1, 2, 3, 4)
            for at in range(len(words) - length + 1)
            if words[at] in worth and words[at + length - 1] in worth
        }
        phrases.update(seen)
    if not phrases:
        return " ".join(split[0][:4])

    def telling(phrase: tuple[str, ...]) -> float:
        value = math.fsum(worth.get(word, 0.0) for word in set(phrase)) / math.pow(len(phrase), 0.4)
        return value * (1 + math.log(phrases[phrase]))

    best: tuple[str, ...] = min(phrases, key=lambda phrase: (-telling(phrase), phrase))
    return " ".join(best)
