"""The law by which the work of several people merges: versions are a set, merging is union, the latest version holds.

So merging is commutative, associative and idempotent, and loses nothing: what is shown is only a view of the set.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from tailrace.model.span import Json
from tailrace.model.versions import Version, rank, winner

__all__ = ["Version", "canonical", "merge", "rank", "view", "winner"]


def canonical(value: Json) -> bytes:
    """JSON with sorted keys, without spaces and in ASCII: equal values give equal bytes on every machine."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def merge(*sets: Iterable[Version]) -> frozenset[Version]:
    """Everything that anybody knows."""
    return frozenset[Version]().union(*sets)


def view(versions: Iterable[Version]) -> dict[tuple[str, str], Version]:
    """The version that holds of every record, by kind and id; removals too."""
    held: dict[tuple[str, str], Version] = {}
    for version in versions:
        key = (version.kind, version.record_id)
        former = held.get(key)
        if former is None or rank(version) > rank(former):
            held[key] = version
    return held
