"""What opens under a button to choose from: rows in sections with a search line, one to take or a few to tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from tailrace.model.words import format_count
from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import PaintedButton, draw_elided
from tailrace.ui.views.popup import Popup

_ROW = 27
_MOST_ROWS = 14
_SHOWN = 500  # more are found by typing
_CHOICE = Qt.ItemDataRole.UserRole
_TICKED = Qt.ItemDataRole.UserRole + 1
_LEFT = Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: `value` is told when it is taken, `detail` stands at its right. Rows of one `section` stand together
    under its name. `tip` is said of it where the title does not say all."""

    value: str
    title: str
    detail: str = ""
    section: str = ""
    tip: str = ""


class Picker(Popup):
    """`most` rows can be chosen: one closes it, of more each is ticked and it stays open.

    Signals: `chosen(object)` a value, or with ticks the tuple of all that are ticked, in the order they were;
    `searched(str)` what is typed, for who has more rows to `offer` then.
    """

    chosen = Signal(object)
    searched = Signal(str)

    def __init__(self, name: str, prompt: str, parent: QWidget, most: int = 1) -> None:
        super().__init__(name, parent)
        self._most = most
        self._choices: list[Choice] = []
        self._ticked: tuple[str, ...] = ()
        self._waiting = ""
        self.line.setPlaceholderText(prompt)
        self.line.setAccessibleName(prompt)
        self.line.textChanged.connect(self._search)
        self.rows.setItemDelegate(_RowPainter(self.rows))
        self._words = QLabel()
        self._words.setObjectName("dim")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self.none = PaintedButton("None", "x", flat=True)
        self.none.clicked.connect(self._take_none)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._words, 1)
        foot.addWidget(self.none)
        column = QVBoxLayout(self)
        column.setContentsMargins(7, 7, 7, 7)
        column.setSpacing(6)
        column.addWidget(self.line)
        column.addWidget(self.rows)
        column.addLayout(foot)
        self.none.setVisible(most > 1)

    def offer(self, choices: Sequence[Choice], ticked: Sequence[str] = ()) -> None:
        """What can be chosen, in order, and what is chosen. What is typed stays."""
        self._choices = list(choices)
        self._ticked = tuple(ticked)
        self._waiting = ""
        self._list()

    def show_waiting(self, words: str) -> None:
        """Say that the rows are on their way, or why there are none."""
        self._choices = []
        self._waiting = words
        self._list()

    def open_under(self, widget: QWidget, width: int = 300) -> None:
        """Come into sight below a widget."""
        self.line.clear()
        self.setFixedWidth(width)
        self.rows.setFixedHeight(_MOST_ROWS * _ROW + 2)
        self._list()
        self.show_under(widget, self.line)

    def take(self, item: QListWidgetItem) -> None:
        """Choose a row, or tick it."""
        choice = item.data(_CHOICE)
        if not isinstance(choice, Choice):
            return
        if self._most == 1:
            self.leave()
            self.chosen.emit(choice.value)
            return
        if choice.value in self._ticked:
            self._ticked = tuple(value for value in self._ticked if value != choice.value)
        elif len(self._ticked) < self._most:
            self._ticked = (*self._ticked, choice.value)
        else:
            self._words.setText(f"{self._most} at most: take one away first")
            return
        place = self.rows.currentRow()
        self._list()
        self.rows.setCurrentRow(place)
        self.chosen.emit(self._ticked)

    def _take_none(self) -> None:
        self._ticked = ()
        self._list()
        self.chosen.emit(())

    def _search(self, text: str) -> None:
        self._list()
        self.searched.emit(text)

    def _list(self) -> None:
        words = self.line.text().casefold().split()
        found = [
            choice
            for choice in self._choices
            if all(word in f"{choice.title[:1000]} {choice.section}".casefold() for word in words)
        ]
        self.rows.clear()
        section, chosen = "", -1
        for choice in found[:_SHOWN]:
            if choice.section != section:
                section = choice.section
                self._add_heading(section)
            item = QListWidgetItem(" ".join(choice.title[:300].split()))
            item.setData(_CHOICE, choice)
            item.setData(_TICKED, choice.value in self._ticked)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, choice.detail)
            item.setToolTip(tip(choice.tip or choice.title))
            if chosen < 0 or choice.value in self._ticked:
                chosen = self.rows.count()
            self.rows.addItem(item)
        self.rows.setCurrentRow(chosen)
        self._say(len(found))

    def _add_heading(self, title: str) -> None:
        if title:
            heading = QListWidgetItem(title)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            self.rows.addItem(heading)

    def _say(self, found: int) -> None:
        words = self._waiting
        if not words and not found:
            words = "Nothing is called so" if self.line.text().strip() else "There is nothing to choose from"
        elif found > _SHOWN:
            words = f"{format_count(_SHOWN)} of {format_count(found)}: type to find others"
        elif self._most > 1:
            words = f"{len(self._ticked)} of at most {self._most} chosen"
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.none.setEnabled(bool(self._ticked))


class _RowPainter(QStyledItemDelegate):
    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = tokens(self._view)
        choice = index.data(_CHOICE)
        state: QStyle.StateFlag = option.state
        area: QRect = option.rect
        box = area.adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not isinstance(choice, Choice):
            painter.setFont(ui_font(11))
            draw_elided(painter, box.adjusted(8, 4, -8, 0), str(index.data()), theme.faint, _LEFT)
            painter.restore()
            return
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            selected = state & QStyle.StateFlag.State_Selected
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_bg if selected else theme.raised))
            painter.drawRoundedRect(QRectF(box), 5, 5)
        if index.data(_TICKED):
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(box.left() + 7, box.center().y() - 6, pixmap("check", theme.accent, 14, ratio))
        painter.setFont(ui_font(12))
        width = QFontMetrics(painter.font()).horizontalAdvance(choice.detail) + 4 if choice.detail else 0
        draw_elided(
            painter, QRect(box.right() - width - 8, box.top(), width, box.height()), choice.detail, theme.dim, _RIGHT
        )
        painter.setFont(ui_font(13))
        room = QRect(box.left() + 28, box.top(), box.width() - 28 - width - 16, box.height())
        draw_elided(painter, room, str(index.data()), theme.text, _LEFT)
        painter.restore()
