"""Panes side by side whose borders can be moved without a mouse: Tab goes to a border, arrows move it."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from tailrace.ui.theme import tokens
from tailrace.ui.views.spoken import Role

_STEP, _FAR = 24, 100_000
_THIN, _SEEN = 1, 5  # pixels at rest, and while it has the focus
_BACK, _ON = (Qt.Key.Key_Left, Qt.Key.Key_Up), (Qt.Key.Key_Right, Qt.Key.Key_Down)


class PaneSplitter(QSplitter):
    """No pane can be made to vanish, and a border is a hairline."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setHandleWidth(_THIN)
        self.setChildrenCollapsible(False)

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:
        """Qt: as it was; the border that had the focus then is at rest now."""
        restored = super().restoreState(state)
        self.setHandleWidth(_THIN)
        return restored

    def createHandle(self) -> QSplitterHandle:
        """Qt: one more border."""
        return _Border(self.orientation(), self)


class _Border(QSplitterHandle):
    """Arrows move it, and with Home and End it goes as far as it can."""

    SPOKEN_AS = Role.Splitter

    def __init__(self, orientation: Qt.Orientation, splitter: QSplitter) -> None:
        super().__init__(orientation, splitter)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Border between two panes")
        self.setAccessibleDescription("Arrow keys move it")

    def event(self, event: QEvent) -> bool:
        """Qt: keys that would else be the window's."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._target(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: move it."""
        target = self._target(event)
        if target is None:
            super().keyPressEvent(event)
        else:
            self.moveSplitter(target)

    def _target(self, event: QKeyEvent) -> int | None:
        """Where a key moves it to, in pixels from the splitter's edge; Qt stops it where a pane gets too small."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return 0 if key is Qt.Key.Key_Home else _FAR
        at = self.x() if self.orientation() is Qt.Orientation.Horizontal else self.y()
        return at + (_STEP if key in _ON else -_STEP) if key in _BACK or key in _ON else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt: it shows."""
        super().focusInEvent(event)
        self.splitter().setHandleWidth(_SEEN)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: a hairline again."""
        super().focusOutEvent(event)
        self.splitter().setHandleWidth(_THIN)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: a line, in the accent's colour while it is held."""
        theme = tokens(self)
        with QPainter(self) as painter:
            held = self.hasFocus() or self.underMouse()
            painter.fillRect(self.rect(), QColor(theme.accent if held else theme.line))
