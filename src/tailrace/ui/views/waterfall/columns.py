"""The optional figures right of the name: self time, share of the trace, tokens, cost. No Qt."""

from __future__ import annotations

import math
from enum import StrEnum

from tailrace.model.tree import SpanTree, TreeMark
from tailrace.model.words import UNKNOWN, format_cost, format_duration, format_tokens
from tailrace.ui.views.waterfall.critical import Analysis


class Column(StrEnum):
    """An optional column; the value is its heading."""

    SELF = "Self"
    SHARE = "Share"
    TOKENS = "Tokens"
    COST = "Cost"


WIDTHS = {Column.SELF: 66, Column.SHARE: 54, Column.TOKENS: 60, Column.COST: 72}


def figure(column: Column, tree: SpanTree, analysis: Analysis | None, row: int) -> str:
    """What a column says of a span: a dash for unknown."""
    match column:
        case Column.SELF:
            ns = -1 if analysis is None else int(analysis.self_ns[row])
            ns = -1 if int(tree.marks[row]) & TreeMark.NEGATIVE else ns
            return UNKNOWN if ns < 0 else format_duration(ns)
        case Column.SHARE:
            ns = -1 if int(tree.marks[row]) & TreeMark.NEGATIVE else int(tree.duration[row])
            return UNKNOWN if ns < 0 else format_share(ns, tree.extent)
        case Column.TOKENS:
            count = int(tree.tokens[row])
            return UNKNOWN if count < 0 else format_tokens(count)
        case Column.COST:
            cost = float(tree.cost[row])
            return UNKNOWN if math.isnan(cost) else format_cost(cost)


def format_share(part: int, whole: int) -> str:
    """A share in per cent: 27 %, 0.4 %, < 0.1 %."""
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "< 0.1 %"
    return f"{share:.1f} %" if 0 < share < 9.95 else f"{share:.0f} %"
