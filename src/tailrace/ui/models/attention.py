"""How long a person attends to what is on show."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication

# Somebody reads a long answer without touching anything; behind this they have gone for coffee
LONGEST_PAUSE_S = 120.0
_SIGNS = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.ApplicationStateChange,
    )
)


class Attention(QObject):
    """A clock that stops in pauses that are too long, and while another program is in front."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spent = 0.0
        self._last: float | None = None

    @property
    def runs(self) -> bool:
        """Whether the clock was started."""
        return self._last is not None

    def start(self) -> None:
        """Begin at zero."""
        self._spent, self._last = 0.0, monotonic()
        app = QGuiApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def stop(self) -> int:
        """The milliseconds since the start, pauses cut."""
        self._count()
        self._last = None
        app = QGuiApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        return round(self._spent * 1000)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: a sign of life."""
        if event.type() in _SIGNS:
            self._count(away=QGuiApplication.applicationState() != Qt.ApplicationState.ApplicationActive)
        return False

    def _count(self, away: bool = False) -> None:
        if self._last is None:
            return
        now = monotonic()
        if not away:
            self._spent += min(now - self._last, LONGEST_PAUSE_S)
        self._last = now
