"""Where icons, fonts, price tables and demo ingredients are found: in the wheel or in a checkout."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def resources() -> Path:
    """The resource folder. An installed wheel carries it inside the package, a checkout beside `src`."""
    packed = Path(str(files("tailrace"))) / "resources"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "resources"


def asset(*parts: str) -> Path:
    """One resource file by its path below `resources/`."""
    return resources().joinpath(*parts)


def licences_folder() -> Path | None:
    """Where a packed program carries the licence texts of all that is in it; None in a wheel or a checkout."""
    folder = Path(str(files("tailrace"))) / "licenses"
    return folder if folder.is_dir() else None
