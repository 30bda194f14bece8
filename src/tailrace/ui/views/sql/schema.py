"""What can be asked: the views with their columns, and the attributes; each with its meaning."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from tailrace.ui.theme import mono_font, pixmap, tokens, ui_font
from tailrace.ui.views.controls import Words, draw_elided, name_buttons
from tailrace.ui.views.sql.schema_rows import ENTRY, Entry, SchemaRows

_ROW = 24
_HINT = "A double click or Enter puts a name into the statement."
_LEFT = Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignRight
_NOTHING = Entry("", "", _HINT, "")
_COMING = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class SchemaList(QFrame):
    """A search line, the views with their columns, and what the chosen one means.

    Signals: `chosen(object)` a text for the statement, on a double click or Enter.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = SchemaRows(self)
        self.line = QLineEdit()
        self.line.setPlaceholderText("Find a column")
        self.line.setAccessibleName("Find a column")
        self.line.setClearButtonEnabled(True)
        name_buttons(self.line, "Clear")
        self.line.textChanged.connect(self._list)
        self.tree = _Tree(self)
        self.tree.setModel(self.rows)
        self.tree.setItemDelegate(_RowPainter(self.tree))
        self.tree.doubleClicked.connect(self._take)
        self.tree.clicked.connect(self._toggle)
        self.tree.taken.connect(self._take)
        self.tree.selectionModel().currentChanged.connect(self._explain)
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
        inside.addStretch(1)
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
        QWidget.setTabOrder(self.line, self.tree)
        self._list()

    @property
    def meaning(self) -> str:
        """What is said of the chosen one."""
        return self._meaning.text

    def show_attributes(self, names: Sequence[str], known: int) -> None:
        """Attributes of spans, of `known` in all."""
        self.rows.show_attributes(names, known)
        self._list()

    def choose(self, name: str) -> None:
        """Choose the first row of a name."""
        index = self.rows.find(name)
        if index is not None:
            self.tree.setCurrentIndex(index)

    def _list(self, _: str = "") -> None:
        former = self.tree.currentIndex().data(ENTRY)
        self.rows.filter(self.line.text())
        for place in range(self.rows.rowCount()):
            index = self.rows.index(place, 0)
            entry: Entry = index.data(ENTRY)
            self.tree.setExpanded(index, bool(self.line.text().strip()) or entry.name == "spans")
        again = self.rows.find(former.name) if isinstance(former, Entry) else None
        if again is not None:
            self.tree.setCurrentIndex(again)
        self._explain(self.tree.currentIndex())

    def _toggle(self, index: QModelIndex) -> None:
        if index.data(ENTRY).heading:
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _take(self, index: QModelIndex) -> None:
        entry: Entry = index.data(ENTRY)
        if entry.insert:
            self.chosen.emit(entry.insert)

    def _explain(self, index: QModelIndex, _: QModelIndex | None = None) -> None:
        entry = index.data(ENTRY) or _NOTHING
        metrics = QFontMetrics(self._name.font())
        room = max(self.width() - 26, 60)
        self._name.setText(metrics.elidedText(entry.shown, Qt.TextElideMode.ElideMiddle, room))
        self._name.setVisible(bool(entry.name))
        self._meaning.set_text(entry.meaning)


class _Tree(QTreeView):
    """Signals: `taken(object)` the row that Enter was pressed on."""

    taken = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Views and columns")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt: a person who comes here stands on the first row; focus that only passes by chooses nothing."""
        if event.reason() in _COMING:
            super().focusInEvent(event)
        else:
            QFrame.focusInEvent(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter takes; letters are no search here, the line above is."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid() and not event.modifiers():
            self.taken.emit(index)
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)


class _RowPainter(QStyledItemDelegate):
    def __init__(self, tree: QTreeView) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(ENTRY)
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
        draw_elided(painter, room, entry.shown, theme.text, _LEFT)
        painter.restore()
