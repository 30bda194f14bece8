"""Open the trace database, and say in a sentence why it cannot be opened, read or written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident

from tailrace.errors import DatabaseError
from tailrace.store.migrations import later_tables, migrate
from tailrace.store.schema import APPLICATION_ID, PAGE_SIZE, SCHEMA_VERSION

# How long a statement waits for another process before it gives up.
BUSY_MS = 15_000

# In pages of the log. Small enough that a batch which has to copy them back stays short. A judgement leaves the log of
# a large import under way alone, which would take longer than the judgement itself.
_CHECKPOINT = 32 * 1024 * 1024 // PAGE_SIZE
_CHECKPOINT_WAITING = 256 * 1024 * 1024 // PAGE_SIZE


def open_to_write(path: Path, *, durable: bool, any_thread: bool = False) -> sqlite3.Connection:
    """A connection that may write, in autocommit mode (use `transaction`). Creates and migrates the file.

    `durable` waits for the disk at every commit (judgements), else a power cut may lose the last commits but never
    the soundness of the file (imports). Raises DatabaseError.
    """
    with explained(path):
        _prepare(path)
        connection = _connect(path, "rw", any_thread)
        try:
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_WAITING if durable else _CHECKPOINT}")
            connection.execute("PRAGMA journal_size_limit = 67108864")
            if not durable:
                connection.execute("PRAGMA cache_size = -32768")
        except BaseException:
            connection.close()
            raise
        return connection


def migrate_file(path: Path) -> None:
    """Bring a file of an earlier version to this one. Raises DatabaseError where it may not be written."""
    with explained(path):
        connection = _connect(path, "ro", any_thread=False)
        try:
            _check_version(connection, path)
            current = is_current(connection)
        finally:
            connection.close()
        if not current:
            _prepare(path)


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether the file has all tables of this version."""
    return _number(connection, "user_version") >= SCHEMA_VERSION


def drop_stand_ins(connection: sqlite3.Connection) -> None:
    """Let a reading connection see the tables that its file has got since."""
    connection.execute("PRAGMA query_only = OFF")
    found = connection.execute("SELECT type, name FROM temp.sqlite_schema WHERE type IN ('table', 'view')").fetchall()
    for kind, name in found:
        connection.execute(f'DROP {kind} temp."{name}"')
    connection.execute("PRAGMA query_only = ON")


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, to be used by one thread at a time.

    Raises DatabaseError.
    """
    with explained(path):
        if not path.is_file():
            raise DatabaseError(f"{path} does not exist.")
        try:
            return _opened_to_read(path, "ro")
        except sqlite3.OperationalError:
            # A WAL database in a folder that nobody may write has no place for its -shm file. With no -wal beside it
            # the file is all there is, and nobody can be changing it.
            wal = path.with_name(path.name + "-wal")
            if os.access(path.parent, os.W_OK) or (wal.exists() and wal.stat().st_size):
                raise
            return _opened_to_read(path, "ro&immutable=1")


def _opened_to_read(path: Path, mode: str) -> sqlite3.Connection:
    connection = _connect(path, mode, any_thread=True)
    try:
        _check_version(connection, path)
        if not is_current(connection):
            # an earlier version that may not be written: what it lacks is empty
            for statement in later_tables():
                connection.execute(statement)
        connection.execute("PRAGMA query_only = ON")
        # Checked again at every visit of a mapped page, it makes looking up rows three times slower; what is read is
        # checked against its page's bounds all the same.
        connection.execute("PRAGMA cell_size_check = OFF")
        connection.execute("PRAGMA mmap_size = 1073741824")
        connection.execute("PRAGMA cache_size = -32768")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. Takes the write lock at once, so that it waits at the start and not in the middle."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # a full disk or an interrupt has already rolled back
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's and the system's errors into DatabaseError with a sentence that names the file."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error
    except OSError as error:
        raise DatabaseError(f"{path} cannot be opened: {error.strerror or error}.", detail=repr(error)) from error


def explain(error: sqlite3.Error, path: Path) -> Exception:
    """The DatabaseError for an error of the world; the error itself when it is our own bug."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    detail = f"{type(error).__name__}: {error} ({getattr(error, 'sqlite_errorname', 'no code')})"
    known = _SENTENCES.get(primary) if primary is not None else None
    if known is None and str(error).startswith(("no such table", "no such column")):
        # it says that it is ours and lacks what ours have: made by hand, or by a program of another kind
        known = ("{path} calls itself a Tailrace database and lacks parts of one.", "Import its source again.")
    if known is None:
        return error
    sentence, hint = known
    return DatabaseError(sentence.format(path=path), hint, detail)


