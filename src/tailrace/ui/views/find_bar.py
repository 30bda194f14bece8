"""A small find bar: words, match count, next and previous."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from tailrace.model.words import format_count
from tailrace.ui.theme import Tokens, ui_font
from tailrace.ui.views.controls import PaintedButton, field_sheet

MOST = 100_000  # places kept; beyond it the count says so


def find_all(text: str, words: str, most: int = MOST) -> list[int]:
    """Where `words` occur, regardless of case, without overlap."""
    if not words:
        return []
    # lower() may change lengths; a text where it does is searched as it is
    small = text.lower()
    if len(small) != len(text):
        small = text
    needle = words.lower() if small is not text else words
    places: list[int] = []
    at = small.find(needle)
    while at >= 0 and len(places) < most:
        places.append(at)
        at = small.find(needle, at + len(needle))
    return places


class FindBar(QWidget):
    """Enter next, Shift+Enter previous, Escape closes."""

    searched = Signal(object)  # words
    stepped = Signal(object)  # number of the match
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._now = 0
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Find")
        self.field.setAccessibleName("Find in what is shown")
        self.field.textChanged.connect(self._search)
        self.count = QLabel(self)
        self.count.setFont(ui_font(12))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(5)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        for icon, name, step in (
            ("chevron-up", "Previous match (Shift+Enter)", self.previous),
            ("chevron-down", "Next match (Enter)", self.next),
            ("x", "Close (Escape)", self.close_bar),
        ):
            button = PaintedButton("", icon, flat=True, small=True, parent=self)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.clicked.connect(step)
            row.addWidget(button)

    @property
    def words(self) -> str:
        """What is looked for."""
        return self.field.text()

    def open(self) -> None:
        """Show the bar with the focus in it."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._search()

    def close_bar(self) -> None:
        """Hide the bar and forget its matches."""
        self.hide()
        self.searched.emit("")
        self.closed.emit()

    def show_count(self, count: int) -> None:
        """Tell how many matches there are; the first is the current one."""
        self._count, self._now = count, 0
        self._say()

    def next(self) -> None:
        """The next match, after the last the first."""
        self._go(1)

    def previous(self) -> None:
        """The match before."""
        self._go(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def restyle(self, theme: Tokens) -> None:
        """Take over the theme's colours."""
        self.field.setStyleSheet(field_sheet(theme))
        self.count.setStyleSheet(f"color: {theme.dim}")

    def _search(self) -> None:
        self.searched.emit(self.words)

    def _go(self, step: int) -> None:
        if self._count:
            self._now = (self._now + step) % self._count
            self._say()
            self.stepped.emit(self._now)

    def _say(self) -> None:
        if not self.words:
            self.count.setText("")
        elif not self._count:
            self.count.setText("no match")
        else:
            more = " or more" if self._count >= MOST else ""
            self.count.setText(f"{format_count(self._now + 1)} of {format_count(self._count)}{more}")
