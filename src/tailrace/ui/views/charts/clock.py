"""Times as the clock in force shows them: the ticks of a time axis, and a bucket in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tailrace.model.time import format_time
from tailrace.ui.theme.wall_clock import moment_of, now_shown
from tailrace.ui.theme.wall_clock import shown_time as local

SECOND = 10**9
MINUTE, HOUR, DAY = 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND
# what clocks and calendars count in; below a minute and above a day other rules hold
_SUBSECOND = tuple(d * 10**e for e in range(9) for d in (1, 2, 5))
_CLOCK = (
    *(s * SECOND for s in (1, 2, 5, 10, 15, 30)),
    *(m * MINUTE for m in (1, 2, 5, 10, 15, 30)),
    *(h * HOUR for h in (1, 2, 3, 6, 12)),
)
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A moment with its label; `day` where a new day (or month, or year) begins."""

    time_ns: int
    label: str
    day: bool


def time_ticks(since_ns: int, until_ns: int, most: int) -> list[TimeTick]:
    """At most `most` moments in [since_ns, until_ns) that a clock counts in, at local midnight where a day begins."""
    if until_ns <= since_ns or most < 1 or local(since_ns) is None or local(until_ns) is None:
        return []
    span = until_ns - since_ns
    for step in _SUBSECOND + _CLOCK:
        if span // step <= most and len(moments := list(_clock_moments(since_ns, until_ns, step, most))) <= most:
            return _labelled(moments, step)
    for days in _DAYS:
        if span // (days * DAY) <= most + 1 and len(moments := list(_dates(since_ns, until_ns, days, 0))) <= most:
            return _labelled(moments, days * DAY)
    for months in _MONTHS:
        if span // (months * 28 * DAY) <= most + 2 and (
            len(moments := list(_dates(since_ns, until_ns, 0, months))) <= most
        ):
            return _labelled(moments, months * 30 * DAY)
    return []


def say_bucket(since_ns: int, until_ns: int) -> str:
    """A half-open range of times: Fri 20 Nov, 13:00 – 14:00."""
    begin, end = local(since_ns), local(until_ns)
    if begin is None or end is None:
        return f"{format_time(since_ns)} – {format_time(until_ns)}"
    now = now_shown()
    if _midnight(begin) and _midnight(end):
        last = (end - timedelta(hours=12)).date()
        if begin.date() == last:
            return f"{begin:%a} {_date(begin, now)}"
        return f"{_date(begin, now)} – {_date(datetime.combine(last, begin.timetz()), now)}"
    fine = until_ns - since_ns
    first = f"{begin:%a} {_date(begin, now)}, {_clock(begin, since_ns, fine)}"
    if begin.date() == end.date() or (_midnight(end) and until_ns - since_ns < DAY):
        if begin.utcoffset() != end.utcoffset():
            return f"{first} {begin:%Z} – {_clock(end, until_ns, fine)} {end:%Z}"
        return f"{first} – {_clock(end, until_ns, fine)}"
    return f"{first} – {end:%a} {_date(end, now)}, {_clock(end, until_ns, fine)}"


def _clock_moments(since_ns: int, until_ns: int, step: int, most: int) -> Iterator[int]:
    """Multiples of a step counted from each local midnight, which a change of the clock moves."""
    moment = local(since_ns)
    assert moment is not None
    if step < MINUTE:
        first = -(-since_ns // step) * step
        yield from range(first, min(until_ns, first + (most + 1) * step), step)
        return
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    count = 0
    while count <= most:
        begin = _ns(day)
        if begin is None or begin >= until_ns:
            return
        skip = max(0, (since_ns - begin) // step - HOUR // step - 1)
        for place in range(skip, DAY // step):
            wall = day + timedelta(microseconds=place * step // 1000)
            time_ns = _ns(wall)
            if time_ns is None or time_ns >= until_ns:
                break
            # a wall time that the clock jumps over is none
            shown = local(time_ns)
            if time_ns >= since_ns and shown is not None and shown.replace(tzinfo=None) == wall:
                yield time_ns
                count += 1
                if count > most:
                    return
        try:
            day += timedelta(days=1)
        except OverflowError:
            return


def _dates(since_ns: int, until_ns: int, days: int, months: int) -> Iterator[int]:
    """Local midnights: every so many days (weeks begin on Mondays), or the first of every so many months."""
    moment = local(since_ns)
    assert moment is not None
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if months:
        index = day.year * 12 + day.month - 1
        index -= index % months
        while index < 9999 * 12:
            year, month = divmod(index, 12)
            time_ns = _ns(datetime(max(year, 1), month + 1, 1))
            if time_ns is None or time_ns >= until_ns:
                return
            if time_ns >= since_ns:
                yield time_ns
            index += months
        return
    number = day.toordinal()
    # ordinal 1 was a Monday
    number -= (number - 1) % days
    while number < datetime.max.toordinal():
        time_ns = _ns(datetime.fromordinal(max(number, 1)))
        if time_ns is None or time_ns >= until_ns:
            return
        if time_ns >= since_ns:
            yield time_ns
        number += days


def _ns(wall: datetime) -> int | None:
    try:
        return moment_of(wall)
    except (OverflowError, ValueError, OSError):
        return None


def _labelled(moments: list[int], step: int) -> list[TimeTick]:
    made: list[TimeTick] = []
    former: datetime | None = None
    for time_ns in moments:
        at = local(time_ns)
        if at is None:
            continue
        begins = _midnight(at)
        if step >= 360 * DAY:
            label = str(at.year)
        elif step >= 28 * DAY:
            label = f"{at:%b} {at.year}" if former is None or former.year != at.year else f"{at:%b}"
        elif begins:
            label = f"{at.day} {at:%b}"
        else:
            label = _clock(at, time_ns, step)
            if former is None and not any(_midnight(m) for t in moments if (m := local(t)) is not None):
                label = f"{at.day} {at:%b}, {label}"
        made.append(TimeTick(time_ns, label, begins))
        former = at
    return made


def _clock(at: datetime, time_ns: int, step: int) -> str:
    if step >= MINUTE and at.second == 0:
        return f"{at:%H:%M}"
    if step >= SECOND:
        return f"{at:%H:%M:%S}"
    digits = max(1, 9 - (len(str(step)) - 1))
    return f"{at:%H:%M:%S}.{time_ns % SECOND:09d}"[: 9 + digits]


def _date(at: datetime, now: datetime) -> str:
    return f"{at.day} {at:%b}" + (f" {at.year}" if at.year != now.year else "")


def _midnight(at: datetime) -> bool:
    return not (at.hour or at.minute or at.second or at.microsecond)
