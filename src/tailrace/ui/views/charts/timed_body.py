"""What plots over time have in common: buckets, the time axis, marks, the common crosshair, zooming and moving."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from tailrace.model.charted import Buckets
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.charts.clock import say_bucket, time_ticks
from tailrace.ui.views.charts.hint import Hint, HintRow
from tailrace.ui.views.charts.plot_body import LABEL, AxisTick, PlotBody, draw_label, draw_rubber, sharp
from tailrace.ui.views.charts.text import one_line
from tailrace.ui.views.charts.values import MarkLine, Pick
from tailrace.ui.views.controls import mixed

_SECOND = 1e9
_TICK_WIDE = 60  # pixels from one date to the next
_LEAST_NS, _MOST_NS = 1_000, 10**18 * 4
_MARK_MOST, _MARK_ROWS = 150, 3
_MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class TimedBody(PlotBody):
    """A plot whose values across are seconds since the first edge of its buckets. `LINE`: the crosshair is a line."""

    LINE = True

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.edges: tuple[int, ...] = (0, 1)
        self.x_edges: NDArray[np.float64] = np.array([0.0, 1e-9])
        self.middles: NDArray[np.float64] = np.array([5e-10])
        self.marks: tuple[MarkLine, ...] = ()
        self.selection: Pick | None = None
        self.keyed: int | None = None  # the bucket that the keys point at
        self.keyed_from: int | None = None  # where they began to choose times
        self.cross: int | None = None  # the moment that any card points at
        self._range: tuple[int, int] = (0, 1)

    # ---- what it is told ----

    def show_buckets(self, buckets: Buckets, marks: tuple[MarkLine, ...], selection: Pick | None) -> None:
        """Other times; what the keys point at stays at its moment where there is one."""
        former = None if self.keyed is None else self.edges[self.keyed]
        self.edges, self.marks, self.selection = buckets.edges, marks, selection
        since = np.array([edge - self.edges[0] for edge in self.edges], np.float64)
        self.x_edges = since / _SECOND
        self.middles = (self.x_edges[:-1] + self.x_edges[1:]) / 2
        if not self.gestures.turning:
            self._range = (self.edges[0], self.edges[-1])
        self.keyed = None if former is None else self.bucket_of(former)
        self.keyed_from = None

    def show_crosshair(self, time_ns: int | None) -> None:
        """Mark a moment."""
        if time_ns != self.cross:
            self.cross = time_ns
            self.view.viewport().update()

    def show_range(self, since_ns: int, until_ns: int) -> None:
        """Show these times of the values there are."""
        if until_ns > since_ns and (since_ns, until_ns) != self._range:
            self._range = (since_ns, until_ns)
            self.lay_out()

    def show_selection(self, pick: Pick | None) -> None:
        """Draw what is selected."""
        self.selection = pick
        self.view.invalidate()

    # ---- times and places ----

    def x_of(self, time_ns: int) -> float:
        """Seconds since the first edge."""
        return (time_ns - self.edges[0]) / _SECOND

    def time_at(self, pixel: float) -> int:
        """The moment at a pixel."""
        return self.edges[0] + round(self.frame.across(pixel) * _SECOND)

    def bucket_of(self, time_ns: int) -> int | None:
        """The bucket that a moment is in."""
        place = bisect_right(self.edges, time_ns) - 1
        return place if 0 <= place < len(self.edges) - 1 else None

    def bucket_at(self, pixel: float) -> int:
        """The bucket at a pixel, else the nearest one."""
        return max(0, min(len(self.edges) - 2, bisect_right(self.edges, self.time_at(pixel)) - 1))

    def bucket_box(self, bucket: int) -> QRectF:
        """Where a bucket is, as high as the plot."""
        left, right = (self.frame.x(float(x)) for x in self.x_edges[bucket : bucket + 2])
        return QRectF(left, self.frame.box.top(), right - left, self.frame.box.height())

    def pointed(self) -> int | None:
        """The bucket that the keys, the pointer or another card points at."""
        return self.keyed if self.cross is None else self.bucket_of(self.cross)

    def bucket_words(self, bucket: int) -> str:
        """The time of a bucket on the local clock."""
        return say_bucket(self.edges[bucket], self.edges[bucket + 1])

    def mark_rows(self, bucket: int) -> tuple[HintRow, ...]:
        """The marks in a bucket, whether or not there is room for their labels."""
        since, until = self.edges[bucket], self.edges[bucket + 1]
        inside = [mark for mark in self.marks if since <= mark.time_ns < until]
        rows = [HintRow(one_line(mark.label)) for mark in inside[:_MARK_ROWS]]
        if len(inside) > _MARK_ROWS:
            rows.append(HintRow(f"and {len(inside) - _MARK_ROWS} more marks"))
        return tuple(rows)

    def range_words(self) -> str:
        """All the time there is."""
        return say_bucket(self.edges[0], self.edges[-1])

    def across_ticks(self, width: float) -> tuple[AxisTick, ...]:
        """Moments that clocks and calendars count in."""
        since, until = self._range
        most = max(1, int(width / _TICK_WIDE))
        return tuple(AxisTick(self.x_of(t.time_ns), t.label, t.day) for t in time_ticks(since, until, most))

    def across_range(self) -> tuple[float, float]:
        """What is shown across."""
        since, until = self._range
        return self.x_of(since), self.x_of(until)

    # ---- painting ----

    def paint_tints(self, painter: QPainter) -> None:
        """What came after each mark, every second time from the newest on, so that neighbours differ."""
        theme, box = tokens(self), self.frame.box
        tint = mixed(theme.warn, theme.panel, 0.055 if theme.dark else 0.08)
        newest = sorted((mark.time_ns for mark in self.marks), reverse=True)
        ends = [box.right(), *(self.frame.x(self.x_of(time_ns)) for time_ns in newest)]
        for place, time_ns in enumerate(newest):
            if place % 2 == 0:
                left, right = max(box.left(), self.frame.x(self.x_of(time_ns))), min(box.right(), ends[place])
                painter.fillRect(QRectF(left, box.top(), max(0.0, right - left), box.height()).toAlignedRect(), tint)

    def paint_marks(self, painter: QPainter) -> None:
        """Dashed lines, each with its label where there is room for it."""
        theme, box = tokens(self), self.frame.box
        painter.setFont(ui_font(LABEL))
        metrics, taken = painter.fontMetrics(), [-1e9, -1e9]
        for mark in sorted(self.marks, key=lambda mark: mark.time_ns):
            x = self.frame.x(self.x_of(mark.time_ns))
            if not box.left() - 1 <= x <= box.right() + 1:
                continue
            pen = QPen(QColor(theme.warn), 1)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.drawLine(QLineF(sharp(x), box.top(), sharp(x), box.bottom()))
            words = metrics.elidedText(one_line(mark.label), Qt.TextElideMode.ElideRight, _MARK_MOST)
            wide = metrics.horizontalAdvance(words)
            left = x + 5 if x + 5 + wide <= box.right() else x - 5 - wide
            row = next((row for row, end in enumerate(taken) if left > end + 6), None)
            if row is None or left < box.left():
                continue
            taken[row] = left + wide
            draw_label(painter, self, QRectF(left, box.top() + 1 + row * 15, wide, 14), words, QColor(theme.warn))

    def paint_selection(self, painter: QPainter) -> None:
        """The area that is selected."""
        area = None if self.selection is None else self.area_of(self.selection)
        if area is not None and not (area := area.intersected(self.frame.box)).isEmpty():
            draw_rubber(painter, self, area)

    def area_of(self, pick: Pick) -> QRectF | None:
        """Where a pick is; None where it has no time."""
        box = self.frame.box
        if pick.since_ns is None and pick.until_ns is None:
            return None
        left = box.left() if pick.since_ns is None else self.frame.x(self.x_of(pick.since_ns))
        right = box.right() if pick.until_ns is None else self.frame.x(self.x_of(pick.until_ns))
        return QRectF(left, box.top(), right - left, box.height())

    def paint_cross(self, painter: QPainter) -> None:
        """A line through the pointed bucket."""
        bucket = self.pointed()
        box = self.frame.box
        if bucket is None:
            return
        x = self.frame.x(float(self.middles[bucket]))
        if box.left() <= x <= box.right():
            if self.LINE:
                theme = tokens(self)
                painter.setPen(QPen(mixed(theme.text, theme.panel, 0.4), 1))
                painter.drawLine(QLineF(sharp(x), box.top(), sharp(x), box.bottom()))
            painter.save()
            painter.setClipRect(box.adjusted(-4, -4, 4, 0))
            self.paint_points(painter, bucket)
            painter.restore()

    def paint_points(self, painter: QPainter, bucket: int) -> None:
        """What the crosshair meets."""

    # ---- the mouse ----

    def hover(self, point: QPointF | None) -> None:
        """All cards follow."""
        inside = point is not None and self.frame.box.adjusted(-1, 0, 1, 20).contains(point)
        if point is not None and inside:
            bucket = self.bucket_at(point.x())
            time_ns = (self.edges[bucket] + self.edges[bucket + 1]) // 2
            if time_ns != self.cross:
                self.cross = time_ns
                self.hovered.emit(time_ns)
        elif self.cross is not None:
            self.cross = None
            self.hovered.emit(None)

    def span_of(self, begin: QPointF, end: QPointF) -> tuple[int, int]:
        """The whole buckets between two points, as places of edges."""
        box = self.frame.box
        first, last = sorted(max(box.left(), min(box.right() - 1e-6, point.x())) for point in (begin, end))
        return self.bucket_at(first), self.bucket_at(last) + 1

    def turn(self, point: QPointF, notches: float) -> None:
        """Zoom at the pointer."""
        since, until = self._range
        at = min(max(self.time_at(point.x()), since), until)
        factor = 0.8**notches
        begin, end = at - round((at - since) * factor), at + round((until - at) * factor)
        if _LEAST_NS <= end - begin <= _MOST_NS:
            self._move(begin, end)

    def shift(self, notches: float) -> None:
        """Move by an eighth of what is shown."""
        since, until = self._range
        way = round((until - since) * notches / 8)
        self._move(since + way, until + way)

    def rest(self) -> None:
        """This is where the wheel stopped."""
        self.zoomed.emit(self._range)

    def _move(self, since_ns: int, until_ns: int) -> None:
        self.hide_hint()
        self.show_range(since_ns, until_ns)
        self.moved.emit(self._range)

    # ---- keys ----

    def extend_cursor(self, key: Qt.Key) -> bool:
        """Choose times, as a drag does."""
        begin = self.keyed_from if self.keyed_from is not None else self.pointed()
        if not TimedBody.move_cursor(self, key) or self.keyed is None:
            return False
        self.keyed_from = self.keyed if begin is None else begin
        first, last = sorted((self.keyed_from, self.keyed))
        box = self.bucket_box(first)
        box.setRight(self.bucket_box(last).right())
        self.rubber = box & self.frame.box
        self.hide_hint()
        self.view.viewport().update()
        self.cursor_moved.emit()
        return True

    def extended_pick(self) -> Pick | None:
        """The times that the keys have chosen."""
        if self.keyed_from is None or self.keyed is None:
            return None
        first, last = sorted((self.keyed_from, self.keyed))
        return self.span_pick(first, last + 1)

    def span_pick(self, first: int, last: int) -> Pick:
        """What is between two edges."""
        return Pick(self.edges[first], self.edges[last])

    def give_up(self) -> bool:
        """Neither a drag nor keys choose any more."""
        chosen, self.keyed_from = self.keyed_from is not None, None
        return super().give_up() or chosen

    def move_cursor(self, key: Qt.Key) -> bool:
        """Bucket by bucket, in tens, to the first and the last."""
        self.keyed_from = self.rubber = None
        last = len(self.edges) - 2
        if key is Qt.Key.Key_Home:
            self.keyed = 0
        elif key is Qt.Key.Key_End:
            self.keyed = last
        elif key in _MOVES:
            step = _MOVES[key]
            at = self.pointed()
            start = (-1 if step > 0 else last + 1) if at is None else at
            self.keyed = max(0, min(last, start + step))
        else:
            return False
        self.cross = (self.edges[self.keyed] + self.edges[self.keyed + 1]) // 2
        self.cursor_moved.emit()
        self.hovered.emit(self.cross)
        self.view.viewport().update()
        hint = self.cursor_hint()
        if hint is not None:
            self.show_hint(hint, self.cursor_point())
        return True

    def cursor_hint(self) -> Hint | None:
        """The hint of what the keys point at."""
        return None

    def cursor_point(self) -> QPoint:
        """The middle of the pointed bucket."""
        box = self.frame.box
        if self.keyed is None:
            return box.center().toPoint()
        return QPointF(self.bucket_box(self.keyed).center().x(), box.top() + box.height() / 3).toPoint()

    def cursor_words(self) -> str:
        """The time and the figures of what the keys point at, or the times that they have chosen."""
        if (pick := self.extended_pick()) is not None and pick.since_ns is not None and pick.until_ns is not None:
            return f"{say_bucket(pick.since_ns, pick.until_ns)} chosen. Enter says what differs, with Ctrl it zooms"
        hint = None if self.keyed is None else self.cursor_hint()
        return "" if hint is None else hint.words().replace("\n", ", ")

    def clear_cursor(self) -> None:
        """The keys point at nothing."""
        super().clear_cursor()
        if self.keyed is not None or self.cross is not None:
            self.keyed = self.cross = None
            self.hovered.emit(None)
            self.cursor_moved.emit()
