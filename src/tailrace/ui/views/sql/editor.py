"""The editor of a statement: line numbers, colours, completion, and the place of a mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from tailrace.model.sql_completion import SqlProposals, propose
from tailrace.model.sql_text import Mark, read_tokens
from tailrace.ui.theme import mono_font, tokens
from tailrace.ui.views.filter_bar.dropdown import Dropdown, Row
from tailrace.ui.views.filter_bar.offsets import from_qt, to_qt
from tailrace.ui.views.sql.colouring import Colouring

_ICONS = {"column": "columns-3", "view": "table-2", "attribute": "tags", "function": "workflow", "keyword": ""}
_INDENT = 4
_PAD = 10


class SqlEditor(QPlainTextEdit):
    """Tab takes what is proposed, else indents; F6 leaves.

    Signals: `changed()` when the text did; `stop_wanted()` on Escape, when nothing is open that it closes.
    """

    changed = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attributes: Sequence[str] = ()
        self._written = ""
        self._mistake = -1
        self._stepped = False
        self._taking = False
        self.setAccessibleName("SQL statement")
        self.setAccessibleDescription("Tab indents")
        self.setFont(mono_font(13))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setPlaceholderText("SELECT … FROM spans")
        self.document().setDocumentMargin(8)
        self._numbers = _LineNumbers(self)
        self._colouring = Colouring(self)
        self._here = QWidget(self.viewport())
        self._here.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._proposals: SqlProposals | None = None
        self._dropdown: Dropdown | None = None
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._follow_scrolling)
        self.cursorPositionChanged.connect(self._follow_cursor)
        self.textChanged.connect(self._follow)
        self._make_room()

    # ---- text ----

    @property
    def text(self) -> str:
        """What is written."""
        return self._written

    @property
    def cursor_index(self) -> int:
        """Where the cursor is, in characters."""
        return from_qt(self._written, self.textCursor().position())

    def write(self, text: str) -> None:
        """Put a text in place of all that is written, as one step of undo."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        self._taking = True
        cursor.insertText(text)
        self._taking = False
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        self.setTextCursor(cursor)
        self.close_proposals()

    def insert(self, text: str) -> None:
        """Put a text at the cursor, apart from the word before it."""
        before = self._written[: self.cursor_index][-1:]
        self._taking = True
        self.textCursor().insertText(f" {text}" if before and (before.isalnum() or before in "_\"'") else text)
        self._taking = False
        self.setFocus()

    def offer_attributes(self, names: Sequence[str]) -> None:
        """The attributes that completion knows."""
        self._attributes = names

    def _follow(self) -> None:
        text = self.toPlainText()  # formats count as changes too
        if text != self._written:
            self._written = text
            self.show_mistake(-1)
            self.changed.emit()
            if self.hasFocus() and not self._taking:
                self._propose(False)

    # ---- the place of a mistake ----

    @property
    def mistake(self) -> int:
        """The character where the mistake is that is shown; -1: none is."""
        return self._mistake

    def show_mistake(self, position: int) -> None:
        """Underline what stands at a character, and go there; -1 takes the line away."""
        if position == self._mistake == -1:
            return
        self._mistake = position
        if position >= 0:
            token = next((one for one in read_tokens(self._written) if one.end > position), None)
            end = token.end if token is not None and token.start <= position else position + 1
            if token is not None and token.mark in (Mark.TEXT, Mark.COMMENT):
                end = min(end, (self._written + "\n").index("\n", position))
            cursor = self.textCursor()
            cursor.setPosition(to_qt(self._written, min(position, len(self._written))))
            self.setTextCursor(cursor)
            self._underline(position, max(end, position + 1))
        else:
            self.setExtraSelections([])
        self._numbers.update()

    def _underline(self, start: int, end: int) -> None:
        cursor = self.textCursor()
        last = len(self._written)
        # at the very end there is nothing to underline but what stands before it
        start = min(start, max(last - 1, 0))
        cursor.setPosition(to_qt(self._written, start))
        cursor.setPosition(to_qt(self._written, min(end, last)), QTextCursor.MoveMode.KeepAnchor)
        made = QTextCharFormat()
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        made.setUnderlineColor(QColor(tokens(self).err))
        marked = QTextEdit.ExtraSelection()
        marked.cursor, marked.format = cursor, made
        self.setExtraSelections([marked])

    # ---- completion ----

    @property
    def proposals(self) -> Sequence[Row]:
        """What is proposed; none while nothing is open."""
        return self._dropdown.rows if self._dropdown is not None and self._dropdown.isVisible() else ()

    def propose(self) -> None:
        """Open what can stand at the cursor."""
        self._propose(True)

    def close_proposals(self) -> None:
        """Close it."""
        self._proposals = None
        if self._dropdown is not None:
            self._dropdown.hide()

    def _propose(self, asked: bool) -> None:
        found = propose(self._written, self.cursor_index, self._attributes)
        typed = self._written[found.start : found.end]
        is_whole = any(one.insert.lower() == typed.lower() for one in found.proposals[:1])
        after_dot = self._written[found.start - 1 : found.start] == "."
        if not found.proposals or (not asked and (is_whole or not (typed or after_dot))):
            self.close_proposals()
            return
        if self._dropdown is None:
            self._dropdown = Dropdown(self.window())
            self._dropdown.chosen.connect(self._take)
        self._proposals = found
        self._stepped = False
        rows = [
            Row(one.label, one.detail, icon=_ICONS[one.what], insert=one.insert, start=found.start, end=found.end)
            for one in found.proposals
        ]
        self._dropdown.propose(())
        self._dropdown.propose(rows)
        self._dropdown.explain("", "", False)
        box = self.cursorRect()
        cursor = self.textCursor()
        cursor.setPosition(to_qt(self._written, found.start))
        self._here.setGeometry(QRect(self.cursorRect(cursor).left() - 34, box.top(), 1, box.height()))
        self._dropdown.place(self._here, 0)
        self._dropdown.step(1)

    def _take(self, row: Row) -> None:
        self.close_proposals()
        cursor = self.textCursor()
        cursor.setPosition(to_qt(self._written, row.start))
        end = row.end
        if '"' in (row.insert or "") and self._written[end : end + 1] == '"':
            end += 1
        cursor.setPosition(to_qt(self._written, end), QTextCursor.MoveMode.KeepAnchor)
        self._taking = True
        cursor.insertText(row.insert or "")
        self._taking = False
        self.setTextCursor(cursor)
        self.setFocus()

    # ---- keys ----

    def event(self, event: QEvent) -> bool:
        """Qt: Tab is a key of the text, Escape closes what is open before it means anything to others."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key = event.key()
            if key == Qt.Key.Key_Escape or (self.proposals and key in (Qt.Key.Key_Up, Qt.Key.Key_Down)):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: completion first, then indenting, then the text."""
        key, plain = Qt.Key(event.key()), event.modifiers() in (_NONE, _KEYPAD)
        if key is Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.propose()
        elif self.proposals and plain and self._press_proposals(key):
            return
        elif key is Qt.Key.Key_Escape:
            self.stop_wanted.emit()
        elif key is Qt.Key.Key_Tab and plain:
            self._indent()
        elif key is Qt.Key.Key_Backtab:
            self._outdent()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.close_proposals()
            self._break_line()
        else:
            super().keyPressEvent(event)

    def _press_proposals(self, key: Qt.Key) -> bool:
        dropdown = self._dropdown
        assert dropdown is not None
        if key is Qt.Key.Key_Escape:
            self.close_proposals()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            dropdown.step(1 if key is Qt.Key.Key_Down else -1)
            self._stepped = True
        elif key is Qt.Key.Key_Tab or (self._stepped and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)):
            # Enter is a new line for who types on; for who has gone through the list it takes
            row = dropdown.current()
            if row is None:
                return False
            self._take(row)
        else:
            return False
        return True

    def _indent(self) -> None:
        cursor = self.textCursor()
        if not cursor.hasSelection():
            cursor.insertText(" " * (_INDENT - cursor.positionInBlock() % _INDENT))
            return
        self._each_line(lambda line: line.insertText(" " * _INDENT))

    def _outdent(self) -> None:
        def shorten(line: QTextCursor) -> None:
            blanks = len(line.block().text()) - len(line.block().text().lstrip(" "))
            for _ in range(min(_INDENT, blanks)):
                line.deleteChar()

        self._each_line(shorten)

    def _each_line(self, change: Callable[[QTextCursor], object]) -> None:
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart()).blockNumber()
        last = self.document().findBlock(max(cursor.selectionEnd() - cursor.hasSelection(), 0)).blockNumber()
        cursor.beginEditBlock()
        for number in range(first, last + 1):
            change(QTextCursor(self.document().findBlockByNumber(number)))
        cursor.endEditBlock()

    def _break_line(self) -> None:
        cursor = self.textCursor()
        line = cursor.block().text()[: cursor.positionInBlock()]
        cursor.insertText("\n" + line[: len(line) - len(line.lstrip(" "))])
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: nobody completes any more."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self.close_proposals()

    def _follow_cursor(self) -> None:
        found = self._proposals
        if found is not None and self.cursor_index != found.end:
            self.close_proposals()
        self._numbers.update()

    # ---- line numbers ----

    def _make_room(self, _: int = 0) -> None:
        self.setViewportMargins(self._numbers.wanted_width(), 0, 0, 0)

    def _follow_scrolling(self, box: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
            self.close_proposals()
        else:
            self._numbers.update(0, box.y(), self._numbers.width(), box.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the numbers stand at the left of the text."""
        super().resizeEvent(event)
        area = self.contentsRect()
        self._numbers.setGeometry(QRect(area.left(), area.top(), self._numbers.wanted_width(), area.height()))

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme has other colours."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_colouring"):
            self._colouring.rehighlight()
            self._numbers.update()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Qt: what is pasted is not completed."""
        self._taking = True
        super().insertFromMimeData(source)
        self._taking = False

    def lines_in_sight(self) -> list[tuple[int, int, int]]:
        """Number (from 0), top and height of each line in sight, in pixels of the viewport."""
        found = []
        block: QTextBlock = self.firstVisibleBlock()
        top = round(self.blockBoundingGeometry(block).translated(self.contentOffset()).top())
        while block.isValid() and top <= self.viewport().height():
            found.append((block.blockNumber(), top, self.fontMetrics().height()))
            block, top = block.next(), top + round(self.blockBoundingRect(block).height())
        return found

    def mistake_line(self) -> int:
        """The line (from 0) of the mistake that is shown; -1: none is."""
        return self._written.count("\n", 0, self._mistake) if self._mistake >= 0 else -1


_NONE = Qt.KeyboardModifier.NoModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class _LineNumbers(QWidget):
    """The numbers of the lines; that of a mistake in red with a dot, that of the cursor brighter."""

    def __init__(self, editor: SqlEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setFont(mono_font(12))

    def wanted_width(self) -> int:
        """Pixels that the greatest number needs."""
        digits = max(2, len(str(self._editor.blockCount())))
        return 2 * _PAD + self.fontMetrics().horizontalAdvance("0") * digits

    def sizeHint(self) -> QSize:
        """Qt: as wide as the numbers."""
        return QSize(self.wanted_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the numbers in sight."""
        theme = tokens(self)
        current = self._editor.textCursor().blockNumber()
        mistake = self._editor.mistake_line()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
            painter.setFont(self.font())
            for number, top, height in self._editor.lines_in_sight():
                wrong = number == mistake
                painter.setPen(QColor(theme.err if wrong else theme.text if number == current else theme.faint))
                box = QRect(0, top, self.width() - _PAD, height)
                painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(number + 1))
                if wrong:
                    painter.setBrush(QColor(theme.err))
                    painter.drawEllipse(QRect(3, top + height // 2 - 2, 5, 5))
