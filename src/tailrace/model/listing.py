"""What the trace list, the histogram and the importers hand to whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SortKey(StrEnum):
    """What the trace list can be sorted by."""

    START = "start"
    DURATION = "duration"
    SPANS = "spans"
    ERRORS = "errors"
    TOKENS = "tokens"
    COST = "cost"
    TTFT = "ttft"
    NAME = "name"
    THUMB = "thumb"


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """Which traces: a text in the filter language and a half-open time range [since, until) over trace starts."""

    text: str = ""
    since_ns: int | None = None
    until_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Sorting:
    """In which order. Unknown values come last in either direction."""

    key: SortKey = SortKey.START
    descending: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class TraceList:
    """The answer to a filter: the keys of all matching traces, in order, so that any page can be read without a wait
    and rows do not move while data comes in. `total` counts all traces of the database. `unsearched` is how many spans
    the text index does not hold yet (0 unless the filter has free text): the list must say so when it is not 0."""

    filter: TraceFilter
    sorting: Sorting
    keys: NDArray[np.int64]
    total: int
    elapsed_ns: int
    unsearched: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Traces over time: bucket i covers [start_ns + i * bucket_ns, start_ns + (i + 1) * bucket_ns). `errors` are part
    of `counts`. It covers all that the filter's text matches, whatever its time range, so that the range can be moved.
    """

    start_ns: int
    bucket_ns: int
    counts: NDArray[np.int64]
    errors: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is in a database, and from when to when its traces begin (None while there are none)."""

    traces: int
    spans: int
    earliest_ns: int | None
    latest_ns: int | None


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value seen in the data and in how many traces."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is. `done` and `total` are in the source's own unit (`unit`: bytes, spans or calls); `total` is
    None while unknown. `phase` is reading, summarising or indexing."""

    source: str
    phase: str
    done: int
    total: int | None
    unit: str
    spans: int
    elapsed_s: float

    @property
    def rate(self) -> float:
        """Units a second."""
        return self.done / self.elapsed_s if self.elapsed_s > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the present rate; None while unknown."""
        return (self.total - self.done) / self.rate if self.total is not None and self.rate > 0 else None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `skipped` counts what could not be taken in, by reason; of an `unchanged` source, when it was
    read."""

    source: str
    format: str
    spans: int
    traces: int
    scores: int
    logs: int
    elapsed_s: float
    skipped: Mapping[str, int] = field(default_factory=dict)
    unchanged: bool = False
