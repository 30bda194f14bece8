"""What the controls that give a score's value have in common: when they tell, and what they take from the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.model.review import ScoreDefinition
from tailrace.ui.theme import ui_font
from tailrace.ui.views.review.score_values import Value, value_text
from tailrace.ui.views.review.unconfirmed import Unconfirmed

PAUSE_MS = 400


class ScoreControl(QWidget):
    """Shows one value. Steps with keys are told a moment after the last of them, everything else at once.

    Signals: `given(value, token)`; `left()` when Escape was pressed; `shown()` when it looks different.
    """

    given = Signal(object, object)
    left = Signal()
    shown = Signal()

    def __init__(self, definition: ScoreDefinition, parent: QWidget) -> None:
        super().__init__(parent)
        self.definition = definition
        self.value: Value = None
        self._told: Value = None
        self._token: object = None
        self._unconfirmed = Unconfirmed()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.flush)
        self.setFont(ui_font(13))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_value(self, token: object, value: Value) -> None:
        """Show what the file holds; what is being given, or is on its way to the file, stays."""
        if token != self._token:
            self.flush()
            self._token = token
        elif self.value != self._told:
            return
        if not self._unconfirmed.holds(token, value, busy=self.hasFocus()):
            newest = self._unconfirmed.newest(token, value)
            value = newest if isinstance(newest, float | str) else None
        self.value = self._told = value
        self.look()

    def flush(self) -> None:
        """Tell the value, if it has not been told."""
        self._timer.stop()
        self.finish_typing()
        if self.value != self._told:
            self._told = self.value
            self._unconfirmed.give(self._token, self.value)
            self.given.emit(self.value, self._token)

    def confirm(self) -> None:
        """All that was given is in the file."""
        self._unconfirmed.saved(self._token)

    def give(self, value: Value, *, soon: bool = False) -> None:
        """A person gave a value; `soon`: it may change in the next moment."""
        self.value = value
        if soon:
            self._timer.start()
        else:
            self.flush()
        self.look()

    def look(self) -> None:
        """Look as the value says."""
        required = ", required" if self.definition.required else ""
        words = value_text(self.definition, self.value) or "not given"
        self.setAccessibleName(f"{self.definition.name}{required}: {words}")
        self.setAccessibleDescription(self.definition.description)
        self.updateGeometry()
        self.update()
        self.shown.emit()

    # ---- what each control says ----

    def takes(self, key: int, text: str) -> bool:
        """Whether a key means something here."""
        raise NotImplementedError

    def press(self, key: int, text: str) -> None:
        """Such a key was pressed."""
        raise NotImplementedError

    def finish_typing(self) -> None:
        """What is typed so far is all of it."""

    # ---- Qt ----

    def event(self, event: QEvent) -> bool:
        """Qt: keys that would else be the window's."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._is_mine(event):
                event.accept()
                return True
            if event.key() not in _MODIFIERS:
                self.flush()  # before the window's key does something else, an undo perhaps
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._is_mine(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.flush()
            self.left.emit()
        else:
            self.press(event.key(), event.text())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.look()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.flush()
        self.look()

    def hideEvent(self, event: QHideEvent) -> None:
        self.flush()
        super().hideEvent(event)

    def _is_mine(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        return plain and (event.key() == Qt.Key.Key_Escape or self.takes(event.key(), event.text()))


_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta)
CLEARING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
