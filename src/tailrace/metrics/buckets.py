"""Buckets of time as a calendar has them: days of 23 and 25 hours, weeks from Monday, months, quarters, years.

A bucket begins where the local clock first shows a multiple of its step, counted from midnight for steps shorter than
a day. A time that a clock skips begins at the moment of the skip; one that it shows twice begins a bucket each time
where the step is no longer than what is repeated (so that 25 hours are 25 buckets of an hour, and eight of three).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from tailrace.errors import QueryError
from tailrace.model.charted import Buckets

_SECOND_NS: Final = 1_000_000_000
_EPOCH: Final = datetime(1970, 1, 1)
_SECOND: Final = timedelta(seconds=1)
_MONDAY: Final = datetime(1, 1, 1)  # the first day that datetime knows is one
# what nanoseconds of 64 bits can say lies well within the years that datetime knows
_EARLIEST_NS: Final = -(1 << 63)
_LATEST_NS: Final = (1 << 63) - 1
MOST_BUCKETS: Final = 10_000


class Unit(StrEnum):
    """What steps are counted in. Quarters are three months."""

    SECOND = "s"
    MINUTE = "m"
    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "mo"
    YEAR = "y"


@dataclass(frozen=True, slots=True)
class Step:
    """How long buckets are by the calendar."""

    count: int
    unit: Unit

    @property
    def seconds(self) -> float:
        """How long a bucket is on average."""
        return self.count * _SECONDS[self.unit]


_SECONDS: Final = {
    Unit.SECOND: 1,
    Unit.MINUTE: 60,
    Unit.HOUR: 3600,
    Unit.DAY: 86_400,
    Unit.WEEK: 7 * 86_400,
    Unit.MONTH: 2_629_746,  # a twelfth of the Gregorian year
    Unit.YEAR: 31_556_952,
}
_WITHIN_DAY: Final = (Unit.SECOND, Unit.MINUTE, Unit.HOUR)
STEPS: Final[tuple[Step, ...]] = (
    *(Step(count, Unit.SECOND) for count in (1, 5, 15, 30)),
    *(Step(count, Unit.MINUTE) for count in (1, 5, 15, 30)),
    *(Step(count, Unit.HOUR) for count in (1, 3, 6, 12)),
    Step(1, Unit.DAY),
    Step(1, Unit.WEEK),
    Step(1, Unit.MONTH),
    Step(3, Unit.MONTH),
    *(Step(count, Unit.YEAR) for count in (1, 5, 10, 50, 100, 500)),
)
_WRITTEN: Final = re.compile(r"\s*(\d{1,9})?\s*([a-z]+)\s*", re.IGNORECASE)
_UNITS: Final = {
    "s": Step(1, Unit.SECOND),
    "m": Step(1, Unit.MINUTE),
    "h": Step(1, Unit.HOUR),
    "d": Step(1, Unit.DAY),
    "w": Step(1, Unit.WEEK),
    "mo": Step(1, Unit.MONTH),
    "q": Step(3, Unit.MONTH),
    "y": Step(1, Unit.YEAR),
}
_OTHER_WORDS: Final = {
    "sec": "s", "second": "s", "min": "m", "minute": "m", "hr": "h", "hour": "h", "day": "d", "week": "w", "wk": "w",
    "mon": "mo", "month": "mo", "quarter": "q", "qtr": "q", "yr": "y", "year": "y",
}  # fmt: skip


def buckets_for(since_ns: int, until_ns: int, most: int, zone: tzinfo) -> Buckets:
    """Buckets over [since, until): of the shortest usual step that needs no more than `most` of them. The first begins
    at or before `since`, the last ends at or behind `until`. Where not even centuries do, the range is one bucket."""
    since_ns, until_ns = _sound(since_ns, until_ns)
    elapsed = (until_ns - since_ns) / _SECOND_NS
    for step in STEPS:
        if elapsed / step.seconds > most + 2:
            continue
        found = _edges(step, since_ns, until_ns, zone)
        if len(found) - 1 <= most:
            return Buckets(found)
    return Buckets((since_ns, until_ns))


def parse_bucket(text: str, since_ns: int, until_ns: int, zone: tzinfo, most: int = MOST_BUCKETS) -> Buckets:
    """Buckets over [since, until) of a step as people write it: 15m, 1h, 1d, 1w, 1mo, 1q, 1y. Raises QueryError where
    that is no step, or would be more than `most` buckets."""
    step = read_step(text)
    since_ns, until_ns = _sound(since_ns, until_ns)
    needed = (until_ns - since_ns) / _SECOND_NS / step.seconds
    if needed <= most + 2:
        found = _edges(step, since_ns, until_ns, zone)
        if len(found) - 1 <= most:
            return Buckets(found)
        needed = len(found) - 1
    size = f"Buckets of {text.strip()} would be some {math.ceil(needed):,}, and {most:,} is the most"
    raise QueryError(f"{size}; take longer ones, or a shorter time.", 0)


def read_step(text: str) -> Step:
    """The step that is written like 15m or 1mo. Raises QueryError."""
    found = _WRITTEN.fullmatch(text[:40])
    word = found[2].lower() if found is not None else ""
    unit = _UNITS.get(_OTHER_WORDS.get(word.removesuffix("s") if len(word) > 1 else word, word))
    if found is None or unit is None:
        raise QueryError(f"“{text[:40]}” is no length of time; write 15m, 1h, 1d, 1w, 1mo, 1q or 1y.", 0)
    count = int(found[1] or 1)
    if count == 0:
        raise QueryError("A bucket cannot last no time.", 0)
    step = Step(count * unit.count, unit.unit)
    if step.seconds > _SECONDS[Unit.YEAR] * 1000:
        raise QueryError("A bucket cannot last more than 1,000 years.", 0)
    return step


def _sound(since_ns: int, until_ns: int) -> tuple[int, int]:
    """A range within 64 bits that holds at least one moment."""
    since_ns = min(max(since_ns, _EARLIEST_NS), _LATEST_NS - 1)
    return since_ns, min(max(until_ns, since_ns + 1), _LATEST_NS)


def _edges(step: Step, since_ns: int, until_ns: int, zone: tzinfo) -> tuple[int, ...]:
    """All edges from the last one at or before `since` to the first one at or behind `until`."""
    shown = _local(since_ns, zone)
    if step.unit in _WITHIN_DAY and step.seconds <= _repeat(shown, zone):
        shown -= timedelta(seconds=_repeat(shown, zone))  # earlier times may be shown again within the range
    found: set[int] = set()
    for wall in _walls(step, _floor(step, shown)):
        moments = _moments(wall, zone)
        found.update(moments if step.unit in _WITHIN_DAY and step.seconds <= _repeat(wall, zone) else moments[:1])
        if moments[0] >= until_ns:
            break
    edges = sorted(found)
    start = bisect_right(edges, since_ns) - 1
    end = bisect_left(edges, until_ns)
    return tuple(min(max(edge, _EARLIEST_NS), _LATEST_NS) for edge in edges[start : end + 1])


def _local(time_ns: int, zone: tzinfo) -> datetime:
    """What a local clock shows, without its zone."""
    moment = (_EPOCH + timedelta(seconds=time_ns // _SECOND_NS)).replace(tzinfo=UTC)
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _offset(utc: datetime, zone: tzinfo) -> timedelta:
    """How far the local clock is ahead at a moment of UTC (without a zone)."""
    return utc.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()


def _offsets(wall: datetime, zone: tzinfo) -> tuple[timedelta, timedelta]:
    """How far a clock that shows a time is ahead of UTC: before and after it is set, where it is just then."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return first, second


