"""A whole span as JSON: text in the viewer, or a tree whose children are made when a branch is opened."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from tailrace.jobs import Ticket
from tailrace.model import Event, Json, SpanDetail
from tailrace.model.time import format_time
from tailrace.model.words import format_bytes, format_count
from tailrace.ui.theme import mono_font, pixmap, tokens, ui_font
from tailrace.ui.views.background import SMALL, Background
from tailrace.ui.views.controls import PaintedButton, Switch
from tailrace.ui.views.json_text import Run
from tailrace.ui.views.long_text import LongTextView
from tailrace.ui.views.messages.rich_text import run_colour
from tailrace.ui.views.value_menu import copy_text, show_value_menu
from tailrace.ui.views.value_tree import ValueTree

_CHUNK = 1_000  # children of one node; longer lists get a level of ranges
_PREVIEW = 200
Index = QModelIndex | QPersistentModelIndex


def raw_value(detail: SpanDetail) -> dict[str, Json]:
    """The whole span as the trace database has it."""
    span = detail.span
    return {
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "parent_id": span.parent_id,
        "name": span.name,
        "kind": span.kind.value,
        "status": span.status.value,
        "status_message": span.status_message,
        "start": format_time(span.start_ns),
        "end": None if span.end_ns is None else format_time(span.end_ns),
        "start_ns": span.start_ns,
        "end_ns": span.end_ns,
        "input": span.input if span.input_key is None else None,
        "output": span.output if span.output_key is None else None,
        "attributes": span.all_attributes(),
        "events": [_event(event) for event in detail.events],
        "links": [
            {"trace_id": link.trace_id, "span_id": link.span_id, "attributes": link.attributes} for link in span.links
        ],
        "resource": span.resource,
        "scope": {"name": span.scope_name, "version": span.scope_version},
    }


def _event(event: Event) -> dict[str, Json]:
    return {
        "name": event.name,
        "time": format_time(event.time_ns),
        "time_ns": event.time_ns,
        "attributes": event.attributes,
    }


def pretty(value: Json) -> str:
    """JSON with two spaces of indent; what orjson refuses (deep nesting, huge numbers, half characters) goes the slow
    way, what no JSON can say is shown as Python says it."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()
    except (TypeError, ValueError):
        try:
            return json.dumps(value, indent=2, ensure_ascii=False, default=str)
        except (TypeError, ValueError, RecursionError):
            return repr(value)


@dataclass(slots=True)
class _Node:
    key: str
    value: Any
    parent: int
    row: int
    start: int = -1  # of a range inside a long list or object
    children: list[int] | None = field(default=None)


