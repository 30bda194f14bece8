"""The leader key: the key after it does what it does outside text fields, wherever the focus is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from tailrace.ui.commands.actions import Actions

_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class Leader(QObject):
    """Waits for one key after `arm`.

    Signals: `waiting(bool)` when it begins and ends.
    """

    waiting = Signal(bool)

    def __init__(self, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._armed = False

    def arm(self) -> None:
        """The next key is a command. Twice, or Escape: never mind."""
        self._set(not self._armed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: take the key before any widget does."""
        if not isinstance(event, QKeyEvent) or Qt.Key(event.key()) in _MODIFIERS:
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()  # nobody's shortcut: it comes back as a key press
            return True
        if event.type() is not QEvent.Type.KeyPress:
            return False
        self._set(False)
        action = self._actions.doing(QKeySequence(event.keyCombination()))
        if action is not None and action.objectName() != "review.leader":
            action.trigger()
        return True

    def _set(self, armed: bool) -> None:
        if armed == self._armed:
            return
        self._armed = armed
        app = QApplication.instance()
        assert app is not None
        if armed:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)
        self.waiting.emit(armed)
