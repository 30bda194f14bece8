"""Similar notes put together, and which failure mode each may mean, by the rare words that they share."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tailrace.jobs import Ticket
from tailrace.model.review import FailureMode, Remark

_WORD = re.compile(r"\w{2,}")
_COMMON = """the and was were that this with for from but not has have had its it is are to of in on at as an be by or
so they them their then than too there which what when who will would should could did does do no you your he she agent
assistant model answer answered says said user customer trace again instead after before"""
_DULL = frozenset(_COMMON.split())
_ALIKE = 0.30
_FITS = 0.16
MOST_SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """Notes that read alike, by their score ids, under a name that is proposed for them."""

    name: str
    score_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """Groups of notes without a failure mode, the largest first; and mode ids that may fit each of them, best first."""

    groups: tuple[NoteGroup, ...] = ()
    fits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def propose(remarks: Sequence[Remark], modes: Sequence[FailureMode], ticket: Ticket | None = None) -> Proposals:
    """Look at the notes without a mode; `modes` are the live ones. Raises Cancelled."""
    known = {mode.mode_id for mode in modes}
    open_notes = [remark for remark in remarks if known.isdisjoint(remark.modes)]
    counts = Counter(word for remark in remarks for word in set(_words(remark.text)))
    weight = {word: 1 + math.log((1 + len(remarks)) / count) for word, count in counts.items()}
    vectors = [_vector(_words(remark.text), weight) for remark in open_notes]
    said: dict[str, list[str]] = defaultdict(list)
    for remark in remarks:
        for mode_id in remark.modes:
            said[mode_id] += _words(remark.text)
    shapes = {
        mode.mode_id: _vector([*_words(mode.name) * 3, *_words(mode.description), *said[mode.mode_id]], weight)
        for mode in modes
    }
    fits: dict[str, tuple[str, ...]] = {}
    for remark, vector in zip(open_notes, vectors, strict=True):
        if ticket is not None:
            ticket.check()
        near = sorted(((-_alike(vector, shape), mode_id) for mode_id, shape in shapes.items()))[:MOST_SUGGESTED]
        fits[remark.score_id] = tuple(mode_id for likeness, mode_id in near if -likeness >= _FITS)
    return Proposals(_groups(open_notes, vectors, ticket), fits)


def _groups(
    notes: Sequence[Remark], vectors: Sequence[Mapping[str, float]], ticket: Ticket | None
) -> tuple[NoteGroup, ...]:
    """Each note joins the first group whose founder it is like, else founds one; one alone is no group."""
    groups: list[list[int]] = []
    founders: dict[str, list[int]] = defaultdict(list)
    for place, vector in enumerate(vectors):
        if ticket is not None:
            ticket.check()
        likeness: Counter[int] = Counter()
        for word, share in vector.items():
            for group in founders[word]:
                likeness[group] += share * vectors[groups[group][0]][word]  # type: ignore[assignment]
        best = max(likeness, key=lambda group: (likeness[group], -group), default=-1)
        if best >= 0 and likeness[best] >= _ALIKE:
            groups[best].append(place)
            continue
        for word in vector:
            founders[word].append(len(groups))
        groups.append([place])
    several = sorted((group for group in groups if len(group) > 1), key=lambda group: (-len(group), group[0]))
    return tuple(
        NoteGroup(_name([vectors[i] for i in group], notes[group[0]].text), tuple(notes[i].score_id for i in group))
        for group in several
    )


def _name(vectors: Sequence[Mapping[str, float]], example: str) -> str:
    total: dict[str, float] = defaultdict(float)
    for vector in vectors:
        for word, share in vector.items():
            total[word] += share
    best = set(sorted(total, key=lambda word: (-total[word], word))[:3])
    # in the order in which a person wrote them
    ordered = list(dict.fromkeys(word for word in _words(example) if word in best))
    return " ".join([*ordered, *sorted(best.difference(ordered))])


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _DULL]


def _vector(words: Sequence[str], weight: Mapping[str, float]) -> dict[str, float]:
    made = {word: math.sqrt(count) * weight.get(word, 0.0) for word, count in Counter(words).items()}
    length = math.sqrt(sum(value * value for value in made.values())) or 1.0
    return {word: value / length for word, value in made.items() if value}


def _alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(value * other[word] for word, value in one.items() if word in other)
