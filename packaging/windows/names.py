"""How what is made for Windows is called, and where it goes."""

from __future__ import annotations

import platform
from pathlib import Path

from tailrace import __version__

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
BUNDLE = DIST / "tailrace"
ICONS = ROOT / "build/icons"
EXECUTABLES = ("tailrace.exe", "tailracew.exe")

_ARCHITECTURES = {"amd64": "x64", "x86_64": "x64", "arm64": "arm64", "aarch64": "arm64"}


def architecture() -> str:
    """ "x64" or "arm64": what this Python, and so the program, was built for."""
    return _ARCHITECTURES[platform.machine().lower()]


def artefact(ending: str) -> Path:
    """A file in dist, such as tailrace-1.2.3-windows-x64.zip."""
    return DIST / f"tailrace-{__version__}-windows-{architecture()}{ending}"
