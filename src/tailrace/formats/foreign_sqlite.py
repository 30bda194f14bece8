"""Reading another program's SQLite database without disturbing it, and without trusting it.

Read-only, in short reads (the owner's writes never wait longer than one batch), only the tables asked for: the
connection itself refuses every other one. Nothing is created beside the source, whatever state its journal is in.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from tailrace.errors import SourceError
from tailrace.formats.files import unreadable
from tailrace.formats.records import Skipped

MAGIC = b"SQLite format 3\x00"

Row: TypeAlias = tuple[Any, ...]

_BATCH_ROWS = 500
_BATCH_BYTES = 8 << 20
_CELL_BYTES = 256 << 20
_BUSY_SECONDS = 5.0
_PROBE_ROWS = 256
_PROBES_WITHOUT_LUCK = 100
_SCHEMA_TABLES = frozenset({"sqlite_master", "sqlite_schema"})
_FUNCTIONS = frozenset({"count", "max", "length"})
_PRAGMAS = frozenset({"table_info", "writable_schema"})
_FIRST_READ = "SELECT count(*) FROM sqlite_master"
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_TOOBIG})
_NEEDS_A_COPY = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM})


class ForeignDatabase:
    """One foreign database, open for reading the `tables` named and no other. Raises SourceError from every method
    when the file as a whole cannot be read; rows that cannot be read are noted in `take_skipped` instead."""

    def __init__(self, path: Path, tables: frozenset[str]) -> None:
        self._path = path.absolute()
        self._allowed = tables
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._still: tuple[int, int] | None = None
        self._skipped: list[Skipped] = []
        self._columns: dict[str, tuple[str, ...]] = {}
        try:
            self._connection = self._open()
            self._columns = self._read_schema()
        except sqlite3.Error as error:
            self._discard_copy()
            raise self._sentence(error) from error
        except OSError as error:
            self._discard_copy()
            raise unreadable(path, error) from error

    def __enter__(self) -> ForeignDatabase:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self._discard_copy()

    @property
    def tables(self) -> frozenset[str]:
        """Those of the tables asked for that the database has."""
        return frozenset(self._columns)

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table; none when the database lacks it."""
        return self._columns.get(table, ())

    def count(self, table: str) -> int | None:
        """How many rows a table has; None when that cannot be read."""
        if table not in self._columns:
            return None
        try:
            return int(self._fetch(f"SELECT count(*) FROM {_quote(table)}", ())[0][0])
        except sqlite3.Error as error:
            self._raise_unless_damage(error)
            return None

    def last_row(self, table: str) -> int:
        """The greatest row number of a table; 0 when it is empty or cannot be read."""
        if table not in self._columns:
            return 0
        try:
            return int(self._fetch(f"SELECT max(rowid) FROM {_quote(table)}", ())[0][0] or 0)
        except sqlite3.Error as error:
            self._raise_unless_damage(error)
            return 0

    def batches(self, table: str, columns: Sequence[str], after: int = 0) -> Iterator[list[Row]]:
        """All rows behind row number `after`, some hundred at a time: (rowid, one value a column). A column that the
        table lacks is None throughout. Parts of the file that are damaged are stepped over and noted."""
        if table not in self._columns:
            return
        sql = f"{self._select(table, columns)} WHERE rowid > ? ORDER BY rowid LIMIT {_BATCH_ROWS}"
        failures = 0
        while True:
            try:
                rows = self._fetch(sql, (after,))
            except sqlite3.Error as error:
                self._raise_unless_damage(error)
                rows = self._probe(table, columns, after)
                failures = 0 if rows else failures + 1
                after += _PROBE_ROWS
                if failures >= _PROBES_WITHOUT_LUCK:
                    self.skip("the rest of a damaged table cannot be read", f"{table} from row {after}")
                    return
                if rows:
                    yield rows
                continue
            if not rows:
                return
            after = rows[-1][0]
            yield rows

    def lookup(self, table: str, columns: Sequence[str], key: str, values: Sequence[Any]) -> list[Row]:
        """The rows whose `key` column is one of `values`: (key, one value a column), in the table's own order."""
        if key not in self.columns(table):
            return []
        found: list[Row] = []
        for at in range(0, len(values), _BATCH_ROWS):
            some = list(values[at : at + _BATCH_ROWS])
            sql = self._select(table, columns, key) + f" WHERE {_quote(key)} IN ({{}}) ORDER BY rowid"
            try:
                found += self._fetch(sql.format(",".join("?" * len(some))), some, limited=False)
            except sqlite3.Error as error:
                self._raise_unless_damage(error)
                found += self._lookup_singly(table, sql.format("?"), some)
        return found

    def length(self, table: str, column: str, row_id: Any) -> int:
        """How long a cell of the row with this `id` is, without reading it: bytes, or characters of text."""
        if not {"id", column} <= set(self.columns(table)):
            return 0
        sql = f"SELECT length({_quote(column)}) FROM {_quote(table)} WHERE id = ?"
        try:
            found = self._fetch(sql, (row_id,))
        except sqlite3.Error as error:
            self._raise_unless_damage(error)
            return 0
        return int(found[0][0] or 0) if found else 0

    def skip(self, reason: str, place: str) -> None:
        """Note something that was left out."""
        self._skipped.append(Skipped(reason, place))

    def take_skipped(self) -> list[Skipped]:
        """What was left out since the last call."""
        taken, self._skipped = self._skipped, []
        return taken

    def _lookup_singly(self, table: str, sql: str, values: Sequence[Any]) -> list[Row]:
        found: list[Row] = []
        for value in values:
            try:
                found += self._fetch(sql, (value,), limited=False)
            except sqlite3.Error as error:
                self._raise_unless_damage(error)
                self.skip("a damaged part of the database cannot be read", f"{table} of {value}")
        return found

    def _probe(self, table: str, columns: Sequence[str], after: int) -> list[Row]:
        rows: list[Row] = []
        lost: list[int] = []
        sql = f"{self._select(table, columns)} WHERE rowid = ?"
        for row in range(after + 1, after + 1 + _PROBE_ROWS):
            try:
                rows += self._fetch(sql, (row,))
            except sqlite3.Error as error:
                self._raise_unless_damage(error)
                lost.append(row)
        # where nothing at all can be read it is not known which of the rows there ever were
        places = [f"row {row}" for row in lost] if rows else [f"rows {lost[0]} to {lost[-1]}"] if lost else []
        for place in places:
            self.skip("a damaged part of the database cannot be read", f"{table} {place}")
        return rows

    def _select(self, table: str, columns: Sequence[str], first: str = "rowid") -> str:
        present = self._columns[table]
        named = (_quote(column) if column in present else "NULL" for column in columns)
        return f"SELECT {', '.join(['rowid' if first == 'rowid' else _quote(first), *named])} FROM {_quote(table)}"

    def _fetch(self, sql: str, parameters: Sequence[Any], limited: bool = True) -> list[Row]:
        while True:
            try:
                rows = self._fetch_once(sql, parameters, limited)
            except sqlite3.Error:
                if self._still is None or self._still == self._stamp():
                    raise
            else:
                if self._still is None or self._still == self._stamp():
                    return rows
            # the owner came back while we read without locks: what was just read may be of two minds
            self._connection.close()
            self._connection = self._open()

    def _fetch_once(self, sql: str, parameters: Sequence[Any], limited: bool) -> list[Row]:
        rows: list[Row] = []
        size = 0
        cursor = self._connection.execute(sql, parameters)
        try:
            for row in cursor:
                rows.append(row)
                size += sum(len(cell) for cell in row if isinstance(cell, str | bytes))
                if limited and size > _BATCH_BYTES:
                    break
        finally:
            cursor.close()
        return rows

    def _read_schema(self) -> dict[str, tuple[str, ...]]:
        tables = [
            name
            for name, sql in self._fetch("SELECT name, sql FROM sqlite_master WHERE type = 'table'", ())
            if name in self._allowed and isinstance(sql, str) and _is_plain(sql)
        ]
        return {
            name: tuple(str(column[1]) for column in self._fetch(f"PRAGMA table_info({_quote(name)})", ()))
            for name in tables
        }

    def _open(self) -> sqlite3.Connection:
        self._still = None
        path = self._path
        with path.open("rb") as file:
            head = file.read(20)
        wal, shared = Path(f"{path}-wal"), Path(f"{path}-shm")
        if self._copy is None and head[18:20] == b"\x02\x02":
            # a read-only connection to a WAL database leaves -wal and -shm files behind where there were none
            if not _size(wal) and not shared.exists():
                self._still = self._stamp()
                return self._connect(path.as_uri() + "?mode=ro&immutable=1")
            if _size(wal) and not shared.exists():
                return self._open_copy()
        try:
            return self._connect(path.as_uri() + "?mode=ro")
        except sqlite3.OperationalError as error:
            if _primary(error) not in _NEEDS_A_COPY:
                raise
            return self._open_copy()

    def _open_copy(self) -> sqlite3.Connection:
        self._discard_copy()
        self._copy = tempfile.TemporaryDirectory(prefix="tailrace-")
        copy = Path(self._copy.name) / self._path.name
        shutil.copyfile(self._path, copy)
        for suffix in ("-wal", "-journal"):
            if _size(beside := Path(f"{self._path}{suffix}")):
                shutil.copyfile(beside, f"{copy}{suffix}")
        return self._connect(copy.as_uri() + "?mode=rw")

    def _connect(self, uri: str) -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, check_same_thread=False)
        try:
            connection.text_factory = _decode
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _CELL_BYTES)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA query_only = ON")
            connection.set_authorizer(self._authorize)
            # nothing is read before this: it fails now where the journal, a lock or the content would fail it later
            try:
                connection.execute(_FIRST_READ).fetchall()
            except sqlite3.DatabaseError as error:
                if _primary(error) not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT):
                    raise
                # An untrusted schema may not call json_extract in this SQLite, which Phoenix's does. Nothing can be
                # written here; what this does is to leave out the parts of the schema that are refused.
                connection.execute("PRAGMA writable_schema = ON")
                connection.execute(_FIRST_READ).fetchall()
        except BaseException:
            connection.close()
            raise
        return connection

    def _authorize(self, action: int, first: str | None, second: str | None, _: str | None, __: str | None) -> int:
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and (first in self._allowed or first in _SCHEMA_TABLES):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    def _stamp(self) -> tuple[int, int]:
        stat = self._path.stat()
        return (-1, -1) if _size(Path(f"{self._path}-wal")) else (stat.st_mtime_ns, stat.st_size)

    def _discard_copy(self) -> None:
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None

    def _raise_unless_damage(self, error: sqlite3.Error) -> None:
        if _primary(error) not in _DAMAGE:
            raise self._sentence(error) from error

    def _sentence(self, error: sqlite3.Error) -> SourceError:
        code = _primary(error)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return SourceError(
                f"{self._path} is locked by another program.",
                "Try again when that program has finished writing.",
                str(error),
            )
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return SourceError(
                f"{self._path} is not a readable SQLite database: it is damaged or encrypted.",
                "A copy from a backup, or one made with sqlite3's .recover, may open.",
                str(error),
            )
        return SourceError(f"{self._path} cannot be read: {error}.", detail=str(error))


def _primary(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) or sqlite3.SQLITE_ERROR) & 0xFF


def _is_plain(sql: str) -> bool:
    words = sql.upper()
    return not words.lstrip().startswith("CREATE VIRTUAL") and not words.rstrip("; \n\t").endswith("WITHOUT ROWID")


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
