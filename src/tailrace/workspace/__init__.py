"""The one place without Qt that knows all rooms: open, import, query, judge, close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tailrace.workspace.folders import cache_folder, data_folder, demo_database
from tailrace.workspace.settings import Clock, Settings, SettingsStore, ThemeChoice

if TYPE_CHECKING:
    from tailrace.workspace.filtering import tree_of
    from tailrace.workspace.opening import Opening, describe, locate, workspace_database
    from tailrace.workspace.workspace import Workspace

__all__ = [
    "Clock",
    "Opening",
    "Settings",
    "SettingsStore",
    "ThemeChoice",
    "Workspace",
    "cache_folder",
    "data_folder",
    "demo_database",
    "describe",
    "locate",
    "tree_of",
    "workspace_database",
]


def __getattr__(name: str) -> object:
    # a window paints before any room that reads or writes traces is imported
    if name in ("Opening", "describe", "locate", "workspace_database"):
        from tailrace.workspace import opening

        return getattr(opening, name)
    if name in ("Workspace", "tree_of"):
        from tailrace.workspace import workspace

        return getattr(workspace, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
