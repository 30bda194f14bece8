"""Dashboards as JSON files: what goes out comes in again, and what makes no sense is refused in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import orjson

from tailrace.errors import QueryError, SourceError
from tailrace.metrics.formula import parse_formula
from tailrace.model.dashboard import LONGEST_NAME, MOST_PANELS, ChartKind, Dashboard, Panel, fields_of, panel_of
from tailrace.model.facts import COLUMNS, ColumnType, find_dimension, type_of
from tailrace.model.measures import Grain
from tailrace.query import State, parse
from tailrace.query.values import shorten

FORMAT: Final = 1
MOST_BYTES: Final = 4 << 20
PAGE: Final = "page"  # of a panel's `by`: what the page is grouped by; "page:FIELD" where it is by none: by FIELD
_MARK: Final = "tailrace_dashboard"
_OF_COLUMN: Final = (ChartKind.HEATMAP, ChartKind.HISTOGRAM)


def dashboard_as_json(dashboard: Dashboard) -> bytes:
    """The file of a dashboard. Its id, author and times stay here: where it comes in it is another one."""
    panels = [fields_of(panel) for panel in dashboard.panels]
    whole = {_MARK: FORMAT, "name": dashboard.name, "panels": panels}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_dashboard(path: Path) -> Dashboard:
    """The dashboard of a file, with the file's name as its id. Raises SourceError."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.", detail=repr(error)) from error
    if len(content) > MOST_BYTES:
        raise SourceError(f"{path} is no dashboard: it has more than {MOST_BYTES >> 20} MB.")
    try:
        return dashboard_of(content, path.stem)
    except ValueError as error:
        raise SourceError(f"{path} is no dashboard that can be shown: {error}") from error


def dashboard_of(content: bytes, dashboard_id: str) -> Dashboard:
    """The dashboard of a file's content. Raises ValueError with a sentence."""
    try:
        found = orjson.loads(content)
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}.") from error
    if not isinstance(found, dict) or _MARK not in found:
        raise ValueError(f"“{_MARK}” is missing in it.")
    if found[_MARK] != FORMAT:
        raise ValueError("it was made by a newer version of Tailrace.")
    name = found.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("it has no name.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"its name has {len(name):,} characters, and {LONGEST_NAME} is the most.")
    panels = found.get("panels")
    if not isinstance(panels, list):
        raise ValueError("it has no list of panels.")
    if len(panels) > MOST_PANELS:
        raise ValueError(f"it has {len(panels):,} panels, and {MOST_PANELS} is the most.")
    made: dict[str, Panel] = {}
    for number, each in enumerate(panels, 1):
        panel = _read_panel(number, each)
        if panel.panel_id in made:
            raise ValueError(f"two panels have the id “{shorten(panel.panel_id)}”.")
        made[panel.panel_id] = panel
    return Dashboard(dashboard_id, name.strip(), tuple(made.values()))


def _read_panel(number: int, found: Any) -> Panel:
    title = found.get("title") if isinstance(found, dict) else None
    place = f"panel {number} (“{shorten(title)}”)" if isinstance(title, str) and title else f"panel {number}"
    try:
        panel = panel_of(found)
        fault = fault_in(panel)
    except ValueError as error:
        raise ValueError(f"of {place}: {error}.") from error
    if fault:
        raise ValueError(f"of {place}: {fault}")
    return panel


def follows_page(by: str) -> bool:
    """Whether a panel's `by` is what the page is grouped by."""
    return by == PAGE or by.startswith(f"{PAGE}:")


def grouped_by(by: str, page: str) -> str:
    """The field that a panel's `by` means on a page that is grouped by `page`; empty for none."""
    return (page or by[len(PAGE) + 1 :]) if follows_page(by) else by


def fault_in(panel: Panel) -> str:
    """What a panel asks for that there is not, as a sentence; empty where all is well."""
    own = grouped_by(panel.by, "")
    if own and find_dimension(own) is None:
        return f"there is no field “{shorten(own)}” to group by."
    filtered = parse(panel.filter)
    if filtered.state not in (State.VALID, State.EMPTY):
        return f"its filter does not work: {filtered.message}."
    for text in panel.measures:
        try:
            column_of(text) if panel.kind in _OF_COLUMN else parse_formula(text)
        except QueryError as error:
            return str(error)
    return ""


def column_of(text: str) -> tuple[Grain, str, str | None]:
    """Grain, column and score's name of `trace.duration_ns` or `score.value:NAME`. Raises QueryError."""
    family, _, rest = text.partition(".")
    column, colon, score = rest.partition(":")
    grain = next((grain for grain in Grain if grain.value == family), None)
    kind = type_of(grain, column) if grain is not None and column in COLUMNS[grain] else None
    if grain is None or kind not in (ColumnType.INTEGER, ColumnType.NUMBER) or (colon and grain is not Grain.SCORE):
        raise QueryError(
            f"There is no column of numbers “{shorten(text)}”; write trace.duration_ns or score.value:NAME."
        )
    return grain, column, score or None
