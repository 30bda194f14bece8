"""The one place without Qt that knows all rooms: open, import, query, judge, close."""

from tailrace.workspace.folders import cache_folder, data_folder
from tailrace.workspace.locate import Opening, locate, workspace_database
from tailrace.workspace.settings import Settings, SettingsStore, ThemeChoice
from tailrace.workspace.workspace import Workspace, tree_of

__all__ = [
    "Opening",
    "Settings",
    "SettingsStore",
    "ThemeChoice",
    "Workspace",
    "cache_folder",
    "data_folder",
    "locate",
    "tree_of",
    "workspace_database",
]
