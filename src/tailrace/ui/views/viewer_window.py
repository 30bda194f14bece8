"""A window of its own for one long text, with find."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tailrace.ui.views.find_bar import FindBar
from tailrace.ui.views.fitting import fit
from tailrace.ui.views.json_text import looks_like_json
from tailrace.ui.views.long_text import LongTextView
from tailrace.ui.views.text_finder import TextFinder


class ViewerWindow(QWidget):
    """Ctrl+F finds, Escape closes the find bar, then the window."""

    copied = Signal(object)

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{title} – Tailrace")
        fit(self, 900, 700)
        self.setAutoFillBackground(True)
        self.view = LongTextView(self)
        self.view.copied.connect(self.copied)
        self.find_bar = FindBar("Find in this text", parent=self)
        TextFinder(self.find_bar, self).look_through(self.view)
        self.find_bar.closed.connect(self.view.setFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find_bar)
        column.addWidget(self.view, 1)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.find_bar.open)
        self.view.set_text(text, json=looks_like_json(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.find_bar.isVisible():
            self.find_bar.close_bar()
        else:
            self.close()
