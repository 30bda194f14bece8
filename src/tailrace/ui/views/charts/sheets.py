"""What cards draw as tables of exact figures, and such a table as lines of text."""

from __future__ import annotations

import math
from itertools import pairwise

from tailrace.model.measures import Unit
from tailrace.model.time import format_time
from tailrace.ui.views.charts.text import one_line
from tailrace.ui.views.charts.values import Sheet

# what spreadsheets take for a formula
_FORMULA = ("=", "+", "-", "@")
_UNITS = {Unit.DURATION: "ns", Unit.MONEY: "US dollars", Unit.RATE: "per minute", Unit.SPEED: "tokens per second"}


def titled(name: str, unit: Unit) -> str:
    """A column's name with the unit that its figures would not say."""
    return f"{one_line(name)} ({_UNITS[unit]})" if unit in _UNITS else one_line(name)


def cell_of(value: float) -> float | int | None:
    """A figure as it is, whole ones without a point; None where it is unknown."""
    if not math.isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def time_cells(edges: tuple[int, ...]) -> list[tuple[str, str]]:
    """From and to of each bucket."""
    texts = [format_time(edge) for edge in edges]
    return list(pairwise(texts))


def as_lines(sheet: Sheet) -> str:
    """Tabs between cells, a line a row, the header first; unknown is empty. Text that a spreadsheet would take for a
    formula gets an apostrophe."""
    rows = [sheet.header, *sheet.rows]
    return "\n".join("\t".join("" if cell is None else _text(cell) for cell in row) for row in rows) + "\n"


def _text(cell: str | float | int) -> str:
    if not isinstance(cell, str):
        return repr(cell)
    line = one_line(cell)
    return f"'{line}" if line.startswith(_FORMULA) else line
