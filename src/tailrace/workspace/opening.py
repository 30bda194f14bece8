"""Which database shows a file: the file itself, or a workspace database that it is imported into."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from tailrace.errors import SourceError
from tailrace.formats import is_tailrace_database, recognise
from tailrace.workspace.folders import data_folder

_LONGEST_STEM = 60


@dataclass(frozen=True, slots=True)
class Opening:
    """What to open: a database, and what has to be imported into it first."""

    database: Path
    sources: tuple[Path, ...] = ()


def locate(paths: Sequence[Path]) -> Opening:
    """One database of our own opens in place; sources of other tools open together in a workspace database in the
    user's data folder, the same one every time. Looks at the files' content. Raises SourceError."""
    files = tuple(dict.fromkeys(Path(path).absolute() for path in paths))
    if not files:
        raise SourceError("No file was named.", "Name a trace file.")
    own = [path for path in files if is_tailrace_database(path)]
    if own:
        if len(files) > 1:
            raise SourceError(
                f"{own[0]} is a Tailrace database, which opens alone.",
                "Open it first, then import the other files into it.",
            )
        return Opening(own[0])
    for path in files:
        recognise(path)
    return Opening(workspace_database(files), files)


def describe(paths: Sequence[Path]) -> str:
    """What files that could be opened together are, in words: "OTLP JSON lines", "3 files: Arize Phoenix, OTLP JSON".
    Looks at their content. Raises SourceError where `locate` would."""
    opening = locate(paths)
    if not opening.sources:
        return "Tailrace database"
    kinds = ", ".join(dict.fromkeys(recognise(path).name for path in opening.sources))
    return kinds if len(opening.sources) == 1 else f"{len(opening.sources)} files: {kinds}"


def workspace_database(sources: Sequence[Path]) -> Path:
    """The workspace database of some sources, whatever their order. It may not be there yet."""
    places = sorted({path.resolve() for path in sources})
    digest = blake2b(b"\0".join(map(os.fsencode, places)), digest_size=6).hexdigest()
    # the name is for people who look into the folder; the digest tells sources of one name apart
    stem = re.sub(r"[^\w.-]+", "_", places[0].name)[:_LONGEST_STEM].strip("._") or "source"
    more = f"+{len(places) - 1}" if len(places) > 1 else ""
    return data_folder() / "workspaces" / f"{stem}{more}-{digest}.tailrace"
