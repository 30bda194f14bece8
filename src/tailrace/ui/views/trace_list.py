"""The trace list: two lines a trace, painted, with the words of `ui/models/traces` behind them."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from tailrace.model import SpanStatus, TraceRow
from tailrace.model.time import format_time
from tailrace.model.words import format_age, format_cost, format_count, format_duration, format_tokens
from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.row_table import paint_ground, set_up_rows

ROW_HEIGHT = 50
_MARK = 20  # pixels that a thumb or the sign of a note takes
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TraceListView(QTableView):
    """A list of TraceRow values (role `ROW_ROLE`; None is drawn as a row on its way).

    A table of one column: its rows of one height cost nothing, where a QListView lays out 100,000 of them in 0.2 s.

    Signals: `chosen(object)` carries the place of the current row, `menu_wanted(object)` a (TraceRow, global point).
    """

    SHOWS_FOCUS = True  # in its current row
    chosen = Signal(object)
    menu_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_up_rows(self, ROW_HEIGHT)
        self.setItemDelegate(TraceDelegate(self))
        self.setAccessibleName("Traces")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self._message = ("", "")

    def show_message(self, title: str, hint: str = "") -> None:
        """What stands in the middle while there are no rows."""
        self._message = (title, hint)
        self.viewport().update()

    def choose(self, place: int) -> None:
        """Make a place the current row and bring it into view."""
        index = self.model().index(place, 0)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def top_row(self) -> tuple[int, int] | None:
        """The key of the row at the top and its place in pixels; None at the list's head, where what is new is seen."""
        index = self.indexAt(QPoint(0, 0))
        row = index.data(ROW_ROLE)
        if not self.verticalScrollBar().value() or not isinstance(row, TraceRow):
            return None
        return row.key, self.visualRect(index).top()

    def hold(self, place: int, top: int) -> None:
        """Scroll so that the row at `place` stands `top` pixels from the top; rows do not move under the person."""
        index = self.model().index(place, 0)
        if index.isValid():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(index).top() - top)

    def mark(self, place: int) -> None:
        """Show a place as current without announcing it; -1 marks none."""
        blocked = self.blockSignals(True)
        selection = self.selectionModel()
        silent = selection.blockSignals(True)
        if place < 0:
            selection.clear()
        else:
            selection.setCurrentIndex(self.model().index(place, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        selection.blockSignals(silent)
        self.blockSignals(blocked)
        self.viewport().update()

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt: the current row has moved."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.chosen.emit(current.row())

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        """Qt: letters are commands of the window here, not a search in the list."""
        if event.text() and event.text().isprintable() and event.key() != Qt.Key.Key_Space:
            event.ignore()
            return
        place = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.model().rowCount() - 1}.get(event.key())
        if place is not None:
            self.choose(place)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        """Qt: rows, or what stands in their place."""
        super().paintEvent(event)
        model = self.model()
        if (model is not None and model.rowCount() > 0) or not self._message[0]:
            return
        theme = tokens(self)
        with QPainter(self.viewport()) as painter:
            area = self.viewport().rect().adjusted(24, 0, -24, 0)
            painter.setPen(QColor(theme.text))
            painter.setFont(ui_font(14, QFont.Weight.DemiBold))
            top = area.adjusted(0, area.height() // 3, 0, 0)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            drawn = painter.boundingRect(top, flags, self._message[0])
            painter.drawText(top, flags, self._message[0])
            painter.setPen(QColor(theme.dim))
            painter.setFont(ui_font(12))
            painter.drawText(top.adjusted(0, drawn.height() + 6, 0, 0), flags, self._message[1])

    def _ask_menu(self, point: QPoint) -> None:
        row = self.indexAt(point).data(ROW_ROLE)
        if isinstance(row, TraceRow):
            self.menu_wanted.emit((row, self.viewport().mapToGlobal(point)))


class TraceDelegate(QStyledItemDelegate):
    """Paints one TraceRow. `now_ns` says what ages are counted from."""

    def __init__(self, view: QAbstractItemView, now_ns: Callable[[], int] = time.time_ns) -> None:
        super().__init__(view)
        self._view = view
        self.now_ns = now_ns
        self._name_font = ui_font(13, QFont.Weight.Medium)
        self._text_font = ui_font(13)
        self._small_font = ui_font(12)
        self._name_metrics = QFontMetrics(self._name_font)
        self._text_metrics = QFontMetrics(self._text_font)
        self._small_metrics = QFontMetrics(self._small_font)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Every row is as high."""
        return QSize(200, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Status, name, preview and duration; below them spans, tokens, cost, thumb and age."""
        theme = tokens(self._view)
        area: QRect = option.rect
        paint_ground(painter, self._view, area, option.state)

        row = index.data(ROW_ROLE)
        if not isinstance(row, TraceRow):
            painter.fillRect(QRect(area.left() + 34, area.top() + 13, 180, 9), QColor(theme.raised))
            painter.fillRect(QRect(area.left() + 34, area.top() + 30, 110, 7), QColor(theme.raised))
            return

        ratio = painter.device().devicePixelRatio()
        top = QRect(area.left() + 34, area.top() + 6, area.width() - 46, 20)
        low = QRect(area.left() + 34, area.top() + 27, area.width() - 46, 16)
        failed = row.status is SpanStatus.ERROR
        picture = ("circle-alert", theme.err) if failed else ("circle-dot", theme.faint)
        painter.drawPixmap(area.left() + 12, area.top() + 9, pixmap(picture[0], picture[1], 14, ratio))

        duration = format_duration(row.duration_ns) if row.end_ns is not None else "running"
        painter.setFont(self._text_font)
        painter.setPen(QColor(theme.text if row.end_ns is not None else theme.warn))
        painter.drawText(top, _RIGHT, duration)
        room = top.width() - self._text_metrics.horizontalAdvance(duration) - 12
        name = self._name_metrics.elidedText(row.name or "(no name)", Qt.TextElideMode.ElideRight, room)
        painter.setFont(self._name_font)
        painter.setPen(QColor(theme.text))
        painter.drawText(top, _LEFT, name)
        taken = self._name_metrics.horizontalAdvance(name) + 8
        if row.input_preview and room - taken > 30:
            painter.setFont(self._text_font)
            painter.setPen(QColor(theme.faint))
            quoted = f"“{row.input_preview}”"
            preview = self._text_metrics.elidedText(quoted, Qt.TextElideMode.ElideRight, room - taken)
            painter.drawText(top.adjusted(taken, 0, 0, 0), _LEFT, preview)

        painter.setFont(self._small_font)
        painter.setPen(QColor(theme.dim))
        age = format_age(self.now_ns() - row.start_ns)
        painter.drawText(low, _RIGHT, age)
        limit = low.right() - self._small_metrics.horizontalAdvance(age) - 10
        verdict = verdict_look(row)
        # the figures give way to what people said of it: they are in the tooltip, too
        room_of_marks = _MARK * ((verdict is not None) + bool(row.note_count))
        x = low.left()
        for words in self._facts(row):
            width = self._small_metrics.horizontalAdvance(words)
            if x + width > limit - room_of_marks:
                break
            painter.drawText(QRect(x, low.top(), width + 2, low.height()), _LEFT, words)
            x += width + 10
        if verdict is not None:
            name, tone, _ = verdict
            painter.drawPixmap(x, low.top() + 1, pixmap(name, getattr(theme, tone), 13, ratio))
            x += _MARK
        if row.note_count and x + 16 < limit:
            painter.drawPixmap(x, low.top() + 1, pixmap("sticky-note", theme.dim, 13, ratio))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Qt: the whole of what the row cuts, and exact figures."""
        row = index.data(ROW_ROLE)
        if event.type() is not QEvent.Type.ToolTip or not isinstance(row, TraceRow):
            return False
        QToolTip.showText(event.globalPos(), tip(explain(row)), view)
        return True

    def _facts(self, row: TraceRow) -> list[str]:
        facts = [f"{format_count(row.span_count)} span{'' if row.span_count == 1 else 's'}"]
        if row.error_count:
            facts.append(f"{format_count(row.error_count)} error{'' if row.error_count == 1 else 's'}")
        if row.total_tokens is not None:
            facts.append(f"{format_tokens(row.total_tokens)} tok")
        if row.cost is not None:
            facts.append(format_cost(row.cost, row.estimated_cost) + ("+" if row.unpriced_spans else ""))
        elif row.unpriced_spans:
            facts.append("no price")
        return facts


def verdict_look(row: TraceRow) -> tuple[str, str, str] | None:
    """Icon, token and words of a trace's verdict; None where there is none. One that holds stands above one put off."""
    if row.thumb is not None:
        return ("thumbs-up", "ok", "thumb up") if row.thumb else ("thumbs-down", "err", "thumb down")
    return ("clock", "warn", "verdict deferred") if row.deferred else None


def explain(row: TraceRow) -> str:
    """A trace's exact figures in plain lines, for a tooltip."""
    lines = [row.name or "(no name)", f"started {format_time(row.start_ns)}", f"trace {row.trace_id}"]
    if row.total_tokens is not None:
        lines.append(
            f"{format_count(row.input_tokens)} tokens in, {format_count(row.output_tokens)} out, "
            f"{format_count(row.total_tokens)} in all"
        )
    if row.cost is not None:
        estimated = ", estimated from the price table" if row.estimated_cost else ""
        lines.append(f"${row.cost:.6f}{estimated}")
    if row.unpriced_spans:
        lines.append(f"{format_count(row.unpriced_spans)} model calls without a known price are not in the cost")
    if row.missing_root:
        lines.append("its root span is missing")
    if (verdict := verdict_look(row)) is not None:
        lines.append(verdict[2])
    lines += [f"{word}: {value}" for word, value in _labels(row) if value]
    if row.input_preview:
        lines += ["", f"in: {row.input_preview}"]
    if row.output_preview:
        lines.append(f"out: {row.output_preview}")
    return "\n".join(lines)


def _labels(row: TraceRow) -> tuple[tuple[str, str | None], ...]:
    return (
        ("session", row.session_id),
        ("user", row.user_id),
        ("environment", row.environment),
        ("version", row.version),
    )
