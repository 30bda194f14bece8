"""The system libraries that Qt's wheels expect on Linux, and the packages that bring them."""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library with its package on Debian or Ubuntu, and on Fedora."""

    file: str
    debian: str
    fedora: str


IMPORTED = (
    Library("libEGL.so.1", "libegl1", "libglvnd-egl"),
    Library("libGL.so.1", "libgl1", "libglvnd-glx"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    Library("libfreetype.so.6", "libfreetype6", "freetype"),
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
)
SHOWN = (
    Library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    Library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    Library("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    Library("libxcb-render.so.0", "libxcb-render0", "libxcb"),
    Library("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    Library("libxcb-shm.so.0", "libxcb-shm0", "libxcb"),
    Library("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    Library("libxcb-util.so.1", "libxcb-util1", "xcb-util"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    Library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb"),
)
# of the second start that hands its files to the program that runs; without them it opens a window of its own
HANDING_OVER = (
    Library("libgssapi_krb5.so.2", "libgssapi-krb5-2", "krb5-libs"),
    Library("libbrotlidec.so.1", "libbrotli1", "libbrotli"),
)
_NAMED = re.compile(r"(lib[\w.+-]+\.so(?:\.\d+)*)")


def missing_for_import(error: str = "") -> list[Library]:
    """What Qt cannot be imported without and is not there; what an ImportError names comes first."""
    missing = _missing(IMPORTED)
    if (found := _NAMED.search(error)) is not None and all(found[1] != library.file for library in missing):
        known = next((library for library in IMPORTED + SHOWN if library.file == found[1]), None)
        missing.insert(0, known or Library(found[1], "", ""))
    return missing


def missing_for_window() -> list[Library]:
    """What a window under X11 cannot be shown without and is not there."""
    return _missing(SHOWN)


def missing_for_handing_over() -> list[Library]:
    """What a second start cannot hand its files over without and is not there."""
    return _missing(HANDING_OVER)


def packages_sentence(beginning: str, missing: Iterable[Library]) -> str:
    """One sentence with the libraries and how to get them."""
    libraries = list(missing)
    names = ", ".join(library.file for library in libraries)
    debian = " ".join(dict.fromkeys(library.debian for library in libraries if library.debian))
    fedora = " ".join(dict.fromkeys(library.fedora for library in libraries if library.fedora))
    ways = []
    if debian:
        ways.append(f"on Debian or Ubuntu with `sudo apt install {debian}`")
    if fedora:
        ways.append(f"on Fedora with `sudo dnf install {fedora}`")
    how = f"; install them {', '.join(ways)}" if ways else ""
    return f"{beginning} system libraries that are missing here: {names}{how}."


def _missing(libraries: Iterable[Library], load: Callable[[str], object] = ctypes.CDLL) -> list[Library]:
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for library in libraries:
        try:
            load(library.file)
        except OSError:
            missing.append(library)
    return missing
