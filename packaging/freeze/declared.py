"""The distributions that Tailrace declares, and those that they declare in turn: what a bundle may carry."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# sqlite-utils asks for pip to install its own plugins, which Tailrace never does.
_NOT_CARRIED = {"pip"}


def declared_distributions() -> dict[str, Distribution]:
    """Every distribution that Tailrace needs to run here, by canonical name, itself included. Raises
    PackageNotFoundError where one is not installed."""
    found: dict[str, Distribution] = {}
    wanted = ["tailrace"]
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name in found or name in _NOT_CARRIED:
            continue
        found[name] = distribution(name)
        for text in found[name].requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.append(requirement.name)
    return dict(sorted(found.items()))


def files_of(item: Distribution) -> Iterator[Path]:
    """The installed files of a distribution, as absolute paths."""
    for file in item.files or ():
        yield Path(str(item.locate_file(file))).resolve()


def metadata_files() -> list[tuple[str, str]]:
    """What `importlib.metadata` needs to tell versions: (file, folder inside the bundle)."""
    return [
        (str(path), path.parent.name)
        for item in declared_distributions().values()
        for path in files_of(item)
        if path.name == "METADATA" and path.parent.suffix == ".dist-info"
    ]
