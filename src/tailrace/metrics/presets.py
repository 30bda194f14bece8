"""The dashboards that come along: Overview, Performance, Cost, Quality, Agents & tools, Retrieval."""

from __future__ import annotations

from functools import cache
from typing import Final

from tailrace.assets import asset
from tailrace.metrics.dashboards import dashboard_as_json, read_dashboard
from tailrace.model.dashboard import Dashboard

__all__ = ["PRESETS", "dashboard_as_json", "presets", "read_dashboard"]

# files of resources/dashboards, in the order they are offered
PRESETS: Final = ("overview", "performance", "cost", "quality", "agents", "retrieval")


@cache
def presets() -> tuple[Dashboard, ...]:
    """All of them, each with the name of its file as its id."""
    return tuple(read_dashboard(asset("dashboards", f"{name}.json")) for name in PRESETS)
