"""`tailrace metrics FILE`: figures of all traces together, over time and by groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import click

from tailrace.cli.period import Moment, period_of, since_option, until_option
from tailrace.cli.terminal import aligned, figure_as_json, json_option, one_line, opened, print_json
from tailrace.metrics.buckets import parse_bucket, read_step
from tailrace.metrics.catalogue import CATALOGUE
from tailrace.model import Json, TraceFilter
from tailrace.model.charted import Answer, Buckets, Group, Question
from tailrace.model.facts import DIMENSIONS, find_dimension
from tailrace.model.figures import format_figure
from tailrace.model.local_time import LOCAL
from tailrace.model.measures import Measure, aggregates_of
from tailrace.model.time import format_time
from tailrace.model.words import count_of, format_count
from tailrace.workspace import Workspace

# What is told when nothing is asked for
_USUAL = (
    "traffic.requests",
    "reliability.success",
    "latency.p50",
    "latency.p95",
    "ttft.p95",
    "tokens.total",
    "cost.total",
    "cost.unpriced_spans",
)
_MOST_BUCKETS = 10_000


@click.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False), required=False)
@click.option("-q", "--query", default="", help="Only traces that this filter matches.")
@click.option(
    "-m", "--measure", "wanted", multiple=True, help="A measure by its id, or a formula: `p95(attr.loop.iterations)`."
)
@click.option("--group-by", "by", help="A field (model, prompt, tool, env, …) or attr.KEY.")
@click.option("--top", type=click.IntRange(min=0), default=8, show_default=True, help="So many groups; 0 for all.")
@click.option("--bucket", help="Figures over time, a row a bucket: 15m, 1h, 1d, 1w, 1mo, in this computer's time zone.")
@since_option
@until_option
@click.option(
    "--list",
    "list_them",
    is_flag=True,
    help="Say which measures there are, with their definitions; with FILE those of its scores too.",
)
@json_option
def metrics(
    file: Path | None,
    query: str,
    wanted: tuple[str, ...],
    by: str | None,
    top: int,
    bucket: str | None,
    since: Moment | None,
    until: Moment | None,
    list_them: bool,
    as_json: bool,
) -> None:
    """Tell figures of all traces together: traffic, errors, latency, tokens, cost, quality.

    Everything is counted at the start of its trace. Unknown is "–" (null in JSON) and never zero.
    """
    if by is not None and find_dimension(by) is None:
        known = ", ".join(dimension.field for dimension in DIMENSIONS)
        raise click.BadParameter(f"there is no field {by!r} to group by. There are: {known}, attr.KEY.")
    if file is None:
        if not list_them:
            raise click.UsageError("Name a file: tailrace metrics FILE.")
        _tell_measures(tuple(CATALOGUE.values()), as_json)
        return
    with opened([file]) as workspace:
        monitor = workspace.monitor
        if list_them:
            _tell_measures(monitor.measures(), as_json)
            return
        measures = tuple(monitor.measure(text) for text in wanted or _USUAL)
        asked = TraceFilter(query, *period_of(since, until, workspace.extent()))
        buckets = None if bucket is None else _buckets(bucket, asked, monitor.range_of(asked))
        [answer] = monitor.ask([Question(measures, asked, buckets, by, top)])
        if bucket is not None and buckets is None:
            answer = replace(answer, groups=())
        keys = _unknown_attributes(answer, workspace)
    if as_json:
        print_json(answer_as_json(answer))
    else:
        _tell(answer)
    for key in keys:
        click.echo(f"No span has an attribute “{one_line(key)}”.", err=True)


def _buckets(step: str, asked: TraceFilter, first_last: tuple[int, int] | None) -> Buckets | None:
    """Buckets over the time that is asked for, as far as it is said, else over that of the data. None where there is
    neither."""
    since, until = asked.since_ns, asked.until_ns
    if first_last is None and (since is None or until is None):
        read_step(step)
        return None
    first, last = first_last or (0, 0)
    since, until = first if since is None else since, last + 1 if until is None else until
    return parse_bucket(step, since, until, LOCAL, _MOST_BUCKETS)


def _unknown_attributes(answer: Answer, workspace: Workspace) -> list[str]:
    """Attributes that were asked for and that nothing has: a name with a slip of the pen looks like one."""
    wanted: list[str] = []
    if answer.question.by is not None and all(group.value is None for group in answer.groups):
        wanted.append(answer.question.by)
    for measure in answer.question.measures:
        if math.isnan(answer.whole[measure.id]):
            for part in aggregates_of(measure.expression):
                wanted += [part.column, *(where.column for where in part.where)]
    keys = [column.removeprefix("attr.") for column in dict.fromkeys(wanted) if column.startswith("attr.")]
    return [key for key in keys if key not in workspace.attribute_keys(key)]


def _tell_measures(measures: Sequence[Measure], as_json: bool) -> None:
    if as_json:
        print_json([_measure_as_json(measure) for measure in measures])
        return
    group = None
    for measure in measures:
        if measure.group != group:
            group = measure.group
            click.echo(f"\n{group}")
        click.echo(f"  {measure.id:32} {measure.title}. {measure.definition} [{measure.unit.value}]")


def _tell(answer: Answer) -> None:
    question = answer.question
    measures = question.measures
    head = [measure.title for measure in measures]
    rows: list[list[str]] = []
    for place, group in enumerate(answer.groups):
        name = [] if question.by is None else [group_in_words(group, answer.more)]
        if question.buckets is None:
            figures = [format_figure(answer.totals[m.id][place], m.unit) for m in measures]
            rows.append([*name, *figures])
            continue
        for i, edge in enumerate(question.buckets.edges[:-1]):
            figures = [format_figure(answer.figures[m.id][place, i], m.unit) for m in measures]
            rows.append([_local(edge), *name, *figures])
    if question.by is not None or question.buckets is not None:
        whole = ["all"] + [""] * ((question.by is not None) + (question.buckets is not None) - 1)
        rows.append([*whole, *(format_figure(answer.whole[m.id], m.unit) for m in measures)])
    elif not answer.groups:
        rows.append([format_figure(answer.whole[m.id], m.unit) for m in measures])
    first = [] if question.buckets is None else ["from"]
    first += [] if question.by is None else [question.by]
    for line in aligned([[*first, *head], *rows], len(first)):
        click.echo(line)
    click.echo(f"{count_of(answer.facts, 'fact')} aggregated in {answer.elapsed_ns / 1e6:.0f} ms", err=True)


def group_in_words(group: Group, more: int) -> str:
    """A group's name for people."""
    if group.others:
        return f"({format_count(more)} others)"
    return "(none)" if group.value is None else group.value


