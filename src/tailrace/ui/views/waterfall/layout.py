"""Where things are: columns, bars, labels and what lies under the pointer. Pixels and nanoseconds, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tailrace.ui.views.waterfall.axis import Window
from tailrace.ui.views.waterfall.columns import WIDTHS, Column

ROW = 24
RULER = 22
OVERVIEW = 46
INDENT = 16
MARGIN = 8
GLYPH = 14
TRIANGLE = 12
BAR_TOP = 5
BAR = 14
MIN_BAR = 2.0
NAME = 330
NAME_MIN = 110
BARS_MIN = 150
AIR_LEFT = 6
AIR_RIGHT = 68
GRIP = 4


@dataclass(frozen=True, slots=True)
class Geometry:
    """Horizontal places for a widget `width`. Time begins at `left` and ends at `right`; bars may be drawn between
    `bars` and `width`, so that a label fits beside the last bar."""

    width: int
    name: int
    columns: tuple[Column, ...]
    bars: int
    left: int
    right: int

    @property
    def span(self) -> int:
        """Pixels for the window, at least 1."""
        return self.right - self.left

    def x(self, window: Window, shown: int) -> float:
        """The place of a shown time; may lie far outside the widget."""
        return self.left + (shown - window.low) * self.span / window.span

    def time(self, window: Window, x: int) -> int:
        """The shown time at a place."""
        return window.low + (x - self.left) * window.span // self.span

    def column_edges(self) -> list[tuple[Column, int, int]]:
        """Each optional column with its left and right edge."""
        at = self.name
        edges: list[tuple[Column, int, int]] = []
        for column in self.columns:
            edges.append((column, at, at + WIDTHS[column]))
            at += WIDTHS[column]
        return edges


def arrange(width: int, name: int, columns: frozenset[Column]) -> Geometry:
    """Share out a width. The name column gives way first, then optional columns from the right, so that bars keep
    room."""
    shown = [column for column in Column if column in columns]
    while shown and sum(WIDTHS[c] for c in shown) > width - NAME_MIN - BARS_MIN:
        shown.pop()
    taken = sum(WIDTHS[column] for column in shown)
    name = max(NAME_MIN, min(name, (width - taken) * 45 // 100, width - taken - BARS_MIN))
    bars = name + taken
    left = bars + AIR_LEFT
    return Geometry(width, name, tuple(shown), bars, left, max(left + 1, width - AIR_RIGHT))


def indent(depth: int, geometry: Geometry) -> int:
    """Where a row's triangle begins. Very deep rows stop moving right so that their names stay readable."""
    return MARGIN + min(depth * INDENT, max(geometry.name // 2 - MARGIN, 0))


def place_label(begin: float, end: float, text: int, geometry: Geometry) -> tuple[float, bool]:
    """Where the text beside a bar begins, and whether it lies on the bar: after it, else before it, else on it."""
    if end + 6 + text <= geometry.width - 2:
        return max(end, geometry.bars) + 6, False
    if begin - 6 - text >= geometry.bars + 2:
        return min(begin, geometry.width) - 6 - text, False
    return min(end, geometry.width) - 6 - text, True


class Part(Enum):
    """What of a row lies under a point."""

    TRIANGLE = "triangle"
    NAME = "name"
    COLUMN = "column"
    BAR = "bar"
    LANE = "lane"
    SPLITTER = "splitter"


@dataclass(frozen=True, slots=True)
class Hit:
    """The row position (not the tree row) under a point, -1 below the last, and the part of it."""

    position: int
    part: Part


def hit(
    geometry: Geometry, x: int, y: int, scroll: int, count: int, depth_at: list[int], bar: tuple[float, float]
) -> Hit:
    """What lies at (x, y) of the rows area scrolled by `scroll`. `depth_at` holds the depth of the row there (empty
    when it has no triangle), `bar` the edges of its bar."""
    position = (y + scroll) // ROW
    if position >= count or y + scroll < 0:
        position = -1
    if abs(x - geometry.name) <= GRIP:
        return Hit(position, Part.SPLITTER)
    if x < geometry.name:
        if depth_at:
            begin = indent(depth_at[0], geometry)
            if begin - 3 <= x < begin + TRIANGLE + 3:
                return Hit(position, Part.TRIANGLE)
        return Hit(position, Part.NAME)
    if x < geometry.bars:
        return Hit(position, Part.COLUMN)
    begin_x, end_x = bar
    on_bar = begin_x - 2 <= x <= max(end_x, begin_x + MIN_BAR) + 2
    return Hit(position, Part.BAR if on_bar else Part.LANE)
