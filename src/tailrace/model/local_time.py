"""The clock on the wall of this computer, as a time zone that knows when it is set forward and back."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """What the operating system says. Where it says nothing of a time (far off years on some systems), the offset
    without daylight saving."""

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """How far the clock is ahead of UTC when it shows a time."""
        if dt is None:
            return _STANDARD
        try:
            return dt.replace(tzinfo=None).astimezone().utcoffset() or timedelta()
        except (OSError, OverflowError, ValueError):
            return _STANDARD

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Not known apart from the offset."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        """As the system abbreviates it."""
        try:
            return None if dt is None else dt.replace(tzinfo=None).astimezone().tzname()
        except (OSError, OverflowError, ValueError):
            return None

    def fromutc(self, dt: datetime) -> datetime:
        """What the clock shows at a moment of UTC; `fold` is 1 where it shows that for the second time."""
        utc = dt.replace(tzinfo=UTC)
        try:
            offset = utc.astimezone().utcoffset() or timedelta()
        except (OSError, OverflowError, ValueError):
            offset = _STANDARD
        shown = (dt.replace(tzinfo=None) + offset).replace(tzinfo=self)
        return shown if self.utcoffset(shown) == offset else shown.replace(fold=1)


_STANDARD = timedelta(seconds=-time.timezone)
LOCAL = LocalZone()
