"""The clock by which times are shown: that of this computer, or UTC. One for the whole program, as the theme is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from tailrace.model.local_time import LOCAL

_SECOND = 10**9
_zone: tzinfo = LOCAL


def show_utc(utc: bool) -> None:
    """Show times in UTC from now on, or by the clock of this computer. What is on show is painted again by others."""
    global _zone
    _zone = UTC if utc else LOCAL


def shown_zone() -> tzinfo:
    """The zone in which times are shown."""
    return _zone


def shows_utc() -> bool:
    """Whether times are shown in UTC."""
    return _zone is UTC


def shown_time(time_ns: int) -> datetime | None:
    """A time by the clock in force, to the microsecond; None where calendars end."""
    try:
        seconds, rest = divmod(time_ns, _SECOND)
        moment = datetime.fromtimestamp(seconds, UTC)
        shown = moment if _zone is UTC else moment.astimezone()
        return shown + timedelta(microseconds=rest // 1000)
    except (OverflowError, ValueError, OSError):
        return None


def moment_of(wall: datetime) -> int:
    """The nanoseconds of what the clock in force shows (without a zone). Raises OverflowError, ValueError, OSError
    where calendars end."""
    stamp = wall.replace(tzinfo=UTC).timestamp() if _zone is UTC else wall.timestamp()
    return round(stamp) * _SECOND + wall.microsecond * 1000


def now_shown() -> datetime:
    """Now, by the clock in force."""
    return datetime.now(UTC) if _zone is UTC else datetime.now().astimezone()


def zone_mark() -> str:
    """What stands behind a time that is not by the clock of this computer: " UTC", else nothing."""
    return " UTC" if _zone is UTC else ""
