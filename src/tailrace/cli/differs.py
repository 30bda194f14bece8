"""`tailrace differs FILE -q SELECTION`: what sets some traces apart from the others."""

from __future__ import annotations

import math
from pathlib import Path

import click

from tailrace.cli.period import Moment, period_of, since_option, until_option
from tailrace.cli.terminal import (
    aligned,
    figure_as_json,
    file_argument,
    json_option,
    one_line,
    opened,
    print_json,
    progress_ticket,
)
from tailrace.model import Json, TraceFilter
from tailrace.model.charted import Difference, Differences
from tailrace.model.figures import format_chance, format_share
from tailrace.model.time import format_time
from tailrace.model.words import count_of, format_count

_MOST_NAMED = 8


@click.command()
@file_argument
@click.option("-q", "--query", default="", help="The traces in question: `latency:>5s`, `has:error`, `cost:>$0.1`.")
@click.option("--against", default="", help="Compare with the rest of these traces (default: with all others).")
@since_option
@until_option
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="List so many at most.")
@json_option
def differs(
    file: Path,
    query: str,
    against: str,
    since: Moment | None,
    until: Moment | None,
    limit: int,
    as_json: bool,
) -> None:
    """Say what sets the traces of a filter (and of a time) apart from all others: this is how causes are found.

    Every value of every field and attribute is looked at, and numbers are cut where they differ most. The strongest
    difference comes first: that whose shares lie furthest apart beyond what chance explains.
    """
    with opened([file]) as workspace, progress_ticket() as ticket:
        selection = TraceFilter(query, *period_of(since, until, workspace.extent()))
        compared = TraceFilter(against)
        if selection == compared:
            raise click.UsageError(
                "Say which traces: a filter with -q that is not that of --against, or a time with --since and --until."
            )
        found = workspace.monitor.differs(selection, compared, ticket)
    if as_json:
        print_json(differences_as_json(found, selection, compared, limit))
    else:
        _tell(found, limit)


def _tell(found: Differences, limit: int) -> None:
    shown = found.differences[:limit]
    if shown:
        head = ["", "selected", "rest", "lift", "p"]
        lines = aligned([head, *(_row(one) for one in shown)], 1)
        click.echo(lines[0])
        for one, line in zip(shown, lines[1:], strict=True):
            click.echo(line)
            if one.also:
                click.echo(f"    the same traces: {'; '.join(map(one_line, one.also))}")
    elif found.inside and found.outside:
        click.echo("Nothing sets them apart beyond chance.")
    else:
        click.echo("There are no other traces to compare with." if found.inside else "No trace is selected.", err=True)
    for line in _summary(found, len(shown)):
        click.echo(line, err=True)


def _row(one: Difference) -> list[str]:
    lift = "only here" if math.isinf(one.lift) else f"×{one.lift:.1f}"
    return [
        f"{one_line(one.field)} {one.sign} {one_line(one.value)}",
        format_share(one.inside / one.inside_of),
        format_share(one.outside / one.outside_of),
        lift,
        format_chance(one.p).removeprefix("="),
    ]


def _summary(found: Differences, shown: int) -> list[str]:
    lines = [
        f"{count_of(found.inside, 'trace')} selected, {count_of(found.outside, 'other')};"
        f" {format_count(shown)} of {count_of(found.found, 'difference')}."
        f" {format_count(found.compared)} of {count_of(found.of, 'value')} compared, the rest is too rare to tell."
    ]
    if found.left_out:
        more = len(found.left_out) - _MOST_NAMED
        names = ", ".join(map(one_line, found.left_out[:_MOST_NAMED])) + (f" and {more:,} more" if more > 0 else "")
        lines.append(f"Not compared, for nearly every trace has another value or a long one: {names}.")
    return lines


def differences_as_json(
    found: Differences, selection: TraceFilter, against: TraceFilter, limit: int
) -> dict[str, Json]:
    """Differences for scripts. A lift is null where no other trace has the value."""
    return {
        "selection": filter_as_json(selection),
        "against": filter_as_json(against),
        "selected": found.inside,
        "rest": found.outside,
        "compared": found.compared,
        "of": found.of,
        "found": found.found,
        "left_out": list(found.left_out),
        "elapsed_ms": round(found.elapsed_ns / 1e6, 3),
        "differences": [
            {
                "field": one.field,
                "compare": one.compare.value,
                "value": one.value,
                "selected": one.inside,
                "selected_of": one.inside_of,
                "rest": one.outside,
                "rest_of": one.outside_of,
                "lift": figure_as_json(one.lift),
                "strength": one.strength,
                "p": one.p,
                "also": list(one.also),
                "filter": one.term,
            }
            for one in found.differences[:limit]
        ],
    }


def filter_as_json(asked: TraceFilter) -> dict[str, Json]:
    """A filter for scripts."""
    return {
        "filter": asked.text,
        "since": None if asked.since_ns is None else format_time(asked.since_ns),
        "until": None if asked.until_ns is None else format_time(asked.until_ns),
    }
