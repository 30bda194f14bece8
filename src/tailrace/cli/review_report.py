"""`tailrace review-report FILE -o OUT`: what a review came to, as one HTML page."""

from __future__ import annotations

from pathlib import Path

import click

from tailrace.cli.named import choose
from tailrace.cli.terminal import file_argument, opened
from tailrace.model.words import count_of, format_count


@click.command("review-report")
@file_argument
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The HTML file to write.")
@click.option("--queue", help="Only the traces of the queue of this name or id.")
@click.option("-q", "--query", default="", help="Only traces that this filter matches.")
def review_report(file: Path, output: Path, queue: str | None, query: str) -> None:
    """Write a report of what reviewers found: counts, failure modes, agreement, examples.

    Shares with an interval say something of more traces than were judged where these are a sample: name its queue.

    One HTML page that needs nothing else: it can be mailed, printed and read without a network.
    """
    with opened([file]) as workspace:
        reviews = workspace.reviews
        if queue is not None:
            there = [(one.queue.queue_id, one.queue.name) for one in reviews.queues("")]
            queue = choose("--queue", "queue", queue, there)
        report = reviews.write_report(output.absolute(), queue_id=queue, text=query)
    verdicts = report.verdicts
    click.echo(
        f"{output}: {count_of(verdicts.total, 'trace')} judged, {format_count(verdicts.failed)} failed,"
        f" {count_of(len(report.modes), 'failure mode')}, {count_of(report.open_conflicts, 'open conflict')}."
    )
