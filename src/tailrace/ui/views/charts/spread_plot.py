"""How the values of one column are distributed: a histogram."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from tailrace.model.measures import Unit
from tailrace.model.words import format_count
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.charts.exact import exact_figure
from tailrace.ui.views.charts.hint import Hint, HintRow
from tailrace.ui.views.charts.plot_body import LABEL, AxisTick, PlotBody, draw_label, draw_rubber, sharp
from tailrace.ui.views.charts.plotting import apart, shares
from tailrace.ui.views.charts.sheets import cell_of, titled
from tailrace.ui.views.charts.stacking import stack_up
from tailrace.ui.views.charts.text import one_line
from tailrace.ui.views.charts.ticks import Scale, linear_scale, log_ticks
from tailrace.ui.views.charts.time_items import Bars
from tailrace.ui.views.charts.tones import colour_of
from tailrace.ui.views.charts.values import Pick, Sheet, SpreadChart

_TICK_WIDE = 70
_MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class SpreadPlot(PlotBody):
    """Shows a SpreadChart. A drag selects values, with or without Shift."""

    UNIT_X = True

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chart: SpreadChart | None = None
        self._edges: NDArray[np.float64] = np.array([0.0, 1.0])
        self._scale = Scale(0, 1, (), ())
        self._selection: Pick | None = None
        self._cursor: int | None = None

    def show_content(self, content: object) -> None:
        """Draw a SpreadChart."""
        if not isinstance(content, SpreadChart):
            raise TypeError(f"a histogram cannot draw {type(content).__name__}")
        self._chart, self._selection = content, content.selection
        if content.edges.size > 1:
            self._edges = apart(np.log10(content.edges) if content.log else content.edges)
        self._cursor = None if self._cursor is None else max(0, min(self._cursor, content.counts.size - 1))
        self.show_all()

    def show_selection(self, pick: Pick | None) -> None:
        """Draw what is selected."""
        self._selection = pick
        self.view.invalidate()

    def fill(self) -> None:
        """The bars."""
        chart, edges = self._chart, self._edges
        if chart is not None and chart.counts.size:
            stack = stack_up([self.frame.heights(chart.counts.astype(np.float64))], chart.counts.size)
            places = shares(edges, float(edges[0]), float(edges[-1]))
            bars = Bars(places, stack, [colour_of(tokens(self), "series:0")])
            self.view.field.addItem(bars, ignoreBounds=True)

    # ---- scales ----

    def value_ticks(self, count: int) -> tuple[AxisTick, ...]:
        """Counts."""
        most = float(self._chart.counts.max()) if self._chart is not None and self._chart.counts.size else 1.0
        self._scale = linear_scale(0.0, most, Unit.COUNT, count)
        return tuple(AxisTick(*tick) for tick in zip(self._scale.ticks, self._scale.labels, strict=True))

    def across_ticks(self, width: float) -> tuple[AxisTick, ...]:
        """Round values."""
        chart = self._chart
        if chart is None or chart.edges.size < 2:
            return ()
        count, low, high = max(2, int(width / _TICK_WIDE)), float(chart.edges[0]), float(chart.edges[-1])
        if chart.log:
            values, labels = log_ticks(low, high, chart.unit, count)
            return tuple(AxisTick(math.log10(value), label) for value, label in zip(values, labels, strict=True))
        scale = linear_scale(low, high, chart.unit, count, from_zero=False)
        ticks = zip(scale.ticks, scale.labels, strict=True)
        return tuple(AxisTick(value, label) for value, label in ticks if low <= value <= high)

    def ranges(self) -> tuple[float, float, float, float]:
        """The values, and the counts."""
        left, right = float(self._edges[0]), float(self._edges[-1])
        return left, right, self._scale.low, self._scale.high

    def _x(self, value: float) -> float:
        chart = self._chart
        at = value if chart is None or not chart.log else math.log10(value) if value > 0 else -400.0
        return self.frame.x(at)

    # ---- painting ----

    def paint_over(self, painter: QPainter) -> None:
        """Levels, what is selected."""
        theme, box = tokens(self), self.frame.box
        painter.setFont(ui_font(LABEL))
        metrics, ends = painter.fontMetrics(), [-1e9, -1e9]
        levels = self._chart.levels if self._chart is not None else ()
        for level in sorted(levels, key=lambda level: level.value):
            x = self._x(level.value)
            if not math.isfinite(x) or not box.left() - 1 <= x <= box.right() + 1:
                continue
            pen = QPen(colour_of(theme, level.tone), 1.2)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.drawLine(QLineF(sharp(x), box.top(), sharp(x), box.bottom()))
            words = one_line(level.label)
            wide = metrics.horizontalAdvance(words)
            left = x + 5 if x + 5 + wide <= box.right() else x - 5 - wide
            row = next((row for row, end in enumerate(ends) if left > end + 6), None)
            if row is not None and left >= box.left():
                ends[row] = left + wide
                room = QRectF(left, box.top() + 1 + 15 * row, wide, 14)
                draw_label(painter, self, room, words, colour_of(theme, level.tone))
        pick = self._selection
        if pick is not None and (pick.low is not None or pick.high is not None):
            left = box.left() if pick.low is None else self._x(pick.low)
            right = box.right() if pick.high is None else self._x(pick.high)
            area = QRectF(left, box.top(), right - left, box.height()).intersected(box)
            if not area.isEmpty():
                draw_rubber(painter, self, area)

    def paint_cross(self, painter: QPainter) -> None:
        """The bin under the pointer or the keys."""
        place = self._cursor
        if self.pointer is not None and self.frame.box.contains(self.pointer):
            place = self._bin_at(self.pointer.x())
        if place is not None and self._chart is not None and self._chart.counts.size:
            glow = QColor(tokens(self).text)
            glow.setAlpha(30)
            painter.fillRect(self._bin_box(place).toAlignedRect(), glow)

    def _bin_box(self, place: int) -> QRectF:
        left, right = (self.frame.x(float(edge)) for edge in self._edges[place : place + 2])
        return QRectF(left, self.frame.box.top(), right - left, self.frame.box.height())

    # ---- what is where ----

    def _bin_at(self, pixel: float) -> int:
        place = int(np.searchsorted(self._edges, self.frame.across(pixel), side="right")) - 1
        return max(0, min(len(self._edges) - 2, place))

    def hint_at(self, point: QPointF) -> Hint | None:
        """How many are in the bin."""
        if self._chart is None or not self.frame.box.contains(point):
            return None
        return self._hint(self._bin_at(point.x()))

    def _hint(self, place: int) -> Hint:
        chart = self._chart
        assert chart is not None
        low, high = (exact_figure(float(edge), chart.unit) for edge in chart.edges[place : place + 2])
        count, total = int(chart.counts[place]), int(chart.counts.sum())
        rows = [HintRow(chart.things, format_count(count), strong=True)]
        if total:
            rows.append(HintRow("share", exact_figure(count / total, Unit.SHARE)))
            rows.append(HintRow("up to here", exact_figure(int(chart.counts[: place + 1].sum()) / total, Unit.SHARE)))
        return Hint(f"{low} – {high}", tuple(rows))

    def _pick(self, first: int, last: int) -> Pick:
        """Bins `first` to `last`; the last bin of all has its upper edge."""
        chart = self._chart
        assert chart is not None
        high = None if last + 1 >= chart.counts.size else float(chart.edges[last + 1])
        return Pick(measure=chart.measure, low=float(chart.edges[first]), high=high)

    def pick_at(self, point: QPointF) -> Pick | None:
        """The bin at a point."""
        if self._chart is None or not self.frame.box.contains(point) or not self._chart.counts.size:
            return None
        return self._pick(self._bin_at(point.x()), self._bin_at(point.x()))

    def click(self, point: QPointF) -> None:
        """Open the bin."""
        if (pick := self.pick_at(point)) is not None:
            self.opened.emit(pick)

    def rubber_for(self, begin: QPointF, end: QPointF, shift: bool) -> QRectF:
        """Whole bins."""
        first, last = sorted((self._bin_at(begin.x()), self._bin_at(end.x())))
        return self._bin_box(first).united(self._bin_box(last))

    def drop(self, begin: QPointF, end: QPointF, shift: bool) -> None:
        """Select the bins."""
        if self._chart is not None and self._chart.counts.size:
            self.selected.emit(self._pick(*sorted((self._bin_at(begin.x()), self._bin_at(end.x())))))

    # ---- keys ----

    def move_cursor(self, key: Qt.Key) -> bool:
        """Bin by bin."""
        if self._chart is None or not self._chart.counts.size:
            return False
        last = self._chart.counts.size - 1
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._cursor = 0 if key is Qt.Key.Key_Home else last
        elif key in _MOVES:
            start = self._cursor if self._cursor is not None else -1 if _MOVES[key] > 0 else last + 1
            self._cursor = max(0, min(last, start + _MOVES[key]))
        else:
            return False
        self.cursor_moved.emit()
        self.view.viewport().update()
        self.show_hint(self._hint(self._cursor), self.cursor_point())
        return True

    def cursor_point(self) -> QPoint:
        """The middle of the bin that the keys point at."""
        box = self.frame.box if self._cursor is None else self._bin_box(self._cursor)
        return box.center().toPoint()

    def cursor_words(self) -> str:
        """The bin that the keys point at."""
        return (
            "" if self._cursor is None or self._chart is None else self._hint(self._cursor).words().replace("\n", ", ")
        )

    def cursor_pick(self) -> Pick | None:
        """The bin that the keys point at."""
        return None if self._cursor is None or self._chart is None else self._pick(self._cursor, self._cursor)

    def clear_cursor(self) -> None:
        """The keys point at nothing."""
        super().clear_cursor()
        if self._cursor is not None:
            self._cursor = None
            self.cursor_moved.emit()

    # ---- what it says ----

    def empty_words(self) -> tuple[str, str] | None:
        """Where no value is known."""
        chart = self._chart
        if chart is not None and chart.counts.any():
            return None
        if chart is not None and chart.below:
            below = f"{format_count(chart.below)} {chart.things} have a value of 0 or less."
            return "Nothing to draw on a log scale", below
        if chart is not None and chart.unknown:
            return "No known value in this range", f"Of {format_count(chart.unknown)} {chart.things} none says it."
        return "No data in this range", "Choose a longer time range, or clear the filter."

    def remark(self) -> str:
        """What is not drawn."""
        chart = self._chart
        if chart is None:
            return ""
        parts = [f"{format_count(chart.below)} of 0 or less not drawn"] if chart.below else []
        parts += [f"{format_count(chart.unknown)} unknown"] if chart.unknown else []
        return " · ".join(parts)

    def describe(self) -> str:
        """How many of what between which values."""
        chart = self._chart
        if chart is None or chart.edges.size < 2 or not chart.counts.size:
            return ""
        low, high = exact_figure(float(chart.edges[0]), chart.unit), exact_figure(float(chart.edges[-1]), chart.unit)
        total, most = format_count(int(chart.counts.sum())), int(np.argmax(chart.counts))
        top = exact_figure(float(chart.edges[most]), chart.unit), exact_figure(float(chart.edges[most + 1]), chart.unit)
        return f"Histogram of {total} {chart.things} from {low} to {high}, the most between {top[0]} and {top[1]}"

    def sheet(self) -> Sheet:
        """A row a bin."""
        chart = self._chart
        if chart is None:
            return Sheet((), ())
        header = (titled("at least", chart.unit), titled("below", chart.unit), chart.things)
        rows = zip(chart.edges[:-1], chart.edges[1:], chart.counts, strict=False)
        return Sheet(
            header, tuple((cell_of(float(low)), cell_of(float(high)), int(count)) for low, high, count in rows)
        )
