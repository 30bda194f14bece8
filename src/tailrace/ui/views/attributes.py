"""Attributes grouped by prefix: searchable, typed, copied as JSON."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from tailrace.model import Json
from tailrace.model.words import format_count
from tailrace.ui.theme import Tokens, mono_font, pixmap, tokens, ui_font
from tailrace.ui.views.attribute_groups import Attribute, Group, groups_json, matches, row_json, type_word, value_text
from tailrace.ui.views.controls import PaintedButton, name_buttons
from tailrace.ui.views.json_text import Run
from tailrace.ui.views.messages.rich_text import run_colour
from tailrace.ui.views.value_menu import copy_text, show_value_menu
from tailrace.ui.views.value_tree import ValueTree

_SHOWN_ROWS = 4
_KEY, _STEP = 18, 17
_MAX_PREVIEW = 400
Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractItemModel):
    """Two levels. Internal id 0 is a group, n is a row of group n - 1."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.groups: list[Group] = []

    def show(self, groups: list[Group]) -> None:
        self.beginResetModel()
        self.groups = groups
        self.endResetModel()

    def attribute(self, index: Index) -> Attribute | None:
        if not index.isValid() or index.internalId() == 0:
            return None
        return self.groups[index.internalId() - 1].rows[index.row()]

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return len(self.groups)
        return len(self.groups[parent.row()].rows) if parent.internalId() == 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.attribute(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.groups[index.row()].title if row is None else row.key
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if row is None:
                group = self.groups[index.row()]
                return f"{group.title}, {len(group.rows)} attributes"
            return f"{row.key}: {value_text(row.value)[:_MAX_PREVIEW]}"
        if role == Qt.ItemDataRole.ToolTipRole and row is not None:
            return f"{row.key} ({type_word(row.value)})"
        return None


class _Delegate(QStyledItemDelegate):
    """Key above, value below, so that both fit a narrow panel."""

    def __init__(self, tree: QTreeView, model: _Model) -> None:
        super().__init__(tree)
        self._tree = tree
        self._model = model
        self._heights: dict[int, int] = {}
        self._known: tuple[int, list[Group]] = (0, [])
        self._keys = QFontMetricsF(ui_font(12))
        self._step = QFontMetricsF(mono_font(12)).horizontalAdvance("M")

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = self._model.attribute(index)
        if row is None:
            return QSize(100, 30)
        width = self._tree.viewport().width()
        if width != self._known[0] or self._model.groups is not self._known[1]:
            self._known = (width, self._model.groups)
            self._heights.clear()
        height = self._heights.get(id(row))  # the groups are held, so the ids stand
        if height is None:
            height = self._heights[id(row)] = self._height(row)
        return QSize(100, height)

    def _height(self, row: Attribute) -> int:
        if self._one_line(row):
            return 27
        lines, words = self._lines(row)
        return _KEY + _STEP * (len(lines) + bool(words)) + 8

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = tokens(self._tree)
        box: QRect = option.rect
        state = option.state
        whole = QRect(0, box.top(), self._tree.viewport().width(), box.height())
        row = self._model.attribute(index)
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(whole, QColor(theme.accent_bg))
        if row is None:
            group = self._model.groups[index.row()]
            name = "chevron-down" if state & QStyle.StateFlag.State_Open else "chevron-right"
            painter.drawPixmap(12, box.top() + 9, pixmap(name, theme.dim, 13, painter.device().devicePixelRatioF()))
            font = ui_font(12)
            font.setWeight(font.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(QColor(theme.dim))
            painter.drawText(whole.adjusted(30, 0, -14, 0), int(Qt.AlignmentFlag.AlignVCenter), group.title)
            painter.setFont(ui_font(12))
            painter.setPen(QColor(theme.faint))
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
            painter.drawText(whole.adjusted(0, 0, -14, 0), flags, format_count(len(group.rows)))
            painter.restore()
            return
        if self._one_line(row):
            self._paint_line(painter, whole.adjusted(30, 0, -14, 0), row, theme)
            painter.restore()
            return
        lines, words = self._lines(row)
        area = whole.adjusted(30, 4, -14, 0)
        painter.setFont(ui_font(12))
        painter.setPen(QColor(theme.faint))
        kind = type_word(row.value)
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        if kind != "text":
            painter.drawText(area, flags, kind)
        painter.setPen(QColor(theme.dim))
        key = painter.fontMetrics().elidedText(row.key, Qt.TextElideMode.ElideMiddle, area.width() - 46)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignTop), key)
        painter.setFont(mono_font(12))
        painter.setPen(QColor(_value_colour(row.value, theme)))
        y = area.top() + _KEY
        for line in lines:
            painter.drawText(QRect(area.left(), y, area.width(), _STEP), int(Qt.AlignmentFlag.AlignVCenter), line)
            y += _STEP
        if words:
            painter.setFont(ui_font(12))
            painter.setPen(QColor(theme.faint))
            painter.drawText(QRect(area.left(), y, area.width(), _STEP), int(Qt.AlignmentFlag.AlignVCenter), words)
        painter.setPen(QColor(theme.line))
        painter.drawLine(area.left(), box.bottom(), area.right(), box.bottom())
        painter.restore()

    def _one_line(self, row: Attribute) -> bool:
        """Whether key and value fit side by side."""
        if isinstance(row.value, list | dict) or (
            isinstance(row.value, str) and (len(row.value) > 60 or not row.value)
        ):
            return isinstance(row.value, str) and not row.value
        text = value_text(row.value)
        key = self._keys.horizontalAdvance(row.key)
        return "\n" not in text and key + 16 + len(text) * self._step * 1.02 <= self._tree.viewport().width() - 44

    def _paint_line(self, painter: QPainter, area: QRect, row: Attribute, theme: Tokens) -> None:
        painter.setFont(ui_font(12))
        painter.setPen(QColor(theme.dim))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), row.key)
        painter.setFont(mono_font(12))
        painter.setPen(QColor(_value_colour(row.value, theme)))
        text = value_text(row.value) or "(empty)"
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), text)
        painter.setPen(QColor(theme.line))
        painter.drawLine(area.left(), area.bottom(), area.right(), area.bottom())

    def _lines(self, row: Attribute) -> tuple[list[str], str]:
        """The first lines of a value, wrapped by counting since the font has one width, and what is left out."""
        columns = max(12, int((self._tree.viewport().width() - 44) / self._step))
        text = value_text(row.value) if not isinstance(row.value, str) else row.value
        start = text[: columns * _SHOWN_ROWS].replace("\r", "")
        lines: list[str] = []
        used = 0
        for line in start.split("\n"):
            pieces = [line[at : at + columns] for at in range(0, max(1, len(line)), columns)]
            for piece in pieces[: _SHOWN_ROWS - len(lines)]:
                lines.append(piece)
                used += len(piece)
            used += 1
            if len(lines) >= _SHOWN_ROWS:
                break
        used = min(used - 1, len(text))
        if used >= len(text.rstrip("\n")):
            return lines or [""], ""
        return lines, f"showing {format_count(used)} of {format_count(len(text))} characters · Enter opens all"


