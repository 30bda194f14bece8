"""What was imported from where, and how far: written in the same transaction as what was read."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tailrace.model import Json
from tailrace.store.sound import dump, load, sound_text


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source as it was when it was last read. `resume` is where reading goes on, in the format's own terms."""

    source_id: int
    format: str
    fingerprint: str
    size: int | None
    resume: Json | None
    complete: bool


def find(connection: sqlite3.Connection, path: Path) -> SourceState | None:
    """The state of a source, None when it was never read."""
    row = connection.execute(
        "SELECT id, format, fingerprint, size, resume, complete FROM source WHERE path = ?", (_text(path),)
    ).fetchone()
    if row is None:
        return None
    source_id, format, fingerprint, size, resume, complete = row
    return SourceState(source_id, format, fingerprint, size, load(resume) if resume else None, bool(complete))


def begin(
    connection: sqlite3.Connection,
    path: Path,
    format: str,
    fingerprint: str,
    size: int | None,
    goes_on: bool | None,
) -> tuple[int, Json | None]:
    """Inside a transaction: the source's row, and where reading goes on (None: at the beginning)."""
    known = find(connection, path)
    if known is None:
        added = connection.execute(
            "INSERT INTO source (path, format, fingerprint, size, imported_ns) VALUES (?, ?, ?, ?, ?)",
            (_text(path), format, fingerprint, size, time.time_ns()),
        ).lastrowid
        assert added is not None
        return added, None
    if goes_on is None:
        goes_on = known.fingerprint == fingerprint
    goes_on = goes_on and known.format == format
    connection.execute(
        "UPDATE source SET format = ?, fingerprint = ?, size = ?, imported_ns = ?, complete = 0 WHERE id = ?",
        (format, fingerprint, size, time.time_ns(), known.source_id),
    )
    if goes_on and known.resume is not None:
        return known.source_id, known.resume
    # what was skipped will be met again
    connection.execute("DELETE FROM skipped WHERE source = ?", (known.source_id,))
    connection.execute("UPDATE source SET resume = NULL WHERE id = ?", (known.source_id,))
    return known.source_id, None


def note(connection: sqlite3.Connection, source: int, skipped: Iterable[tuple[str, str]], resume: Json | None) -> None:
    """Inside the transaction of a batch: what could not be taken in, and where reading goes on."""
    for reason, place in skipped:
        connection.execute(
            "INSERT INTO skipped (source, reason, count, example) VALUES (?, ?, 1, ?) "
            "ON CONFLICT (source, reason) DO UPDATE SET count = count + 1",
            (source, sound_text(reason), sound_text(place)),
        )
    if resume is not None:
        connection.execute(
            "UPDATE source SET resume = ?, imported_ns = ? WHERE id = ?", (dump(resume), time.time_ns(), source)
        )


def left_out(connection: sqlite3.Connection, source: int) -> dict[str, int]:
    """What of a source could not be taken in so far, by reason."""
    return dict(
        connection.execute("SELECT reason, count FROM skipped WHERE source = ? ORDER BY count DESC, reason", (source,))
    )


def finish(connection: sqlite3.Connection, source: int) -> None:
    """Inside a transaction: the source was read to its end."""
    connection.execute("UPDATE source SET complete = 1, imported_ns = ? WHERE id = ?", (time.time_ns(), source))


def _text(path: Path) -> str:
    return sound_text(str(path.absolute()))
