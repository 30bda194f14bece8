"""The oldest macOS that the packed program runs on: that of the most demanding wheel in it."""

from __future__ import annotations

import platform
import re
import sysconfig
from collections.abc import Iterable
from importlib.metadata import Distribution

_TAG = re.compile(r"-macosx_(\d+)_(\d+)_(\w+)$")
_WHOLE = "universal2"

Version = tuple[int, int]


def minimum_system(distributions: Iterable[Distribution]) -> str:
    """Such as "14.0", for what is installed here and for this Python. Wheels for older systems may be installed as
    wheels of newer ones where the building machine is newer, so the building machine decides too."""
    python = str(sysconfig.get_config_var("MACOSX_DEPLOYMENT_TARGET") or "11.0")
    versions = [tuple(map(int, f"{python}.0".split(".")[:2]))]
    machine = platform.machine()
    for item in distributions:
        tags = re.findall(r"^Tag: (\S+)$", item.read_text("WHEEL") or "", re.M)
        if (found := minimum_of_tags(tags, machine)) is not None:
            versions.append(found)
    return ".".join(map(str, max(versions)))


def minimum_of_tags(tags: Iterable[str], machine: str) -> Version | None:
    """What one wheel asks for on "arm64" or "x86_64": a wheel says each system that it is for. None where it is not for
    macOS alone."""
    found = [match for match in map(_TAG.search, tags) if match is not None and match[3] in (machine, _WHOLE)]
    return min(((int(match[1]), int(match[2])) for match in found), default=None)
