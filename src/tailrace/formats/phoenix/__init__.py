"""Arize Phoenix's SQLite database: the spans of all projects, their costs and sessions, annotations of all four levels.

Accounts, keys, tokens and secrets are never read: the connection refuses every table that is not in `TABLES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tailrace.formats.foreign_sqlite import MAGIC, ForeignDatabase
from tailrace.formats.phoenix.annotations import read_annotations
from tailrace.formats.phoenix.spans import SpanReader
from tailrace.formats.records import Format, Position, Record
from tailrace.model import Json

SUPPORTED = "Arize Phoenix databases"

TABLES = frozenset(
    {
        "alembic_version",
        "projects",
        "traces",
        "spans",
        "span_costs",
        "project_sessions",
        "span_annotations",
        "trace_annotations",
        "document_annotations",
        "project_session_annotations",
    }
)


def sniff(head: bytes, path: Path) -> Format | None:
    """Phoenix's when the database has its tables."""
    if not head.startswith(MAGIC):
        return None
    with ForeignDatabase(path, TABLES) as database:
        ours = {"alembic_version", "projects", "traces", "spans"} <= database.tables
    return Format("Arize Phoenix", "spans", read) if ours else None


def read(path: Path, resume: Json = None) -> Iterator[Record]:
    """Spans behind the resume point, spans whose cost was computed since, then every annotation (they have stable ids,
    so that saying them again changes nothing). Phoenix never changes a span that it has stored. Annotations that were
    deleted in Phoenix since an earlier import stay."""
    with ForeignDatabase(path, TABLES) as database:
        reader = SpanReader(database, resume)
        yield from reader.read()
        yield from read_annotations(database)
        yield from database.take_skipped()
        yield Position(reader.done, reader.total, reader.resume())
