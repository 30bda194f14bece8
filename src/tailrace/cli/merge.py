"""`tailrace merge A B… -o OUT`: the work of several people into one database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import click

from tailrace.cli.terminal import counted, json_option, one_line, print_json, progress_ticket
from tailrace.model import Json
from tailrace.model.versions import MergeReport
from tailrace.model.words import format_count
from tailrace.workspace import Workspace
from tailrace.workspace.merging import merge_into_new, open_conflicts

_MOST_CONFLICTS = 10
_LONG_ID = 200  # characters: an id is to be copied
_Difference: TypeAlias = tuple[str, str, Sequence[tuple[str, str]]]  # trace id, score name, (reviewer, value)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The database to merge into.")
@json_option
def merge(files: tuple[Path, ...], output: Path, as_json: bool) -> None:
    """Merge Tailrace databases and review files into one database.

    OUTPUT is made new, or added to when it is there; no other file is changed. The order of the files does not matter,
    and merging one again brings nothing new. Of every judgement the latest version holds, the others stay as its
    history. Where reviewers differ, all values stay: that is a conflict, to be settled in Review.
    """
    with progress_ticket() as ticket:
        if output.exists():
            workspace = Workspace(output.absolute())
            try:
                workspace.prepare(ticket)
                report = workspace.reviews.merge(files, ticket)
            finally:
                workspace.close()
        else:
            report = merge_into_new(output.absolute(), files, ticket)
    differ = [(conflict.trace_id, conflict.name, conflict.values) for conflict in open_conflicts(output.absolute())]
    if as_json:
        print_json(_as_json(output, report, differ))
        return
    click.echo(
        f"{output}: {format_count(report.added)} records added, {format_count(report.changed)} changed,"
        f" {format_count(report.unchanged)} known already."
    )
    if report.new_spans:
        click.echo(f"  {format_count(report.new_traces)} new traces, {format_count(report.new_spans)} new spans")
    for reason, count in report.skipped.items():
        click.echo(f"  left out: {format_count(count)} × {reason} (first: {report.examples.get(reason, '')})")
    if report.ahead:
        click.echo(f"  {format_count(report.ahead)} × a time that is still to come: somebody's clock is ahead")
    if report.absent:
        about = "1 judgement is" if report.absent == 1 else f"{format_count(report.absent)} judgements are"
        click.echo(f"  {about} about traces that this database does not have")
    conflicts = "conflict" if report.conflicts == 1 else "conflicts"
    click.echo(f"  {format_count(report.conflicts)} {conflicts} between reviewers")
    for trace_id, name, values in differ[:_MOST_CONFLICTS]:
        words = ", ".join(f"{one_line(rater)} says {one_line(said)}" for rater, said in values)
        click.echo(f"    {one_line(trace_id, _LONG_ID)} {one_line(name)}: {words}")
    if len(differ) > _MOST_CONFLICTS:
        click.echo(f"    and {format_count(len(differ) - _MOST_CONFLICTS)} more; --json lists all")


def _as_json(output: Path, report: MergeReport, differ: Sequence[_Difference]) -> Json:
    return {
        "output": str(output),
        "files": list(report.files),
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "new_traces": report.new_traces,
        "new_spans": report.new_spans,
        "conflicts": [
            {"trace_id": trace_id, "score": name, "values": dict(values)} for trace_id, name, values in differ
        ],
        "absent": report.absent,
        "ahead": report.ahead,
        "skipped": counted(report.skipped),
    }
