"""Sentences for files that cannot be read, shared by the formats."""

from __future__ import annotations

from pathlib import Path

from tailrace.errors import SourceError


def unreadable(path: Path, error: OSError) -> SourceError:
    """The sentence for a file that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return SourceError(f"{path} does not exist.", detail=str(error))
    return SourceError(f"{path} cannot be read: {error.strerror or error}.", detail=str(error))
