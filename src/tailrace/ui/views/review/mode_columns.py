"""The three columns of the failure-mode page: each a heading, what belongs to it, and words where it is empty."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from tailrace.model.review import FailureMode
from tailrace.model.words import format_count
from tailrace.review.modes import CrossTable
from tailrace.ui.theme import icon, tokens, ui_font
from tailrace.ui.views.controls import PaintedButton, name_buttons
from tailrace.ui.views.placeholder import Placeholder
from tailrace.ui.views.review.form_parts import ProposingLine
from tailrace.ui.views.review.matrix_rows import FIELDS
from tailrace.ui.views.review.mode_matrix import ModeMatrix
from tailrace.ui.views.review.mode_table import ModeRow, ModeTable
from tailrace.ui.views.review.remark_list import RemarkList
from tailrace.ui.views.review.remark_rows import RemarkRow

_BUTTONS = (
    ("rename", "", "pencil", "Rename", "F2"),
    ("describe", "Describe", "", "Say when a trace has it", ""),
    ("merge", "Merge", "", "Make it part of another; or drag it on the other", ""),
    ("split", "Split", "", "Move some of its traces to a new one", ""),
    ("up", "", "chevron-up", "Move up; the number keys follow", "Alt+Up"),
    ("down", "", "chevron-down", "Move down; the number keys follow", "Alt+Down"),
    ("remove", "", "x", "Remove it and its marks; undo brings all back", "Del"),
)


class _Column(QWidget):
    """A heading over a stack of the contents and of words in their place."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title, self.count = QLabel(title, self), QLabel(self)
        self.title.setFont(ui_font(13, self.title.font().Weight.DemiBold))
        self.count.setObjectName("dim")
        strip = QFrame(self)
        strip.setObjectName("header")
        strip.setFixedHeight(44)
        self.head = QHBoxLayout(strip)
        self.head.setContentsMargins(14, 0, 10, 0)
        self.head.setSpacing(8)
        self.head.addWidget(self.title)
        self.head.addWidget(self.count)
        self.head.addStretch(1)
        self.words = Placeholder(self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.words)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(0)
        self.box.addWidget(strip)
        self.box.addWidget(self.stack, 1)
        self.bottom = QFrame(self)
        self.bottom.setObjectName("status")
        self.foot = QHBoxLayout(self.bottom)
        self.foot.setContentsMargins(14, 7, 14, 7)
        self.box.addWidget(self.bottom)
        self.bottom.hide()

    def say(self, title: str, hint: str, picture: str) -> None:
        """Words in place of the contents."""
        self.words.show_words(title, hint, picture)
        self.stack.setCurrentWidget(self.words)


