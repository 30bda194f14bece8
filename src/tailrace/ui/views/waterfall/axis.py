"""Time on screen: compressed idle gaps, the visible window with its zoom, and the ruler's ticks. Integers, no Qt.

*Real* time is nanoseconds after the trace's start. *Shown* time is the same with idle gaps squeezed; without
compression both are equal. Windows are in shown time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]

# Eight zoom levels halve the window. Levels are computed from the whole trace, never from the previous window, so
# zooming in and out again ends exactly where it began.
_LEVELS = 8
_ROOTS = tuple(round((1 << 32) * 2 ** (-i / _LEVELS)) for i in range(_LEVELS))
_GAP_SHARE = 50  # gaps longer than a fiftieth of the trace are squeezed …
_GAP_SHOWN = 16  # … to a sixteenth of what is left


@dataclass(frozen=True, slots=True)
class Gap:
    """An idle gap that is squeezed: real begin and end, shown begin and end."""

    begin: int
    end: int
    shown_begin: int
    shown_end: int


@dataclass(frozen=True, slots=True)
class Axis:
    """From real to shown time and back. `extent` is the real length of the trace, `shown` the length on the axis."""

    extent: int
    gaps: tuple[Gap, ...] = ()
    _ends: list[int] = field(init=False, repr=False, compare=False)
    _shown_ends: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", [gap.end for gap in self.gaps])
        object.__setattr__(self, "_shown_ends", [gap.shown_end for gap in self.gaps])

    @property
    def shown(self) -> int:
        """The length of the whole axis in shown time, at least 1."""
        return self.to_shown(self.extent)

    def to_shown(self, real: int) -> int:
        """Where a real time lies on the axis."""
        if not self.gaps:
            return real
        k = bisect_right(self._ends, real)
        if k < len(self.gaps) and real > (gap := self.gaps[k]).begin:
            return gap.shown_begin + (real - gap.begin) * (gap.shown_end - gap.shown_begin) // (gap.end - gap.begin)
        return real - (self.gaps[k - 1].end - self.gaps[k - 1].shown_end) if k else real

    def to_real(self, shown: int) -> int:
        """The real time at a place of the axis; the inverse of `to_shown` outside gaps."""
        if not self.gaps:
            return shown
        k = bisect_right(self._shown_ends, shown)
        if k < len(self.gaps) and shown > (gap := self.gaps[k]).shown_begin:
            return gap.begin + (shown - gap.shown_begin) * (gap.end - gap.begin) // (gap.shown_end - gap.shown_begin)
        return shown + (self.gaps[k - 1].end - self.gaps[k - 1].shown_end) if k else shown

    def map(self, real: Times) -> Times:
        """`to_shown` for an array. Within a gap it is exact to the precision of a float of the squeezed gap."""
        if not self.gaps:
            return real
        begin = np.array([gap.begin for gap in self.gaps] + [np.iinfo(np.int64).max], np.int64)
        end = np.array(self._ends, np.int64)
        shown_begin = np.array([gap.shown_begin for gap in self.gaps] + [0], np.int64)
        shown_end = np.array(self._shown_ends, np.int64)
        k = np.searchsorted(end, real, side="right")
        removed = np.append(0, end - shown_end)[k]
        inside = real > begin[k]
        at = np.minimum(k, len(end) - 1)
        part = (real - begin[at]) / (end[at] - begin[at]).astype(np.float64)
        within = shown_begin[k] + (part * (shown_end[at] - shown_begin[at])).astype(np.int64)
        return np.where(inside, within, real - removed)

    def busy_parts(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """The real intervals outside squeezed gaps that lie in the shown interval [low, high]."""
        at = low
        first = bisect_right(self._shown_ends, low)
        for gap in self.gaps[first:]:
            if gap.shown_begin >= high:
                break
            if gap.shown_begin >= at:
                yield self.to_real(at), gap.begin
            at = gap.shown_end
        if at <= high:
            yield self.to_real(at), self.to_real(high)


def squeeze(extent: int, idle: Times) -> Axis:
    """The axis of a trace whose long idle gaps (shape (k, 2), ascending, disjoint) take little room."""
    long = [(low, high) for low, high in idle.tolist() if high - low > max(extent // _GAP_SHARE, 1)]
    rest = extent - sum(high - low for low, high in long)
    width = max(rest // _GAP_SHOWN, 1) if rest > 0 else max(extent // _GAP_SHARE, 1)
    gaps: list[Gap] = []
    removed = 0
    for low, high in long:
        if high - low > 2 * width:
            gaps.append(Gap(low, high, low - removed, low - removed + width))
            removed += high - low - width
    return Axis(extent, tuple(gaps))


@dataclass(frozen=True, slots=True)
class Window:
    """The visible part of the axis, [low, high) in shown nanoseconds, never empty."""

    low: int
    high: int

    @property
    def span(self) -> int:
        """Its length."""
        return self.high - self.low


def clamp(low: int, span: int, limit: int) -> Window:
    """The window of a length nearest to `low` that lies within [0, limit]."""
    span = max(1, min(span, limit))
    low = max(0, min(low, limit - span))
    return Window(low, low + span)


def zoom(window: Window, limit: int, floor: int, steps: int, part: int, whole: int) -> Window:
    """Zoom in by `steps` levels (out when negative) and keep the time at part/whole of the width where it is.
    The window's length stays between `floor` and `limit`."""
    at = bisect_left(range(64 * _LEVELS), -window.span, key=lambda level: -_length(limit, level))
    if steps > 0:
        level = at + steps - (_length(limit, at) != window.span)
    else:
        level = max(0, at + steps)
    span = max(min(floor, limit), _length(limit, level), 1)
    if steps > 0:
        span = min(span, window.span)
    anchor = window.low + window.span * part // whole
    return clamp(anchor - span * part // whole, span, limit)


def pan(window: Window, limit: int, part: int, whole: int) -> Window:
    """Move by part/whole of the window's length; back by the same part ends where it began."""
    by = window.span * abs(part) // whole
    return clamp(window.low + (by if part > 0 else -by), window.span, limit)


def fit(begin: int, end: int, limit: int, floor: int) -> Window:
    """The window that shows [begin, end] with a little air on both sides."""
    air = (end - begin) // 20
    span = max(end - begin + 2 * air, min(floor, limit), 1)
    return clamp((begin + end - span) // 2, span, limit)


def _length(limit: int, level: int) -> int:
    return limit * _ROOTS[level % _LEVELS] >> (32 + level // _LEVELS)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled moment of the ruler, in real and in shown time."""

    real: int
    shown: int
    label: str


_SECOND = 1_000_000_000
_STEPS = (
    *(unit * 10**power for power in range(9) for unit in (1, 2, 5)),
    *(n * _SECOND for n in (1, 2, 5, 10, 15, 30)),
    *(n * 60 * _SECOND for n in (1, 2, 5, 10, 15, 30)),
    *(n * 3600 * _SECOND for n in (1, 2, 3, 6, 12)),
    *(unit * 10**power * 86400 * _SECOND for power in range(6) for unit in (1, 2, 5)),
)


def ticks(axis: Axis, window: Window, width: int, text_width: Callable[[str], int]) -> list[Tick]:
    """Round times for a ruler of `width` pixels, as many as leave air between their labels (the first label may stand
    right of its tick). Times inside squeezed gaps have no tick."""
    if width <= 0:
        return []
    furthest = axis.to_real(window.high)
    for step in _STEPS:
        room = step * width / window.span
        if room >= 24 and room >= 16 + 1.5 * text_width(label_tick(furthest // step * step, step, furthest)):
            break
    made: list[Tick] = []
    for low, high in axis.busy_parts(window.low, window.high):
        for real in range(-(-low // step) * step, high + 1, step):
            made.append(Tick(real, axis.to_shown(real), label_tick(real, step, furthest)))
    return made


def label_tick(real: int, step: int, furthest: int) -> str:
    """A time after the trace's start, as precise as the step and in the unit that the furthest time has."""
    if furthest >= 120 * _SECOND and step >= _SECOND:
        seconds = real // _SECOND
        if furthest >= 2 * 86400 * _SECOND and step >= 3600 * _SECOND:
            return f"{seconds // 86400} d {seconds % 86400 // 3600} h"
        if furthest >= 3600 * _SECOND:
            return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
        return f"{seconds // 60}:{seconds % 60:02d}"
    size, unit = 1, "ns"
    for bigger, name in ((1_000, "µs"), (1_000_000, "ms"), (_SECOND, "s")):
        if furthest >= 2 * bigger:
            size, unit = bigger, name
    digits = 0
    while digits < 9 and step * 10**digits % size:
        digits += 1
    whole, rest = divmod(real, size)
    fraction = f".{rest * 10**digits // size:0{digits}d}" if digits else ""
    return f"{whole}{fraction} {unit}"
