"""What the charts of a page depend on, and what each of them asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tailrace.errors import QueryError
from tailrace.metrics.dashboards import column_of, follows_page, grouped_by
from tailrace.model import TraceFilter
from tailrace.model.charted import Buckets, HeatQuestion, Question, SpreadQuestion
from tailrace.model.dashboard import ChartKind, Dashboard, Panel
from tailrace.model.measures import Aggregate, Fn, Grain, Measure
from tailrace.query import State, parse
from tailrace.ui.models.monitor_terms import joined, within
from tailrace.ui.models.monitor_values import unit_of

OVER_TIME = (ChartKind.LINE, ChartKind.AREA, ChartKind.BARS)
BY_GROUP = (ChartKind.LIST, ChartKind.PIE, ChartKind.TABLE)
OF_COLUMN = (ChartKind.HEATMAP, ChartKind.HISTOGRAM)
_HEAT_ROWS = 20
_BINS = 36
_MARKED = (0.5, 0.95)  # quantiles that a histogram shows


@dataclass(frozen=True, slots=True)
class Scene:
    """One dashboard on one filter. `end_ns` is where an open range ends when it is the last so-and-so long (None: at
    the newest trace). `by` and `compare` are the page's field and its values to compare. `budget` is in dollars a
    month."""

    dashboard: Dashboard
    filter: TraceFilter
    end_ns: int | None = None
    by: str = ""
    compare: tuple[str, ...] = ()
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The times that are looked at, [since, until), and with which others of the same length their figures are
    compared: `now` None is all of them."""

    since_ns: int
    until_ns: int
    buckets: Buckets
    now: TraceFilter | None
    former: TraceFilter | None
    former_words: str
    now_words: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one panel asks: figures, and for how they differ from before; or counts of a column."""

    panel: Panel
    measures: tuple[Measure, ...] = ()
    question: Question | None = None
    now: Question | None = None
    former: Question | None = None
    heat: HeatQuestion | None = None
    spread: SpreadQuestion | None = None
    by: str | None = None


def group_of(panel: Panel, scene: Scene) -> str | None:
    """The field that a panel is grouped by here."""
    return grouped_by(panel.by, scene.by) or None


def filter_of(panel: Panel, scene: Scene) -> TraceFilter:
    """The page's filter, narrowed by the panel's. Raises QueryError where that means nothing."""
    if not panel.filter.strip():
        return scene.filter
    parsed = parse(panel.filter)
    if parsed.state not in (State.VALID, State.EMPTY):
        raise QueryError(f"The filter of this chart does not work: {parsed.message}", parsed.position)
    return replace(scene.filter, text=joined(scene.filter.text, panel.filter))


def wanted_of(panel: Panel, scene: Scene, period: Period, measure: Callable[[str], Measure]) -> Wanted:
    """What a panel asks. Raises QueryError with a sentence where it asks for what is not there."""
    asked, by = filter_of(panel, scene), group_of(panel, scene)
    if not panel.measures:
        raise QueryError("This chart measures nothing yet: choose something under Edit.")
    if panel.kind in OF_COLUMN:
        return _of_column(panel, asked, period)
    measures = tuple(measure(text) for text in panel.measures)
    values = scene.compare if by is not None and by == scene.by and follows_page(panel.by) else ()
    buckets = period.buckets if panel.kind in OVER_TIME or panel.kind is ChartKind.NUMBER else None
    if panel.kind is ChartKind.NUMBER:
        measures = measures[:1]
        return Wanted(
            panel,
            measures,
            Question(measures, asked, buckets),
            _compared(measures, asked, period.now),
            _compared(measures, asked, period.former),
        )
    if buckets is None:
        asked = within(asked, period.since_ns, period.until_ns)
    if by is not None and panel.kind in OVER_TIME:
        measures = measures[:1]
    return Wanted(panel, measures, Question(measures, asked, buckets, by, panel.top, values), by=by)


def _of_column(panel: Panel, asked: TraceFilter, period: Period) -> Wanted:
    grain, column, score = column_of(panel.measures[0])
    asked = within(asked, period.since_ns, period.until_ns)
    if panel.kind is ChartKind.HEATMAP:
        return Wanted(panel, heat=HeatQuestion(column, grain, asked, period.buckets, _HEAT_ROWS))
    log = grain is not Grain.SCORE and column not in _LINEAR
    spread = SpreadQuestion(column, grain, asked, _BINS, log, score)
    quantiles = () if grain is Grain.SCORE else tuple(_quantile(grain, column, q) for q in _MARKED)
    return Wanted(panel, quantiles, Question(quantiles, asked) if quantiles else None, spread=spread)


# small whole numbers: on a log scale they would stand far apart
_LINEAR = {"llm_calls", "tool_calls", "agent_steps", "loop_depth", "max_depth", "turns", "turn", "documents", "retries"}
_LINEAR |= {"best_score", "mean_score", "rephrased", "scored", "error_count", "tool_errors", "retrievals"}


def _quantile(grain: Grain, column: str, q: float) -> Measure:
    name = f"p{q * 100:g}"
    return Measure(name, name, "", "", unit_of(column), Aggregate(Fn.QUANTILE, grain, column, q=q))


def _compared(measures: tuple[Measure, ...], asked: TraceFilter, times: TraceFilter | None) -> Question | None:
    if times is None:
        return None
    return Question(measures, replace(asked, since_ns=times.since_ns, until_ns=times.until_ns))


def period_of(
    scene: Scene, found: tuple[int, int], buckets_of: Callable[[int, int], Buckets], words: Callable[[int], str]
) -> Period:
    """The times that are looked at where the filter matches traces from `found[0]` to `found[1]`. `words` says a
    moment. What has a beginning is compared with as long a time before it; of all the data, which nothing is before,
    the second half with the first."""
    asked = scene.filter
    since = found[0] if asked.since_ns is None else asked.since_ns
    until = max(found[1] + 1, scene.end_ns or 0) if asked.until_ns is None else asked.until_ns
    until = max(until, since + 1)
    buckets = buckets_of(since, until)
    if asked.since_ns is not None:
        length = until - since
        return Period(
            since, until, buckets, None, replace(asked, since_ns=since - length, until_ns=since),
            f"as long a time before {words(since)}",
        )  # fmt: skip
    middle = since + (until - since) // 2
    return Period(
        since, until, buckets, replace(asked, since_ns=middle, until_ns=until),
        replace(asked, since_ns=since, until_ns=middle),
        f"the half before {words(middle)}", f"the half from {words(middle)} on",
    )  # fmt: skip
