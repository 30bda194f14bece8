"""The scores that a reviewer is asked for, and those given under definitions that are no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from tailrace.model import Score
from tailrace.model.review import ScoreDefinition
from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import Words
from tailrace.ui.views.review.score_row import ScoreRow
from tailrace.ui.views.scores import value_words

NAME_WIDTH = 110


class ScoreFields(QWidget):
    """Signals: `given(definition_id, value, token)`: a float, a str or None; `left()`; `filled_changed()`;
    `grown()`."""

    given = Signal(object, object, object)
    left = Signal()
    filled_changed = Signal()
    grown = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._definitions: tuple[ScoreDefinition, ...] = ()
        self._token: object = None
        self._scores: Mapping[str, Score] = {}
        self.rows: list[ScoreRow] = []
        self.others = Words("", "dim", ui_font(12), self)
        self.others.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.others)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_definitions(self, definitions: Sequence[ScoreDefinition]) -> bool:
        """Ask for these; whether they are others than before."""
        if tuple(definitions) == self._definitions:
            return False
        self.flush()
        self._definitions = tuple(definitions)
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, definition in enumerate(self._definitions):
            row = ScoreRow(definition, self)
            row.given.connect(self.given)
            row.left.connect(self.left)
            row.filled_changed.connect(self.filled_changed)
            row.grown.connect(self.grown)
            self._column.insertWidget(place, row)
            self.rows.append(row)
        self._share_out()
        self.show_scores(self._token, self._scores)
        return True

    def show_scores(self, token: object, scores: Mapping[str, Score]) -> None:
        """Show the values that the file holds, by name."""
        self._token, self._scores = token, scores
        for row in self.rows:
            row.show_score(token, scores.get(row.definition.name))
        asked = {definition.name for definition in self._definitions}
        rest = [f"{name} {value_words(score) or score.comment or ''}" for name, score in scores.items()
                if name not in asked]  # fmt: skip
        self.others.set_text("no longer asked for: " + " · ".join(rest) if rest else "")
        self.others.setVisible(bool(rest))
        self.filled_changed.emit()

    def missing(self) -> list[str]:
        """The names of the required scores that have no value."""
        return [row.definition.name for row in self.rows if row.definition.required and not row.is_filled]

    def flush(self) -> None:
        """Tell what has not been told."""
        for row in self.rows:
            row.flush()

    def confirm(self) -> None:
        """All that was given is in the file."""
        for row in self.rows:
            row.confirm()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        wide = min(NAME_WIDTH, max(70, self.width() * 32 // 100))
        for row in self.rows:
            row.set_name_width(wide)
