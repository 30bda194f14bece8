"""A list of boxes painted one by one, with one place in the Tab order: arrows move in it, Enter presses."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tailrace.ui.theme import tip, ui_font
from tailrace.ui.views.spoken import Role, tell_row, tell_row_soon

_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -1_000_000, Qt.Key.Key_End: 1_000_000}
_PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_REMOVES = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class RowList(QWidget):
    """What lists of the review panel have in common. Signal `row_wanted(QRect)`: this part should be in sight."""

    SPOKEN_AS, ROWS_SPOKEN_AS = Role.List, Role.ListItem
    row_wanted = Signal(object)
    HEIGHT = 28
    GAP = 5

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self.current = 0
        self.hovered = -1
        self.setFont(ui_font(13))
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()  # no stop for Tab while there is no row
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # ---- what each list says of its rows ----

    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row_words(self, row: int) -> str:
        """A row, for those who do not see it."""
        raise NotImplementedError

    def row_tip(self, row: int) -> str:
        """The tooltip of a row; empty for none."""
        return ""

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        """Draw a row."""
        raise NotImplementedError

    def press_row(self, row: int, x: int = 0) -> None:
        """A row was pressed, `x` pixels from the left of the list."""
        raise NotImplementedError

    def remove_row(self, row: int) -> bool:
        """Delete was pressed on a row; whether that means something."""
        return False

    # ---- what they share ----

    def rows_changed(self) -> None:
        """There are other rows."""
        self.current = min(self.current, max(0, self.row_count() - 1))
        self.hovered = -1
        count = self.row_count()
        self.setFixedHeight(max(0, count * (self.HEIGHT + self.GAP) - self.GAP))
        self.setVisible(count > 0)
        self._announce()
        self.update()

    def point_at(self, row: int) -> None:
        """Show a row as if the pointer was over it; -1 for none."""
        self.hovered = row
        self.update()

    def row_box(self, row: int) -> QRect:
        """Where a row is."""
        return QRect(0, row * (self.HEIGHT + self.GAP), self.width(), self.HEIGHT)

    def row_at(self, y: int) -> int:
        """The row at a height, -1 between rows."""
        row, within = divmod(y, self.HEIGHT + self.GAP)
        return row if 0 <= row < self.row_count() and within < self.HEIGHT else -1

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        step = self.HEIGHT + self.GAP
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self.font())
            last = min(self.row_count() - 1, event.rect().bottom() // step)
            for row in range(max(0, event.rect().top() // step), last + 1):
                self.paint_row(painter, row, self.row_box(row))

    def event(self, event: QEvent) -> bool:
        """Qt: tooltips, and keys that would else be the window's."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(event.pos().y())
            QToolTip.showText(event.globalPos(), tip(self.row_tip(row)) if row >= 0 else "", self)
            return True
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._takes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._takes(event):
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        if key in _MOVES:
            self.current = max(0, min(self.row_count() - 1, self.current + _MOVES[key]))
            self._announce()
            self.update()
            self.row_wanted.emit(self.row_box(self.current))
        elif key in _PRESSES:
            self.press_row(self.current)
        elif not self.remove_row(self.current):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._announce()
        tell_row_soon(self)
        self.row_wanted.emit(self.row_box(self.current))
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.row_at(round(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(round(event.position().y()))
        if row >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.current = row
            self.press_row(row, round(event.position().x()))

    def _takes(self, event: QKeyEvent) -> bool:
        key = event.key()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return plain and self.row_count() > 0 and (key in _MOVES or key in _PRESSES or key in _REMOVES)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.setCursor(Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def _announce(self) -> None:
        self.setAccessibleDescription(self.spoken_words(self.current))
        tell_row(self)

    # ---- what a screen reader meets ----

    def spoken_range(self) -> tuple[int, int]:
        """Qt scrolls the list as a whole: all rows."""
        return 0, self.row_count()

    def spoken_row(self) -> int:
        """The row that the keys are at."""
        return self.current if self.row_count() else -1

    def spoken_words(self, row: int) -> str:
        """A row and its place."""
        count = self.row_count()
        return f"{self.row_words(row)}, {row + 1} of {count}" if 0 <= row < count else ""

    def spoken_box(self, row: int) -> QRect:
        """Where a row is."""
        return self.row_box(row)

    def spoken_open(self, row: int) -> bool | None:
        """No row opens."""
        return None
