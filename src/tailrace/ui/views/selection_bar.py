"""What is selected in charts, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from tailrace.ui.theme import icon, pixmap, tip, tokens


class SelectionBar(QFrame):
    """Hidden while nothing is selected.

    Signals: `traces_wanted()`, `narrow_wanted()` to filter for the selection, `differences_wanted(bool)` to show or
    hide what differs in it, `cleared()`.
    """

    traces_wanted = Signal()
    narrow_wanted = Signal()
    differences_wanted = Signal(bool)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-info")
        self._picture = QLabel()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setMinimumWidth(60)
        self.differences = QPushButton("What differs")
        self.differences.setCheckable(True)
        self.differences.setToolTip("What sets the selected traces apart from the others")
        self.narrow = QPushButton("Filter for it")
        self.show_way_back("")
        self.traces = QPushButton("Open the traces")
        self.traces.setObjectName("primary")
        self.close_button = QToolButton()
        self.close_button.setAccessibleName("Clear the selection")
        self.close_button.setToolTip("Clear the selection (Escape)")
        self.differences.toggled.connect(self.differences_wanted)
        self.narrow.clicked.connect(self.narrow_wanted)
        self.traces.clicked.connect(self.traces_wanted)
        self.close_button.clicked.connect(self.cleared)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 8, 5)
        row.setSpacing(8)
        row.addWidget(self._picture)
        row.addWidget(self._text, 1)
        for button in (self.differences, self.narrow, self.traces, self.close_button):
            row.addWidget(button)
        self.hide()
        self._dress()

    def show_way_back(self, key: str) -> None:
        """The key that goes back to the filter before, as people read it."""
        self.narrow.setToolTip(f"Look at the selected traces alone{f'; {key} goes back' if key else ''}")

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_selection(self, words: str, open_words: str, offers_differences: bool, is_empty: bool) -> None:
        """Say what is selected; `offers_differences` where no chart shows them already. `is_empty`: no trace is."""
        self.traces.setEnabled(not is_empty)
        self._text.setText(words)
        self._text.setToolTip(tip(words))
        self.setAccessibleName(words)
        self.traces.setText(open_words)
        self.differences.setVisible(offers_differences)
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        theme = tokens(self)
        self._picture.setPixmap(pixmap("scan-search", theme.accent, 16, self.devicePixelRatioF()))
        self.close_button.setIcon(icon("x", theme.dim))
