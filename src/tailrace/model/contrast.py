"""How often the values of fields occur in a selection of traces and in the rest: what differences are told from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tailrace.model.measures import Is, Unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class ValueCounts:
    """Values of one field (a dimension, `score.NAME` or `attr.KEY`), each with how many selected traces and how many
    others have it in any span. Two values have equal `marks` and counts when the same traces have them. `of` is how
    many different values there are: the rarest may not be among them."""

    field: str
    values: tuple[str, ...]
    inside: NDArray[np.int64]
    outside: NDArray[np.int64]
    marks: NDArray[np.uint64]
    of: int


@dataclass(frozen=True, slots=True, eq=False)
class CutCounts:
    """How many traces have a number that is at least (`compare` GE) or at most (LE) each of some cuts. `field` is a
    column of the facts of traces, `score.NAME` or `attr.KEY`."""

    field: str
    unit: Unit
    compare: Is
    cuts: NDArray[np.float64]
    inside: NDArray[np.int64]
    outside: NDArray[np.int64]
    marks: NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """A selection of `inside` traces and the `outside` others, in all their values. `left_out` are the attributes whose
    values are not among them."""

    inside: int
    outside: int
    values: tuple[ValueCounts, ...]
    cuts: tuple[CutCounts, ...]
    left_out: tuple[str, ...] = ()
