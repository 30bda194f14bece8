"""What a figure of a formula is counted in, and what comes of adding, multiplying and dividing two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tailrace.model.facts import ATTRIBUTE, ColumnType, type_of
from tailrace.model.measures import Aggregate, Binary, Expression, Fn, Grain, Number, Operator, Unit


@dataclass(frozen=True, slots=True)
class Typed:
    """A figure with its unit. `powers` are those of time, money and tokens in it; `plain`: a number without a unit."""

    expression: Expression
    unit: Unit
    powers: tuple[int, int, int]
    plain: bool = False


_NONE: Final = (0, 0, 0)
_POWERS: Final = {Unit.DURATION: (1, 0, 0), Unit.MONEY: (0, 1, 0), Unit.TOKENS: (0, 0, 1)}
_BASIC: Final = frozenset(_POWERS.values())
_LOOSE: Final = (Unit.COUNT, Unit.NUMBER, Unit.SHARE, Unit.TOKENS)  # numbers of things: one may be added to another


def typed(expression: Expression, unit: Unit, plain: bool = False) -> Typed:
    """A figure of a unit."""
    return Typed(expression, unit, _POWERS.get(unit, _NONE), plain)


def unit_of_column(grain: Grain, column: str) -> Unit:
    """What the values of a column are counted in."""
    if column.startswith(ATTRIBUTE):
        return Unit.NUMBER
    if column.endswith("_ns"):
        return Unit.DURATION
    if column.endswith("_tokens"):
        return Unit.TOKENS
    if column == "tokens_per_second":
        return Unit.SPEED
    return Unit.MONEY if column.startswith("cost") else Unit.NUMBER


def unit_of_aggregate(aggregate: Aggregate) -> Unit:
    """What a figure of many facts is counted in."""
    if aggregate.fn in (Fn.COUNT, Fn.DISTINCT):
        return Unit.COUNT
    if aggregate.fn is Fn.PEAK:
        return Unit.RATE
    unit = unit_of_column(aggregate.grain, aggregate.column)
    counted = type_of(aggregate.grain, aggregate.column) is ColumnType.INTEGER
    return Unit.COUNT if unit is Unit.NUMBER and counted and aggregate.fn is Fn.SUM else unit


def join(operator: Operator, left: Typed, right: Typed) -> Typed | str:
    """Two figures as one, or why that makes no sense, in words."""
    expression = Binary(operator, left.expression, right.expression)
    if operator in (Operator.ADD, Operator.SUBTRACT):
        return _added(expression, left, right)
    sign = 1 if operator is Operator.MULTIPLY else -1
    time, money, tokens = (a + sign * b for a, b in zip(left.powers, right.powers, strict=True))
    powers = (time, money, tokens)
    unit = _main(powers) if powers != _NONE else _bare(operator, left, right)
    return Typed(expression, unit, powers, left.plain and right.plain)


def _main(powers: tuple[int, int, int]) -> Unit:
    """What a figure of several units is written in: dollars of dollars per token."""
    time, money, tokens = powers
    return Unit.MONEY if money == 1 else Unit.DURATION if time == 1 else Unit.TOKENS if tokens == 1 else Unit.NUMBER


def _added(expression: Binary, left: Typed, right: Typed) -> Typed | str:
    if left.plain or right.plain:
        kept = right if left.plain else left
        return Typed(expression, kept.unit, kept.powers, left.plain and right.plain)
    if left.unit is right.unit and left.powers == right.powers:
        return Typed(expression, left.unit, left.powers)
    if left.unit in _LOOSE and right.unit in _LOOSE and not (_compound(left) or _compound(right)):
        return Typed(expression, Unit.NUMBER, _NONE)
    words = "added" if expression.operator is Operator.ADD else "taken from each other"
    return f"{_in_words(left)} and {_in_words(right)} cannot be {words}"


def _bare(operator: Operator, left: Typed, right: Typed) -> Unit:
    """The unit where no time, money or tokens remain."""
    if operator is Operator.DIVIDE:
        if right.plain:
            return Unit.NUMBER if left.unit is Unit.SHARE else left.unit
        if left.unit is Unit.COUNT and right.unit is Unit.COUNT:
            return Unit.SHARE if _is_part(left.expression, right.expression) else Unit.NUMBER
        return Unit.SHARE if left.powers != _NONE and left.unit is right.unit else Unit.NUMBER
    if left.plain or right.plain:
        kept = right.unit if left.plain else left.unit
        return Unit.NUMBER if kept is Unit.SHARE else kept
    if Unit.SHARE in (left.unit, right.unit):
        return right.unit if left.unit is Unit.SHARE else left.unit
    return Unit.NUMBER


def _is_part(part: Expression, whole: Expression) -> bool:
    """Whether one counts some of what the other counts."""
    return (
        isinstance(part, Aggregate)
        and isinstance(whole, Aggregate)
        and part.fn is whole.fn is Fn.COUNT
        and part.grain is whole.grain
        and whole.column in ("", part.column)
        and set(whole.where) <= set(part.where)
    )


def _compound(figure: Typed) -> bool:
    return figure.powers != _NONE and figure.powers not in _BASIC


_WORDS: Final = {
    Unit.COUNT: "a count",
    Unit.RATE: "a rate per minute",
    Unit.SHARE: "a share",
    Unit.DURATION: "a time",
    Unit.TOKENS: "tokens",
    Unit.SPEED: "tokens per second",
    Unit.MONEY: "money",
    Unit.NUMBER: "a number",
}


def _in_words(figure: Typed) -> str:
    return "a figure of several units" if _compound(figure) else _WORDS[figure.unit]


def words_for(unit: Unit) -> str:
    """A unit as sentences name it."""
    return _WORDS[unit]


def adds_up(expression: Expression) -> bool:
    """Whether the figures of buckets and of disjoint groups add up to the total: counts and sums, such added to or
    taken from each other, and such times or over a number."""
    pending: list[Expression] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, Aggregate):
            if node.fn not in (Fn.COUNT, Fn.SUM):
                return False
        elif not isinstance(node, Binary):
            return False
        elif node.operator in (Operator.ADD, Operator.SUBTRACT):
            pending += (node.left, node.right)
        elif isinstance(node.right, Number):
            pending.append(node.left)
        elif node.operator is Operator.MULTIPLY and isinstance(node.left, Number):
            pending.append(node.right)
        else:
            return False
    return True
