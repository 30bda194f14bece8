"""Where a person was in a database when its window closed, to begin there the next time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from tailrace.model import Sorting, SortKey, TraceFilter

if TYPE_CHECKING:
    from tailrace.ui.views.waterfall import ViewState

_PREFIX = "place:"
_KEPT = 20
MOST_COLLAPSED = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """Page, filter, order, trace, span and how the trace was set up. `high` is None for the whole trace."""

    text: str = ""
    since_ns: int | None = None
    until_ns: int | None = None
    last_ns: int | None = None  # instead of both: the last so-and-so long
    sort_key: str = SortKey.START.value
    descending: bool = True
    trace_id: str | None = None
    span_id: str | None = None
    collapsed: tuple[str, ...] = ()
    low: int = 0
    high: int | None = None
    scroll: int = 0
    page: str = "traces"

    @property
    def filter(self) -> TraceFilter:
        """The filter that was in force."""
        return TraceFilter(self.text, self.since_ns, self.until_ns) if self.last_ns is None else TraceFilter(self.text)

    @property
    def sorting(self) -> Sorting:
        """The order of the list."""
        return Sorting(SortKey(self.sort_key), self.descending)


def place_of(blobs: Mapping[str, str], database: str, first_page: str = "traces") -> Place:
    """The place kept for a database; the beginning, on `first_page`, where there is none or it makes no sense."""
    try:
        raw: dict[str, Any] = json.loads(blobs[_PREFIX + database])
        known = {item.name: raw[item.name] for item in fields(Place) if item.name in raw}
        place = Place(**{**known, "collapsed": tuple(map(str, known.get("collapsed", ())))})
        wanted = (place.filter, place.sorting, place.low + place.scroll)
    except (KeyError, ValueError, TypeError, AttributeError):
        return Place(page=first_page)
    return place if wanted else Place(page=first_page)


def with_place(blobs: Mapping[str, str], database: str, place: Place) -> dict[str, str]:
    """The blobs with a place kept, the oldest places forgotten."""
    places = {name: blob for name, blob in blobs.items() if name.startswith(_PREFIX) and name != _PREFIX + database}
    others = {name: blob for name, blob in blobs.items() if not name.startswith(_PREFIX)}
    newest = dict(list(places.items())[-(_KEPT - 1) :])
    return {**others, **newest, _PREFIX + database: json.dumps(asdict(place))}


def view_state(place: Place) -> ViewState:
    """How the waterfall was set up."""
    from tailrace.ui.views.waterfall import ViewState  # takes longer to import than the window to paint

    return ViewState(frozenset(place.collapsed), place.low, place.high, place.span_id, place.scroll)
