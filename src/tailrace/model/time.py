"""Times between text and integer nanoseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_TEXT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|z|[+-]\d{2}:?\d{2})?$"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_time(text: str) -> int:
    """Nanoseconds of an RFC 3339 or SQLite time text. Without a zone it is UTC. Raises ValueError."""
    found = _TEXT.match(text.strip())
    if found is None:
        raise ValueError(f"not a time: {text[:40]!r}")
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    leap = second == "60"
    moment = datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), 59 if leap else int(second or 0), tzinfo=UTC
    )
    elapsed = moment - _EPOCH
    seconds = elapsed.days * 86400 + elapsed.seconds + leap
    if zone and zone not in "Zz":
        offset = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
        seconds -= offset if zone[0] == "+" else -offset
    return seconds * 1_000_000_000 + int(((fraction or "") + "000000000")[:9])


def format_time(time_ns: int) -> str:
    """RFC 3339 in UTC with as many digits as the time has: 2026-11-20T23:23:35.123456Z."""
    seconds, nanos = divmod(time_ns, 1_000_000_000)
    # datetime ends in year 9999; a hostile time is shown as its number rather than refused
    try:
        text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except (OverflowError, ValueError, OSError):
        return f"{seconds} s"
    fraction = f"{nanos:09d}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"
