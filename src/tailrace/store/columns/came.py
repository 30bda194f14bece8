"""Documents on their way from SQLite into DuckDB."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from tailrace.store.columns.source import Document, Shape

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tailrace.jobs import Ticket

T = TypeVar("T")

# What SQLite has told and DuckDB not yet taken in
_AHEAD = 2


def register(cursor: DuckDBPyConnection, shape: Shape, documents: Sequence[Document]) -> None:
    """Let one cursor read the rows of documents, `shape.rows()`, until others are registered."""
    documents = documents or [_NOTHING]
    cursor.register(
        shape.name,
        {
            "numbers": np.array([document.numbers for document in documents], object),
            "texts": np.array([_sound(document.texts) for document in documents], object),
        },
    )


def taken(
    told: Iterable[T],
    takers: Sequence[Callable[[T], None]],
    ticket: Ticket | None,
    goes_on: Callable[[T], bool] = lambda one: False,
) -> Iterator[T]:
    """Have each taken by one of the takers, each of which has a thread of its own, while the caller's thread has the
    next ones told; each when it has been taken. Where one `goes_on`, the same taker has the next."""
    waiting: deque[tuple[T, Future[None]]] = deque()
    turn = 0

    def first() -> T:
        one, future = waiting.popleft()
        future.result()
        return one

    with ExitStack() as stack:
        threads = [stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="tailrace-columns")) for _ in takers]
        try:
            for one in told:
                if ticket is not None:
                    ticket.check()
                waiting.append((one, threads[turn].submit(takers[turn], one)))
                if not goes_on(one):
                    turn = (turn + 1) % len(takers)
                while len(waiting) > _AHEAD * len(takers):
                    yield first()
            while waiting:
                yield first()
        finally:
            for _, future in waiting:
                future.cancel()


_NOTHING = Document(b"[]", b"[]")


def _sound(text: bytes) -> bytes:
    # another program may have left something that is no text
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode(errors="replace").encode()
    return text
