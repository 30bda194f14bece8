"""The text field of the filter bar: an ordinary editor of one line with chips behind its terms."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QTextCursor, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from tailrace.query import State, parse
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.filter_bar.colouring import CHIP_PAD, Colouring, chips
from tailrace.ui.views.filter_bar.offsets import from_qt, to_qt

CHIP_HEIGHT = 20
_BREAKS = re.compile(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]+")


def on_one_line(text: str) -> str:
    """A text as it can stand in the field."""
    return _BREAKS.sub(" ", text)


class FilterEditor(QPlainTextEdit):
    """One line of text. Built on QPlainTextEdit, which has input methods, undo, selection and accessibility of its
    own and, unlike QLineEdit, formats of its pieces.

    Signals:
        changed(object): the text, when it changed by any means.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setFont(ui_font(13))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setInputMethodHints(Qt.InputMethodHint.ImhNoAutoUppercase | Qt.InputMethodHint.ImhNoPredictiveText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # chips reach into the margin
        self.document().setDocumentMargin(CHIP_PAD)
        self.setCursorWidth(1)
        self.setFixedHeight(math.ceil(QFontMetricsF(self.font()).height()) + 2 * CHIP_PAD)
        # the area around the text must not paint over the bar
        self.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._colouring = Colouring(self)
        self.textChanged.connect(self._follow)

    # ---- text ----

    def text(self) -> str:
        """What is in the field."""
        return self._text

    def cursor_index(self) -> int:
        """Where the cursor is, in characters."""
        return from_qt(self._text, self.textCursor().position())

    def replace(self, start: int, end: int, new: str) -> None:
        """Put `new` in place of the characters [start, end) as one step of undo, the cursor behind it."""
        cursor = self.textCursor()
        cursor.setPosition(to_qt(self._text, start))
        cursor.setPosition(to_qt(self._text, end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(on_one_line(new))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def index_x(self, index: int) -> int:
        """The horizontal place of a character, in pixels of this widget."""
        return round(self._x(index)) + self.viewport().x()

    def _follow(self) -> None:
        # formats count as changes too
        text = self.toPlainText()
        if text != self._text:
            self._text = text
            self.changed.emit(text)

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        """Chips, then the text over them."""
        theme = tokens(self)
        parsed = parse(self._text)
        top = (self.viewport().height() - CHIP_HEIGHT) / 2
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for start, end in chips(self._text, parsed.tokens):
                left, right = self._x(start), self._x(end)
                if self._text[end : end + 1] == ")":
                    right -= CHIP_PAD  # the last character was set wider to make room
                box = QRectF(left - CHIP_PAD, top, right - left + 2 * CHIP_PAD, CHIP_HEIGHT)
                wrong = parsed.state is State.WRONG and start <= parsed.position < end
                painter.setBrush(QColor(theme.raised if theme.dark else theme.panel))
                painter.setPen(QPen(QColor(theme.err if wrong else theme.line if theme.dark else theme.line2)))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        super().paintEvent(event)

    def _x(self, index: int) -> float:
        block = self.document().firstBlock()
        line = block.layout().lineAt(0)
        if not line.isValid():
            return self.contentOffset().x()
        # a pair of numbers comes back, the second being the position that was found
        place: object = line.cursorToX(to_qt(self._text, index))
        x = place[0] if isinstance(place, tuple) else place
        assert isinstance(x, float | int)
        return float(x) + (QPointF(self.contentOffset()) + block.layout().position()).x()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme has other colours."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_colouring"):
            self._colouring.rehighlight()
            self.viewport().setAutoFillBackground(False)

    # ---- staying on one line ----

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste and drop: plain text, without line breaks."""
        if source.hasText():
            self.textCursor().insertText(on_one_line(source.text()).strip())
            self.ensureCursorVisible()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text only: a file dropped here is meant for the window."""
        return source.hasText() and not source.hasUrls()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One line has nowhere to scroll to."""
        event.ignore()
