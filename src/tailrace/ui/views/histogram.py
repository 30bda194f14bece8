"""Traces over time as bars with errors stacked in red; drag to choose a time range."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tailrace.model import Histogram
from tailrace.model.words import count_of, format_count, format_duration
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.theme.wall_clock import now_shown, shown_time, zone_mark
from tailrace.ui.views.spoken import Role, announce

_MARGIN = 10
_TOP = 6
_SCALE = 14  # pixels for the dates below the bars
_FEWEST = 24  # bars
_SECOND = 10**9
_REST_MS = 500  # the keys have stopped
_DRAG = 4  # pixels before a press becomes a drag


class HistogramView(QWidget):
    """A Histogram with the chosen range shaded.

    Signals: `range_chosen(object)` carries (since_ns, until_ns), or (None, None) for all times.
    """

    SPOKEN_AS = Role.Chart
    range_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: Histogram | None = None
        self._range: tuple[int | None, int | None] = (None, None)
        self._press: float | None = None
        self._drag: tuple[float, float] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._choose_dragged)
        self.setFixedHeight(74)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Traces over time")

    def show_histogram(self, data: Histogram | None, since_ns: int | None, until_ns: int | None) -> None:
        """Show counts, and the time range that is in force."""
        self._data = None if data is None else with_room(data)
        self._range = (since_ns, until_ns)
        if data is not None:
            self.setAccessibleDescription(
                f"{count_of(int(data.counts.sum()), 'trace')}, {format_count(int(data.errors.sum()))} with errors"
            )
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: as wide as it gets."""
        return QSize(300, 74)

    def _plot(self) -> QRect:
        return self.rect().adjusted(_MARGIN, _TOP, -_MARGIN, -_SCALE - 4)

    def _bucket_at(self, x: float) -> int:
        plot = self._plot()
        assert self._data is not None
        count = len(self._data.counts)
        return max(0, min(count - 1, int((x - plot.left()) / max(plot.width(), 1) * count)))

    def _edge_ns(self, bucket: int) -> int:
        assert self._data is not None
        return self._data.start_ns + bucket * self._data.bucket_ns

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: bars, shade, dates."""
        theme = tokens(self)
        plot = self._plot()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.bg))
            painter.setPen(QColor(theme.line))
            painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
            painter.drawLine(plot.bottomLeft(), plot.bottomRight())
            data = self._data
            if data is None or not len(data.counts) or not data.counts.any():
                painter.setPen(QColor(theme.faint))
                painter.setFont(ui_font(11))
                painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, "No traces in time" if data is not None else "")
                return
            count = len(data.counts)
            width = plot.width() / count
            tallest = int(data.counts.max())
            gap = 1.0 if width >= 4 else 0.0
            for i in np.flatnonzero(data.counts):
                whole = max(2.0, plot.height() * int(data.counts[i]) / tallest)
                bad = plot.height() * int(data.errors[i]) / tallest
                bad = max(1.5, bad) if data.errors[i] else 0.0
                x = plot.left() + i * width
                painter.fillRect(
                    QRectF(x, plot.bottom() - whole, max(width - gap, 1), whole - bad), QColor(theme.histogram)
                )
                if bad:
                    painter.fillRect(QRectF(x, plot.bottom() - bad, max(width - gap, 1), bad), QColor(theme.err))
            self._paint_range(painter, plot)
            painter.setFont(ui_font(10))
            painter.setPen(QColor(theme.faint))
            scale = QRect(plot.left(), plot.bottom() + 2, plot.width(), _SCALE)
            end = data.start_ns + count * data.bucket_ns
            long = end - data.start_ns > 3 * 86_400 * 10**9
            painter.drawText(scale, Qt.AlignmentFlag.AlignLeft, local_time(data.start_ns, long))
            painter.drawText(scale, Qt.AlignmentFlag.AlignRight, local_time(end, long))
            painter.drawText(scale, Qt.AlignmentFlag.AlignHCenter, f"a bar is {_span_words(data.bucket_ns)}")
            if self.hasFocus():
                painter.setPen(QPen(QColor(theme.accent)))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_range(self, painter: QPainter, plot: QRect) -> None:
        theme = tokens(self)
        if self._drag is not None:
            left, right = sorted(self._drag)
        else:
            since, until = self._range
            if since is None and until is None:
                return
            left = plot.left() if since is None else self._x_of(since)
            right = plot.right() if until is None else self._x_of(until)
        left, right = max(left, plot.left()), min(right, plot.right() + 1)
        if right <= left:
            return
        shade = QColor(theme.accent)
        shade.setAlpha(44)
        area = QRectF(left, plot.top() - 3, max(right - left, 2), plot.height() + 3)
        painter.fillRect(area, shade)
        painter.setPen(QColor(theme.accent))
        painter.drawLine(area.topLeft(), area.bottomLeft())
        painter.drawLine(area.topRight(), area.bottomRight())

    def _x_of(self, time_ns: int) -> float:
        assert self._data is not None
        plot = self._plot()
        return plot.left() + (time_ns - self._data.start_ns) / self._data.bucket_ns * plot.width() / len(
            self._data.counts
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: perhaps the begin of a drag."""
        if event.button() is Qt.MouseButton.LeftButton and self._data is not None and len(self._data.counts):
            self._press = event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: shade what is being chosen."""
        if self._press is not None and (self._drag or abs(event.position().x() - self._press) >= _DRAG):
            self._drag = (self._press, event.position().x())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: the range is chosen, in whole bars."""
        self._choose_dragged()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: back to all times."""
        self._press = None
        self.range_chosen.emit((None, None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Left and Right move the range by its own width, with Shift its end by a bar; Escape: all times."""
        data, (since, until) = self._data, self._range
        sideways = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if sideways and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and data is not None and len(data.counts):
            self._extend(1 if event.key() == Qt.Key.Key_Right else -1)
        elif event.key() == Qt.Key.Key_Escape and (since is not None or until is not None):
            self.range_chosen.emit((None, None))
        elif sideways and data is not None and len(data.counts):
            first = data.start_ns if since is None else since
            last = data.start_ns + len(data.counts) * data.bucket_ns if until is None else until
            if since is None and until is None:
                last = first + max(1, len(data.counts) // 8) * data.bucket_ns
            else:
                step = (last - first) * (1 if event.key() == Qt.Key.Key_Right else -1)
                first, last = first + step, last + step
            self.range_chosen.emit((first, last))
        else:
            super().keyPressEvent(event)

    def _extend(self, bars: int) -> None:
        """Move the end of the range; told once the keys rest."""
        data, (since, until) = self._data, self._range
        assert data is not None
        if self._drag is not None:
            first, last = (self._bucket_at(x) for x in self._drag)
        else:
            first = 0 if since is None else self._bucket_at(self._x_of(since))
            last = first - 1 if until is None else self._bucket_at(self._x_of(until) - 1)
        last = max(first, min(len(data.counts) - 1, last + bars))
        plot = self._plot()
        wide = plot.width() / len(data.counts)
        self._drag = (plot.left() + (first + 0.5) * wide, plot.left() + (last + 0.5) * wide)
        announce(self, f"{local_time(self._edge_ns(first))} – {local_time(self._edge_ns(last + 1))}")
        self._rest.start()
        self.update()

    def _choose_dragged(self) -> None:
        drag, self._drag, self._press = self._drag, None, None
        if drag is not None and self._data is not None:
            first, last = (self._bucket_at(x) for x in sorted(drag))
            self.range_chosen.emit((self._edge_ns(first), self._edge_ns(last + 1)))
        self.update()

    def event(self, event: QEvent) -> bool:
        """Qt: tooltips with the exact figures of a bar."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            if self._data is not None and len(self._data.counts):
                bucket = self._bucket_at(QPointF(event.pos()).x())
                counts, errors = int(self._data.counts[bucket]), int(self._data.errors[bucket])
                QToolTip.showText(
                    event.globalPos(),
                    f"{local_time(self._edge_ns(bucket))} – {local_time(self._edge_ns(bucket + 1))}\n"
                    f"{count_of(counts, 'trace')}, {format_count(errors)} with errors",
                    self,
                )
            return True
        return super().event(event)


def with_room(data: Histogram) -> Histogram:
    """A few bars get empty ones on both sides, so that a lone trace is a bar and not a wall."""
    count = len(data.counts)
    if not 0 < count < _FEWEST:
        return data
    width, start = data.bucket_ns, data.start_ns
    if count == 1 and width < _SECOND:
        width, start = _SECOND, start // _SECOND * _SECOND
    before = (_FEWEST - count) // 2
    around = (before, _FEWEST - count - before)
    return Histogram(start - before * width, width, np.pad(data.counts, around), np.pad(data.errors, around))


def local_time(time_ns: int, day_only: bool = False) -> str:
    """A time as the clock in force shows it: 20 Nov 13:05."""
    moment = shown_time(time_ns)
    if moment is None:
        return f"{time_ns // 10**9} s"
    text = f"{moment.day} {moment:%b}"
    if now_shown().year != moment.year:
        text += f" {moment.year}"
    return text if day_only else f"{text} {moment:%H:%M}{zone_mark()}"


def _span_words(ns: int) -> str:
    seconds = ns / 1e9
    for size, word in ((86_400 * 365, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            number = seconds / size
            return f"{number:g} {word}{'' if number == 1 else 's'}"
    return format_duration(ns)
