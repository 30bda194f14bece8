"""Find in trace: a line with match count, next and previous, and whether to hide the rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from tailrace.model.words import format_count
from tailrace.ui.theme import icon, tokens

_PAUSE_MS = 150


class TraceFindBar(QFrame):
    """Hidden until `open`.

    Signals: `wanted(object)` carries the text after a short pause, "" for none; `step(object)` +1 or -1;
    `hide_rest(bool)`; `closed()`.
    """

    wanted = Signal(object)
    step = Signal(object)
    hide_rest = Signal(bool)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self._line = QLineEdit()
        self._line.setPlaceholderText("Find in names, inputs, outputs and attributes")
        self._line.setAccessibleName("Find in trace")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._line.textEdited.connect(self._wait)
        self._count = QLabel()
        self._count.setObjectName("dim")
        self._count.setMinimumWidth(86)
        self._buttons: list[tuple[QToolButton, str]] = []
        previous = self._button("chevron-up", "Previous match")
        previous.clicked.connect(self._previous)
        following = self._button("chevron-down", "Next match")
        following.clicked.connect(self._next)
        self._rest = self._button("eye-off", "Hide the rows that do not match")
        self._rest.setCheckable(True)
        self._rest.toggled.connect(self.hide_rest)
        close = self._button("x", "Close")
        close.clicked.connect(self.close_bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(self._line, 1)
        for part in (self._count, previous, following, self._rest, close):
            row.addWidget(part)
        self._dress()
        self.hide()

    @property
    def text(self) -> str:
        """What is looked for; "" while hidden."""
        return "" if self.isHidden() else self._line.text()

    @property
    def count_text(self) -> str:
        """What it says of the matches."""
        return self._count.text()

    @property
    def hides_rest(self) -> bool:
        """Whether rows that do not match are hidden rather than dimmed."""
        return self._rest.isChecked()

    def open(self) -> None:
        """Show, with the former text selected."""
        self.show()
        self._line.setFocus()
        self._line.selectAll()
        if self._line.text():
            self._ask()

    def close_bar(self) -> None:
        """Hide and forget the matches, keep the text."""
        self.hide()
        self.wanted.emit("")
        self.closed.emit()

    def show_count(self, place: int, matches: int) -> None:
        """`place` is one-based, 0 for none yet."""
        if not self._line.text():
            self._count.clear()
        elif not matches:
            self._count.setText("no match")
        else:
            self._count.setText(f"{format_count(place)} of {format_count(matches)}" if place else f"{matches:,} found")

    def show_searching(self) -> None:
        """While the answer is on its way."""
        self._count.setText("searching…")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter steps, Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _button(self, name: str, says: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(says)
        button.setAccessibleName(says)
        self._buttons.append((button, name))
        return button

    def _dress(self) -> None:
        for button, name in self._buttons:
            button.setIcon(icon(name, tokens(self).dim))

    def _wait(self) -> None:
        self._pause.start()

    def _ask(self) -> None:
        self.wanted.emit(self._line.text())

    def _previous(self) -> None:
        self.step.emit(-1)

    def _next(self) -> None:
        self.step.emit(1)