def _repeat(wall: datetime, zone: tzinfo) -> float:
    """For how many seconds around a time the clock shows everything twice; 0 where it does not."""
    before, after = _offsets(wall, zone)
    return max(0.0, (before - after).total_seconds())


def _moments(wall: datetime, zone: tzinfo) -> tuple[int, ...]:
    """When the clock shows a time: once or twice; of a time that it never shows, when it jumps over it."""
    before, after = _offsets(wall, zone)
    early, late = wall - before, wall - after
    if early == late:
        return (_nanoseconds(early),)
    if early < late:
        return _nanoseconds(early), _nanoseconds(late)
    low, high = late, early  # the jump is behind the one, and at or before the other
    while high - low > _SECOND:
        middle = (low + (high - low) // 2).replace(microsecond=0)
        low, high = (low, middle) if _offset(middle, zone) == after else (middle, high)
    return (_nanoseconds(high),)


def _nanoseconds(utc: datetime) -> int:
    elapsed = utc - _EPOCH
    return (elapsed.days * 86_400 + elapsed.seconds) * _SECOND_NS


def _floor(step: Step, wall: datetime) -> datetime:
    """The last multiple of a step at or before a time."""
    day = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    if step.unit in _WITHIN_DAY:
        seconds = (wall - day).seconds
        return day + timedelta(seconds=seconds - seconds % int(step.seconds))
    if step.unit in (Unit.DAY, Unit.WEEK):
        days = (day - _MONDAY).days
        return day - timedelta(days=days % (step.count * (7 if step.unit is Unit.WEEK else 1)))
    if step.unit is Unit.MONTH:
        return _of_month((day.year * 12 + day.month - 1) // step.count * step.count)
    return datetime(max(1, day.year // step.count * step.count), 1, 1)


def _of_month(months: int) -> datetime:
    return datetime(max(1, months // 12), months % 12 + 1, 1) if months >= 12 else datetime(1, 1, 1)


def _walls(step: Step, first: datetime) -> Iterator[datetime]:
    """The multiples of a step from one on. Those shorter than a day begin anew at midnight."""
    wall = first
    while True:
        yield wall
        if step.unit in _WITHIN_DAY:
            midnight = wall.replace(hour=0, minute=0, second=0) + timedelta(days=1)
            wall = min(wall + timedelta(seconds=step.seconds), midnight)
        elif step.unit in (Unit.DAY, Unit.WEEK):
            wall += timedelta(days=step.count * (7 if step.unit is Unit.WEEK else 1))
        elif step.unit is Unit.MONTH:
            wall = _of_month(wall.year * 12 + wall.month - 1 + step.count)
        else:
            wall = datetime(wall.year - wall.year % step.count + step.count, 1, 1)
