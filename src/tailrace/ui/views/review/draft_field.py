"""A text that saves itself while it is written, and is never lost: it knows what it is about."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.review.unconfirmed import Unconfirmed

PAUSE_MS = 800
_ENDLESS = re.compile(r"\S{4000}")


class DraftText(QPlainTextEdit):
    """The text itself. Enter breaks the line; Ctrl+Enter and Escape are done with it; Tab moves on.

    Signals: `changed(token, text)` when it is left, when it is done, a moment after the last key, and when it turns to
    another token; `left()` when a key was done with it.
    """

    changed = Signal(object, object)
    left = Signal()
    focus_changed = Signal()
    grown = Signal(object)  # its height in pixels

    def __init__(self, name: str, hint: str, lines: tuple[int, int], parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = lines
        self._token: object = None
        self._told = ""
        self._endless = False
        self._unconfirmed = Unconfirmed()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.flush)
        self.setFont(ui_font(13))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._follow)
        clear = QPalette()
        clear.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        self.setPalette(clear)
        self.viewport().setAutoFillBackground(False)
        self._grow()

    @property
    def text(self) -> str:
        """What is written so far."""
        return self.toPlainText()

    @property
    def is_unsaved(self) -> bool:
        """Whether something is written that `changed` has not carried."""
        return self.text != self._told

    def show_text(self, token: object, text: str) -> None:
        """Show the text that the file holds. What is being written, or is on its way to the file, stays."""
        busy = token == self._token and self.hasFocus()
        if token != self._token:
            if self.hasFocus():
                QGuiApplication.inputMethod().commit()
            self.flush()
            self._token = token
            told = text if self._unconfirmed.holds(token, text.strip(), busy=False) else None
            newest = self._unconfirmed.newest(token, text)
            self._replace(str(newest) if told is None else told)
            return
        arrived = self._unconfirmed.holds(token, text.strip(), busy=busy)
        if arrived and not self.is_unsaved and text.strip() != self.text.strip():
            self._replace(text)

    def flush(self) -> None:
        """Tell what is written, if it has not been told."""
        self._timer.stop()
        if self.is_unsaved:
            text = self._told = self.text
            self._unconfirmed.give(self._token, text.strip())
            self.changed.emit(self._token, text)

    def confirm(self) -> None:
        """All that was told is in the file."""
        self._unconfirmed.saved(self._token)

    def sizeHint(self) -> QSize:
        least, most = self._lines
        lines = max(least, min(most, self.document().size().toSize().height()))
        return QSize(120, lines * self.fontMetrics().lineSpacing() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.flush()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Qt: keys that would else be the window's."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.flush()
        self.focus_changed.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not self._endless and _is_endless(source.text()):
            self._wrap_anywhere(True)
        super().insertFromMimeData(source)

    def hideEvent(self, event: QHideEvent) -> None:
        self.flush()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def _replace(self, text: str) -> None:
        place = self.textCursor().position() if self.hasFocus() else len(text)
        self._told = text
        if self._endless != _is_endless(text):
            self.clear()  # else the former text is laid out once more
            self._wrap_anywhere(not self._endless)
        self.setPlainText(text)
        self._told = self.text  # Qt has its own mind on line ends
        cursor = self.textCursor()
        cursor.setPosition(min(place, len(self.text)))
        self.setTextCursor(cursor)
        self._timer.stop()

    def _wrap_anywhere(self, anywhere: bool) -> None:
        self._endless = anywhere
        mode = QTextOption.WrapMode.WrapAnywhere if anywhere else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        self.setWordWrapMode(mode)

    def _follow(self) -> None:
        self._grow()
        if self.is_unsaved:
            self._timer.start()

    def _grow(self) -> None:
        height = self.sizeHint().height()
        if height != self.height():
            self.setFixedHeight(height)
            self.grown.emit(height)


def _is_endless(text: str) -> bool:
    # Qt looks for the end of a word again at every line: a long run without a space takes it seconds
    return _ENDLESS.search(text) is not None


class DraftField(QWidget):
    """A text that saves itself, in its box. `lines` are the least and the most that it shows without scrolling."""

    def __init__(self, name: str, hint: str, parent: QWidget, lines: tuple[int, int] = (3, 9)) -> None:
        super().__init__(parent)
        self.editor = DraftText(name, hint, lines, self)
        self.editor.focus_changed.connect(self.update)
        self.editor.grown.connect(self._grow)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 4, 7)
        column.addWidget(self.editor)
        self._grow(self.editor.height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _grow(self, height: int) -> None:
        # at once: a layout would take one more round, and the box would be drawn twice
        self.setFixedHeight(height + 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        focused = self.editor.hasFocus()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.accent if focused else theme.edge), 1 + focused))
            painter.setBrush(QColor(theme.bg if theme.dark else theme.panel))
            inset = (1 + focused) / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 6, 6)
