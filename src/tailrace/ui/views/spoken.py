"""What a screen reader meets in widgets that paint themselves: a role, and the rows in sight as its children.

A widget says its role in the class attribute `SPOKEN_AS`. One that paints rows is a `SpokenRows` as well: the rows in
sight can then be met one by one, and `tell_row` moves the reader to the current one. Only rows in sight, so that a
reader that walks through all children of a trace of a million spans has some forty of them; a row says its own place.

Qt asks for all this only while a screen reader runs: without one nothing here costs anything.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import isValid

Role = QAccessible.Role
_KEPT = 400  # rows that readers may still ask for after they have left the sight


@runtime_checkable
class SpokenRows(Protocol):
    """A widget that paints rows. Rows are counted from 0; -1 is none."""

    SPOKEN_AS: Role
    ROWS_SPOKEN_AS: Role

    def spoken_range(self) -> tuple[int, int]:
        """The rows in sight: the first, and the one after the last."""

    def spoken_row(self) -> int:
        """The current row."""

    def spoken_words(self, row: int) -> str:
        """A row in words, with its place among all; empty where there is no such row any more."""

    def spoken_box(self, row: int) -> QRect:
        """Where a row is in the widget."""

    def spoken_open(self, row: int) -> bool | None:
        """Whether a row is expanded; None where it cannot be."""


class _Row(QAccessibleInterface):
    """One row. It stands for a place, and says what is there when it is asked."""

    def __init__(self, view: QWidget, row: int) -> None:
        super().__init__()
        self._view = view
        self.row = row

    @property
    def _rows(self) -> SpokenRows:
        assert isinstance(self._view, SpokenRows)
        return self._view

    def isValid(self) -> bool:
        return isValid(self._view)

    def object(self) -> QObject | None:  # type: ignore[override]  # the stubs know no interface without an object
        return None

    def window(self) -> QWindow:
        return self._view.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._view)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def role(self) -> Role:
        return self._rows.ROWS_SPOKEN_AS

    def rect(self) -> QRect:
        box = self._rows.spoken_box(self.row)
        return QRect(self._view.mapToGlobal(box.topLeft()), box.size())

    def text(self, kind: QAccessible.Text) -> str:
        return self._rows.spoken_words(self.row) if kind == QAccessible.Text.Name else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        pass

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        current = self.row == self._rows.spoken_row()
        state.selectable = state.focusable = True
        state.selected, state.focused = current, current and self._view.hasFocus()
        opened = self._rows.spoken_open(self.row)
        state.expandable, state.expanded, state.collapsed = opened is not None, opened is True, opened is False
        first, end = self._rows.spoken_range()
        state.offscreen = not first <= self.row < end
        return state


class _Plain(QAccessibleWidget):
    """A widget with a role."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view, view.SPOKEN_AS)  # type: ignore[attr-defined]  # the factory has asked
        self._view = view

    def text(self, kind: QAccessible.Text) -> str:
        if kind == QAccessible.Text.Description:  # never the tooltip: it is markup, or the name again
            return self._view.accessibleDescription()
        return super().text(kind)


class _View(_Plain):
    """A widget with the rows in sight as its children."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._kept: dict[int, tuple[int, _Row]] = {}  # by row: its id among all interfaces, and itself

    @property
    def _rows(self) -> SpokenRows:
        assert isinstance(self._view, SpokenRows)
        return self._view

    def childCount(self) -> int:
        return self._in_sight() + super().childCount()

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        rows = self._in_sight()
        return self._row(self._rows.spoken_range()[0] + index) if 0 <= index < rows else super().child(index - rows)

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        point = self._view.mapFromGlobal(QPoint(x, y))
        inside = (row for row in range(*self._rows.spoken_range()) if self._rows.spoken_box(row).contains(point))
        row = next(inside, None)
        return None if row is None else self._row(row)

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if isinstance(child, _Row):
            return child.row - self._rows.spoken_range()[0]
        place = super().indexOfChild(child)
        return place if place < 0 else place + self._in_sight()

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        row = self._rows.spoken_row()
        return self._row(row) if row >= 0 and self._view.hasFocus() else None

    def _in_sight(self) -> int:
        first, end = self._rows.spoken_range()
        return max(0, end - first)

    def _row(self, row: int) -> _Row:
        if row not in self._kept:
            if len(self._kept) >= _KEPT:
                self.forget()
            made = _Row(self._view, row)
            self._kept[row] = QAccessible.registerAccessibleInterface(made), made
        return self._kept[row][1]

    def forget(self) -> None:
        """No row is asked for any more."""
        for number, _ in self._kept.values():
            QAccessible.deleteAccessibleInterface(number)
        self._kept.clear()


_alive: dict[int, QAccessibleWidget] = {}  # Qt owns them, but knows nothing of their Python half


def _make(_: str, asked: QObject) -> QAccessibleInterface | None:
    """Qt asks once a widget, for the most special of its classes first."""
    if not isinstance(asked, QWidget) or not hasattr(asked, "SPOKEN_AS"):
        return None
    made = _View(asked) if isinstance(asked, SpokenRows) else _Plain(asked)
    _keep(made, asked)
    return made


def _keep(made: QAccessibleWidget, asked: QWidget) -> None:
    number = id(made)

    def forget() -> None:
        gone = _alive.pop(number, None)
        if isinstance(gone, _View):
            gone.forget()

    _alive[number] = made
    asked.destroyed.connect(forget)


@cache
def let_widgets_speak() -> None:
    """Tell Qt of all this; does its work once."""
    QAccessible.installFactory(_make)


def tell_row(view: QWidget) -> None:
    """The current row is another one: a reader goes there, if the keys do."""
    if not QAccessible.isActive() or not view.hasFocus() or not isinstance(view, SpokenRows):
        return
    let_widgets_speak()
    child = QAccessible.queryAccessibleInterface(view).focusChild()
    if child is not None:
        QAccessible.updateAccessibility(QAccessibleEvent(child, QAccessible.Event.Focus))


def tell_row_soon(view: QWidget) -> None:
    """The same of a widget that is getting the focus: Qt tells of the widget itself after its event."""
    if QAccessible.isActive():
        QTimer.singleShot(0, view, partial(tell_row, view))


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Have a reader say something that is not where the focus is, or that has no row of its own."""
    if words and QAccessible.isActive() and widget.isVisible():
        event = QAccessibleAnnouncementEvent(widget, words)
        if urgent:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
