"""`tailrace import SOURCE… -o OUT`: other tools' files into a Tailrace database."""

from __future__ import annotations

from pathlib import Path

import click

from tailrace.cli.terminal import counted, json_option, print_json, progress_ticket
from tailrace.errors import SourceError
from tailrace.model import ImportReport, Json
from tailrace.model.words import count_of, format_count, format_duration
from tailrace.workspace import Workspace, locate


@click.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The database to write to.")
@json_option
def import_(sources: tuple[Path, ...], output: Path, as_json: bool) -> None:
    """Import files into a Tailrace database, which may exist already.

    A source that was imported before brings only what is new.
    """
    for source in sources:
        if not locate([source]).sources:
            raise SourceError(f"{source} is a Tailrace database already; there is nothing to import.", "Open it.")
    workspace = Workspace(output.absolute())
    try:
        with progress_ticket() as ticket:
            workspace.prepare(ticket)
            reports = [workspace.import_source(source, ticket) for source in sources]
            workspace.index_search(ticket)
    finally:
        workspace.close()
    if as_json:
        print_json({"output": str(output), "sources": [_as_json(report) for report in reports]})
        return
    for report in reports:
        click.echo(_in_words(report))
        for reason, count in report.skipped.items():
            click.echo(f"  left out: {format_count(count)} × {reason}")


def _in_words(report: ImportReport) -> str:
    if report.unchanged:
        return f"{report.source}: nothing new ({report.format})."
    parts = [f"{count_of(report.spans, 'span')}", f"{format_count(report.traces)} new traces"]
    if report.scores:
        parts.append(f"{format_count(report.scores)} scores")
    if report.logs:
        parts.append(f"{format_count(report.logs)} log records")
    took = format_duration(round(report.elapsed_s * 1e9))
    return f"{report.source}: {', '.join(parts)} ({report.format}) in {took}."


def _as_json(report: ImportReport) -> Json:
    return {
        "source": report.source,
        "format": report.format,
        "spans": report.spans,
        "traces": report.traces,
        "scores": report.scores,
        "logs": report.logs,
        "elapsed_s": round(report.elapsed_s, 3),
        "unchanged": report.unchanged,
        "skipped": counted(report.skipped),
    }