_SENTENCES: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_NOTADB: ("{path} is not a Tailrace database.", "Open it as a source instead."),
    sqlite3.SQLITE_CORRUPT: ("{path} is damaged.", "Restore a copy, or import its source again."),
    sqlite3.SQLITE_BUSY: ("{path} is locked by another program.", "Close that program, then try again."),
    sqlite3.SQLITE_LOCKED: ("{path} is locked by another program.", "Close that program, then try again."),
    sqlite3.SQLITE_READONLY: ("{path} cannot be changed: it is read-only.", "Copy it to a folder of your own."),
    sqlite3.SQLITE_FULL: ("The disk that holds {path} is full.", "Free some space, then try again."),
    sqlite3.SQLITE_CANTOPEN: ("{path} cannot be opened.", "Check that its folder exists and may be written."),
    sqlite3.SQLITE_PERM: ("{path} may not be opened by you.", "Check the permissions of the file."),
    sqlite3.SQLITE_AUTH: ("{path} may not be opened by you.", "Check the permissions of the file."),
    sqlite3.SQLITE_IOERR: ("{path} could not be read or written: the disk reported an error.", "Check the disk."),
    sqlite3.SQLITE_PROTOCOL: ("{path} is locked by another program.", "Close that program, then try again."),
    sqlite3.SQLITE_NOLFS: ("{path} is larger than this system can handle.", ""),
    sqlite3.SQLITE_TOOBIG: ("A value is larger than {path} can hold.", ""),
}


def _connect(path: Path, mode: str, any_thread: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path.absolute().as_uri() + "?mode=" + mode,
        uri=True,
        isolation_level=None,
        timeout=BUSY_MS / 1000,
        check_same_thread=not any_thread,
        cached_statements=256,
    )
    try:
        _harden(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _harden(connection: sqlite3.Connection) -> None:
    """The file may come from anybody: its schema must not run what SQLite would not run by itself."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def _prepare(path: Path) -> None:
    """Create the file, or check that it is ours and not from the future, and bring it to this version."""
    if not path.exists() or path.stat().st_size == 0:
        _create(path)
    connection = _connect_to_migrate(path, "rw")
    try:
        _check_version(connection, path)
        if not is_current(connection):
            migrate(connection)
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _create(path: Path) -> None:
    """Make a new database beside its place and put it there whole: nobody ever meets one half made, and when two make
    the same one, the first stays."""
    made = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.new")
    try:
        connection = _connect_to_migrate(made, "rwc")
        try:
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection)
        finally:
            connection.close()
        if path.exists() and path.stat().st_size == 0:
            os.replace(made, path)
            return
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        except OSError:  # no hard links in this file system
            os.replace(made, path)
    finally:
        made.unlink(missing_ok=True)


def _connect_to_migrate(path: Path, mode: str) -> sqlite3.Connection:
    """sqlite-utils wants Python's own handling of transactions."""
    connection = sqlite3.connect(path.absolute().as_uri() + "?mode=" + mode, uri=True, timeout=BUSY_MS / 1000)
    try:
        _harden(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    if _number(connection, "application_id") != APPLICATION_ID:
        raise DatabaseError(f"{path} is not a Tailrace database.", "Open it as a source instead.")
    version = _number(connection, "user_version")
    if version > SCHEMA_VERSION:
        raise DatabaseError(
            f"{path} was written by a newer Tailrace (its format is {version}, this program knows {SCHEMA_VERSION}).",
            "Update Tailrace to open it.",
        )


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
