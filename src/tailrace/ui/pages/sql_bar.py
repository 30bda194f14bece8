"""What stands in the top row while the SQL page is shown: questions to begin with, and what was run before."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from tailrace.model.sql import ROWS
from tailrace.model.sql_examples import SQL_EXAMPLES
from tailrace.model.words import count_of, format_age
from tailrace.ui.models.sql_history import Ran
from tailrace.ui.theme import ui_font
from tailrace.ui.views.bar_button import BarButton
from tailrace.ui.views.picker import Choice, Picker

_WIDE = 460
_MOST_TIP = 1_500


class SqlBar(QWidget):
    """Signals: `chosen(object)` a statement to put into the editor."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ran: Sequence[Ran] = ()
        self.examples = BarButton(icon="lightbulb", parent=self)
        self.examples.set_text("Examples")
        self.examples.setToolTip("Statements to begin with")
        self.history = BarButton(icon="history", parent=self)
        self.history.set_text("History")
        self.history.setToolTip("What was run in this database")
        self._example_picker = Picker("Examples", "Find a question", self)
        self._history_picker = Picker("History", "Find a statement", self)
        note = QLabel("The filter does not apply here: the views hold all traces.")
        note.setObjectName("dim")
        note.setFont(ui_font(12))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.examples)
        row.addWidget(self.history)
        row.addStretch(1)
        row.addWidget(note)
        self.examples.clicked.connect(self.open_examples)
        self.history.clicked.connect(self.open_history)
        self._example_picker.chosen.connect(self._take_example)
        self._history_picker.chosen.connect(self._take_ran)

    def show_history(self, ran: Sequence[Ran]) -> None:
        """What was run, the latest first."""
        self._ran = ran

    def open_examples(self) -> None:
        """Open the questions."""
        self._example_picker.offer(
            [Choice(str(place), one.title, tip=one.sql) for place, one in enumerate(SQL_EXAMPLES)]
        )
        self._example_picker.open_under(self.examples, _WIDE)

    def open_history(self) -> None:
        """Open what was run."""
        now = time.time_ns()
        self._history_picker.offer(
            [
                Choice(str(place), one.sql, _detail(one, now), tip=one.sql[:_MOST_TIP])
                for place, one in enumerate(self._ran)
            ]
        )
        if not self._ran:
            self._history_picker.show_waiting("Nothing was run in this database yet")
        self._history_picker.open_under(self.history, _WIDE)

    def _take_example(self, place: object) -> None:
        self.chosen.emit(SQL_EXAMPLES[int(str(place))].sql)

    def _take_ran(self, place: object) -> None:
        self.chosen.emit(self._ran[int(str(place))].sql)


def _detail(ran: Ran, now_ns: int) -> str:
    if ran.rows is None:
        came = "no result"
    else:
        came = f"{ROWS:,}+ rows" if ran.rows >= ROWS else count_of(ran.rows, "row")
    return f"{came} · {format_age(now_ns - ran.when_ns)}"
