"""What is drawn over time: bars, layers and lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from tailrace.ui.views.charts.plotting import Drawn, pixels_x, pixels_y
from tailrace.ui.views.charts.stacking import Stack
from tailrace.ui.views.controls import mixed

_GAP_FROM, _WIDE_GAP_FROM = 4, 11  # pixels of a bucket from which on bars stand apart by one and by two
_LAYER = 0.72  # of a layer's colour over the ground


class Bars(Drawn):
    """Stacked bars, one a bucket, in whole pixels so that all are equally sharp."""

    def __init__(self, edges: NDArray[np.float64], stack: Stack, colours: Sequence[QColor]) -> None:
        super().__init__()
        self._edges, self._stack, self._colours = edges, stack, colours

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """Qt coordinates: up is less."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        x = np.round(pixels_x(transform, self._edges))
        wide = np.diff(x)
        gaps = np.where(wide >= _WIDE_GAP_FROM, 2, np.where(wide >= _GAP_FROM, 1, 0))
        left, wide = x[:-1] + (gaps > 1), np.maximum(wide - gaps, 1)
        bounds = painter.clipBoundingRect()
        seen = (left <= bounds.right()) & (left + wide >= bounds.left()) if not bounds.isNull() else np.True_
        for bottom, top, colour in zip(self._stack.bottoms, self._stack.tops, self._colours, strict=True):
            there = np.flatnonzero(seen & np.isfinite(top) & (top != bottom))
            begin, end = np.round(pixels_y(transform, bottom[there])), np.round(pixels_y(transform, top[there]))
            up = np.where(top[there] > bottom[there], np.minimum(end, begin - 1), end)
            upper, lower = np.minimum(begin, up), np.maximum(np.maximum(begin, up), np.minimum(begin, up) + 1)
            painter.setBrush(colour)
            painter.drawRects(
                [QRectF(*box) for box in zip(left[there], upper, wide[there], lower - upper, strict=True)]
            )


class Layers(Drawn):
    """Stacked areas through the middles of the buckets; each run of known buckets begins and ends at its edges."""

    def __init__(
        self, edges: NDArray[np.float64], stack: Stack, colours: Sequence[QColor], ground: str
    ) -> None:  # fmt: skip
        super().__init__()
        self._edges, self._stack, self._colours = edges, stack, colours
        self._fills = [mixed(colour.name(), ground, _LAYER) for colour in colours]

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """The first layer lowest, each with its upper edge as a line that also makes the edge smooth."""
        middles = (self._edges[:-1] + self._edges[1:]) / 2
        layers = zip(self._stack.bottoms, self._stack.tops, self._fills, self._colours, strict=True)
        edges: list[tuple[QPainterPath, QColor]] = []
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for bottom, top, fill, colour in layers:
            for first, last in runs(self._stack.known):
                if (top[first:last] == bottom[first:last]).all():
                    continue
                x = np.concatenate((self._edges[first : first + 1], middles[first:last], self._edges[last : last + 1]))
                x = pixels_x(transform, x)
                upper = pixels_y(transform, _held(top[first:last]))
                lower = pixels_y(transform, _held(bottom[first:last]))
                outline = np.concatenate((x, x[::-1])), np.concatenate((upper, lower[::-1]))
                painter.fillPath(pg.functions.arrayToQPath(*outline), fill)
                edges.append((pg.functions.arrayToQPath(x, upper), colour))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for edge, colour in edges:
            painter.setPen(QPen(colour, 1.4))
            painter.drawPath(edge)


class Line(Drawn):
    """A line with a gap wherever a figure is unknown; a lone figure, which no line would show, is a dot."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64], pen: QPen) -> None:
        super().__init__()
        self._x, self._y, self._pen = x, np.where(np.isfinite(y), y, np.nan), pen
        self._alone = lone_points(y)

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """One path, so that a vector file has one line."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = pixels_x(transform, self._x), pixels_y(transform, self._y)
        painter.setPen(self._pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(pg.functions.arrayToQPath(x, y, connect="finite"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._pen.color())
        for place in np.flatnonzero(self._alone):
            painter.drawEllipse(QPointF(x[place], y[place]), 2.4, 2.4)


def lone_points(y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which figures are known without a known neighbour."""
    known = np.concatenate(([False], np.isfinite(y), [False]))
    alone: NDArray[np.bool_] = known[1:-1] & ~known[:-2] & ~known[2:]
    return alone


def runs(known: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The half-open ranges of places where all is known."""
    steps = np.flatnonzero(np.diff(np.concatenate(([0], known.astype(np.int8), [0]))))
    return [(int(first), int(last)) for first, last in steps.reshape(-1, 2)]


def _held(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate((values[:1], values, values[-1:]))
