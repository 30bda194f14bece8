"""Where to cut the numbers of traces, and how many traces of a selection and of the rest lie on each side."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tailrace.model.contrast import CutCounts
from tailrace.model.measures import Is, Unit

Numbers = NDArray[np.float64]

_OF_ALL: Final = (
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5,
    0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999,
)  # fmt: skip
# A selection may lie where hardly any of all do
_OF_SELECTED: Final = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """Traces that know a number: the least and the most of it in their spans, whether they are selected, and a mark of
    each trace."""

    field: str
    unit: Unit
    whole: bool  # there are whole numbers only
    least: Numbers
    most: Numbers
    inside: NDArray[np.bool_]
    marks: NDArray[np.uint64]


def cut(numbers: Numbered) -> list[CutCounts]:
    """The traces with a number that is at least, and those with one that is at most, each of some round cuts between
    the least and the greatest."""
    if not len(numbers.most):
        return []
    found = []
    cuts = np.empty(0)
    for compare, values in ((Is.GE, numbers.most), (Is.LE, numbers.least)):
        if compare is Is.GE or values is not numbers.most:
            cuts = _cuts(values, numbers.inside, numbers.whole)
        at_least = compare is Is.GE
        # a value on a cut is on the side that it is counted for
        bins = np.searchsorted(cuts, values, side="right" if at_least else "left").astype(np.uint8)
        inside = _summed(np.bincount(bins[numbers.inside], minlength=len(cuts) + 1), at_least)
        outside = _summed(np.bincount(bins[~numbers.inside], minlength=len(cuts) + 1), at_least)
        marks = _marks(bins, numbers.marks, len(cuts) + 1, at_least)
        found.append(CutCounts(numbers.field, numbers.unit, compare, cuts, inside, outside, marks))
    return found


def _cuts(values: Numbers, inside: NDArray[np.bool_], whole: bool) -> Numbers:
    wanted = [*_quantiles(values, _OF_ALL), *_quantiles(values[inside], _OF_SELECTED)]
    return np.array(sorted(set(_rounded(wanted, whole))), np.float64)


def _quantiles(values: Numbers, shares: tuple[float, ...]) -> list[float]:
    """Of the values themselves; none of nothing."""
    if not len(values):
        return []
    places = [int(share * (len(values) - 1)) for share in shares]
    found: list[float] = np.partition(values, places)[places].tolist()
    return found


def _rounded(values: Iterable[float], whole: bool) -> Iterable[float]:
    """Each with two significant digits."""
    for value in values:
        if value == 0 or not math.isfinite(value):
            if value == 0:
                yield 0.0
            continue
        places = 1 - math.floor(math.log10(abs(value)))
        yield float(round(value, min(places, 0) if whole else places)) + 0.0


def _summed(counts: NDArray[np.int64], at_least: bool) -> NDArray[np.int64]:
    if at_least:
        return counts[:0:-1].cumsum()[::-1]
    return counts.cumsum()[:-1]


def _marks(bins: NDArray[np.uint8], marks: NDArray[np.uint64], count: int, at_least: bool) -> NDArray[np.uint64]:
    """One mark for all traces on a side of each cut: it does not depend on their order."""
    each = np.zeros(count, np.uint64)
    order = np.argsort(bins, kind="stable")
    ordered = bins[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    each[ordered[starts]] = np.bitwise_xor.reduceat(marks[order], starts)
    if at_least:
        return np.bitwise_xor.accumulate(each[:0:-1])[::-1]
    return np.bitwise_xor.accumulate(each)[:-1]
