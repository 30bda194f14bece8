"""What a filter says, as a tree of frozen values.

Meaning is per trace: `kind:tool model:x` holds when some span of the trace is a tool and some (other) span has the
model. `And`, `Or` and `Not` combine what is said of the trace: `Not(Term(kind, tool))` holds when no span is a tool.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import TypeAlias, TypeVar

from tailrace.query.fields import Field

T = TypeVar("T")


class Op(StrEnum):
    """How a field is compared. EQ is written `:`."""

    EQ = ":"
    GT = ":>"
    GE = ":>="
    LT = ":<"
    LE = ":<="


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every text that begins with `text`, written `text*`. An empty one is any value at all: `model:*`."""

    text: str


# By the field's kind:
#   TEXT       str (the whole value, without regard to case) or Prefix; EQ only
#   CHOICE     str, one of field.choices; EQ only
#   HAS        str, one of field.choices; EQ only
#   DURATION   float, nanoseconds
#   NUMBER     float
#   MONEY      float, US dollars
#   SCORE      float, or with EQ also str (a label, quoted where it looks like a number) or Prefix
#   ATTRIBUTE  with EQ str (the value's text, so `attr.n:5` is found as number 5 too) or Prefix; else float
Value: TypeAlias = str | float | Prefix


@dataclass(frozen=True, slots=True)
class Everything:
    """No condition: the empty filter."""


@dataclass(frozen=True, slots=True)
class Term:
    """`field:value`. `span` is where it stands in the text: [start, end)."""

    field: Field
    op: Op
    value: Value
    span: tuple[int, int] = dataclass_field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """Something to find in names, inputs and outputs. `words` holds at least one letter or digit; several words (or
    one with punctuation inside) are to be found side by side. `phrase`: it was written in quotes, which
    changes nothing else. `prefix`: the last word may go
    on (`sup*`)."""

    words: str
    phrase: bool = dataclass_field(default=False, compare=False)
    prefix: bool = False
    span: tuple[int, int] = dataclass_field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more; none of them is an And."""

    children: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more; none of them is an Or. A list of values (`status:error,ok`) is an Or of terms."""

    children: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What the child does not hold for."""

    child: Tree


Tree: TypeAlias = Everything | Term | Text | And | Or | Not


def children_of(tree: Tree) -> tuple[Tree, ...]:
    """The trees directly below, in reading order; none below a leaf."""
    if isinstance(tree, And | Or):
        return tree.children
    if isinstance(tree, Not):
        return (tree.child,)
    return ()


def fold(tree: Tree, visit: Callable[[Tree, list[T]], T]) -> T:
    """Make one value of a tree from the leaves up: `visit` gets a node and what its children became. Iterative."""
    pending: list[tuple[Tree, bool]] = [(tree, False)]
    made: list[T] = []
    while pending:
        node, children_done = pending.pop()
        below = children_of(node)
        if below and not children_done:
            pending.append((node, True))
            pending.extend((child, False) for child in reversed(below))
            continue
        count = len(below)
        arguments = made[len(made) - count :]
        del made[len(made) - count :]
        made.append(visit(node, arguments))
    return made[0]
