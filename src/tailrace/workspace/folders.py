"""Where Tailrace keeps its own files. TAILRACE_DATA puts all of them into one folder."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from tailrace.errors import DatabaseError


def data_folder() -> Path:
    """Where workspace databases and settings live. It may not be there yet."""
    own = os.environ.get("TAILRACE_DATA")
    return Path(own).expanduser().absolute() if own else platformdirs.user_data_path("tailrace", appauthor=False)


def cache_folder() -> Path:
    """Where derived files live that may be deleted at any time. It may not be there yet."""
    if os.environ.get("TAILRACE_DATA"):
        return data_folder() / "cache"
    return platformdirs.user_cache_path("tailrace", appauthor=False)


def demo_database() -> Path:
    """Where the demo database is made. It may not be there yet."""
    return data_folder() / "demo.tailrace"


def fault_folder() -> Path:
    """Where the log and the reports of crashes are. It may not be there yet."""
    return data_folder() / "logs"


def log_file() -> Path:
    """The log. It may not be there yet."""
    return fault_folder() / "tailrace.log"


def make_folder(folder: Path) -> Path:
    """Create a folder for the person alone: traces hold what people said to a model. Raises DatabaseError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"The folder {folder} cannot be created: {error.strerror or error}.",
            "Set TAILRACE_DATA to a folder that you may write to.",
            repr(error),
        ) from error
    return folder
