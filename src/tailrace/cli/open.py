"""`tailrace open FILE…`: files in a window."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tailrace.cli.window import Window, qt_needed


@click.command("open")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, readable=False))
@click.pass_obj
def open_(window: Window, files: tuple[Path, ...]) -> None:
    """Open files in a window (the default: `tailrace FILE…`).

    Where Tailrace runs already they open there, and this command is done. Without files its latest window comes to the
    front.
    """
    with qt_needed(on_screen=True):
        sys.exit(window.run(list(files)))
