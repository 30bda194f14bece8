"""Heavy preparation of one view (laying out a large payload, decoding a picture) away from the Qt thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from tailrace.jobs import JobRunner, Ticket

T = TypeVar("T")

# Below this many characters preparing takes less than a frame and happens at once.
SMALL = 256_000


class Background(QObject):
    """Runs functions on one thread that starts with the first of them and ends with this object."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._runner: JobRunner | None = None
        self._arrived.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def run(self, owner: QObject, work: Callable[[Ticket], T], done: Callable[[T], None]) -> Ticket:
        """`done(result)` is called later on the Qt thread, unless the ticket is cancelled or `owner` destroyed before.
        A failure of the work is a bug and is raised there."""
        if self._runner is None:
            self._runner = JobRunner(self._deliver, readers=1)
            self.destroyed.connect(self._runner.close)
        ticket = self._runner.submit(work, done)
        owner.destroyed.connect(ticket.cancel)
        return ticket

    @property
    def busy(self) -> bool:
        """True while anything is under way."""
        return self._runner is not None and self._runner.busy

    def _deliver(self, call: Callable[[], None]) -> None:
        try:
            self._arrived.emit(call)
        except RuntimeError:  # the view is gone, nobody waits for this
            return

    def _call(self, call: Callable[[], None]) -> None:
        call()
