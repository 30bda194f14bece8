"""The failure-mode page: notes become failure modes, and it shows how often and where each occurs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from tailrace.errors import QueryError
from tailrace.jobs import Ticket
from tailrace.model.review import FailureMode
from tailrace.model.words import format_count
from tailrace.review.modes import COLUMNS, Column, CrossTable
from tailrace.ui.models.failure_modes import Workbench, read_matrix, read_proposals, read_workbench
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.note_groups import Proposals
from tailrace.ui.models.session import Session
from tailrace.ui.pages.mode_commands import ModeCommands
from tailrace.ui.views.kept_splitter import KeptSplitter
from tailrace.ui.views.review.matrix_rows import cell_filter, summary
from tailrace.ui.views.review.mode_columns import MatrixColumn, ModeColumn, NoteColumn
from tailrace.ui.views.review.mode_table import mode_rows
from tailrace.ui.views.review.remark_rows import NoteRow, RemarkRow, arrange_remarks
from tailrace.ui.views.review.scope_bar import ScopeBar, scope_words

if TYPE_CHECKING:
    from tailrace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Notes:
    """Notes as they stand in their list, `shown` different ones, and what they were arranged by."""

    rows: list[RemarkRow]
    shown: int
    proposals: Proposals
    wanted: str


def _arrange(bench: Workbench, wanted: str) -> _Notes:
    groups = [(group.name, group.notes) for group in bench.proposals.groups]
    rows = arrange_remarks(bench.notes, bench.modes, groups, bench.proposals.fits, wanted)
    shown = len({row.remark.score_id for row in rows if isinstance(row, NoteRow)})
    return _Notes(rows, shown, bench.proposals, wanted)


class FailureModesPage(QWidget):
    """Three columns: failure modes, notes, where each lives. All is read in jobs once it is shown.

    Signals: `trace_wanted(object)` the key of a trace to open; `filter_wanted(object)` a filter for the Traces page;
    `status(object)` a sentence for the status bar.
    """

    trace_wanted = Signal(object)
    filter_wanted = Signal(object)
    status = Signal(object)

    def __init__(self, session: Session, judging: Judging, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self._hidden: frozenset[str] = frozenset()
        self.bench = Workbench()
        self.left, self.middle, self.right = ModeColumn(self), NoteColumn(self), MatrixColumn(self)
        self.commands = ModeCommands(judging, self)
        self.commands.status.connect(self.status)
        self.splitter = KeptSplitter("modes-splitter", Qt.Orientation.Horizontal)
        for part, least in ((self.left, 296), (self.middle, 320), (self.right, 300)):
            part.setMinimumWidth(least)
            self.splitter.addWidget(part)
        self.splitter.setSizes([330, 520, 480])
        for place, stretch in enumerate((2, 3, 3)):
            self.splitter.setStretchFactor(place, stretch)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self.scope = ScopeBar(self)
        self.scope.chosen.connect(self.refresh)
        box.addWidget(self.scope)
        box.addWidget(self.splitter, 1)
        # a burst of changes, as undo makes them, is read once
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(120)
        self._soon.timeout.connect(self.refresh)
        judging.changed.connect(self._refresh_soon)
        judging.saved.connect(self._refresh_soon)
        session.opened.connect(self._start_anew)
        self._connect()

    def _connect(self) -> None:
        modes, notes = self.left.table, self.middle.list
        modes.renamed.connect(self._rename)
        modes.merge_dropped.connect(self._merge_dropped)
        modes.move_wanted.connect(self._move)
        modes.removal_wanted.connect(self._remove)
        modes.menu_wanted.connect(self._show_mode_menu)
        modes.current_changed.connect(self._show_buttons)
        for name, call in self._mode_calls().items():
            self.left.buttons[name].clicked.connect(call)
        notes.number_pressed.connect(self._assign_number)
        notes.mode_chosen.connect(self._assign_chip)
        notes.new_wanted.connect(self._make_of)
        notes.other_wanted.connect(self._assign_other)
        notes.removal_wanted.connect(self._unmark)
        notes.opened.connect(self._open)
        notes.menu_wanted.connect(self._show_note_menu)
        self.middle.wanted_changed.connect(self._show_notes)
        self.right.field_chosen.connect(self._read_matrix)
        self.right.matrix.pressed_cell.connect(self._filter_cell)

    def _mode_calls(self) -> dict[str, object]:
        return {
            "new": self._new,
            "rename": self.left.table.rename_current,
            "describe": self._describe,
            "merge": self._merge,
            "split": self._split,
            "up": self._move_up,
            "down": self._move_down,
            "remove": self._remove,
        }

    # Reading

    @property
    def is_waiting(self) -> bool:
        """True while it is about to be read again, in sight."""
        return self.isVisible() and self._soon.isActive()

    def refresh(self) -> None:
        """Read everything anew; what is selected stays selected."""
        self._soon.stop()
        if not self.bench.remarks and not self.bench.modes:
            self.middle.show_loading()
        hidden, reviewer = self._hidden, self._judging.author
        proposals, wanted, within = self.bench.proposals, self.middle.wanted, self.scope.within

        def work(workspace: Workspace, ticket: Ticket) -> tuple[Workbench, _Notes]:
            bench = replace(read_workbench(workspace, ticket, hidden, reviewer, within), proposals=proposals)
            return bench, _arrange(bench, wanted)

        self._session.read("failure-modes", work, self._take_bench, self._failed)

    def set_queue(self, name: str | None, trace_ids: frozenset[str]) -> None:
        """Another queue is open, or none: its traces are counted unless a person chose all."""
        if self.scope.set_queue(name, trace_ids):
            self._refresh_soon(None)

    def set_hidden(self, trace_ids: frozenset[str]) -> None:
        """Traces of blind queues that wait for my own verdict: what others noted of them stays hidden."""
        if trace_ids != self._hidden:
            self._hidden = trace_ids
            self._refresh_soon(None)

    def _start_anew(self, _: object) -> None:
        self._session.jobs.cancel("failure-modes")
        self._session.jobs.cancel("failure-mode-matrix")
        self._session.jobs.cancel("failure-mode-proposals")
        self.bench = Workbench()
        self._show_bench(Workbench())
        self._refresh_soon(None)

    def _refresh_soon(self, _: object) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _take_bench(self, found: tuple[Workbench, _Notes]) -> None:
        self._show_bench(*found)

    def _show_bench(self, bench: Workbench, notes: _Notes | None = None) -> None:
        if self.left.table.writing:
            self._soon.start()  # other rows would close the field that is written in
            return
        # the former proposals stand until there are new ones: notes that have a mode by now fall out of them
        bench = replace(bench, proposals=self.bench.proposals)
        self.bench = self.commands.bench = bench
        self.left.show_rows(mode_rows(bench.modes, dict(bench.traces), dict(bench.shares)), len(bench.judged))
        self.scope.say(
            f"Shares are {scope_words(len(bench.judged), self.scope.name)}, {format_count(bench.failed)} failed"
        )
        self._show_notes(notes)
        self._show_buttons()
        self._read_matrix()
        if bench.notes:
            wanted = self.middle.wanted

            def work(workspace: Workspace, ticket: Ticket) -> _Notes:
                return _arrange(replace(bench, proposals=read_proposals(bench, ticket)), wanted)

            self._session.read("failure-mode-proposals", work, self._show_proposals)

    def _show_proposals(self, notes: _Notes) -> None:
        self.bench = self.commands.bench = replace(self.bench, proposals=notes.proposals)
        self._show_notes(notes)

    def _show_notes(self, notes: _Notes | None = None) -> None:
        bench, wanted = self.bench, self.middle.wanted
        if notes is None or notes.wanted != wanted or notes.proposals is not bench.proposals:
            notes = _arrange(bench, wanted)
        self.middle.show_rows(notes.rows, notes.shown, len(bench.notes))
        if bench.remarks and not bench.notes:
            hint = "“All judged” shows those on the other traces of this database."
            self.middle.say("No notes on traces of this queue yet", hint, "sticky-note")

    def _show_buttons(self) -> None:
        mode = self._current()
        traces = 0 if mode is None else self.bench.everywhere.get(mode.mode_id, 0)
        self.left.show_current(len(self.bench.modes), traces)

    def _read_matrix(self) -> None:
        bench, field = self.bench, self.right.field
        if not bench.marks or not bench.judged:
            self.right.show_nothing(bool(bench.marks))
            return

        def work(workspace: Workspace, ticket: Ticket) -> tuple[str, CrossTable]:
            return field, read_matrix(workspace, bench, field, COLUMNS, ticket)

        self._session.read("failure-mode-matrix", work, self._show_matrix, self._matrix_failed)

    def _show_matrix(self, found: tuple[str, CrossTable]) -> None:
        field, table = found
        self.right.show_table(table, self.bench.modes, summary(table, field))

    def _matrix_failed(self, error: Exception) -> None:
        if isinstance(error, (QueryError, ValueError)):
            self.right.show_problem(f"There is no field “{self.right.field}” to compare by", str(error))
        else:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.middle.show_problem(str(error))
        self._session.failed.emit(error)

    # Failure modes

    def _current(self) -> FailureMode | None:
        return self.left.table.current_mode()

    def _new(self) -> None:
        self.commands.ask_new([], "")

    def _rename(self, wanted: tuple[str, str]) -> None:
        mode_id, name = wanted
        if not self.commands.rename(mode_id, name):
            self._show_bench(self.bench)

    def _describe(self) -> None:
        if (mode := self._current()) is not None:
            self.commands.ask_description(mode)

    def _merge(self) -> None:
        if (mode := self._current()) is not None:
            self.commands.ask_merge(mode)

    def _merge_dropped(self, wanted: tuple[str, str]) -> None:
        source, target = (self.bench.mode(mode_id) for mode_id in wanted)
        if source is not None and target is not None:
            self.commands.merge(source, target.mode_id)

    def _split(self) -> None:
        if (mode := self._current()) is not None:
            chosen = (row.remark.trace_id for row in self.middle.list.chosen_rows() if row.mode_id == mode.mode_id)
            self.commands.ask_split(mode, frozenset(chosen))

    def _move(self, by: int) -> None:
        if (mode := self._current()) is not None:
            self.commands.move(mode, by)

    def _move_up(self) -> None:
        self._move(-1)

    def _move_down(self) -> None:
        self._move(1)

    def _remove(self) -> None:
        if (mode := self._current()) is not None:
            self.commands.remove(mode)

    def _filter_mode(self) -> None:
        if (mode := self._current()) is not None:
            self.filter_wanted.emit(cell_filter(mode, "", None, self.scope.name))

    def _show_mode_menu(self, point: QPoint) -> None:
        mode = self._current()
        if mode is None:
            return
        menu = self._menu()
        menu.addAction("Rename\tF2", self.left.table.rename_current)
        menu.addAction("Describe…", self._describe)
        menu.addAction("Merge into…", self._merge)
        menu.addAction("Split…", self._split)
        menu.addSeparator()
        menu.addAction("Move up\tAlt+Up", self._move_up)
        menu.addAction("Move down\tAlt+Down", self._move_down)
        menu.addAction("Show its traces", self._filter_mode)
        menu.addSeparator()
        count = format_count(self.bench.everywhere.get(mode.mode_id, 0))
        menu.addAction(f"Remove, and its marks on {count} traces\tDel", self._remove)
        menu.popup(point)

    # Notes

    def _assign_number(self, place: int) -> None:
        if place < len(self.bench.modes):
            self.commands.mark(self.bench.modes[place], self._chosen_traces())
        else:
            self.status.emit(f"No failure mode has the key {place + 1} yet; M makes one of the selected notes")

    def _assign_other(self) -> None:
        self.commands.ask_mode(self._chosen_traces())

    def _assign_chip(self, wanted: tuple[NoteRow, str]) -> None:
        row, mode_id = wanted
        chosen = self._chosen_traces()
        # a chip of a selected note speaks for the selection, as a number key does
        traces = chosen if row.remark.trace_id in chosen else [row.remark.trace_id]
        if (mode := self.bench.mode(mode_id)) is not None:
            self.commands.mark(mode, traces)

    def _make_of(self, wanted: tuple[list[NoteRow], str]) -> None:
        rows, name = wanted
        if rows:
            self.commands.ask_new(list(dict.fromkeys(row.remark.trace_id for row in rows)), name)
        else:
            self.status.emit("Select the notes that a new failure mode is made of")

    def _make_of_chosen(self) -> None:
        self._make_of((self.middle.list.chosen_rows(), ""))

    def _unmark(self) -> None:
        rows = self.middle.list.chosen_rows()
        self.commands.unmark([(row.mode_id, row.remark.trace_id) for row in rows if row.mode_id is not None])

    def _open(self, key: int) -> None:
        if key >= 0:
            self.trace_wanted.emit(key)
        else:
            self.status.emit("The trace of this note is not in this database")

    def _open_current(self) -> None:
        if rows := self.middle.list.chosen_rows():
            self._open(rows[0].remark.key)

    def _show_note_menu(self, point: QPoint) -> None:
        menu = self._menu()
        for place, mode in enumerate(self.bench.modes[:9]):
            action = menu.addAction(f"{mode.name.replace('&', '&&')}\t{place + 1}")
            action.setData(place)
        menu.triggered.connect(self._assign_action)
        menu.addAction("Any failure mode…\t0", self._assign_other)
        menu.addSeparator()
        menu.addAction("New failure mode of these…\tM", self._make_of_chosen)
        menu.addAction("Take the mode off\tU", self._unmark)
        menu.addAction("Open the trace\tEnter", self._open_current)
        menu.popup(point)

    def _assign_action(self, action: QAction) -> None:
        place = action.data()
        if isinstance(place, int):
            self._assign_number(place)

    def _chosen_traces(self) -> list[str]:
        return list(dict.fromkeys(row.remark.trace_id for row in self.middle.list.chosen_rows()))

    def _filter_cell(self, wanted: tuple[FailureMode, Column | None]) -> None:
        mode, column = wanted
        self.filter_wanted.emit(cell_filter(mode, self.right.field, column, self.scope.name))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu
