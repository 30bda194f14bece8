"""From a place in a chart to the traces behind it: time range, group and value bounds as a filter."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from tailrace.model import TraceFilter
from tailrace.model.charted import Difference, Group
from tailrace.model.facts import ATTRIBUTE, find_dimension
from tailrace.model.measures import Aggregate, Fn, Grain, Is, Measure, Where
from tailrace.query import Op, with_term

# what a trace without a value of the field has not
_HAS = {"user", "session", "env", "version", "tag", "prompt", "model", "tool"}
# the fields of the filter language that bound a column of traces
_BOUNDED = {"duration_ns": "latency", "ttft_ns": "ttft", "cost": "cost", "total_tokens": "tokens"}
_BOUNDED |= {"span_count": "spans", "error_count": "errors", "loop_depth": "loop"}


@dataclass(frozen=True, slots=True)
class Behind:
    """The traces behind a place. `left_out` says in words what the filter could not: it then matches more traces."""

    filter: TraceFilter
    left_out: str = ""


def within(asked: TraceFilter, since_ns: int | None, until_ns: int | None) -> TraceFilter:
    """A filter narrowed to some times; None keeps its own bound."""
    since = [bound for bound in (asked.since_ns, since_ns) if bound is not None]
    until = [bound for bound in (asked.until_ns, until_ns) if bound is not None]
    return replace(asked, since_ns=max(since, default=None), until_ns=min(until, default=None))


def joined(text: str, more: str) -> str:
    """A filter that both texts are met by."""
    parts = [part.strip() for part in (text, more) if part.strip()]
    return parts[0] if len(parts) == 1 else " ".join(f"({part})" if " OR " in part else part for part in parts)


def of_group(asked: TraceFilter, by: str, group: Group) -> Behind:
    """The traces of one group of a field ("": of all)."""
    dimension = find_dimension(by)
    if dimension is None:
        return Behind(asked)
    title = dimension.title.lower()
    if group.others:
        return Behind(asked, f"no filter names all the others of {title}")
    try:
        if group.value is not None:
            if dimension.filter:
                return Behind(replace(asked, text=with_term(asked.text, by, group.value)))
        elif by == "thumb":
            return Behind(replace(asked, text=with_term(asked.text, by, "none")))
        elif by in _HAS:
            return Behind(replace(asked, text=with_term(asked.text, "has", by, negate=True)))
    except ValueError:  # a value that is none of the field's
        pass
    return Behind(asked, f"no filter names this {title}" if group.value is not None else f"no filter for no {title}")


def of_values(asked: TraceFilter, column: str, low: float | None, high: float | None) -> Behind:
    """The traces whose value of a column (`trace.duration_ns`) is in [low, high)."""
    if low is None and high is None:
        return Behind(asked)
    grain, _, name = column.partition(".")
    field = _BOUNDED.get(name) if grain == Grain.TRACE else None
    score = name.partition(":")[2] if grain == Grain.SCORE else ""
    if field is None and not score:
        return Behind(asked, f"no filter bounds {name.removesuffix('_ns').replace('_', ' ')}")
    text = asked.text
    for bound, op in ((low, Op.GE), (high, Op.LT)):
        if bound is not None and math.isfinite(bound):
            text = with_term(text, field or f"score.{score}", bound, op=op)
    return Behind(replace(asked, text=text))


def of_measure(asked: TraceFilter, measure: Measure) -> Behind:
    """The traces that a count of failures counts, not all among which it counts them."""
    expression = measure.expression
    if not isinstance(expression, Aggregate) or expression.fn is not Fn.COUNT or _FAILURES.isdisjoint(expression.where):
        return Behind(asked)
    equal = {one.column: str(one.value) for one in expression.where if one.compare is Is.EQ}
    if expression.grain is Grain.TRACE:
        field, value = "status", "error"
    elif expression.grain is not Grain.SPAN:
        return Behind(asked)
    elif "kind" in equal:
        field, value = "failed", equal["kind"]
    else:
        field, value = ("category", equal["error_category"]) if "error_category" in equal else ("has", "error")
    return Behind(replace(asked, text=with_term(asked.text, field, value)))


_FAILURES = frozenset({Where("failed", Is.EQ, True), Where("origin", Is.EQ, True)})


def of_difference(asked: TraceFilter, difference: Difference) -> Behind:
    """The traces that have what sets a selection apart."""
    if not difference.term:
        return Behind(asked, f"no filter names this {field_title(difference.field)}")
    return Behind(replace(asked, text=joined(asked.text, difference.term)))


def field_title(field: str) -> str:
    """A field as people call it; of an attribute its key."""
    dimension = find_dimension(field)
    return field.removeprefix(ATTRIBUTE) if dimension is None else dimension.title
