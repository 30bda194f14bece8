"""Asking for one line of text, with a word on what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import Words


class AskText(QDialog):
    """`check` says what is wrong with a text, or nothing.

    Signals: `answered(object)` the text, when accepted.
    """

    answered = Signal(object)

    def __init__(
        self,
        title: str,
        words: str,
        text: str,
        check: Callable[[str], str],
        accept: str = "Save",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._check = check
        self._first = text
        self.setWindowTitle(title)
        self.line = QLineEdit(text)
        self.line.setAccessibleName(title)
        self.line.selectAll()
        self.problem = Words("", "err", ui_font(12))
        self.problem.setMinimumHeight(18)
        self.ok = QPushButton(accept)
        self.ok.setObjectName("primary")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self.accept)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.ok)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(10)
        label = QLabel(words)
        label.setWordWrap(True)
        column.addWidget(label)
        column.addWidget(self.line)
        column.addWidget(self.problem)
        column.addLayout(buttons)
        self.setMinimumWidth(420)
        self.line.textChanged.connect(self._look)
        self._look(text)

    def accept(self) -> None:
        """Qt: take the text."""
        if self.ok.isEnabled():
            self.answered.emit(self.line.text().strip())
            super().accept()

    def _look(self, text: str) -> None:
        wrong = self._check(text)
        self.ok.setEnabled(not wrong)
        # what is still empty, or as it was, is no mistake yet
        self.problem.set_text(wrong if text.strip() and text != self._first else "")
