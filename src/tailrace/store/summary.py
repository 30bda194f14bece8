"""The summary of a trace out of the columns of its spans: a pure function, linear, without recursion.

The result is the same for every order of the spans: ties are broken by span id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from tailrace.model import CostSource, SpanKind, SpanStatus
from tailrace.semconv import preview
from tailrace.store.rows import AT, Row
from tailrace.store.sound import LARGEST, dump_list, load

# What `summarise` needs of each span, in the order of `Columns`.
SUMMARY_INPUT = (
    "id", "span_id", "parent_id", "name", "kind", "status", "start_ns", "end_ns", "model", "tool_name", "prompt_name",
    "prompt_version", "session_id", "user_id", "environment", "version", "tags", "ttft_ns", "input_tokens",
    "output_tokens", "total_tokens", "cost", "cost_source", "event_count", "has_input", "has_output",
)  # fmt: skip
_POSITIONS = tuple(AT[name] for name in SUMMARY_INPUT)

# The columns of `trace` that a summary fills, in the order of its values.
SUMMARY_COLUMNS = (
    "start_ns", "end_ns", "duration_ns", "status", "kind", "span_count", "error_count", "event_count", "input_tokens",
    "output_tokens", "total_tokens", "cost", "estimated_cost", "unpriced_spans", "ttft_ns", "max_depth", "root",
    "missing_root", "name", "session_id", "user_id", "environment", "version", "kinds", "models", "tools", "prompts",
    "tags", "input_preview", "output_preview",
)  # fmt: skip

# The text of a span's input (True) or output (False), by the span's place in the columns.
TextOf: TypeAlias = Callable[[int, bool], str | None]
Column: TypeAlias = Sequence[Any]


class Columns(NamedTuple):
    """The spans of one trace by column: SUMMARY_INPUT."""

    id: Column
    span_id: Column
    parent_id: Column
    name: Column
    kind: Column
    status: Column
    start_ns: Column
    end_ns: Column
    model: Column
    tool_name: Column
    prompt_name: Column
    prompt_version: Column
    session_id: Column
    user_id: Column
    environment: Column
    version: Column
    tags: Column
    ttft_ns: Column
    input_tokens: Column
    output_tokens: Column
    total_tokens: Column
    cost: Column
    cost_source: Column
    event_count: Column
    has_input: Column
    has_output: Column


class Summary(NamedTuple):
    """`values` are SUMMARY_COLUMNS; `repeats` are the places of spans whose usage a descendant reports too."""

    values: Row
    repeats: frozenset[int]


def columns_of(rows: Sequence[Row]) -> Columns:
    """Columns out of whole span rows."""
    columns = tuple(zip(*rows, strict=True))
    return Columns(*[columns[i] for i in _POSITIONS])


_ERROR = SpanStatus.ERROR.value
_LLM = SpanKind.LLM.value
_ESTIMATE = CostSource.PRICE_TABLE.value
_NONE: frozenset[int] = frozenset()


def summarise(spans: Columns, text_of: TextOf) -> Summary:
    """The summary of a trace that has at least one span."""
    starts, span_ids = spans.start_ns, spans.span_id
    parent, root, missing_root = _parents(spans)
    max_depth = _cut_and_measure(parent, starts, span_ids)
    repeats = _repeats(parent, spans) if max_depth > 1 else _NONE

    start = min(starts)
    end = None
    if spans.end_ns[root] is not None:
        end = max(start, max(e for e in spans.end_ns if e is not None))
    errors = spans.status.count(_ERROR)
    given, said, total, cost, estimated, unpriced = _totals(spans, repeats)
    ttft = None
    if any(t is not None for t in spans.ttft_ns):
        firsts = zip(spans.kind, starts, spans.ttft_ns, strict=True)
        ttft = min((s + t - start for k, s, t in firsts if t is not None and k == _LLM), default=None)

    order = None
    shared: list[Any] = []
    for column in (spans.session_id, spans.user_id, spans.environment, spans.version):
        value = column[root]
        if value is None and any(column):
            order = order or sorted(range(len(starts)), key=lambda i: (starts[i], span_ids[i]))
            value = next((column[i] for i in order if column[i]), None)
        shared.append(value)

    values = (
        start,
        end,
        None if end is None else min(end - start, LARGEST),
        _ERROR if errors else spans.status[root],
        spans.kind[root],
        len(starts),
        errors,
        sum(spans.event_count),
        given,
        said,
        total,
        cost,
        estimated,
        unpriced,
        ttft,
        max_depth,
        spans.id[root],
        missing_root,
        spans.name[root],
        *shared,
        dump_list(frozenset(spans.kind)),
        _list(spans.model),
        _list(spans.tool_name),
        _prompts(spans),
        _tags(spans.tags),
        _input_preview(spans, root, text_of),
        _output_preview(spans, root, text_of),
    )
    return Summary(values, repeats)


def _parents(spans: Columns) -> tuple[list[int], int, int]:
    """The place of each span's parent (-1: none, or not there), the place of the root, and whether it is missing."""
    place = {span_id: i for i, span_id in enumerate(spans.span_id)}
    parent: list[int] = []
    tops: list[int] = []
    orphans: list[int] = []
    for i, parent_id in enumerate(spans.parent_id):
        if parent_id is None:
            parent.append(-1)
            tops.append(i)
        else:
            above = place.get(parent_id, -1)
            parent.append(above)
            if above < 0:
                orphans.append(i)
    among = tops or orphans or range(len(parent))
    if len(among) == 1:
        root = among[0]
    else:
        starts, span_ids = spans.start_ns, spans.span_id
        root = min(among, key=lambda i: (starts[i], span_ids[i]))
    return parent, root, 0 if tops else 1


