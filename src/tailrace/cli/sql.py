"""`tailrace sql FILE "SELECT …"`: a person's own statement over spans, traces and scores."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tailrace.cli.terminal import json_option, opened, print_json, progress_ticket
from tailrace.model.sql import ATTRIBUTES, MEMORY, ROWS, SECONDS, SQL_VIEWS, Cell, SqlResult, is_numeric
from tailrace.model.words import count_of, format_count, format_duration
from tailrace.workspace.sql_files import json_row, write_result

_WIDEST = 60  # characters of a column
_STDIN = "-"
_PLAN = ("explain_key", "explain_value")  # what EXPLAIN answers: a drawing of many lines


@click.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False), required=False)
@click.argument("statement", required=False)
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=ROWS, show_default=True, help="The first so many rows at most."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1, max=86_400),
    default=SECONDS,
    show_default=True,
    help="How long it may take.",
)
@click.option("--views", is_flag=True, help="Say what can be asked: the views and their columns.")
def sql(
    file: Path | None,
    statement: str | None,
    as_json: bool,
    as_csv: bool,
    limit: int,
    seconds: float,
    views: bool,
) -> None:
    """Run a statement that reads: SELECT, WITH … SELECT, FROM, VALUES, DESCRIBE, SUMMARIZE or EXPLAIN in DuckDB's SQL.

    It can read spans, traces and scores (`tailrace sql --views`) and nothing else. A STATEMENT of `-` is read from
    standard input.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    if views:
        _print_views(as_json)
        return
    if file is None or statement is None:
        raise click.UsageError('Name a file and a statement: tailrace sql FILE "SELECT count(*) FROM traces".')
    text = sys.stdin.buffer.read().decode("utf-8", "replace") if statement == _STDIN else statement
    with opened([file]) as workspace, progress_ticket() as ticket:
        result = workspace.monitor.select(text, ticket, seconds, limit)
    if as_json:
        print_json([json_row(result, row) for row in result.rows])
    elif as_csv:
        from tailrace.workspace.tables import Form

        sys.stdout.flush()
        write_result(sys.stdout.buffer, result, Form.CSV)
    else:
        for line in _lines(result):
            click.echo(line)
    click.echo(_summary(result), err=True)


def _print_views(as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "view": view.name,
                    "description": view.description,
                    "columns": [
                        {"name": column.name, "type": column.type, "description": column.description}
                        for column in view.columns
                    ],
                }
                for view in SQL_VIEWS
            ]
        )
        return
    for view in SQL_VIEWS:
        click.echo(f"{view.name}: {view.description}")
        for column in view.columns:
            click.echo(f"  {column.name:<20} {column.type:<10} {column.description}")
        click.echo()
    click.echo(ATTRIBUTES)
    click.echo(
        f"A statement may take {SECONDS:g} s and {MEMORY >> 30} GB of memory, a result have {ROWS:,} rows, unless said "
        "otherwise."
    )


def _summary(result: SqlResult) -> str:
    rows = result.more or count_of(len(result.rows), "row")
    return f"{rows[:1].upper()}{rows[1:]}, {format_duration(result.elapsed_ns)}"


def _lines(result: SqlResult) -> list[str]:
    """Columns side by side, numbers at the right."""
    if not result.columns:
        return []
    if result.columns == _PLAN:
        return [_plain(line).rstrip() for _, plan in result.rows for line in str(plan).splitlines()]
    table = [[_named(name) for name in result.columns], *([_shown(cell) for cell in row] for row in result.rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(result.columns))]
    numeric = [is_numeric(kind) for kind in result.types]
    rule = ["─" * width for width in widths]
    return [_line(row, widths, numeric) for row in (table[0], rule, *table[1:])]


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    cells = (
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(row, widths, numeric, strict=True)
    )
    return "  ".join(cells).rstrip()


def _named(name: str) -> str:
    return _cut(" ".join(name.split()))


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return "NULL"
        case bool():
            return "true" if cell else "false"
        case float():
            return f"{cell:.12g}"
    return _cut(_plain(str(cell)))


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _cut(text: str) -> str:
    """A text on the screen; one that is longer says how long it is. JSON and CSV hold all of it."""
    if len(text) <= _WIDEST:
        return text
    length = f"… ({format_count(len(text))} characters)"
    return text[: _WIDEST - len(length)] + length
