"""`tailrace screenshot FILE --page PAGE -o OUT`: a picture of a page, with or without a display."""

from __future__ import annotations

import re
from pathlib import Path

import click

from tailrace.cli.terminal import file_argument
from tailrace.cli.window import Window, qt_needed


class _Size(click.ParamType[tuple[int, int]]):
    name = "WxH"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        found = re.fullmatch(r"(\d{2,5})[x×](\d{2,5})", str(value))
        if found is None:
            self.fail(f"{value!r} is no size; write it as 1600x1000.", param, ctx)
        return int(found[1]), int(found[2])


@click.command()
@file_argument
@click.option("--page", required=True, help="Which page: traces, review, modes, agreement, monitor, …")
@click.option("--trace", "trace_id", help="The trace to show.")
@click.option("--span", "span_id", help="The span of it to show.")
@click.option("-q", "--query", default="", help="A filter, as in the window.")
@click.option("--queue", help="The review queue to show, by its name; else the newest that was begun.")
@click.option("--reviewer", help="Whose review to show; else yours.")
@click.option("--dashboard", help="The dashboard to show on the Monitor page, by its name.")
@click.option("--select", help="A filter: what differs in the traces that it matches, on the Monitor page.")
@click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", show_default=True)
@click.option("--size", type=_Size(), default="1600x1000", show_default=True, help="Width and height in pixels.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The PNG file.")
@click.pass_obj
def screenshot(
    window: Window,
    file: Path,
    page: str,
    trace_id: str | None,
    span_id: str | None,
    query: str,
    queue: str | None,
    reviewer: str | None,
    dashboard: str | None,
    select: str | None,
    theme: str,
    size: tuple[int, int],
    output: Path,
) -> None:
    """Save a picture of a page."""
    with qt_needed():
        pages = list(window.pages())
        if page not in pages:
            raise click.BadParameter(f"there is no page {page!r}; there are: {', '.join(pages)}.", param_hint="--page")
        window.render(
            file, page, output, trace_id, query, theme, size, span_id, queue, reviewer, dashboard, select
        )  # fmt: skip
