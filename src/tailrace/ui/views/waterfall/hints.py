"""What the waterfall says of a span in words: tooltip and accessible description. No Qt."""

from __future__ import annotations

import math

import numpy as np

from tailrace.model.tree import KINDS, STATUSES, TreeMark
from tailrace.model.words import count_of, format_cost, format_count, format_duration
from tailrace.ui.views.waterfall.columns import format_share
from tailrace.ui.views.waterfall.scene import Scene

_LONGEST_NAME = 300

# icon, then words
MARKS: dict[TreeMark, str] = {
    TreeMark.MISSING_PARENT: "unlink",
    TreeMark.CYCLE: "repeat",
    TreeMark.EARLY: "clock-alert",
    TreeMark.NEGATIVE: "triangle-alert",
}


def marks_of(scene: Scene, row: int) -> list[TreeMark]:
    """The oddities of a span that have an icon, in a fixed order."""
    marks = int(scene.tree.marks[row])
    return [mark for mark in MARKS if marks & mark]


def mark_words(scene: Scene, row: int, mark: TreeMark) -> str:
    """One oddity as a sentence."""
    tree = scene.tree
    match mark:
        case TreeMark.MISSING_PARENT:
            return f"its parent {_short(tree.missing_parents[row])} is not in this trace"
        case TreeMark.CYCLE:
            return "its parents lead back to itself; the circle is cut here"
        case TreeMark.EARLY:
            early = int(tree.start[int(tree.parent[row])] - tree.start[row])
            return f"starts {format_duration(early)} before its parent (clock skew)"
        case TreeMark.NEGATIVE:
            return "ends before it starts; drawn at its start"
        case _:
            return "has no end; drawn to the end of the trace"


def _short(span_id: str) -> str:
    return span_id if len(span_id) <= 12 else f"{span_id[:8]}…"


def summary(scene: Scene) -> tuple[str, ...]:
    """Up to three lines about the trace: its critical path, the time of the busiest groups, and what of it is on
    screen when that is not all of it as it was."""
    lines: list[str] = []
    analysis, extent = scene.analysis, scene.tree.extent
    if analysis is None:
        lines.append(f"{count_of(len(scene.tree), 'span')} in {format_duration(extent)}")
    else:
        share = round(100 * analysis.critical_ns / extent)
        lines.append(f"Critical path {format_duration(analysis.critical_ns)} ({share} %)")
        spent = [f"{name} {format_duration(ns)}" for name, ns in analysis.by_group.items() if ns > 0]
        if spent:
            lines.append(" · ".join(spent[:3]))
    if scene.hides:
        shown = int(np.count_nonzero(scene.rows >= 0))
        lines.append(f"Showing {format_count(shown)} of {count_of(len(scene.tree), 'span')}")
    elif not scene.shows_all:
        low, high = scene.axis.to_real(scene.window.low), scene.axis.to_real(scene.window.high)
        lines.append(f"Showing {format_duration(high - low)} from {format_duration(low)}")
    elif scene.compressed:
        skipped = sum(gap.end - gap.begin for gap in scene.axis.gaps)
        lines.append(f"{format_duration(skipped)} of idle time compressed")
    elif scene.wants_compression and analysis is not None:
        lines.append("No long idle time to compress")
    return tuple(lines)


SUMMARY_HELP = (
    "Critical path: the chain of spans that decided when the trace ended,\n"
    "counting the time in which they worked rather than waited for others.\n"
    "Times by kind are wall-clock time: calls in parallel count once."
)


def duration_words(scene: Scene, row: int) -> str:
    """What is written beside a bar."""
    if int(scene.tree.marks[row]) & TreeMark.NEGATIVE:
        return "ends before start"
    ns = int(scene.tree.duration[row])
    return "no end" if ns < 0 else format_duration(ns)


def exact(ns: int) -> str:
    """A time in readable form with its exact nanoseconds where the readable form rounds."""
    short = format_duration(ns)
    return short if ns < 1_000 else f"{short} ({ns:,} ns)"


def tooltip_lines(scene: Scene, row: int) -> list[str]:
    """Everything exact about a span, a line each; the first is its name."""
    tree, analysis = scene.tree, scene.analysis
    duration = int(tree.duration[row])
    name = tree.names[row]
    lines = [name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"]
    lines.append(f"{KINDS[int(tree.kind[row])].value} · status {STATUSES[int(tree.status[row])].value}")
    lines.append(f"Starts at {exact(int(tree.start[row]))}")
    if int(tree.marks[row]) & TreeMark.NEGATIVE:
        pass  # its mark says it below
    elif duration < 0:
        lines.append("Duration unknown: has no end; drawn to the end of the trace")
    else:
        lines.append(f"Duration {exact(duration)}, {format_share(duration, tree.extent)} of the trace")
        if analysis is not None:
            lines.append(f"Self time {exact(int(analysis.self_ns[row]))}")
    if (tokens := int(tree.tokens[row])) >= 0:
        lines.append(f"Tokens {format_count(tokens)}")
    if not math.isnan(cost := float(tree.cost[row])):
        lines.append(f"Cost {format_cost(cost)}")
    if analysis is not None and analysis.critical[row]:
        lines.append("On the critical path")
    if row in scene.thumbs:
        lines.append(thumb_words(scene.thumbs[row]).capitalize())
    if hidden := scene.hidden_below(row):
        errors = int(scene.errors_below[row])
        lines.append(f"Hides {count_of(hidden, 'span')}" + (f", {format_count(errors)} with errors" if errors else ""))
    lines.extend(
        sentence[0].upper() + sentence[1:] for sentence in (mark_words(scene, row, m) for m in marks_of(scene, row))
    )
    return lines


def thumb_words(up: bool) -> str:
    """The thumb that a span was given."""
    return "thumb up" if up else "thumb down"


def spoken(scene: Scene, row: int) -> str:
    """A span as a screen reader should say it."""
    tree = scene.tree
    parts = [tree.names[row], KINDS[int(tree.kind[row])].value]
    if scene.errors[row]:
        parts.append("error")
    parts.append(duration_words(scene, row))
    parts.append(f"level {int(tree.depth[row]) + 1}")
    if scene.has_children[row]:
        parts.append("collapsed" if scene.collapsed[row] else "expanded")
    if row in scene.thumbs:
        parts.append(thumb_words(scene.thumbs[row]))
    parts.extend(mark_words(scene, row, mark) for mark in marks_of(scene, row))
    parts.append(f"row {format_count(scene.position(row) + 1)} of {format_count(len(scene.rows))}")
    return ", ".join(parts)
