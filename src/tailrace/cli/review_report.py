"""`tailrace review-report FILE -o OUT`: what a review came to, as one HTML page."""

from __future__ import annotations

from pathlib import Path

import click

from tailrace.cli.terminal import file_argument, opened
from tailrace.model.words import format_count


@click.command("review-report")
@file_argument
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The HTML file to write.")
def review_report(file: Path, output: Path) -> None:
    """Write a report of what reviewers found: counts, failure modes, agreement, examples.

    One HTML page that needs nothing else: it can be mailed, printed and read without a network.
    """
    with opened([file]) as workspace:
        report = workspace.reviews.write_report(output.absolute())
    verdicts = report.verdicts
    click.echo(
        f"{output}: {format_count(verdicts.total)} traces judged, {format_count(verdicts.failed)} failed,"
        f" {format_count(len(report.modes))} failure modes, {format_count(report.open_conflicts)} open conflicts."
    )
