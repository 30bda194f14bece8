"""What is asked of all the traces together, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from tailrace.model.listing import TraceFilter
from tailrace.model.measures import Grain, Is, Measure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Group:
    """One group of an answer: a value of the field; with `value` None those that have none; with `others` all groups
    behind the top ones together; of an ungrouped question the one `Group()` that is everything."""

    value: str | None = None
    others: bool = False


@dataclass(frozen=True, slots=True)
class Buckets:
    """Half-open times [edges[i], edges[i + 1]) in nanoseconds since 1970, each later than the one before; at least two
    edges. They are those of a calendar (days of 23 and 25 hours, leap days) or equally long."""

    edges: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.edges) - 1


@dataclass(frozen=True, slots=True)
class Question:
    """Figures of the traces of a filter: over time where there are `buckets` (only traces that begin within their
    edges), by the values of a field where `by` is given. Of these the `top` ones by the first measure's figure (by
    count of facts where that is not additive) stand alone and the others together; 0 is all of them. With `values`
    only facts of these values of the field count at all, also in the whole; those that there are are the groups."""

    measures: tuple[Measure, ...]
    filter: TraceFilter = field(default_factory=TraceFilter)
    buckets: Buckets | None = None
    by: str | None = None
    top: int = 8
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """`figures[measure id]` is an array of len(groups) x len(buckets) (x 1 without buckets), `totals[measure id]` one
    of len(groups) over the whole range; unknown is NaN. `whole[measure id]` is the figure of all groups together.
    `groups` come largest first, the one without a value and the others last. `more` is how many groups are in the
    others. `facts` is how many rows were aggregated, of the grain with the most."""

    question: Question
    groups: tuple[Group, ...]
    figures: Mapping[str, NDArray[np.float64]]
    totals: Mapping[str, NDArray[np.float64]]
    whole: Mapping[str, float]
    more: int = 0
    facts: int = 0
    elapsed_ns: int = 0


@dataclass(frozen=True, slots=True)
class HeatQuestion:
    """How the values of one column spread over time: counts of facts in cells of time and value. The rows are equally
    high on a log scale between the least and the greatest value that is greater than 0; at most `rows` of them."""

    column: str
    grain: Grain
    filter: TraceFilter
    buckets: Buckets
    rows: int = 24
    score: str | None = None  # of the scores of this name alone


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """`counts[row, bucket]`; row i holds values in [levels[i], levels[i + 1]), the last one its upper edge too. `below`
    counts per bucket the facts of value 0 or less, which a log scale has no place for; unknown ones are left out."""

    question: HeatQuestion
    levels: NDArray[np.float64]
    counts: NDArray[np.int64]
    below: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SpreadQuestion:
    """How the values of one column are distributed: a histogram. `log`: bins are equally wide on a log scale."""

    column: str
    grain: Grain
    filter: TraceFilter
    bins: int = 40
    log: bool = False
    score: str | None = None  # of the scores of this name alone


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """`counts[i]` values in [edges[i], edges[i + 1]), the last bin with its upper edge; `below` as in Heat; `unknown`
    facts without a value. `known` is how many values there are in all."""

    question: SpreadQuestion
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    below: int
    unknown: int
    known: int


@dataclass(frozen=True, slots=True)
class Mark:
    """The first sight of a version: of the application (`field` version) or of a prompt (`field` prompt). `of` is the
    name of the traces that nearly all have this version of the application, empty where there is no such name."""

    time_ns: int
    field: str
    value: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of a field or attribute in a selection and in the rest. `inside` of `inside_of` selected traces have
    it in any of their spans, `outside` of `outside_of` others. `compare` is EQ, or GE and LE where a trace has it when
    its number is at least or at most `value`, which is written as people read it. `lift` is the ratio of the shares
    (inf where no other has it). `strength` is what it is ranked by: how far the shares lie apart beyond what chance
    explains. `p` is of Fisher's exact test. `also` are other fields' values that the very same traces have. `term` is
    the filter for these traces ("" where the filter language has none)."""

    field: str
    value: str
    inside: int
    inside_of: int
    outside: int
    outside_of: int
    lift: float
    strength: float
    p: float
    compare: Is = Is.EQ
    also: tuple[str, ...] = ()
    term: str = ""

    @property
    def sign(self) -> str:
        """What stands between field and value: =, ≥ or ≤."""
        return {Is.GE: "≥", Is.LE: "≤"}.get(self.compare, "=")


@dataclass(frozen=True, slots=True)
class Differences:
    """What sets a selection apart, the strongest first, and `found` how many values do in all. `inside` and `outside`
    are traces. `compared` is how many values of `of` were looked at; the rest was too rare to tell. `left_out` are the
    attributes that nearly every trace has another value of, or a long one: ids, times, texts."""

    differences: tuple[Difference, ...]
    inside: int
    outside: int
    compared: int
    of: int
    elapsed_ns: int = 0
    found: int = 0
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """Some numbers in short: how many, their mean and their sample standard deviation (NaN where there is none)."""

    n: int
    mean: float
    spread: float


class Test(StrEnum):
    """How it is told whether two figures differ by more than chance. The measure's expression says which: a count over
    a count of the same facts is a share; a mean of facts, their sum over their count, and what is counted or added up
    in traces over their count is a mean (in the last case of the traces); a quantile of facts is a quantile. To add,
    subtract, multiply or divide by a constant changes nothing. No other measure has a test.
    """

    PROPORTIONS = "Fisher's exact test"
    MEANS = "Welch's t-test"
    QUANTILES = "Fisher's exact test of the shares above the pooled quantile"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Against:
    """One value's figure beside the first value's. `p` is adjusted for all the tests of the comparison (Holm); None
    where no test fits or too little is known."""

    difference: float
    relative: float | None  # of the first figure's size; None where that is 0 or unknown
    p: float | None
    test: Test


@dataclass(frozen=True, slots=True)
class ComparedMeasure:
    """One row of a comparison: a figure a value (NaN: unknown), the place of the best one (None: no way is better, or
    none is), and each later value against the first one."""

    measure: Measure
    figures: tuple[float, ...]
    best: int | None
    against: tuple[Against, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Up to three values of a field, side by side. `notes` are sentences: how many tests there were, which value has
    too few traces, what the tests take for granted."""

    by: str
    values: tuple[str, ...]
    rows: tuple[ComparedMeasure, ...]
    traces: tuple[int, ...]
    notes: tuple[str, ...] = field(default=())
