"""The inline editor of a note."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import PaintedButton

_HINT = "Enter saves · Shift+Enter: new line"
_UNSAVED = "Not saved yet · Enter tries again"


class _Field(QPlainTextEdit):
    """Enter saves, Shift+Enter breaks the line, Escape cancels; `left` by any way, `entered` from elsewhere in the
    window."""

    saved = Signal()
    cancelled = Signal()
    entered = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
            else:
                self.saved.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # a person who comes back from another window or from the menu goes on with the same
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def sizeHint(self) -> QSize:
        lines = max(2, min(8, self.document().size().toSize().height()))
        return QSize(200, lines * self.fontMetrics().lineSpacing() + 18)


class NoteEditor(QWidget):
    """A text field with what its keys do. `saved` asks for saving, `cancelled` for what was there before; `changed`
    after each key, `entered` and `left` as the focus comes and goes."""

    saved = Signal()
    cancelled = Signal()
    changed = Signal()
    entered = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = _Field(self)
        self.field.setObjectName("note")
        self.field.setFont(ui_font(13))
        self.field.setTabChangesFocus(True)
        self.field.setAccessibleName("Note")
        self.field.textChanged.connect(self._grow)
        self.field.textChanged.connect(self.changed)
        self.field.entered.connect(self.entered)
        self.field.left.connect(self.left)
        self.field.saved.connect(self._save)
        self.field.cancelled.connect(self.cancelled)
        self.hint = QLabel(self)
        self.hint.setObjectName("dim")
        self.hint.setFont(ui_font(12))
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.save = PaintedButton("Save", small=True, parent=self)
        self.save.setToolTip("Save (Enter)")
        self.save.clicked.connect(self._save)
        cancel = PaintedButton("Cancel", flat=True, small=True, parent=self)
        cancel.setToolTip("Leave it as it was before (Escape)")
        cancel.clicked.connect(self.cancelled)
        foot = QHBoxLayout()
        foot.addWidget(self.hint, 1)
        foot.addWidget(cancel)
        foot.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 4, 14, 8)
        column.setSpacing(5)
        column.addWidget(self.field)
        column.addLayout(foot)
        self._grow()

    @property
    def text(self) -> str:
        """What is written so far."""
        return self.field.toPlainText()

    def set_text(self, text: str, target: str) -> None:
        """Continue a text; `target` says in words what the note is about."""
        if text != self.text:
            self.field.setPlainText(text)
            self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self.field.setPlaceholderText(f"Note on {target}")

    def set_saving(self, saving: bool) -> None:
        """While saving, the text stands still."""
        self.field.setReadOnly(saving)
        self.save.setEnabled(not saving)
        self.hint.setText("saving …" if saving else _HINT)

    def show_unsaved(self) -> None:
        """Say that what stands here is not in the file."""
        self.hint.setText(_UNSAVED)

    def _save(self) -> None:
        if not self.field.isReadOnly() and self.text.strip():
            self.saved.emit()

    def _grow(self) -> None:
        self.field.setFixedHeight(self.field.sizeHint().height())
