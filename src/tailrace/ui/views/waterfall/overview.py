"""The overview strip: the whole trace in small with a frame around what is visible, and the summary beside it."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from tailrace.model.tree import KINDS
from tailrace.ui.views.spoken import Role
from tailrace.ui.views.waterfall.hints import SUMMARY_HELP
from tailrace.ui.views.waterfall.layout import MARGIN, OVERVIEW, Geometry
from tailrace.ui.views.waterfall.paint import Style
from tailrace.ui.views.waterfall.scene import Scene

_TOP = 4
_PITCH = 2.2
_EDGE = 5
_STRETCHED = 5_000
_DIMMED = 0.25
_ERROR = len(KINDS)


def raster(
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    colour: NDArray[np.int8],
    whole: int,
    lanes: int,
    width: int,
    only: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Bars of n spans, in row order, on `lanes` x `width` cells: which colour covers each cell most (-1 for none) and
    how much of the lane's spans cover it (0 to 1). With `only`, other spans cover nothing. Cost grows with cells and
    spans, not with the length of bars."""
    n = len(begin)
    shades = int(colour.max(initial=0)) + 1
    lane = np.arange(n, dtype=np.int64) * lanes // max(n, 1)
    # as floats: a product of two large integers would overflow
    left = (begin.astype(np.float64) * (width - 1) / whole).astype(np.int64)
    right = (end.astype(np.float64) * (width - 1) / whole).astype(np.int64) + 1
    cell = (colour.astype(np.int64) * lanes + lane) * (width + 1)
    per_lane = np.maximum(np.bincount(lane, minlength=lanes), 1)[:, None]
    if only is not None:
        left, right, cell = left[only], right[only], cell[only]
    size = shades * lanes * (width + 1)
    change = np.bincount(cell + left, minlength=size) - np.bincount(cell + right, minlength=size)
    cover = np.cumsum(change.reshape(shades, lanes, width + 1), axis=2)[:, :, :width]
    most = cover.argmax(axis=0)
    total = cover.sum(axis=0)
    return np.where(total > 0, most, -1), total / per_lane


def picture(scene: Scene, style: Style, width: int) -> QImage:
    """The strip's image, `width` x OVERVIEW logical pixels, transparent where there is nothing."""
    ratio = style.ratio
    wide, high = max(1, round(width * ratio)), round(OVERVIEW * ratio)
    room = round((OVERVIEW - 2 * _TOP) * ratio)
    n = len(scene.tree)
    lanes = max(1, min(n, int(room / (_PITCH * ratio)) if n <= room / (_PITCH * ratio) else room))
    colour = np.where(scene.errors, _ERROR, scene.tree.kind).astype(np.int8)
    most, share = raster(scene.begin, scene.end, colour, scene.limit, lanes, wide)
    shades = [*style.kinds, style.err]
    alpha = np.where(most < 0, 0.0, np.clip(0.7 + 0.3 * share, 0, 1))
    if scene.found is not None:
        found, _ = raster(scene.begin, scene.end, colour, scene.limit, lanes, wide, scene.found)
        most = np.where(found >= 0, found, most)
        alpha = np.where(found >= 0, 1.0, alpha * _DIMMED)
    table = np.array([[c.blue(), c.green(), c.red()] for c in shades], np.float64)[most]
    cells = np.empty((lanes, wide, 4), np.uint8)
    cells[..., :3] = table * alpha[..., None]
    cells[..., 3] = 255 * alpha
    pixels = np.zeros((high, wide, 4), np.uint8)
    offset = round(_TOP * ratio)
    if lanes < room:
        pitch = min(_PITCH * ratio, room / lanes)
        thick = max(1, round(2 * ratio))
        for lane in range(lanes):
            y = offset + round(lane * pitch)
            pixels[y : y + thick] = cells[lane]
    else:
        pixels[offset : offset + lanes] = cells
    made = QImage(pixels.data, wide, high, 4 * wide, QImage.Format.Format_ARGB32_Premultiplied).copy()
    made.setDevicePixelRatio(ratio)
    return made


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    # by identity: comparing arrays would compare their elements
    return len(one) == len(other) and all(
        a is b or (isinstance(a, int) and a == b) for a, b in zip(one, other, strict=True)
    )


