"""Changing the terms of a queue. Which traces it holds stays as it was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tailrace.model.review import Queue
from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import Words
from tailrace.ui.views.fitting import fit
from tailrace.ui.views.review.queue_terms import QueueTerms
from tailrace.ui.views.review.recipe_words import recipe_words


class EditQueueDialog(QDialog):
    """Name, instructions, reviewers and blind mode.

    Signals: `accepted_queue(object)` carries the changed Queue, its times as they were; nothing when nothing changed.
    """

    accepted_queue = Signal(object)

    def __init__(self, queue: Queue, reviewers: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.setWindowTitle("Edit queue")
        title = QLabel("Edit queue")
        title.setFont(ui_font(18, QFont.Weight.DemiBold))
        chosen = Words(f"Chosen as: {recipe_words(queue.recipe)}", "dim", ui_font(13))
        self.terms = QueueTerms()
        self.terms.propose_reviewers(reviewers)
        self.terms.show_queue(queue)
        self.terms.changed.connect(self._check)
        note = Words(
            "Verdicts stay whatever you change here. With other reviewers the traces are dealt out again.",
            "faint",
            ui_font(12),
        )
        self.save = QPushButton("Save")
        self.save.setObjectName("primary")
        self.save.setDefault(True)
        self.save.clicked.connect(self.accept)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(note, 1, Qt.AlignmentFlag.AlignVCenter)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(14)
        column.addWidget(title)
        column.addWidget(chosen)
        column.addWidget(self.terms, 1)
        column.addLayout(buttons)
        fit(self, 720, 400)
        self.terms.name.setFocus()
        self._check()

    def accept(self) -> None:
        """Qt: save, where something has changed."""
        if not self.save.isEnabled():
            return
        changed = self.terms.applied_to(self._queue)
        if changed != self._queue:
            self.accepted_queue.emit(changed)
        super().accept()

    def _check(self) -> None:
        self.save.setEnabled(bool(self.terms.name.text().strip()))
