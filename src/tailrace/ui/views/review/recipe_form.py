"""Which traces go into a queue: six ways to choose, and what each of them needs to know."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tailrace.model.review import QueueSource, Recipe
from tailrace.model.words import format_count
from tailrace.ui.views.controls import PaintedButton, Switch
from tailrace.ui.views.review.card_button import CardButton
from tailrace.ui.views.review.form_parts import Labelled, ProposingLine
from tailrace.ui.views.review.recipe_words import SCORED, SEEDED, SOURCES

_SOURCES = tuple(QueueSource)
_ALL_OF_THEM = frozenset({QueueSource.FILTER, QueueSource.DISAGREEMENTS})
_USUAL_SIZE = 100
_MOST = 10_000_000
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a queue is chosen from: the current filter and time range, in words too, with how many traces match (None
    while that is not known); the fields and the scores there are."""

    filter_text: str = ""
    since_ns: int | None = None
    until_ns: int | None = None
    words: str = "all traces"
    count: int | None = None
    fields: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()


class RecipeForm(QWidget):
    """Cards and, below them, the fields of the chosen one.

    Signals: `changed()` whenever a person changes something.
    """

    changed = Signal()

    def __init__(self, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self._cards = QButtonGroup(self)
        cards = QGridLayout()
        cards.setSpacing(8)
        for place, source in enumerate(_SOURCES):
            words = SOURCES[source]
            card = CardButton(words.icon, words.title, words.sentence)
            card.setCheckable(True)
            card.setAutoExclusive(True)
            self._cards.addButton(card, place)
            cards.addWidget(card, place // _COLUMNS, place % _COLUMNS)
        self._cards.button(_SOURCES.index(QueueSource.RANDOM)).setChecked(True)
        self._cards.idClicked.connect(self._choose)
        self._say_count()
        self.how_many = Switch({"all": "All", "some": "At most"}, "How many")
        self.how_many.set_value("some")
        self.how_many.chosen.connect(self._take_limit)
        self.limit = QLineEdit(str(_USUAL_SIZE))
        self.limit.setValidator(QIntValidator(1, _MOST, self))
        self.limit.setAccessibleName("At most so many traces")
        self.limit.setFixedWidth(84)
        self.limit.textChanged.connect(self.changed)
        self.seed = QLineEdit(str(new_seed()))
        self.seed.setValidator(QIntValidator(0, 2**31 - 1, self))
        self.seed.setFixedWidth(84)
        self.seed.setToolTip("The same seed chooses the same traces again")
        self.seed.textChanged.connect(self.changed)
        self.roll = PaintedButton("", "dices")
        self.roll.setAccessibleName("New seed")
        self.roll.setToolTip("New seed: other traces")
        self.roll.clicked.connect(self._roll)
        self.by = ProposingLine("model, version, attr.KEY …")
        self.by.propose(around.fields)
        self.by.textChanged.connect(self.changed)
        self.score = ProposingLine("the score’s name")
        self.score.propose(around.scores)
        self.score.setText(around.scores[0] if around.scores else "")
        self.score.textChanged.connect(self.changed)
        self.below = QLineEdit("0.5")
        self.below.setFixedWidth(64)
        self.below.textChanged.connect(self.changed)
        self._size_part = Labelled("&How many", _row(self.how_many, self.limit))
        self._seed_part = Labelled("See&d", _row(self.seed, self.roll))
        self._by_part = Labelled("By &field", _row(self.by))
        self._score_part = Labelled("&Score", _row(self.score))
        self._below_part = Labelled("&Below", _row(self.below))
        fields = QHBoxLayout()
        fields.setSpacing(18)
        for part in (self._by_part, self._score_part, self._below_part, self._size_part, self._seed_part):
            fields.addWidget(part)
        fields.addStretch(1)
        for line in (self.by, self.score):
            line.setFixedWidth(210)
        for name, field in (("Seed", self.seed), ("Field", self.by), ("Score", self.score), ("Below", self.below)):
            field.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(cards)
        column.addLayout(fields)
        self._fit_fields()

    @property
    def source(self) -> QueueSource:
        """The way that is chosen."""
        return _SOURCES[self._cards.checkedId()]

    def card(self, source: QueueSource) -> CardButton:
        """The card of a way."""
        card = self._cards.button(_SOURCES.index(source))
        assert isinstance(card, CardButton)
        return card

    def choose(self, source: QueueSource) -> None:
        """Begin with a way, as if its card had been clicked."""
        self.card(source).setChecked(True)
        self._choose(_SOURCES.index(source))

    def propose(self, fields: Sequence[str], scores: Sequence[str]) -> None:
        """Fields and scores there are, when they become known later."""
        self.by.propose(fields)
        self.score.propose(scores)
        if not self.score.text() and scores:
            self.score.setText(scores[0])

    @property
    def missing(self) -> str:
        """What is wanted yet, in words; "" when the recipe is whole."""
        if self.source is QueueSource.STRATIFIED and not self.by.text().strip():
            return "Which field? Its values become the strata."
        if self.source in SCORED and not self.score.text().strip():
            return "Which score?"
        if self.source is QueueSource.LOW_SCORED and _number(self.below.text()) is None:
            return "Below which value? A number, such as 0.5."
        if self.how_many.value == "some" and not self.limit.hasAcceptableInput():
            return "How many traces at most? A number from 1."
        if self.source in SEEDED and not self.seed.hasAcceptableInput():
            return "The seed is a number."
        return ""

    @property
    def recipe(self) -> Recipe:
        """As it stands; whole when nothing is `missing`."""
        source, around = self.source, self._around
        some = self.how_many.value == "some" and self.limit.hasAcceptableInput()
        seeded = source in SEEDED and self.seed.hasAcceptableInput()
        return Recipe(
            source=source,
            filter_text=around.filter_text,
            since_ns=around.since_ns,
            until_ns=around.until_ns,
            size=int(self.limit.text()) if some else None,
            seed=int(self.seed.text()) if seeded else 0,
            by=self.by.text().strip() or None if source is QueueSource.STRATIFIED else None,
            score=self.score.text().strip() or None if source in SCORED else None,
            below=_number(self.below.text()) if source is QueueSource.LOW_SCORED else None,
        )

    def _choose(self, place: int) -> None:
        self.how_many.set_value("all" if _SOURCES[place] in _ALL_OF_THEM else "some")
        self._fit_fields()
        self.changed.emit()

    def _take_limit(self, _: object) -> None:
        self._fit_fields()
        if self.how_many.value == "some":
            self.limit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.limit.selectAll()
        self.changed.emit()

    def _roll(self) -> None:
        self.seed.setText(str(new_seed()))

    def _fit_fields(self) -> None:
        source = self.source
        self.limit.setVisible(self.how_many.value == "some")
        self._seed_part.setVisible(source in SEEDED)
        self._by_part.setVisible(source is QueueSource.STRATIFIED)
        self._score_part.setVisible(source in SCORED)
        self._below_part.setVisible(source is QueueSource.LOW_SCORED)

    def _say_count(self) -> None:
        words = SOURCES[QueueSource.FILTER]
        if self._around.count is not None:
            traces = f"{format_count(self._around.count)} trace{'' if self._around.count == 1 else 's'}"
            self.card(QueueSource.FILTER).set_words(words.title, f"The {traces} of the filter, oldest first.")


def new_seed() -> int:
    """A seed that is easy to say."""
    return random.randrange(1, 100_000)


def _number(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None


def _row(*parts: QWidget) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    for part in parts:
        line.addWidget(part)
    row.setFixedHeight(30)
    row.setFocusProxy(parts[0])
    return row
