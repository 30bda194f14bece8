"""What commands ask of the window, and the sentence when this machine cannot show one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tailrace.cli.libraries import missing_for_import, missing_for_window, packages_sentence
from tailrace.errors import TailraceError

if TYPE_CHECKING:
    from tailrace.model import TraceFilter
    from tailrace.workspace import Workspace


class Window(Protocol):
    """The graphical side of the program. Every method may raise ImportError where Qt cannot be loaded."""

    def has_display(self) -> bool:
        """Whether a window could be seen here."""

    def pages(self) -> Sequence[str]:
        """What can be rendered."""

    def run(self, paths: Sequence[Path], demo: bool = False) -> int:
        """Show a window until it is closed; the exit code."""

    def render(
        self,
        path: Path,
        page: str,
        out: Path,
        trace: str | None,
        query: str,
        theme: str,
        size: tuple[int, int],
        span: str | None,
        queue: str | None = None,
        reviewer: str | None = None,
        dashboard: str | None = None,
        select: str | None = None,
    ) -> None:
        """Save a picture of a page."""

    def report(
        self, workspace: Workspace, out: Path, asked: TraceFilter, names: Sequence[str], theme: str
    ) -> tuple[int, int, int]:
        """Write dashboards as a file; how many dashboards, charts and pages (of a PDF)."""


@contextmanager
def qt_needed(on_screen: bool = False) -> Iterator[None]:
    """Turn a Qt that cannot be loaded, or could not show a window, into a sentence that names the missing packages."""
    try:
        if on_screen and _uses_x11() and (missing := missing_for_window()):
            # Qt would end the process without an exception
            raise TailraceError(packages_sentence("A window needs", missing))
        yield
    except ImportError as error:
        missing = missing_for_import(str(error))
        if missing and _uses_x11():
            missing += missing_for_window()  # all of it at once: what comes after is missed only then
        if missing:
            raise TailraceError(packages_sentence("Qt needs", missing), detail=str(error)) from error
        raise TailraceError(
            f"Qt cannot be loaded: {error}.", "Run `tailrace doctor` for what is missing.", str(error)
        ) from error


def _uses_x11() -> bool:
    if not sys.platform.startswith("linux") or os.environ.get("WAYLAND_DISPLAY"):
        return False
    return os.environ.get("QT_QPA_PLATFORM", "xcb") == "xcb" and bool(os.environ.get("DISPLAY"))
