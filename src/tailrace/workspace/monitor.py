"""Charting one open database: what all its traces together say."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tailrace.jobs import Ticket
from tailrace.store import Reader
from tailrace.workspace.folders import cache_folder
from tailrace.workspace.importing import Progress

if TYPE_CHECKING:
    from tailrace.store.columns import Columns

T = TypeVar("T")


class Monitor:
    """What a Workspace offers to charts; every method may take long and belongs in a job. Answers show the database as
    it is when they are asked for. Raises DatabaseError and QueryError, and Cancelled when a ticket is cancelled."""

    def __init__(self, database: Path, reader: Reader) -> None:
        self._database = database
        self._reader = reader
        self._columns: Columns | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the columns. No other call may be under way."""
        with self._lock:
            if self._columns is not None:
                self._columns.close()
                self._columns = None

    def prepare(self, ticket: Ticket | None = None) -> None:
        """Bring the columns up to date, with ImportProgress as the ticket's news. The first time this takes some
        seconds for a million spans."""
        self._refreshed(ticket or Ticket())

    def _of_columns(self, work: Callable[[Columns], T], ticket: Ticket | None) -> T:
        """What comes of columns that are up to date; of new ones where the file turned out to be damaged."""
        from tailrace.store.columns import DamagedColumns

        ticket = ticket or Ticket()
        try:
            return work(self._refreshed(ticket))
        except DamagedColumns:
            return work(self._refreshed(ticket))

    def _refreshed(self, ticket: Ticket) -> Columns:
        # DuckDB takes a moment to import, and opening a database needs none of it
        from tailrace.store.columns import Columns

        with self._lock:
            if self._columns is None:
                self._columns = Columns(self._database, cache_folder() / "columns")
            columns = self._columns
        columns.refresh(self._reader, ticket, Progress(ticket, self._database.name).of("charting", "spans"))
        return columns
