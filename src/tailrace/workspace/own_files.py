"""Where Tailrace keeps its own files, how much room they take, and deleting what can be made again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tailrace.workspace.folders import cache_folder, data_folder

_COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """Folders, and what lies in them: `workspaces` are databases that sources of other tools were imported into,
    `columns` what charts are made of. Sizes are bytes."""

    data: Path
    cache: Path
    settings: Path
    workspaces: int
    workspaces_size: int
    columns: int
    columns_size: int


def column_folder() -> Path:
    """Where the column caches live. It may not be there yet."""
    return cache_folder() / _COLUMNS


def read_own_files(settings: Path) -> OwnFiles:
    """Look at the disk; `settings` is the settings file. What is not there counts as nothing."""
    from tailrace.store.columns import room_of

    databases = data_folder() / "workspaces"
    workspaces, columns = room_of(databases), room_of(column_folder())
    count = len(list(databases.glob("*.tailrace")))
    return OwnFiles(data_folder(), cache_folder(), settings, count, workspaces.size, columns.files, columns.size)


def delete_column_cache() -> int:
    """Delete the column caches that nobody has open; the bytes that were freed. Charts make them again."""
    from tailrace.store.columns import delete_unused

    return delete_unused(column_folder()).size
