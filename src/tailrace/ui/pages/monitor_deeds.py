"""What a person does with dashboards: make, copy, name, delete, take in and give out; and the monthly budget."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from tailrace.model.dashboard import Dashboard
from tailrace.ui.dialogs.ask_text import AskText
from tailrace.ui.models.monitor_dashboards import Dashboards
from tailrace.ui.models.monitor_edits import is_preset, name_problem
from tailrace.ui.models.session import Session
from tailrace.ui.pages.monitor_files import file_name

_LARGEST = 4 << 20  # bytes of a dashboard's file
_KINDS = "Dashboards (*.json);;All (*)"


class MonitorDeeds(QObject):
    """Opens dialogs over `parent` and does what they come to.

    Signals: `told(object)` a sentence; `budget_chosen(object)` dollars a month, or None.
    """

    told = Signal(object)
    budget_chosen = Signal(object)

    def __init__(self, session: Session, dashboards: Dashboards, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._dashboards = dashboards
        self._over = parent

    def new(self) -> None:
        """Ask for a name and make an empty dashboard."""
        names = self._dashboards.names
        self._ask("New dashboard", "What is it called?", "", partial(name_problem, names=names), self._create, "Make")

    def _create(self, name: object) -> None:
        self._dashboards.create(str(name))
        self.told.emit(f"“{name}” is empty: + Chart puts the first chart on it")

    def rename(self) -> None:
        """Ask for another name of the one on show."""
        shown = self._own("has its name")
        if shown is not None:
            others = [name for name in self._dashboards.names if name != shown.name]
            check = partial(name_problem, names=others)
            self._ask("Rename the dashboard", "What is it called?", shown.name, check, self._rename)

    def _rename(self, name: object) -> None:
        self._dashboards.rename(str(name))

    def delete(self) -> None:
        """Take the one on show away."""
        if self._own("stays") is not None:
            self._dashboards.remove()

    def _own(self, fixed: str) -> Dashboard | None:
        shown = self._dashboards.current
        if shown is not None and is_preset(shown):
            self.told.emit(f"“{shown.name}” came with Tailrace and {fixed}: duplicate it to have one of your own")
            return None
        return shown

    def ask_budget(self, budget: float | None) -> None:
        """Ask for the budget that charts of costs show as a line."""
        text = "" if budget is None else f"{budget:g}"
        words = "US dollars a month, shown as a line in charts of costs. Leave it empty for none."
        self._ask("Monthly budget", words, text, _budget_problem, self._take_budget)

    def _take_budget(self, text: object) -> None:
        words = str(text).strip().lstrip("$").replace(",", "")
        self.budget_chosen.emit(float(words) if words else None)

    def _ask(
        self,
        title: str,
        words: str,
        text: str,
        check: Callable[[str], str],
        answered: Callable[[object], None],
        accept: str = "Save",
    ) -> None:
        asking = AskText(title, words, text, check, accept, self._over)
        asking.answered.connect(answered)
        asking.open()

    # ---- files ----

    def export(self) -> None:
        """Ask for a file and write the one on show to it."""
        shown = self._dashboards.current
        if shown is None:
            return
        name = file_name(shown.name, "dashboard")
        chosen, _ = QFileDialog.getSaveFileName(self._over, "Export the dashboard", f"{name}.json", _KINDS)
        if chosen:
            self.export_to(Path(chosen), shown)

    def export_to(self, out: Path, dashboard: Dashboard) -> None:
        """Write a dashboard to a file."""

        def work(_: object, __: object) -> str:
            from tailrace.metrics.presets import dashboard_as_json
            from tailrace.workspace.whole_files import write_whole

            write_whole(out, dashboard_as_json(dashboard))
            return f"Wrote “{dashboard.name}” to {out}"

        self._session.read("monitor-export", work, self.told.emit)

    def take_in(self) -> None:
        """Ask for files and take in the dashboards in them."""
        names, _ = QFileDialog.getOpenFileNames(self._over, "Import dashboards", "", _KINDS)
        for name in names:
            self.take_in_file(Path(name))

    def take_in_file(self, path: Path) -> None:
        """Take in a dashboard from a file."""

        def work(_: object, __: object) -> Dashboard:
            from tailrace.metrics.presets import read_dashboard

            return read_dashboard(path)

        self._session.read(f"monitor-import-{path}", work, self._dashboards.take_in)


def _budget_problem(text: str) -> str:
    words = text.strip().lstrip("$").replace(",", "")
    if not words:
        return ""
    try:
        amount = float(words)
    except ValueError:
        return "Write an amount, for example 1500."
    return "" if 0 < amount < 1e12 else "A budget is more than nothing."
