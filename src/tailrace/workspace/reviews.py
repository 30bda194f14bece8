"""Reviewing in one open database: queues, items, failure modes, agreement, and what goes in and out."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from tailrace.jobs import Ticket
from tailrace.model.review import Change, DatasetItem, ReviewItem
from tailrace.review.examples import example_of
from tailrace.store import Reader


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

    def read_item(self, key: int, ticket: Ticket | None = None) -> ReviewItem | None:
        """A trace as a reviewer reads it; None when it is not there."""
        return self._reader.read_item(key, ticket)

    def example_of(self, key: int, reviewer: str, dataset_id: str, ticket: Ticket | None = None) -> DatasetItem | None:
        """What adding this trace to a dataset would put in; None when it is not there."""
        item = self._reader.read_item(key, ticket)
        return None if item is None else example_of(item, reviewer, dataset_id)
