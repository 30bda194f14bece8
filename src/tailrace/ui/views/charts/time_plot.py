"""Figures over time: lines, stacked areas, stacked bars."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from tailrace.model.dashboard import ChartKind
from tailrace.model.figures import format_figure
from tailrace.model.measures import Unit
from tailrace.model.words import format_count
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.charts.body import Key
from tailrace.ui.views.charts.exact import exact_figure
from tailrace.ui.views.charts.hint import Hint, HintRow
from tailrace.ui.views.charts.plot_body import LABEL, AxisTick, draw_label, sharp
from tailrace.ui.views.charts.plotting import shares
from tailrace.ui.views.charts.sheets import cell_of, time_cells, titled
from tailrace.ui.views.charts.stacking import Stack, stack_up
from tailrace.ui.views.charts.text import of_all, one_line
from tailrace.ui.views.charts.ticks import Scale, linear_scale
from tailrace.ui.views.charts.time_items import Bars, Layers, Line
from tailrace.ui.views.charts.timed_body import TimedBody
from tailrace.ui.views.charts.tones import colour_of, pen_of
from tailrace.ui.views.charts.values import Pick, Series, Sheet, TimeChart
from tailrace.ui.views.controls import mixed

SERIES_MOST = 40  # lines or layers that are drawn
_HINT_MOST = 14  # rows of the hint
_NEAR = 16  # pixels from a line to what is meant by it
_FLAT = 12  # pixels up from which on a drag means values too
_LEVEL_MOST = 180  # pixels
_LATEST = 3  # series whose latest figure is said


class TimePlot(TimedBody):
    """Shows a TimeChart as LINE, AREA or BARS."""

    def __init__(self, kind: ChartKind, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = kind
        self.LINE = kind is not ChartKind.BARS
        self._chart: TimeChart | None = None
        self._series: tuple[Series, ...] = ()
        self._stack = stack_up((), 1)
        self._scale = self._other_scale = Scale(0, 1, (), ())
        self._entries: tuple[Key, ...] = ()

    # ---- what it is told ----

    def show_content(self, content: object) -> None:
        """Draw a TimeChart."""
        if not isinstance(content, TimeChart):
            raise TypeError(f"a chart over time cannot draw {type(content).__name__}")
        self._chart = content
        self._series = content.series[:SERIES_MOST]
        self._entries = self._make_legend()
        self.show_buckets(content.buckets, content.marks, content.selection)
        if self.stacked:
            self._stack = stack_up([series.values for series in self._series], len(content.buckets))
        self.show_all()

    @property
    def stacked(self) -> bool:
        """Whether series stand on each other."""
        return self._kind is not ChartKind.LINE

    def fill(self) -> None:
        """The series, and the line over them."""
        field, theme, chart, frame = self.view.field, tokens(self), self._chart, self.frame
        if chart is None:
            return
        if self.stacked:
            colours = [colour_of(theme, series.tone, place) for place, series in enumerate(self._series)]
            stack = Stack(frame.heights(self._stack.bottoms), frame.heights(self._stack.tops), self._stack.known)
            bars = self._kind is ChartKind.BARS
            item = Bars(self.x_edges, stack, colours) if bars else Layers(self.x_edges, stack, colours, theme.panel)
            field.addItem(item, ignoreBounds=True)
        else:
            # the first one on top, as it stands first in the legend
            for place in reversed(range(len(self._series))):
                series = self._series[place]
                line = Line(self.middles, frame.heights(series.values), pen_of(theme, series.tone, place))
                field.addItem(line, ignoreBounds=True)
        if chart.over is not None:
            heights = shares(chart.over.values, self._other_scale.low, self._other_scale.high)
            line = Line(self.middles, heights, pen_of(theme, chart.over.tone or "text", 0))
            field.addItem(line, ignoreBounds=True)

    # ---- scales ----

    def value_ticks(self, count: int) -> tuple[AxisTick, ...]:
        """Of the series."""
        if self._chart is None:
            return ()
        self._set_scales(count)
        return tuple(AxisTick(*tick) for tick in zip(self._scale.ticks, self._scale.labels, strict=True))

    def other_ticks(self, count: int) -> tuple[AxisTick, ...]:
        """Of the line over them."""
        if self._chart is None or self._chart.over is None:
            return ()
        scale = self._other_scale
        places = self._on_left(np.array(scale.ticks))
        return tuple(AxisTick(float(y), label) for y, label in zip(places, scale.labels, strict=True))

    def ranges(self) -> tuple[float, float, float, float]:
        """The times, and the scale."""
        return *self.across_range(), self._scale.low, self._scale.high

    def _set_scales(self, count: int) -> None:
        chart = self._chart
        assert chart is not None
        if self.stacked:
            low, high = min(0.0, self._stack.low), self._stack.high
        else:
            low, high = _bounds([series.values for series in self._series])
        values = [level.value for level in chart.levels if np.isfinite(level.value)]
        self._scale = linear_scale(min([low, *values]), max([high, *values]), chart.unit, count, self.stacked)
        if chart.over is not None:
            self._other_scale = linear_scale(*_bounds([chart.over.values]), chart.over_unit, count)

    def _on_left(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of the right scale as values of the left one at the same height."""
        left, right = self._scale, self._other_scale
        return left.low + shares(values, right.low, right.high) * (left.high - left.low)

    # ---- painting ----

    def paint_under(self, painter: QPainter) -> None:
        """Bands of health, and what came after each mark."""
        theme, box = tokens(self), self.frame.box
        for band in self._chart.bands if self._chart is not None else ():
            top = box.top() if band.high is None else self.frame.y(band.high)
            bottom = box.bottom() if band.low is None else self.frame.y(band.low)
            colour = mixed(colour_of(theme, band.tone).name(), theme.panel, 0.06 if theme.dark else 0.08)
            area = QRectF(box.left(), top, box.width(), bottom - top).intersected(box)
            painter.fillRect(area.toAlignedRect(), colour)
        self.paint_tints(painter)

    def paint_over(self, painter: QPainter) -> None:
        """Levels, marks, what is selected."""
        theme, box = tokens(self), self.frame.box
        painter.setFont(ui_font(LABEL))
        for level in self._chart.levels if self._chart is not None else ():
            y = self.frame.y(level.value)
            if not np.isfinite(y) or not box.top() - 1 <= y <= box.bottom() + 1:
                continue
            pen = QPen(colour_of(theme, level.tone), 1.2)
            pen.setDashPattern([6, 4])
            painter.setPen(pen)
            painter.drawLine(QLineF(box.left(), sharp(y), box.right(), sharp(y)))
            words = painter.fontMetrics().elidedText(one_line(level.label), Qt.TextElideMode.ElideRight, _LEVEL_MOST)
            wide = painter.fontMetrics().horizontalAdvance(words)
            room = QRectF(box.right() - wide - 6, y - 16 if y - 16 > box.top() else y + 2, wide, 14)
            draw_label(painter, self, room, words, colour_of(theme, level.tone))
        self.paint_marks(painter)
        self.paint_selection(painter)

    def paint_points(self, painter: QPainter, bucket: int) -> None:
        """The bar, or the points of the lines."""
        theme = tokens(self)
        if self._kind is ChartKind.BARS:
            glow = QColor(theme.text)
            glow.setAlpha(26)
            painter.fillRect(self.bucket_box(bucket).toAlignedRect(), glow)
        x = self.frame.x(float(self.middles[bucket]))
        painter.setPen(QPen(QColor(theme.panel), 1.5))
        lines = [(s.values, s.tone, place) for place, s in enumerate(self._series)] if not self.stacked else []
        if self._chart is not None and self._chart.over is not None:
            lines.append((self._on_left(self._chart.over.values), self._chart.over.tone or "text", 0))
        for values, tone, place in lines:
            if np.isfinite(values[bucket]):
                painter.setBrush(colour_of(theme, tone, place))
                painter.drawEllipse(QPointF(x, self.frame.y(float(values[bucket]))), 3.6, 3.6)

    def area_of(self, pick: Pick) -> QRectF | None:
        """With the values that were selected."""
        area = super().area_of(pick)
        if area is None or self._kind is not ChartKind.LINE:
            return area
        top = area.top() if pick.high is None else self.frame.y(pick.high)
        bottom = area.bottom() if pick.low is None else self.frame.y(pick.low)
        return QRectF(area.left(), top, area.width(), bottom - top)

    # ---- what is where ----

    def series_at(self, point: QPointF) -> int | None:
        """The series whose line or part is at a point."""
        bucket = self.bucket_at(point.x())
        if self.stacked:
            value = self.frame.up(point.y())
            bottoms, tops = self._stack.bottoms[:, bucket], self._stack.tops[:, bucket]
            inside = np.flatnonzero((np.minimum(bottoms, tops) <= value) & (value < np.maximum(bottoms, tops)))
            return int(inside[0]) if inside.size else None
        heights = np.array([self.frame.y(float(series.values[bucket])) for series in self._series])
        if not np.isfinite(heights).any():
            return None
        nearest = int(np.nanargmin(np.abs(heights - point.y())))
        return nearest if abs(heights[nearest] - point.y()) <= _NEAR else None

    def hint_at(self, point: QPointF) -> Hint | None:
        """All figures of the bucket."""
        if self._chart is None or not self.frame.box.adjusted(-1, -4, 1, 18).contains(point):
            return None
        return self._hint(self.bucket_at(point.x()), self.series_at(point))

    def cursor_hint(self) -> Hint | None:
        """All figures of the bucket that the keys point at."""
        return None if self.keyed is None or self._chart is None else self._hint(self.keyed, None)

    def _hint(self, bucket: int, strong: int | None) -> Hint:
        chart = self._chart
        assert chart is not None
        figures = [float(series.values[bucket]) for series in self._series]
        order = list(range(len(figures)))
        if self.stacked:
            order.reverse()
        if len(order) > _HINT_MOST:
            order = sorted(order, key=lambda place: -figures[place] if np.isfinite(figures[place]) else np.inf)
        shown = order[:_HINT_MOST]
        if strong is not None and strong not in shown:
            shown[-1] = strong
        keys = self._entries
        rows = [
            HintRow(keys[place].words, exact_figure(figures[place], chart.unit), keys[place], place == strong)
            for place in shown
        ]
        if len(order) > len(shown):
            rows.append(HintRow(f"and {format_count(len(order) - len(shown))} more"))
        if self.stacked and len(figures) > 1 and self._stack.known[bucket]:
            with np.errstate(over="ignore"):
                total = float(np.nansum(figures))
            rows.append(HintRow("total", exact_figure(total, chart.unit)))
        if chart.over is not None:
            value = exact_figure(float(chart.over.values[bucket]), chart.over_unit)
            rows.append(HintRow(one_line(chart.over.name), value, keys[-1]))
        return Hint(self.bucket_words(bucket), (*rows, *self.mark_rows(bucket)))

    def click(self, point: QPointF) -> None:
        """Open what is there."""
        if self._chart is not None:
            self.opened.emit(self._pick(self.bucket_at(point.x()), self.series_at(point)))

    def cursor_pick(self) -> Pick | None:
        """The bucket that the keys point at, with all its series."""
        return None if self.keyed is None else self._pick(self.keyed, None)

    def pick_at(self, point: QPointF) -> Pick | None:
        """What is at a point."""
        if self._chart is None or not self.frame.box.contains(point):
            return None
        return self._pick(self.bucket_at(point.x()), self.series_at(point))

    def _pick(self, bucket: int, place: int | None) -> Pick:
        series = self._series[place] if place is not None else None
        return Pick(
            self.edges[bucket],
            self.edges[bucket + 1],
            group=None if series is None else series.group,
            measure=self._measure() if series is None else series.measure,
        )

    def _measure(self) -> str:
        """What all series measure; empty where they differ."""
        measures = {series.measure for series in self._series}
        return measures.pop() if len(measures) == 1 else ""

    # ---- drags ----

    def rubber_for(self, begin: QPointF, end: QPointF, shift: bool) -> QRectF:
        """Whole buckets; with Shift on a scale of durations also values."""
        first, last = self.span_of(begin, end)
        left, right = (self.frame.x(float(self.x_edges[edge])) for edge in (first, last))
        box = self.frame.box
        if not self._takes_values(begin, end, shift):
            return QRectF(left, box.top(), right - left, box.height())
        top, bottom = sorted(max(box.top(), min(box.bottom(), point.y())) for point in (begin, end))
        return QRectF(left, top, right - left, bottom - top)

    def drop(self, begin: QPointF, end: QPointF, shift: bool) -> None:
        """Zoom, or select with Shift."""
        if self._chart is None:
            return
        first, last = self.span_of(begin, end)
        since, until = self.edges[first], self.edges[last]
        if not shift:
            self.zoomed.emit((since, until))
            return
        low: float | None = None
        high: float | None = None
        if self._takes_values(begin, end, shift):
            area, box = self.rubber_for(begin, end, shift), self.frame.box
            low = self.frame.up(area.bottom()) if area.bottom() < box.bottom() else None
            high = self.frame.up(area.top()) if area.top() > box.top() else None
        self.selected.emit(Pick(since, until, measure=self._measure(), low=low, high=high))

    def span_pick(self, first: int, last: int) -> Pick:
        """Whole buckets of what is measured."""
        return Pick(self.edges[first], self.edges[last], measure=self._measure())

    def _takes_values(self, begin: QPointF, end: QPointF, shift: bool) -> bool:
        lines = self._kind is ChartKind.LINE and self._chart is not None and self._chart.unit is Unit.DURATION
        return shift and lines and abs(begin.y() - end.y()) >= _FLAT

    # ---- what it says ----

    def legend(self) -> tuple[Key, ...]:
        """The series, and the line over them. A lone series is what the title says, unless it is one of a field's
        values."""
        chart = self._chart
        if chart is None or (len(self._series) == 1 and self._series[0].group is None and chart.over is None):
            return ()
        return self._entries

    def _make_legend(self) -> tuple[Key, ...]:
        shape = "box" if self.stacked else "line"
        keys = [Key(one_line(s.name), s.tone, shape, place) for place, s in enumerate(self._series)]
        if self._chart is not None and self._chart.over is not None:
            over = self._chart.over
            keys.append(Key(one_line(over.name), over.tone or "text", "line"))
        return tuple(keys)

    def remark(self) -> str:
        """How many series of how many."""
        chart = self._chart
        return "" if chart is None else of_all(len(self._series), max(chart.of, len(chart.series)), "series")

    def empty_words(self) -> tuple[str, str] | None:
        """Where no figure is known."""
        chart = self._chart
        every = () if chart is None else (*chart.series, *((chart.over,) if chart.over is not None else ()))
        if any(np.isfinite(series.values).any() for series in every):
            return None
        return "No data in this range", "Choose a longer time range, or clear the filter."

    def describe(self) -> str:
        """How many series of what, from when to when, with the latest figures."""
        chart = self._chart
        if chart is None:
            return ""
        said = []
        for series in self._series[:_LATEST]:
            known = np.flatnonzero(np.isfinite(series.values))
            if known.size:
                figure = format_figure(float(series.values[known[-1]]), chart.unit)
                said.append(f"{one_line(series.name)} last {figure}")
        kind = {ChartKind.LINE: "Lines", ChartKind.AREA: "Stacked areas", ChartKind.BARS: "Stacked bars"}[self._kind]
        return f"{kind} over time, {len(self._series)} series, {self.range_words()}. {', '.join(said)}"

    def sheet(self) -> Sheet:
        """A row a bucket, a column a series."""
        chart = self._chart
        if chart is None:
            return Sheet((), ())
        columns = [(titled(series.name, chart.unit), series.values) for series in self._series]
        if chart.over is not None:
            columns.append((titled(chart.over.name, chart.over_unit), chart.over.values))
        rows = tuple(
            (*times, *(cell_of(float(values[bucket])) for _, values in columns))
            for bucket, times in enumerate(time_cells(self.edges))
        )
        return Sheet(("from", "to", *(name for name, _ in columns)), rows)


def _bounds(values: list[NDArray[np.float64]]) -> tuple[float, float]:
    known = [part[np.isfinite(part)] for part in values]
    every = np.concatenate(known) if known else np.zeros(0)
    return (float(every.min()), float(every.max())) if every.size else (0.0, 0.0)
