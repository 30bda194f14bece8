"""The Monitor page: what all the traces of the filter together say, as a dashboard of charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from tailrace.errors import TailraceError
from tailrace.model import ImportProgress, TraceFilter
from tailrace.model.dashboard import Dashboard, Panel
from tailrace.ui.commands import with_key_words
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.monitor_answers import Told
from tailrace.ui.models.monitor_dashboards import Dashboards
from tailrace.ui.models.monitor_place import MonitorPlace, monitor_place, with_monitor_place
from tailrace.ui.models.monitor_reading import MonitorReading
from tailrace.ui.models.monitor_scene import Scene
from tailrace.ui.models.session import Session
from tailrace.ui.pages.filter_row import FilterRow
from tailrace.ui.pages.monitor_bar import MonitorBar
from tailrace.ui.pages.monitor_charts import MonitorCharts
from tailrace.ui.pages.monitor_deeds import MonitorDeeds
from tailrace.ui.pages.monitor_grid import MonitorGrid
from tailrace.ui.pages.monitor_groups import MonitorGroups
from tailrace.ui.pages.monitor_panels import MonitorPanels
from tailrace.ui.pages.monitor_selection import MonitorSelection
from tailrace.ui.pages.monitor_status import MonitorStatus, told_words
from tailrace.ui.pages.panes import Pane
from tailrace.ui.views.import_strip import ImportStrip
from tailrace.ui.views.message_bar import MessageBar
from tailrace.ui.views.placeholder import Placeholder
from tailrace.workspace import SettingsStore

if TYPE_CHECKING:
    from tailrace.workspace import Opening

_PATIENCE_MS = 300
_STOPPED = "The charts wait: preparing the columns that they are made of was stopped. All other pages work."


class MonitorPage(QWidget):
    """`bar` stands beside the filter while the page is shown; `enter` and `leave` say when that is.

    Signals: `status(object)` a sentence; `traces_wanted(object)` a TraceFilter to show on the Traces page;
    `sql_wanted(str)` a statement to show on the SQL page; `live_changed(bool)`.
    """

    status = Signal(object)
    traces_wanted = Signal(object)
    sql_wanted = Signal(str)
    live_changed = Signal(bool)

    def __init__(
        self,
        session: Session,
        judging: Judging,
        filters: FilterRow,
        settings: SettingsStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._filters = filters
        self._settings = settings
        self._database = ""
        self._is_entered = False
        self._wants_focus = False
        self._shown_id = ""  # of the dashboard whose charts stand there
        self._is_bare = False  # the dashboard has no charts
        self._asked: object = None  # what the charts on show were asked by
        self._scroll = 0
        self._told: Told | None = None
        self.dashboards = Dashboards(session, judging, self)
        self.reading = MonitorReading(session, self)
        self.line = MonitorStatus(self)
        self.bar = MonitorBar(self)
        self.groups = MonitorGroups(session, self.bar, self)
        self.grid = MonitorGrid()
        self.charts = MonitorCharts(session, self.reading, self.grid)
        self.selection = MonitorSelection(session, self.reading, self.grid, self.charts, self)
        self.panels = MonitorPanels(session, self.dashboards, self.grid, self.charts, self)
        self.deeds = MonitorDeeds(session, self.dashboards, self)
        self.strip = ImportStrip()
        self.notice = MessageBar()
        self._live = QTimer(self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._building: ImportProgress | None = None
        self._arrange()
        self._connect(judging)
        self.show_interval()

    def _arrange(self) -> None:
        self._nothing = Placeholder(self)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.grid)
        self._middle.addWidget(self._nothing)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._middle, 1)
        row.addWidget(self.selection.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.notice)
        column.addLayout(row, 1)
        column.addWidget(self.selection.bar)
        self._filters.keep_company(self.bar)

    def _connect(self, judging: Judging) -> None:
        session, bar, reading = self._session, self.bar, self.reading
        session.opened.connect(self._begin_with)
        session.history.changed.connect(self._refresh)
        session.data_changed.connect(self._outdate)
        judging.changed.connect(self._outdate)
        self.dashboards.changed.connect(self._show_dashboards)
        self.groups.changed.connect(self._refresh)
        bar.dashboard_chosen.connect(self.show_dashboard)
        bar.live_toggled.connect(self.set_live)
        self._live.timeout.connect(self._go_live)
        self._later.timeout.connect(self._refresh_now)
        reading.told.connect(self._tell)
        reading.failed.connect(self._tell_failure)
        reading.building.connect(self._show_building)
        self._patience.timeout.connect(self._announce_building)
        reading.stopped.connect(self._show_stopped)
        self.strip.cancelled.connect(reading.stop)
        self.notice.action.connect(self._go_on)
        self.charts.traces_wanted.connect(self._open_traces)
        self.grid.reset.connect(self._go_back)
        self.panels.sql_wanted.connect(self.sql_wanted)
        self.panels.group_wanted.connect(self.groups.group_by)
        self.deeds.budget_chosen.connect(self._take_budget)
        self.line.told.connect(self.status)
        for part in (self.charts, self.dashboards, self.panels, self.deeds, self.selection, self.grid):
            part.told.connect(self.line.say)

    # ---- coming and going ----

    def begin(self, database: str) -> None:
        """The page was made after its database was opened."""
        self._database = database
        self._begin_with(None)

    def _begin_with(self, opening: Opening | None) -> None:
        if opening is not None:
            self._remember()
            self._database = str(opening.database)
        place = monitor_place(self._settings.current.blobs, self._database)
        self._scroll = place.scroll
        self._asked = self._told = None
        self.reading.forget()
        self.selection.clear()
        self.groups.begin(place.by, place.compare)
        self.set_live(place.live)
        self.dashboards.begin(place.dashboard_id)
        if self._is_entered:
            self.dashboards.read()

    def enter(self) -> None:
        """The page is shown."""
        self._is_entered = True
        self._filters.show_company(True)
        self.line.start()
        self.dashboards.read()
        self._time_live()
        self._wants_focus = True
        self._refresh()

    def leave(self) -> None:
        """Another page is shown, or the window closes."""
        self._is_entered = False
        self._filters.show_company(False)
        self._time_live()
        self._later.stop()
        self._asked = None
        self.reading.leave()
        self.line.stop()
        self._remember()

    def _remember(self) -> None:
        if kept := self._place():
            self._settings.update(blobs=with_monitor_place(self._settings.current.blobs, self._database, kept))

    def kept(self) -> dict[str, str]:
        """How it is set up, by the name it is remembered under."""
        kept = self._place()
        return {} if kept is None else with_monitor_place({}, self._database, kept)

    def _place(self) -> MonitorPlace | None:
        shown = self.dashboards.current
        if not self._database or shown is None:
            return None
        scroll = self.grid.verticalScrollBar().value() if self._told is not None else self._scroll
        return MonitorPlace(shown.dashboard_id, self.groups.by, self.groups.compare, self.is_live, scroll)

    # ---- what is shown ----

    @property
    def scene(self) -> Scene | None:
        """What the charts depend on; None until the dashboards are read."""
        shown = self.dashboards.current
        if shown is None:
            return None
        end = self._filters.end_ns if self._filters.last_ns is not None else None
        budget = self._settings.current.monthly_budget
        return Scene(shown, self._session.history.current, end, self.groups.by, self.groups.compare, budget)

    def show_dashboard(self, dashboard_id: object) -> None:
        """Show another dashboard."""
        self.dashboards.choose(str(dashboard_id))

    def _show_dashboards(self) -> None:
        shown = self.dashboards.current
        current = "" if shown is None else shown.dashboard_id
        self.bar.show_dashboards(self.dashboards.presets, current, self.dashboards.own)
        self._filters.fit()
        self._refresh()

    def _refresh(self, *_: object) -> None:
        """Show the scene as it is, once all that changes at the same time has changed."""
        if self._is_entered:
            self._later.start()

    def _refresh_now(self) -> None:
        scene = self.scene
        if scene is None or self._session.workspace is None or not self._is_entered:
            return
        if self._is_bare and scene.dashboard.panels:
            self._middle.setCurrentWidget(self.grid)
        self._is_bare = not scene.dashboard.panels
        self.selection.show_scene(scene)
        shown, self._shown_id = self._shown_id, scene.dashboard.dashboard_id
        self.charts.show_scene(scene, self.dashboards.are_kin(shown, self._shown_id))
        if self._wants_focus:
            self._wants_focus = False
            self.grid.focus_first()
        if self._is_bare:
            self._say_nothing("This dashboard has no charts yet", "Put the first one on it with + Chart.", "chart-line")
            return
        asked = _question_of(scene)
        if asked != self._asked:
            self._asked = asked
            self.reading.read(scene)
        elif self._told is not None:
            self._middle.setCurrentWidget(self.grid)

    def _outdate(self, *_: object) -> None:
        """The database was written to: what is on show is read again, after what is being read."""
        self.reading.outdate()
        self._asked = None
        if not self.reading.is_waiting:
            self._refresh()

    # ---- what was read ----

    def _tell(self, told: Told | None) -> None:
        self._told = told
        self.line.show(told_words(told, self._filters.anchored))
        if told is None:
            self._say_no_trace(self._session.history.current)
        else:
            self._middle.setCurrentWidget(self.grid)
            if self._scroll:  # where the person was the last time
                self.grid.verticalScrollBar().setValue(self._scroll)
                self._scroll = 0
        if self._asked is None:  # the database was written to meanwhile
            self._refresh()

    def _say_no_trace(self, asked: TraceFilter) -> None:
        if asked == TraceFilter():
            self._say_nothing(
                "No traces in this database yet", "Open a file that another tool exported, or drop it here.", "inbox"
            )
        else:
            self._say_nothing(
                "No trace matches",
                with_key_words("Change the filter or the times, or go back with {filter.back}."),
                "filter-x",
            )

    def _say_nothing(self, title: str, hint: str, picture: str) -> None:
        self._nothing.show_words(title, hint, picture)
        self._middle.setCurrentWidget(self._nothing)

    def _tell_failure(self, error: Exception) -> None:
        self._asked = None
        self._middle.setCurrentWidget(self.grid)
        self.line.show(str(error))
        if not isinstance(error, TailraceError):  # a bug, whose details can be copied
            self._session.failed.emit(error)

    def _show_building(self, news: ImportProgress | None) -> None:
        """What is done soon is not announced."""
        self._building = news
        if news is None:
            self._patience.stop()
            self.strip.show_progress(None)
        elif self.strip.isVisible():
            self.strip.show_progress(news)
        elif not self._patience.isActive():
            self._patience.start()

    def _announce_building(self) -> None:
        self.notice.hide()
        self.strip.show_progress(self._building)

    def _show_stopped(self) -> None:
        self.notice.show_info(_STOPPED, "Go on")

    def _go_on(self, _: object) -> None:
        self.notice.hide()
        self.reading.go_on()

    # ---- live ----

    @property
    def is_live(self) -> bool:
        """Whether it is read again by itself."""
        return self.bar.live.isChecked()

    def set_live(self, on: bool) -> None:
        """Read again by itself, or not."""
        self.bar.show_live(on)
        self._time_live()
        self.live_changed.emit(on)
        if on and self._is_entered:
            self._go_live()

    def show_interval(self) -> None:
        """How often it is read again has changed."""
        seconds = self._settings.current.live_seconds
        self._live.setInterval(seconds * 1000)
        self.bar.show_interval(seconds)

    def _time_live(self) -> None:
        if self.is_live and self._is_entered:
            self._live.start()
        else:
            self._live.stop()

    def _go_live(self) -> None:
        session = self._session
        if self.reading.is_waiting or session.workspace is None:
            return
        if any(session.jobs.runs(slot) for slot in ("import", "index")):
            session.data_changed.emit()  # what has come so far; another import would begin anew
        else:
            session.refresh()
        self._filters.move_on()

    # ---- what a person does ----

    def _open_traces(self, asked: TraceFilter, left_out: str) -> None:
        self._session.history.push(asked)
        self.traces_wanted.emit(f"All traces of these times: {left_out}" if left_out else "")

    def _go_back(self, _: str) -> None:
        """A double click or Escape on a chart: first what is selected goes, then the times before are back."""
        if self.selection.selected is not None:
            self.selection.clear()
        else:
            self.charts.go_back()

    def _take_budget(self, budget: float | None) -> None:
        self._settings.update(monthly_budget=budget)
        self._refresh()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys as they are set now, by command."""
        self.bar.show_keys(keys)
        back = keys.get("filter.back", "")
        self.selection.bar.show_way_back(back)

    def ask_again(self) -> None:
        """The budget or the clock is another one: the charts are asked again."""
        self._asked = None
        self._refresh()

    def ask_budget(self) -> None:
        """Ask for the monthly budget."""
        self.deeds.ask_budget(self._settings.current.monthly_budget)

    @property
    def is_waiting(self) -> bool:
        """Whether anything in sight is still to change by itself."""
        return self._is_entered and (self._later.isActive() or self.reading.is_waiting)

    @property
    def panes(self) -> tuple[Pane, ...]:
        """The filter, the charts, and what differs."""
        charts = self.grid.cards
        entrance: QWidget = charts[0] if charts else self.grid
        return (self._filters.pane, (self.grid, entrance), (self.selection.side, self.selection.side))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Escape takes the selection back."""
        if event.key() == Qt.Key.Key_Escape and self.selection.selected is not None:
            self.selection.clear()
            return
        super().keyPressEvent(event)


def _question_of(scene: Scene) -> Scene:
    """A scene without what changes no figure: places, sizes and names."""
    plain = tuple(_plain(panel) for panel in sorted(scene.dashboard.panels, key=lambda panel: panel.panel_id))
    return replace(scene, dashboard=Dashboard("", "", plain), end_ns=None if scene.end_ns is None else 0)


def _plain(panel: Panel) -> Panel:
    return replace(panel, x=0, y=0, w=1, h=1)
