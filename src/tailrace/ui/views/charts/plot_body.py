"""What plots have in common: axes, a grid, the crosshair, drags, the wheel, the hint beside the pointer."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.charts.body import Body
from tailrace.ui.views.charts.gestures import Gestures
from tailrace.ui.views.charts.hint import Hint, HintBox
from tailrace.ui.views.charts.plotting import Frame, PlotView

LABEL = 11  # pixels of the axes' font
_BELOW, _ABOVE, _GUTTER = 18, 4, 8
_TICK_ROOM = 44  # pixels up from one tick to the next


@dataclass(frozen=True, slots=True)
class AxisTick:
    """A value with its label; `strong` where something begins, as a day."""

    value: float
    label: str
    strong: bool = False


class PlotBody(Body):
    """A plot of what a subclass puts into `view.field`: heights from 0 to 1, across what `ranges` says, with `UNIT_X`
    from 0 to 1 as well."""

    UNIT_X = False

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.frame = Frame(QRectF(0, 0, 1, 1))
        self.view = PlotView(self, self._paint_under, self._paint_over, self._paint_pointer)
        self.gestures = Gestures(self)
        self.gestures.clicked.connect(self._click)
        self.gestures.doubled.connect(self._double)
        self.gestures.dragged.connect(self._drag)
        self.gestures.dropped.connect(self._drop)
        self.gestures.turned.connect(self._turn)
        self.gestures.shifted.connect(self._shift)
        self.gestures.rested.connect(self._rest)
        self._filled_for: tuple[float, float] | None = None
        self.pointer: QPointF | None = None
        self.rubber: QRectF | None = None
        self._box: HintBox | None = None
        self.setCursor(Qt.CursorShape.CrossCursor)

    # ---- what each plot says of itself ----

    def value_ticks(self, count: int) -> tuple[AxisTick, ...]:
        """About so many ticks up the left side."""
        return ()

    def other_ticks(self, count: int) -> tuple[AxisTick, ...]:
        """The ticks up the right side, where there is a second scale."""
        return ()

    def across_ticks(self, width: float) -> tuple[AxisTick, ...]:
        """Ticks below."""
        return ()

    def ranges(self) -> tuple[float, float, float, float]:
        """What is shown: left, right, low, high."""
        return 0.0, 1.0, 0.0, 1.0

    def fill(self) -> None:
        """Put the data into `view.field`."""

    def hint_at(self, point: QPointF) -> Hint | None:
        """What is at a point."""
        return None

    def rubber_for(self, begin: QPointF, end: QPointF, shift: bool) -> QRectF:
        """The area that a drag stands for, in whole steps."""
        return QRectF(begin, end).normalized()

    def paint_under(self, painter: QPainter) -> None:
        """Paint below the data."""

    def paint_over(self, painter: QPainter) -> None:
        """Paint on the data."""

    def paint_cross(self, painter: QPainter) -> None:
        """Paint the crosshair and what it points at."""

    def click(self, point: QPointF) -> None:
        """A point was clicked."""

    def drop(self, begin: QPointF, end: QPointF, shift: bool) -> None:
        """A drag has ended."""

    def turn(self, point: QPointF, notches: float) -> None:
        """The wheel zooms."""

    def shift(self, notches: float) -> None:
        """The wheel moves."""

    def rest(self) -> None:
        """The wheel has stopped."""

    def hover(self, point: QPointF | None) -> None:
        """The pointer is elsewhere."""

    # ---- where things are ----

    def lay_out(self) -> None:
        """Axes and field by the size and the values there are."""
        metrics = QFontMetrics(ui_font(LABEL))
        high = max(1, self.height() - _BELOW - _ABOVE)
        count = max(2, round(high / _TICK_ROOM))
        self._ticks, self._other = self.value_ticks(count), self.other_ticks(count)
        left = max((metrics.horizontalAdvance(tick.label) for tick in self._ticks), default=-_GUTTER) + _GUTTER
        right = max((metrics.horizontalAdvance(tick.label) for tick in self._other), default=-_GUTTER) + _GUTTER
        wide = max(1.0, self.width() - left - right)
        self.frame = Frame(QRectF(left, _ABOVE, wide, high), *self.ranges())
        self._across = self.across_ticks(wide)
        if self._filled_for != (self.frame.low, self.frame.high):
            self.refill()
        self.view.fit(self.frame, self.UNIT_X)

    def refill(self) -> None:
        """Put the data into the field anew, by the frame and the theme in force."""
        self._filled_for = self.frame.low, self.frame.high
        self.view.field.clear()
        self.fill()
        self.view.invalidate()

    def show_all(self) -> None:
        """Lay out and draw other data."""
        self._filled_for = None
        self.lay_out()

    def dress(self) -> None:
        """Other colours."""
        self.refill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: as large as the room."""
        super().resizeEvent(event)
        self.view.setGeometry(self.rect())
        self.lay_out()

    def paint_on(self, painter: QPainter, box: QRectF) -> None:
        """Lines as lines, words as words."""
        painter.save()
        painter.translate(box.topLeft())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.view.paint_layers(painter)
        painter.restore()

    # ---- painting ----

    def _paint_under(self, painter: QPainter) -> None:
        theme, box = tokens(self), self.frame.box
        self.paint_under(painter)
        painter.setFont(ui_font(LABEL))
        metrics = painter.fontMetrics()
        side = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for tick in self._ticks:
            y = round(self.frame.y(tick.value))
            painter.setPen(QColor(theme.line))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(QColor(theme.faint))
            room = QRectF(0, y - 8, box.left() - _GUTTER, 16)
            painter.drawText(room, side | int(Qt.AlignmentFlag.AlignRight), tick.label)
        for tick in self._other:
            painter.setPen(QColor(theme.faint))
            room = QRectF(box.right() + _GUTTER, self.frame.y(tick.value) - 8, 200, 16)
            painter.drawText(room, side | int(Qt.AlignmentFlag.AlignLeft), tick.label)
        taken = -1e9
        for tick in self._across:
            x, wide = self.frame.x(tick.value), metrics.horizontalAdvance(tick.label)
            begin = min(max(x - wide / 2, box.left() - _GUTTER), max(self.width() - wide, 0))
            if begin < taken:
                continue
            taken = begin + wide + 10
            painter.setPen(QColor(theme.dim if tick.strong else theme.faint))
            painter.drawText(QRectF(begin, box.bottom() + 4, wide, 14), side, tick.label)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_over(self, painter: QPainter) -> None:
        self.paint_over(painter)

    def _paint_pointer(self, painter: QPainter) -> None:
        if self.rubber is None:
            self.paint_cross(painter)
            return
        draw_rubber(painter, self, self.rubber)

    # ---- the mouse ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: perhaps a click, perhaps a drag; the card takes the focus."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.gestures.press(event)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: hover or drag."""
        self._point_at(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.gestures.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: the end of a click or drag."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.gestures.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: back to all."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.gestures.double()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: with Ctrl or Shift ours, else of the page."""
        event.setAccepted(self.gestures.wheel(event))

    def leaveEvent(self, event: QEvent) -> None:
        """Qt: the pointer has gone."""
        super().leaveEvent(event)
        self._point_at(None)

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt: nothing is pointed at any more."""
        super().hideEvent(event)
        self.hide_hint()

    def _point_at(self, point: QPointF | None) -> None:
        self.pointer = point
        self.hover(point)
        hint = None if point is None or self.rubber is not None else self.hint_at(point)
        if hint is None or point is None:
            self.hide_hint()
        else:
            self.show_hint(hint, point.toPoint())
        self.view.viewport().update()

    def _click(self, point: QPointF) -> None:
        self.view.viewport().update()
        self.click(point)

    def _double(self) -> None:
        self.rubber = None
        self.reset.emit()

    def _drag(self, begin: QPointF, end: QPointF, shift: bool) -> None:
        self.rubber = self.rubber_for(begin, end, shift)
        self.hide_hint()
        self.view.viewport().update()

    def _drop(self, begin: QPointF, end: QPointF, shift: bool) -> None:
        self.rubber = None
        self.view.viewport().update()
        self.drop(begin, end, shift)

    def _turn(self, point: QPointF, notches: float) -> None:
        self.turn(point, notches)

    def _shift(self, notches: float) -> None:
        self.shift(notches)

    def _rest(self) -> None:
        self.rest()

    # ---- keys and hints ----

    def give_up(self) -> bool:
        """The rubber band goes; nothing is zoomed or selected."""
        under_way = self.gestures.dragging
        self.gestures.cancel()
        self.rubber = None
        self.view.viewport().update()
        return under_way

    def clear_cursor(self) -> None:
        """A drag, a click that waits, the hint: all ends."""
        self.give_up()
        self.hide_hint()
        self.view.viewport().update()

    def show_hint(self, hint: Hint, point: QPoint) -> None:
        """Show a hint beside a point of the plot."""
        window = self.window()
        if self._box is not None and isValid(self._box) and self._box.parentWidget() is not window:
            self._box.deleteLater()
            self._box = None
        if self._box is None or not isValid(self._box):
            self._box = HintBox(window)
            self.destroyed.connect(self._box.deleteLater)
        self._box.show_at(hint, self.mapTo(window, point))

    def hide_hint(self) -> None:
        """Nothing is pointed at."""
        if self._box is not None and isValid(self._box):
            self._box.hide()


def sharp(pixel: float) -> float:
    """Where a line of one pixel does not lie across two."""
    return round(pixel - 0.5) + 0.5


def draw_label(painter: QPainter, widget: QWidget, room: QRectF, words: str, colour: QColor) -> None:
    """Words that stand on data: what is below them is dimmed, so that they can be read."""
    ground = QColor(tokens(widget).panel)
    ground.setAlpha(205)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(room.adjusted(-3, 0, 3, 0), 3, 3)
    painter.setPen(colour)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
    painter.drawText(room, int(flags), words)


def draw_rubber(painter: QPainter, widget: QWidget, area: QRectF) -> None:
    """An area that is selected, or about to be."""
    theme = tokens(widget)
    fill = QColor(theme.accent)
    fill.setAlpha(26)
    painter.fillRect(area.toAlignedRect(), fill)
    pen = QPen(QColor(theme.text), 1)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
