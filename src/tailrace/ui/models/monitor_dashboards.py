"""The dashboards of a database: which one is shown, and changes to them, saved at once and taken back by Undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tailrace.jobs import Ticket
from tailrace.model.dashboard import Dashboard
from tailrace.model.review import Change, Put, Removal
from tailrace.ui.models import monitor_edits
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.session import Session

if TYPE_CHECKING:
    from tailrace.workspace import Workspace


class Dashboards(QObject):
    """Presets first, then those that are saved in the database.

    Signals: `changed()` when the list, or what is shown, is another one; `told(object)` a sentence on what was done.
    """

    changed = Signal()
    told = Signal(object)

    def __init__(self, session: Session, judging: Judging, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self._all: tuple[Dashboard, ...] = ()
        self._wanted = ""
        self._origins: dict[str, str] = {}  # of a copy, what it was made of: shown again when the copy is undone
        self._writing = 0
        judging.changed.connect(self._take_changes)
        judging.failed.connect(self._take_failure)

    # ---- which there are ----

    @property
    def presets(self) -> tuple[Dashboard, ...]:
        """Those that came with the program."""
        return tuple(one for one in self._all if monitor_edits.is_preset(one))

    @property
    def own(self) -> tuple[Dashboard, ...]:
        """Those of this database."""
        return tuple(one for one in self._all if not monitor_edits.is_preset(one))

    @property
    def current(self) -> Dashboard | None:
        """The one on show; None until they are read."""
        known = {one.dashboard_id: one for one in self._all}
        wanted = self._wanted
        while wanted not in known and wanted in self._origins:
            wanted = self._origins[wanted]
        return known.get(wanted) or next(iter(self._all), None)

    def are_kin(self, one: str, other: str) -> bool:
        """Whether one was made of the other here, so that its charts go on where they are."""
        return one == other or self._origins.get(one) == other or self._origins.get(other) == one

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called."""
        return tuple(one.name for one in self._all)

    def begin(self, dashboard_id: str) -> None:
        """Another database: show this dashboard of it once it is known which there are."""
        self._all = ()
        self._origins.clear()
        self._writing = 0
        self._wanted = dashboard_id
        self.changed.emit()

    def read(self) -> None:
        """Read which there are."""

        def work(workspace: Workspace, ticket: Ticket) -> list[Dashboard]:
            return workspace.monitor.dashboards(ticket)

        self._session.read("dashboards", work, self._take)

    def choose(self, dashboard_id: str) -> None:
        """Show another one."""
        if dashboard_id != self._wanted:
            self._wanted = dashboard_id
            self.changed.emit()

    def choose_named(self, name: str) -> bool:
        """Show the one of a name or id; whether there is one."""
        wanted = name.strip().casefold()
        for one in self._all:
            if wanted in (one.name.casefold(), one.dashboard_id.casefold()):
                self.choose(one.dashboard_id)
                return True
        return False

    # ---- changing them ----

    def edit(self, change: Callable[[Dashboard], Dashboard], word: str) -> None:
        """Change the one on show. A preset stays as it is: one's own copy is changed and shown instead."""
        shown = self.current
        if shown is None:
            return
        base = shown
        if monitor_edits.is_preset(shown):
            base = monitor_edits.copy_of(shown, self._judging.author, self.names)
        made = change(base)
        if made == base:
            return
        if base is not shown:
            self._origins[base.dashboard_id] = shown.dashboard_id
            self._told_copy(shown, made)
        self._put(made, word)

    def create(self, name: str) -> None:
        """An empty one, to put charts on."""
        self._put(monitor_edits.new_dashboard(name, self._judging.author, self.names), "new dashboard")

    def duplicate(self) -> None:
        """The one on show once more, as one's own."""
        shown = self.current
        if shown is not None:
            made = monitor_edits.copy_of(shown, self._judging.author, self.names)
            self._origins[made.dashboard_id] = shown.dashboard_id
            self._put(made, "duplicating a dashboard")
            self.told.emit(f"“{made.name}” is your copy of “{shown.name}”")

    def take_in(self, dashboard: Dashboard) -> None:
        """One from a file, as one's own."""
        made = monitor_edits.taken_in(dashboard, self._judging.author, self.names)
        self._put(made, "importing a dashboard")
        self.told.emit(f"“{made.name}” is here, with {len(made.panels)} charts")

    def rename(self, name: str) -> None:
        """Call the one on show otherwise; presets keep their names."""
        shown = self.current
        if shown is not None and not monitor_edits.is_preset(shown):
            self._put(monitor_edits.renamed(shown, name), "renaming a dashboard")

    def remove(self) -> None:
        """Take the one on show away; a preset stays."""
        shown = self.current
        if shown is None or monitor_edits.is_preset(shown):
            return
        self._all = tuple(one for one in self._all if one.dashboard_id != shown.dashboard_id)
        self._write([Removal(Dashboard, shown.dashboard_id)], "deleting a dashboard")
        self.told.emit(f"“{shown.name}” is deleted · Undo brings it back")
        self.changed.emit()

    def _told_copy(self, preset: Dashboard, made: Dashboard) -> None:
        self.told.emit(f"“{preset.name}” came with Tailrace and stays as it is: “{made.name}” is your copy of it")

    def _put(self, dashboard: Dashboard, word: str) -> None:
        others = tuple(one for one in self._all if one.dashboard_id != dashboard.dashboard_id)
        place = next((n for n, one in enumerate(self._all) if one.dashboard_id == dashboard.dashboard_id), len(others))
        self._all = (*others[:place], dashboard, *others[place:])
        self._wanted = dashboard.dashboard_id
        self._write([Put(dashboard)], word)
        self.changed.emit()

    def _write(self, changes: Sequence[Change], word: str) -> None:
        self._writing += 1
        self._judging.change(changes, word)

    # ---- what becomes of it ----

    def _take(self, found: list[Dashboard]) -> None:
        if self._writing:  # what is on its way to the file is newer
            return
        if tuple(found) != self._all:
            self._all = tuple(found)
            self.changed.emit()

    def _take_changes(self, changes: Sequence[Change], _: object) -> None:
        if any(_is_of_dashboards(change) for change in changes):
            self._writing = max(0, self._writing - 1)
            self.read()

    def _take_failure(self, _: object) -> None:
        if self._writing:
            self._writing = 0
            self.read()


def _is_of_dashboards(change: Change) -> bool:
    return isinstance(change.record, Dashboard) if isinstance(change, Put) else change.kind is Dashboard
