"""The cards of the Monitor page: what was read is drawn on them, and what a person does on them changes the filter."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from tailrace.errors import QueryError
from tailrace.metrics.dashboards import follows_page
from tailrace.model import TraceFilter
from tailrace.model.charted import Difference
from tailrace.model.dashboard import ChartKind, Panel
from tailrace.model.measures import Measure
from tailrace.ui.models.monitor_edits import panel_of
from tailrace.ui.models.monitor_reading import MonitorReading
from tailrace.ui.models.monitor_scene import OF_COLUMN, Scene, filter_of, group_of
from tailrace.ui.models.monitor_terms import Behind, of_difference, of_group, of_measure, of_values, within
from tailrace.ui.models.session import Session
from tailrace.ui.pages.monitor_grid import MonitorGrid
from tailrace.ui.views.charts.values import Content, Pick

_STOPPED = "It waits for the columns that charts are made of: Go on above prepares them."
_OF_ERRORS = ("category", "error")
_SHORTEST_NS = 1_000_000  # a shorter time than that cannot be zoomed to


class MonitorCharts(QObject):
    """Signals: `traces_wanted(object, str)` a TraceFilter to show on the Traces page, and what it could not say;
    `told(object)` a sentence.
    """

    traces_wanted = Signal(object, str)
    told = Signal(object)

    def __init__(self, session: Session, reading: MonitorReading, grid: MonitorGrid) -> None:
        super().__init__(grid)
        self._session = session
        self._grid = grid
        self._scene: Scene | None = None
        self._contents: dict[str, Content] = {}
        self.selection: TraceFilter | None = None  # what the card of differences is about
        reading.asked.connect(self._show_loading)
        reading.drawn.connect(self.draw)
        reading.absent.connect(self._say_absent)
        reading.undrawn.connect(self._say_undrawn)
        reading.failed.connect(self._say_failed)
        reading.stopped.connect(self._say_stopped)
        grid.zoomed.connect(self._zoom)
        grid.opened.connect(self._open)

    def show_scene(self, scene: Scene, goes_on: bool) -> None:
        """Make room for the charts of a dashboard; each keeps what it shows until it is read anew, where the same
        dashboard `goes_on`. Another one begins at its top."""
        if not goes_on:
            self._grid.show_panels(())
            self._grid.verticalScrollBar().setValue(0)
        former, self._scene = self._scene, scene
        fresh = self._grid.show_panels(scene.dashboard.panels)
        if self._grid.hasFocus():  # from a chart that is gone
            self._grid.focus_first()
        staying = {panel.panel_id for panel in scene.dashboard.panels} - set(fresh)
        self._contents = {panel_id: one for panel_id, one in self._contents.items() if panel_id in staying}
        for panel in scene.dashboard.panels:
            if (card := self._grid.card(panel.panel_id)) is not None:
                card.set_title(panel.title or "Chart")
                if panel.panel_id in fresh:
                    card.show_loading()
        if former is not None and (former.by, former.compare) != (scene.by, scene.compare):
            self._point_out(scene)

    def _point_out(self, scene: Scene) -> None:
        """The comparison comes into sight once values are chosen; what no chart of the dashboard shows is said."""
        panels = scene.dashboard.panels
        compared = next((one.panel_id for one in panels if one.kind is ChartKind.COMPARISON), "")
        if scene.by and panels and not any(follows_page(panel.by) for panel in panels):
            self.told.emit("No chart here follows Group by: Edit a chart and choose “What the page is grouped by”")
        elif len(scene.compare) > 1 and compared:
            self._grid.show_place(compared)
        elif len(scene.compare) > 1:
            self.told.emit("No chart here compares them: + Chart adds a comparison")

    @property
    def scene(self) -> Scene | None:
        """What the charts depend on."""
        return self._scene

    def group_of(self, panel: Panel) -> str | None:
        """The field that a panel is grouped by here."""
        return None if self._scene is None else group_of(panel, self._scene)

    def content(self, panel_id: str) -> Content | None:
        """What a card draws."""
        return self._contents.get(panel_id)

    # ---- what was read ----

    def _show_loading(self) -> None:
        for card in self._grid.cards:
            card.show_loading()

    def draw(self, panel_id: str, content: Content) -> None:
        """Draw what was read on a card."""
        card = self._grid.card(panel_id)
        if card is not None:
            self._contents[panel_id] = content
            card.show_content(content)

    def _say_absent(self, panel_id: str, sentence: str) -> None:
        card = self._grid.card(panel_id)
        if card is not None:
            self._contents.pop(panel_id, None)
            card.show_nothing(sentence)

    def _say_undrawn(self, panel_id: str, sentence: str) -> None:
        card = self._grid.card(panel_id)
        if card is not None:
            self._contents.pop(panel_id, None)
            card.show_failed(sentence)

    def _say_failed(self, error: Exception) -> None:
        for panel_id in [panel.panel_id for panel in self._panels()]:
            self._say_undrawn(panel_id, str(error))

    def _say_stopped(self) -> None:
        """What is drawn stays; what is not waits."""
        for panel in self._panels():
            card, content = self._grid.card(panel.panel_id), self._contents.get(panel.panel_id)
            if card is not None and content is not None:
                card.show_content(content)
            elif card is not None:
                card.show_nothing(_STOPPED)

    def _panels(self) -> tuple[Panel, ...]:
        return () if self._scene is None else self._scene.dashboard.panels

    # ---- what a person does ----

    def _zoom(self, _: str, times: tuple[int, int]) -> None:
        since, until = times
        history = self._session.history
        history.push(replace(history.current, since_ns=since, until_ns=max(until, since + _SHORTEST_NS)))

    def go_back(self) -> None:
        """To the times before, where only the times were changed; else to all times."""
        history = self._session.history
        former = history.former
        if former is not None and former.text == history.current.text and former != history.current:
            history.back()
        else:
            history.push(replace(history.current, since_ns=None, until_ns=None))

    def _open(self, panel_id: str, pick: Pick) -> None:
        panel = None if self._scene is None else panel_of(self._scene.dashboard, panel_id)
        if panel is not None:
            self.open_behind(panel, pick)

    def open_behind(self, panel: Panel, pick: Pick) -> None:
        """Show the traces behind a place of a chart."""
        try:
            behind = self.behind(panel, pick)
        except QueryError as error:
            self.told.emit(error.message)
            return
        self.traces_wanted.emit(behind.filter, behind.left_out)

    def behind(self, panel: Panel, pick: Pick) -> Behind:
        """The traces behind a place of a chart. Raises QueryError where the panel's filter means nothing."""
        scene = self._scene
        assert scene is not None
        if panel.kind is ChartKind.DIFFERENCES:
            return self._behind_difference(pick.difference)
        asked = within(filter_of(panel, scene), pick.since_ns, pick.until_ns)
        left_out: list[str] = []
        by = group_of(panel, scene)
        if by is not None and pick.group is not None:
            found = of_group(asked, by, pick.group)
            asked, left_out = found.filter, [*left_out, found.left_out]
        if panel.kind in OF_COLUMN:
            found = of_values(asked, panel.measures[0], pick.low, pick.high)
            asked, left_out = found.filter, [*left_out, found.left_out]
        elif by in _OF_ERRORS and pick.group is not None and pick.group.value is not None:
            pass  # what has such an error has failed
        elif (measure := self._measure(pick.measure)) is not None:
            asked = of_measure(asked, measure).filter
        return Behind(asked, "; ".join(words for words in left_out if words))

    def open_difference(self, difference: Difference) -> None:
        """Show the selected traces that have what sets the selection apart."""
        behind = self._behind_difference(difference)
        self.traces_wanted.emit(behind.filter, behind.left_out)

    def _behind_difference(self, difference: Difference | None) -> Behind:
        asked = self.selection or self._session.history.current
        return Behind(asked) if difference is None else of_difference(asked, difference)

    def _measure(self, measure_id: str) -> Measure | None:
        workspace = self._session.workspace
        if workspace is None or not measure_id:
            return None
        try:
            return workspace.monitor.measure(measure_id)
        except QueryError:
            return None
