"""A field that takes the key that is pressed in it, whatever it would else do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from tailrace.ui.commands.keymap import pressed, written

_AROUND = 30  # pixels: the frame, the padding, and what Qt leaves beside the text


class KeyCapture(QLineEdit):
    """Escape leaves it, and Tab goes on to the next control: neither can be a command's key.

    Signals: `pressed(str)` a portable key; `left()` on Escape and when the focus goes elsewhere.
    """

    pressed = Signal(str)
    left = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setPlaceholderText("Press a key, Escape for none")
        self.setAccessibleName(name)
        self.setAccessibleDescription("Press the key itself; Escape leaves")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def wide_enough(self) -> int:
        """Pixels in which its invitation fits."""
        self.ensurePolished()
        return self.fontMetrics().horizontalAdvance(self.placeholderText()) + _AROUND

    def event(self, event: QEvent) -> bool:
        """Qt: no shortcut of the window fires while this has the focus."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            self.keyPressEvent(event)
            if event.isAccepted():
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: take it."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if plain and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
            return
        event.accept()
        if plain and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif key := pressed(event):
            self.setText(written(key))
            self.pressed.emit(key)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: gone elsewhere."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()
