"""What can be measured: expressions over facts, with a name, a definition and a unit.

A fact is one row of something that can be counted: a trace, a span, a score, a session or a retrieval. Which columns a
fact has is said in `facts.py`. A measure is an expression over the facts of any grains; where it asks for several
aggregates, each is answered for the same traces, times and groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Grain(StrEnum):
    """What one fact is."""

    TRACE = "trace"
    SPAN = "span"
    SCORE = "score"
    SESSION = "session"
    RETRIEVAL = "retrieval"


class Unit(StrEnum):
    """What a figure is counted in."""

    COUNT = "count"
    RATE = "per minute"
    SHARE = "share"  # 0 to 1
    DURATION = "ns"
    TOKENS = "tokens"
    SPEED = "tokens per second"
    MONEY = "US dollars"
    NUMBER = "number"


class Better(StrEnum):
    """Which way is good."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


class Fn(StrEnum):
    """How the values of many facts become one. Of no known value each is unknown, but COUNT and DISTINCT are 0."""

    COUNT = "count"  # facts; with a column, those that know it
    SUM = "sum"
    MEAN = "mean"
    LEAST = "min"
    MOST = "max"
    QUANTILE = "quantile"  # linear between neighbours, as NumPy's default
    DISTINCT = "distinct"  # different known values
    SPREAD = "spread"  # sample standard deviation
    PEAK = "peak"  # the most facts in one minute of UTC


class Is(StrEnum):
    """How a fact's column is compared. A fact that does not know the column is not met."""

    EQ = "="
    NE = "<>"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on one column of a fact, or on `attr.KEY` of spans: text, number or bool."""

    column: str
    compare: Is
    value: str | float | bool


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One figure of many facts. `column` is a column of the grain, or `attr.KEY` for a numeric attribute of spans;
    empty only for COUNT and PEAK. `q` is 0 to 1 and for QUANTILE alone. All of `where` must be met."""

    fn: Fn
    grain: Grain
    column: str = ""
    where: tuple[Where, ...] = ()
    q: float | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Elapsed:
    """How long the bucket (or the whole range) is, in nanoseconds: for rates."""


class Operator(StrEnum):
    """Arithmetic on figures. What is divided by zero, or has an unknown part, is unknown."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two figures made one."""

    operator: Operator
    left: Expression
    right: Expression


Expression: TypeAlias = Aggregate | Number | Elapsed | Binary


@dataclass(frozen=True, slots=True)
class Measure:
    """Something to chart. `id` is how it is asked for (`latency.p95`; for a custom one its formula), `definition` one
    sentence that says what is counted and how. `additive`: the figures of buckets and of disjoint groups add up to the
    total."""

    id: str
    title: str
    group: str
    definition: str
    unit: Unit
    expression: Expression
    better: Better = Better.NEITHER
    additive: bool = False


def aggregates_of(expression: Expression) -> tuple[Aggregate, ...]:
    """The different aggregates that an expression asks for, in order."""
    found: dict[Aggregate, None] = {}
    pending: list[Expression] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, Aggregate):
            found[node] = None
        elif isinstance(node, Binary):
            pending += (node.right, node.left)
    return tuple(found)
