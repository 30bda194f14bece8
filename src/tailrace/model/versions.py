"""One state of one record of reviewing, as it travels between copies of a database.

The versions of a record are a set. Merging is the union of sets, so its order and its repetition do not matter; what
holds is the version that `winner` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


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


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What merging some files into a database did. Of the records that came, `added` were new here, `changed` brought a
    version that was not known here, `unchanged` nothing. `skipped` counts what could not be used, by reason, and
    `examples` says where the first of each was. `ahead` counts versions whose time is still to come: some clock was
    ahead, and they hold until they are changed later than that. `conflicts` is how many (trace, score) pairs the
    reviewers now value differently without anybody having settled it. `absent` is how many of the judgements by people
    that came are about traces that are not here. `new_traces` and `new_spans` came over from other databases."""

    files: tuple[str, ...]
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    ahead: int = 0
    conflicts: int = 0
    absent: int = 0
    new_traces: int = 0
    new_spans: int = 0
