"""The sheet of every shortcut, where keys can also be changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from tailrace.ui.commands import Keys
from tailrace.ui.dialogs.fitted import fit_dialog
from tailrace.ui.dialogs.keys_editor import KeysEditor


class ShortcutSheet(QDialog):
    """`keys` is the list; it is connected by whoever owns the keys."""

    def __init__(self, own: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.keys = KeysEditor(own)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.addWidget(self.keys)
        fit_dialog(self, 780, 720)
        self.keys.setFocus()
