"""One chart of a dashboard as a card: title, legend, drawing, and what there is to say when there is nothing to draw."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QWidget

from tailrace.model.dashboard import ChartKind
from tailrace.ui.views.charts.values import Content, Pick, Sheet

PAD, TOP, BOTTOM = 12, 32, 10  # pixels around the drawing
_PATIENCE_MS = 300  # what is there sooner is not announced


@dataclass(frozen=True, slots=True)
class MenuAt:
    """A menu is wanted at a place of the screen, of what is there (None: of the card)."""

    position: QPoint
    pick: Pick | None


class ChartCard(QFrame):
    """A chart of one kind, which knows only the values that it is shown.

    Signals: `zoomed(object)` (since_ns, until_ns) was chosen with a drag or, at its end, the wheel; `moved(object)` the
    same while the wheel turns, for the other cards' `show_range`; `reset()` on a double click or Escape;
    `opened(object)` a Pick on a click or Enter; `selected(object)` a Pick on a shift-drag; `menu_wanted(object)` a
    MenuAt; `hovered(object)` a time or None, for the crosshair of all cards.
    """

    zoomed = Signal(object)
    moved = Signal(object)
    reset = Signal()
    opened = Signal(object)
    selected = Signal(object)
    menu_wanted = Signal(object)
    hovered = Signal(object)

    def __init__(self, kind: ChartKind, parent: QWidget | None = None) -> None: ...

    def show_content(self, content: Content) -> None:
        """Draw values of this kind (TimeChart, Figure, …); ends what was shown of loading or failure."""

    def show_loading(self) -> None:
        """Values are on their way: said after 300 ms, over what is drawn so far."""

    def show_failed(self, sentence: str) -> None:
        """Say why there is nothing to draw."""

    def show_crosshair(self, time_ns: int | None) -> None:
        """Mark a moment; None ends it."""

    def show_range(self, since_ns: int, until_ns: int) -> None:
        """Move to these times at once, with the values there are."""

    def show_selection(self, pick: Pick | None) -> None:
        """Draw an area as selected."""

    def copy_values(self) -> str:
        """What is drawn, as lines with tabs between: a header, ISO times, exact figures."""

    def sheet(self) -> Sheet:
        """What is drawn, as a table for a file."""

    def png(self, scale: float = 2.0) -> bytes:
        """The card as a picture of `scale` pixels a pixel."""

    def svg(self) -> bytes:
        """The card as a vector drawing."""
