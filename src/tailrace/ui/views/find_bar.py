"""The find bar: words, match count, next and previous. What looks for the words is someone else."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from tailrace.model.words import format_count
from tailrace.ui.views.controls import PaintedButton


class FindBar(QFrame):
    """Hidden until `open`. Enter steps on, Shift+Enter back, Escape closes.

    Signals: `wanted(object)` carries the words as they are typed, "" for none; `stepped(object)` +1 or -1; `closed()`.
    """

    wanted = Signal(object)
    stepped = Signal(object)
    closed = Signal()

    def __init__(self, name: str, hint: str = "Find", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(name)
        self.field.textChanged.connect(self._ask)
        self._count = QLabel()
        self._count.setObjectName("dim")
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(4)
        for icon, says, slot in (
            ("chevron-up", "Previous match (Shift+Enter)", self._previous),
            ("chevron-down", "Next match (Enter)", self._next),
        ):
            self.add_button(icon, says).clicked.connect(slot)
        close = _button("x", "Close (Escape)")
        close.clicked.connect(self.close_bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self._count)
        row.addLayout(self.buttons)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """What is looked for; "" while hidden."""
        return "" if self.isHidden() else self.field.text()

    @property
    def count_text(self) -> str:
        """What it says of the matches."""
        return self._count.text()

    def add_button(self, icon: str, says: str) -> PaintedButton:
        """One more button before the one that closes."""
        button = _button(icon, says)
        self.buttons.addWidget(button)
        return button

    def open(self) -> None:
        """Show, with the former words selected."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._ask()

    def close_bar(self) -> None:
        """Hide and forget the matches, keep the words."""
        self.hide()
        self.wanted.emit("")
        self.closed.emit()

    def show_count(self, place: int, matches: int, *, cut: bool = False) -> None:
        """`place` is one-based, 0 for none yet. `cut` says that there may be more matches."""
        if not self.text:
            self._count.clear()
        elif not matches:
            self._count.setText("no match")
        else:
            more = " or more" if cut else ""
            said = f"{format_count(place)} of {format_count(matches)}" if place else f"{format_count(matches)} found"
            self._count.setText(said + more)

    def show_searching(self) -> None:
        """While the answer is on its way."""
        self._count.setText("searching…")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter steps, Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        self.wanted.emit(self.text)

    def _previous(self) -> None:
        self.stepped.emit(-1)

    def _next(self) -> None:
        self.stepped.emit(1)


def _button(icon: str, says: str) -> PaintedButton:
    button = PaintedButton("", icon, flat=True, small=True)
    button.setToolTip(says)
    button.setAccessibleName(says)
    return button
