"""Enter presses the button that has the focus, also in a dialog that has no default button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget


def press_focused(within: QWidget, event: QKeyEvent) -> bool:
    """Press the button with the focus if the key is Enter; whether there was one.

    Qt presses a QPushButton so only where it may become the default of its dialog, and then Enter in a line of text
    presses one, too; other buttons it leaves to the desktop.
    """
    button = within.focusWidget()
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or not plain:
        return False
    if not isinstance(button, QAbstractButton) or not button.hasFocus() or not button.isEnabled():
        return False
    event.accept()
    if not event.isAutoRepeat():
        button.click()
    return True
