"""Where a column cache lives: a file of its own for each trace database, or memory where no file can be had.

One process at a time can have a DuckDB file open; who comes second makes another one beside it. Whatever cannot be
opened, or is of another version, is deleted and made anew: a cache holds nothing that is not elsewhere.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from tailrace import __version__
from tailrace.store.columns.tables import STATEMENTS, VERSION

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SLOTS = 8
# Nobody has looked at a cache for so long, or its database is gone
_OLDEST_SECONDS = 90 * 86_400
_MOST_MEMORY = 4 << 30
_LEAST_MEMORY = 512 << 20
_UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


class Place:
    """An open cache with all tables. `path` is None in memory. `fresh`: nothing was in it."""

    def __init__(self, connection: DuckDBPyConnection, path: Path | None, slot: int) -> None:
        self.connection = connection
        self.path = path
        self.slot = slot

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def remove(self) -> None:
        """Close it and delete the file."""
        # a connection whose file is damaged may fail to close, too
        import duckdb

        with suppress(duckdb.Error):
            self.connection.close()
        if self.path is not None:
            with suppress(OSError):
                _delete(self.path)


def open_place(database: Path, folder: Path, slot: int = 0) -> Place:
    """The cache of a database in the first free slot from `slot` on, as it was left or empty."""
    name = blake2b(os.fsencode(database.absolute()), digest_size=16).hexdigest()
    try:
        # what people said to a model is for them alone
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return open_in_memory()
    _prune(folder)
    while slot < _SLOTS:
        path = folder / f"{name}{f'-{slot + 1}' if slot else ''}.duckdb"
        connection = _open(path)
        if connection is not None:
            with suppress(OSError):
                os.utime(path)
            return Place(connection, path, slot)
        slot += 1
    return open_in_memory()


def open_in_memory() -> Place:
    """A cache that is gone when it is closed."""
    connection = _connect(":memory:", "")
    _lay_out(connection)
    return Place(connection, None, _SLOTS)


def _open(path: Path) -> DuckDBPyConnection | None:
    """A cache of this version in a file, made when there is none; None where somebody else has it, or it cannot be."""
    import duckdb

    for _ in range(2):
        connection = None
        try:
            connection = _connect(str(path), f"{path}.tmp", path.parent)
            if _is_ours(connection):
                return connection
            if not connection.execute("SELECT 1 FROM duckdb_tables() LIMIT 1").fetchall():
                _lay_out(connection)
                return connection
        except duckdb.Error as error:
            if connection is None and _is_lock(error):
                return None
        if connection is not None:
            with suppress(duckdb.Error):
                connection.close()
        try:
            _delete(path)
        except OSError:  # Windows does not delete what another process has open
            return None
    return None


def is_free(path: Path) -> bool:
    """Whether no other process has a cache open. Not to be asked of one that this process has open."""
    import duckdb

    try:
        duckdb.connect(str(path)).close()
    except duckdb.Error as error:
        return not _is_lock(error)
    return True


def _is_lock(error: Exception) -> bool:
    return re.search("could not set lock|used by another process", str(error), re.IGNORECASE) is not None


def _connect(name: str, spilled: str, folder: Path | None = None) -> DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect(
        name,
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "temp_directory": spilled,
        },
    )
    try:
        connection.execute(f"SET memory_limit = '{_memory(connection)}B'")
        # the first filling is one checkpoint, not several
        connection.execute("SET wal_autocheckpoint = '256MB'")
        connection.execute("SET write_buffer_row_group_count = 1")
        if folder is not None:
            # beside itself it may be copied, for those who read it in a process of their own
            place = folder.as_posix().replace("'", "''")
            connection.execute(f"SET allowed_directories = ['{place}']")
        connection.execute("SET enable_external_access = FALSE")
        # people write SQL of their own: it changes none of this
        connection.execute("SET lock_configuration = TRUE")
    except BaseException:
        connection.close()
        raise
    return connection


def _memory(connection: DuckDBPyConnection) -> int:
    """A quarter of what the machine has, up to four gigabytes: what is free now says little of an hour later, others
    want to live beside it, and what does not fit goes to the disk."""
    # DuckDB knows the machine on every system, and takes 80 % of it for itself
    (whole,) = connection.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    found = re.fullmatch(r"([\d.]+) (\w+)", whole)
    quarter = float(found[1]) * _UNITS.get(found[2], 1) / 0.8 / 4 if found else 0
    return int(min(max(quarter, _LEAST_MEMORY), _MOST_MEMORY))


def _version() -> str:
    return f"{VERSION} {__version__}"


def _is_ours(connection: DuckDBPyConnection) -> bool:
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'cache_state'").fetchall():
        return False
    return connection.execute("SELECT version FROM cache_state").fetchall() == [(_version(),)]


def _lay_out(connection: DuckDBPyConnection) -> None:
    connection.execute("BEGIN")
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.execute("INSERT INTO cache_state (version) VALUES (?)", [_version()])
    connection.execute("COMMIT")


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _prune(folder: Path) -> None:
    """Delete caches that nobody has opened for months."""
    oldest = time.time() - _OLDEST_SECONDS
    with suppress(OSError):
        for path in folder.glob("*.duckdb"):
            if path.stat().st_mtime < oldest:
                _delete(path)
