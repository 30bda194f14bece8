"""The program's entrance: the command line, with the window behind it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tailrace.cli import commands

if TYPE_CHECKING:
    from tailrace.model import TraceFilter
    from tailrace.workspace import Workspace

_SQL_CHILD = "tailrace.store.sql.child"  # how a packed program, which has no `python -m`, starts itself for a statement


class QtWindow:
    """The window, imported when a command needs it: most commands run without Qt."""

    def has_display(self) -> bool:
        """Whether a window could be seen here."""
        from tailrace.ui.app import has_display

        return has_display()

    def pages(self) -> Sequence[str]:
        """What can be rendered."""
        from tailrace.ui.screenshot import PAGES

        return PAGES

    def run(self, paths: Sequence[Path], demo: bool = False) -> int:
        """Show a window until it is closed; the exit code."""
        from tailrace.ui.app.start import run

        return run(paths, demo)

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
        from tailrace.ui.screenshot import render

        render(path, page, out, trace, query, theme, size, span, queue, reviewer, dashboard, select)

    def report(
        self, workspace: Workspace, out: Path, asked: TraceFilter, names: Sequence[str], theme: str
    ) -> tuple[int, int, int]:
        """Write dashboards as a file; how many dashboards, charts and pages."""
        from tailrace.ui.reporting import write_report
        from tailrace.workspace import SettingsStore

        budget = SettingsStore().current.monthly_budget
        written = write_report(workspace, out, asked, names, theme, budget)
        return written.dashboards, written.charts, written.pages


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == [_SQL_CHILD]:
        from tailrace.store.sql import child

        child.main()
    commands.main(prog_name="tailrace", obj=QtWindow())


if __name__ == "__main__":
    main()
