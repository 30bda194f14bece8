"""The failure modes of a trace: those there are, those its note suggests, and a line for a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tailrace.model.review import FailureMode
from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import Words
from tailrace.ui.views.pressable import LinkButton
from tailrace.ui.views.review.heading import Heading
from tailrace.ui.views.review.mode_list import ModeList, ModeRow, shown_rows
from tailrace.ui.views.review.new_mode_field import NewModeField


def mode_rows(
    modes: Sequence[tuple[FailureMode, int]], suggested: Mapping[str, float], marked: Sequence[str]
) -> list[ModeRow]:
    """The modes in the order given, which is that of the number keys; then marks whose mode is not among them."""
    rows = [
        ModeRow(mode.mode_id, mode.name, mode.description, place, count, mode.mode_id in marked,
                mode.mode_id in suggested)
        for place, (mode, count) in enumerate(modes)
    ]  # fmt: skip
    known = {row.mode_id for row in rows}
    strange = [mode_id for mode_id in marked if mode_id not in known]
    rows += [
        ModeRow(mode_id, f"{mode_id} (not in use any more)", "", len(modes) + 9 + place, None, True, False, False)
        for place, mode_id in enumerate(strange)
    ]
    return rows


class ModeSection(QWidget):
    """Signals: `toggled(mode_id)`, `made(name)`, `left()`, `wanted()`: the page of all modes, `row_wanted(QRect)`:
    this part should be in sight."""

    toggled = Signal(object)
    made = Signal(object)
    left = Signal()
    wanted = Signal()
    grown = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._modes: tuple[tuple[FailureMode, int], ...] = ()
        self._suggested: dict[str, float] = {}
        self._marked: tuple[str, ...] = ()
        self._keys: Mapping[str, str] = {}
        self._whole = False
        self.heading = Heading(
            "Failure modes", self, icon="sliders-horizontal", does="Failure modes and their notes: rename, merge, split"
        )
        assert self.heading.button is not None
        self.heading.button.clicked.connect(self.wanted)
        self.empty = Words("None yet. Name the first one that you see.", "dim", ui_font(12), self)
        self.list = ModeList("Failure modes", self)
        self.list.chosen.connect(self.toggled)
        self.more = LinkButton(self)
        self.more.clicked.connect(self._turn_whole)
        self.field = NewModeField(self)
        self.field.made.connect(self.made)
        self.field.chosen.connect(self.toggled)
        self.field.left.connect(self.left)
        self.field.grown.connect(self.grown)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.heading, self.empty, self.list, self.more, self.field):
            column.addWidget(widget)
        self._refresh()

    def show_modes(self, modes: Sequence[tuple[FailureMode, int]], suggestions: Sequence[tuple[str, float]]) -> None:
        """The modes there are in the order of their keys with their counts, and the ids that the note suggests."""
        shown = tuple(modes), dict(suggestions)
        if shown != (self._modes, self._suggested):
            self._modes, self._suggested = shown
            self._refresh()

    def show_marked(self, marked: Sequence[str]) -> None:
        """The ids that the trace is marked with."""
        if tuple(marked) != self._marked:
            self._marked = tuple(marked)
            self._refresh()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The words on the key caps by command."""
        self._keys = dict(keys)
        self._refresh()

    def press(self, number: int) -> None:
        """As the number key: the mode at this place, from 1; nothing where there is none."""
        if 1 <= number <= len(self._modes):
            self.toggled.emit(self._modes[number - 1][0].mode_id)

    def _refresh(self) -> None:
        rows = mode_rows(self._modes, self._suggested, self._marked)
        shown = shown_rows(rows, self._whole)
        self.list.show_rows(shown, self._keys)
        self.empty.setVisible(not rows)
        beyond = len(shown_rows(rows, False)) < len(rows)
        if self._whole:
            self.more.set_words(f"all {len(rows)} are shown: show fewer")
        else:
            self.more.set_words(f"showing {len(shown)} of {len(rows)}: show all, or type below to find one")
        self.more.setVisible(beyond)
        count = sum(row.suggested and not row.marked for row in rows)
        self.heading.set_remark(f"({count} suggested from your notes)" if count else "")
        self.field.show_modes(rows, self._keys)

    def _turn_whole(self) -> None:
        self._whole = not self._whole
        self._refresh()
