"""One card: a header with title and facts, and its blocks below."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from tailrace.model import SpanKind
from tailrace.ui.theme import Tokens, pixmap, tokens, ui_font
from tailrace.ui.views.background import Background
from tailrace.ui.views.controls import Words, draw_elided
from tailrace.ui.views.media import MediaThumb
from tailrace.ui.views.messages.cards import Block, BlockKind, Card
from tailrace.ui.views.messages.cut_text import FIRST_LINES
from tailrace.ui.views.messages.text_block import TextBlock
from tailrace.ui.views.spoken import Role
from tailrace.ui.views.value_menu import show_value_menu

HEADER = 26


def card_colour(card: Card, theme: Tokens) -> str | None:
    """The colour of border and title, None for the neutral one."""
    if card.error:
        return theme.err
    return None if card.kind is None else theme.kind(card.kind)


def estimate_card(card: Card, width: int) -> int:
    """The height a card will roughly have, without laying anything out."""
    if card.collapsible and not card.open:
        return HEADER + 2
    lines = 0
    for block in card.blocks:
        text = block.text
        lines += 7 if block.kind is BlockKind.MEDIA else min(FIRST_LINES, len(text) // max(20, width // 7) + 1)
        lines += min(FIRST_LINES, text.count("\n", 0, 4_000))
    return HEADER + 18 + 20 * min(lines, FIRST_LINES)


class CardView(QWidget):
    """Paints the frame, holds the blocks. A collapsible card opens on click, Space or Enter on its header."""

    viewer_requested = Signal(object, object)  # title, text
    filter_requested = Signal(object)  # (field, value, negate)
    copied = Signal(object)
    caret_moved = Signal(object)  # the TextBody, after a key

    def __init__(
        self, card: Card, *, markdown: bool, background: Background, pixels: int = 13, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.card = card
        self.SPOKEN_AS = Role.Button if card.collapsible else Role.Section
        self._markdown = markdown
        self._pixels = pixels
        self._background = background
        self.blocks: list[TextBlock] = []
        self.setAccessibleName(f"{card.title}, {card.facts}" if card.facts else card.title)
        if card.collapsible:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._say_open()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(11, HEADER + 9, 11, 6)
        self._column.setSpacing(4)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._fill(tokens(parent))

    def heightForWidth(self, width: int) -> int:
        if not self._opened:
            return HEADER + 1
        return (
            self._column.heightForWidth(width) if self._column.hasHeightForWidth() else self._column.sizeHint().height()
        )

    def refill(self) -> None:
        """Take over what changed in the card from outside."""
        self._fill(tokens(self))
        self.updateGeometry()
        self.update()

    def mark(self, index: int, words: str, order: int) -> int:
        """Mark some words in a block; the distance of the one of that order from the card's top."""
        for shown in self.blocks:
            if shown.index == index:
                return shown.y() + shown.mark(words, order)
        item = self._column.itemAt(index)
        widget = item.widget() if item is not None else None
        if isinstance(widget, Words):
            widget.set_marked(bool(words))
        return widget.y() if widget is not None else 0

    def unmark(self) -> None:
        """Forget what was marked."""
        for shown in self.blocks:
            if shown.marked:
                shown.mark("", 0)
        for label in self.findChildren(Words, options=Qt.FindChildOption.FindDirectChildrenOnly):
            label.set_marked(False)

    def toggle(self) -> None:
        """Open or close a collapsible card."""
        if self.card.collapsible:
            self.card.open = not self.card.open
            self.refill()
            self._say_open()

    def _say_open(self) -> None:
        self.setAccessibleDescription("Open; Space closes it" if self.card.open else "Closed; Space opens it")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and event.position().y() <= HEADER:
            self.toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.card.collapsible and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        whole = "\n\n".join(block.whole for block in self.blocks) or "\n\n".join(b.text for b in self.card.blocks)
        show_value_menu(
            self,
            event.globalPos(),
            self.card.filters,
            (("Copy text", whole),),
            self.filter_requested.emit,
            self.copied.emit,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        card = self.card
        colour = card_colour(card, theme)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            shape = QPainterPath()
            shape.addRoundedRect(box, 8, 8)
            painter.save()
            painter.setClipPath(shape)
            painter.fillRect(box, QColor(theme.panel))
            painter.fillRect(QRectF(0, 0, self.width(), HEADER), QColor(theme.raised))
            if card.share is not None:
                painter.fillRect(QRectF(0, HEADER - 3, self.width(), 3), QColor(theme.line))
                painter.fillRect(QRectF(0, HEADER - 3, self.width() * card.share, 3), QColor(colour or theme.accent))
            painter.restore()
            painter.setPen(
                QPen(QColor(theme.accent if self.hasFocus() else colour if colour and card.framed else theme.line), 1)
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(shape)
            painter.setFont(ui_font(12))
            left = 11
            if card.collapsible or card.error:
                name = "circle-alert" if card.error else "chevron-down" if card.open else "chevron-right"
                tint = theme.err if card.error else theme.dim
                painter.drawPixmap(left - 2, 6, pixmap(name, tint, 14, self.devicePixelRatioF()))
                left += 17
            words = self.shown_facts
            right = QFontMetrics(painter.font()).horizontalAdvance(words) + 2 if words else 0
            right = min(right, (self.width() - left) * 3 // 5)
            title = QRect(left, 0, self.width() - left - right - 24, HEADER)
            draw_elided(painter, title, card.title, colour or theme.dim, Qt.AlignmentFlag.AlignLeft)
            facts = QRect(self.width() - 11 - right, 0, right, HEADER)
            tint = theme.err if card.warns and card.kind is SpanKind.TOOL else theme.warn if card.warns else theme.dim
            draw_elided(painter, facts, words, tint, Qt.AlignmentFlag.AlignRight)

    @property
    def shown_facts(self) -> str:
        """What the header says on the right."""
        inside = self.card.marked if not self._opened else 0
        found = f"{inside} highlight{'' if inside == 1 else 's'} inside" if inside else ""
        return " · ".join(filter(None, (found, self.card.facts)))

    @property
    def _opened(self) -> bool:
        return self.card.open or not self.card.collapsible

    def _fill(self, theme: Tokens) -> None:
        self.blocks = []
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not self._opened:
            return
        shown = self.isVisible()
        for index, block in enumerate(self.card.blocks):
            made = self._make(index, block, theme)
            self._column.addWidget(made)
            if shown:
                made.show()  # not with the next event only: a layout leaves out what is hidden

    def _make(self, index: int, block: Block, theme: Tokens) -> QWidget:
        if block.kind is BlockKind.MEDIA and block.media is not None:
            return MediaThumb(block.media, self._background, self)
        if block.kind is BlockKind.LABEL:
            label = Words(block.text, {"err": "err", "tool": "kind:tool"}.get(block.tone, "dim"), parent=self)
            label.set_space_above(6 if index else 0)
            return label
        made = TextBlock(
            self.card,
            index,
            theme,
            markdown=self._markdown,
            background=self._background,
            pixels=self._pixels,
            parent=self,
        )
        made.viewer_requested.connect(self.viewer_requested)
        made.filter_requested.connect(self.filter_requested)
        made.caret_moved.connect(self.caret_moved)
        self.blocks.append(made)
        return made
