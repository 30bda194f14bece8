"""The trace database: one SQLite file, one who writes, any number who read. The only room that holds our SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailrace.store.reader import Reader
    from tailrace.store.schema import APPLICATION_ID, SCHEMA_VERSION
    from tailrace.store.scores import ScoreBook
    from tailrace.store.sources import SourceState
    from tailrace.store.writer import Tally, Writer

__all__ = ["APPLICATION_ID", "SCHEMA_VERSION", "Reader", "ScoreBook", "SourceState", "Tally", "Writer"]

_HOMES = {
    "APPLICATION_ID": "schema",
    "SCHEMA_VERSION": "schema",
    "Reader": "reader",
    "ScoreBook": "scores",
    "SourceState": "sources",
    "Tally": "writer",
    "Writer": "writer",
}


def __getattr__(name: str) -> object:
    # a process that runs one statement must not wait for what reads and writes traces
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
