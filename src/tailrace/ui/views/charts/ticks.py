"""Ticks of a value axis and their labels, by what the values are counted in."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

from tailrace.model.measures import Unit

_MINUTE = 60e9
_TIMES = ((1.0, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s"), (_MINUTE, "min"), (3_600e9, "h"), (86_400e9, "d"))
_STEPS_OF_TIME = tuple(
    [digit * 10.0**power for power in range(10) for digit in (1, 2, 5)]
    + [seconds * 1e9 for seconds in (10, 15, 30, 60, 120, 300, 600, 900, 1800)]
    + [hours * 3_600e9 for hours in (1, 2, 3, 6, 12, 24, 48, 120, 240, 480, 1200, 2400, 4800, 12000, 24000)]
)
_THOUSANDS = ((1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T"))
_WHOLE = (Unit.COUNT, Unit.TOKENS)
_FLAT = 1e-12
_MOST_POWER = 307  # nine times that power of ten is still a float
_MOST = 10.0**_MOST_POWER


@dataclass(frozen=True, slots=True)
class Scale:
    """A range of values that begins and ends at (or beyond) what is shown, and the ticks in it."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]


def linear_scale(low: float, high: float, unit: Unit, count: int, from_zero: bool = True) -> Scale:
    """A scale with about `count` ticks for values from `low` to `high`. It begins at 0 unless that would leave the
    values in a thin strip and `from_zero` is not asked for."""
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = 0.0, 1.0
    low, high = max(-1e300, min(low, high)), min(1e300, max(low, high))
    if from_zero or low - 0.5 * (high - low) < 0 <= low or (low >= 0 and high - low < _FLAT * abs(high)):
        low = min(low, 0.0)
    high = max(high, 0.0) if from_zero or high < 0 < high + 0.5 * (high - low) else high
    if high - low <= _FLAT * max(abs(low), abs(high)):
        high = low + (1e9 if unit is Unit.DURATION and low == 0 else 1.0 if low == 0 or unit in _WHOLE else abs(low))
    step = _step((high - low) / max(count, 1), unit)
    first = math.floor(low / step + 1e-9)
    last = max(first + 1, math.ceil(high / step - 1e-9))
    if unit is Unit.SHARE and high <= 1 < last * step:
        last_value = 1.0
    else:
        last_value = last * step
    ticks = [place * step for place in range(first, last + 1) if place * step <= last_value + _FLAT]
    return Scale(ticks[0], last_value, tuple(ticks), tick_labels(ticks, step, unit))


def log_ticks(low: float, high: float, unit: Unit, count: int) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Ticks of a log axis within [low, high], both greater than 0: powers of ten, or what clocks count in."""
    high = min(high, _MOST)
    low = min(low, high)
    decades = math.log10(high) - math.log10(low)
    found: list[float] = []
    for digits in ((1,), (1, 3), (1, 2, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9)):
        if unit is Unit.DURATION:
            marks = [d * 10.0**e for e in range(10) for d in digits]
            marks += [d * m for m in (10e9, _MINUTE, 600e9, 3_600e9, 36_000e9, 360_000e9, 3_600_000e9) for d in digits]
            marks = sorted({m for m in marks if m < _MINUTE or m % _MINUTE == 0})
        else:
            least = max(-300, math.floor(math.log10(low)))
            last = min(_MOST_POWER, least + math.ceil(decades) + 1)
            marks = [d * 10.0**e for e in range(least, last + 1) for d in digits]
        candidates = [mark for mark in marks if low <= mark <= high]
        if len(candidates) > count and found:
            break
        found = candidates
        if len(found) >= min(3, count):
            break
    if len(found) > count:
        found = found[:: math.ceil(len(found) / count)]
    if len(found) < 2:
        scale = linear_scale(low, high, unit, count, from_zero=False)
        inside = [(tick, label) for tick, label in zip(scale.ticks, scale.labels, strict=True) if low <= tick <= high]
        return tuple(tick for tick, _ in inside), tuple(label for _, label in inside)
    return tuple(found), tuple(_alone(tick, unit) for tick in found)


def tick_labels(ticks: list[float], step: float, unit: Unit) -> tuple[str, ...]:
    """Labels with the digits that the step needs, all in the unit that fits the greatest."""
    most = max((abs(tick) for tick in ticks), default=0.0)
    if unit is Unit.SHARE:
        places = _places(step * 100)
        return tuple(f"{tick * 100:.{places}f}%" for tick in ticks)
    sizes = _TIMES if unit is Unit.DURATION else _THOUSANDS
    size, word = _size(most, sizes)
    places = _places(step / size)
    if unit is not Unit.DURATION and (most >= 1e15 or places > 6):
        return tuple(_sign(tick, unit) + f"{abs(tick):.3g}" if tick else "0" for tick in ticks)
    space = " " if unit is Unit.DURATION else ""
    return tuple(_sign(tick, unit) + f"{abs(tick) / size:,.{places}f}{space}{word}" if tick else "0" for tick in ticks)


def _alone(tick: float, unit: Unit) -> str:
    """A label that has no neighbours to be like."""
    if unit is Unit.SHARE:
        return f"{tick * 100:.{_places(tick * 100)}f}%"
    if unit is not Unit.DURATION and not 1e-6 <= tick < 1e15:
        return f"{_money(unit)}{tick:.3g}"
    size, word = _size(tick, _TIMES if unit is Unit.DURATION else _THOUSANDS)
    space = " " if unit is Unit.DURATION else ""
    return f"{_money(unit)}{tick / size:,.{_places(tick / size)}f}{space}{word}"


def _step(rough: float, unit: Unit) -> float:
    """The least step that people count in and that is not below `rough`."""
    if unit is Unit.DURATION and rough <= _STEPS_OF_TIME[-1]:
        return _STEPS_OF_TIME[bisect_left(_STEPS_OF_TIME, rough)]
    power = 10.0 ** math.floor(math.log10(max(rough, 1e-300)))
    step = next(digit * power for digit in (1, 2, 5, 10) if digit * power >= rough * (1 - 1e-9))
    return max(1.0, step) if unit in _WHOLE else step


def _size(most: float, sizes: tuple[tuple[float, str], ...]) -> tuple[float, str]:
    fitting = [(size, word) for size, word in sizes if size <= most * (1 + 1e-9)]
    return fitting[-1] if fitting else sizes[0]


def _places(step: float) -> int:
    """Digits behind the point that tell multiples of a step apart."""
    for places in range(10):
        if abs(step * 10**places - round(step * 10**places)) < 1e-6 * step * 10**places:
            return places
    return 10


def _money(unit: Unit) -> str:
    return "$" if unit is Unit.MONEY else ""


def _sign(tick: float, unit: Unit) -> str:
    return ("-" if tick < 0 else "") + _money(unit)
