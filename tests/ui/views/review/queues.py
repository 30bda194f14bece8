"""Queues for tests of what shows them."""

from __future__ import annotations

import numpy as np

from tailrace.model.review import Queue, QueueList, QueueSummary


def queue_list(count: int, missing: tuple[int, ...] = (), requeued: int = 0) -> QueueList:
    """Items of keys 1 … count, all open; the places in `missing` are not in this database."""
    keys = np.arange(1, count + 1, dtype=np.int64)
    keys[list(missing)] = -1
    ids = tuple(f"{key:032x}" for key in range(1, count + 1))
    return QueueList(Queue("q", "Prod errors"), ids, keys, np.zeros(count, np.int8), requeued)


def summary(name: str, size: int = 200, passed: int = 41, failed: int = 23, deferred: int = 4) -> QueueSummary:
    """A queue of which some is done."""
    return QueueSummary(Queue(name.lower().replace(" ", "-"), name), size, passed, failed, deferred)
