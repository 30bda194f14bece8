"""Rows below each other that scroll: one is under the pointer, one is where the keys are, each can be opened."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from tailrace.ui.theme import tip, tokens
from tailrace.ui.views.charts.body import Body
from tailrace.ui.views.charts.values import Pick
from tailrace.ui.views.controls import QuietScrollBar

_BAR = 10
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class RowsBody(Body):
    """What lists and tables have in common. Rows have one height, so that ten thousand cost no more than ten."""

    ROW = 25
    HEAD = 0  # pixels above the first row that do not scroll
    FOOT = 0  # pixels below the last one that do not scroll

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hovered_row = -1
        self.cursor_row = -1
        self._pressed = False
        self.bar = QuietScrollBar(Qt.Orientation.Vertical, self)
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar.valueChanged.connect(self._scrolled)

    # ---- what each says of its rows ----

    def row_count(self) -> int:
        """How many rows there are."""
        return 0

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        """Draw a row; its ground is drawn."""

    def paint_fixed(self, painter: QPainter, pointed: bool) -> None:
        """Draw what does not scroll, with `pointed` also what the pointer and the keys add."""

    def row_words(self, row: int) -> str:
        """A row in words."""
        return ""

    def row_tip(self, row: int, x: int) -> str:
        """The tooltip of a row at x pixels."""
        return self.row_words(row)

    def row_pick(self, row: int, x: int | None) -> Pick | None:
        """What opens when a row is pressed at x pixels, or by key (None)."""
        return None

    def click_fixed(self, point: QPoint) -> None:
        """What does not scroll was pressed."""

    # ---- what they share ----

    def rows_changed(self) -> None:
        """There are other rows."""
        count = self.row_count()
        self.cursor_row = min(self.cursor_row, count - 1)
        self.hovered_row = -1
        self._fit()
        self.update()

    @property
    def room(self) -> QRect:
        """Where rows are."""
        side = _BAR + 2 if self.bar.maximum() > 0 else 0
        return QRect(0, self.HEAD, self.width() - side, max(0, self.height() - self.HEAD - self.FOOT))

    def row_box(self, row: int) -> QRect:
        """Where a row is."""
        room = self.room
        return QRect(room.left(), room.top() + row * self.ROW - self.bar.value(), room.width(), self.ROW)

    def row_at(self, point: QPoint) -> int:
        """The row at a point, -1 elsewhere."""
        room = self.room
        row = (point.y() - room.top() + self.bar.value()) // self.ROW
        return row if room.contains(point) and 0 <= row < self.row_count() else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the rows in sight."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, pointed=True)

    def paint_on(self, painter: QPainter, box: QRectF) -> None:
        """The rows in sight, without the pointer."""
        painter.save()
        painter.translate(box.topLeft())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, pointed=False)
        painter.restore()

    def _paint(self, painter: QPainter, pointed: bool) -> None:
        theme, room = tokens(self), self.room
        self.paint_fixed(painter, pointed)
        painter.save()
        painter.setClipRect(room)
        first = self.bar.value() // self.ROW
        last = min(self.row_count() - 1, (self.bar.value() + room.height()) // self.ROW)
        for row in range(first, last + 1):
            box = self.row_box(row)
            if pointed and row in (self.hovered_row, self.cursor_row):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.accent_bg if row == self.cursor_row else theme.raised))
                painter.drawRoundedRect(QRectF(box).adjusted(-4, 1, 4, -1), 4, 4)
            self.paint_row(painter, row, box)
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: other room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        high = max(0, self.height() - self.HEAD - self.FOOT)
        self.bar.setGeometry(self.width() - _BAR, self.HEAD, _BAR, high)
        self.bar.setRange(0, max(0, self.row_count() * self.ROW - high))
        self.bar.setPageStep(max(1, high))
        self.bar.setSingleStep(self.ROW)
        self.bar.setVisible(self.bar.maximum() > 0)

    def _scrolled(self) -> None:
        self.hovered_row = -1
        self.update()

    # ---- mouse ----

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: scroll while there is something to scroll, else the page does."""
        way, former = event.angleDelta().y(), self.bar.value()
        if event.modifiers() or not way:
            event.ignore()
            return
        self.bar.setValue(former - round(way / 120 * 3 * self.ROW))
        event.setAccepted(self.bar.value() != former)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: the row under the pointer stands out."""
        self._hover(self.row_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: the release opens."""
        self._pressed = event.button() is Qt.MouseButton.LeftButton
        event.setAccepted(self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: open the row, or do what the head does."""
        if event.button() is not Qt.MouseButton.LeftButton or not self._pressed:
            return
        self._pressed = False
        point = event.position().toPoint()
        row = self.row_at(point)
        if row >= 0:
            pick = self.row_pick(row, point.x())
            if pick is not None:
                self.opened.emit(pick)
        elif self.rect().contains(point) and not self.room.contains(point):
            self.click_fixed(point)

    def leaveEvent(self, event: QEvent) -> None:
        """Qt: the pointer has gone."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            opens = row >= 0 and self.row_pick(row, None) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
            self.update()

    def event(self, event: QEvent) -> bool:
        """Qt: a row in full as a tooltip."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(event.pos())
            words = self.row_tip(row, event.pos().x()) if row >= 0 else self.fixed_tip(event.pos())
            QToolTip.showText(event.globalPos(), tip(words), self)
            return True
        return super().event(event)

    def fixed_tip(self, point: QPoint) -> str:
        """The tooltip of what does not scroll."""
        return ""

    # ---- keys ----

    def move_cursor(self, key: Qt.Key) -> bool:
        """Row by row, page by page, to the first and the last."""
        last = self.row_count() - 1
        if last < 0:
            return False
        page = max(1, self.room.height() // self.ROW - 1)
        steps = {**_STEPS, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.cursor_row = 0 if key is Qt.Key.Key_Home else last
        elif key in steps:
            start = self.cursor_row if self.cursor_row >= 0 else (-1 if steps[key] > 0 else last + 1)
            self.cursor_row = max(0, min(last, start + steps[key]))
        else:
            return False
        top = self.cursor_row * self.ROW
        if top < self.bar.value():
            self.bar.setValue(top)
        elif top + self.ROW > self.bar.value() + self.room.height():
            self.bar.setValue(top + self.ROW - self.room.height())
        self.cursor_moved.emit()
        self.update()
        return True

    def cursor_words(self) -> str:
        """The row that the keys point at, and its place."""
        return self.spoken_words(self.cursor_row)

    def spoken_range(self) -> tuple[int, int]:
        """The rows in sight."""
        top = self.bar.value()
        return top // self.ROW, min(self.row_count(), -(-(top + self.room.height()) // self.ROW))

    def spoken_row(self) -> int:
        """The row that the keys point at."""
        return self.cursor_row

    def spoken_words(self, row: int) -> str:
        """A row and its place."""
        count = self.row_count()
        return f"{self.row_words(row)}, row {row + 1} of {count}" if 0 <= row < count else ""

    def spoken_box(self, row: int) -> QRect:
        """Where a row is."""
        return self.row_box(row)

    def cursor_pick(self) -> Pick | None:
        """The row that the keys point at."""
        return None if self.cursor_row < 0 else self.row_pick(self.cursor_row, None)

    def cursor_point(self) -> QPoint:
        """The middle of the row that the keys point at."""
        return self.rect().center() if self.cursor_row < 0 else self.row_box(self.cursor_row).center()

    def pick_at(self, point: QPointF) -> Pick | None:
        """The row at a point."""
        row = self.row_at(point.toPoint())
        return self.row_pick(row, int(point.x())) if row >= 0 else None

    def clear_cursor(self) -> None:
        """The keys point at no row."""
        if self.cursor_row >= 0:
            self.cursor_row = -1
            self.cursor_moved.emit()
            self.update()
