"""The scrolling area of rows: paints them and turns pointer, wheel and keys into requests to the waterfall."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QToolTip, QWidget

from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.spoken import Role, tell_row_soon
from tailrace.ui.views.waterfall import layout
from tailrace.ui.views.waterfall.hints import spoken, tooltip_lines
from tailrace.ui.views.waterfall.keys import Step, step_of
from tailrace.ui.views.waterfall.layout import ROW, Geometry, Hit, Part
from tailrace.ui.views.waterfall.paint import Frame, Style, depth_shown, paint_rows
from tailrace.ui.views.waterfall.rows import HEADING
from tailrace.ui.views.waterfall.scene import Scene

_NOTCH = 120  # eighths of a degree: one click of a wheel
_LEVELS_A_NOTCH = 3
_LEVELS_A_DOUBLING = 8


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in the place of rows: an empty, loading or error state."""

    title: str
    hint: str
    icon: str
    busy: bool = False


class SpanArea(QAbstractScrollArea):
    """Rows of one scene. It changes nothing itself: every wish is a signal."""

    SPOKEN_AS, ROWS_SPOKEN_AS = Role.Tree, Role.TreeItem

    stepped = Signal(object)  # Step
    row_pressed = Signal(object)  # tree row
    row_activated = Signal(object)
    row_fitted = Signal(object)
    row_toggled = Signal(object)
    zoomed = Signal(object, object, object)  # levels, part, whole of the width
    panned = Signal(object, object)  # part, whole of the width
    name_resized = Signal(object)  # pixels, None for the usual width
    pointed = Signal(object)  # x over the bars, None elsewhere
    menu_wanted = Signal(object, object)  # tree row, global QPoint
    resized = Signal()
    outdated = Signal()  # painted in a theme that is no longer in force

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalScrollBar().setSingleStep(ROW)
        self.setAccessibleName("Spans of the trace")
        self._scene: Scene | None = None
        self.given_up: frozenset[Step] = frozenset()  # steps whose keys are other commands' by now
        self.takes_letters = True  # a page that has other uses for W, A, S, D, E and F leaves the arrows and the mouse
        self._geometry: Geometry = layout.arrange(600, layout.NAME, frozenset())
        self._style: Style | None = None
        self._note: Note | None = None
        self._grid: tuple[int, ...] = ()
        self._hovered = -1
        self._press: tuple[QPoint, Hit, Qt.MouseButton] | None = None
        self._panned_from: int | None = None
        self._pointer_x: int | None = None
        self._levels = 0.0  # of zoom, not yet a whole one

    def show_thumbs(self, thumbs: Mapping[str, bool]) -> None:
        """The thumbs that spans of the trace on show were given, by span id: True is up."""
        if (scene := self._scene) is not None:
            rows = {scene.tree.row_of(span_id): up for span_id, up in thumbs.items()}
            scene.thumbs = {row: up for row, up in rows.items() if row >= 0}
            self.viewport().update()

    def show_scene(
        self, scene: Scene | None, geometry: Geometry, style: Style, note: Note | None, grid: tuple[int, ...]
    ) -> None:
        """Draw this from now on."""
        self._scene, self._geometry, self._style, self._note, self._grid = scene, geometry, style, note, grid
        bar = self.verticalScrollBar()
        height = 0 if scene is None else len(scene.rows) * ROW
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, height - self.viewport().height()))
        self.viewport().update()

    def scroll_to(self, position: int, centre: bool = False) -> None:
        """Bring a row into view, with one more row above or below it where there is one."""
        bar = self.verticalScrollBar()
        top, page = position * ROW, self.viewport().height()
        if centre and not bar.value() <= top <= bar.value() + page - ROW:
            bar.setValue(top - (page - ROW) // 2)
        elif top - ROW < bar.value():
            bar.setValue(top - ROW)
        elif top + 2 * ROW > bar.value() + page:
            bar.setValue(top + 2 * ROW - page)

    def rows_a_page(self) -> int:
        """How many rows are fully visible, at least 1."""
        return max(1, self.viewport().height() // ROW - 1)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        style = self._style
        if style is None:
            return
        if style.theme is not tokens(self):
            # under a style sheet a change of the application's palette reaches no widget as an event
            self.outdated.emit()
        viewport = self.viewport()
        with QPainter(viewport) as painter:
            painter.fillRect(viewport.rect(), style.bg)
            if self._scene is None or self._note is not None:
                self._paint_note(painter, style)
                return
            frame = Frame(
                viewport.height(), self.verticalScrollBar().value(), self._hovered, self.hasFocus(), self._grid
            )
            paint_rows(painter, self._scene, self._geometry, style, frame)

    def _paint_note(self, painter: QPainter, style: Style) -> None:
        note = self._note
        if note is None:
            return
        area = self.viewport().rect()
        if note.busy:
            self._paint_skeleton(painter, style)
        middle = area.height() // 2 - 20
        painter.drawPixmap((area.width() - 28) // 2, middle - 44, style.icon(note.icon, style.theme.faint, 28))
        painter.setFont(ui_font(14, QFont.Weight.DemiBold))
        painter.setPen(style.text)
        painter.drawText(QRect(16, middle - 8, area.width() - 32, 22), Qt.AlignmentFlag.AlignHCenter, note.title)
        painter.setFont(style.name.font)
        painter.setPen(style.dim)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRect(32, middle + 18, area.width() - 64, 80), int(flags), note.hint)

    def _paint_skeleton(self, painter: QPainter, style: Style) -> None:
        """Grey rows: something is on its way, unlike nothing being there."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.raised)
        geometry = self._geometry
        for i in range(self.viewport().height() // ROW + 1):
            painter.setOpacity(max(0.0, 0.9 - i * 0.05))
            depth = (0, 1, 2, 2, 1, 2, 3, 1)[i % 8]
            x = layout.indent(depth, geometry) + 16
            wide = (150, 90, 120, 70)[i * 7 % 4]
            painter.drawRoundedRect(QRectF(x, i * ROW + 7, min(wide, geometry.name - x - 8), 10), 3, 3)
            begin = geometry.left + geometry.span * (i * 13 % 60) // 100
            painter.drawRoundedRect(QRectF(begin, i * ROW + 5, geometry.span * (40 - i * 5 % 30) // 100, 14), 3, 3)
        painter.setOpacity(1.0)
        centre = self.viewport().rect().center()
        painter.setBrush(style.bg)
        painter.drawRoundedRect(QRectF(centre.x() - 170, centre.y() - 84, 340, 130), 8, 8)

    # pointer

    def hit(self, point: QPoint) -> Hit:
        """What lies under a point of the viewport."""
        scene, geometry = self._scene, self._geometry
        if scene is None or self._note is not None:
            return Hit(-1, Part.LANE)
        scroll, count = self.verticalScrollBar().value(), len(scene.rows)
        position = (point.y() + scroll) // ROW
        depths: list[int] = []
        bar = (0.0, -10.0)
        if 0 <= position < count and (row := int(scene.rows[position])) != HEADING:
            if scene.has_children[row]:
                depths = [depth_shown(scene, row)]
            bar = (
                geometry.x(scene.window, int(scene.begin[row])),
                geometry.x(scene.window, int(scene.end[row])),
            )
        return layout.hit(geometry, point.x(), point.y(), scroll, count, depths, bar)

    def _row_at(self, found: Hit) -> int:
        if self._scene is None or found.position < 0:
            return -1
        return int(self._scene.rows[found.position])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        found = self.hit(point)
        button = event.button()
        if button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self._press = (point, found, button)
        row = self._row_at(found)
        if button == Qt.MouseButton.LeftButton and row >= 0:
            if found.part is Part.TRIANGLE:
                self.row_toggled.emit(row)
            elif found.part in (Part.NAME, Part.COLUMN):
                self.row_pressed.emit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._press is None:
            found = self.hit(point)
            self._hover(found.position)
            self._point(point.x() if found.part in (Part.BAR, Part.LANE) else None)
            shape = Qt.CursorShape.SplitHCursor if found.part is Part.SPLITTER else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            return
        start, found, button = self._press
        if found.part is Part.SPLITTER and button == Qt.MouseButton.LeftButton:
            self.name_resized.emit(point.x())
        elif found.part in (Part.BAR, Part.LANE) or button == Qt.MouseButton.MiddleButton:
            if self._panned_from is None:
                if abs(point.x() - start.x()) < QApplication.startDragDistance():
                    return
                self._panned_from = start.x()
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.panned.emit(self._panned_from - point.x(), self._geometry.span)
            self._panned_from = point.x()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press, moved = self._press, self._panned_from is not None
        self._press = self._panned_from = None
        self.viewport().unsetCursor()
        if press is None or moved or press[2] != Qt.MouseButton.LeftButton:
            return
        if press[1].part in (Part.BAR, Part.LANE) and (row := self._row_at(press[1])) >= 0:
            self.row_pressed.emit(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.hit(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if found.part is Part.SPLITTER:
            self.name_resized.emit(None)
        elif (row := self._row_at(found)) >= 0:
            if found.part is Part.BAR:
                self.row_fitted.emit(row)
            elif found.part is Part.TRIANGLE:
                self.row_toggled.emit(row)
            elif found.part in (Part.NAME, Part.COLUMN):
                self.row_activated.emit(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        modifiers = event.modifiers()
        if self._scene is None:
            return
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._turn_zoom(turn.y() / _NOTCH * _LEVELS_A_NOTCH, event.position().x())
        elif modifiers & Qt.KeyboardModifier.ShiftModifier or abs(turn.x()) > abs(turn.y()):
            amount = turn.x() or turn.y()  # some systems turn a wheel with Shift sideways themselves
            self.panned.emit(-amount, 8 * _NOTCH)
        else:
            fine = event.pixelDelta().y()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - (fine or turn.y() * 3 * ROW // _NOTCH))
            inside = self.viewport().mapFromGlobal(event.globalPosition()).toPoint()
            self._hover(self.hit(inside).position if inside.y() >= 0 else -1)
        event.accept()

    def _turn_zoom(self, levels: float, x: float) -> None:
        """Zoom at x by whole levels; parts of one add up."""
        self._levels = round(self._levels + levels, 6)
        whole = math.trunc(self._levels)
        self._levels -= whole
        if whole and self._scene is not None:
            at = max(0, min(round(x) - self._geometry.left, self._geometry.span))
            self.zoomed.emit(whole, at, self._geometry.span)

    def _hover(self, position: int) -> None:
        if position != self._hovered:
            self._hovered = position
            self.viewport().update()

    def _point(self, x: int | None) -> None:
        self._pointer_x = x
        self.pointed.emit(x)

    def pointer(self) -> int | None:
        """Pixels from the window's left edge to the pointer, None when it is not over the bars."""
        if self._pointer_x is None:
            return None
        return max(0, min(self._pointer_x - self._geometry.left, self._geometry.span))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        self._point(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._scene is None:
            return
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            row, place = self._row_at(self.hit(event.pos())), event.globalPos()
        else:
            row = self._scene.selected
            top = self._scene.position(row) * ROW - self.verticalScrollBar().value()
            place = self.viewport().mapToGlobal(QPoint(40, max(0, min(top + ROW, self.viewport().height()))))
        if row >= 0:
            self.menu_wanted.emit(row, place)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tooltip(event)
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._turn_zoom(math.log2(max(1 + event.value(), 0.1)) * _LEVELS_A_DOUBLING, event.position().x())
            return True
        return super().viewportEvent(event)

    def _show_tooltip(self, event: QHelpEvent) -> None:
        found = self.hit(event.pos())
        text = ""
        if self._scene is not None and self._note is None and found.position >= 0:
            row = self._row_at(found)
            text = heading_hint(self._scene) if row == HEADING else "\n".join(tooltip_lines(self._scene, row))
        text = "\n".join(textwrap.fill(line, 90) for line in text.splitlines())
        # names come from traces: escaped, so that none is taken for rich text
        shown = f"<p style='white-space:pre'>{escape(text)}</p>" if text else ""
        top = found.position * ROW - self.verticalScrollBar().value()
        area = QRect(0, top, self.viewport().width(), ROW)
        QToolTip.showText(event.globalPos(), shown, self.viewport(), area)

    # what a screen reader meets

    def spoken_range(self) -> tuple[int, int]:
        scene, scroll = self._scene, self.verticalScrollBar().value()
        if scene is None or self._note is not None:
            return 0, 0
        return scroll // ROW, min(len(scene.rows), -(-(scroll + self.viewport().height()) // ROW))

    def spoken_row(self) -> int:
        return -1 if self._scene is None or self._scene.selected < 0 else self._scene.position(self._scene.selected)

    def spoken_words(self, row: int) -> str:
        if self._scene is None or not 0 <= row < len(self._scene.rows):
            return ""
        place = int(self._scene.rows[row])
        return heading_hint(self._scene) if place == HEADING else spoken(self._scene, place)

    def spoken_box(self, row: int) -> QRect:
        return QRect(0, row * ROW - self.verticalScrollBar().value(), self.viewport().width(), ROW)

    def spoken_open(self, row: int) -> bool | None:
        scene = self._scene
        if scene is None or not 0 <= row < len(scene.rows) or (place := int(scene.rows[row])) == HEADING:
            return None
        return not scene.collapsed[place] if scene.has_children[place] else None

    # keys and focus

    def event(self, event: QEvent) -> bool:
        # a plain key is ours while we have the focus, whatever shortcut the window has on it
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._scene is not None
            and self._step_of(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._step_of(event)
        if step is None or self._scene is None:
            event.ignore()
        else:
            self.stepped.emit(step)

    def _step_of(self, event: QKeyEvent) -> Step | None:
        step = step_of(event) if self.takes_letters or not event.text().isalpha() else None
        return None if step in self.given_up else step

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        tell_row_soon(self)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(900, 500)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 4 * ROW)


def heading_hint(scene: Scene) -> str:
    """What the heading over orphaned spans means."""
    return "These spans name a parent that is not in this trace:\nit was not recorded, not exported or has not arrived."
