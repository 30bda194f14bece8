"""Which traces a queue takes, in which order, and who reviews which of them: the same from the same seed, everywhere.

Chance comes from a keyed hash of the seed and the trace's id, so a choice does not depend on the order in which traces
are found, on the platform, or on a version of Python; and traces that come later change it as little as possible.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tailrace.model.review import Queue, QueueSource, Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHUFFLED: Final = frozenset((QueueSource.RANDOM, QueueSource.UNREVIEWED, QueueSource.STRATIFIED))


@dataclass(frozen=True, slots=True)
class Sample:
    """The traces of a queue in order, with the stratum of each ("" where there is none), out of so many candidates."""

    trace_ids: tuple[str, ...]
    strata: tuple[str, ...]
    candidates: int


def sample(recipe: Recipe, candidates: Sequence[str], strata: Sequence[str] | None = None) -> Sample:
    """Choose `recipe.size` (None: all) of the candidates' trace ids; one that is named twice counts once.

    RANDOM and UNREVIEWED choose at random. STRATIFIED gives each stratum its share, and at least one where the size
    allows, in random order. The others keep the order given. `strata` has one value per candidate.
    Raises ValueError where STRATIFIED has none, or the lengths differ."""
    if strata is not None and len(strata) != len(candidates):
        raise ValueError(f"{len(strata)} strata for {len(candidates)} candidates")
    if strata is None and recipe.source is QueueSource.STRATIFIED:
        raise ValueError("a stratified sample needs the stratum of each candidate")
    if len(set(candidates)) < len(candidates):
        firsts = {trace_id: at for at, trace_id in reversed(list(enumerate(candidates)))}
        places = sorted(firsts.values())
        candidates = [candidates[at] for at in places]
        strata = None if strata is None else [strata[at] for at in places]
    size = len(candidates) if recipe.size is None else min(max(recipe.size, 0), len(candidates))
    if recipe.source not in SHUFFLED:
        chosen = list(range(size))
    elif recipe.source is QueueSource.STRATIFIED and strata is not None:
        chosen = _stratified(candidates, strata, size, str(recipe.seed))
    else:
        chosen = _first(candidates, _ranks(candidates, str(recipe.seed)), size)
    return Sample(
        tuple(candidates[at] for at in chosen),
        tuple("" if strata is None else strata[at] for at in chosen),
        len(candidates),
    )


def shares(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of each stratum make a proportional sample of `size`: largest remainders, but at least one of each
    where `size` allows. Equal remainders go to the larger stratum, then by name. Never more than a stratum has."""
    size = min(max(size, 0), sum(counts.values()))
    left = {name: count for name, count in counts.items() if count > 0}
    given = dict.fromkeys(counts, 0)
    if size >= len(left):
        # what is owed less than one gets one; that lessens the others' shares, which may owe less than one in turn
        while True:
            total = sum(left.values())
            small = [name for name, count in left.items() if count * size < total]
            if not small:
                break
            for name in small:
                given[name] = 1
                del left[name]
            size -= len(small)
    total = sum(left.values())
    if not total:
        return given
    for name, count in left.items():
        given[name] = count * size // total
    rest = size - sum(given[name] for name in left)
    for name in sorted(left, key=lambda name: (-(left[name] * size % total), -left[name], name))[:rest]:
        given[name] += 1
    return given


def share_of(queue: Queue, trace_ids: Sequence[str], reviewer: str) -> list[bool]:
    """Which of a queue's traces (all of them, in any order) are for this reviewer.

    The queue's `overlap` share, rounded, goes to everyone; the rest is dealt out one by one among its reviewers, so
    that their parts differ by one at most. Where the queue names no reviewers everything is for everybody. Where it
    does and this one is not among them, nothing is dealt to them: only the shared part is theirs."""
    reviewers = tuple(dict.fromkeys(queue.reviewers))
    if not reviewers:
        return [True] * len(trace_ids)
    unique = list(dict.fromkeys(trace_ids))
    shared = int(min(max(queue.overlap, 0.0), 1.0) * len(unique) + 0.5)
    order = _first(unique, _ranks(unique, f"share:{queue.queue_id}"), len(unique))
    turn = reviewers.index(reviewer) if reviewer in reviewers else None
    mine = {
        unique[at]
        for place, at in enumerate(order)
        if place < shared or (turn is not None and (place - shared) % len(reviewers) == turn)
    }
    return [trace_id in mine for trace_id in trace_ids]


def _stratified(candidates: Sequence[str], strata: Sequence[str], size: int, seed: str) -> list[int]:
    wanted = shares(Counter(strata), size)
    ranks = _ranks(candidates, seed)
    members: dict[str, list[int]] = {}
    for at, stratum in enumerate(strata):
        members.setdefault(stratum, []).append(at)
    chosen: list[int] = []
    for stratum, places in members.items():
        if wanted[stratum] == len(places):
            chosen += places
        elif wanted[stratum]:
            ids = [candidates[at] for at in places]
            chosen += (places[at] for at in _first(ids, ranks[places], wanted[stratum]))
    return sorted(chosen, key=lambda at: (int(ranks[at]), candidates[at]))


def _ranks(trace_ids: Sequence[str], seed: str) -> NDArray[np.uint64]:
    """A number per id that looks drawn by lot: the first 64 bits of a hash keyed with the seed."""
    import numpy as np  # not at the top: it takes longer to import than a window to paint

    keyed = hashlib.blake2b(digest_size=8, key=hashlib.blake2b(seed.encode("utf-8", "surrogatepass")).digest())
    digests = bytearray()
    for trace_id in trace_ids:
        hashed = keyed.copy()
        hashed.update(trace_id.encode("utf-8", "surrogatepass"))
        digests += hashed.digest()
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)


def _first(trace_ids: Sequence[str], ranks: NDArray[np.uint64], size: int) -> list[int]:
    """The places of the `size` lowest ranks, lowest first; equal ranks go by id."""
    import numpy as np

    if size <= 0:
        return []
    if size < len(ranks):
        line = np.partition(ranks, size - 1)[size - 1]
        places = np.flatnonzero(ranks <= line)
    else:
        places = np.arange(len(ranks))
    places = places[np.argsort(ranks[places], kind="stable")]
    ordered: list[int] = places.tolist()
    sorted_ranks = ranks[places]
    if (sorted_ranks[1:] == sorted_ranks[:-1]).any():
        ordered.sort(key=lambda at: (int(ranks[at]), trace_ids[at]))
    return ordered[:size]
