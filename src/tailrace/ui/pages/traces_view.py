"""How the Traces page was set up, whatever it shows: inspector, columns, idle gaps; to be so the next time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailrace.ui.commands import Actions
    from tailrace.ui.pages.traces import TracesPage


def write_view(page: TracesPage) -> str:
    """The set-up as JSON."""
    view = page.waterfall
    return json.dumps(
        {
            "inspector": not page.inspector.isHidden(),
            "columns": sorted(column.name for column in view.columns()),
            "name_width": view.name_width(),
            "compress": view.compresses_gaps,
        }
    )


def read_view(text: str, page: TracesPage, actions: Actions) -> None:
    """Set a page up, and the menu with it. What makes no sense changes nothing."""
    from tailrace.ui.views.waterfall import Column  # takes longer to import than the window to paint

    try:
        raw = json.loads(text)
        width, columns = int(raw["name_width"]), {Column[str(name)] for name in raw["columns"]}
        inspector, compress = raw["inspector"] is True, raw["compress"] is True
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    page.waterfall.set_name_width(width)
    page.waterfall.set_columns(frozenset(columns))
    page.waterfall.set_compress_gaps(compress)
    page.header.set_compress(compress)
    page.inspector.setVisible(inspector)
    actions["view.inspector"].setChecked(inspector)
    actions["span.compress-gaps"].setChecked(compress)
    for column in Column:
        actions[f"span.column-{column.name.lower()}"].setChecked(column in columns)
