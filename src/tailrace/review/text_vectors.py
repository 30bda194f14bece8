"""Short texts as vectors whose cosine says how alike they are: TF-IDF over words and over their 3- to 5-letter pieces.

Words carry the meaning; pieces make `refund`, `refunds` and `refudn` alike. Both count half.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_CHARACTERS: Final = 4_000  # of a text that are read: notes are short, and what is pasted behind them says little
_LONGEST_WORD: Final = 40

_SAYING_NOTHING: Final = """
    a about above after again all also although always am an and any are as at back be because been before being
    below between both but by came can come could did do does doing done down during each even ever few for from
    further get gets give gives go goes got had has have having he her here him his how i if in instead into is it its
    itself just like made make makes many may me might more most much must my near need no nor not now of off on once
    only or other our out over own quite rather really said same say says see she should since so some still such take
    than that the their them then there these they this those though through to too under until up upon us use used
    very was we were what when where which while who whom why will with within without would yet you your
    s t don doesn didn isn wasn aren couldn wouldn shouldn won hasn haven re ve ll
"""
STOP_WORDS: Final = frozenset(_SAYING_NOTHING.split())
_WORD: Final = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text in order: case, width and accents folded."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text[:MOST_CHARACTERS]).casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter)) if not folded.isascii() else folded
    return [word[:_LONGEST_WORD] for word in _WORD.findall(bare)]


def telling_words(text: str) -> list[str]:
    """Its words without those that say nothing, unless there are no others."""
    words = words_of(text)
    return [word for word in words if word not in STOP_WORDS] or words


def pieces_of(word: str) -> list[str]:
    """The pieces of 3 to 5 letters of a word with its ends marked."""
    marked = f" {word} "
    if len(marked) <= 3:
        return [marked]
    return [marked[at : at + size] for size in (3, 4, 5) for at in range(len(marked) - size + 1)]


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Texts in one space: those of text i are `features[starts[i]:starts[i + 1]]`, ascending, with `weights`, of
    length 1 together (or none)."""

    features: NDArray[np.int64]
    weights: NDArray[np.float64]
    starts: NDArray[np.int64]
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1


class Space:
    """The features of some texts with how rare each is among them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._known: dict[str, int] = {}
        self._pieces: dict[str, NDArray[np.int64]] = {}
        self._is_word: list[bool] = []
        counted = [self._count(text) for text in texts]
        width = len(self._known)
        spread = np.zeros(width)
        for features, _ in counted:
            spread[features] += 1
        self._rarity = np.log((len(texts) + 1) / (spread + 0.5)).clip(0.1)
        self._words = np.array(self._is_word, dtype=bool)
        self._unknown = max(math.log((len(texts) + 1) / 0.5), 0.1)
        made = [self._weigh(features, counts, 0, 0) for features, counts in counted]
        self.vectors = Vectors(
            np.concatenate([np.empty(0, dtype=np.int64), *(features for features, _ in counted)]),
            np.concatenate([np.empty(0), *made]),
            np.cumsum([0, *(len(weights) for weights in made)], dtype=np.int64),
            width,
        )

    def vector(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The features (ascending) and weights of another text. What is new in it makes it less like all others."""
        words = telling_words(text)
        known = [word for word in words if word in self._pieces]
        new = set(words) - set(known)
        pieces = [piece for word in new for piece in pieces_of(word)]
        counts = Counter(self._known[word] for word in known)
        for word in known:
            counts.update(self._pieces[word].tolist())
        counts.update(self._known[f"#{piece}"] for piece in pieces if f"#{piece}" in self._known)
        features = np.array(sorted(counts), dtype=np.int64)
        amounts = np.array([counts[feature] for feature in features.tolist()], dtype=np.float64)
        unseen = {piece for piece in pieces if f"#{piece}" not in self._known}
        return features, self._weigh(features, amounts, len(new), len(unseen))

    def _count(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """A text's features, ascending, with how often each occurs; new ones become known."""
        parts = []
        for word in telling_words(text):
            parts.append(self._of_word(word))
        if not parts:
            return np.empty(0, dtype=np.int64), np.empty(0)
        features, counts = np.unique(np.concatenate(parts), return_counts=True)
        return features, counts.astype(np.float64)

    def _of_word(self, word: str) -> NDArray[np.int64]:
        """The word itself and its pieces."""
        if word not in self._pieces:
            self._pieces[word] = np.array([self._feature(f"#{piece}", False) for piece in pieces_of(word)], np.int64)
        return np.append(self._pieces[word], self._feature(word, True))

    def _feature(self, name: str, is_word: bool) -> int:
        found = self._known.setdefault(name, len(self._known))
        if found == len(self._is_word):
            self._is_word.append(is_word)
        return found

    def _weigh(
        self, features: NDArray[np.int64], counts: NDArray[np.float64], new_words: int, new_pieces: int
    ) -> NDArray[np.float64]:
        weights: NDArray[np.float64] = (1 + np.log(counts)) * self._rarity[features]
        words = self._words[features]
        for mine, unseen in ((words, new_words), (~words, new_pieces)):
            square = float((weights[mine] ** 2).sum()) + unseen * self._unknown**2
            if square:
                weights[mine] *= math.sqrt(0.5 / square)
        return weights


class Postings:
    """Which texts have a feature: the vectors the other way round, to compare one text with all."""

    def __init__(self, vectors: Vectors) -> None:
        self._size = len(vectors)
        owners = np.repeat(np.arange(self._size), np.diff(vectors.starts))
        order = np.argsort(vectors.features, kind="stable")
        self._owners = owners[order]
        self._weights = vectors.weights[order]
        self._starts = np.searchsorted(vectors.features[order], np.arange(vectors.width + 1))

    def cosines(self, features: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """How alike one text is to each, 0 to 1."""
        begins = self._starts[features]
        lengths = self._starts[features + 1] - begins
        total = int(lengths.sum())
        if not total:
            return np.zeros(self._size)
        shifts = np.repeat(begins - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        places = np.arange(total) + shifts
        products = self._weights[places] * np.repeat(weights, lengths)
        return np.bincount(self._owners[places], products, self._size).astype(np.float64)
