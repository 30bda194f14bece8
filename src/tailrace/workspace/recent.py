"""Files that a person may want to open again, and where other tools usually keep theirs; looked at, never opened."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from tailrace.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class RecentFile:
    """A file as it lies on the disk. `size` in bytes, None where it cannot be known; `opened_ns` (Unix) when it was
    opened last, None where nobody noted it."""

    path: Path
    size: int | None = None
    opened_ns: int | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class UsualPlace:
    """Where another tool keeps its traces unless it was told otherwise."""

    tool: str
    path: Path


def recent_files(settings: Settings) -> tuple[RecentFile, ...]:
    """The files opened lately, newest first, as far as they are known without a look at the disk."""
    opened = settings.opened_ns
    return tuple(RecentFile(Path(name), opened_ns=opened.get(name)) for name in settings.recent_files)


def look_at(files: Iterable[RecentFile]) -> tuple[RecentFile, ...]:
    """The same files with what the disk says now. Takes as long as the slowest disk, so never on the Qt thread."""
    return tuple(_look_at(file) for file in files)


def opened_now(settings: Settings, path: Path, now_ns: int) -> dict[str, int]:
    """When each recent file was opened last, now that `path` is; those no longer among them are forgotten."""
    kept = set(settings.recent_files)
    times: Mapping[str, int] = {**settings.opened_ns, str(path): now_ns}
    return {name: moment for name, moment in times.items() if name in kept}


def usual_places() -> tuple[UsualPlace, ...]:
    """The places that the tools' own settings name, else their defaults. Nothing need be there."""
    config = platformdirs.user_config_path("io.datasette.llm", appauthor=False, roaming=True)
    llm = os.environ.get("LLM_USER_PATH") or config
    phoenix = os.environ.get("PHOENIX_WORKING_DIR") or Path.home() / ".phoenix"
    return (
        UsualPlace("llm", Path(llm).expanduser() / "logs.db"),
        UsualPlace("Arize Phoenix", Path(phoenix).expanduser() / "phoenix.db"),
    )


def find_files(places: Iterable[UsualPlace]) -> tuple[tuple[UsualPlace, RecentFile], ...]:
    """Those places where something lies, with its size. Not on the Qt thread either."""
    seen = ((place, _look_at(RecentFile(place.path))) for place in places)
    return tuple((place, file) for place, file in seen if file.size)


def _look_at(file: RecentFile) -> RecentFile:
    try:
        found = file.path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return RecentFile(file.path, None, file.opened_ns, missing=True)
    except (OSError, ValueError):  # no leave to look, a server that is away, a name with NUL in it
        return RecentFile(file.path, None, file.opened_ns)
    return RecentFile(file.path, found.st_size, file.opened_ns)
