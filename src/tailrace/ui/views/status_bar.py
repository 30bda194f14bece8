"""The last line: how many of how many, how long it took, and the keys that help here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from tailrace.ui.theme import give_tip
from tailrace.ui.views.controls import OneLine
from tailrace.ui.views.spoken import announce


class StatusBar(QFrame):
    """A sentence at the left, key hints at the right; the hints give way when there is no room."""

    def __init__(self, hints: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setFixedHeight(26)
        self._said = ""
        self._text = OneLine()
        self._hints = _hint_row(hints)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(12, 0, 12, 0)
        self._line.addWidget(self._text, 1)
        self._line.addWidget(self._hints)

    @property
    def text(self) -> str:
        """The sentence."""
        return self._said

    def say(self, text: str) -> None:
        """Show a sentence."""
        self._said = text
        self._text.set_text(text)
        give_tip(self._text, text)
        announce(self, text)
        self._make_room()

    def show_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Other key hints: (key, what it does)."""
        former, self._hints = self._hints, _hint_row(hints)
        self._line.replaceWidget(former, self._hints)
        former.hide()
        former.deleteLater()
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: room for the hints?"""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        text = self._text.fontMetrics().horizontalAdvance(self._said)
        wanted = text + self._hints.sizeHint().width() + 48
        self._hints.setVisible(wanted <= self.width())


def _hint_row(hints: Sequence[tuple[str, str]]) -> QFrame:
    frame = QFrame()
    row = QHBoxLayout(frame)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(5)
    for key, words in hints:
        cap = QLabel(key)
        cap.setObjectName("key")
        row.addWidget(cap)
        if words:
            row.addWidget(QLabel(words))
            row.addSpacing(10)
    return frame
