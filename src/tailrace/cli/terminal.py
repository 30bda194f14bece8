"""Writing to the terminal: JSON for scripts, a line of progress for people."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import orjson

from tailrace.jobs import Ticket
from tailrace.model import ImportProgress, Json
from tailrace.model.words import format_count, format_duration
from tailrace.workspace import Workspace

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
# whether a file can be read is for the formats to say: it is the file's fault (1), not wrong usage (2)
file_argument = click.argument("file", type=click.Path(path_type=Path, readable=False))

_LONGEST = 72  # characters of a name in a table


def print_json(value: Json) -> None:
    """Indented JSON on stdout."""
    sys.stdout.flush()
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str)
    click.echo(text.decode())


@contextmanager
def progress_ticket() -> Iterator[Ticket]:
    """A ticket whose progress is one line on stderr, when that is a terminal."""
    if not sys.stderr.isatty():
        yield Ticket()
        return
    width = 0

    def show(news: object) -> None:
        nonlocal width
        if isinstance(news, ImportProgress):
            line = describe(news)
            click.echo("\r" + line.ljust(width), nl=False, err=True)
            width = len(line)

    try:
        yield Ticket(show)
    finally:
        if width:
            click.echo("\r" + " " * width + "\r", nl=False, err=True)


@contextmanager
def opened(paths: Sequence[Path]) -> Iterator[Workspace]:
    """A workspace on some files, complete: foreign ones are imported first."""
    with progress_ticket() as ticket:
        workspace = Workspace.open_file(paths, ticket)
    try:
        yield workspace
    finally:
        workspace.close()


def describe(news: ImportProgress) -> str:
    """One line: what, how far, how fast, how long still."""
    of = f" of {format_count(news.total)}" if news.total is not None else ""
    line = f"{news.source}: {news.phase}, {format_count(news.done)}{of} {news.unit}"
    if news.rate:
        line += f", {format_count(round(news.rate))}/s"
    if news.seconds_left is not None:
        line += f", {format_duration(round(news.seconds_left * 1e9))} left"
    return line


def counted(counts: Mapping[str, int]) -> list[dict[str, Json]]:
    """Reasons with their counts, for JSON."""
    return [{"reason": reason, "count": count} for reason, count in counts.items()]


def figure_as_json(value: float) -> float | int | None:
    """A figure for JSON: whole ones as integers, unknown as null."""
    if math.isnan(value) or math.isinf(value):
        return None
    return int(value) if value == int(value) and abs(value) < 2**53 else float(value)


def aligned(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Lines of a table: the first `left` columns at the left, figures at the right."""
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def one_line(text: str, most: int = _LONGEST) -> str:
    """A text from the data, which may hold anything: printable, on one line, shortened with … to `most` characters."""
    shown = "".join(c if c.isprintable() else " " for c in text[: 2 * most])
    shown = " ".join(shown.split())
    return shown if len(shown) <= most else shown[: most - 1] + "…"
