"""Making a queue: which traces, under which terms, with what comes of it shown before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tailrace.model.review import Queue, QueueSource, Recipe
from tailrace.ui.theme import give_tip, pixmap, tokens, ui_font
from tailrace.ui.views.fitting import fit, scrolling
from tailrace.ui.views.review.form_parts import StrataPicture
from tailrace.ui.views.review.queue_terms import QueueTerms
from tailrace.ui.views.review.recipe_form import RecipeForm, Surroundings
from tailrace.ui.views.review.recipe_words import proposed_name

_PAUSE_MS = 250


class NewQueueDialog(QDialog):
    """Give it the reviewer and what to choose from; answer `preview_wanted` with `show_preview` or `show_problem`.

    Signals: `preview_wanted(object)` carries a Recipe, once the person pauses; `accepted_queue(object)` the Queue,
    without times: the caller samples and writes.
    """

    preview_wanted = Signal(object)
    accepted_queue = Signal(object)

    def __init__(self, reviewer: str, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reviewer = reviewer
        self._proposed = ""
        self._problem = ""
        self.setWindowTitle("New queue")
        title = QLabel("What do you want to read?")
        title.setFont(ui_font(18, QFont.Weight.DemiBold))
        words = f"Chosen from {around.words}"
        within = QLabel()
        within.setObjectName("dim")
        within.setTextFormat(Qt.TextFormat.PlainText)
        within.setText(within.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, 700))
        give_tip(within, words)
        self.form = RecipeForm(around)
        self.form.changed.connect(self._change)
        self.preview = _Preview()
        self.terms = QueueTerms()
        self.terms.changed.connect(self._check)
        self.make = QPushButton("Make queue")
        self.make.setObjectName("primary")
        self.make.setDefault(True)
        self.make.clicked.connect(self.accept)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.make)
        head = QVBoxLayout()
        head.setSpacing(3)
        head.addWidget(title)
        head.addWidget(within)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(14)
        body = QWidget()
        parts = QVBoxLayout(body)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(14)
        parts.addWidget(self.form)
        parts.addWidget(self.preview)
        parts.addWidget(self.terms, 1)
        column.addLayout(head)
        column.addWidget(scrolling(body), 1)
        column.addLayout(buttons)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        fit(self, 780, 656)
        self.form.card(self.form.source).setFocus()
        self._change()

    def show_preview(self, words: str, strata: Sequence[tuple[str, int]] = (), recipe: Recipe | None = None) -> None:
        """What the recipe gives. An answer to an older `recipe` is dropped."""
        if recipe is None or recipe == self.form.recipe:
            self._problem = ""
            self.preview.show_words("check", "ok", words, strata)
            self._check()

    def show_problem(self, words: str, recipe: Recipe | None = None) -> None:
        """Why the recipe gives no queue; it cannot be made as long."""
        if recipe is None or recipe == self.form.recipe:
            self._problem = words
            self.preview.show_words("triangle-alert", "warn", words)
            self._check()

    def choose(self, source: QueueSource) -> None:
        """Begin with one way of choosing."""
        self.form.choose(source)
        self.form.card(source).setFocus()

    def accept(self) -> None:
        """Qt: make it, where that can be done."""
        if not self.make.isEnabled():
            return
        made = Queue(uuid.uuid4().hex, "", self.form.recipe, author=self._reviewer)
        self.accepted_queue.emit(self.terms.applied_to(made))
        super().accept()

    def _change(self) -> None:
        self._problem = ""
        name = proposed_name(self.form.recipe)
        if self.terms.name.text() in ("", self._proposed):
            self.terms.name.setText(name)
        self._proposed = name
        if missing := self.form.missing:
            self._pause.stop()
            self.preview.show_words("info", "dim", missing)
        else:
            self.preview.show_words("hourglass", "dim", "Choosing …")
            self._pause.start()
        self._check()

    def _ask(self) -> None:
        if not self.form.missing:
            self.preview_wanted.emit(self.form.recipe)

    def _check(self) -> None:
        unnamed = not self.terms.name.text().strip()
        self.make.setEnabled(not (self._problem or self.form.missing or unnamed))
        self.make.setToolTip("A queue needs a name." if unnamed else "")


class _Preview(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self._look = ("info", "dim")
        self._picture = QLabel()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.strata = StrataPicture()
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._picture)
        top.addWidget(self._words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 9)
        column.setSpacing(7)
        column.addStretch(1)
        column.addLayout(top)
        column.addWidget(self.strata)
        column.addStretch(1)
        self.setStyleSheet("_Preview { background: palette(button); border-radius: 8px; }")
        self.setFixedHeight(76)

    @property
    def text(self) -> str:
        return self._words.text()

    def show_words(self, picture: str, tone: str, words: str, strata: Sequence[tuple[str, int]] = ()) -> None:
        self._look = (picture, tone)
        self._words.setText(words)
        self.strata.show_strata(strata)
        self.setAccessibleName(words)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        name, tone = self._look
        self._picture.setPixmap(pixmap(name, getattr(tokens(self), tone), 16, self.devicePixelRatioF()))
