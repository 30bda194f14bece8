"""Where the panels of a dashboard stand: cells of the grid as pixels, and moving and resizing in cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import NamedTuple

from tailrace.model.dashboard import COLUMNS, GAP, MOST_ROWS, ROW_HEIGHT, ChartKind, Panel

# So many pixels a chart needs to say something; where the window is narrower than the dashboard was made for, fewer
# charts stand side by side
_NARROWEST = {
    ChartKind.NUMBER: 176,
    ChartKind.LIST: 230,
    ChartKind.PIE: 230,
    ChartKind.TABLE: 330,
    ChartKind.COMPARISON: 430,
    ChartKind.DIFFERENCES: 330,
}
_NARROW = 300
_LEAST_CELLS = {ChartKind.NUMBER: (2, 1)}
_LEAST = (2, 2)


class Box(NamedTuple):
    """A rectangle in pixels of the page."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each panel stands, by id, in the order of reading. `height` of all together; `reflowed`: they stand
    otherwise than the dashboard has them, because there is not the room."""

    boxes: dict[str, Box]
    height: int
    reflowed: bool


def laid_out(panels: Sequence[Panel], width: int) -> Layout:
    """The panels of a dashboard in so many pixels."""
    ordered = in_order(panels)
    reflowed = any(_width(panel.w, width) < _narrowest(panel) for panel in ordered)
    placed = _reflowed(ordered, width) if reflowed else ordered
    boxes = {
        panel.panel_id: Box(
            _left(panel.x, width),
            panel.y * (ROW_HEIGHT + GAP),
            _width(panel.w, width, panel.x),
            panel.h * (ROW_HEIGHT + GAP) - GAP,
        )
        for panel in placed
    }
    return Layout(boxes, max((box.y + box.height for box in boxes.values()), default=0), reflowed)


def cell_at(x: int, y: int, width: int) -> tuple[int, int]:
    """The cell whose corner is nearest to a point."""
    return max(0, min(COLUMNS, round(x * COLUMNS / (width + GAP)))), max(0, round(y / (ROW_HEIGHT + GAP)))


def in_order(panels: Sequence[Panel]) -> list[Panel]:
    """As they are read: row by row."""
    return sorted(panels, key=lambda panel: (panel.y, panel.x))


def moved(panels: Sequence[Panel], panel_id: str, x: int, y: int) -> tuple[Panel, ...]:
    """A panel at another cell; what is in its way goes down, and what hangs in the air comes up."""
    return _changed(panels, panel_id, lambda panel: replace(panel, x=max(0, min(COLUMNS - panel.w, x)), y=max(0, y)))


def resized(panels: Sequence[Panel], panel_id: str, w: int, h: int) -> tuple[Panel, ...]:
    """A panel of another size, as small as its kind can be and as wide as there is room at its right."""

    def size(panel: Panel) -> Panel:
        least_w, least_h = _LEAST_CELLS.get(panel.kind, _LEAST)
        return replace(panel, w=max(least_w, min(COLUMNS - panel.x, w)), h=max(least_h, min(MOST_ROWS, h)))

    return _changed(panels, panel_id, size)


def settled(panels: Sequence[Panel], first: str = "") -> tuple[Panel, ...]:
    """No two panels in one place and none in the air; `first` has its place before all others."""
    placed: list[Panel] = []
    for panel in sorted(panels, key=lambda panel: (panel.panel_id != first, panel.y, panel.x)):
        while any(_meets(panel, other) for other in placed):
            panel = replace(panel, y=panel.y + 1)
        placed.append(panel)
    risen: list[Panel] = []
    for panel in in_order(placed):
        while panel.y > 0 and not any(_meets(replace(panel, y=panel.y - 1), other) for other in risen):
            panel = replace(panel, y=panel.y - 1)
        risen.append(panel)
    by_id = {panel.panel_id: panel for panel in risen}
    return tuple(by_id[panel.panel_id] for panel in panels)


def free_place(panels: Sequence[Panel], w: int, h: int) -> tuple[int, int]:
    """The first cell, read row by row, where a panel of this size finds room."""
    bottom = max((panel.y + panel.h for panel in panels), default=0)
    for y in range(bottom):
        for x in range(COLUMNS - w + 1):
            probe = Panel("", "", ChartKind.LINE, (), x, y, w, h)
            if not any(_meets(probe, other) for other in panels):
                return x, y
    return 0, bottom


def _changed(panels: Sequence[Panel], panel_id: str, change: Callable[[Panel], Panel]) -> tuple[Panel, ...]:
    return settled([change(panel) if panel.panel_id == panel_id else panel for panel in panels], panel_id)


def _meets(one: Panel, other: Panel) -> bool:
    return (
        one.x < other.x + other.w and other.x < one.x + one.w and one.y < other.y + other.h and other.y < one.y + one.h
    )


def _left(x: int, width: int) -> int:
    return round(x * (width + GAP) / COLUMNS)


def _width(w: int, width: int, x: int = 0) -> int:
    return _left(x + w, width) - _left(x, width) - GAP


def _narrowest(panel: Panel) -> int:
    return _NARROWEST.get(panel.kind, _NARROW)


def _reflowed(ordered: Sequence[Panel], width: int) -> list[Panel]:
    """Row after row from left to right; each row as wide as the page."""
    placed: list[Panel] = []
    row: list[Panel] = []
    top = 0

    def close(row: list[Panel], top: int) -> int:
        if not row:
            return top
        height, x = max(panel.h for panel in row), 0
        for panel, w in zip(row, _shared([panel.w for panel in row]), strict=True):
            placed.append(replace(panel, x=x, y=top, w=w, h=height))
            x += w
        return top + height

    for panel, w in zip(ordered, _wanted(ordered, width), strict=True):
        # small figures stand among themselves: beside a chart they would be as high as it
        apart = bool(row) and _is_small(row[0]) is not _is_small(panel)
        if apart or sum(one.w for one in row) + w > COLUMNS:
            top = close(row, top)
            row = []
        row.append(replace(panel, w=w))
    close(row, top)
    return placed


def _wanted(ordered: Sequence[Panel], width: int) -> list[int]:
    """The columns that each panel takes: enough to say something, and of a run of small figures as many in each row."""
    wanted: list[int] = []
    for panel in ordered:
        least = next((n for n in range(1, COLUMNS) if _width(n, width) >= _narrowest(panel)), COLUMNS)
        wanted.append(max(panel.w, least))
    for small, run in groupby(range(len(ordered)), key=lambda n: _is_small(ordered[n])):
        places = list(run)
        if small:
            a_row = max(1, COLUMNS // max(wanted[n] for n in places))
            rows = -(-len(places) // a_row)
            for n in places:
                wanted[n] = COLUMNS // -(-len(places) // rows)
    return wanted


def _is_small(panel: Panel) -> bool:
    return panel.kind is ChartKind.NUMBER


def _shared(widths: Sequence[int]) -> list[int]:
    """The columns of a row in proportion to what each wants, all of them used."""
    whole, edges = sum(widths), [0]
    for n in range(1, len(widths) + 1):
        edges.append(round(sum(widths[:n]) * COLUMNS / whole))
    return [after - before for before, after in pairwise(edges)]
