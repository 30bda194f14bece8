"""The time ruler above the rows: headings, ticks, squeezed gaps with what they skip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QBrush, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from tailrace.model.words import format_duration
from tailrace.ui.views.spoken import Role
from tailrace.ui.views.waterfall.axis import Tick, label_tick, ticks
from tailrace.ui.views.waterfall.hints import exact
from tailrace.ui.views.waterfall.layout import MARGIN, RULER, Geometry
from tailrace.ui.views.waterfall.paint import Style
from tailrace.ui.views.waterfall.scene import Scene


def ruler_ticks(scene: Scene, geometry: Geometry, style: Style) -> list[Tick]:
    """The ticks that fit the window at the ruler's font."""
    return ticks(scene.axis, scene.window, geometry.span, style.small.width)


class Ruler(QWidget):
    """Shows what it was last given."""

    SPOKEN_AS = Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(RULER)
        self.setAccessibleName("Time ruler")
        self._pointer: int | None = None
        self._given: tuple[Scene | None, Geometry, Style, list[Tick]] | None = None

    def show_ticks(self, scene: Scene | None, geometry: Geometry, style: Style, made: list[Tick]) -> None:
        """Draw these from now on."""
        self._given = (scene, geometry, style, made)
        self.update()

    def point_at(self, x: int | None) -> None:
        """Say the time at this place; None ends it."""
        if x != self._pointer:
            self._pointer = x
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.hint_at(event.pos().x()), self)
            return True
        return super().event(event)

    def hint_at(self, x: int) -> str:
        """What a squeezed gap at x skips, empty elsewhere."""
        if self._given is None:
            return ""
        scene, geometry, _, _ = self._given
        if scene is None or x < geometry.bars:
            return ""
        shown = geometry.time(scene.window, x)
        for gap in scene.axis.gaps:
            if gap.shown_begin <= shown <= gap.shown_end:
                return f"Idle for {exact(gap.end - gap.begin)} from {format_duration(gap.begin)}; compressed"
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._given is None:
            return
        scene, geometry, style, made = self._given
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), style.panel)
            painter.fillRect(0, RULER - 1, self.width(), 1, style.line)
            if scene is None:
                return
            painter.setFont(style.small.font)
            painter.setPen(style.faint)
            baseline = style.small.baseline - 1
            painter.drawText(MARGIN, baseline, "Span")
            for column, _, right in geometry.column_edges():
                painter.drawText(right - 8 - style.small.width(column.value), baseline, column.value)
            painter.setClipRect(geometry.bars, 0, geometry.width - geometry.bars, RULER)
            taken = self._paint_gaps(painter, scene, geometry, style)
            self._paint_ticks(painter, scene, geometry, style, made, taken)
            if self._pointer is not None:
                self._paint_pointer(painter, scene, geometry, style, self._pointer)

    def _paint_gaps(
        self, painter: QPainter, scene: Scene, geometry: Geometry, style: Style
    ) -> list[tuple[float, float]]:
        """Stripes with the time they skip; returns the places their labels take."""
        taken: list[tuple[float, float]] = []
        # the longest first, so that where room is short it is the longest that say what they skip
        for gap in sorted(scene.axis.gaps, key=lambda gap: gap.begin - gap.end):
            begin, end = geometry.x(scene.window, gap.shown_begin), geometry.x(scene.window, gap.shown_end)
            if end < geometry.bars or begin > geometry.width:
                continue
            painter.fillRect(QRectF(begin, 0, end - begin, RULER - 1), QBrush(style.line2, Qt.BrushStyle.BDiagPattern))
            text = f"+{format_duration(gap.end - gap.begin)}"
            width = style.small.width(text) + 8
            left = (begin + end - width) / 2
            if any(left < b + 2 and left + width + 2 > a for a, b in taken):
                continue
            painter.fillRect(QRectF(left, 3, width, RULER - 7), style.raised)
            painter.setPen(style.warn)
            painter.drawText(QRectF(left, 2, width, RULER - 5), Qt.AlignmentFlag.AlignCenter, text)
            taken.append((left, left + width))
        return taken

    def _paint_ticks(
        self,
        painter: QPainter,
        scene: Scene,
        geometry: Geometry,
        style: Style,
        made: list[Tick],
        taken: list[tuple[float, float]],
    ) -> None:
        edge = float(geometry.bars)
        for tick in made:
            x = geometry.x(scene.window, tick.shown)
            painter.fillRect(QRectF(round(x), RULER - 5, 1, 4), style.line2)
            width = style.small.width(tick.label)
            left = x - width / 2 if x - width / 2 >= geometry.bars + 2 else float(geometry.left)
            crowded = left < edge or left + width > geometry.width
            if not crowded and all(left > b + 2 or left + width + 2 < a for a, b in taken):
                painter.setPen(style.faint)
                painter.drawText(int(left), style.small.baseline - 2, tick.label)
                edge = left + width + 8

    def _paint_pointer(self, painter: QPainter, scene: Scene, geometry: Geometry, style: Style, x: int) -> None:
        """The time under the pointer, as fine as a pixel is."""
        here, beside = (scene.axis.to_real(geometry.time(scene.window, at)) for at in (x, x + 1))
        step = 1
        while step * 10 <= max(beside - here, 1):
            step *= 10
        text = label_tick(max(here, 0), step, scene.axis.to_real(scene.window.high))
        width = style.small.width(text) + 10
        left = max(geometry.bars, min(x - width // 2, geometry.width - width))
        painter.fillRect(left, 2, width, RULER - 4, style.accent_bg)
        painter.fillRect(x, RULER - 3, 1, 3, style.accent)
        painter.setPen(style.text)
        painter.drawText(left + 5, style.small.baseline - 2, text)
