"""What can be asked: the views with their columns, and the attributes; each with its meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QVBoxLayout,
    QWidget,
)

from tailrace.model.sql import ATTRIBUTES, SQL_VIEWS
from tailrace.model.sql_completion import spelled
from tailrace.model.words import format_count
from tailrace.ui.theme import mono_font, pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import Words, draw_elided

_ROW = 24
_SHOWN = 300  # attributes; more are found by typing
_ENTRY = Qt.ItemDataRole.UserRole
_LEFT = Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignRight
_HINT = "A double click or Enter puts a name into the statement."


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: what it is called, of which kind, what it means, and what of it goes into a statement."""

    name: str
    kind: str
    meaning: str
    insert: str
    heading: bool = False


class SchemaList(QFrame):
    """A search line, the views with their columns, and what the chosen one means.

    Signals: `chosen(object)` a text for the statement, on a double click or Enter; `searched(object)` what is typed,
    for who knows more attributes to `show_attributes` then.
    """

    chosen = Signal(object)
    searched = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attributes: Sequence[str] = ()
        self._known = 0
        self.line = QLineEdit()
        self.line.setPlaceholderText("Find a column")
        self.line.setAccessibleName("Find a column")
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._search)
        self.tree = _Tree(self)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setUniformRowHeights(True)
        self.tree.setMouseTracking(True)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.tree.setFrameShape(QFrame.Shape.NoFrame)
        self.tree.setAccessibleName("Views and columns")
        self.tree.setItemDelegate(_RowPainter(self.tree))
        self.tree.itemDoubleClicked.connect(self._take)
        self.tree.itemClicked.connect(self._toggle)
        self.tree.currentItemChanged.connect(self._explain)
        self.tree.taken.connect(self._take)
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setFont(mono_font(12))
        self._meaning = Words("", "dim", ui_font(12))
        foot = QFrame()
        foot.setObjectName("status")
        inside = QVBoxLayout(foot)
        inside.setContentsMargins(12, 8, 12, 10)
        inside.setSpacing(3)
        inside.addWidget(self._name)
        inside.addWidget(self._meaning)
        foot.setFixedHeight(92)
        top = QVBoxLayout()
        top.setContentsMargins(10, 10, 10, 6)
        top.addWidget(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.tree, 1)
        column.addWidget(foot)
        self._list("")

    @property
    def names(self) -> list[str]:
        """What is listed below its headings, in order."""
        entries = [item.data(0, _ENTRY) for item in self._items()]
        return [entry.name for entry in entries if not entry.heading]

    @property
    def meaning(self) -> str:
        """What is said of the chosen one."""
        return self._meaning.text

    def show_attributes(self, names: Sequence[str], known: int) -> None:
        """Attributes of spans, of `known` in all."""
        self._attributes, self._known = names, known
        self._list(self.line.text())

    def _search(self, text: str) -> None:
        self._list(text)
        self.searched.emit(text)

    def _list(self, typed: str) -> None:
        wanted = typed.strip().casefold()
        kept = self.tree.currentItem()
        former = kept.data(0, _ENTRY) if kept is not None else None
        self.tree.clear()
        for view in SQL_VIEWS:
            entries = [
                Entry(column.name, column.kind, column.description, column.name)
                for column in view.columns
                if wanted in column.name.casefold() or wanted in column.description.casefold()
            ]
            heading = Entry(view.name, view.description, f"{view.description}.".capitalize(), view.name, True)
            if entries or not wanted:
                self._add(heading, entries, bool(wanted) or view.name == "spans")
        found = [name for name in self._attributes if wanted in name.casefold()]
        if found:
            shown = found[:_SHOWN]
            of = f"{format_count(len(shown))} of {format_count(max(self._known, len(found)))}"
            words = of if len(shown) < max(len(found), self._known) else format_count(len(shown))
            heading = Entry("attributes", words, ATTRIBUTES, "", True)
            entries = [Entry(f"attr.{name}", "text", ATTRIBUTES, spelled(name)) for name in shown]
            self._add(heading, entries, bool(wanted))
        self._choose(former)

    def _add(self, heading: Entry, entries: Sequence[Entry], is_open: bool) -> None:
        top = QTreeWidgetItem()
        for item, entry in ((top, heading), *((QTreeWidgetItem(), entry) for entry in entries)):
            item.setData(0, _ENTRY, entry)
            item.setText(0, " ".join(entry.name[:300].split()))
            item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, f"{entry.kind}: {entry.meaning}")
            item.setToolTip(0, tip(f"{entry.name[:300]}\n{entry.meaning}"))
            if item is not top:
                top.addChild(item)
        self.tree.addTopLevelItem(top)
        top.setExpanded(is_open)

    def _items(self) -> Iterator[QTreeWidgetItem]:
        """Every row, from the top."""
        found = QTreeWidgetItemIterator(self.tree)
        while (item := found.value()) is not None:
            yield item
            found += 1

    def _choose(self, former: Entry | None) -> None:
        chosen = next((item for item in self._items() if item.data(0, _ENTRY) == former), None)
        if chosen is not None:
            self.tree.setCurrentItem(chosen)
        self._explain(chosen)

    def _toggle(self, item: QTreeWidgetItem) -> None:
        if item.data(0, _ENTRY).heading:
            item.setExpanded(not item.isExpanded())

    def _take(self, item: QTreeWidgetItem) -> None:
        entry = item.data(0, _ENTRY)
        if entry.insert:
            self.chosen.emit(entry.insert)

    def _explain(self, item: QTreeWidgetItem | None, _: QTreeWidgetItem | None = None) -> None:
        entry = item.data(0, _ENTRY) if item is not None else Entry("", "", _HINT, "")
        metrics = QFontMetrics(self._name.font())
        self._name.setText(
            metrics.elidedText(entry.name[:300], Qt.TextElideMode.ElideMiddle, max(self.width() - 26, 60))
        )
        self._name.setVisible(bool(entry.name))
        self._meaning.set_text(entry.meaning)


class _Tree(QTreeWidget):
    """Signals: `taken(object)` the row that Enter was pressed on."""

    taken = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter takes; letters are no search here, the line above is."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None and not event.modifiers():
            self.taken.emit(item)
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)


class _RowPainter(QStyledItemDelegate):
    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(_ENTRY)
        theme = tokens(self._tree)
        state: QStyle.StateFlag = option.state
        box = QRect(option.rect).adjusted(6, 1, -6, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            selected = state & QStyle.StateFlag.State_Selected
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_bg if selected else theme.raised))
            painter.drawRoundedRect(QRectF(box), 5, 5)
        left = box.left() + (22 if entry.heading else 24)
        if entry.heading:
            ratio = painter.device().devicePixelRatioF()
            is_open = bool(state & QStyle.StateFlag.State_Open)
            mark = pixmap("chevron-down" if is_open else "chevron-right", theme.dim, 13, ratio)
            painter.drawPixmap(box.left() + 4, box.center().y() - 6, mark)
        painter.setFont(ui_font(11))
        wide = min(painter.fontMetrics().horizontalAdvance(entry.kind) + 4, box.width() // 2)
        kind = QRect(box.right() - wide - 6, box.top(), wide, box.height())
        draw_elided(painter, kind, entry.kind, theme.faint, _RIGHT)
        font = mono_font(12)
        font.setWeight(QFont.Weight.DemiBold if entry.heading else QFont.Weight.Normal)
        painter.setFont(font)
        room = QRect(left, box.top(), kind.left() - left - 8, box.height())
        draw_elided(painter, room, str(index.data()), theme.text, _LEFT)
        painter.restore()
