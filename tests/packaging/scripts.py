"""Scripts of packaging/ as modules: that folder is no package, or it would shadow the library of its name.

This folder has no __init__.py for the same reason.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

PACKAGING = Path(__file__).parents[2] / "packaging"


def load_script(name: str) -> ModuleType:
    """The script at `name` below packaging/, imported without being run. Scripts beside it can be imported by it, as
    when it is run; their names are free again afterwards."""
    path = PACKAGING / name
    spec = importlib.util.spec_from_file_location(f"packaging_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before, places = set(sys.modules), list(sys.path)
    sys.modules[spec.name] = module  # dataclasses look there
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = places
        for loaded in set(sys.modules) - before:
            if str(getattr(sys.modules[loaded], "__file__", "")).startswith(str(PACKAGING)):
                del sys.modules[loaded]
    return module
