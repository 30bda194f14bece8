"""`tailrace trace FILE TRACE_ID`: one trace as an indented tree."""

from __future__ import annotations

import math
from pathlib import Path

import click

from tailrace.cli.terminal import file_argument, json_option, one_line, opened, print_json
from tailrace.cli.traces import row_as_json
from tailrace.errors import SourceError
from tailrace.model import Json, Score, Span, Trace, TreeMark
from tailrace.model.time import format_time
from tailrace.model.tree import KINDS, STATUSES
from tailrace.model.words import count_of, format_cost, format_count, format_duration, format_tokens
from tailrace.workspace import Workspace

_ERROR = "✗ "
_MARKS = {
    TreeMark.OPEN: "not ended",
    TreeMark.MISSING_PARENT: "its parent is missing",
    TreeMark.CYCLE: "cut out of a circle",
    TreeMark.EARLY: "begins before its parent",
    TreeMark.NEGATIVE: "ends before it begins",
}


@click.command()
@file_argument
@click.argument("trace_id")
@json_option
def trace(file: Path, trace_id: str, as_json: bool) -> None:
    """Show one trace: its spans with their durations, below each other as they were called."""
    with opened([file]) as workspace:
        key = workspace.find_trace(trace_id)
        if key is None:
            key = workspace.find_trace(trace_id.lower())
        found = None if key is None else workspace.read_trace(key)
        if found is None or key is None:
            raise SourceError(f"{file} has no trace {trace_id}.", "`tailrace traces` lists the ids.")
        if as_json:
            print_json(_as_json(workspace, key, found))
        else:
            _print_tree(found)


def _print_tree(found: Trace) -> None:
    row, tree = found.row, found.tree
    click.echo(
        f"{one_line(row.name)}  {format_duration(row.duration_ns)} · {count_of(row.span_count, 'span')} ·"
        f" {format_count(row.error_count)} failed · {format_tokens(row.total_tokens)} tok ·"
        f" {format_cost(row.cost, row.estimated_cost)} · {format_time(row.start_ns)}"
    )
    for index, name in enumerate(tree.names):
        marks = TreeMark(int(tree.marks[index]))
        duration = None if marks & TreeMark.OPEN else int(tree.duration[index])
        failed = STATUSES[int(tree.status[index])].value == "error"
        tokens = int(tree.tokens[index])
        line = f"{'  ' * int(tree.depth[index])}{_ERROR if failed else ''}{one_line(name)}"
        line = f"{line:<60} {KINDS[int(tree.kind[index])].value:>9} {format_duration(duration):>10}"
        if tokens >= 0:
            line += f" {format_tokens(tokens):>6} tok"
        if not math.isnan(cost := float(tree.cost[index])):
            line += f" {format_cost(cost, row.estimated_cost):>10}"
        odd = [words for mark, words in _MARKS.items() if marks & mark]
        click.echo(line + (f"  ({', '.join(odd)})" if odd else ""))


def _as_json(workspace: Workspace, key: int, found: Trace) -> Json:
    """The summary's keys, and `spans` in the order of the tree. Spans of one id appear once."""
    spans = {span.span_id: span for span in workspace.spans_of(key)}
    tree = found.tree
    return row_as_json(found.row) | {
        "spans": [
            _span_as_json(spans[span_id], int(tree.depth[index]))
            for index, span_id in enumerate(tree.span_ids)
            if span_id in spans
        ],
        "span_count": found.row.span_count,
        "scores": [_score_as_json(score) for score in workspace.scores_of_trace(key)],
    }


def _span_as_json(span: Span, depth: int) -> dict[str, Json]:
    usage, cost = span.usage, span.cost
    return {
        "span_id": span.span_id,
        "parent_id": span.parent_id,
        "depth": depth,
        "name": span.name,
        "kind": span.kind.value,
        "status": span.status.value,
        "status_message": span.status_message,
        "error_type": span.error_type,
        "start": format_time(span.start_ns),
        "end": None if span.end_ns is None else format_time(span.end_ns),
        "duration_ns": span.duration_ns,
        "model": span.model,
        "provider": span.provider,
        "tool": span.tool_name,
        "agent": span.agent_name,
        "prompt": span.prompt_name,
        "prompt_version": span.prompt_version,
        "session": span.session_id,
        "user": span.user_id,
        "ttft_ns": span.ttft_ns,
        "input_tokens": usage.input if usage else None,
        "output_tokens": usage.output if usage else None,
        "total_tokens": usage.total if usage else None,
        "cache_read_tokens": usage.cache_read if usage else None,
        "reasoning_tokens": usage.reasoning if usage else None,
        "cost_usd": cost.total if cost else None,
        "cost_source": cost.source.value if cost else None,
        "input": span.input,
        "output": span.output,
        "attributes": span.attributes,
        "resource": span.resource,
        "events": [
            {"name": event.name, "time": format_time(event.time_ns), "attributes": event.attributes}
            for event in span.events
        ],
        "links": [
            {"trace_id": link.trace_id, "span_id": link.span_id, "attributes": link.attributes} for link in span.links
        ],
    }


def _score_as_json(score: Score) -> dict[str, Json]:
    return {
        "score_id": score.score_id,
        "name": score.name,
        "kind": score.kind.value,
        "span_id": score.span_id,
        "value": score.value,
        "label": score.label,
        "comment": score.comment,
        "author": score.author,
        "source": score.source.value,
        "created": None if score.created_ns is None else format_time(score.created_ns),
    }
