"""Dashboards being edited: every change as the dashboard that comes of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace

from tailrace.metrics.dashboards import PAGE
from tailrace.model.dashboard import LONGEST_NAME, MOST_PANELS, ChartKind, Dashboard, Panel
from tailrace.ui.models.monitor_layout import free_place, in_order, moved, resized, settled

SIZES: dict[ChartKind, tuple[int, int]] = {
    ChartKind.NUMBER: (2, 1),
    ChartKind.TABLE: (6, 4),
    ChartKind.COMPARISON: (7, 4),
    ChartKind.DIFFERENCES: (4, 4),
}
USUAL_SIZE = (4, 3)


def is_preset(dashboard: Dashboard) -> bool:
    """Whether it came with the program: it is never changed."""
    return dashboard.created_ns is None


def new_dashboard(name: str, author: str, names: Collection[str]) -> Dashboard:
    """An empty one."""
    return Dashboard(_new_id(), free_name(name, names), (), author, time.time_ns())


def copy_of(dashboard: Dashboard, author: str, names: Collection[str], name: str = "") -> Dashboard:
    """One's own with the same panels: their ids are unique within a dashboard only."""
    named = free_name(name or dashboard.name, names)
    return Dashboard(_new_id(), named, dashboard.panels, author, time.time_ns())


def taken_in(dashboard: Dashboard, author: str, names: Collection[str]) -> Dashboard:
    """One from a file, as one's own."""
    made = copy_of(dashboard, author, names)
    return replace(made, panels=settled(made.panels))


def free_name(wanted: str, names: Collection[str]) -> str:
    """A name that no other has: Cost, Cost 2, Cost 3."""
    taken = {name.casefold() for name in names}
    words = wanted.strip()[:LONGEST_NAME] or "Dashboard"
    stem, number = words, 1
    while words.casefold() in taken:
        number += 1
        words = f"{stem} {number}"
    return words


def name_problem(name: str, names: Collection[str]) -> str:
    """Why a dashboard cannot have this name, in words; empty where it can."""
    words = name.strip()
    if not words:
        return "A dashboard needs a name."
    if words.casefold() in {other.casefold() for other in names}:
        return f"There is another dashboard called “{words}”."
    return "" if len(words) <= LONGEST_NAME else f"A name has at most {LONGEST_NAME} characters."


def renamed(dashboard: Dashboard, name: str) -> Dashboard:
    """The same under another name."""
    return replace(dashboard, name=name.strip()[:LONGEST_NAME])


def new_panel(kind: ChartKind = ChartKind.LINE) -> Panel:
    """One that measures nothing yet, of the usual size, not yet placed; grouped as the page is."""
    w, h = SIZES.get(kind, USUAL_SIZE)
    return Panel(_new_id(), "", kind, (), 0, 0, w, h, PAGE)


def with_panel(dashboard: Dashboard, panel: Panel) -> Dashboard:
    """One more panel, where there is room; of MOST_PANELS none."""
    if len(dashboard.panels) >= MOST_PANELS:
        return dashboard
    x, y = free_place(dashboard.panels, panel.w, panel.h)
    return replace(dashboard, panels=(*dashboard.panels, replace(panel, x=x, y=y)))


def with_changed(dashboard: Dashboard, panel: Panel) -> Dashboard:
    """A panel as it is now."""
    return _with(dashboard, [panel if one.panel_id == panel.panel_id else one for one in dashboard.panels])


def without(dashboard: Dashboard, panel_id: str) -> Dashboard:
    """A panel less; those below it come up."""
    left = [one for one in dashboard.panels if one.panel_id != panel_id]
    return replace(dashboard, panels=settled(left))


def duplicated(dashboard: Dashboard, panel_id: str) -> Dashboard:
    """A panel twice."""
    panel = panel_of(dashboard, panel_id)
    return dashboard if panel is None else with_panel(dashboard, replace(panel, panel_id=_new_id()))


def with_moved(dashboard: Dashboard, panel_id: str, x: int, y: int) -> Dashboard:
    """A panel at another cell."""
    return replace(dashboard, panels=moved(dashboard.panels, panel_id, x, y))


def with_resized(dashboard: Dashboard, panel_id: str, w: int, h: int) -> Dashboard:
    """A panel of another size."""
    return replace(dashboard, panels=resized(dashboard.panels, panel_id, w, h))


def panel_of(dashboard: Dashboard, panel_id: str) -> Panel | None:
    """A panel by its id."""
    return next((panel for panel in dashboard.panels if panel.panel_id == panel_id), None)


def reading_order(dashboard: Dashboard) -> list[str]:
    """The ids of its panels row by row."""
    return [panel.panel_id for panel in in_order(dashboard.panels)]


def _with(dashboard: Dashboard, panels: Sequence[Panel]) -> Dashboard:
    return replace(dashboard, panels=settled(panels))


def _new_id() -> str:
    return uuid.uuid4().hex
