"""What the mouse does in a plot: clicks, double clicks, drags, the wheel."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWheelEvent

_DRAG = 4  # pixels before a press becomes a drag
_REST_MS = 200  # the wheel has stopped
_NOTCH = 120


class Gestures(QObject):
    """Signals: `clicked(QPointF)` when no second click followed; `doubled()`; `dragged(QPointF, QPointF, bool)` from,
    to, with shift; `dropped(...)` the same at its end; `turned(QPointF, float)` the wheel with Ctrl, in notches;
    `shifted(float)` the wheel with Shift or sideways; `rested()` after either."""

    clicked = Signal(QPointF)
    doubled = Signal()
    dragged = Signal(QPointF, QPointF, bool)
    dropped = Signal(QPointF, QPointF, bool)
    turned = Signal(QPointF, float)
    shifted = Signal(float)
    rested = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._press: QPointF | None = None
        self._to: QPointF | None = None
        self._shift = False
        self._double = False
        self._waiting: QPointF | None = None
        self._click = QTimer(self)
        self._click.setSingleShot(True)
        self._click.timeout.connect(self._say_click)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.rested)

    @property
    def dragging(self) -> bool:
        """Whether a drag is under way."""
        return self._to is not None

    @property
    def turning(self) -> bool:
        """Whether the wheel has not come to rest."""
        return self._rest.isActive()

    def press(self, event: QMouseEvent) -> None:
        """The left button went down."""
        self._waiting = None
        self._click.stop()
        self._press, self._to, self._double = event.position(), None, False
        self._shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved with the button down."""
        if self._press is None:
            return
        way = event.position() - self._press
        if self._to is not None or max(abs(way.x()), abs(way.y())) >= _DRAG:
            self._to = event.position()
            self.dragged.emit(self._press, self._to, self._shift)

    def release(self, event: QMouseEvent) -> None:
        """The button went up: the end of a drag, or a click unless a second one follows."""
        press, to, self._press, self._to = self._press, self._to, None, None
        if press is None:
            return
        if to is not None:
            self.dropped.emit(press, event.position(), self._shift)
        elif not self._double:
            self._waiting = press
            self._click.start(QGuiApplication.styleHints().mouseDoubleClickInterval())

    def double(self) -> None:
        """The second click of two."""
        self._waiting = None
        self._click.stop()
        self._press, self._double = None, True
        self.doubled.emit()

    def cancel(self) -> None:
        """Give up what is under way."""
        self._press = self._to = self._waiting = None
        self._click.stop()

    def wheel(self, event: QWheelEvent) -> bool:
        """Whether the wheel means something: with Ctrl it zooms, with Shift or sideways it moves in time."""
        way = event.angleDelta()
        notches = way.y() / _NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and notches:
            self.turned.emit(event.position(), notches)
        elif abs(way.x()) > abs(way.y()):
            self.shifted.emit(-way.x() / _NOTCH)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and notches:
            self.shifted.emit(-notches)
        else:
            return False
        self._rest.start()
        return True

    def _say_click(self) -> None:
        point, self._waiting = self._waiting, None
        if point is not None:
            self.clicked.emit(point)
