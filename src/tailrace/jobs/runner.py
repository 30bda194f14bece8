"""Run functions on threads and bring their results back to one place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
Deliver = Callable[[Callable[[], None]], None]


class Cancelled(Exception):
    """The work was no longer wanted."""


class Ticket:
    """One piece of work under way. The work calls `check` in its loops and `progress` when there is news."""

    def __init__(self, report: Callable[[object], None] | None = None) -> None:
        self._report = report
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._interrupts: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """True once nobody wants the result."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to stop, from any thread; interrupts what is registered. Harmless when it has ended."""
        self._cancelled.set()
        with self._lock:
            for interrupt in self._interrupts:
                interrupt()

    def check(self) -> None:
        """Raise Cancelled when nobody wants the result."""
        if self._cancelled.is_set():
            raise Cancelled

    def progress(self, news: object) -> None:
        """Tell the owner how far the work is. `news` is a frozen value of the work's own choosing."""
        if self._report is not None and not self._cancelled.is_set():
            self._report(news)

    @contextmanager
    def interruptible(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """While the block runs, `cancel` also calls `interrupt` (a connection's, say); an error that follows from that
        becomes Cancelled. The hook must not outlive the block: a late cancel would stop the next query instead."""
        with self._lock:
            self.check()
            self._interrupts.append(interrupt)
        try:
            yield
        except Exception as error:
            if self._cancelled.is_set():
                raise Cancelled from error
            raise
        finally:
            with self._lock:
                self._interrupts.remove(interrupt)


class JobRunner:
    """A reader pool and one writer thread.

    `deliver` puts a call on the owner's thread (a queued Qt signal in the window; the default calls at once, on the
    worker thread, for the command line and tests). `submit`, `cancel` and `close` are called from the owner's thread.
    """

    def __init__(self, deliver: Deliver | None = None, readers: int = 2) -> None:
        self._deliver: Deliver = deliver or (lambda call: call())
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="tailrace-reader")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="tailrace-writer")
        self._slots: dict[str, Ticket] = {}
        self._running: set[Ticket] = set()
        self._written: set[Ticket] = set()
        self._closed = False

    @property
    def busy(self) -> bool:
        """True while any submitted work has neither been delivered nor dropped."""
        return bool(self._running)

    def submit(
        self,
        work: Callable[[Ticket], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        progress: Callable[[Any], None] | None = None,
        slot: str | None = None,
        write: bool = False,
        cancelled: Callable[[], None] | None = None,
    ) -> Ticket:
        """Run `work(ticket)` on a reader thread, or on the writer thread with `write`.

        Exactly one of `done(result)`, `failed(error)` or `cancelled()` is delivered, after any `progress(news)`. A new
        submit in a `slot` cancels the former one there and drops its late answer (only its `cancelled` is delivered).
        A failure that nobody takes is raised in the owner's thread.
        """
        if self._closed:
            raise RuntimeError("the job runner is closed")
        if slot is not None and (former := self._slots.get(slot)) is not None:
            former.cancel()

        def report(news: object) -> None:
            if progress is not None:
                self._deliver(lambda: None if ticket.cancelled else progress(news))

        ticket = Ticket(report)
        if slot is not None:
            self._slots[slot] = ticket
        self._running.add(ticket)
        if write:
            self._written.add(ticket)

        def finish(future: Future[T]) -> None:
            self._deliver(lambda: settle(future))

        def settle(future: Future[T]) -> None:
            self._running.discard(ticket)
            self._written.discard(ticket)
            if slot is not None and self._slots.get(slot) is ticket:
                del self._slots[slot]
            error: BaseException | None = Cancelled() if future.cancelled() else future.exception()
            if ticket.cancelled or isinstance(error, Cancelled):
                if cancelled is not None:
                    cancelled()
            elif error is None:
                if done is not None:
                    done(future.result())
            elif failed is not None and isinstance(error, Exception):
                failed(error)
            else:
                raise error

        def run() -> T:
            ticket.check()
            return work(ticket)

        (self._writer if write else self._readers).submit(run).add_done_callback(finish)
        return ticket

    def runs(self, slot: str) -> bool:
        """True while the latest work of a slot has neither been delivered nor dropped."""
        return slot in self._slots

    def cancel(self, slot: str) -> None:
        """Cancel whatever runs in a slot."""
        if (ticket := self._slots.get(slot)) is not None:
            ticket.cancel()

    def cancel_slots(self) -> None:
        """Cancel whatever runs in any slot."""
        for ticket in tuple(self._slots.values()):
            ticket.cancel()

    def close(self) -> None:
        """Cancel what is being read, finish what is being written: a person gave it before they closed the window."""
        self._closed = True
        for ticket in tuple(self._running - self._written):
            ticket.cancel()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)
