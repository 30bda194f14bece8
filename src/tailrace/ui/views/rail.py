"""The narrow strip at the window's left edge: one button a page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget


class Rail(QFrame):
    """Buttons of which one is down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(52)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 8, 4, 8)
        self._column.addStretch(1)
        self._group = QButtonGroup(self)

    def add_page(self, title: str) -> QToolButton:
        """The button of one more page; the first one is down."""
        button = QToolButton()
        button.setText(title)
        button.setCheckable(True)
        button.setChecked(not self._group.buttons())
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFixedSize(44, 46)
        self._column.insertWidget(len(self._group.buttons()), button)
        self._group.addButton(button)
        return button