class _Tree(ValueTree):
    """Groups draw their own arrows, and rows wrap to the width."""

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        return

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()


class AttributesView(QWidget):
    """The Attributes tab."""

    viewer_requested = Signal(object, object)  # title, text
    filter_requested = Signal(object)  # (field, value, negate)
    copied = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[Group] = []
        self._closed: set[str] = set()
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search keys and values")
        self.search.setAccessibleName("Search attributes")
        self.search.setClearButtonEnabled(True)
        name_buttons(self.search, "Clear")
        self.search.textChanged.connect(self._refresh)
        self.count = QLabel(self)
        self.count.setObjectName("dim")
        self.count.setFont(ui_font(12))
        self._copy_all = PaintedButton("JSON", "copy", small=True, parent=self)
        self._copy_all.setToolTip("Copy the attributes shown as JSON")
        self._copy_all.setAccessibleName("Copy attributes as JSON")
        self._copy_all.clicked.connect(self._copy_json)
        self.model = _Model(self)
        self.tree = _Tree(self.model, 0, "Attributes", self)
        self.tree.setItemDelegate(_Delegate(self.tree, self.model))
        self.tree.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.customContextMenuRequested.connect(self._menu)
        self.tree.clicked.connect(self._click)
        self.tree.opened.connect(self._open)
        self.tree.copy_wanted.connect(self._copy_current)
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 14, 6)
        head.addWidget(self.search, 1)
        head.addWidget(self.count)
        head.addWidget(self._copy_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.tree, 1)

    def show_groups(self, groups: list[Group]) -> None:
        """Show attributes; the search and the closed groups stay."""
        self._groups = groups
        self._refresh()

    def _refresh(self) -> None:
        words = self.search.text().casefold().split()
        shown = self._groups
        if words:
            matched = (
                Group(group.title, tuple(row for row in group.rows if matches(row, words))) for group in self._groups
            )
            shown = [group for group in matched if group.rows]
        self.model.show(shown)
        for number, group in enumerate(shown):
            self.tree.setExpanded(self.model.index(number, 0), bool(words) or group.title not in self._closed)
        total = sum(len(group.rows) for group in self._groups)
        found = sum(len(group.rows) for group in shown)
        self.count.setText(f"{format_count(found)} of {format_count(total)}" if words else "")

    def _click(self, index: QModelIndex) -> None:
        if self.model.attribute(index) is None:
            opened = not self.tree.isExpanded(index)
            self.tree.setExpanded(index, opened)
            title = self.model.groups[index.row()].title
            (self._closed.discard if opened else self._closed.add)(title)

    def _open(self, index: QModelIndex) -> None:
        row = self.model.attribute(index)
        if row is not None:
            self.viewer_requested.emit(row.key, value_text(row.value))
        elif index.isValid():
            self._click(index)

    def _menu(self, place: QPoint) -> None:
        index = self.tree.indexAt(place)
        row = self.model.attribute(index)
        copies = [("Copy all as JSON", groups_json(self._groups))]
        filters: list[tuple[str, str]] = []
        if row is not None:
            text = value_text(row.value)
            copies = [("Copy value", text), ("Copy key", row.key), ("Copy as JSON", row_json(row)), *copies]
            if row.field and len(text) <= _MAX_PREVIEW and not isinstance(row.value, list | dict):
                filters = [(row.field, text)]
        show_value_menu(
            self,
            self.tree.viewport().mapToGlobal(place),
            filters,
            copies,
            self.filter_requested.emit,
            self.copied.emit,
        )

    def _copy_current(self) -> None:
        if (row := self.model.attribute(self.tree.currentIndex())) is not None:
            copy_text(value_text(row.value), self.copied.emit)

    def _copy_json(self) -> None:
        copy_text(groups_json(self.model.groups), self.copied.emit)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.tree.viewport().update()


def _value_colour(value: Json, theme: Tokens) -> str:
    if isinstance(value, bool) or value is None:
        return run_colour(Run.WORD, theme)
    return run_colour(Run.NUMBER, theme) if isinstance(value, int | float) else theme.text
