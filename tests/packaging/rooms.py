"""Modules of packaging/, which is no package: its scripts stand beside each other and import each other by name."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

PACKAGING = Path(__file__).parents[2] / "packaging"


def load(room: str, name: str) -> ModuleType:
    """The module `name` of the folder `room` ("" for packaging itself), freshly read and under no name afterwards."""
    folder = str(PACKAGING / room)
    before = set(sys.modules)
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)
        for loaded in set(sys.modules) - before:
            if str(getattr(sys.modules[loaded], "__file__", "")).startswith(folder):
                del sys.modules[loaded]
