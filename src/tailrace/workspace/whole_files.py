"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tailrace.errors import SourceError


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
        unfinished.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all. Raises SourceError when the system does not let us."""
    with whole_file(path) as unfinished:
        unfinished.write_bytes(content)
