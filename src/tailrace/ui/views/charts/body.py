"""What the drawings of all kinds of charts have in common: what they are told, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from tailrace.ui.views.charts.values import Pick, Sheet


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: a mark in a tone, and words. The words of a "dot" have its tone."""

    words: str
    tone: str
    shape: str = "box"  # or "line", "dot"
    place: int = 0  # among its siblings, for the dashes of the ninth line and on


class Body(QWidget):
    """The part of a card below its title. It has no focus of its own: the card passes it the keys.

    Signals as those of ChartCard; `cursor_moved()`: what the keys point at has changed;
    `head_changed()`: legend, remark or description has.
    """

    zoomed = Signal(object)
    moved = Signal(object)
    reset = Signal()
    opened = Signal(object)
    selected = Signal(object)
    hovered = Signal(object)
    menu_wanted = Signal(object)
    cursor_moved = Signal()
    head_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)

    # ---- what it is told ----

    def show_content(self, content: Any) -> None:
        """Draw other values."""
        raise TypeError(f"{type(self).__name__} cannot draw {type(content).__name__}")

    def show_crosshair(self, time_ns: int | None) -> None:
        """Mark a moment, if there is time in the chart."""

    def show_range(self, since_ns: int, until_ns: int) -> None:
        """Show these times of what there is, until other values come."""

    def show_selection(self, pick: Pick | None) -> None:
        """Draw what is selected."""

    def dress(self) -> None:
        """The theme has changed."""
        self.update()

    # ---- what it says ----

    def legend(self) -> tuple[Key, ...]:
        """The legend; without entries the caption stands in its place."""
        return ()

    def remark(self) -> str:
        """How many of how many, where not all are drawn."""
        return ""

    def remark_tone(self) -> str:
        """The tone of the remark."""
        return "faint"

    def empty_words(self) -> tuple[str, str] | None:
        """What stands in the place of a drawing that would show nothing, and what to do about it."""
        return None

    def describe(self) -> str:
        """What is shown, in a sentence."""
        return ""

    def sheet(self) -> Sheet:
        """Exactly what is drawn."""
        return Sheet((), ())

    def paint_on(self, painter: QPainter, box: QRectF) -> None:
        """Draw it without what the pointer adds, for a file."""
        painter.save()
        painter.translate(box.topLeft())
        self.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
        painter.restore()

    # ---- rows, for a screen reader ----

    def spoken_range(self) -> tuple[int, int]:
        """The rows in sight: the first, and the one after the last."""
        return 0, 0

    def spoken_row(self) -> int:
        """The row that the keys point at; -1 where there is none."""
        return -1

    def spoken_words(self, row: int) -> str:
        """A row and its place."""
        return ""

    def spoken_box(self, row: int) -> QRect:
        """Where a row is."""
        return QRect()

    # ---- keys, passed on by the card ----

    def move_cursor(self, key: Qt.Key) -> bool:
        """An arrow, Home, End, PageUp or PageDown; whether that means something here."""
        return False

    def extend_cursor(self, key: Qt.Key) -> bool:
        """The same with Shift: from where the keys were to where they are now; whether that means something here."""
        return False

    def extended_pick(self) -> Pick | None:
        """What was chosen that way; None without any."""
        return None

    def cursor_pick(self) -> Pick | None:
        """What Enter opens."""
        return None

    def cursor_words(self) -> str:
        """What the keys point at, with its values."""
        return ""

    def pick_at(self, point: QPointF) -> Pick | None:
        """What is at a point, for a menu; None: nothing of its own."""
        return None

    def clear_cursor(self) -> None:
        """The keys point at nothing."""

    def give_up(self) -> bool:
        """End a drag that is under way; whether there was one."""
        return False

    def cursor_point(self) -> QPoint:
        """Where the keys point at, for a menu."""
        return self.rect().center()

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme is another palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.dress()