def _cut_and_measure(parent: list[int], starts: Column, span_ids: Column) -> int:
    """Cut every cycle in `parent` at its earliest span, as the drawn tree does; the greatest depth (a root is 1)."""
    depth = [0] * len(parent)
    i = 0
    while i < len(parent):
        if depth[i]:
            i += 1
            continue
        path: list[int] = []
        j = i
        while j >= 0 and depth[j] == 0:
            depth[j] = -1
            path.append(j)
            j = parent[j]
        if j >= 0 and depth[j] == -1:
            cycle = path[path.index(j) :]
            parent[min(cycle, key=lambda k: (starts[k], span_ids[k]))] = -1
            for k in path:
                depth[k] = 0
            continue
        level = depth[j] if j >= 0 else 0
        for k in reversed(path):
            level += 1
            depth[k] = level
    return max(depth)


def _repeats(parent: list[int], spans: Columns) -> frozenset[int]:
    """Which spans report what their descendants report: usage below silences both usage and cost, a cost below
    silences the cost of a span that has no usage of its own."""
    total, cost = spans.total_tokens, spans.cost
    usage_below = _above([i for i, t in enumerate(total) if t], parent)
    cost_below = _above([i for i, c in enumerate(cost) if c and not total[i]], parent)
    if not usage_below and not cost_below:
        return _NONE
    silenced = {i for i in usage_below if total[i] is not None or cost[i] is not None}
    silenced.update(i for i in cost_below if total[i] is None and cost[i] is not None)
    return frozenset(silenced)


def _above(places: list[int], parent: list[int]) -> set[int]:
    """All ancestors of some places; each is walked over once."""
    found: set[int] = set()
    for i in places:
        above = parent[i]
        while above >= 0 and above not in found:
            found.add(above)
            above = parent[above]
    return found


def _totals(
    spans: Columns, repeats: frozenset[int]
) -> tuple[int | None, int | None, int | None, float | None, int, int]:
    """Input, output and total tokens, cost, whether any of it is an estimate, spans with usage and no price."""
    given = said = total = cost = None
    estimated = unpriced = 0
    if any(t is not None for t in spans.total_tokens) or any(c is not None for c in spans.cost):
        rows = zip(
            spans.input_tokens, spans.output_tokens, spans.total_tokens, spans.cost, spans.cost_source, strict=True
        )
        costs: list[float] = []
        for i, (span_given, span_said, span_total, span_cost, source) in enumerate(rows):
            if i in repeats:
                continue
            if span_given is not None:
                given = (given or 0) + span_given
            if span_said is not None:
                said = (said or 0) + span_said
            if span_total is not None:
                total = (total or 0) + span_total
            if span_cost is not None:
                costs.append(span_cost)
                estimated |= source == _ESTIMATE
            elif span_total:
                unpriced += 1
        if costs:
            # sorted, so that floats add up to the same sum whatever the order of arrival
            cost = sum(sorted(costs))
    return given, said, total, cost, int(estimated), unpriced


def _list(column: Column) -> str:
    return dump_list(frozenset(value for value in set(column) if value))


def _prompts(spans: Columns) -> str:
    if not any(spans.prompt_name):
        return "[]"
    pairs = set(zip(spans.prompt_name, spans.prompt_version, strict=True))
    return dump_list(frozenset(f"{name}@{version}" if version else name for name, version in pairs if name))


def _tags(column: Column) -> str:
    texts = {text for text in set(column) if text}
    return dump_list(frozenset(tag for text in texts for tag in load(text))) if texts else "[]"


def _input_preview(spans: Columns, root: int, text_of: TextOf) -> str:
    place = root
    if not spans.has_input[root]:
        having = [i for i, has in enumerate(spans.has_input) if has]
        if not having:
            return ""
        place = min(having, key=lambda i: (spans.start_ns[i], spans.span_id[i]))
    return preview(text_of(place, True) or "")


def _output_preview(spans: Columns, root: int, text_of: TextOf) -> str:
    place = root
    if not spans.has_output[root]:
        having = [i for i, has in enumerate(spans.has_output) if has]
        if not having:
            return ""
        place = max(
            having,
            key=lambda i: (
                spans.start_ns[i] if spans.end_ns[i] is None else spans.end_ns[i],
                spans.start_ns[i],
                spans.span_id[i],
            ),
        )
    return preview(text_of(place, False) or "", output=True)
