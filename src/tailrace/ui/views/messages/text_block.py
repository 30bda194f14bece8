"""A piece of text inside a card: selectable, as tall as what it shows, honest about what it does not."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from tailrace.jobs import Ticket
from tailrace.model.review import Anchor
from tailrace.model.words import format_count
from tailrace.ui.theme import Tokens, tip
from tailrace.ui.views.background import SMALL, Background
from tailrace.ui.views.controls import PaintedButton, Words, mixed
from tailrace.ui.views.json_text import layout_json
from tailrace.ui.views.messages.cards import Block, BlockKind, Card
from tailrace.ui.views.messages.cut_text import FIRST_LINES, MORE_LINES, MOST_LINES, cut
from tailrace.ui.views.messages.quotes import find_anchor
from tailrace.ui.views.messages.rich_text import write_json, write_markdown, write_plain

_MOST_SEARCHED = 120  # characters of a selection that a filter may ask for
_OWN_KEYS = {
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
}
_OWN_SEQUENCES = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.SelectAll)
_FIRST_OF_LARGE = 40  # lines of large JSON shown as it is while it is being laid out


class TextBody(QTextEdit):
    """Read-only text whose height follows its contents. Copies plain text; a link is shown and copied, not opened."""

    filter_requested = Signal(object)  # (field, value, negate)
    caret_moved = Signal(object)  # itself, after a key

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("textBody")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        if self.document().textWidth() != width:
            self.document().setTextWidth(width)
        return int(self.document().size().height()) + 2

    def sizeHint(self) -> QSize:
        return QSize(200, 40)  # the height comes from the width; laying out for another width would be for nothing

    def minimumSizeHint(self) -> QSize:
        return QSize(20, 10)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: only what moves, selects and copies is for the text; the column scrolls, the page has its own keys."""
        if self._uses(event):
            super().keyPressEvent(event)
            self.caret_moved.emit(self)
        else:
            event.ignore()

    def _uses(self, event: QKeyEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return False
        return event.key() in _OWN_KEYS or any(event.matches(keys) for keys in _OWN_SEQUENCES)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the column scrolls

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        target = self.anchorAt(event.position().toPoint())
        self.setToolTip(tip(f"Link to {target[:300]} (not opened; right click to copy)") if target else "")

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.textCursor().selection().toPlainText())
        return data

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        copy = menu.addAction("Copy", self.copy)
        copy.setEnabled(self.textCursor().hasSelection())
        menu.addAction("Select all", self.selectAll)
        target = self.anchorAt(event.pos())
        link = menu.addAction("Copy link target") if target else None
        words = " ".join(self.textCursor().selection().toPlainText().split())
        wanted = unwanted = None
        if 0 < len(words) <= _MOST_SEARCHED:
            menu.addSeparator()
            wanted = menu.addAction("Filter for traces with the selected words")
            unwanted = menu.addAction("Filter them out")
        chosen = menu.exec(event.globalPos())
        if chosen is not None and chosen is link:
            QGuiApplication.clipboard().setText(target)
        elif chosen is not None and chosen in (wanted, unwanted):
            self.filter_requested.emit(("text", words, chosen is unwanted))
        menu.deleteLater()


