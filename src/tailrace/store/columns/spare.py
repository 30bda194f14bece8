"""How much room the column caches take on the disk, and deleting those that nobody has open."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from tailrace.store.columns.place import is_free

_COPY = ".copy-"


@dataclass(frozen=True, slots=True)
class Room:
    """What files take: how many, and how many bytes."""

    files: int = 0
    size: int = 0


def room_of(folder: Path) -> Room:
    """What is in a folder and below; nothing where it is not there."""
    files = size = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # deleted meanwhile
            if path.is_file():
                files, size = files + 1, size + path.stat().st_size
    return Room(files, size)


def delete_spare(folder: Path, used: frozenset[Path]) -> Room:
    """Delete the caches in a folder but those that this process (`used`) or another one has open; what has gone."""
    before = room_of(folder)
    for path in sorted(folder.glob("*.duckdb")):
        if _COPY not in path.name and path not in used and is_free(path):
            # the file itself, what DuckDB keeps beside it, and copies that processes read
            for part in folder.glob(f"{path.stem}.*"):
                with suppress(OSError):  # Windows does not delete what is open
                    rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
    after = room_of(folder)
    return Room(max(0, before.files - after.files), max(0, before.size - after.size))
