"""One open cache, shared by all in this process who look at the same trace database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tailrace.errors import DatabaseError
from tailrace.jobs.runner import Cancelled
from tailrace.store.columns.copying import Copies
from tailrace.store.columns.fill import Extra, Progress, fill, fill_extra
from tailrace.store.columns.place import Place, open_in_memory, open_place
from tailrace.store.columns.state import State, kept_state, read_state
from tailrace.store.reader import Reader
from tailrace.store.snapshot import Snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tailrace.jobs import Ticket

# How often someone who waits for another's filling looks whether they are still wanted
_LOOK_SECONDS = 0.05


class DamagedColumns(DatabaseError):
    """The cache could not be read. The next refresh makes it anew, so that asking again helps."""


class Shared:
    """An open cache. Its methods may be called from any thread."""

    def __init__(self, database: Path, folder: Path) -> None:
        self.users = 0
        self._database = database
        self._folder = folder
        self._filling = threading.Lock()
        # guards what follows, and is held for moments only
        self._lock = threading.Lock()
        self._place: Place | None = None
        self._state: State | None = None  # None: nobody may read
        self._damaged = False
        self._readings = 0
        self._extras: dict[str, Extra] = {}
        self._written = 0  # how often
        self._copies = Copies()
        self._seen: WeakKeyDictionary[Snapshot, tuple[int | None, State]] = WeakKeyDictionary()

    @property
    def path(self) -> Path | None:
        """The file that is open now, if one is."""
        place = self._place
        return None if place is None else place.path

    def close(self) -> None:
        """Let go of the file, once whoever fills it has ended."""
        with self._filling, self._lock:
            place, self._place, self._state = self._place, None, None
            self._extras.clear()
            self._copies.close()
            if place is not None:
                place.remove() if self._damaged else place.close()

    def refresh(self, reader: Reader, ticket: Ticket | None, progress: Progress) -> State:
        """Make the columns show what there is now; the state that this is. Cheap when nothing was written."""
        with reader.reading(ticket) as snapshot:
            if self._shows(snapshot) and self._state is not None:
                return self._state
        with self._turn(ticket), reader.reading(ticket) as snapshot:
            now = read_state(snapshot.connection, self._database)
            if now != self._state:
                self._write(
                    lambda cursor: fill(snapshot.connection, cursor, now, [*self._extras.values()], ticket, progress),
                    now,
                    ticket,
                )
        return now

    def want(self, extra: Extra, reader: Reader, ticket: Ticket | None) -> None:
        """Fill an extra, and keep it up to date from now on."""
        if extra.name in self._extras and self._state is not None:
            return
        with self._turn(ticket), reader.reading(ticket) as snapshot:
            now = read_state(snapshot.connection, self._database)
            wanted = self._extras | {extra.name: extra}

            def work(cursor: DuckDBPyConnection) -> None:
                if kept_state(cursor) == now:
                    fill_extra(snapshot.connection, cursor, extra, now, wanted, ticket)
                else:
                    fill(snapshot.connection, cursor, now, [*wanted.values()], ticket, lambda done, total: None)

            self._write(work, now, ticket)
            self._extras = wanted

    @contextmanager
    def reading(self, ticket: Ticket | None) -> Iterator[DuckDBPyConnection]:
        """A cursor that sees one state, and writes nothing but temporary tables."""
        import duckdb

        with self._lock:
            place = self._place
            if place is None or self._state is None:
                raise DamagedColumns("The columns that charts are made of are not there.")
            cursor = place.connection.cursor()
            self._readings += 1
        try:
            with ticket.interruptible(cursor.interrupt) if ticket is not None else nullcontext():
                cursor.execute("BEGIN TRANSACTION READ ONLY")
                # a transaction sees what there is when it first looks
                cursor.execute("SELECT trace FROM cache_state").fetchall()
                yield cursor
        except duckdb.OutOfMemoryException as error:
            raise _too_much(self._database, error) from error
        except duckdb.Error as error:
            if not _is_damage(error):
                raise
            with self._lock:
                if self._place is place:
                    self._state, self._damaged = None, True
            raise DamagedColumns(
                f"What charts of {self._database} are made of could not be read.", "Try again.", repr(error)
            ) from error
        finally:
            with suppress(duckdb.Error):
                cursor.execute("ROLLBACK")
            with suppress(duckdb.Error):
                cursor.close()
            with self._lock:
                self._readings -= 1

    @contextmanager
    def copied(self, ticket: Ticket | None) -> Iterator[Path]:
        """A copy of the file as it is now, for another process to read while the block runs."""
        with self._turn(ticket):
            with self._lock:
                place, is_whole = self._place, self._state is not None
            if place is None or not is_whole:
                raise DamagedColumns("The columns that charts are made of are not there.")
            path = self._copies.hold(place, self._written)
        try:
            yield path
        finally:
            self._copies.release(path)

    def _shows(self, snapshot: Snapshot) -> bool:
        """Whether the columns show what a reader sees."""
        with self._lock:
            kept = self._state
            version, state = self._seen.get(snapshot, (None, None))
        if kept is None:
            return False
        if state is None or version != snapshot.version:
            state = read_state(snapshot.connection, self._database)
            with self._lock:
                self._seen[snapshot] = (snapshot.version, state)
        return state == kept

    @contextmanager
    def _turn(self, ticket: Ticket | None) -> Iterator[None]:
        """Wait until nobody else fills, or until the ticket is cancelled."""
        while not self._filling.acquire(timeout=_LOOK_SECONDS):
            if ticket is not None:
                ticket.check()
        try:
            yield
        finally:
            self._filling.release()

    def _write(self, work: Callable[[DuckDBPyConnection], None], now: State, ticket: Ticket | None) -> None:
        """Have `work` make the columns show the state `now`: in the file, where that fails in a new one, and where that
        fails in memory. Only one thread at a time."""
        import duckdb

        self._written += 1
        if self._damaged and self._place is not None:
            self._place.remove()
            self._place, self._damaged = None, False
        for last in (False, False, True):
            place = self._place or (
                open_in_memory() if last else open_place(self._database, self._folder, 1 if self._readings else 0)
            )
            try:
                cursor = place.connection.cursor()
                try:
                    with ticket.interruptible(cursor.interrupt) if ticket is not None else nullcontext():
                        work(cursor)
                finally:
                    cursor.close()
            except (Cancelled, duckdb.BinderException, duckdb.ParserException):  # the latter are bugs of ours
                with self._lock:
                    self._place = place
                raise
            except duckdb.Error as error:
                with self._lock:
                    self._place = self._state = None
                place.remove()
                if last:
                    if isinstance(error, (duckdb.OutOfMemoryException, duckdb.IOException)):
                        raise _too_much(self._database, error) from error
                    raise
            except BaseException:
                with self._lock:
                    self._place = place
                raise
            else:
                with self._lock:
                    self._place, self._state = place, now
                return


def _is_damage(error: Exception) -> bool:
    """Whether DuckDB's file is not what it has written. A wrong checksum has no class of its own."""
    import duckdb

    kinds = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
    return isinstance(error, kinds) or type(error) is duckdb.Error


def _too_much(database: Path, error: Exception) -> DatabaseError:
    return DatabaseError(
        f"There is not enough memory for what is asked of {database}.",
        "Close other programs, free some space on the disk, or ask for less.",
        repr(error),
    )
