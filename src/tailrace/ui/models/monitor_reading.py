"""Figures for the charts of a page, read in jobs: the columns first, then all questions; the latest scene wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from tailrace.jobs import Ticket
from tailrace.model import TraceFilter
from tailrace.model.charted import Differences
from tailrace.ui.models.monitor_answers import Absent, Drawn, Told, Undrawn, answer_scene
from tailrace.ui.models.monitor_colours import GroupColours
from tailrace.ui.models.monitor_scene import Scene
from tailrace.ui.models.session import Session

if TYPE_CHECKING:
    from tailrace.workspace import Workspace

_COLUMNS, _FIGURES, _DIFFERENCES = "monitor-columns", "monitor-figures", "monitor-differences"


class MonitorReading(QObject):
    """Signals: `asked()` figures are on their way; `drawn(str, object)` a panel and its content; `absent(str, str)` a
    panel and what the data has nothing of for it; `undrawn(str, str)` a panel and why it could not be; `told(object)`
    what was looked at (a Told), None where the filter matches nothing; `failed(object)` an exception;
    `building(object)` an ImportProgress of the columns, None when they are ready; `stopped()` when the person stopped
    that; `differed(object)` Differences, or the exception that there are none.
    """

    asked = Signal()
    drawn = Signal(str, object)
    absent = Signal(str, str)
    undrawn = Signal(str, str)
    told = Signal(object)
    failed = Signal(object)
    building = Signal(object)
    stopped = Signal()
    differed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._scene: Scene | None = None
        self._colours = GroupColours()
        self._is_stale = True
        self._is_stopped = False
        self._wants_stop = False

    @property
    def is_building(self) -> bool:
        """Whether the columns are being brought up to date."""
        return self._session.jobs.runs(_COLUMNS)

    @property
    def is_waiting(self) -> bool:
        """Whether figures are to come."""
        jobs = self._session.jobs
        return any(jobs.runs(slot) for slot in (_COLUMNS, _FIGURES, _DIFFERENCES))

    def forget(self) -> None:
        """Another database."""
        self._scene, self._colours = None, GroupColours()
        self._is_stale, self._is_stopped = True, False

    def outdate(self) -> None:
        """The database was written to: the columns are brought up to date before the next question."""
        self._is_stale = True

    def read(self, scene: Scene) -> None:
        """Answer a scene; the former one is given up."""
        self._scene = scene
        if self._is_stopped:
            self.stopped.emit()
        elif self._is_stale or self.is_building:
            self._prepare()
        else:
            self._ask()

    def stop(self) -> None:
        """Do not bring the columns up to date now."""
        if self.is_building:
            self._wants_stop = True
            self._session.jobs.cancel(_COLUMNS)

    def go_on(self) -> None:
        """Bring the columns up to date after all."""
        self._is_stopped = False
        if self._scene is not None:
            self._prepare()

    def leave(self) -> None:
        """Nobody looks: what is being asked is given up; the columns go on."""
        self._session.jobs.cancel(_FIGURES)
        self._session.jobs.cancel(_DIFFERENCES)

    # ---- the columns ----

    def _prepare(self) -> None:
        workspace = self._session.workspace
        if workspace is None or self.is_building:  # what runs asks the latest scene when it is done
            return
        self._is_stale = False
        self._session.jobs.submit(
            workspace.monitor.prepare,
            self._take_columns,
            self._take_failure,
            self._tell_building,
            slot=_COLUMNS,
            cancelled=self._take_stop,
        )

    def _tell_building(self, news: Any) -> None:
        self.building.emit(news)

    def _take_columns(self, _: object) -> None:
        self.building.emit(None)
        if self._is_stale:
            self._prepare()
        self._ask()

    def _take_failure(self, error: Exception) -> None:
        self._is_stale = True
        self.building.emit(None)
        self.failed.emit(error)

    def _take_stop(self) -> None:
        self._is_stale = True
        self.building.emit(None)
        if self._wants_stop:
            self._wants_stop, self._is_stopped = False, True
            self.stopped.emit()

    # ---- the figures ----

    def _ask(self) -> None:
        workspace, scene, colours = self._session.workspace, self._scene, self._colours
        if workspace is None or scene is None:
            return
        self.asked.emit()
        self._session.jobs.submit(
            lambda ticket: answer_scene(workspace.monitor, scene, ticket, colours=colours),
            self.told.emit,
            self.failed.emit,
            self._tell_news,
            slot=_FIGURES,
        )

    def _tell_news(self, news: Any) -> None:
        if isinstance(news, Drawn):
            self.drawn.emit(news.panel_id, news.content)
        elif isinstance(news, Absent):
            self.absent.emit(news.panel_id, news.sentence)
        elif isinstance(news, Undrawn):
            self.undrawn.emit(news.panel_id, news.sentence)

    # ---- what differs ----

    def differ(self, selection: TraceFilter, against: TraceFilter) -> None:
        """What sets a selection apart from the rest of `against`."""

        def work(workspace: Workspace, ticket: Ticket) -> Differences:
            return workspace.monitor.differs(selection, against, ticket)

        self._session.read(_DIFFERENCES, work, self.differed.emit, self.differed.emit)

    def forget_differences(self) -> None:
        """Nothing is selected any more."""
        self._session.jobs.cancel(_DIFFERENCES)


__all__ = ["MonitorReading", "Told"]
