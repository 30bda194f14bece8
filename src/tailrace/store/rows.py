"""A span as the two rows that hold it, and two pieces of one span as one.

The hot path of every import: plain tuples, built in one expression.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from tailrace.model import Cost, CostSource, Span, Usage
from tailrace.store.sound import dump, load, sound_text

Row: TypeAlias = tuple[Any, ...]
Price: TypeAlias = Callable[[str | None, str | None, Usage, int], Cost | None]

# Each column with the value that says nothing: a later piece of a span wins where it says something.
_SPAN: dict[str, Any] = {
    "id": None,
    "trace": None,
    "span_id": None,
    "parent_id": None,
    "name": "",
    "kind": "unknown",
    "status": "unset",
    "start_ns": 0,
    "end_ns": None,
    "status_message": "",
    "error_type": None,
    "model": None,
    "provider": None,
    "tool_name": None,
    "agent_name": None,
    "prompt_name": None,
    "prompt_version": None,
    "session_id": None,
    "user_id": None,
    "environment": None,
    "version": None,
    "tags": None,
    "ttft_ns": None,
    "input_tokens": None,
    "output_tokens": None,
    "total_tokens": None,
    "cache_read_tokens": None,
    "cache_write_tokens": None,
    "reasoning_tokens": None,
    "audio_input_tokens": None,
    "audio_output_tokens": None,
    "service_tier": None,
    "cost": None,
    "cost_input": None,
    "cost_output": None,
    "cost_source": None,
    "cost_detail": None,
    "event_count": 0,
    "has_input": 0,
    "has_output": 0,
    "usage_counts": 1,
}
_PAYLOAD: dict[str, Any] = {
    "id": None,
    "resource": None,
    "from_logs": 0,
    "scope_name": "",
    "scope_version": "",
    "input_key": None,
    "output_key": None,
    "input": None,
    "output": None,
    "attributes": "{}",
    "events": None,
    "links": None,
}
SPAN_COLUMNS = tuple(_SPAN)
PAYLOAD_COLUMNS = tuple(_PAYLOAD)
AT = {name: i for i, name in enumerate(SPAN_COLUMNS)}
PAYLOAD_AT = {name: i for i, name in enumerate(PAYLOAD_COLUMNS)}
_SPAN_SILENT = tuple(_SPAN.values())
_PAYLOAD_SILENT = tuple(_PAYLOAD.values())

USAGE_COUNTS = AT["usage_counts"]
_START, _MODEL, _PROVIDER, _TAGS = AT["start_ns"], AT["model"], AT["provider"], AT["tags"]
_TOKENS = slice(AT["input_tokens"], AT["service_tier"] + 1)
_INPUT_TOKENS, _OUTPUT_TOKENS, _TOTAL = AT["input_tokens"], AT["output_tokens"], AT["total_tokens"]
_COST = slice(AT["cost"], AT["cost_detail"] + 1)
_COST_SOURCE = AT["cost_source"] - AT["cost"]
_EVENTS, _HAS_INPUT, _HAS_OUTPUT = AT["event_count"], AT["has_input"], AT["has_output"]

_FILE = CostSource.FILE._value_
_NO_USAGE: Row = (None,) * 9
_NO_COST: Row = (None, None, None, None, None)


def span_row(span: Span, span_id: str, row_id: int, trace: int, price: Price | None) -> Row:
    """The row of `span`, in SPAN_COLUMNS order. A cost that the span lacks is asked of `price`."""
    usage = span.usage
    cost = span.cost
    start = span.start_ns
    parent_id = span.parent_id or None
    if parent_id is not None and not parent_id.isascii():
        parent_id = sound_text(parent_id)
    if usage is None:
        tokens = _NO_USAGE
    else:
        given, said, total = usage.input, usage.output, usage.total
        if total is None and (given is not None or said is not None):
            total = (given or 0) + (said or 0)
        tokens = (
            given,
            said,
            total,
            usage.cache_read,
            usage.cache_write,
            usage.reasoning,
            usage.audio_input,
            usage.audio_output,
            usage.service_tier,
        )
        if cost is None and price is not None and span.model is not None:
            cost = price(span.model, span.provider, usage, start)
    return (
        row_id,
        trace,
        span_id,
        parent_id,
        span.name,
        span.kind._value_,
        span.status._value_,
        start,
        span.end_ns,
        span.status_message,
        span.error_type,
        span.model,
        span.provider,
        span.tool_name,
        span.agent_name,
        span.prompt_name,
        span.prompt_version,
        span.session_id,
        span.user_id,
        span.environment,
        span.version,
        dump(span.tags) if span.tags else None,
        span.ttft_ns,
        *tokens,
        *(_NO_COST if cost is None else (cost.total, cost.input, cost.output, cost.source._value_, cost.detail)),
        len(span.events),
        0 if span.input is None else 1,
        0 if span.output is None else 1,
        1,
    )


def payload_row(span: Span, row_id: int, resource: int | None) -> Row:
    """The heavy half of `span`, in PAYLOAD_COLUMNS order."""
    return (
        row_id,
        resource,
        0,
        span.scope_name,
        span.scope_version,
        span.input_key,
        span.output_key,
        span.input,
        span.output,
        dump(span.attributes) if span.attributes else "{}",
        dump([(e.name, e.time_ns, e.attributes) for e in span.events]) if span.events else None,
        dump([(e.trace_id, e.span_id, e.attributes) for e in span.links]) if span.links else None,
    )


def merge(old: tuple[Row, Row], new: tuple[Row, Row], price: Price | None) -> tuple[Row, Row]:
    """Two pieces of one span: `new` wins where it says something and erases nothing. Keeps old's id; returns `old`
    itself (equal rows) when `new` adds nothing."""
    payload = _merge_payload(old[1], new[1])
    was, now = old[0], new[0]
    row = [o if n == silent or n is None else n for n, o, silent in zip(now, was, _SPAN_SILENT, strict=True)]
    row[0] = was[0]
    row[USAGE_COUNTS] = was[USAGE_COUNTS]
    if was[_TAGS] != now[_TAGS] and was[_TAGS] and now[_TAGS]:
        row[_TAGS] = dump(list(dict.fromkeys(load(was[_TAGS]) + load(now[_TAGS]))))
    if now[_TOTAL] is not None and was[_TOTAL] is not None and _total_is_sum(now):
        row[_TOTAL] = (row[_INPUT_TOKENS] or 0) + (row[_OUTPUT_TOKENS] or 0) if _total_is_sum(was) else was[_TOTAL]
    row[_COST] = _merge_cost(was, now, row, price)
    row[_EVENTS] = was[_EVENTS] if payload is old[1] else _count(payload[PAYLOAD_AT["events"]])
    row[_HAS_INPUT] = int(payload[PAYLOAD_AT["input"]] is not None)
    row[_HAS_OUTPUT] = int(payload[PAYLOAD_AT["output"]] is not None)
    merged = tuple(row)
    return (was if merged == was else merged), payload


def _merge_payload(old: Row, new: Row) -> Row:
    at = PAYLOAD_AT
    row = [o if n == silent or n is None else n for n, o, silent in zip(new, old, _PAYLOAD_SILENT, strict=True)]
    row[0] = old[0]
    from_logs = old[at["from_logs"]]
    for bit, text, key in ((1, at["input"], at["input_key"]), (2, at["output"], at["output_key"])):
        if new[text] is not None:
            row[key] = new[key]
            from_logs &= ~bit
        else:
            row[key] = old[key]
    row[at["from_logs"]] = from_logs
    for column in (at["attributes"],):
        if old[column] != new[column]:
            row[column] = dump(load(old[column]) | load(new[column]))
    for column, when in ((at["events"], 1), (at["links"], 0)):
        if old[column] != new[column] and old[column] and new[column]:
            row[column] = _union(old[column], new[column], when)
    merged = tuple(row)
    return old if merged == old else merged


def _union(old: str, new: str, order: int) -> str:
    """Two JSON lists of lists as one without doubles, ordered by one of the entries' members."""
    items = load(old)
    known = {dump(item) for item in items}
    items += [item for item in load(new) if dump(item) not in known]
    return dump(sorted(items, key=lambda item: item[order]))


