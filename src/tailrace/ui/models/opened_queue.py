"""What a reviewer's way through a queue is read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tailrace.jobs import Ticket
from tailrace.model.review import QueueList, ReviewItem, Visit

if TYPE_CHECKING:
    from tailrace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class OpenedQueue:
    """A queue, None when there is no such queue; the place of each trace in it; the visits to it, newest first."""

    queue: QueueList | None = None
    places: dict[str, int] = field(default_factory=dict)
    visits: Sequence[Visit] = ()


def read_queue(queue_id: str, reviewer: str, workspace: Workspace, ticket: Ticket) -> OpenedQueue:
    """A reviewer's share of a queue."""
    queue = workspace.reviews.read_queue(queue_id, reviewer, ticket)
    places = {} if queue is None else {trace: place for place, trace in enumerate(queue.trace_ids)}
    return OpenedQueue(queue, places, workspace.reviews.visits(queue_id, reviewer, ticket))


def read_item(key: int, workspace: Workspace, ticket: Ticket) -> ReviewItem | None:
    """One item; None when it is not there."""
    return workspace.reviews.read_item(key, ticket)


def read_items(keys: Sequence[int], workspace: Workspace, ticket: Ticket) -> list[ReviewItem]:
    """Several, without those that are not there."""
    return [item for key in keys if (item := workspace.reviews.read_item(key, ticket)) is not None]
