"""`tailrace report FILE -o OUT`: the dashboards of the Monitor page as a file."""

from __future__ import annotations

from pathlib import Path

import click

from tailrace.cli.period import Moment, period_of, since_option, until_option
from tailrace.cli.terminal import file_argument, opened
from tailrace.cli.window import Window, qt_needed
from tailrace.model import TraceFilter
from tailrace.model.words import count_of


@click.command()
@file_argument
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The file: .html or .pdf.")
@click.option("-d", "--dashboard", "names", multiple=True, help="A dashboard by its name; else all of them.")
@click.option("-q", "--query", default="", help="Only traces that this filter matches.")
@since_option
@until_option
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@click.pass_obj
def report(
    window: Window,
    file: Path,
    output: Path,
    names: tuple[str, ...],
    query: str,
    since: Moment | None,
    until: Moment | None,
    theme: str,
) -> None:
    """Write the dashboards of the Monitor page as one HTML page or a PDF.

    The pictures are vectors, the HTML page has their figures as tables besides; it needs nothing else and can be
    mailed, printed and read without a network.
    """
    with opened([file]) as workspace:
        asked = TraceFilter(query, *period_of(since, until, workspace.extent()))
        with qt_needed():
            dashboards, charts, pages = window.report(workspace, output.absolute(), asked, names, theme)
    on_pages = f" on {count_of(pages, 'page')}" if pages else ""
    click.echo(f"{output}: {count_of(dashboards, 'dashboard')}, {count_of(charts, 'chart')}{on_pages}.")
