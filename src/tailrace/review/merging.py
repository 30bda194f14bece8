"""The law by which the work of several people merges: versions are a set, merging is union, the latest version holds.

So merging is commutative, associative and idempotent, and loses nothing: what is shown is only a view of the set.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from tailrace.model.span import Json


@dataclass(frozen=True, slots=True)
class Version:
    """A record as it was from `stamp_ns` on (nanoseconds since the epoch), or that it was removed then. `kind` and
    `record_id` name the record; `body` is canonical JSON (see `canonical`), empty for a removal that kept nothing."""

    kind: str
    record_id: str
    stamp_ns: int
    removed: bool
    body: bytes


def canonical(value: Json) -> bytes:
    """JSON with sorted keys, without spaces and in ASCII: equal values give equal bytes on every machine."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def rank(version: Version) -> tuple[int, bool, bytes]:
    """What orders the versions of one record: the later wins; at the same time a removal; else the greater bytes, so
    that everybody chooses the same."""
    return version.stamp_ns, version.removed, version.body


def merge(*sets: Iterable[Version]) -> frozenset[Version]:
    """Everything that anybody knows."""
    return frozenset[Version]().union(*sets)


def winner(versions: Iterable[Version]) -> Version:
    """The version that holds, out of those of one record. Raises ValueError where there is none."""
    return max(versions, key=rank)


def view(versions: Iterable[Version]) -> dict[tuple[str, str], Version]:
    """The version that holds of every record, by kind and id; removals too."""
    held: dict[tuple[str, str], Version] = {}
    for version in versions:
        key = (version.kind, version.record_id)
        former = held.get(key)
        if former is None or rank(version) > rank(former):
            held[key] = version
    return held
