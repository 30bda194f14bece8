"""One state of one record of reviewing, as it travels between copies of a database.

The versions of a record are a set. Merging is the union of sets, so its order and its repetition do not matter; what
holds is the version that `winner` names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """What a record was from `stamp_ns` on. `kind` is the name of its table, `body` its values as JSON with sorted
    keys. Of a `removed` one the body is what was taken away."""

    kind: str
    record_id: str
    stamp_ns: int
    removed: bool
    body: bytes


def rank(version: Version) -> tuple[int, bool, bytes]:
    """The order of a record's versions: by time; at the same time a removal; else the greater bytes, so that every copy
    agrees."""
    return version.stamp_ns, version.removed, version.body


def winner(versions: Iterable[Version]) -> Version:
    """The version that holds among those of one record. Raises ValueError when there is none."""
    return max(versions, key=rank)
