"""`--since` and `--until`: moments, or so far back from the end of the data."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import click

from tailrace.model import Extent
from tailrace.model.time import parse_time

_BACK = re.compile(r"(\d{1,6})\s*(m|min|h|d|w)$")
_UNITS_NS = {"m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_SECOND = 10**9
_LIVE_NS = 3_600 * _SECOND  # data whose newest trace is younger than this is taken for live, as in the window


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in nanoseconds, or how far it is back from the end."""

    time_ns: int | None = None
    back_ns: int | None = None


class _MomentType(click.ParamType[Moment]):
    name = "TIME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Moment:
        text = str(value).strip()
        if found := _BACK.match(text):
            return Moment(back_ns=int(found[1]) * _UNITS_NS[found[2]] * _SECOND)
        try:
            return Moment(parse_time(text))
        except ValueError:
            self.fail(f"{value!r} is no time; write 2026-11-20, 2026-11-20T14:00Z, or 7d for 7 days back.", param, ctx)


since_option = click.option(
    "--since",
    type=_MomentType(),
    help="Only traces that begin at this time or later: a time in UTC, or 24h, 7d back from the newest trace (from now "
    "when that is of the last hour).",
)
until_option = click.option("--until", type=_MomentType(), help="Only traces that begin before this time.")


def period_of(since: Moment | None, until: Moment | None, extent: Extent) -> tuple[int | None, int | None]:
    """Nanoseconds [since, until). What is so far back is counted from now when the data is live, else from right behind
    its newest trace."""
    now = time.time_ns()
    latest = extent.latest_ns
    end = now if latest is None or now - latest < _LIVE_NS else latest + 1
    first, behind = _resolve(since, end), _resolve(until, end)
    if first is not None and behind is not None and behind <= first:
        raise click.UsageError("There is no time between --since and --until: the later one has to be --until.")
    return first, behind


def _resolve(moment: Moment | None, end_ns: int) -> int | None:
    if moment is None:
        return None
    return moment.time_ns if moment.back_ns is None else end_ns - moment.back_ns
