"""`tailrace demo`: the program with invented data, in a window or as pictures."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tailrace.cli.info import print_summary
from tailrace.cli.terminal import opened, progress_ticket
from tailrace.cli.window import Window, qt_needed
from tailrace.workspace import cache_folder

_SIZE = (1600, 1000)


@click.command()
@click.option(
    "--pictures",
    type=click.Path(path_type=Path, file_okay=False),
    help="Save pictures of the pages into this folder and open no window.",
)
@click.pass_obj
def demo(window: Window, pictures: Path | None) -> None:
    """Make the demo database and open it.

    Where no window can be shown the pages are saved as pictures.
    """
    with qt_needed():
        if pictures is None and window.has_display():
            with qt_needed(on_screen=True):
                sys.exit(window.run([], demo=True))
    from tailrace.workspace.demo import REVIEWER, make_demo  # its ingredients are read by those who want it only

    with progress_ticket() as ticket:
        database = make_demo(ticket)
    folder = pictures or cache_folder() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    click.echo(f"Database: {database}")
    with qt_needed():
        for page in window.pages():
            for theme in ("dark", "light"):
                out = folder / f"{page}-{theme}.png"
                window.render(database, page, out, None, "", theme, _SIZE, None, None, REVIEWER)
                click.echo(f"Picture: {out}")
    with opened([database]) as workspace:
        print_summary(workspace.info())