def _merge_cost(was: Row, now: Row, merged: list[Any], price: Price | None) -> Row:
    old, new = was[_COST], now[_COST]
    if new[0] is not None and new[_COST_SOURCE] == _FILE:
        return new
    if old[0] is not None and old[_COST_SOURCE] == _FILE:
        return old
    tokens = merged[_TOKENS]
    if price is None or tokens[2] is None:
        return old if old[0] is not None else new
    priced_by = (merged[_MODEL], merged[_PROVIDER], merged[_START], tokens)
    if old[0] is not None and priced_by == (was[_MODEL], was[_PROVIDER], was[_START], list(was[_TOKENS])):
        return old
    return cost_columns(price(merged[_MODEL], merged[_PROVIDER], Usage(*tokens), merged[_START]))


def cost_columns(cost: Cost | None) -> Row:
    """A cost as the columns that hold it, from cost to cost_detail."""
    return _NO_COST if cost is None else (cost.total, cost.input, cost.output, cost.source._value_, cost.detail)


def _total_is_sum(row: Row) -> bool:
    return bool(row[_TOTAL] == (row[_INPUT_TOKENS] or 0) + (row[_OUTPUT_TOKENS] or 0))


def _count(items: str | None) -> int:
    return 0 if items is None else len(load(items))
