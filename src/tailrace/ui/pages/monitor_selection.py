"""What is selected on the Monitor page: shown on the charts, said below them, and what differs in it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from tailrace.errors import QueryError
from tailrace.model.charted import Difference, Differences
from tailrace.model.dashboard import ChartKind
from tailrace.model.words import count_of
from tailrace.query import State, parse
from tailrace.ui.models.monitor_edits import panel_of
from tailrace.ui.models.monitor_reading import MonitorReading
from tailrace.ui.models.monitor_scene import Scene
from tailrace.ui.models.monitor_selection import Selected, counted_words, selected_in
from tailrace.ui.models.monitor_terms import field_title, joined
from tailrace.ui.models.session import Session
from tailrace.ui.pages.monitor_charts import MonitorCharts
from tailrace.ui.pages.monitor_grid import MonitorGrid
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.values import DifferencesChart, Pick
from tailrace.ui.views.selection_bar import SelectionBar

_TITLE = "What differs in the selection"
_WIDTH = 360


class MonitorSelection(QObject):
    """`bar` stands below the charts and `side` beside them, where no chart of the dashboard shows what differs.

    Signals: `told(object)` a sentence.
    """

    told = Signal(object)

    def __init__(
        self, session: Session, reading: MonitorReading, grid: MonitorGrid, charts: MonitorCharts, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._reading = reading
        self._grid = grid
        self._charts = charts
        self._scene: Scene | None = None
        self._selected: Selected | None = None
        self._found: Differences | None = None
        self._wants_side = True
        self.bar = SelectionBar()
        self.side = ChartCard(ChartKind.DIFFERENCES)
        self.side.setFixedWidth(_WIDTH)
        self.side.hide()
        grid.selected.connect(self._select)
        reading.differed.connect(self._take)
        reading.drawn.connect(self._keep_shown)
        self.bar.cleared.connect(self.clear)
        self.bar.traces_wanted.connect(self.open_traces)
        self.bar.narrow_wanted.connect(self.narrow)
        self.bar.differences_wanted.connect(self._show_side)
        self.side.opened.connect(self._open)

    @property
    def selected(self) -> Selected | None:
        """What is selected."""
        return self._selected

    def show_scene(self, scene: Scene) -> None:
        """Another dashboard or filter: of other traces nothing is selected."""
        former, self._scene = self._scene, scene
        if (
            former is None
            or former.filter != scene.filter
            or former.dashboard.dashboard_id != scene.dashboard.dashboard_id
        ):
            self.clear()

    def clear(self) -> None:
        """Nothing is selected any more."""
        if self._selected is None:
            return
        self._selected = self._found = self._charts.selection = None
        self._reading.forget_differences()
        self.bar.hide()
        self.side.hide()
        for card in self._grid.cards:
            card.show_selection(None)
        self._draw(DifferencesChart(_TITLE))

    def _select(self, panel_id: str, pick: Pick) -> None:
        panel = None if self._scene is None else panel_of(self._scene.dashboard, panel_id)
        if panel is None or self._scene is None:
            return
        try:
            selected = selected_in(panel, pick, self._scene)
        except QueryError as error:
            self.told.emit(error.message)
            return
        for other, card in self._shown():
            card.show_selection(_seen_on(other, selected))
        self._look_at(selected)

    def select_filter(self) -> None:
        """Select what the filter matches, against all other traces of the same times."""
        current = self._session.history.current
        if current.text.strip():
            words = f"what {_short(current.text)} matches"
            self._look_at(Selected("", Pick(), current, replace(current, text=""), words))
        else:
            self.told.emit("Filter for something first: what differs in what it matches?")

    def select_matching(self, text: str) -> None:
        """Select what another filter matches among the traces of the filter. Raises QueryError."""
        parsed = parse(text)
        if parsed.state not in (State.VALID, State.EMPTY):
            raise QueryError(f"The filter “{text}” does not work: {parsed.message}", parsed.position)
        against = self._session.history.current
        selected = replace(against, text=joined(against.text, text))
        self._look_at(Selected("", Pick(), selected, against, f"what {_short(text)} matches"))

    def _look_at(self, selected: Selected) -> None:
        self._selected, self._found = selected, None
        self._charts.selection = selected.filter
        for card in self._differing():
            card.show_loading()
        self._reading.differ(selected.filter, selected.against)
        self._say()

    def _take(self, found: Differences | Exception) -> None:
        selected = self._selected
        if selected is None:
            return
        if isinstance(found, Exception):
            for card in self._differing():
                card.show_failed(str(found))
            return
        self._found = found
        self._draw(_told(found))
        self._say()

    def _keep_shown(self, panel_id: str, _: object) -> None:
        """A card was drawn anew, by another group or with what has come in: what is selected stays so on it."""
        selected, card = self._selected, self._grid.card(panel_id)
        if selected is None or card is None:
            return
        if panel_id not in self._panels_that_differ():
            card.show_selection(_seen_on(panel_id, selected))
        elif self._found is not None:
            self._draw(_told(self._found))
        else:
            card.show_loading()

    def _draw(self, content: DifferencesChart) -> None:
        self.side.show_content(content)
        for panel in self._scene.dashboard.panels if self._scene is not None else ():
            if panel.kind is ChartKind.DIFFERENCES:
                titled = DifferencesChart(
                    panel.title or content.title,
                    content.differences,
                    content.caption,
                    content.definition,
                    content.names,
                )
                self._charts.draw(panel.panel_id, titled)

    def _say(self) -> None:
        if self._selected is None:
            return
        count = None if self._found is None else self._found.inside
        words = "Open the traces" if count is None else f"Open {count_of(count, 'trace')}"
        beside = not self._panels_that_differ()
        self.bar.differences.blockSignals(True)
        self.bar.differences.setChecked(self._wants_side)
        self.bar.differences.blockSignals(False)
        self.bar.show_selection(counted_words(self._selected, self._found), words, beside, count == 0)
        self.side.setVisible(beside and self._wants_side)

    def _show_side(self, shown: bool) -> None:
        self._wants_side = shown
        self._say()

    def _shown(self) -> list[tuple[str, ChartCard]]:
        panels = self._scene.dashboard.panels if self._scene is not None else ()
        found = ((panel.panel_id, self._grid.card(panel.panel_id)) for panel in panels)
        return [(panel_id, card) for panel_id, card in found if card is not None]

    def _panels_that_differ(self) -> list[str]:
        panels = self._scene.dashboard.panels if self._scene is not None else ()
        return [panel.panel_id for panel in panels if panel.kind is ChartKind.DIFFERENCES]

    def _differing(self) -> list[ChartCard]:
        cards = [self._grid.card(panel_id) for panel_id in self._panels_that_differ()]
        return [self.side, *(card for card in cards if card is not None)]

    # ---- what can be done with it ----

    def open_traces(self) -> None:
        """Show the selected traces on the Traces page."""
        if self._selected is not None:
            self._charts.traces_wanted.emit(self._selected.filter, "")

    def narrow(self) -> None:
        """Make the selection the filter of all pages."""
        if self._selected is not None:
            self._session.history.push(self._selected.filter)

    def _open(self, pick: Pick) -> None:
        if isinstance(pick.difference, Difference):
            self._charts.open_difference(pick.difference)
        else:
            self.open_traces()


def _seen_on(panel_id: str, selected: Selected) -> Pick:
    """Bounds of values mean something on the chart they were drawn on, times on all."""
    pick = selected.pick
    return pick if panel_id == selected.panel_id else Pick(pick.since_ns, pick.until_ns)


def _told(found: Differences) -> DifferencesChart:
    names = {one.field: field_title(one.field) for one in found.differences}
    return DifferencesChart(_TITLE, found, "", _definition(found), names)


def _short(text: str) -> str:
    words = " ".join(text[:200].split())
    return f"“{words if len(words) <= 60 else words[:59] + '…'}”"


def _definition(found: Differences) -> str:
    words = (
        "Every field and attribute value, ranked by how far its share among the selected traces lies from its share "
        "among the others, beyond what chance explains. Lift is the ratio of the two shares."
    )
    if found.compared < found.of:
        words += f" {found.compared:,} of {found.of:,} values were compared; the others are too rare to tell."
    return words
