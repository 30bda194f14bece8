"""What importers hand over, whatever they read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from tailrace.model import Json, LogRecord, Score, Span


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something unsound was left out or repaired. `reason` is the same text for all of its sort, so that it can be
    counted; `place` says where: "line 17", "byte 1234", "spans row 5"."""

    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class Position:
    """Everything yielded before this is complete. `done` of `total` in the format's unit; `resume` is what `read`
    takes to continue behind this point, None where the source can only be read from its beginning."""

    done: int
    total: int | None
    resume: Json


Record: TypeAlias = Span | LogRecord | Score | Skipped | Position


@dataclass(frozen=True, slots=True)
class Format:
    """One way to read a source. `unit` is what Position counts: bytes, spans or calls.

    `read(path, resume)` opens the source read-only and yields records, a Position at sane intervals and at the end. It
    raises SourceError when the file cannot be read at all; unsound content is yielded as Skipped.
    """

    name: str
    unit: str
    read: Callable[[Path, Json], Iterator[Record]]


class FormatModule(Protocol):
    """What the registry asks of a module: recognition by content and a phrase for the list of what is supported."""

    SUPPORTED: str

    def sniff(self, head: bytes, path: Path) -> Format | None:
        """The format when the file is one of ours. `head` is the file's first bytes as they are on disk (compressed or
        not); the file may be opened read-only to be sure. None for any other content; OSError passes."""
