"""One line above the page that says what happened and what can be done; never a modal box."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from tailrace.ui.theme import icon, tokens


class MessageBar(QFrame):
    """Hidden until `show_error` or `show_info`.

    Signals: `action(object)` carries the key of the offered action that was chosen; `dismissed()` when the person wants
    none of it.
    """

    action = Signal(object)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail = ""
        self._action_key: object = None
        self._picture = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._offer = _button("Do it")
        self._offer.clicked.connect(self._choose)
        self._copy = _button("Copy details")
        self._copy.clicked.connect(self._copy_detail)
        close = QToolButton()
        close.setAccessibleName("Dismiss the message")
        close.clicked.connect(self.dismiss)
        self._close = close
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._picture)
        row.addWidget(self._text, 1)
        for button in (self._offer, self._copy, close):
            row.addWidget(button)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_error(self, message: str, hint: str = "", detail: str = "") -> None:
        """Say what went wrong, with what to do in `hint`; `detail` can be copied."""
        self._show("message-error", "circle-alert", f"{message}  {hint}".strip(), detail)

    def show_info(self, message: str, offer: str = "", key: object = None) -> None:
        """Say something good to know, with one offered action."""
        self._show("message-info", "info", message, "")
        self._action_key = key
        self._offer.setText(offer)
        self._offer.setVisible(bool(offer))

    def dismiss(self) -> None:
        """Close it, as the person does."""
        self.hide()
        self.dismissed.emit()

    def focus_offer(self) -> None:
        """Put the focus on the offered action: Enter does it, Escape dismisses the message."""
        self._offer.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: what its buttons leave over. Enter presses a button on every desktop."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for button in (self._offer, self._copy, self._close):
                if button.hasFocus():
                    button.click()
                    return
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def _show(self, look: str, picture: str, text: str, detail: str) -> None:
        theme = tokens(self)
        colour = theme.err if look == "message-error" else theme.accent
        self._picture.setPixmap(icon(picture, colour).pixmap(18, 18))
        self._close.setIcon(icon("x", theme.dim))
        self._text.setText(text)
        self._detail = detail
        self._copy.setVisible(bool(detail))
        self._offer.hide()
        self.setObjectName(look)
        self.setAccessibleName(text)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()

    def _choose(self) -> None:
        self.hide()
        self.action.emit(self._action_key)

    def _copy_detail(self) -> None:
        QApplication.clipboard().setText(f"{self.text}\n\n{self._detail}")


def _button(text: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName("button")
    button.setText(text)
    button.hide()
    return button
