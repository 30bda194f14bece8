"""Choosing what a chart measures: from the catalogue by words, or by a formula that is checked while it is typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from tailrace.errors import QueryError
from tailrace.metrics.formula import complete_formula, parse_formula
from tailrace.model import ValueCount
from tailrace.model.measures import Measure
from tailrace.query import Completion, Completions
from tailrace.ui.theme import mono_font, tip, ui_font
from tailrace.ui.views.controls import PaintedButton, Words

_FORMULA_SIGNS = frozenset("()+*/<>=")
_MOST = 200
_DATA = Qt.ItemDataRole.UserRole


class MeasureField(QWidget):
    """What is chosen stands above, what can be chosen below. Enter takes the measure or the formula, Tab puts in what
    completes it; Delete takes a chosen one away.

    Signals: `changed()`.
    """

    changed = Signal()

    def __init__(self, most: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self._known: tuple[Measure, ...] = ()
        self._keys: tuple[str, ...] = ()
        self._scores: tuple[str, ...] = ()
        self._texts: list[str] = []
        self._completions = Completions(0, 0)
        self.chosen = QListWidget()
        self.chosen.setAccessibleName("Measures of the chart")
        self.chosen.setFixedHeight(96)
        self.chosen.installEventFilter(self)
        self.away = PaintedButton("Take away", "x", flat=True, small=True)
        self.up = PaintedButton("Up", "chevron-up", flat=True, small=True)
        self.line = QLineEdit()
        self.line.setPlaceholderText("Find a measure, or write a formula: cost.total / traffic.requests")
        self.line.setAccessibleName("Find a measure or write a formula")
        self.line.installEventFilter(self)
        self.found = QListWidget()
        self.found.setAccessibleName("Measures to choose from")
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words = Words("", "dim", ui_font(12))
        self.words.setMinimumHeight(50)
        self._arrange()
        self.line.textChanged.connect(self._look)
        self.line.cursorPositionChanged.connect(self._look)
        self.found.itemClicked.connect(self._take)
        self.found.currentItemChanged.connect(self._tell)
        self.chosen.currentRowChanged.connect(self._allow)
        self.away.clicked.connect(self._take_away)
        self.up.clicked.connect(self._move_up)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        label = QLabel("Measures")
        label.setObjectName("dim")
        head.addWidget(label, 1)
        head.addWidget(self.up)
        head.addWidget(self.away)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.chosen)
        column.addWidget(self.line)
        column.addWidget(self.found, 1)
        column.addWidget(self.words)

    def offer(self, known: Sequence[Measure], keys: Sequence[str], scores: Sequence[str]) -> None:
        """What can be chosen: measures, and the attributes and scores that formulas may name."""
        self._known, self._keys, self._scores = tuple(known), tuple(keys), tuple(scores)
        self._look()

    def set_texts(self, texts: Sequence[str]) -> None:
        """What is chosen: ids of measures and formulas."""
        self._texts = list(texts)
        self._show_chosen(0)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is chosen."""
        return tuple(self._texts)

    @property
    def unfinished(self) -> str:
        """What is typed and not taken yet."""
        return self.line.text().strip()

    @property
    def can_take(self) -> bool:
        """Whether Enter would take what is typed."""
        item = self.found.currentItem()
        if item is not None and isinstance(item.data(_DATA), Measure):
            return True
        try:
            parse_formula(self.unfinished)
        except QueryError:
            return False
        return True

    # ---- what is chosen ----

    def _show_chosen(self, row: int) -> None:
        self.chosen.clear()
        titles = {measure.id: measure.title for measure in self._known}
        for text in self._texts:
            title = titles.get(text, text)
            item = QListWidgetItem(title if title == text else f"{title}   {text}")
            item.setToolTip(tip(self._definition(text)))
            self.chosen.addItem(item)
        self.chosen.setCurrentRow(min(row, len(self._texts) - 1))
        self._allow()

    def _definition(self, text: str) -> str:
        try:
            return parse_formula(text).definition
        except QueryError as error:
            return error.message

    def _allow(self, *_: object) -> None:
        row = self.chosen.currentRow()
        self.away.setEnabled(row >= 0)
        self.up.setEnabled(row > 0)

    def _take_away(self) -> None:
        row = self.chosen.currentRow()
        if row >= 0:
            del self._texts[row]
            self._show_chosen(row)
            self.changed.emit()

    def _move_up(self) -> None:
        row = self.chosen.currentRow()
        if row > 0:
            self._texts.insert(row - 1, self._texts.pop(row))
            self._show_chosen(row - 1)
            self.changed.emit()

    def _add(self, text: str) -> None:
        if text in self._texts:
            self.words.set_text("This is measured already")
            return
        if len(self._texts) >= self._most:
            self.words.set_text(f"{self._most} measures at most: take one away first")
            return
        self._texts.append(text)
        self._show_chosen(len(self._texts) - 1)
        self.line.clear()
        self.changed.emit()

    # ---- what can be chosen ----

    def _look(self, *_: object) -> None:
        text = self.line.text()
        words = text.casefold().split()
        self.found.clear()
        matches = sorted(
            (one for one in self._known if all(word in _searched(one) for word in words)),
            key=lambda one: _distance(one, words),
        )
        if text.strip() and (_FORMULA_SIGNS & set(text) or not matches):
            self._offer_completions(text)
        else:
            self._completions = Completions(0, 0)
            for measure in matches[:_MOST]:
                item = QListWidgetItem(f"{measure.title}   {measure.id}")
                item.setData(_DATA, measure)
                item.setToolTip(tip(measure.definition))
                self.found.addItem(item)
        self.found.setCurrentRow(0 if self.found.count() else -1)
        self._tell()

    def _offer_completions(self, text: str) -> None:
        self._completions = complete_formula(text, self.line.cursorPosition(), self._values)
        for completion in self._completions.items:
            item = QListWidgetItem(f"{completion.label}   {completion.detail}".strip())
            item.setData(_DATA, completion)
            item.setFont(mono_font(12))
            self.found.addItem(item)

    def _values(self, field: str, prefix: str) -> list[ValueCount]:
        names = {"attr.": self._keys, "score.": self._scores}.get(field, ())
        lowered = prefix.casefold()
        return [ValueCount(name, 0) for name in names if name.casefold().startswith(lowered)][:_MOST]

    def _tell(self, *_: object) -> None:
        """What would be taken, or what is wrong with the formula."""
        current = self.found.currentItem()
        data = None if current is None else current.data(_DATA)
        if isinstance(data, Measure):
            self.words.set_text(data.definition)
            return
        text = self.line.text().strip()
        if not text:
            self.words.set_text("")
            return
        try:
            measure = parse_formula(text)
        except QueryError as error:
            self.words.set_text(f"{error.message} (at character {error.position + 1})")
        else:
            self.words.set_text(f"Enter takes this formula. It is counted in {measure.unit.value}.")

    def _take(self, item: QListWidgetItem | None) -> None:
        data = None if item is None else item.data(_DATA)
        if isinstance(data, Measure):
            self._add(data.id)
        elif isinstance(data, Completion):
            self._complete(data)

    def _complete(self, completion: Completion) -> None:
        text = self.line.text()
        before = text[: self._completions.start] + completion.insert
        self.line.setText(before + text[self._completions.end :])
        self.line.setCursorPosition(len(before))
        self.line.setFocus()

    def _take_typed(self) -> None:
        item = self.found.currentItem()
        if item is not None and isinstance(item.data(_DATA), Measure):
            self._take(item)
            return
        text = self.line.text().strip()
        try:
            measure = parse_formula(text)
        except QueryError:
            self._take(item)
        else:
            self._add(measure.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: Enter and Tab in the line, arrows in what is below it, Delete in what is chosen."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if watched is self.chosen and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._take_away()
            return True
        if watched is not self.line:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.line.text().strip():
            self._take_typed()
            return True
        if key == Qt.Key.Key_Tab and self._completions.items and self.found.currentItem() is not None:
            self._take(self.found.currentItem())
            return True
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.found.count():
            step = 1 if key == Qt.Key.Key_Down else -1
            self.found.setCurrentRow(max(0, min(self.found.count() - 1, self.found.currentRow() + step)))
            return True
        return False


def _distance(measure: Measure, words: Sequence[str]) -> int:
    """How far a measure is from what was typed, as Enter takes the nearest: one that is called so stands before one
    that is only told about with these words."""
    phrase, title, named = " ".join(words), measure.title.casefold(), f"{measure.title} {measure.id}".casefold()
    nearness = (phrase in (title, measure.id.casefold()), title.startswith(phrase), phrase in named,
                all(word in named for word in words))  # fmt: skip
    return next((place for place, near in enumerate(nearness) if near), len(nearness))


def _searched(measure: Measure) -> str:
    return f"{measure.title} {measure.id} {measure.group} {measure.definition}".casefold()