def _local(time_ns: int) -> str:
    return datetime.fromtimestamp(time_ns / 1e9).astimezone().strftime("%Y-%m-%d %H:%M")


def answer_as_json(answer: Answer) -> dict[str, Json]:
    """An answer for scripts: a row a group and bucket. Unknown is null; durations are nanoseconds, shares 0 to 1."""
    question = answer.question
    rows: list[dict[str, Json]] = []
    edges = () if question.buckets is None else question.buckets.edges
    for place, group in enumerate(answer.groups):
        named: dict[str, Json] = {}
        if question.by is not None:
            named = {"group": group.value, "others": group.others}
        if not edges:
            rows.append(named | {m.id: figure_as_json(answer.totals[m.id][place]) for m in question.measures})
        for i, (start, end) in enumerate(pairwise(edges)):
            times = {"start": format_time(start), "end": format_time(end)}
            figures = {m.id: figure_as_json(answer.figures[m.id][place, i]) for m in question.measures}
            rows.append({**times, **named, **figures})
    asked = question.filter
    return {
        "filter": asked.text,
        "since": None if asked.since_ns is None else format_time(asked.since_ns),
        "until": None if asked.until_ns is None else format_time(asked.until_ns),
        "group_by": question.by,
        "measures": [_measure_as_json(measure) for measure in question.measures],
        "rows": rows,
        "whole": {m.id: figure_as_json(answer.whole[m.id]) for m in question.measures},
        "groups_in_others": answer.more,
        "facts": answer.facts,
        "elapsed_ms": round(answer.elapsed_ns / 1e6, 3),
    }


def _measure_as_json(measure: Measure) -> dict[str, Json]:
    return {
        "id": measure.id,
        "title": measure.title,
        "group": measure.group,
        "unit": measure.unit.value,
        "definition": measure.definition,
        "better": measure.better.value,
    }