class ModeColumn(_Column):
    """Failure modes; `buttons` by the name of their command."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Failure modes", parent)
        self.table = ModeTable(self)
        self.stack.addWidget(self.table)
        new = PaintedButton("New", "plus", flat=True, small=True, parent=self)
        new.setAccessibleName("New failure mode")
        new.setToolTip("A failure mode without notes yet")
        self.head.addWidget(new)
        self.buttons: dict[str, PaintedButton] = {"new": new}
        self._bar = QFrame(self)
        self._bar.setObjectName("status")
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(2)
        for name, text, picture, told, key in _BUTTONS:
            button = PaintedButton(text, picture, flat=True, small=True, parent=self)
            button.setAccessibleName(f"{told} ({key})" if key else told)
            button.setToolTip(f"{told}  {key}".strip())
            row.addWidget(button)
            if name == "split":
                row.addStretch(1)
            self.buttons[name] = button
        self.box.addWidget(self._bar)
        self.say("No failure modes yet", "", "shapes")

    def show_rows(self, rows: Sequence[ModeRow], judged: int) -> None:
        """Other modes; `judged` traces are what shares are of."""
        self.table.show_rows(rows)
        self.count.setText(format_count(len(rows)) if rows else "")
        self.title.setToolTip(f"Shares are of the {format_count(judged)} judged traces, with their 95 % interval")
        if rows:
            self.stack.setCurrentWidget(self.table)
        else:
            hint = (
                "Select notes that say the same and press M, or take a group that is proposed. Keys 1–9 then give it."
            )
            self.say("No failure modes yet", hint, "shapes")

    def show_current(self, count: int, traces: int) -> None:
        """Which commands can be given to the current mode, of `count`; `traces` have it anywhere."""
        at = self.table.currentRow()
        for name, button in self.buttons.items():
            row = self.table.current_row()
            can = row is not None
            if name == "up":
                can = at > 0
            elif name == "down":
                can = 0 <= at < count - 1
            elif name == "merge":
                can = can and count > 1
            elif name == "split":
                can = can and traces > 1
            button.setEnabled(can or name == "new")
        self._bar.setVisible(count > 0)


class NoteColumn(_Column):
    """Notes with a search field. Signal `wanted_changed()`: other words are looked for."""

    wanted_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Notes", parent)
        self.list = RemarkList(self)
        self.stack.addWidget(self.list)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Search notes")
        self.field.setAccessibleName("Search notes")
        self.field.setClearButtonEnabled(True)
        name_buttons(self.field, "Clear")
        self.field.setMaximumWidth(220)
        self.field.setMinimumWidth(90)
        self.head.addWidget(self.field, 2)
        self._icon = self.field.addAction(icon("search", tokens(self).faint), QLineEdit.ActionPosition.LeadingPosition)
        name_buttons(self.field, "Search notes")
        self._keys = _told(self)
        self._keys.setText(
            "1–9 gives a mode · 0 finds any · M makes one · G makes one of the group · U takes it off · "
            "Enter opens the trace"
        )
        self.foot.addWidget(self._keys)
        # a letter after a letter: the notes are arranged once
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(80)
        self._typed.timeout.connect(self.wanted_changed)
        self.field.textChanged.connect(self._start)

    @property
    def wanted(self) -> str:
        """The words looked for."""
        return self.field.text()

    def show_rows(self, rows: Sequence[RemarkRow], shown: int, total: int) -> None:
        """Other notes, `shown` of `total`."""
        self.list.show_rows(rows)
        self.bottom.setVisible(bool(rows))
        count = format_count(total)
        self.count.setText("" if not total else count if shown == total else f"{format_count(shown)} of {count}")
        if rows:
            self.stack.setCurrentWidget(self.list)
        elif total:
            self.say(
                "No note has these words", "They are looked for in notes, trace names, authors and modes.", "search"
            )
        else:
            hint = (
                "Read traces on the Review page and write down what went wrong, in your own words: N begins a note. "
                "Notes that say the same become a failure mode here."
            )
            self.say("No notes yet", hint, "sticky-note")

    def show_loading(self) -> None:
        """Notes are on their way."""
        self.bottom.hide()
        self.say("Reading notes…", "", "hourglass")

    def show_problem(self, told: str) -> None:
        """Notes could not be read."""
        self.bottom.hide()
        self.say("The notes could not be read", told, "triangle-alert")

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._icon.setIcon(icon("search", tokens(self).faint))

    def _start(self, _: str) -> None:
        self._typed.start()


class MatrixColumn(_Column):
    """Where each mode lives, with the choice of the field. Signal `field_chosen()`."""

    field_chosen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Where each lives", parent)
        self.matrix = ModeMatrix(self)
        self.stack.addWidget(self.matrix)
        self._by = QLabel("by", self)
        self._by.setObjectName("dim")
        self.line = ProposingLine("model, attr.KEY …", parent=self)
        self.line.propose([*FIELDS, "attr."])
        self.line.setText(FIELDS[0])
        self.line.setAccessibleName("Field to compare by")
        self.line.setToolTip("A field of the filter language, or attr.KEY for any attribute")
        self.line.setMinimumWidth(110)
        self.line.setMaximumWidth(220)
        self.head.addWidget(self._by)
        self.head.addWidget(self.line, 2)
        self.field = FIELDS[0]
        self._summary = _told(self)
        self.foot.addWidget(self._summary)
        completer = self.line.completer()
        assert completer is not None
        completer.activated.connect(self._choose)
        self.line.editingFinished.connect(self._finish)

    def show_table(self, table: CrossTable, modes: Sequence[FailureMode], summary: str) -> None:
        """Another table."""
        self.matrix.show_table(table, modes)
        self._summary.setText(summary)
        self.bottom.show()
        if any(column.value is not None for column in table.columns):
            self.stack.setCurrentWidget(self.matrix)
        else:
            self.say(f"No judged trace has a {self.field}", "Choose another field above.", "shapes")

    def show_nothing(self, marked: bool) -> None:
        """There is nothing to compare: no marks, or no verdicts."""
        self.matrix.show_table(None, ())
        self.bottom.hide()
        if marked:
            self.say(
                "No verdicts yet", "Shares are of judged traces: pass or fail some on the Review page.", "thumbs-up"
            )
        else:
            hint = "Once traces have failure modes, this shows with which model, version or tool each occurs most."
            self.say("Nothing to compare yet", hint, "shapes")

    def show_problem(self, title: str, told: str) -> None:
        """The field does not serve."""
        self.matrix.show_table(None, ())
        self.bottom.hide()
        self.say(title, told, "triangle-alert")

    def _choose(self, text: str) -> None:
        self._take(text)

    def _finish(self) -> None:
        self._take(self.line.text())

    def _take(self, text: str) -> None:
        wanted = text.strip()
        if wanted and wanted not in (self.field, "attr."):
            self.field = wanted
            self.field_chosen.emit()


def _told(parent: QWidget) -> QLabel:
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setMinimumWidth(40)
    return made
