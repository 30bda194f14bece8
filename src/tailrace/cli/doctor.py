"""`tailrace doctor`: what this installation is made of, and what is missing on this machine."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

import tailrace
from tailrace.cli.libraries import (
    missing_for_handing_over,
    missing_for_import,
    missing_for_window,
    packages_sentence,
)
from tailrace.workspace.diagnosis import diagnose

_PACKAGES = (
    "PySide6-Essentials",
    "numpy",
    "sqlite-utils",
    "orjson",
    "opentelemetry-proto",
    "click",
    "duckdb",
    "Jinja2",
)


@click.command()
def doctor() -> None:
    """Show versions, the Qt platform, missing system libraries and where data lives."""
    found = diagnose()
    _line("Tailrace", tailrace.__version__)
    _line("Python", f"{platform.python_version()} ({sys.executable})")
    _line("System", f"{platform.system()} {platform.release()} {platform.machine()}")
    for package in _PACKAGES:
        try:
            _line(package, version(package))
        except PackageNotFoundError:
            _line(package, "missing")
    _line("SQLite", f"{found.sqlite_version}, full-text search {'present' if found.has_full_text else 'MISSING'}")
    _line(
        "Data",
        f"{found.data_folder}{'' if found.may_write else ' CANNOT BE WRITTEN TO; set TAILRACE_DATA to one that can'}",
    )
    _line("Cache", str(found.cache_folder))
    _line("Log", _logged(found.fault_folder))
    _line("Qt platform", _platform())
    qt_error = _import_qt()
    missing = missing_for_import(qt_error)
    _line("Qt", qt_error or f"{_qt_version()} can be loaded")
    if missing:
        click.echo(packages_sentence("Qt needs", missing))
    if windowed := missing_for_window():
        click.echo(packages_sentence("A window under X11 needs", windowed))
    if handing := missing_for_handing_over():
        click.echo(packages_sentence("Opening files in the window that is open already needs", handing))
    if not missing and not windowed and not handing and not qt_error:
        _line("Libraries", "all there")
    sys.exit(1 if qt_error or not found.has_full_text else 0)


def _line(title: str, text: str) -> None:
    click.echo(f"{title:20} {text}")


def _logged(folder: Path) -> str:
    crashes = len(list(folder.glob("crash-*.txt")))
    log = folder / "tailrace.log"
    text = str(log) if log.exists() else f"{log} (nothing yet)"
    return text + (f", and {crashes} crash report{'' if crashes == 1 else 's'}" if crashes else "")


def _platform() -> str:
    chosen = os.environ.get("QT_QPA_PLATFORM")
    if chosen:
        return f"{chosen} (QT_QPA_PLATFORM)"
    if not sys.platform.startswith("linux"):
        return "native"
    if os.environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if os.environ.get("DISPLAY") else "offscreen, there is no display"


def _import_qt() -> str:
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        return str(error)
    return ""


def _qt_version() -> str:
    return str(importlib.import_module("PySide6.QtCore").qVersion())
