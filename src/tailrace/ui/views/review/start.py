"""The Review page while there is no queue: what reviewing is for, and ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tailrace.model.review import QueueSource, Recipe
from tailrace.model.words import count_of, format_count
from tailrace.query import with_term
from tailrace.ui.theme import give_tip, pixmap, tokens, ui_font
from tailrace.ui.views.review.card_button import CardButton
from tailrace.ui.views.review.recipe_form import Surroundings, new_seed
from tailrace.ui.views.review.recipe_words import proposed_name
from tailrace.ui.views.spoken import Role

_SAMPLE = 100
_WIDEST = 840
_STEPS = (
    (
        "book-open-text",
        "Read",
        "One trace at a time, the conversation first. One key gives the verdict.",
    ),
    ("pencil", "Say what is wrong", "A note in your own words. Notes that tell the same become failure modes."),
    ("scale", "Know how sure it is", "How often each mode occurs, and how far reviewers agree, with the figures."),
)


class ReviewStart(QWidget):
    """Cards to begin with.

    Signals: `quick_queue(object, str)` a Recipe and a name; `new_queue_wanted()`; `merge_wanted()`.
    """

    SPOKEN_AS = Role.Pane
    quick_queue = Signal(object, str)
    new_queue_wanted = Signal()
    merge_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Review: no queue is open")  # it has the focus until there is something to give it to
        self._around = Surroundings()
        title = QLabel("Read a few hundred traces, and know what fails")
        title.setFont(ui_font(20, QFont.Weight.DemiBold))
        title.setWordWrap(True)
        self._within = QLabel()
        self._within.setObjectName("dim")
        self._within.setTextFormat(Qt.TextFormat.PlainText)
        self._pictures: list[tuple[QLabel, str]] = []
        steps = QHBoxLayout()
        steps.setSpacing(28)
        for picture, word, sentence in _STEPS:
            steps.addLayout(self._step(picture, word, sentence), 1)
        self.filtered = CardButton("list-checks", "", "", primary=True)
        self.sampled = CardButton("shuffle", f"Random sample of {_SAMPLE}", "")
        self.errors = CardButton("triangle-alert", "Unreviewed errors", "")
        self.custom = CardButton(
            "sliders-horizontal",
            "From a custom recipe…",
            "Stratified, low-scored, disagreements; several reviewers, blind.",
            lines=1,
        )
        self.merged = CardButton(
            "git-merge",
            "Merge a colleague’s review…",
            "Their file brings queues, verdicts, notes and failure modes.",
            lines=1,
        )
        self.filtered.clicked.connect(self._begin_filtered)
        self.sampled.clicked.connect(self._begin_sample)
        self.errors.clicked.connect(self._begin_errors)
        self.custom.clicked.connect(self.new_queue_wanted)
        self.merged.clicked.connect(self.merge_wanted)
        cards = QGridLayout()
        cards.setSpacing(10)
        cards.addWidget(self.filtered, 0, 0, 1, 2)
        cards.addWidget(self.sampled, 0, 2, 1, 2)
        cards.addWidget(self.errors, 0, 4, 1, 2)
        cards.addWidget(self.custom, 1, 0, 1, 3)
        cards.addWidget(self.merged, 1, 3, 1, 3)
        for column in range(6):
            cards.setColumnStretch(column, 1)
        begin = QLabel("Begin")
        begin.setFont(ui_font(14, QFont.Weight.DemiBold))
        body = QWidget()
        body.setMaximumWidth(_WIDEST)
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(title)
        inner.addSpacing(22)
        inner.addLayout(steps)
        inner.addSpacing(30)
        inner.addWidget(begin)
        inner.addSpacing(2)
        inner.addWidget(self._within)
        inner.addSpacing(12)
        inner.addLayout(cards)
        centred(self, body)
        self.setFocusPolicy(
            Qt.FocusPolicy.StrongFocus
        )  # itself: an Enter that was meant for something else makes no queue
        self.show_surroundings(self._around)
        self._dress()

    def show_surroundings(self, around: Surroundings) -> None:
        """The filter and how many traces match it; a count of None is not known yet."""
        self._around = around
        words = f"From {around.words}"
        self._within.setText(self._within.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, _WIDEST - 40))
        give_tip(self._within, around.words)
        count = around.count
        if count is None:
            title, sentence = "Review what is filtered", "Every trace of the current filter, oldest first."
        elif count == 0:
            title, sentence = (
                "Nothing matches the filter",
                "Change or clear the filter, then there is something to read.",
            )
        elif count == 1:
            title, sentence = "Review the one trace", "The current filter leaves one."
        else:
            title, sentence = f"Review {count_of(count, 'trace')}", "Every trace of the current filter, oldest first."
        self.filtered.set_words(title, sentence)
        sampled = "An honest picture of the whole, whatever its size."
        if count is not None and 0 < count <= _SAMPLE:
            sampled = f"All {format_count(count)} of them, in random order."
        self.sampled.set_words(f"Random sample of {_SAMPLE}", sampled)
        self.errors.set_words("Unreviewed errors", f"Up to {_SAMPLE} traces with an error and no verdict of yours.")
        for card in (self.filtered, self.sampled, self.errors):
            card.setEnabled(count != 0)

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _begin_filtered(self) -> None:
        self._begin(QueueSource.FILTER, None)

    def _begin_sample(self) -> None:
        self._begin(QueueSource.RANDOM, _SAMPLE)

    def _begin_errors(self) -> None:
        self._begin(QueueSource.UNREVIEWED, _SAMPLE, with_term(self._around.filter_text, "status", "error"))

    def _begin(self, source: QueueSource, size: int | None, text: str | None = None) -> None:
        around = self._around
        seed = 0 if source is QueueSource.FILTER else new_seed()
        filter_text = around.filter_text if text is None else text
        recipe = Recipe(source, filter_text, around.since_ns, around.until_ns, size, seed)
        self.quick_queue.emit(recipe, "Unreviewed errors" if text else proposed_name(recipe))

    def _step(self, picture: str, word: str, sentence: str) -> QVBoxLayout:
        sign = QLabel()
        self._pictures.append((sign, picture))
        title = QLabel(word)
        title.setFont(ui_font(13, QFont.Weight.DemiBold))
        words = QLabel(sentence)
        words.setObjectName("dim")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(5)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(sign)
        head.addWidget(title, 1)
        column.addLayout(head)
        column.addWidget(words, 1)
        return column

    def _dress(self) -> None:
        theme = tokens(self)
        for label, name in self._pictures:
            label.setPixmap(pixmap(name, theme.accent, 18, self.devicePixelRatioF()))


def centred(page: QWidget, body: QWidget) -> None:
    """Put `body` a little above the middle of a page."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(body, 100)
    row.addStretch(1)
    column = QVBoxLayout(page)
    column.setContentsMargins(32, 24, 32, 24)
    column.addStretch(2)
    column.addLayout(row)
    column.addStretch(3)
