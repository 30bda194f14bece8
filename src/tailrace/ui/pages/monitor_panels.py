"""What a person does with one chart: edit, copy and remove it, take its data and its picture out, see its traces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from tailrace.errors import QueryError
from tailrace.jobs import Ticket
from tailrace.model.dashboard import Panel
from tailrace.model.facts import find_dimension
from tailrace.query import with_term
from tailrace.ui.models import monitor_edits
from tailrace.ui.models.monitor_answers import said_as_sql
from tailrace.ui.models.monitor_dashboards import Dashboards
from tailrace.ui.models.monitor_terms import field_title
from tailrace.ui.models.session import Session
from tailrace.ui.pages.monitor_charts import MonitorCharts
from tailrace.ui.pages.monitor_files import file_name, write_sheet
from tailrace.ui.pages.monitor_grid import MonitorGrid
from tailrace.ui.theme import icon, tokens
from tailrace.ui.views.charts.card import MenuAt
from tailrace.ui.views.charts.values import Pick

if TYPE_CHECKING:
    from tailrace.model.measures import Measure
    from tailrace.workspace import Workspace

_FILES = {
    "csv": ("Data of the chart", "CSV (*.csv)"),
    "png": ("Picture of the chart", "PNG (*.png)"),
    "svg": ("Drawing of the chart", "SVG (*.svg)"),
}


class MonitorPanels(QObject):
    """Works on the charts of the dashboard on show.

    Signals: `told(object)` a sentence; `sql_wanted(str)` a statement that asks what a chart shows;
    `group_wanted(object)` a field to group the page by.
    """

    told = Signal(object)
    sql_wanted = Signal(str)
    group_wanted = Signal(object)

    def __init__(
        self, session: Session, dashboards: Dashboards, grid: MonitorGrid, charts: MonitorCharts, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._dashboards = dashboards
        self._grid = grid
        self._charts = charts
        self._over = parent
        grid.menu_wanted.connect(self._open_menu)
        grid.moved.connect(self._move)
        grid.resized.connect(self._resize)

    # ---- the menu ----

    def _open_menu(self, panel_id: str, at: MenuAt) -> None:
        menu = self.menu(panel_id, at.pick)
        if menu is not None:
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(at.position)

    def menu(self, panel_id: str, pick: Pick | None) -> QMenu | None:
        """What can be done with a chart, and with what is at a place of it."""
        panel = self._panel(panel_id)
        if panel is None:
            return None
        menu = QMenu(self._over)
        theme = tokens(self._over)

        def add(words: str, picture: str, act: Callable[[], object]) -> None:
            action = menu.addAction(icon(picture, theme.dim), words)
            action.triggered.connect(lambda: act())

        add("Show these traces" if pick is not None else "Show the traces", "list", partial(
            self._charts.open_behind, panel, pick or Pick()))  # fmt: skip
        for words, picture, act in self._filters(panel, pick):
            add(words, picture, act)
        menu.addSeparator()
        add("Edit…", "pencil", partial(self.edit, panel_id))
        add("Duplicate", "copy", partial(self.duplicate, panel_id))
        add("Remove", "x", partial(self.remove, panel_id))
        menu.addSeparator()
        add("Copy data", "copy", partial(self.copy_data, panel_id))
        for kind, words in (("csv", "Save data as CSV…"), ("png", "Save as PNG…"), ("svg", "Save as SVG…")):
            add(words, "file-text" if kind == "csv" else "image", partial(self.save, panel_id, kind))
        add("Open as SQL", "terminal", partial(self.open_as_sql, panel_id))
        return menu

    def _filters(self, panel: Panel, pick: Pick | None) -> list[tuple[str, str, Callable[[], object]]]:
        """Filter for, filter out and copy the group that was pointed at."""
        by = self._charts.group_of(panel)
        if pick is None or pick.group is None or by is None or pick.group.value is None:
            return []
        value, dimension = pick.group.value, find_dimension(by)
        shown = " ".join(value[:40].split()).replace("&", "&&") + ("…" if len(value) > 40 else "")
        found: list[tuple[str, str, Callable[[], object]]] = []
        if dimension is not None and dimension.filter:
            found = [
                (f"{words}  {by}:{shown}", "filter-x" if negate else "search", partial(self._filter, by, value, negate))
                for words, negate in (("Filter for", False), ("Filter out", True))
            ]
        if by != self._scene_by():
            words = field_title(by).lower().replace("&", "&&")
            found.append((f"Group the page by  {words[:40]}", "layers", partial(self.group_wanted.emit, by)))
        return [*found, (f"Copy  {shown}", "copy", partial(self._copy, value))]

    def _scene_by(self) -> str:
        scene = self._charts.scene
        return "" if scene is None else scene.by

    def _filter(self, by: str, value: str, negate: bool) -> None:
        history = self._session.history
        try:
            history.push(replace(history.current, text=with_term(history.current.text, by, value, negate)))
        except ValueError:
            self.told.emit("No filter names this value")

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.told.emit("Copied")

    # ---- the chart itself ----

    def add(self) -> None:
        """Ask what another chart shows, and put it where there is room."""
        self._ask(monitor_edits.new_panel(), "Add a chart", self._put_new)

    def edit(self, panel_id: str) -> None:
        """Ask what a chart shows."""
        panel = self._panel(panel_id)
        if panel is not None:
            self._ask(panel, "Edit the chart", self._put_changed)

    def duplicate(self, panel_id: str) -> None:
        """A chart twice."""
        self._dashboards.edit(partial(monitor_edits.duplicated, panel_id=panel_id), "duplicating a chart")

    def remove(self, panel_id: str) -> None:
        """A chart less."""
        panel = self._panel(panel_id)
        if panel is not None:
            self.told.emit("The chart is removed · Undo brings it back")
            self._dashboards.edit(partial(monitor_edits.without, panel_id=panel_id), "removing a chart")

    def _move(self, panel_id: str, x: int, y: int) -> None:
        self._dashboards.edit(partial(monitor_edits.with_moved, panel_id=panel_id, x=x, y=y), "moving a chart")

    def _resize(self, panel_id: str, w: int, h: int) -> None:
        self._dashboards.edit(partial(monitor_edits.with_resized, panel_id=panel_id, w=w, h=h), "resizing a chart")

    def _put_new(self, panel: object) -> None:
        assert isinstance(panel, Panel)
        w, h = monitor_edits.SIZES.get(panel.kind, monitor_edits.USUAL_SIZE)
        self._dashboards.edit(partial(monitor_edits.with_panel, panel=replace(panel, w=w, h=h)), "adding a chart")
        self._grid.reveal(panel.panel_id)

    def _put_changed(self, panel: object) -> None:
        assert isinstance(panel, Panel)
        self._dashboards.edit(partial(monitor_edits.with_changed, panel=panel), "editing a chart")

    def _ask(self, panel: Panel, title: str, accepted: Callable[[object], None]) -> None:
        def work(workspace: Workspace, ticket: Ticket) -> tuple[tuple[Measure, ...], list[str], list[str]]:
            scores = [score.value for score in workspace.score_names(ticket)]
            return workspace.monitor.measures(ticket), workspace.attribute_keys("", ticket), scores

        self._session.read("monitor-measures", work, partial(self._open_dialog, panel, title, accepted))

    def _open_dialog(
        self,
        panel: Panel,
        title: str,
        accepted: Callable[[object], None],
        found: tuple[tuple[Measure, ...], list[str], list[str]],
    ) -> None:
        from tailrace.ui.dialogs.edit_panel import EditPanel  # wanted by few

        dialog = EditPanel(panel, title, *found, self._over)
        dialog.accepted_panel.connect(accepted)
        dialog.open()

    # ---- out of it ----

    def show_traces(self, panel_id: str) -> None:
        """The traces that a chart counts."""
        if (panel := self._panel(panel_id)) is not None:
            self._charts.open_behind(panel, Pick())

    def copy_data(self, panel_id: str) -> None:
        """What a chart draws, as lines with tabs."""
        if (card := self._grid.card(panel_id)) is not None:
            QGuiApplication.clipboard().setText(card.copy_values())
            self.told.emit("Copied the figures of the chart")

    def save(self, panel_id: str, kind: str) -> None:
        """Ask for a file and write what a chart draws to it: csv, png or svg."""
        card = self._grid.card(panel_id)
        if card is None:
            return
        title, kinds = _FILES[kind]
        name = file_name(card.title, "chart")
        chosen, _ = QFileDialog.getSaveFileName(self._over, title, f"{name}.{kind}", kinds)
        if chosen:
            out = Path(chosen)
            self.save_to(panel_id, kind, out if out.suffix else out.with_suffix(f".{kind}"))

    def save_to(self, panel_id: str, kind: str, out: Path) -> None:
        """Write what a chart draws to a file."""
        card = self._grid.card(panel_id)
        if card is None:
            return
        sheet = card.sheet()
        content = card.png() if kind == "png" else card.svg() if kind == "svg" else b""

        def work(_: Workspace, __: Ticket) -> str:
            from tailrace.workspace.whole_files import write_whole

            if kind == "csv":
                return f"Wrote {write_sheet(out, sheet):,} rows to {out}"
            write_whole(out, content)
            return f"Wrote the chart to {out}"

        self._session.read("monitor-save", work, self.told.emit)

    def open_as_sql(self, panel_id: str) -> None:
        """A statement that asks what a chart shows, where the documented views have what it needs."""
        panel, scene = self._panel(panel_id), self._charts.scene
        if panel is None or scene is None:
            return

        def work(workspace: Workspace, ticket: Ticket) -> str:
            return said_as_sql(workspace.monitor, scene, panel, ticket)

        def fail(error: Exception) -> None:
            if isinstance(error, QueryError):
                self.told.emit(error.message)
            else:
                self._session.failed.emit(error)

        self._session.read("monitor-sql", work, self.sql_wanted.emit, fail)

    def _panel(self, panel_id: str) -> Panel | None:
        shown = self._dashboards.current
        return None if shown is None else monitor_edits.panel_of(shown, panel_id)
