"""How the Monitor page was set up for a database, to begin there the next time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_PREFIX = "monitor:"
_KEPT = 20


@dataclass(frozen=True, slots=True)
class MonitorPlace:
    """Which dashboard, what it is grouped by and which values are compared, whether it is read again by itself, how far
    down."""

    dashboard_id: str = ""
    by: str = ""
    compare: tuple[str, ...] = ()
    live: bool = False
    scroll: int = 0


def monitor_place(blobs: Mapping[str, str], database: str) -> MonitorPlace:
    """The place kept for a database; the beginning where there is none or it makes no sense."""
    try:
        raw: dict[str, Any] = json.loads(blobs[_PREFIX + database])
        return MonitorPlace(
            str(raw["dashboard_id"]),
            str(raw["by"]),
            tuple(map(str, raw["compare"]))[:3],
            raw["live"] is True,
            max(0, int(raw["scroll"])),
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return MonitorPlace()


def with_monitor_place(blobs: Mapping[str, str], database: str, place: MonitorPlace) -> dict[str, str]:
    """The blobs with a place kept, the oldest places forgotten."""
    mine = _PREFIX + database
    others = {name: blob for name, blob in blobs.items() if name != mine}
    places = [name for name in others if name.startswith(_PREFIX)]
    for name in places[: max(0, len(places) - _KEPT + 1)]:
        del others[name]
    return {**others, mine: json.dumps(asdict(place))}
