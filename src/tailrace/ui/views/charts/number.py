"""One big figure: how it changed, whether it is healthy, how it went."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from tailrace.model.figures import format_figure
from tailrace.model.measures import Better, Unit
from tailrace.ui.theme import tip, tokens, ui_font
from tailrace.ui.views.charts.body import Body, Key
from tailrace.ui.views.charts.clock import say_bucket
from tailrace.ui.views.charts.exact import exact_figure
from tailrace.ui.views.charts.sheets import cell_of, time_cells, titled
from tailrace.ui.views.charts.text import one_line
from tailrace.ui.views.charts.tones import colour_of
from tailrace.ui.views.charts.values import Figure, Pick, Sheet

_BIG, _BIGGER = 22, 32
_TALL = 96  # pixels from which on the line stands below the figure
_SPARK_WIDE, _SPARK_HIGH = 64, 24
_SPARK_LEAST = 34
_GAP = 12
_ARROW = 12
_SAME = 0.0005  # less is no change


class Trend:
    """How a figure has changed since the period before: its arrow, its words and whether that is good."""

    def __init__(self, figure: Figure) -> None:
        now, former = figure.value if math.isnan(figure.now) else figure.now, figure.former
        self.words, self.up, self.tone = "", False, "dim"
        if not (math.isfinite(now) and math.isfinite(former)):
            return
        change = now - former
        if figure.unit is Unit.SHARE:
            size, self.words = abs(change), f"{abs(change) * 100:.1f} pt"
        elif former == 0:
            size, self.words = abs(change), "new"
        else:
            size = abs(change / former)
            self.words = f"{size:.1%}" if size < 0.1 else f"{size:.0%}" if size < 10 else f"×{now / former:,.0f}"
        self.up = change > 0
        if size < _SAME:
            self.words = "unchanged"
            self.still = True
            return
        self.still = False
        if figure.better is not Better.NEITHER:
            self.tone = "ok" if self.up == (figure.better is Better.MORE) else "err"

    still = True


class NumberBody(Body):
    """Shows a Figure; the card says its title."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._figure: Figure | None = None
        self._cross: int | None = None
        self._cursor: int | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_content(self, content: object) -> None:
        """Show a Figure."""
        if not isinstance(content, Figure):
            raise TypeError(f"a number cannot show {type(content).__name__}")
        self._figure = content
        self.update()

    def show_crosshair(self, time_ns: int | None) -> None:
        """A dot on the small line."""
        if time_ns != self._cross:
            self._cross = time_ns
            self.update()

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the figure, what is said of it, its line."""
        with QPainter(self) as painter:
            self._paint(painter, self._pointed())

    def paint_on(self, painter: QPainter, box: QRectF) -> None:
        """Without the dot on the line."""
        painter.save()
        painter.translate(box.topLeft())
        self._paint(painter, None)
        painter.restore()

    def _paint(self, painter: QPainter, pointed: int | None) -> None:
        figure, theme = self._figure, tokens(self)
        if figure is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tall = self.height() >= _TALL
        big = ui_font(_BIGGER if tall else _BIG, QFont.Weight.DemiBold)
        painter.setFont(big)
        painter.setPen(QColor(theme.text if math.isfinite(figure.value) else theme.faint))
        words = format_figure(figure.value, figure.unit, figure.estimated)
        metrics = QFontMetrics(big)
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.width())
        base = float(metrics.capHeight() + 10) if tall else (self.height() + metrics.capHeight()) / 2
        painter.drawText(QPointF(0, base), words)
        left, right = float(metrics.horizontalAdvance(words) + _GAP), float(self.width())
        trend = Trend(figure)
        if figure.spark is not None and np.isfinite(figure.spark).any():
            if tall:
                top = base + 16
                self._paint_spark(painter, QRectF(0, top, right, self.height() - top - 6), pointed)
            else:
                wide = min(_SPARK_WIDE, right - left - (self._trend_width(trend) + _GAP if trend.words else 0))
                if wide >= _SPARK_LEAST:
                    box = QRectF(right - wide, base - _SPARK_HIGH + 3, wide, _SPARK_HIGH)
                    self._paint_spark(painter, box, pointed)
                    right -= wide + _GAP
        self._paint_trend(painter, trend, left, right, base)

    @staticmethod
    def _trend_width(trend: Trend) -> float:
        wide = QFontMetrics(ui_font(12)).horizontalAdvance(trend.words) + 1
        return 0.0 if not trend.words else wide if trend.still else wide + _ARROW

    def _paint_trend(self, painter: QPainter, trend: Trend, left: float, right: float, base: float) -> None:
        """Where there is room for all of it."""
        if not trend.words or self._trend_width(trend) > right - left:
            return
        colour = colour_of(tokens(self), trend.tone)
        if not trend.still:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            tip_y, foot_y = (base - 8.5, base - 1) if trend.up else (base - 1, base - 8.5)
            painter.drawPolygon(QPolygonF([QPointF(left, foot_y), QPointF(left + 8, foot_y), QPointF(left + 4, tip_y)]))
            left += _ARROW
        painter.setFont(ui_font(12))
        painter.setPen(colour)
        painter.drawText(QPointF(left, base), trend.words)

    def _paint_spark(self, painter: QPainter, box: QRectF, pointed: int | None) -> None:
        figure = self._figure
        assert figure is not None
        assert figure.spark is not None
        values = np.asarray(figure.spark, np.float64)
        known = np.isfinite(values)
        low, high = float(values[known].min()), float(values[known].max())
        span = high - low
        x = box.left() + (np.arange(values.size) + 0.5) / values.size * box.width()
        with np.errstate(invalid="ignore"):
            y = box.bottom() - ((values - low) / span if span > 0 else values * 0 + 0.5) * box.height()
        theme = tokens(self)
        colour = colour_of(theme, "series:0")
        pen = QPen(colour, 1.6)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        line: list[QPointF] = []
        for place in range(values.size + 1):
            if place < values.size and known[place]:
                line.append(QPointF(float(x[place]), float(y[place])))
            elif line:
                painter.setPen(pen)
                if len(line) > 1:
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawPolyline(QPolygonF(line))
                else:
                    painter.drawPoint(line[0])
                line = []
        if pointed is not None and pointed < values.size and known[pointed]:
            painter.setPen(QPen(QColor(theme.panel), 1.5))
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(float(x[pointed]), float(y[pointed])), 3.4, 3.4)

    def _pointed(self) -> int | None:
        figure = self._figure
        if self._cursor is not None or figure is None or figure.buckets is None or self._cross is None:
            return self._cursor
        edges = figure.buckets.edges
        place = int(np.searchsorted(np.array(edges, np.int64), self._cross, side="right")) - 1
        return place if 0 <= place < len(edges) - 1 else None

    # ---- mouse and keys ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: the release opens."""
        event.setAccepted(event.button() is Qt.MouseButton.LeftButton)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: open what the figure counts."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self._pick())

    def event(self, event: QEvent) -> bool:
        """Qt: the exact figure, and that of the period before, as a tooltip."""
        if event.type() is QEvent.Type.ToolTip and self._figure is not None:
            QToolTip.showText(event.globalPos(), tip(self._said()), self)  # type: ignore[attr-defined]
            return True
        return super().event(event)

    def _said(self) -> str:
        figure = self._figure
        if figure is None:
            return ""
        lines = [exact_figure(figure.value, figure.unit) if math.isfinite(figure.value) else "unknown"]
        if math.isfinite(figure.now):
            lines.append(f"{exact_figure(figure.now, figure.unit)} in {figure.now_words}")
        if math.isfinite(figure.former):
            lines.append(f"{exact_figure(figure.former, figure.unit)} in {figure.former_words}")
        return "\n".join(lines)

    def move_cursor(self, key: Qt.Key) -> bool:
        """Along the small line."""
        figure = self._figure
        if figure is None or figure.spark is None or figure.buckets is None or not len(figure.buckets):
            return False
        last = min(len(figure.buckets), figure.spark.size) - 1
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._cursor = 0 if key is Qt.Key.Key_Home else last
        elif key in moves:
            start = self._pointed()
            start = start if start is not None else -1 if moves[key] > 0 else last + 1
            self._cursor = max(0, min(last, start + moves[key]))
        else:
            return False
        edges = figure.buckets.edges
        self.hovered.emit((edges[self._cursor] + edges[self._cursor + 1]) // 2)
        self.cursor_moved.emit()
        self.update()
        return True

    def cursor_words(self) -> str:
        """The bucket that the keys point at."""
        figure = self._figure
        if self._cursor is None or figure is None or figure.buckets is None or figure.spark is None:
            return ""
        edges = figure.buckets.edges
        figure_words = exact_figure(float(figure.spark[self._cursor]), figure.unit)
        return f"{say_bucket(edges[self._cursor], edges[self._cursor + 1])}, {figure_words}"

    def cursor_pick(self) -> Pick | None:
        """The bucket that the keys point at, else all of it."""
        figure = self._figure
        if figure is None:
            return None
        if self._cursor is None or figure.buckets is None:
            return self._pick()
        edges = figure.buckets.edges
        return Pick(edges[self._cursor], edges[self._cursor + 1], measure=figure.measure)

    def pick_at(self, point: QPointF) -> Pick | None:
        """All that it counts."""
        return self._pick()

    def _pick(self) -> Pick:
        return Pick(measure=self._figure.measure if self._figure is not None else "")

    def clear_cursor(self) -> None:
        """The keys point at nothing."""
        if self._cursor is not None:
            self._cursor = None
            self.hovered.emit(None)
            self.cursor_moved.emit()
            self.update()

    def cursor_point(self) -> QPoint:
        """Below the figure."""
        return QPoint(20, self.height() - 4)

    # ---- what it says ----

    def legend(self) -> tuple[Key, ...]:
        """Whether it is healthy."""
        health = self._figure.health if self._figure is not None else None
        return () if health is None else (Key(one_line(health.word), health.tone, "dot"),)

    def remark(self) -> str:
        """What there is to note."""
        return one_line(self._figure.note) if self._figure is not None else ""

    def remark_tone(self) -> str:
        """As the note was given."""
        return self._figure.note_tone if self._figure is not None else "faint"

    def describe(self) -> str:
        """The figure, how it changed, how it is."""
        figure = self._figure
        if figure is None:
            return ""
        trend = Trend(figure)
        parts = [exact_figure(figure.value, figure.unit) if math.isfinite(figure.value) else "unknown"]
        if trend.words:
            way = "" if trend.still else "up " if trend.up else "down "
            parts.append(f"{way}{trend.words} against {figure.former_words}")
        if figure.health is not None:
            parts.append(one_line(figure.health.word))
        if figure.note:
            parts.append(one_line(figure.note))
        return ", ".join(parts)

    def sheet(self) -> Sheet:
        """The figure and the one before; then a row a bucket of the small line."""
        figure = self._figure
        if figure is None:
            return Sheet((), ())
        rows: list[tuple[str | float | int | None, ...]] = [("", "", cell_of(figure.value))]
        if figure.spark is not None and figure.buckets is not None:
            times = time_cells(figure.buckets.edges)
            rows += [(*when, cell_of(float(value))) for when, value in zip(times, figure.spark, strict=False)]
        return Sheet(("from", "to", titled(figure.title, figure.unit)), tuple(rows))
