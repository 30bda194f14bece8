"""What the table of failure modes by a field says: its words, its filters, how strongly its cells are tinted."""

from __future__ import annotations

import math

from tailrace.model.review import FailureMode
from tailrace.model.words import format_count
from tailrace.query import with_term
from tailrace.review.modes import Cell, Column, CrossTable

FIELDS = ("model", "version", "tool", "prompt", "env", "user", "name", "tag")
TEST = "Fisher’s exact test, two-sided, corrected for the number of cells (Benjamini and Hochberg, 5 %)"


def cell_words(mode: str, column: Column, cell: Cell) -> str:
    """One cell in a sentence."""
    words = f"{mode} · {column.label}: {cell.share.words} of the judged traces"
    if cell.p is None:
        return words
    if not cell.telling:
        return f"{words}. Not more different from the rest than chance allows (p = {_p(cell.p)})"
    return f"{words}. {'More' if cell.more else 'Less'} often than in the rest, beyond chance (p = {_p(cell.p)})"


def summary(table: CrossTable, field: str) -> str:
    """What stands below the table: how many columns were cut, and what the marks mean."""
    told = [f"{format_count(table.judged)} judged trace{'' if table.judged == 1 else 's'}"]
    if table.words:
        told.append(f"{table.words} of {field}, the most frequent")
    count = sum(cell.telling for row in table.cells for cell in row)
    told.append(f"{format_count(count) if count else 'no'} cell{'' if count == 1 else 's'} beyond chance")
    told.append(TEST)
    return " · ".join(told)


def cell_filter(mode: FailureMode, field: str, column: Column | None, queue: str | None = None) -> str:
    """The filter of a cell's traces, within a queue where one is counted: of the whole mode where the column stands
    for no one value."""
    text = with_term("" if queue is None else with_term("", "queue", queue), "mode", mode.name)
    return text if column is None or column.value is None else with_term(text, field, column.value)


def tint(cell: Cell) -> float:
    """How much of the tint a cell gets, 0 to 1: its share, so that columns of any size compare."""
    return math.sqrt(cell.share.share or 0.0)


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