class Overview(QWidget):
    """Draws summary, picture and frame. Dragging inside the frame moves it, dragging its edges resizes it, dragging
    elsewhere draws a new one; a double click shows the whole trace."""

    SPOKEN_AS = Role.Graphic
    reframed = Signal(object, object)  # low, high in shown time
    reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(OVERVIEW)
        self.setMouseTracking(True)
        self.setAccessibleName("Overview of the trace")
        self._scene: Scene | None = None
        self._geometry: Geometry | None = None
        self._style: Style | None = None
        self._lines: tuple[str, ...] = ()
        self._image: QImage | None = None
        self._image_of: tuple[object, ...] = ()
        # while a large trace's strip changes width its picture is stretched, and made again when that has ended
        self._stretches = False
        self._sharpen = QTimer(self)
        self._sharpen.setSingleShot(True)
        self._sharpen.setInterval(80)
        self._sharpen.timeout.connect(self._make_sharp)
        self._drag: tuple[str, int, int, int] | None = None  # what, x, low, high at the press

    def show_scene(self, scene: Scene | None, geometry: Geometry, style: Style, lines: tuple[str, ...]) -> None:
        """Draw this from now on; the picture is made again only when it would differ."""
        self._scene, self._geometry, self._style, self._lines = scene, geometry, style, lines
        self.setAccessibleDescription(". ".join(lines))
        self.update()

    def _make_sharp(self) -> None:
        self._stretches = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        scene, geometry, style = self._scene, self._geometry, self._style
        if geometry is None or style is None:
            return
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), style.panel)
            painter.fillRect(0, OVERVIEW - 1, self.width(), 1, style.line)
            if scene is None:
                return
            painter.setFont(style.small.font)
            for i, text in enumerate(self._lines):
                painter.setPen(style.dim if i == 0 else style.faint)
                cut, _ = style.small.cut(text, max(geometry.bars - 2 * MARGIN, 20))
                painter.drawText(MARGIN, 15 + 14 * i, cut)
            image_of = (scene, scene.axis, scene.found, style, geometry.span)
            if self._image is None or not _same(self._image_of, image_of):
                if self._image is not None and self._stretches and _same(self._image_of[:-1], image_of[:-1]):
                    self._sharpen.start()
                else:
                    self._image, self._image_of = picture(scene, style, geometry.span), image_of
                    self._stretches = len(scene.tree) > _STRETCHED
            painter.drawImage(QRectF(geometry.left, 0, geometry.span, OVERVIEW), self._image)
            if not scene.shows_all or (self._drag and self._drag[0] == "new"):
                self._paint_frame(painter, scene, geometry, style)

    def _paint_frame(self, painter: QPainter, scene: Scene, geometry: Geometry, style: Style) -> None:
        begin, end = self._frame(scene, geometry)
        veil = QColor(style.panel)
        veil.setAlpha(170)
        painter.fillRect(QRectF(geometry.bars, 0, begin - geometry.bars, OVERVIEW - 1), veil)
        painter.fillRect(QRectF(end, 0, geometry.width - end, OVERVIEW - 1), veil)
        tint = QColor(style.accent)
        tint.setAlpha(28)
        painter.fillRect(QRectF(begin, 0, end - begin, OVERVIEW - 1), tint)
        for x in (begin, end - 1):
            painter.fillRect(QRectF(round(x), 0, 1, OVERVIEW - 1), style.accent)
            painter.fillRect(QRectF(round(x) - 1, OVERVIEW / 2 - 7, 3, 13), style.accent)

    @staticmethod
    def _frame(scene: Scene, geometry: Geometry) -> tuple[float, float]:
        scale = geometry.span / scene.limit
        begin = geometry.left + scene.window.low * scale
        return begin, max(geometry.left + scene.window.high * scale, begin + 3)

    def _part_at(self, x: float) -> str:
        """What a press at x would do: left, right, move, new or nothing."""
        scene, geometry = self._scene, self._geometry
        if scene is None or geometry is None or x < geometry.bars:
            return ""
        if scene.shows_all:
            return "new"
        begin, end = self._frame(scene, geometry)
        if abs(x - begin) <= _EDGE and abs(x - begin) <= abs(x - end):
            return "left"
        if abs(x - end) <= _EDGE:
            return "right"
        return "move" if begin < x < end else "new"

    def _time(self, x: float) -> int:
        scene, geometry = cast("Scene", self._scene), cast("Geometry", self._geometry)
        return max(0, min((round(x) - geometry.left) * scene.limit // geometry.span, scene.limit))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        part = self._part_at(event.position().x())
        if event.button() != Qt.MouseButton.LeftButton or not part or self._scene is None:
            return
        window = self._scene.window
        self._drag = (part, round(event.position().x()), window.low, window.high)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at: QPointF = event.position()
        if self._drag is None or self._scene is None:
            shapes = {
                "left": Qt.CursorShape.SizeHorCursor,
                "right": Qt.CursorShape.SizeHorCursor,
                "move": Qt.CursorShape.OpenHandCursor,
                "new": Qt.CursorShape.CrossCursor,
            }
            self.setCursor(shapes.get(self._part_at(at.x()), Qt.CursorShape.ArrowCursor))
            return
        part, pressed, low, high = self._drag
        now = self._time(at.x())
        if part == "left":
            self.reframed.emit(min(now, high - 1), high)
        elif part == "right":
            self.reframed.emit(low, max(now, low + 1))
        elif part == "move":
            by = (round(at.x()) - pressed) * self._scene.limit // cast("Geometry", self._geometry).span
            by = max(-low, min(by, self._scene.limit - high))
            self.reframed.emit(low + by, high + by)
        elif abs(at.x() - pressed) > 2:
            start = self._time(pressed)
            self.reframed.emit(min(start, now), max(start, now))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._part_at(event.position().x()):
            self.reset.emit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            beside = self._geometry is not None and event.pos().x() < self._geometry.bars
            QToolTip.showText(event.globalPos(), SUMMARY_HELP if beside and self._lines else "", self)
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.unsetCursor()
