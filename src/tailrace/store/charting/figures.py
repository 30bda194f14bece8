"""Figures worked out of aggregates. What is divided by zero, or has an unknown part, is unknown."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tailrace.model.measures import Aggregate, Binary, Elapsed, Expression, Number, Operator

Figures = NDArray[np.float64]


def asks_elapsed(expression: Expression) -> bool:
    """Whether an expression depends on how long the time is."""
    return any(isinstance(node, Elapsed) for node in _nodes(expression))


def work_out(expression: Expression, figures: Callable[[Aggregate], Figures], elapsed: Figures) -> Figures:
    """An expression over arrays that fit each other; `elapsed` in nanoseconds."""
    done: list[Figures] = []
    with np.errstate(all="ignore"):
        for node in reversed(_nodes(expression)):
            if isinstance(node, Aggregate):
                done.append(figures(node))
            elif isinstance(node, Number):
                done.append(np.float64(node.value) + np.zeros_like(elapsed))
            elif isinstance(node, Elapsed):
                done.append(elapsed)
            else:
                right, left = done.pop(), done.pop()
                done.append(_combine(node.operator, left, right))
    [found] = done
    return found


def _nodes(expression: Expression) -> list[Expression]:
    """Each before its parts. A formula can be as deep as somebody cares to type, so nothing here calls itself."""
    order: list[Expression] = []
    pending: list[Expression] = [expression]
    while pending:
        node = pending.pop()
        order.append(node)
        if isinstance(node, Binary):
            pending += (node.left, node.right)
    return order


def _combine(operator: Operator, left: Figures, right: Figures) -> Figures:
    if operator is Operator.ADD:
        return left + right
    if operator is Operator.SUBTRACT:
        return left - right
    if operator is Operator.MULTIPLY:
        return left * right
    return np.where(right == 0, np.nan, left / np.where(right == 0, 1.0, right))
