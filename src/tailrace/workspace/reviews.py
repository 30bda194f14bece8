"""Reviewing in one open database: queues, items, failure modes, agreement, and what goes in and out."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from tailrace.jobs import Ticket
from tailrace.model.review import Change
from tailrace.model.versions import MergeReport
from tailrace.store import Reader
from tailrace.workspace import merging


class Reviews:
    """What a Workspace offers to reviewers; every method may take long and belongs in a job. Changes are on the disk
    on return. Raises DatabaseError and QueryError, and Cancelled when a ticket is cancelled."""

    def __init__(self, database: Path, reader: Reader) -> None:
        self._database = database
        self._reader = reader
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the file."""

    def apply(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Make changes, all or none, each stamped with the present time; what undoes them, in the order to apply."""
        raise NotImplementedError

    # In and out

    def export_review(self, out: Path, reviewer: str | None, ticket: Ticket | None = None) -> int:
        """Write all review records, or what one reviewer said with what that needs, to a file; how many versions.
        Raises SourceError when the file cannot be written."""
        return merging.export_review(self._database, out, reviewer, ticket)

    def merge(self, paths: Sequence[Path], ticket: Ticket | None = None) -> MergeReport:
        """Take in others' review files and databases, traces included. Raises SourceError for a file that is
        neither."""
        return merging.merge_files(self._database, paths, ticket)
