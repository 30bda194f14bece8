"""Which queue, item and dataset a reviewer was at in a database, to begin there the next time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

_PREFIX = "review:"
_KEPT = 20


@dataclass(frozen=True, slots=True)
class ReviewPlace:
    """Ids; None where there was none."""

    queue_id: str | None = None
    trace_id: str | None = None
    dataset_id: str | None = None


def review_place(blobs: Mapping[str, str], database: str) -> ReviewPlace:
    """The place kept for a database; nowhere when there is none or it makes no sense."""
    try:
        raw = json.loads(blobs[_PREFIX + database])
        found = {name: raw.get(name) for name in ("queue_id", "trace_id", "dataset_id")}
    except (KeyError, ValueError, AttributeError):
        return ReviewPlace()
    return ReviewPlace(**{name: value for name, value in found.items() if isinstance(value, str)})


def with_review_place(blobs: Mapping[str, str], database: str, place: ReviewPlace) -> dict[str, str]:
    """The blobs with a place kept, the oldest places forgotten."""
    mine = _PREFIX + database
    others = {name: blob for name, blob in blobs.items() if name != mine}
    places = [name for name in others if name.startswith(_PREFIX)]
    for name in places[: max(0, len(places) - _KEPT + 1)]:
        del others[name]
    return {**others, mine: json.dumps(asdict(place))}
