"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tailrace.errors import DatabaseError, SourceError
from tailrace.workspace.folders import make_folder


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to; what is there at the end of the block is moved to `path`, and nothing is left
    when the block fails. Raises SourceError when the system does not let us."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        yield unfinished
        os.replace(unfinished, path)
    except OSError as error:
        raise SourceError(
            f"{path} cannot be written: {error.strerror or error}.", "Choose another place.", repr(error)
        ) from error
    finally:
        _discard(unfinished)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all. Raises SourceError when the system does not let us."""
    with whole_file(path) as unfinished:
        unfinished.write_bytes(content)


def write_durably(path: Path, content: bytes) -> None:
    """Write one of our own files, its folder too; it is on the disk on return. Raises DatabaseError when it cannot be
    written: what was there stays."""
    make_folder(path.parent)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        _discard(part)
        raise DatabaseError(f"{path} cannot be written: {error.strerror or error}.", detail=repr(error)) from error


def _discard(path: Path) -> None:
    """Remove what was written so far. Where a folder may not be written, not even this can be done, and that it could
    not be written is what is to be said."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
