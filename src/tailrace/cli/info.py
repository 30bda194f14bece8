"""`tailrace info FILE`: what is in a file, in figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from tailrace.cli.terminal import counted, file_argument, json_option, one_line, opened, print_json
from tailrace.model import Info, Json
from tailrace.model.time import format_time
from tailrace.model.words import format_cost, format_count

_MOST_NAMES = 12


@click.command()
@file_argument
@json_option
def info(file: Path, as_json: bool) -> None:
    """Say what is in a file: counts, tokens, cost, names."""
    with opened([file]) as workspace:
        found = workspace.info()
    if as_json:
        print_json(_as_json(found))
    else:
        print_summary(found)


def print_summary(found: Info) -> None:
    """The figures for people."""
    since, until = _time(found.earliest_ns), _time(found.latest_ns)
    rows = {
        "Traces": format_count(found.traces),
        "Spans": f"{format_count(found.spans)}, {format_count(found.errors)} failed, {found.max_depth} deep at most",
        "Events": format_count(found.events),
        "Scores": f"{format_count(found.scores)}, and {format_count(found.notes)} notes",
        "Tokens": f"{format_count(found.input_tokens)} in, {format_count(found.output_tokens)} out",
        "Cost": format_cost(found.cost_usd, found.estimated_cost)
        + (f", {format_count(found.unpriced_spans)} calls without a price" if found.unpriced_spans else ""),
        "From": since or "–",
        "To": until or "–",
        "Roots": _most(found.roots),
        "Kinds": _most(found.kinds),
        "Formats": ", ".join(found.formats) or "–",
    }
    for title, text in rows.items():
        click.echo(f"{title:8} {text}")
    for reason, count in found.skipped.items():
        click.echo(f"Left out {format_count(count)} × {reason}")


def _most(counts: Mapping[str, int]) -> str:
    named = [
        f"{one_line(name) or '(no name)'} {format_count(count)}" for name, count in list(counts.items())[:_MOST_NAMES]
    ]
    more = len(counts) - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "") if named else "–"


def _time(time_ns: int | None) -> str | None:
    return None if time_ns is None else format_time(time_ns)


def _as_json(found: Info) -> Json:
    return {
        "traces": found.traces,
        "spans": found.spans,
        "errors": found.errors,
        "events": found.events,
        "scores": found.scores,
        "notes": found.notes,
        "input_tokens": found.input_tokens,
        "output_tokens": found.output_tokens,
        "total_tokens": found.total_tokens,
        "cost_usd": found.cost_usd,
        "unpriced_spans": found.unpriced_spans,
        "max_depth": found.max_depth,
        "earliest": _time(found.earliest_ns),
        "latest": _time(found.latest_ns),
        "roots": dict(found.roots),
        "kinds": dict(found.kinds),
        "formats": list(found.formats),
        "skipped": counted(found.skipped),
    }
