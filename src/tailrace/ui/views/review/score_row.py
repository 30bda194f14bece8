"""One defined score: its name, the control that gives it, and what is to be said of it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tailrace.model import Score
from tailrace.model.review import DefinitionKind, ScoreDefinition
from tailrace.ui.theme import give_tip, tokens, ui_font
from tailrace.ui.views.controls import Words, draw_elided
from tailrace.ui.views.review.choice_control import ChoiceControl
from tailrace.ui.views.review.draft_field import DraftField
from tailrace.ui.views.review.number_control import NumberControl
from tailrace.ui.views.review.score_control import ScoreControl
from tailrace.ui.views.review.score_values import OUTSIDE, is_allowed, number_words, range_words, value_of


class _Name(QWidget):
    """A score's name on one line; a required one has a star, red while it is missing."""

    def __init__(self, definition: ScoreDefinition, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = definition.name
        self._required = definition.required
        self.missing = False
        self.setFont(ui_font(13))
        wanted = "Required" if definition.required else ""
        give_tip(self, "\n".join(filter(None, (definition.name, definition.description, wanted))))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(100, 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setFont(self.font())
            room = self.width() - (12 if self._required else 4)
            wide = min(room, QFontMetrics(self.font()).horizontalAdvance(self._name) + 1)
            left = Qt.AlignmentFlag.AlignLeft
            draw_elided(painter, QRect(0, 0, wide, self.height()), self._name, theme.text, left)
            if self._required:
                colour = theme.err if self.missing else theme.dim
                draw_elided(painter, QRect(wide + 3, 0, 9, self.height()), "*", colour, left)


class ScoreRow(QWidget):
    """Signals: `given(definition_id, value, token)`, `left()`, `filled_changed()`, `grown()`."""

    given = Signal(object, object, object)
    left = Signal()
    filled_changed = Signal()
    grown = Signal()

    def __init__(self, definition: ScoreDefinition, parent: QWidget) -> None:
        super().__init__(parent)
        self.definition = definition
        self._outside = False
        self.name = _Name(definition, self)
        self.hint = Words("", "dim", ui_font(12), self)
        self.hint.hide()
        self.strange = Words("", "warn", ui_font(12), self)
        self.strange.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        self.control: ScoreControl | None = None
        self.text: DraftField | None = None
        if definition.kind is DefinitionKind.TEXT:
            wanted = ", required" if definition.required else ""
            self.text = DraftField(f"{definition.name}{wanted}", "", self, (1, 6))
            self.text.editor.changed.connect(self._write)
            self.text.editor.left.connect(self.left)
            self.text.editor.focus_changed.connect(self._look)
            self.text.editor.textChanged.connect(self._look)
            column.addWidget(self.name)
            column.addWidget(self.text)
        else:
            numeric = definition.kind is DefinitionKind.NUMBER
            self.control = NumberControl(definition, self) if numeric else ChoiceControl(definition, self)
            self.control.given.connect(self._give)
            self.control.left.connect(self.left)
            self.control.shown.connect(self._look)
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(self.name, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(self.control, 1)
            column.addLayout(line)
        column.addWidget(self.strange)
        column.addWidget(self.hint)
        self._look()

    @property
    def field(self) -> QWidget:
        """What takes the focus."""
        field = self.text.editor if self.text is not None else self.control
        assert field is not None
        return field

    @property
    def is_filled(self) -> bool:
        """Whether there is a value."""
        if self.text is not None:
            return bool(self.text.editor.text.strip())
        return self.control is not None and self.control.value is not None

    def show_score(self, token: object, score: Score | None) -> None:
        """Show what the file holds."""
        value = value_of(self.definition, score)
        if self.text is not None:
            self.text.editor.show_text(token, value if isinstance(value, str) else "")
        if self.control is not None:
            self.control.show_value(token, value)
        self._look()

    def flush(self) -> None:
        """Tell what has not been told."""
        if self.text is not None:
            self.text.editor.flush()
        if self.control is not None:
            self.control.flush()

    def confirm(self) -> None:
        """All that was given is in the file."""
        if self.text is not None:
            self.text.editor.confirm()
        if self.control is not None:
            self.control.confirm()

    def set_name_width(self, width: int) -> None:
        """How much of the line is the name's."""
        if self.text is None:
            self.name.setFixedWidth(width)

    def _look(self) -> None:
        focused = self.field.hasFocus()
        control = self.control
        says = [self.definition.description, range_words(self.definition)] if focused else []
        if isinstance(control, NumberControl) and control.is_refused:
            low, high = number_words(self.definition.low), number_words(self.definition.high)
            says = [f"A number from {low} to {high}, please"]
        strange = "" if control is None or is_allowed(self.definition, control.value) else OUTSIDE
        self.name.missing = self.definition.required and not self.is_filled
        self.name.update()
        changed = False
        for line, words in ((self.hint, "\n".join(filter(None, says))), (self.strange, strange)):
            if line.text != words:
                line.set_text(words)
                line.setVisible(bool(words))
                changed = True
        if changed:
            self.grown.emit()
        self.filled_changed.emit()

    def _give(self, value: object, token: object) -> None:
        self.given.emit(self.definition.definition_id, value, token)

    def _write(self, token: object, text: str) -> None:
        self.given.emit(self.definition.definition_id, text if text.strip() else None, token)
