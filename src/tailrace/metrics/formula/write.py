"""An expression back to the text of a formula."""

from __future__ import annotations

from typing import Final

from tailrace.metrics.formula.columns import write_column, write_condition_column
from tailrace.metrics.formula.parse import ELAPSED, PERCENTILE, quantile_of
from tailrace.metrics.formula.typed import unit_of_column
from tailrace.model.measures import (
    Aggregate,
    Binary,
    Elapsed,
    Expression,
    Fn,
    Grain,
    Number,
    Operator,
    Unit,
    Where,
)
from tailrace.query.values import in_quotes

_NAMES: Final = {Fn.SPREAD: "stddev", Fn.QUANTILE: "quantile"}
_STRONG: Final = (Operator.MULTIPLY, Operator.DIVIDE)


def write_formula(expression: Expression) -> str:
    """The formula of an expression: reading it gives the same expression."""
    made: list[str] = []
    pending: list[tuple[Expression, bool]] = [(expression, False)]
    while pending:
        node, below_done = pending.pop()
        if isinstance(node, Binary) and not below_done:
            pending += ((node, True), (node.right, False), (node.left, False))
        elif isinstance(node, Binary):
            right, left = made.pop(), made.pop()
            made.append(f"{_side(node, node.left, left)} {node.operator.value} {_side(node, node.right, right)}")
        else:
            made.append(_write_leaf(node))
    return made[0]


def _side(whole: Binary, part: Expression, text: str) -> str:
    if not isinstance(part, Binary):
        return text
    weaker = whole.operator in _STRONG and part.operator not in _STRONG
    same = (whole.operator in _STRONG) == (part.operator in _STRONG)
    return f"({text})" if weaker or (same and part is whole.right) else text


def _write_leaf(node: Aggregate | Number | Elapsed) -> str:
    if isinstance(node, Elapsed):
        return ELAPSED
    if isinstance(node, Number):
        return _write_number(node.value)
    about = write_column(node.grain, node.column) if node.column else node.grain.value
    name, further = _NAMES.get(node.fn, node.fn.value), ""
    if node.fn is Fn.QUANTILE and node.q is not None:
        percent = f"{node.q * 100:.6g}"
        if PERCENTILE.fullmatch(f"p{percent}") and quantile_of(percent) == node.q:
            name = f"p{percent}"
        else:
            further = f", {_write_number(node.q)}"
    conditions = " and ".join(_write_condition(node.grain, each) for each in node.where)
    return f"{name}({about}{further}{' where ' if conditions else ''}{conditions})"


def _write_condition(grain: Grain, condition: Where) -> str:
    return f"{write_condition_column(condition.column)} {condition.compare.value} {_write_value(grain, condition)}"


def _write_value(grain: Grain, condition: Where) -> str:
    if isinstance(condition.value, bool):
        return "true" if condition.value else "false"
    if isinstance(condition.value, str):
        return in_quotes(condition.value)
    timed = unit_of_column(grain, condition.column) is Unit.DURATION
    return f"{_write_number(condition.value)}{'ns' if timed else ''}"


def _write_number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
