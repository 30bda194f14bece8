"""How values spread over time: cells of time and value on a log scale, the darker the more."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform
from PySide6.QtWidgets import QWidget

from tailrace.model.words import format_count
from tailrace.ui.theme import tokens
from tailrace.ui.views.charts.exact import exact_figure
from tailrace.ui.views.charts.hint import Hint, HintRow
from tailrace.ui.views.charts.plot_body import AxisTick
from tailrace.ui.views.charts.plotting import Drawn, apart, pixels_x, pixels_y
from tailrace.ui.views.charts.sheets import cell_of, time_cells, titled
from tailrace.ui.views.charts.ticks import log_ticks
from tailrace.ui.views.charts.timed_body import TimedBody
from tailrace.ui.views.charts.values import HeatChart, Pick, Sheet
from tailrace.ui.views.controls import mixed

_SHADES = 24
_FULL = 0.99  # of the cells are below the darkest shade
_FAINTEST = 0.1  # of the accent: a cell with one trace is seen
_GAP_FROM = 5  # pixels of a cell from which on cells stand apart


class Cells(Drawn):
    """A rectangle for every cell with something in it."""

    def __init__(
        self,
        edges: NDArray[np.float64],
        levels: NDArray[np.float64],
        counts: NDArray[np.int64],
        colours: list[QColor],
    ) -> None:
        super().__init__()
        self._edges, self._levels, self._colours = edges, levels, colours
        self._shades = shades(counts)

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """Shade by shade, in whole pixels."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        x, y = np.round(pixels_x(transform, self._edges)), np.round(pixels_y(transform, self._levels))
        gap_x = 1.0 if len(x) > 1 and np.median(np.diff(x)) >= _GAP_FROM else 0.0
        gap_y = 1.0 if len(y) > 1 and np.median(-np.diff(y)) >= _GAP_FROM else 0.0
        wide, high = np.maximum(np.diff(x) - gap_x, 1), np.maximum(-np.diff(y) - gap_y, 1)
        for shade, colour in enumerate(self._colours, start=1):
            rows, columns = np.nonzero(self._shades == shade)
            if rows.size:
                painter.setBrush(colour)
                boxes = zip(x[columns], y[rows + 1], wide[columns], high[rows], strict=True)
                painter.drawRects([QRectF(*box) for box in boxes])


