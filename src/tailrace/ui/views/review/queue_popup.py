"""What opens under the queue's name: every queue with its progress, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence

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

from tailrace.model.review import QueueSummary
from tailrace.model.words import format_count
from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import PaintedButton, draw_elided
from tailrace.ui.views.popup import Popup
from tailrace.ui.views.review.progress import paint_progress, spoken_progress

_ROW = 46
_MOST_ROWS = 8
_SEARCHED = 8  # so many queues are found by looking; more have a search line
_SUMMARY = Qt.ItemDataRole.UserRole
_CURRENT = Qt.ItemDataRole.UserRole + 1
_LEFT = Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignRight


class QueuePopup(Popup):
    """An overlay that opens under a widget of its window and closes when the person has chosen or goes elsewhere.

    Signals: `chosen(object)` a queue id, `new_wanted()`, `edit_wanted()` and `remove_wanted()` of the current queue.
    """

    chosen = Signal(object)
    new_wanted = Signal()
    edit_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Queues", parent)
        self._current: str | None = None
        self._summaries: list[QueueSummary] = []
        self.line.setPlaceholderText("Find a queue")
        self.line.setAccessibleName("Find a queue")
        self.line.textChanged.connect(self._list)
        self.rows.setItemDelegate(_QueuePainter(self.rows))
        self._nothing = QLabel()
        self._nothing.setObjectName("dim")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.new = PaintedButton("New queue…", "plus", flat=True)
        self.edit = PaintedButton("Edit…", "pencil", flat=True)
        self.remove = PaintedButton("Remove", "x", flat=True)
        self.edit.setToolTip("Name, instructions, reviewers and blind mode of the current queue")
        self.remove.setToolTip("Remove the current queue. The verdicts stay with their traces.")
        self.new.clicked.connect(self._new)
        self.edit.clicked.connect(self._edit)
        self.remove.clicked.connect(self._remove)
        foot = QHBoxLayout()
        foot.setSpacing(2)
        foot.addWidget(self.new)
        foot.addStretch(1)
        foot.addWidget(self.edit)
        foot.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(7, 7, 7, 7)
        column.setSpacing(6)
        column.addWidget(self.line)
        column.addWidget(self.rows)
        column.addWidget(self._nothing)
        column.addLayout(foot)

    def show_key(self, key: str) -> None:
        """The key that makes a queue, as it is set now."""
        self.new.setToolTip(f"Choose traces to read ({key})" if key else "Choose traces to read")

    def show_queues(self, summaries: Sequence[QueueSummary], current: str | None) -> None:
        """Every queue, and the id of the one on show."""
        self._summaries = list(summaries)
        self._current = current
        known = any(summary.queue.queue_id == current for summary in summaries)
        self.edit.setEnabled(known)
        self.remove.setEnabled(known)
        self.line.setVisible(len(summaries) > _SEARCHED)
        self.line.clear()
        self._list("")

    def open_under(self, widget: QWidget) -> None:
        """Come into sight below a widget, with the current queue chosen."""
        self.line.clear()
        self._list("")
        rows = max(1, min(_MOST_ROWS, len(self._summaries)))
        self.rows.setFixedHeight(rows * _ROW + 2)
        self._nothing.setFixedHeight(rows * _ROW + 2)
        self.setFixedWidth(max(370, widget.width()))
        self.show_under(widget, self.line if len(self._summaries) > _SEARCHED else self.rows)

    def _list(self, typed: str) -> None:
        self.rows.clear()
        words = typed.casefold().split()
        chosen = 0
        for summary in self._summaries:
            if not all(word in summary.queue.name.casefold() for word in words):
                continue
            item = QListWidgetItem(summary.queue.name)
            item.setData(_SUMMARY, summary)
            current = summary.queue.queue_id == self._current
            item.setData(_CURRENT, current)
            done = spoken_progress(summary.size, summary.passed, summary.failed, summary.deferred)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, done)
            item.setToolTip(tip(f"{summary.queue.name}\n{done}"))
            if current:
                chosen = self.rows.count()
            self.rows.addItem(item)
        self.rows.setCurrentRow(chosen)
        self.rows.setVisible(self.rows.count() > 0)
        self._nothing.setVisible(self.rows.count() == 0)
        self._nothing.setText("No queue is named so." if words else "There is no queue yet.")

    def take(self, item: QListWidgetItem) -> None:
        """A queue was chosen."""
        self.leave()
        self.chosen.emit(item.data(_SUMMARY).queue.queue_id)

    def _new(self) -> None:
        self.leave()
        self.new_wanted.emit()

    def _edit(self) -> None:
        self.leave()
        self.edit_wanted.emit()

    def _remove(self) -> None:
        self.leave()
        self.remove_wanted.emit()


class _QueuePainter(QStyledItemDelegate):
    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        summary = index.data(_SUMMARY)
        theme = tokens(self._view)
        state: QStyle.StateFlag = option.state
        area: QRect = option.rect
        ratio = painter.device().devicePixelRatioF()
        box = area.adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            selected = state & QStyle.StateFlag.State_Selected
            painter.setBrush(QColor(theme.accent_bg if selected else theme.raised))
            painter.drawRoundedRect(QRectF(box), 6, 6)
        left, right = box.left() + 30, box.right() - 9
        if index.data(_CURRENT):
            painter.drawPixmap(box.left() + 9, box.top() + 6, pixmap("check", theme.accent, 14, ratio))
        done = summary.passed + summary.failed + summary.deferred
        words = f"{format_count(done)} of {format_count(summary.size)}"
        painter.setFont(ui_font(12))
        width = QFontMetrics(painter.font()).horizontalAdvance(words) + 4
        draw_elided(painter, QRect(right - width, box.top() + 4, width, 18), words, theme.dim, _RIGHT)
        end = right - width - 12
        if summary.queue.blind:
            painter.drawPixmap(end - 14, box.top() + 6, pixmap("eye-off", theme.dim, 14, ratio))
            end -= 22
        painter.setFont(ui_font(13))
        draw_elided(painter, QRect(left, box.top() + 4, end - left, 18), summary.queue.name, theme.text, _LEFT)
        line = QRectF(left, box.top() + 29, right - left, 4)
        paint_progress(painter, line, theme, summary.size, (summary.passed, summary.failed, summary.deferred))
        painter.restore()
