"""A dashboard: which charts stand where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

COLUMNS = 12  # of the grid
ROW_HEIGHT = 76  # pixels of one row of the grid
GAP = 12


class ChartKind(StrEnum):
    """How figures are drawn."""

    NUMBER = "number"  # one big figure with its trend
    LINE = "line"
    AREA = "area"  # stacked
    BARS = "bars"  # stacked, over time
    LIST = "list"  # a bar a group
    PIE = "pie"  # parts of one whole
    TABLE = "table"  # a row a group, a column a measure
    HEATMAP = "heatmap"  # of one column, time x log value
    HISTOGRAM = "histogram"  # of one column
    COMPARISON = "comparison"  # up to three values of the page's field, measures as rows
    DIFFERENCES = "differences"  # what differs in the selection


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart. `measures` are ids of the catalogue or formulas; of a HEATMAP or HISTOGRAM one `grain.column`, as
    `trace.duration_ns` or `score.value:NAME`. `by` is the field it is grouped by ("" for none, "page" for what the page
    is grouped by). `x`, `y`, `w`, `h` are cells of the grid. `filter` narrows the page's filter."""

    panel_id: str
    title: str
    kind: ChartKind
    measures: tuple[str, ...]
    x: int
    y: int
    w: int
    h: int
    by: str = ""
    top: int = 8
    filter: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Some panels. A preset has no `created_ns` and is never written."""

    dashboard_id: str
    name: str
    panels: tuple[Panel, ...]
    author: str | None = None
    created_ns: int | None = None
    updated_ns: int = 0
