"""What the cards of a dashboard are shown, and what they say of a place in them.

Everywhere: times are integer nanoseconds since 1970, shares 0 to 1, durations nanoseconds; unknown figures are NaN.
A tone is the name of a colour of the theme ("ok", "warn", "err", "accent", "dim", …), "series:N" for the N-th colour of
series, "others" for all behind the top ones together; empty: by the place among its siblings.
`caption` stands at the right of the title, `definition` is the tooltip of the title. `of`: how many there are in all
where not all are among those given; 0: these are all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from tailrace.model.charted import Buckets, Comparison, Difference, Differences, Group
from tailrace.model.measures import Better, Unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Pick:
    """Something in a chart that a person points at: a bucket of a series, a cell, a row, an area. Times are half-open;
    values are in [low, high), None has no bound. `difference` is of a row of what differs. Without any: all of it."""

    since_ns: int | None = None
    until_ns: int | None = None
    group: Group | None = None
    measure: str = ""
    low: float | None = None
    high: float | None = None
    difference: Difference | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One line, layer or part of bars: a figure a bucket. `group` and `measure` come back in a Pick."""

    name: str
    values: NDArray[np.float64]
    tone: str = ""
    group: Group | None = None
    measure: str = ""


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A dashed line at a moment: the first sight of a version."""

    time_ns: int
    label: str


@dataclass(frozen=True, slots=True)
class Level:
    """A dashed line at a value: a budget, a percentile of a histogram."""

    value: float
    label: str
    tone: str = "warn"


@dataclass(frozen=True, slots=True)
class Band:
    """Values in [low, high) have a meaning, as green, yellow and red success rates. None has no bound."""

    low: float | None
    high: float | None
    tone: str


@dataclass(frozen=True, slots=True, eq=False)
class TimeChart:
    """Figures over time: LINE, AREA (stacked), BARS (stacked). `over` is a line over them with a unit and a scale of
    its own. `selection` is drawn as an area."""

    title: str
    unit: Unit
    buckets: Buckets
    series: tuple[Series, ...]
    caption: str = ""
    definition: str = ""
    over: Series | None = None
    over_unit: Unit = Unit.NUMBER
    marks: tuple[MarkLine, ...] = ()
    levels: tuple[Level, ...] = ()
    bands: tuple[Band, ...] = ()
    selection: Pick | None = None
    of: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """A dot with a word: ok "healthy", warn "watch", err "poor"."""

    tone: str
    word: str


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One big NUMBER. `former` is the figure of the period before (`former_words`: "the 7 days before"), `better` says
    the colour of the trend; `note` is a short remark ("proj. $5.1k/mo"). `spark` is a figure a bucket. `now` is what
    `former` is compared with where that is a part of all that is counted (`now_words`: "the second half")."""

    title: str
    unit: Unit
    value: float
    former: float = NAN
    better: Better = Better.NEITHER
    health: Health | None = None
    note: str = ""
    note_tone: str = "warn"
    spark: NDArray[np.float64] | None = None
    buckets: Buckets | None = None
    former_words: str = "the period before"
    definition: str = ""
    measure: str = ""
    estimated: bool = False
    now: float = NAN
    now_words: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One group of a LIST or PIE."""

    name: str
    value: float
    group: Group
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A figure a group: LIST, or PIE where they are parts of one whole. `whole` is the figure that shares are of; NaN
    where groups do not add up to it: then no share is said, and a PIE refuses with a sentence."""

    title: str
    unit: Unit
    parts: tuple[Part, ...]
    whole: float = NAN
    caption: str = ""
    definition: str = ""
    measure: str = ""
    of: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A measure of a TABLE."""

    name: str
    unit: Unit
    measure: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A group of a TABLE: a figure a column, and the tones of figures that are remarkably good or bad (or none)."""

    name: str
    values: tuple[float, ...]
    group: Group
    tones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A TABLE: rows are groups of the field `by`, columns measures."""

    title: str
    by: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    definition: str = ""
    of: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class HeatChart:
    """A HEATMAP: `counts[row, bucket]` facts with values in [levels[row], levels[row + 1]), the last row with its upper
    edge; `below` of value 0 or less a bucket (or None). `things` is what is counted."""

    title: str
    unit: Unit
    buckets: Buckets
    levels: NDArray[np.float64]
    counts: NDArray[np.int64]
    below: NDArray[np.int64] | None = None
    caption: str = "log scale · drag to select"
    definition: str = ""
    things: str = "traces"
    measure: str = ""
    marks: tuple[MarkLine, ...] = ()
    selection: Pick | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SpreadChart:
    """A HISTOGRAM: `counts[i]` facts with values in [edges[i], edges[i + 1]), the last bin with its upper edge. `log`:
    the bins are equally wide on a log scale. `below` have a value that a log scale has no place for."""

    title: str
    unit: Unit
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    log: bool = False
    below: int = 0
    unknown: int = 0
    caption: str = ""
    definition: str = ""
    things: str = "traces"
    measure: str = ""
    levels: tuple[Level, ...] = ()
    selection: Pick | None = None


@dataclass(frozen=True, slots=True)
class ComparisonChart:
    """A COMPARISON; None where nothing to compare is chosen yet (`hint` says how)."""

    title: str
    comparison: Comparison | None
    caption: str = "best in each row in bold"
    definition: str = ""
    hint: str = "Choose up to three values to compare above."


@dataclass(frozen=True, slots=True)
class DifferencesChart:
    """What DIFFERS in a selection; None: nothing is selected yet. `names` maps fields to what people call them."""

    title: str
    differences: Differences | None = None
    caption: str = ""
    definition: str = ""
    names: dict[str, str] = field(default_factory=dict, hash=False)


Content: TypeAlias = TimeChart | Figure | Ranking | Grid | HeatChart | SpreadChart | ComparisonChart | DifferencesChart


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a card draws, as a table: texts, exact figures, or None where unknown. Times are ISO texts."""

    header: tuple[str, ...]
    rows: tuple[tuple[str | float | int | None, ...], ...]
