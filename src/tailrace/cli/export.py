"""`tailrace export FILE --format … -o OUT`: labels, datasets and review files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

import click

from tailrace.cli.named import choose
from tailrace.cli.terminal import file_argument, opened
from tailrace.errors import SourceError
from tailrace.model.words import count_of
from tailrace.workspace.tables import form_of

_WORDS = {"labels": "label", "dataset": "example", "review": "record"}


@click.command()
@file_argument
@click.option(
    "--format",
    "what",
    type=click.Choice(list(_WORDS)),
    required=True,
    help="labels: a row for each trace and reviewer. dataset: input, output, expected, metadata. review: a file for "
    "others to merge.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="Labels and datasets: a .csv, .jsonl or .parquet file, or - for JSON lines on stdout. Review: any name, "
    "packed when it ends in .gz.",
)
@click.option("--dataset", help="The name or id of the dataset, when there are several.")
@click.option("-q", "--query", default="", help="Only traces that this filter matches (labels, dataset).")
@click.option("--reviewer", help="Only what this person said (labels, review).")
@click.option(
    "--no-guard",
    is_flag=True,
    help="CSV: leave text that begins with = + - @ (or a tab) as it is. Usually it gets a leading apostrophe, so that "
    "spreadsheets do not run it as a formula.",
)
def export(
    file: Path, what: str, output: Path, dataset: str | None, query: str, reviewer: str | None, no_guard: bool
) -> None:
    """Write out what reviewers made of a file's traces.

    Nothing is cut. Lists in CSV are JSON, times are in UTC. Score values are columns named `score.NAME`. In a dataset
    as JSON lines, text that is a JSON object or list stands as JSON.
    """
    for name, value, formats in (
        ("--dataset", dataset, ("dataset",)),
        ("--query", query, ("labels", "dataset")),
        ("--reviewer", reviewer, ("labels", "review")),
    ):
        if value and what not in formats:
            raise click.UsageError(f"{name} does not go with --format {what}.")
    to_stdout = str(output) == "-"
    if to_stdout and what == "review":
        raise click.UsageError("A review file needs a name.")
    if not to_stdout and what != "review":
        try:
            form_of(output)
        except SourceError as error:
            raise click.UsageError(str(error)) from error
    out: Path | IO[bytes] = sys.stdout.buffer if to_stdout else output.absolute()
    with opened([file]) as workspace:
        reviews = workspace.reviews
        if reviewer is not None:
            reviewer = choose("--reviewer", "reviewer", reviewer, [(name, name) for name in reviews.reviewers()])
        if dataset is not None:
            there = [(one.dataset_id, one.name) for one, _ in reviews.datasets()]
            dataset = choose("--dataset", "dataset", dataset, there)
        if what == "labels":
            count = reviews.write_labels(out, query, reviewer, not no_guard)
        elif what == "dataset":
            count = reviews.write_dataset(out, dataset, query, not no_guard)
        else:
            count = reviews.export_review(output.absolute(), reviewer)
    if not to_stdout:
        click.echo(f"{output}: {count_of(count, _WORDS[what])}.")