def shades(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """1 to _SHADES by the roots of the counts, so that a few beside many are seen; 0 for none. The few fullest cells
    share the darkest shade: one of them alone would make all others pale."""
    there = counts[counts > 0]
    if not there.size:
        return np.zeros(counts.shape, np.int64)
    most = max(1.0, float(np.quantile(there, _FULL)))
    share = np.sqrt(np.maximum(counts, 0) / most)
    return np.where(counts > 0, np.clip(np.ceil(share * _SHADES), 1, _SHADES), 0).astype(np.int64)


class HeatPlot(TimedBody):
    """Shows a HeatChart. A drag selects an area of times and values, with or without Shift."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chart: HeatChart | None = None
        self._levels: NDArray[np.float64] = np.array([0.0, 1.0])  # log10
        self._row: int | None = None  # that the keys point at

    def show_content(self, content: object) -> None:
        """Draw a HeatChart."""
        if not isinstance(content, HeatChart):
            raise TypeError(f"a heatmap cannot draw {type(content).__name__}")
        self._chart = content
        self.show_buckets(content.buckets, content.marks, content.selection)
        if content.levels.size > 1:
            self._levels = apart(np.log10(content.levels))
        if self._row is not None:
            self._row = min(self._row, max(0, content.counts.shape[0] - 1))
        self.show_all()

    def fill(self) -> None:
        """The cells."""
        theme, chart = tokens(self), self._chart
        if chart is not None and chart.counts.size:
            faint = [_FAINTEST + (1 - _FAINTEST) * shade / (_SHADES - 1) for shade in range(_SHADES)]
            colours = [mixed(theme.accent, theme.panel, share) for share in faint]
            cells = Cells(self.x_edges, self.frame.heights(self._levels), chart.counts, colours)
            self.view.field.addItem(cells, ignoreBounds=True)

    # ---- scales ----

    def value_ticks(self, count: int) -> tuple[AxisTick, ...]:
        """Round values of the log scale."""
        if self._chart is None or self._chart.levels.size < 2:
            return ()
        low, high = float(self._chart.levels[0]), float(self._chart.levels[-1])
        values, labels = log_ticks(low, high, self._chart.unit, count + 1)
        return tuple(AxisTick(math.log10(value), label) for value, label in zip(values, labels, strict=True))

    def ranges(self) -> tuple[float, float, float, float]:
        """The times, and the logarithms of the values."""
        return *self.across_range(), float(self._levels[0]), float(self._levels[-1])

    # ---- painting ----

    def paint_under(self, painter: QPainter) -> None:
        """What came after each mark."""
        self.paint_tints(painter)

    def paint_over(self, painter: QPainter) -> None:
        """Marks, what is selected."""
        self.paint_marks(painter)
        self.paint_selection(painter)

    def paint_points(self, painter: QPainter, bucket: int) -> None:
        """The cell under the pointer or the keys."""
        row = self._row if self.keyed is not None else None
        if self.pointer is not None and self.frame.box.contains(self.pointer):
            row = self._row_at(self.pointer.y())
        if row is not None:
            box = self.bucket_box(bucket)
            top, bottom = (self.frame.y(float(level)) for level in (self._levels[row + 1], self._levels[row]))
            painter.setPen(QPen(QColor(tokens(self).text), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(box.left(), top, box.width() - 1, bottom - top - 1))

    def area_of(self, pick: Pick) -> QRectF | None:
        """Times and values."""
        area = super().area_of(pick)
        if area is None:
            return None
        box = self.frame.box
        top = box.top() if pick.high is None else self.frame.y(_log(pick.high))
        bottom = box.bottom() if pick.low is None else self.frame.y(_log(pick.low))
        return QRectF(area.left(), top, area.width(), bottom - top)

    # ---- what is where ----

    def _row_at(self, pixel: float) -> int:
        place = int(np.searchsorted(self._levels, self.frame.up(pixel), side="right")) - 1
        return max(0, min(len(self._levels) - 2, place))

    def hint_at(self, point: QPointF) -> Hint | None:
        """How many are in the cell."""
        if self._chart is None or not self.frame.box.contains(point):
            return None
        return self._hint(self.bucket_at(point.x()), self._row_at(point.y()))

    def cursor_hint(self) -> Hint | None:
        """How many are in the cell that the keys point at, or in the bucket."""
        return None if self.keyed is None or self._chart is None else self._hint(self.keyed, self._row)

    def _hint(self, bucket: int, row: int | None) -> Hint:
        chart = self._chart
        assert chart is not None
        rows = []
        if row is not None:
            low, high = (exact_figure(float(level), chart.unit) for level in chart.levels[row : row + 2])
            rows.append(HintRow(f"{low} – {high}", format_count(int(chart.counts[row, bucket])), strong=True))
        rows.append(HintRow(f"all {chart.things}", format_count(int(chart.counts[:, bucket].sum()))))
        if chart.below is not None and chart.below[bucket]:
            rows.append(HintRow("0 or less, not drawn", format_count(int(chart.below[bucket]))))
        return Hint(self.bucket_words(bucket), (*rows, *self.mark_rows(bucket)))

    def move_cursor(self, key: Qt.Key) -> bool:
        """Up and Down go from value to value."""
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._chart is not None:
            last = len(self._levels) - 2
            step = 1 if key is Qt.Key.Key_Up else -1
            start = int(np.argmax(self._chart.counts.sum(axis=1))) - step if self._row is None else self._row
            self._row = max(0, min(last, start + step))
            if self.keyed is None:
                return super().move_cursor(Qt.Key.Key_Home)
            self.cross = (self.edges[self.keyed] + self.edges[self.keyed + 1]) // 2
            self.cursor_moved.emit()
            self.view.viewport().update()
            if (hint := self.cursor_hint()) is not None:
                self.show_hint(hint, self.cursor_point())
            return True
        return super().move_cursor(key)

    def clear_cursor(self) -> None:
        """The keys point at no value either."""
        self._row = None
        super().clear_cursor()

    def cursor_pick(self) -> Pick | None:
        """The cell that the keys point at, or its bucket."""
        return None if self.keyed is None else self._pick(self.keyed, self.keyed + 1, self._row, self._row)

    def pick_at(self, point: QPointF) -> Pick | None:
        """The cell at a point."""
        if self._chart is None or not self.frame.box.contains(point):
            return None
        bucket, row = self.bucket_at(point.x()), self._row_at(point.y())
        return self._pick(bucket, bucket + 1, row, row)

    def click(self, point: QPointF) -> None:
        """Open the cell."""
        if (pick := self.pick_at(point)) is not None:
            self.opened.emit(pick)

    def _pick(self, first: int, last: int, low: int | None, high: int | None) -> Pick:
        """Edges `first` to `last`, rows `low` to `high`; the highest row has no bound: it has its upper edge."""
        chart = self._chart
        assert chart is not None
        rows = len(chart.levels) - 1
        return Pick(
            self.edges[first],
            self.edges[last],
            measure=chart.measure,
            low=None if low is None else float(chart.levels[low]),
            high=None if high is None or high + 1 >= rows else float(chart.levels[high + 1]),
        )

    # ---- drags ----

    def _rows_of(self, begin: QPointF, end: QPointF) -> tuple[int, int]:
        low, high = sorted((self._row_at(begin.y()), self._row_at(end.y())))
        return low, high

    def span_pick(self, first: int, last: int) -> Pick:
        """Whole columns."""
        return self._pick(first, last, None, None)

    def rubber_for(self, begin: QPointF, end: QPointF, shift: bool) -> QRectF:
        """Whole cells."""
        first, last = self.span_of(begin, end)
        low, high = self._rows_of(begin, end)
        left, right = (self.frame.x(float(self.x_edges[edge])) for edge in (first, last))
        top, bottom = (self.frame.y(float(level)) for level in (self._levels[high + 1], self._levels[low]))
        return QRectF(left, top, right - left, bottom - top)

    def drop(self, begin: QPointF, end: QPointF, shift: bool) -> None:
        """Select the cells."""
        if self._chart is not None and self._chart.levels.size > 1:
            self.selected.emit(self._pick(*self.span_of(begin, end), *self._rows_of(begin, end)))

    # ---- what it says ----

    def empty_words(self) -> tuple[str, str] | None:
        """Where no value is greater than 0."""
        if self._chart is not None and self._chart.counts.any():
            return None
        below = 0 if self._chart is None or self._chart.below is None else int(self._chart.below.sum())
        if below and self._chart is not None:
            return (
                "Nothing to draw on a log scale",
                f"{format_count(below)} {self._chart.things} have a value of 0 or less.",
            )
        return "No data in this range", "Choose a longer time range, or clear the filter."

    def remark(self) -> str:
        """What a log scale leaves out."""
        below = 0 if self._chart is None or self._chart.below is None else int(self._chart.below.sum())
        return f"{format_count(below)} of 0 or less not drawn" if below else ""

    def describe(self) -> str:
        """How many of what, from when to when, between which values."""
        chart = self._chart
        if chart is None or chart.levels.size < 2:
            return ""
        low, high = exact_figure(float(chart.levels[0]), chart.unit), exact_figure(float(chart.levels[-1]), chart.unit)
        total = format_count(int(chart.counts.sum()))
        return f"Heatmap of {total} {chart.things}, {self.range_words()}, from {low} to {high} on a log scale"

    def sheet(self) -> Sheet:
        """A row a cell that has anything in it."""
        chart = self._chart
        if chart is None:
            return Sheet((), ())
        times = time_cells(self.edges)
        rows = []
        for bucket in range(chart.counts.shape[1]):
            for row in np.flatnonzero(chart.counts[:, bucket]):
                low, high = (cell_of(float(level)) for level in chart.levels[row : row + 2])
                rows.append((*times[bucket], low, high, int(chart.counts[row, bucket])))
        return Sheet(
            ("from", "to", titled("at least", chart.unit), titled("below", chart.unit), chart.things), tuple(rows)
        )


def _log(value: float) -> float:
    return math.log10(value) if value > 0 else -400.0
