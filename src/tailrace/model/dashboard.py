"""A dashboard: which charts stand where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any

COLUMNS = 12  # of the grid
ROW_HEIGHT = 76  # pixels of one row of the grid
GAP = 12
MOST_ROWS = 24  # of one panel
MOST_PANELS = 100
MOST_MEASURES = 20
LONGEST_NAME = 120  # characters, of a dashboard and of a panel
_LOWEST = 10_000  # row that a panel can stand in
_LONGEST_TEXT = 20_000


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
    is grouped by, "page:FIELD" for that, and where it is by none for FIELD). `x`, `y`, `w`, `h` are cells of the grid.
    `filter` narrows the page's filter."""

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
    updated_ns: int | None = None


def fields_of(panel: Panel) -> dict[str, Any]:
    """A panel as a JSON object, without what is as usual."""
    named = {field.name: getattr(panel, field.name) for field in fields(panel)}
    usual = {field.name: field.default for field in fields(panel)}
    kept = {name: value for name, value in named.items() if usual[name] is MISSING or value != usual[name]}
    return kept | {"kind": panel.kind.value, "measures": list(panel.measures)}


def panel_of(found: object) -> Panel:
    """The panel of a JSON object; what else is in it is left out. Raises ValueError with what is wrong with it, as in
    “its kind is not one of line, …”. Whether its measures and its filter mean something is not looked at."""
    if not isinstance(found, Mapping):
        raise ValueError("it is no object")
    kinds = {kind.value: kind for kind in ChartKind}
    kind = kinds.get(found["kind"]) if isinstance(found.get("kind"), str) else None
    if kind is None:
        raise ValueError(f"its kind is not one of {', '.join(kinds)}")
    measures = found.get("measures", [])
    if not isinstance(measures, list) or not all(isinstance(each, str) for each in measures):
        raise ValueError("its measures are not a list of texts")
    if len(measures) > MOST_MEASURES:
        raise ValueError(f"it has {len(measures):,} measures, and {MOST_MEASURES} is the most")
    x, w = _whole(found, "x", 0, COLUMNS - 1), _whole(found, "w", 1, COLUMNS)
    if x + w > COLUMNS:
        raise ValueError(f"it reaches beyond the {COLUMNS} columns of the grid")
    return Panel(
        _text(found, "panel_id", LONGEST_NAME, needed=True),
        _text(found, "title", LONGEST_NAME),
        kind,
        tuple(measures),
        x,
        _whole(found, "y", 0, _LOWEST),
        w,
        _whole(found, "h", 1, MOST_ROWS),
        _text(found, "by", LONGEST_NAME * 4),
        _whole(found, "top", 0, 1_000, 8),
        _text(found, "filter", _LONGEST_TEXT),
    )


def _text(found: Mapping[str, Any], name: str, most: int, needed: bool = False) -> str:
    value = found.get(name, "")
    if not isinstance(value, str) or (needed and not value):
        raise ValueError(f"its {name} is {'missing' if name not in found else 'no text'}")
    if len(value) > most:
        raise ValueError(f"its {name} has {len(value):,} characters, and {most:,} is the most")
    return value


def _whole(found: Mapping[str, Any], name: str, least: int, most: int, usual: int | None = None) -> int:
    value = found.get(name, usual)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"its {name} is no whole number from {least} to {most:,}")
    return value
