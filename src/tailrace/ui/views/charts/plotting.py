"""The plotting library as charts use it: configured once, without its own menus, mouse, colours and axes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import QGraphicsView, QWidget

from tailrace.ui.theme import tokens

pg.setConfigOptions(antialias=True, exitCleanup=False, useOpenGL=False)

_FAR = 50.0  # times the height of the plot


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a plot is in pixels (`box`) and what it shows there: [left, right) across, [low, high] up. Data is put on a
    scale of 0 to 1 up first (`heights`): the library cannot deal with all numbers that files may hold."""

    box: QRectF
    left: float = 0.0
    right: float = 1.0
    low: float = 0.0
    high: float = 1.0

    def x(self, value: float) -> float:
        """The pixel of a value across."""
        return self.box.left() + (value - self.left) / (self.right - self.left) * self.box.width()

    def y(self, value: float) -> float:
        """The pixel of a value up."""
        share = (value - self.low) / (self.high - self.low)
        return self.box.bottom() - max(-_FAR, min(_FAR, share)) * self.box.height()

    def heights(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values as shares of the way up; NaN where unknown."""
        return shares(values, self.low, self.high)

    def across(self, pixel: float) -> float:
        """The value across at a pixel."""
        return self.left + (pixel - self.box.left()) / max(self.box.width(), 1e-9) * (self.right - self.left)

    def up(self, pixel: float) -> float:
        """The value up at a pixel."""
        return self.low + (self.box.bottom() - pixel) / max(self.box.height(), 1e-9) * (self.high - self.low)


class PlotView(pg.GraphicsView):
    """A scene with one field of data, painted between what `under` and `over` paint, all kept as a picture until
    `invalidate`; `pointer` paints on top of it at every move. It takes no mouse: its parent does."""

    def __init__(
        self,
        parent: QWidget,
        under: Callable[[QPainter], None],
        over: Callable[[QPainter], None],
        pointer: Callable[[QPainter], None],
    ) -> None:
        self._picture: QPixmap | None = None
        super().__init__(parent, useOpenGL=False, background=None)  # type: ignore[no-untyped-call]
        self._layers = (under, over, pointer)
        self.setCentralItem(None)  # type: ignore[no-untyped-call]
        self.field = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self.field.disableAutoRange()
        self.addItem(self.field)  # type: ignore[no-untyped-call]
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self.setInteractive(False)
        self.viewport().setAutoFillBackground(False)

    def fit(self, frame: Frame, unit_x: bool) -> None:
        """Put the field where the frame says, showing what it says; with `unit_x` a scale of 0 to 1 across as well."""
        self.field.setGeometry(frame.box)
        self.field.setRange(
            xRange=(0, 1) if unit_x else (frame.left, frame.right), yRange=(0, 1), padding=0, disableAutoRange=False
        )
        self.invalidate()

    def invalidate(self) -> None:
        """Something of the picture has changed."""
        self._picture = None
        self.viewport().update()

    def paint_layers(self, painter: QPainter) -> None:
        """All but the pointer, with the view's corner at the painter's origin."""
        under, over, _ = self._layers
        under(painter)
        painter.save()
        box = QRectF(self.rect())
        self.sceneObj.prepareForPaint()
        # the field paints its outline with whatever brush there is
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setClipRect(self.field.sceneBoundingRect())
        self.scene().render(painter, box, box)
        painter.restore()
        over(painter)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the kept picture, and the pointer on it."""
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(QColor(tokens(self).panel))  # an opaque picture is painted and shown twice as fast
            with QPainter(picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self.paint_layers(painter)
            self._picture = picture
        with QPainter(self.viewport()) as painter:
            painter.drawPixmap(0, 0, self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._layers[2](painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another size, another picture."""
        super().resizeEvent(event)  # type: ignore[no-untyped-call]
        self._picture = None


class Drawn(pg.GraphicsObject):
    """Data drawn in whole pixels."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def boundingRect(self) -> QRectF:
        """Qt: all of the field, whatever it shows."""
        box = self.getViewBox()  # type: ignore[no-untyped-call]
        return QRectF() if box is None else box.viewRect()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Qt: in pixels, not in the units of the data."""
        transform = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        try:
            with np.errstate(all="ignore"):
                self.draw(painter, transform)
        finally:
            painter.restore()

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """Draw with the transform from data to pixels."""

    def viewTransformChanged(self) -> None:
        """pyqtgraph: another range, another rectangle."""
        self.prepareGeometryChange()


def shares(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """Values as shares of the way from `low` to `high`, those far outside not quite as far; NaN where unknown."""
    with np.errstate(all="ignore"):
        made = (np.asarray(values, np.float64) - low) / (high - low)
    return np.where(np.isfinite(values), np.clip(made, -_FAR, _FAR), np.nan)


def pixels_x(transform: QTransform, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values across as pixels; fields are never turned."""
    return values * transform.m11() + transform.dx()


def pixels_y(transform: QTransform, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values up as pixels."""
    return values * transform.m22() + transform.dy()


def apart(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges that can be drawn: where all values are the same there is room around them."""
    low, high = float(edges[0]), float(edges[-1])
    if high - low > 1e-12 * max(abs(low), abs(high)):
        return np.asarray(edges, np.float64)
    room = 0.05 * abs(low) or 0.5
    return np.linspace(low - room, low + room, len(edges))
