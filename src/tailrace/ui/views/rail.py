"""The narrow strip at the window's left edge: one button a page."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from tailrace.ui.theme import Tokens, icon, tokens


class Rail(QFrame):
    """Buttons of which one is down. `pages` maps names to (title, icon); the first one is down.

    Signals: `chosen(str)` carries a page's name when a person chose it.
    """

    chosen = Signal(str)

    def __init__(self, pages: Mapping[str, tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(52)
        self._icons = {name: picture for name, (_, picture) in pages.items()}
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 8, 4, 8)
        for name, (title, _) in pages.items():
            button = QToolButton()
            button.setObjectName(name)
            button.setText(title)
            button.setCheckable(True)
            button.setAutoExclusive(True)  # the group sees to it; readers say that one of several holds
            button.setChecked(not self._buttons)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setFixedSize(44, 46)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._choose)
            column.addWidget(button)
            self._group.addButton(button)
            self._buttons[name] = button
        column.addStretch(1)

    def button(self, name: str) -> QToolButton:
        """The button of a page."""
        return self._buttons[name]

    @property
    def current(self) -> str:
        """The page whose button is down."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, name: str) -> None:
        """Put a page's button down."""
        self._buttons[name].setChecked(True)
        self.dress(tokens(self))

    def dress(self, theme: Tokens) -> None:
        """Icons in the theme's colour."""
        for name, button in self._buttons.items():
            button.setIcon(icon(self._icons[name], theme.accent if button.isChecked() else theme.dim))

    def _choose(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.chosen.emit(sender.objectName())
