"""What this machine offers to the trace database, and where Tailrace keeps its files."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tailrace.workspace.folders import cache_folder, data_folder, fault_folder


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`has_full_text` says whether SQLite can search payloads; `fault_folder` holds the log and reports of crashes."""

    sqlite_version: str
    has_full_text: bool
    data_folder: Path
    cache_folder: Path
    fault_folder: Path
    may_write: bool  # whether the data folder can be written to, or made


def diagnose() -> Diagnosis:
    """Look, without changing anything."""
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
            has_full_text = True
        except sqlite3.OperationalError:
            has_full_text = False
    data = data_folder()
    there = next(folder for folder in (data, *data.parents) if folder.exists())
    may_write = os.access(there, os.W_OK | os.X_OK)
    return Diagnosis(sqlite3.sqlite_version, has_full_text, data, cache_folder(), fault_folder(), may_write)