class JsonModel(QAbstractItemModel):
    """A tree over decoded JSON. Internal ids are numbers of nodes; nodes exist once their parent was opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nodes: list[_Node] = []

    def show(self, value: Json) -> None:
        """Show another value."""
        self.beginResetModel()
        self._nodes = [_Node("", value, -1, 0)]
        self.endResetModel()

    @property
    def made(self) -> int:
        """Nodes that exist so far."""
        return len(self._nodes)

    def value(self, index: Index) -> tuple[str, Json]:
        """Key and value of a row."""
        node = self._nodes[index.internalId()]
        if node.start >= 0:
            return node.key, _slice(node)
        return node.key, node.value

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        number = parent.internalId() if parent.isValid() else 0
        children = self._children(number)
        return self.createIndex(row, column, children[row]) if 0 <= row < len(children) else QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        if not index.isValid():
            return QModelIndex()
        above = self._nodes[index.internalId()].parent
        return QModelIndex() if above <= 0 else self.createIndex(self._nodes[above].row, 0, above)

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        if not self._nodes:
            return False
        value = self._nodes[parent.internalId() if parent.isValid() else 0].value
        return isinstance(value, dict | list) and bool(value)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not self._nodes:
            return 0
        return len(self._children(parent.internalId() if parent.isValid() else 0))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            node = self._nodes[index.internalId()]
            return f"{node.key}: {preview(node)[0]}"
        return None

    def node(self, index: Index) -> _Node:
        """The node of a row."""
        return self._nodes[index.internalId()]

    def _children(self, number: int) -> list[int]:
        node = self._nodes[number]
        if node.children is None:
            node.children = []
            for key, value, start in _entries(node):
                node.children.append(len(self._nodes))
                self._nodes.append(_Node(key, value, number, len(node.children) - 1, start))
        return node.children


def _entries(node: _Node) -> list[tuple[str, Json, int]]:
    value = node.value
    if not isinstance(value, dict | list):
        return []
    if node.start < 0 and len(value) > _CHUNK:
        ends = [(start, min(start + _CHUNK, len(value))) for start in range(0, len(value), _CHUNK)]
        return [(f"[{start:,} … {end - 1:,}]", value, start) for start, end in ends]
    start = max(node.start, 0)
    if isinstance(value, dict):
        return [(str(key), item, -1) for key, item in islice(value.items(), start, start + _CHUNK)]
    return [(str(start + number), item, -1) for number, item in enumerate(value[start : start + _CHUNK])]


def _slice(node: _Node) -> Json:
    if isinstance(node.value, dict):
        return dict(islice(node.value.items(), node.start, node.start + _CHUNK))
    return node.value[node.start : node.start + _CHUNK]


def preview(node: _Node) -> tuple[str, Run]:
    """A value on one line, and what it is."""
    value = node.value
    if node.start >= 0:
        return "", Run.PLAIN
    if isinstance(value, dict):
        return f"{{{format_count(len(value))}}}" if value else "{}", Run.PLAIN
    if isinstance(value, list):
        return f"[{format_count(len(value))}]" if value else "[]", Run.PLAIN
    if isinstance(value, str):
        if len(value) <= _PREVIEW:
            return " ".join(value.split()) if "\n" in value else value, Run.STRING
        start = " ".join(value[:_PREVIEW].split())
        return f"({format_count(len(value))} characters) {start}…", Run.STRING
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value], Run.WORD
    return str(value), Run.NUMBER


class _Delegate(QStyledItemDelegate):
    def __init__(self, tree: QTreeView, model: JsonModel) -> None:
        super().__init__(tree)
        self._tree = tree
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, 22)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = tokens(self._tree)
        box: QRect = option.rect
        node = self._model.node(index)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            whole = QRect(0, box.top(), self._tree.viewport().width(), box.height())
            painter.fillRect(whole, QColor(theme.accent_bg))
        painter.setFont(mono_font())
        centre = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.setPen(QColor(theme.accent))
        key = painter.fontMetrics().elidedText(node.key, Qt.TextElideMode.ElideMiddle, box.width() // 2)
        painter.drawText(box.adjusted(2, 0, 0, 0), centre, key)
        used = painter.fontMetrics().horizontalAdvance(key) + 12
        text, kind = preview(node)
        painter.setPen(QColor(theme.dim if kind is Run.PLAIN else run_colour(kind, theme)))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width() - used - 8)
        painter.drawText(box.adjusted(used, 0, -8, 0), centre, shown)
        painter.restore()


class _Tree(ValueTree):
    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        model = self.model()
        if model is None or not model.hasChildren(index):
            return
        name = "chevron-down" if self.isExpanded(index) else "chevron-right"
        picture = pixmap(name, tokens(self).dim, 13, self.devicePixelRatioF())
        painter.drawPixmap(rect.right() - 15, rect.top() + (rect.height() - 13) // 2, picture)


class RawView(QWidget):
    """The Raw tab. Text is made when the tab is first looked at, behind the window where it is large."""

    viewer_requested = Signal(object, object)  # title, text
    copied = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail: SpanDetail | None = None
        self._heavy = self._fresh = False
        self._value: Json = None
        self._ticket: Ticket | None = None
        self._background = Background(self)
        self.switch = Switch({"text": "Text", "tree": "Tree"}, "Raw as", self)
        self.switch.chosen.connect(self._choose)
        self.extent = QLabel(self)
        self.extent.setObjectName("dim")
        self.extent.setIndent(6)
        self.extent.setFont(ui_font(12))
        copy = PaintedButton("Copy", "copy", small=True, parent=self)
        copy.setAccessibleName("Copy the whole span as JSON")
        copy.clicked.connect(self._copy_all)
        self.text = LongTextView(self)
        self.text.setAccessibleName("Raw span")
        self.text.copied.connect(self.copied)
        self.model = JsonModel(self)
        self.tree = _Tree(self.model, 16, "Raw span as a tree", self)
        self.tree.setItemDelegate(_Delegate(self.tree, self.model))
        self.tree.setUniformRowHeights(True)
        self.tree.customContextMenuRequested.connect(self._menu)
        self.tree.copy_wanted.connect(self._copy_current)
        self.tree.opened.connect(self._open)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.text)
        self.stack.addWidget(self.tree)
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 14, 6)
        head.addWidget(self.switch)
        head.addWidget(self.extent, 1)
        head.addWidget(copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.stack, 1)

    def show_detail(self, detail: SpanDetail | None, *, heavy: bool) -> None:
        """Have a span ready; it is laid out when the view is visible. `heavy` says that its payload is large."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        self._detail, self._heavy, self._fresh = detail, heavy, True
        self._value = None
        if self.isVisible():
            self._lay_out()

    def _lay_out(self) -> None:
        if not self._fresh:
            return
        self._fresh = False
        detail = self._detail
        self._value = {} if detail is None else raw_value(detail)
        self.model.show(self._value)
        for row in range(self.model.rowCount()):
            index = self.model.index(row, 0)
            if 0 < self.model.rowCount(index) <= 40:
                self.tree.setExpanded(index, True)
        value = self._value
        if not self._heavy:
            self._take(pretty(value))
            return
        self.extent.setText("laying out …")
        self.text.set_text("")

        def work(ticket: Ticket) -> str:
            return pretty(value)

        self._ticket = self._background.run(self, work, self._take)

    def showEvent(self, event: QShowEvent) -> None:
        self._lay_out()

    def show_text(self) -> None:
        """Turn to the text."""
        self.switch.set_value("text")
        self._choose("text")

    def _take(self, text: str) -> None:
        self._ticket = None
        lines = text.count("\n") + 1
        size = (
            format_bytes(len(text.encode("utf-8", "surrogatepass")))
            if len(text) < SMALL
            else f"{format_count(len(text))} characters"
        )
        self.extent.setText(f"{format_count(lines)} lines · {size}")
        self.text.set_text(text, json=True)

    def _choose(self, value: object) -> None:
        self.stack.setCurrentIndex(1 if value == "tree" else 0)

    def _copy_all(self) -> None:
        copy_text(self.text.text() or pretty(self._value), self.copied.emit)

    def _copy_current(self) -> None:
        index = self.tree.currentIndex()
        if index.isValid():
            value = self.model.value(index)[1]
            copy_text(value if isinstance(value, str) else pretty(value), self.copied.emit)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            key, value = self.model.value(index)
            if isinstance(value, str):
                self.viewer_requested.emit(key, value)

    def _menu(self, place: QPoint) -> None:
        index = self.tree.indexAt(place)
        if not index.isValid():
            return
        key, value = self.model.value(index)
        text = value if isinstance(value, str) else pretty(value)
        copies = (("Copy value", text), ("Copy key", key))
        show_value_menu(self, self.tree.viewport().mapToGlobal(place), (), copies, self._nothing, self.copied.emit)

    def _nothing(self, value: object) -> None:
        return
