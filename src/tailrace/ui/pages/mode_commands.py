"""What a person does to failure modes and marks, asked for where needed, as changes that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from tailrace.model.review import Change, FailureMode, Put
from tailrace.model.words import format_count
from tailrace.ui.models import mode_changes
from tailrace.ui.models.failure_modes import Workbench
from tailrace.ui.models.judging import Judging
from tailrace.ui.views.review.mode_asking import DescribeMode, NameMode, PickMode, SplitMode


class ModeCommands(QObject):
    """Works on `bench`, which the page keeps up to date. Signal `status(object)`: a sentence."""

    status = Signal(object)

    def __init__(self, judging: Judging, window: QWidget) -> None:
        super().__init__(window)
        self._judging = judging
        self._window = window
        self.bench = Workbench()

    def ask_new(self, trace_ids: Sequence[str], name: str) -> None:
        """Ask for the name of a new mode of some traces, none for an empty one."""
        words = f"It is marked on {_traces(len(trace_ids))}, as yours." if trace_ids else "A failure to look out for."
        asking = NameMode("New failure mode", words, name, self._window)
        asking.answered.connect(partial(self._make, list(trace_ids)))
        asking.open()

    def _make(self, trace_ids: list[str], name: str) -> None:
        bench, author = self.bench, self._judging.author
        mode = mode_changes.named(name, bench.modes)
        if mode is not None:
            self.mark(mode, trace_ids)
            return
        mode = mode_changes.new_mode(name, author, bench.all_modes)
        marks = mode_changes.marked(mode, trace_ids, author, ())
        self._change([Put(mode), *marks], "new failure mode", f"“{name}” is marked on {_traces(len(trace_ids))}")

    def mark(self, mode: FailureMode, trace_ids: Sequence[str]) -> None:
        """Mark a mode on traces, as mine."""
        changes = mode_changes.marked(mode, trace_ids, self._judging.author, self.bench.marks)
        if changes:
            self._change(changes, "failure mode", f"“{mode.name}” is marked on {_traces(len(changes))}")
        else:
            told = f"You marked “{mode.name}” on these already" if trace_ids else "Select the notes to give a mode"
            self.status.emit(told)

    def unmark(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Take my marks off (mode id, trace id) pairs."""
        bench, author = self.bench, self._judging.author
        traces: dict[str, set[str]] = {}
        for mode_id, trace_id in pairs:
            traces.setdefault(mode_id, set()).add(trace_id)
        changes: list[Change] = []
        for mode_id, ids in traces.items():
            changes += mode_changes.unmarked(mode_id, ids, author, bench.marks, bench.all_modes)
        wanted = set(pairs)
        others = {(mark.mode_id, mark.trace_id) for mark in bench.marks if mark.author != author} & wanted
        stay = f"; marks of others stay on {_traces(len(others))}" if others else ""
        if changes:
            self._change(changes, "taking a failure mode off", f"Your marks are taken off{stay}")
        elif others:
            self.status.emit(f"None of these marks is yours{stay}")
        else:
            self.status.emit("These notes have no failure mode to take off")

    def rename(self, mode_id: str, name: str) -> bool:
        """Give a mode another name, unless another mode has it; whether it was given."""
        mode, other = self.bench.mode(mode_id), mode_changes.named(name, self.bench.modes)
        if mode is None:
            return False
        if other is not None and other.mode_id != mode_id:
            self.status.emit(f"“{other.name}” is there already: drag one on the other to merge them")
            return False
        self._change([Put(replace(mode, name=name))], "renaming", f"“{mode.name}” is now “{name}”")
        return True

    def ask_description(self, mode: FailureMode) -> None:
        """Ask what a mode means."""
        asking = DescribeMode(mode, self._window)
        asking.answered.connect(partial(self._describe, mode))
        asking.open()

    def _describe(self, mode: FailureMode, text: str) -> None:
        if text != mode.description:
            self._change([Put(replace(mode, description=text))], "description", f"“{mode.name}” is described")

    def ask_merge(self, mode: FailureMode) -> None:
        """Ask which mode this one becomes part of."""
        bench = self.bench
        others = [
            (other, bench.everywhere.get(other.mode_id, 0)) for other in bench.modes if other.mode_id != mode.mode_id
        ]
        words = "All its marks, by everybody, count as the other's from then on. Undo parts them again."
        asking = PickMode(f"Merge “{mode.name}” into…", words, "Merge", others, self._window)
        asking.answered.connect(partial(self.merge, mode))
        asking.open()

    def ask_mode(self, trace_ids: Sequence[str]) -> None:
        """Ask which mode to mark on traces."""
        modes = [(mode, self.bench.everywhere.get(mode.mode_id, 0)) for mode in self.bench.modes]
        if not modes or not trace_ids:
            self.status.emit("Select the notes to give a mode" if modes else "No failure modes yet; M makes one")
            return
        words = f"It is marked on {_traces(len(trace_ids))}, as yours."
        asking = PickMode("Which failure mode?", words, "Mark", modes, self._window)
        asking.answered.connect(partial(self._mark_id, list(trace_ids)))
        asking.open()

    def _mark_id(self, trace_ids: list[str], mode_id: str) -> None:
        if (mode := self.bench.mode(mode_id)) is not None:
            self.mark(mode, trace_ids)

    def merge(self, mode: FailureMode, target_id: str) -> None:
        """Merge a mode into another."""
        if (target := self.bench.mode(target_id)) is not None:
            told = f"“{mode.name}” is part of “{target.name}” now · Undo parts them again"
            self._change(mode_changes.merged(mode, target), "merging failure modes", told)

    def ask_split(self, mode: FailureMode, chosen: frozenset[str]) -> None:
        """Ask which traces of a mode move to a new one; `chosen` are ticked."""
        told = {
            mark.trace_id: _called(*self.bench.unnoted.get(mark.trace_id, ("", "")), here=mark.key >= 0)
            for mark in self.bench.marks
            if mark.mode_id == mode.mode_id
        }
        for remark in reversed(self.bench.remarks):
            if remark.trace_id in told:
                told[remark.trace_id] = f"{' '.join(remark.text.split())[:160]}   ({remark.trace_name})"
        asking = SplitMode(mode, list(told.items()), chosen, self._window)
        asking.answered.connect(partial(self._split, mode))
        asking.open()

    def _split(self, mode: FailureMode, found: tuple[str, frozenset[str]]) -> None:
        name, trace_ids = found
        bench = self.bench
        if (other := mode_changes.named(name, bench.modes)) is not None:
            self.status.emit(f"“{other.name}” is there already: give the new failure mode another name")
            return
        part = mode_changes.new_mode(name, self._judging.author, bench.all_modes)
        changes = mode_changes.split(mode, part, trace_ids, bench.marks, bench.all_modes)
        told = f"{_traces(len(trace_ids))} moved from “{mode.name}” to “{name}”"
        self._change(changes, "splitting a failure mode", told)

    def move(self, mode: FailureMode, by: int) -> None:
        """Move a mode up or down; the number keys follow."""
        self._change(mode_changes.moved(self.bench.all_modes, mode.mode_id, by), "reordering", "")

    def remove(self, mode: FailureMode) -> None:
        """Take a mode away with all its marks."""
        count = self.bench.everywhere.get(mode.mode_id, 0)
        told = f"“{mode.name}” and its marks on {_traces(count)} are removed · Undo brings all back"
        self._change(
            mode_changes.removed(mode, self.bench.marks, self.bench.all_modes), "removing a failure mode", told
        )

    def _change(self, changes: Sequence[Change], word: str, told: str) -> None:
        if changes:
            self._judging.change(changes, word)
            if told:
                self.status.emit(told)


def _called(name: str, preview: str, here: bool) -> str:
    """A trace that nobody wrote a note on: its name and the first words of its input."""
    if not here:
        return "a trace that is not in this database"
    words = " ".join(preview[:400].split())[:160]
    return f"{name or '(no name)'}: {words}" if words else name or "(no name)"


def _traces(count: int) -> str:
    return f"{format_count(count)} trace{'' if count == 1 else 's'}"
