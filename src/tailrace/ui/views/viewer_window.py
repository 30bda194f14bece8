"""A window of its own for one long text, with find."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tailrace.ui.theme import tokens
from tailrace.ui.views.find_bar import FindBar
from tailrace.ui.views.json_text import looks_like_json
from tailrace.ui.views.long_text import LongTextView


class ViewerWindow(QWidget):
    """Ctrl+F finds, Escape closes the find bar, then the window."""

    copied = Signal(object)

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{title} – Tailrace")
        self.resize(900, 700)
        self.setAutoFillBackground(True)
        self.view = LongTextView(self)
        self.view.copied.connect(self.copied)
        self.finder = FindBar(self)
        self.finder.hide()
        self.finder.searched.connect(self._search)
        self.finder.stepped.connect(self._step)
        self.finder.closed.connect(self.view.setFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.finder)
        column.addWidget(self.view, 1)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.finder.open)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._escape)
        self.view.set_text(text, json=looks_like_json(text))
        self.finder.restyle(tokens(self))

    def _search(self, words: object) -> None:
        self.finder.show_count(self.view.find_words(str(words)))
        self._step(0)

    def _step(self, number: object) -> None:
        if isinstance(number, int):
            self.view.show_match(number)

    def _escape(self) -> None:
        if self.finder.isVisible():
            self.finder.close_bar()
        else:
            self.close()
