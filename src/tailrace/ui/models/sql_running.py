"""One statement at a time, run in a job: how long it takes, and what comes of it."""

from __future__ import annotations

from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from tailrace.jobs import Ticket
from tailrace.model import ImportProgress
from tailrace.model.sql import SqlLimits, SqlResult
from tailrace.ui.models.session import Session

_SLOT = "sql"
_TICK_MS = 100


class SqlRunning(QObject):
    """Signals: `began()`; `ticked(float)` so many seconds later; `building(object)` an ImportProgress while the columns
    are brought up to date; one of `done(object)` a SqlResult, `failed(object)` an exception, `stopped()`.
    """

    began = Signal()
    ticked = Signal(float)
    building = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    stopped = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._began = 0.0
        self._ticket: Ticket | None = None
        self._sql = ""
        self.limits = SqlLimits()
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tick)

    @property
    def sql(self) -> str:
        """The latest statement that was run."""
        return self._sql

    @property
    def runs(self) -> bool:
        """Whether one is under way."""
        return self._ticket is not None

    @property
    def seconds(self) -> float:
        """How long it has been under way."""
        return monotonic() - self._began

    def run(self, sql: str) -> None:
        """Run a statement; one that is under way is given up."""
        workspace = self._session.workspace
        if workspace is None:
            return
        self._sql = sql
        self._began = monotonic()
        limits = self.limits

        def work(ticket: Ticket) -> SqlResult:
            return workspace.monitor.select(sql, ticket, limits.seconds, limits.rows, limits.memory)

        self._ticket = self._session.jobs.submit(work, self._take, self._take_failure, self._tell, slot=_SLOT)
        self._clock.start()
        self.began.emit()

    def stop(self) -> None:
        """End what is under way."""
        if self._ticket is not None:
            self._session.jobs.cancel(_SLOT)
            self._end()
            self.stopped.emit()

    def forget(self) -> None:
        """Another database: nobody waits any more."""
        self._end()

    def _take(self, result: SqlResult) -> None:
        self._end()
        self.done.emit(result)

    def _take_failure(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)

    def _tell(self, news: Any) -> None:
        if isinstance(news, ImportProgress):
            self._began = monotonic()  # that is none of the statement's time
            self.building.emit(news)

    def _tick(self) -> None:
        self.ticked.emit(self.seconds)

    def _end(self) -> None:
        self._ticket = None
        self._clock.stop()