class TextBlock(QWidget):
    """One text block of a card. What a person opened up is kept in the card, since widgets out of sight do not stay."""

    viewer_requested = Signal(object, object)  # title, whole text
    filter_requested = Signal(object)  # (field, value, negate)
    caret_moved = Signal(object)  # the TextBody, after a key

    def __init__(
        self,
        card: Card,
        index: int,
        theme: Tokens,
        *,
        markdown: bool,
        background: Background,
        pixels: int = 13,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._card = card
        self._index = index
        self._theme = theme
        self._markdown = markdown
        self._pixels = pixels
        self.marked = False
        self._evidence: list[QTextEdit.ExtraSelection] = []
        self.body = TextBody(self)
        self.body.setAccessibleName(card.title)
        self.body.filter_requested.connect(self.filter_requested)
        self.body.caret_moved.connect(self.caret_moved)
        self._words = Words("", parent=self)
        self.more = PaintedButton("Show more", small=True, parent=self)
        self.more.clicked.connect(self._show_more)
        self._viewer = PaintedButton("Open in viewer", small=True, parent=self)
        self._viewer.clicked.connect(self._open)
        self._foot = QWidget(self)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 6, 0, 0)
        foot.setSpacing(6)
        foot.addWidget(self._words, 1)
        foot.addWidget(self.more)
        foot.addWidget(self._viewer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.body)
        column.addWidget(self._foot)
        self._fill()
        self._lay_out(background)

    @property
    def block(self) -> Block:
        """What is shown."""
        return self._card.blocks[self._index]

    @property
    def words(self) -> str:
        """What is said about the part not shown; empty when all is."""
        return self._words.text

    @property
    def index(self) -> int:
        """Which block of its card it is."""
        return self._index

    @property
    def whole(self) -> str:
        """The whole text: JSON laid out where that has been done."""
        return self._card.laid_out.get(self._index, self.block.text)

    def mark(self, words: str, order: int) -> int:
        """Mark every occurrence of some words, the one of that order most of all; its distance from the top."""
        self.marked = bool(words)
        found: list[QTextCursor] = []
        cursor = self.body.document().find(words) if words else QTextCursor()
        while not cursor.isNull() and len(found) < 2_000:
            found.append(cursor)
            cursor = self.body.document().find(words, cursor)
        marks = []
        for number, cursor in enumerate(found):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            strong = number == min(order, len(found) - 1)
            mark.format.setBackground(QColor(self._theme.warn if strong else self._theme.accent_bg))
            if strong:
                mark.format.setForeground(QColor(self._theme.bg))
            marks.append(mark)
        self.body.setExtraSelections(self._evidence + marks)
        return self.body.cursorRect(found[min(order, len(found) - 1)]).top() if found else 0

    @property
    def shown(self) -> str:
        """The text as it stands there now, one character for each place of the document."""
        return self.body.document().toPlainText()

    def selection(self) -> tuple[int, int]:
        """From and to which character of `shown` it is selected; both the same when nothing is."""
        cursor, shown = self.body.textCursor(), self.shown
        return _characters_before(shown, cursor.selectionStart()), _characters_before(shown, cursor.selectionEnd())

    def unselect(self) -> None:
        """Select nothing, staying at the same place."""
        cursor = self.body.textCursor()
        if cursor.hasSelection():
            cursor.clearSelection()
            self.body.setTextCursor(cursor)

    def show_marks(self) -> dict[Anchor, int]:
        """Mark the card's evidence in this block; how far below the block's top each piece begins."""
        tops: dict[Anchor, int] = {}
        self._evidence = []
        shown = self.shown if self._card.marks.get(self._index) else ""
        for mark in self._card.marks.get(self._index, ()):
            found = find_anchor(shown, mark.anchor)
            if found is None:
                continue
            cursor = QTextCursor(self.body.document())
            cursor.setPosition(_places_before(shown, found[0]))
            tops[mark.anchor] = self.body.cursorRect(cursor).top()
            cursor.setPosition(_places_before(shown, found[1]), QTextCursor.MoveMode.KeepAnchor)
            piece = QTextEdit.ExtraSelection()
            piece.cursor = cursor
            piece.format = _evidence_look(mark.own, self._theme)
            self._evidence.append(piece)
        self.body.setExtraSelections(self._evidence)
        return tops

    def _lay_out(self, background: Background) -> None:
        text = self.block.text
        if self.block.kind is not BlockKind.JSON or self._index in self._card.laid_out or len(text) <= SMALL:
            return

        def work(ticket: Ticket) -> str:
            return layout_json(text, check=ticket.check) or text

        background.run(self, work, self._laid_out)

    def _laid_out(self, text: str) -> None:
        self._card.laid_out[self._index] = text
        self._fill()
        self.updateGeometry()

    def _fill(self) -> None:
        block = self.block
        kind = block.kind
        if kind is BlockKind.JSON and self._index not in self._card.laid_out and len(block.text) <= SMALL:
            laid_out = layout_json(block.text)
            self._card.laid_out[self._index] = block.text if laid_out is None else laid_out
        waits = kind is BlockKind.JSON and self._index not in self._card.laid_out
        limit = _FIRST_OF_LARGE if waits else self._card.limits.get(self._index, FIRST_LINES)
        part = cut(self.whole, limit)
        shown = part.shown.replace("\r\n", "\n")
        document = self.body.document()
        pixels = min(self._pixels, 13) if block.tone == "dim" else self._pixels
        tone = getattr(self._theme, block.tone) if block.tone in ("dim", "err", "faint", "warn") else ""
        if waits:
            write_plain(document, shown, self._theme, mono=True)
        elif kind is BlockKind.JSON:
            write_json(document, shown, self._theme)
        elif kind is BlockKind.MARKUP and self._markdown:
            write_markdown(document, shown, self._theme, colour=tone, pixels=pixels)
        else:
            mono = kind is BlockKind.MONO
            write_plain(document, shown, self._theme, mono=mono, colour=tone, pixels=pixels)
        self.body.setTextCursor(QTextCursor(document))  # writing has moved it to the end
        if self._card.marks.get(self._index):
            self.show_marks()
        self._foot.setVisible(bool(part.words) or waits)
        # a text of which only a glimpse is wanted is opened in place, with as little around it as can be
        glimpse = limit < FIRST_LINES
        self.more.set_flat(glimpse)
        self._viewer.setVisible(not glimpse)
        self._words.set_text(" · ".join(filter(None, (part.words, "laying out …" if waits else ""))))
        self.more.setVisible(limit < MOST_LINES and not waits)
        self.more.setToolTip(f"Show {format_count(MORE_LINES)} more lines here")

    def _show_more(self) -> None:
        self._card.limits[self._index] = self._card.limits.get(self._index, FIRST_LINES) + MORE_LINES
        self._fill()
        self.updateGeometry()

    def _open(self) -> None:
        self.viewer_requested.emit(self._card.title, self.whole)


def _evidence_look(own: bool, theme: Tokens) -> QTextCharFormat:
    """One's own evidence is tinted and underlined, another's has a dotted line: both without their colour too."""
    look = QTextCharFormat()
    style = QTextCharFormat.UnderlineStyle
    look.setUnderlineStyle(style.SingleUnderline if own else style.DotLine)
    look.setUnderlineColor(QColor(theme.err))
    if own:
        look.setBackground(mixed(theme.err, theme.panel, 0.22 if theme.dark else 0.13))
    return look


def _places_before(text: str, characters: int) -> int:
    """Qt counts in UTF-16: an emoji takes two places."""
    return characters + sum(character > "\uffff" for character in text[:characters])


def _characters_before(text: str, place: int) -> int:
    """The other way round."""
    if text.isascii():
        return place
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * place].decode("utf-16-le", "replace"))
