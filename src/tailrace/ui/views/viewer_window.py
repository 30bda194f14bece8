"""A window of its own for one long text, with find."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tailrace.ui.theme import tokens
from tailrace.ui.views.find_bar import FindBar, find_all
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
        self.find = FindBar(self)
        self.find.hide()
        self.find.searched.connect(self._search)
        self.find.stepped.connect(self._step)
        self.find.closed.connect(self.view.setFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find)
        column.addWidget(self.view, 1)
        self._places: list[int] = []
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.find.open)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._escape)
        self.view.set_text(text, json=looks_like_json(text))
        self.find.restyle(tokens(self))

    def _search(self, words: object) -> None:
        self._places = find_all(self.view.text(), str(words))
        self.find.show_count(len(self._places))
        self._step(0)

    def _step(self, number: object) -> None:
        if self._places and isinstance(number, int):
            start = self._places[number]
            self.view.reveal(start, start + len(self.find.words))

    def _escape(self) -> None:
        if self.find.isVisible():
            self.find.close_bar()
        else:
            self.close()
