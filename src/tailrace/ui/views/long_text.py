"""A viewer for text of any size: a line index, and layout of the visible rows only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QWidget

from tailrace.jobs import Ticket
from tailrace.ui.theme import mono_font, tokens
from tailrace.ui.views.background import Background
from tailrace.ui.views.json_text import Run, runs
from tailrace.ui.views.messages.rich_text import run_colour
from tailrace.ui.views.spoken import Role, tell_row
from tailrace.ui.views.text_finder import find_all

_AT_ONCE = 200_000  # characters indexed before the first paint
_STRETCH = 500_000
_PAD = 14
_LONG_LINE = 5_000
_MAX_SCROLL = 2**30


@dataclass(frozen=True)
class LineIndex:
    """Where lines start in a text. `starts` has one more entry than lines: the place after the last."""

    starts: np.ndarray

    @property
    def count(self) -> int:
        """Lines."""
        return len(self.starts) - 1


def index_lines(text: str, check: Callable[[], None] | None = None) -> LineIndex:
    """One pass over the text, some 40 ms for 20 million characters. `check` is called now and then and may raise."""
    starts = [np.zeros(1, np.int64)]
    for place in range(0, len(text), _STRETCH):
        if check is not None:
            check()
        # Four bytes a character make offsets characters; in stretches, since encoding holds the interpreter.
        wide = np.frombuffer(text[place : place + _STRETCH].encode("utf-32-le", "surrogatepass"), dtype="<u4")
        starts.append(np.flatnonzero(wide == 10).astype(np.int64) + (place + 1))
    starts.append(np.array([len(text) + 1], np.int64))
    return LineIndex(np.concatenate(starts))


@dataclass(frozen=True)
class Rows:
    """Lines soft-wrapped every `columns` characters: `first[i]` is the first row of line i."""

    first: np.ndarray
    columns: int

    @property
    def count(self) -> int:
        """Rows."""
        return int(self.first[-1])


def wrap_rows(index: LineIndex, columns: int) -> Rows:
    """The rows of every line. An empty line is one row."""
    lengths = np.diff(index.starts) - 1
    rows = np.maximum(1, -(-lengths // columns))
    return Rows(np.concatenate(([0], np.cumsum(rows))), columns)


class LongTextView(QAbstractScrollArea):
    """Read-only text in the mono font. Selection by mouse and keyboard, Ctrl+A, Ctrl+C."""

    SPOKEN_AS, ROWS_SPOKEN_AS = Role.Document, Role.Paragraph
    copied = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._json = False
        self._index = index_lines("")
        self._rows = wrap_rows(self._index, 80)
        self._anchor = self._caret = 0
        self._highlight: tuple[int, int] | None = None
        self._places: list[int] = []
        self._found = 0
        self._layouts = 0
        self._background = Background(self)
        self._ticket: Ticket | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(mono_font())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Text")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setAutoFillBackground(False)
        self._option = QTextOption()
        self._option.setWrapMode(QTextOption.WrapMode.NoWrap)
        metrics = QFontMetricsF(self.font())
        self._step = metrics.horizontalAdvance("M")
        self._line = round(metrics.height() * 1.3)
        self._ascent_gap = (self._line - metrics.height()) / 2

    @property
    def line_count(self) -> int:
        """Lines of the text; those indexed so far while a large text is still being indexed."""
        return self._index.count

    @property
    def laid_out(self) -> int:
        """Rows that the last paint laid out."""
        return self._layouts

    def text(self) -> str:
        """What is shown."""
        return self._text

    def set_text(self, text: str, *, json: bool = False) -> None:
        """Show a text from its start. The first screen is there at once, the rest of the index follows."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        self._text, self._json = text, json
        self._anchor = self._caret = 0
        self._highlight = None
        if len(text) > _AT_ONCE:
            self._take(index_lines(text[:_AT_ONCE]))

            def work(ticket: Ticket) -> LineIndex:
                return index_lines(text, ticket.check)

            self._ticket = self._background.run(self, work, self._take)
        else:
            self._take(index_lines(text))
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)

    def selected_text(self) -> str:
        """The selected part."""
        return self._text[min(self._anchor, self._caret) : max(self._anchor, self._caret)]

    def copy(self) -> None:
        """Put the selection on the clipboard."""
        if self._anchor != self._caret:
            QGuiApplication.clipboard().setText(self.selected_text())
            self.copied.emit(self.selected_text())

    def select_all(self) -> None:
        """Select the whole text."""
        self._anchor, self._caret = 0, len(self._text)
        self.viewport().update()

    def find_words(self, words: str) -> int:
        """Look for words; how often they occur."""
        self._places, self._found = find_all(self._text, words), len(words)
        self._highlight = None
        self.viewport().update()
        return len(self._places)

    def show_match(self, number: int) -> None:
        """Scroll to one of the places found."""
        if number < len(self._places):
            self.reveal(self._places[number], self._places[number] + self._found)

    def reveal(self, start: int, end: int) -> None:
        """Scroll to a match and mark it."""
        self._highlight = (start, end)
        row = self._row_of(start)
        bar = self.verticalScrollBar()
        if not bar.value() <= row < bar.value() + self._visible_rows() - 1:
            bar.setValue(max(0, row - self._visible_rows() // 3))
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, 60)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._wrap()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        bar = self.verticalScrollBar()
        left = _PAD - self.horizontalScrollBar().value()
        widest = 0.0
        self._layouts = 0
        with QPainter(self.viewport()) as painter:
            painter.fillRect(self.viewport().rect(), QColor(theme.panel))
            painter.setPen(QColor(theme.text))
            y = 8
            for row in range(bar.value(), min(self._rows.count, bar.value() + self._visible_rows() + 1)):
                start, end = self._row_span(row)
                layout = self._lay_out(start, end)
                layout.draw(painter, QPointF(left, y + self._ascent_gap))
                widest = max(widest, layout.lineAt(0).naturalTextWidth() if layout.lineCount() else 0)
                y += self._line
        room = int(widest) + 2 * _PAD - self.viewport().width()
        if room > self.horizontalScrollBar().maximum():  # wide characters pass the right edge
            self.horizontalScrollBar().setRange(0, room)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar, page = self.verticalScrollBar(), max(1, self._visible_rows() - 1)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif (
            step := {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: page,
                Qt.Key.Key_PageUp: -page,
                Qt.Key.Key_Home: -_MAX_SCROLL,
                Qt.Key.Key_End: _MAX_SCROLL,
            }.get(Qt.Key(event.key()))
        ) is not None:
            bar.setValue(max(bar.minimum(), min(bar.maximum(), bar.value() + step)))
            tell_row(self)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._caret = self._place_at(event.position().toPoint())
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._anchor = self._caret
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            y = event.position().y()
            bar = self.verticalScrollBar()
            if y < 0 or y > self.viewport().height():
                bar.setValue(bar.value() + (-1 if y < 0 else 1))
            self._caret = self._place_at(event.position().toPoint())
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        start = end = place
        while start > max(0, place - 1_000) and self._is_word(start - 1):
            start -= 1
        while end < min(len(self._text), place + 1_000) and self._is_word(end):
            end += 1
        self._anchor, self._caret = start, end
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction("Copy", self.copy).setEnabled(self._anchor != self._caret)
        menu.addAction("Copy all", self._copy_all)
        menu.addAction("Select all", self.select_all)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.copied.emit(self._text)

    def _is_word(self, place: int) -> bool:
        return self._text[place].isalnum() or self._text[place] == "_"

    def _take(self, index: LineIndex) -> None:
        self._index = index
        self._wrap()

    def _wrap(self) -> None:
        top = self._row_span(self.verticalScrollBar().value())[0] if self._rows.count else 0
        columns = max(20, int((self.viewport().width() - 2 * _PAD) / self._step))
        self._rows = wrap_rows(self._index, columns)
        bar = self.verticalScrollBar()
        bar.setPageStep(max(1, self._visible_rows() - 1))
        bar.setRange(0, max(0, self._rows.count - self._visible_rows() + 1))
        bar.setValue(self._row_of(top))
        self.horizontalScrollBar().setRange(0, 0)
        self.viewport().update()

    def _visible_rows(self) -> int:
        return max(1, (self.viewport().height() - 8) // self._line + 1)

    def _row_of(self, place: int) -> int:
        line = max(0, int(np.searchsorted(self._index.starts, place, side="right")) - 1)
        line = min(line, self._index.count - 1)
        return int(self._rows.first[line]) + (place - int(self._index.starts[line])) // self._rows.columns

    def spoken_range(self) -> tuple[int, int]:
        top = self.verticalScrollBar().value()
        return top, min(self._rows.count, top + self._visible_rows())

    def spoken_row(self) -> int:
        return self.verticalScrollBar().value() if self._text else -1

    def spoken_words(self, row: int) -> str:
        start, end = self._row_span(row) if 0 <= row < self._rows.count else (0, 0)
        return self._text[start:end]

    def spoken_box(self, row: int) -> QRect:
        y = 8 + (row - self.verticalScrollBar().value()) * self._line
        return QRect(0, y, self.viewport().width(), self._line)

    def spoken_open(self, row: int) -> bool | None:
        return None

    def _row_span(self, row: int) -> tuple[int, int]:
        first = self._rows.first
        line = min(max(0, int(np.searchsorted(first, row, side="right")) - 1), self._index.count - 1)
        start = int(self._index.starts[line]) + (row - int(first[line])) * self._rows.columns
        return start, max(start, min(start + self._rows.columns, int(self._index.starts[line + 1]) - 1))

    def _lay_out(self, start: int, end: int) -> QTextLayout:
        theme = tokens(self)
        piece = self._text[start:end].replace("\t", " ").replace("\r", " ")
        layout = QTextLayout(piece, self.font(), self.viewport())
        formats: list[QTextLayout.FormatRange] = []
        if self._json:
            for first, last, kind in self._runs(start, end):
                formats.append(_range(first - start, last - start, foreground=run_colour(kind, theme)))
        if self._highlight is not None:
            first, last = max(start, self._highlight[0]), min(end, self._highlight[1])
            if first < last:
                colours = {"background": theme.warn, "foreground": theme.bg}
                formats.append(_range(first - start, last - start, **colours))
        first, last = sorted((self._anchor, self._caret))
        first, last = max(start, first), min(end, last)
        if first < last:
            formats.append(_range(first - start, last - start, background=theme.accent, foreground=theme.on_accent))
        layout.setFormats(_in_utf16(piece, formats))
        layout.setTextOption(self._option)
        layout.beginLayout()
        line = layout.createLine()
        if line.isValid():
            line.setLineWidth(1e6)
            line.setPosition(QPointF(0, 0))
        layout.endLayout()
        self._layouts += 1
        return layout

    def _runs(self, start: int, end: int) -> list[tuple[int, int, Run]]:
        """What of a row deserves a colour, as places of the text. The whole line is read since a string may have
        begun rows before; one too long for that stays without colour."""
        line = max(0, int(np.searchsorted(self._index.starts, start, side="right")) - 1)
        first, last = int(self._index.starts[line]), int(self._index.starts[line + 1]) - 1
        if last - first > _LONG_LINE:
            return []
        return [
            (max(start, first + a), min(end, first + b), kind)
            for a, b, kind in runs(self._text[first:last])
            if first + a < end and first + b > start
        ]

    def _place_at(self, point: QPoint) -> int:
        row = self.verticalScrollBar().value() + max(0, point.y() - 8) // self._line
        if row >= self._rows.count:
            return len(self._text) if self._ticket is None else int(self._index.starts[-1]) - 1
        start, end = self._row_span(row)
        layout = self._lay_out(start, end)
        line = layout.lineAt(0)
        if not line.isValid():
            return start
        place = int(line.xToCursor(point.x() - _PAD + self.horizontalScrollBar().value()))
        units = self._text[start:end].encode("utf-16-le", "surrogatepass")[: 2 * place]
        return min(end, start + len(units.decode("utf-16-le", "replace")))


def _range(start: int, end: int, *, foreground: str = "", background: str = "") -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    look = QTextCharFormat()
    if foreground:
        look.setForeground(QColor(foreground))
    if background:
        look.setBackground(QColor(background))
    made.start, made.length, made.format = start, end - start, look
    return made


def _in_utf16(text: str, formats: list[QTextLayout.FormatRange]) -> list[QTextLayout.FormatRange]:
    """Qt counts UTF-16 units, Python characters."""
    if text.isascii() or max(text, default="") <= "\uffff":
        return formats
    for piece in formats:
        start = len(text[: piece.start].encode("utf-16-le", "surrogatepass")) // 2
        length = len(text[piece.start : piece.start + piece.length].encode("utf-16-le", "surrogatepass")) // 2
        piece.start, piece.length = start, length
    return formats
