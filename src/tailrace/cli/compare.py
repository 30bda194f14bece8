"""`tailrace compare FILE --by FIELD A B [C]`: up to three versions, models or prompts side by side."""

from __future__ import annotations

import math
from pathlib import Path

import click

from tailrace.cli.differs import filter_as_json
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
from tailrace.metrics.comparison import MOST_VALUES
from tailrace.model import Json, TraceFilter
from tailrace.model.charted import Against, ComparedMeasure, Comparison
from tailrace.model.facts import DIMENSIONS, find_dimension
from tailrace.model.figures import format_chance, format_figure
from tailrace.model.measures import Unit
from tailrace.model.words import UNKNOWN

# What is told when nothing is asked for
_USUAL = (
    "traffic.requests",
    "reliability.success",
    "latency.p50",
    "latency.p95",
    "ttft.p95",
    "tokens.per_request",
    "cost.per_request",
    "quality.thumbs_up",
)


@click.command()
@file_argument
@click.argument("values", nargs=-1, required=True)
@click.option("--by", required=True, help="The field that the values are of: prompt, model, version, env, attr.KEY, …")
@click.option(
    "-m", "--measure", "wanted", multiple=True, help="A measure by its id, or a formula: `p95(attr.loop.iterations)`."
)
@click.option("-q", "--query", default="", help="Only traces that this filter matches.")
@since_option
@until_option
@json_option
def compare(
    file: Path,
    values: tuple[str, ...],
    by: str,
    wanted: tuple[str, ...],
    query: str,
    since: Moment | None,
    until: Moment | None,
    as_json: bool,
) -> None:
    """Put up to three VALUES of a field side by side: `tailrace compare traces.tailrace --by prompt support@v13
    support@v14`.

    The best figure is marked with *. Each later value stands against the first one, with the probability p that a
    difference this large, or larger, is chance: of shares by Fisher's exact test, of means by Welch's, of quantiles by
    Fisher's test of what lies above the quantile of both. Unknown is "–" (null in JSON) and never zero.
    """
    if find_dimension(by) is None:
        known = ", ".join(dimension.field for dimension in DIMENSIONS)
        raise click.BadParameter(f"there is no field {by!r}. There are: {known}, attr.KEY.", param_hint="--by")
    if not 1 < len(values) <= MOST_VALUES or len(set(values)) < len(values):
        raise click.UsageError("Name two or three different values of the field.")
    with opened([file]) as workspace, progress_ticket() as ticket:
        measures = [workspace.monitor.measure(text) for text in wanted or _USUAL]
        asked = TraceFilter(query, *period_of(since, until, workspace.extent()))
        found = workspace.monitor.compare(by, values, measures, asked, ticket)
    if as_json:
        print_json(comparison_as_json(found, asked))
    else:
        _tell(found)


def _tell(found: Comparison) -> None:
    first, *later = map(one_line, found.values)
    head = [found.by, first, *later, *(f"Δ {name}" for name in later)]
    for line in aligned([head, *(_row(row) for row in found.rows)], 1):
        click.echo(line)
    for note in found.notes:
        click.echo(note, err=True)


def _row(row: ComparedMeasure) -> list[str]:
    unit = row.measure.unit
    figures = [
        f"{'*' if place == row.best else ''}{format_figure(figure, unit)}" for place, figure in enumerate(row.figures)
    ]
    return [row.measure.title, *figures, *(_difference(against, unit) for against in row.against)]


def _difference(against: Against, unit: Unit) -> str:
    """-4.2 pt (p<0.001), +41% (p=0.02), +12."""
    size = abs(against.difference)
    if not math.isfinite(size):
        return UNKNOWN
    if size == 0:
        return "same"
    sign = "+" if against.difference > 0 else "-"
    if unit is Unit.SHARE:
        words = f"{sign}{size * 100:.1f} pt"
    elif unit is Unit.NUMBER or against.relative is None:
        words = f"{sign}{format_figure(size, unit)}"
    else:
        words = f"{sign}{abs(against.relative) * 100:.3g}%"
    return words if against.p is None else f"{words} (p{format_chance(against.p)})"


def comparison_as_json(found: Comparison, asked: TraceFilter) -> dict[str, Json]:
    """A comparison for scripts. Unknown is null; durations are nanoseconds, shares 0 to 1. `against` are the later
    values against the first one, `p` adjusted for all tests."""
    return {
        **filter_as_json(asked),
        "by": found.by,
        "values": list(found.values),
        "traces": list(found.traces),
        "measures": [
            {
                "id": row.measure.id,
                "title": row.measure.title,
                "unit": row.measure.unit.value,
                "better": row.measure.better.value,
                "figures": [figure_as_json(figure) for figure in row.figures],
                "best": None if row.best is None else found.values[row.best],
                "against": [
                    {
                        "value": value,
                        "difference": figure_as_json(against.difference),
                        "relative": against.relative,
                        "p": against.p,
                        "test": against.test.value,
                    }
                    for value, against in zip(found.values[1:], row.against, strict=True)
                ],
            }
            for row in found.rows
        ],
        "notes": list(found.notes),
    }
