"""The column cache: what charts are made of, derived from the trace database into a DuckDB file that may be lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tailrace.store.columns.attributes import Attribute
from tailrace.store.columns.fill import Progress
from tailrace.store.columns.retrievals import Retrievals
from tailrace.store.columns.sessions import Sessions
from tailrace.store.columns.shared import DamagedColumns, Shared
from tailrace.store.columns.spare import Room, delete_spare, room_of
from tailrace.store.columns.state import State
from tailrace.store.reader import Reader

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tailrace.jobs import Ticket

__all__ = ["Columns", "DamagedColumns", "Refreshed", "Room", "delete_unused", "room_of"]

_shared: dict[tuple[Path, Path], Shared] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What the columns show: equal while nothing was written, so that answers can be kept beside it."""

    state: State


class Columns:
    """The columns of one trace database, in a file in `folder` that all processes may lose. Opens nothing yet.

    Used from any thread. Whatever happens to the file, the columns come from the trace database again without a word:
    DamagedColumns is raised by who reads just then, and asking again, with a refresh before, helps. Otherwise raises
    DatabaseError, and Cancelled when a ticket is cancelled.
    """

    def __init__(self, database: Path, folder: Path) -> None:
        self._key = (database.absolute(), folder.absolute())
        self._reader = Reader(database)
        self._own: Shared | None = None

    def refresh(
        self,
        source: Reader,
        ticket: Ticket | None = None,
        progress: Progress = lambda done, total: None,
    ) -> Refreshed:
        """Bring the columns up to date with what `source` reads. `progress(done, total)` counts spans. Waits for
        another's refresh; takes a moment when nothing was written."""
        return Refreshed(self._get().refresh(source, ticket, progress))

    def keep_attributes(self, ticket: Ticket | None = None, progress: Progress = lambda done, total: None) -> None:
        """Keep from now on which traces have which values of attributes (`attribute_tables`), after a refresh.
        `progress(done, total)` counts spans the first time, which takes some seconds for a million."""
        from tailrace.store.columns.attribute_values import AttributeValues

        values = AttributeValues(self._key[0], progress)
        try:
            self._get().want(values, self._reader, ticket)
        finally:
            values.say = None

    @contextmanager
    def reading(self, ticket: Ticket | None = None) -> Iterator[DuckDBPyConnection]:
        """A cursor over the views of facts, that of the last refresh: it sees one state throughout, and cannot write
        more than temporary tables. A cancel of the ticket stops what it runs; between two statements the caller looks
        itself. What DuckDB says of the caller's SQL is the caller's."""
        with self._get().reading(ticket) as cursor:
            yield cursor

    def attribute(self, ticket: Ticket | None, key: str) -> str:
        """Have the values of an attribute at hand, and kept up to date from now on; the name of their table, for
        cursors that begin to read after this: (span BIGINT, trace BIGINT, text VARCHAR, number DOUBLE), a row for each
        span that has the attribute, or whose resource has it. The first time this takes a second or two for a million
        spans."""
        attribute = Attribute(key)
        self._get().want(attribute, self._reader, ticket)
        return attribute.name

    def sessions(self, ticket: Ticket | None) -> str:
        """Have `session_facts` filled, and kept up to date from now on; its name."""
        self._get().want(Sessions(), self._reader, ticket)
        return "session_facts"

    def retrievals(self, ticket: Ticket | None) -> str:
        """Have `retrieval_facts` filled, and kept up to date from now on; its name."""
        self._get().want(Retrievals(), self._reader, ticket)
        return "retrieval_facts"

    @contextmanager
    def copied(self, ticket: Ticket | None = None) -> Iterator[Path]:
        """A copy of the columns as they are now in a DuckDB file, for another process to read while the block runs."""
        with self._get().copied(ticket) as path:
            yield path

    def attribute_keys(self, ticket: Ticket | None = None) -> list[str]:
        """The names of attributes, in order; numbered ones are left out."""
        return self._reader.attribute_keys("", ticket)

    def close(self) -> None:
        """Let go of the file. No other call may be under way."""
        self._reader.close()
        with _lock:
            shared, self._own = self._own, None
            if shared is None:
                return
            shared.users -= 1
            if not shared.users:
                del _shared[self._key]
                shared.close()

    def _get(self) -> Shared:
        with _lock:
            if self._own is None:
                self._own = _shared.setdefault(self._key, Shared(*self._key))
                self._own.users += 1
            return self._own


def delete_unused(folder: Path) -> Room:
    """Delete the caches in a folder that nobody has open; what has gone. They come again when they are asked for."""
    with _lock:
        used = [one.path for one in _shared.values()]
    return delete_spare(folder, frozenset(path for path in used if path is not None))
