"""Copies of the column cache for other processes: DuckDB lets only one process at a time have a file open."""

from __future__ import annotations

import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tailrace.errors import DatabaseError
from tailrace.store.columns.place import Place


@dataclass(slots=True)
class _Copy:
    path: Path
    written: int  # of which state
    users: int = 0


class Copies:
    """The copy of the latest state, and earlier ones that somebody still reads. Used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[_Copy] = []
        self._number = 0

    def hold(self, place: Place, written: int) -> Path:
        """A copy of a place's file, made where there is none of this state yet (`written` counts them). Nobody may
        write to the place meanwhile. It stays until it is released as often as it is held. Raises DatabaseError."""
        if place.path is None:
            raise DatabaseError(
                "SQL needs a file for the columns, and there is none: the cache folder cannot be written.",
                "Set TAILRACE_DATA to a folder that you may write to.",
            )
        with self._lock:
            copy = next((one for one in self._kept if one.written == written and one.path.exists()), None)
            if copy is None:
                if not self._number:
                    _sweep(place.path)
                self._number += 1
                copy = _Copy(_copy_of(place, self._number), written)
                self._kept.append(copy)
            copy.users += 1
            self._forget(written)
            return copy.path

    def release(self, path: Path) -> None:
        """It is not read any more by one who held it."""
        with self._lock:
            for copy in self._kept:
                if copy.path == path:
                    copy.users -= 1
            self._forget(max((copy.written for copy in self._kept), default=0))

    def close(self) -> None:
        """Delete all of them."""
        with self._lock:
            for copy in self._kept:
                _delete(copy.path)
            self._kept.clear()

    def _forget(self, latest: int) -> None:
        for copy in [one for one in self._kept if one.written != latest and not one.users]:
            _delete(copy.path)
            self._kept.remove(copy)


def _copy_of(place: Place, number: int) -> Path:
    assert place.path is not None
    made = place.path.with_name(f"{place.path.stem}.copy-{number}.duckdb")
    try:
        _delete(made)
        try:
            for end in ("", ".wal"):  # what was written last may stand in the second one
                source = place.path.with_name(place.path.name + end)
                if not end or source.exists():
                    shutil.copyfile(source, made.with_name(made.name + end))
        except PermissionError:
            # Windows lets nobody else read what DuckDB has open, not even this process
            _delete(made)
            _copy_by_duckdb(place, made)
    except OSError as error:
        _delete(made)
        raise DatabaseError(
            f"The columns cannot be copied to {made}: {error.strerror or error}.",
            "Free some space on that disk.",
            repr(error),
        ) from error
    return made


def _copy_by_duckdb(place: Place, made: Path) -> None:
    import duckdb

    name = made.as_posix().replace("'", "''")
    cursor = place.connection.cursor()
    try:
        (current,) = cursor.execute("SELECT current_database()").fetchall()[0]
        cursor.execute(f"ATTACH '{name}' AS copied")
        try:
            source = '"' + current.replace('"', '""') + '"'
            cursor.execute(f"COPY FROM DATABASE {source} TO copied")
        finally:
            cursor.execute("DETACH copied")
    except duckdb.Error as error:
        raise OSError(str(error)) from error
    finally:
        cursor.close()


def _sweep(path: Path) -> None:
    """Delete what a killed program has left: the file is ours alone, and so are its copies."""
    with suppress(OSError):
        for left in path.parent.glob(f"{path.stem}.copy-*"):
            if left.is_dir():  # of a process that read a copy
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _delete(path: Path) -> None:
    with suppress(OSError):  # Windows does not delete what is open; it is swept the next time
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
