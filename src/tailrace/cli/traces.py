"""`tailrace traces FILE`: the list of traces."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import click

from tailrace.cli.terminal import file_argument, json_option, one_line, opened, print_json
from tailrace.model import Json, SpanStatus, TraceFilter, TraceRow
from tailrace.model.time import format_time
from tailrace.model.words import count_of, format_age, format_cost, format_count, format_duration, format_tokens
from tailrace.workspace import Workspace

_PAGE = 500
_PREVIEW = 160  # characters of an input
_LONG_ID = 200  # characters: an id is to be copied
_THUMBS = {1: "up", 0: "down", None: None}


@click.command()
@file_argument
@click.option("-q", "--query", default="", help="A filter, as in the window: `status:error latency:>5s refund`.")
@click.option("--limit", type=click.IntRange(min=0), help="List so many at most (default: all).")
@json_option
def traces(file: Path, query: str, limit: int | None, as_json: bool) -> None:
    """List traces, newest first."""
    with opened([file]) as workspace:
        listed = workspace.list_traces(TraceFilter(query))
        keys = [int(key) for key in listed.keys[:limit]]
        if as_json:
            print_json([row_as_json(row) for row in _rows(workspace, keys)])
            return
        now_ns = time.time_ns()
        for row in _rows(workspace, keys):
            click.echo(_in_words(row, now_ns))
        matched = f"{format_count(len(listed.keys))} of {count_of(listed.total, 'trace')}"
        click.echo(
            matched if len(keys) == len(listed.keys) else f"showing {format_count(len(keys))}: {matched}", err=True
        )


def _rows(workspace: Workspace, keys: list[int]) -> Iterator[TraceRow]:
    for at in range(0, len(keys), _PAGE):
        yield from workspace.read_rows(keys[at : at + _PAGE])


def _in_words(row: TraceRow, now_ns: int) -> str:
    mark = {SpanStatus.ERROR: "✗", SpanStatus.OK: "✓"}.get(row.status, "·")
    if row.end_ns is None and row.status is not SpanStatus.ERROR:
        mark = "…"
    thumb = {"up": " 👍", "down": " 👎"}.get(_THUMBS[row.thumb] or "", "")
    figures = (
        f"{'running' if row.end_ns is None else format_duration(row.duration_ns):>9}"
        f" {row.span_count:>5} {'span ' if row.span_count == 1 else 'spans'} {format_tokens(row.total_tokens):>6} tok"
    )
    cost = format_cost(row.cost, row.estimated_cost)
    age = format_age(now_ns - row.start_ns)
    text = f"{mark} {one_line(row.trace_id, _LONG_ID)} {figures} {cost:>10} {age:>6}{thumb}  {one_line(row.name)}"
    preview = one_line(row.input_preview, _PREVIEW)
    return f"{text}  “{preview}”" if preview else text


def row_as_json(row: TraceRow) -> dict[str, Json]:
    """A trace's summary for scripts. Unknown is null; times are RFC 3339 in UTC, durations nanoseconds."""
    return {
        "trace_id": row.trace_id,
        "name": row.name,
        "status": row.status.value,
        "kind": row.kind.value,
        "start": format_time(row.start_ns),
        "end": None if row.end_ns is None else format_time(row.end_ns),
        "duration_ns": row.duration_ns,
        "spans": row.span_count,
        "errors": row.error_count,
        "max_depth": row.max_depth,
        "input_tokens": row.input_tokens,
        "output_tokens": row.output_tokens,
        "total_tokens": row.total_tokens,
        "cost_usd": row.cost,
        "estimated_cost": row.estimated_cost,
        "unpriced_spans": row.unpriced_spans,
        "ttft_ns": row.ttft_ns,
        "session": row.session_id,
        "user": row.user_id,
        "environment": row.environment,
        "version": row.version,
        "thumb": _THUMBS[row.thumb],
        "scores": row.score_count,
        "notes": row.note_count,
        "missing_root": row.missing_root,
        "input": row.input_preview,
        "output": row.output_preview,
    }
