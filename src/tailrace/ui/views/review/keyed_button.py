"""A button that its own keys press, whatever the page does with them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton

_SPACE = (Qt.Key.Key_Space, Qt.Key.Key_Select)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeyedButton(QAbstractButton):
    """Space presses it, and Enter too where it cannot be checked: a window's shortcut on them waits meanwhile. Paints
    itself anew when the pointer comes and goes."""

    def event(self, event: QEvent) -> bool:
        """Qt: before a shortcut is looked for, and when the pointer comes or goes."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_mine(event):
            event.accept()
            return True
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.PaletteChange):
            self.update()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter presses as Space does."""
        if event.key() in _ENTER and self._is_mine(event):
            self.click()
            return
        super().keyPressEvent(event)

    def _is_mine(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return plain and (event.key() in _SPACE or (event.key() in _ENTER and not self.isCheckable()))
