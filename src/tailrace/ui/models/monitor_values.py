"""Answers as what the cards of charts draw: names, tones, captions, and what cannot be drawn in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tailrace.metrics import health
from tailrace.metrics.dashboards import follows_page
from tailrace.model.charted import Answer, Buckets, Group, Heat, Mark, Spread
from tailrace.model.dashboard import ChartKind, Panel
from tailrace.model.facts import COLUMNS, find_dimension
from tailrace.model.figures import format_share
from tailrace.model.measures import Aggregate, Fn, Grain, Measure, Unit
from tailrace.model.words import count_of, format_count
from tailrace.ui.models.monitor_colours import GroupColours
from tailrace.ui.models.monitor_terms import field_title
from tailrace.ui.views.charts.values import (
    NAN,
    Band,
    Column,
    Figure,
    Grid,
    Health,
    HeatChart,
    Level,
    MarkLine,
    Part,
    Pick,
    Ranking,
    Row,
    Series,
    SpreadChart,
    TimeChart,
)

_HEALTH = {health.Health.GREEN: "ok", health.Health.YELLOW: "warn", health.Health.RED: "err"}
_MOST_MARKS = 12
_DAY = 86_400 * 10**9
_MONTH = 30.4375 * _DAY
_BUCKETS = ((_DAY * 7, "week"), (_DAY, "day"), (3_600 * 10**9, "hour"), (60 * 10**9, "minute"), (10**9, "second"))
_CURRENCY = {Unit.MONEY: "$"}
# groups whose colour means something
_TONES = {("status", "error"): "err", ("status", "ok"): "ok", ("thumb", "up"): "ok", ("thumb", "down"): "err"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the charts of a page have in common."""

    buckets: Buckets
    marks: tuple[Mark, ...] = ()
    selection: Pick | None = None
    budget: float | None = None  # dollars a month
    estimated: float = 0.0  # the share of known costs that comes from a price table
    unpriced: int = 0  # model calls of unknown cost
    colours: GroupColours = field(default_factory=GroupColours)


@dataclass(frozen=True, slots=True)
class Trend:
    """A figure now (NaN: all of it) and before, of times of the same length, and what these times are."""

    now: float = NAN
    former: float = NAN
    now_words: str = ""
    former_words: str = ""


def of_number(panel: Panel, measure: Measure, answer: Answer, trend: Trend, around: Surroundings) -> Figure:
    """One big figure."""
    value = answer.whole[measure.id]
    return Figure(
        title_of(panel, (measure,)),
        measure.unit,
        value,
        former=trend.former,
        now=trend.now,
        now_words=trend.now_words,
        better=measure.better,
        health=health_of(measure, value),
        note=projection(measure, value, around.buckets),
        spark=answer.figures[measure.id].sum(axis=0) if len(answer.groups) > 1 else answer.figures[measure.id][0],
        buckets=around.buckets,
        former_words=trend.former_words or "the period before",
        definition=definitions((measure,), around),
        measure=measure.id,
        estimated=measure.unit is Unit.MONEY and around.estimated > 0,
    )


def of_time(panel: Panel, measures: Sequence[Measure], answer: Answer, around: Surroundings) -> TimeChart:
    """Lines, layers or bars: groups of the first measure, or the measures."""
    first, by = measures[0], answer.question.by
    shown, over, left = _sides(panel, measures, by)
    if by is not None:
        series = [
            Series(group_name(group, by, answer.more), figures, tone, group, first.id)
            for group, figures, tone in zip(
                answer.groups, answer.figures[first.id], _group_tones(by, answer.groups, around), strict=True
            )
        ]
    else:
        tones = _tones_of(shown)
        series = [
            Series(one.title, answer.figures[one.id][0], tone, None, one.id)
            for one, tone in zip(shown, tones, strict=True)
        ]
    lines = None if over is None else Series(over.title, answer.figures[over.id][0], "text", None, over.id)
    stacked = panel.kind in (ChartKind.AREA, ChartKind.BARS)
    caption = per_bucket(first.unit, around.buckets) if stacked and first.additive else ""
    if left:
        caption = f"{first.title} alone · {left} more not shown" if by else f"{left} more in other units not shown"
    return TimeChart(
        title_of(panel, measures, by),
        first.unit,
        around.buckets,
        tuple(series),
        caption=caption,
        definition=definitions(measures, around),
        over=lines,
        over_unit=Unit.NUMBER if over is None else over.unit,
        marks=mark_lines(around.marks),
        levels=_budget_levels(first, around),
        bands=_bands(measures),
        selection=around.selection,
        of=_groups_in_all(answer),
    )


def of_ranking(panel: Panel, measures: Sequence[Measure], answer: Answer, around: Surroundings) -> Ranking:
    """A bar or a slice a group; without a field a measure each."""
    first, by = measures[0], answer.question.by
    dimension = None if by is None else find_dimension(by)
    whole = answer.whole[first.id]
    if by is None:
        parts = [Part(m.title, answer.whole[m.id], Group(m.id)) for m in measures if m.unit is first.unit]
        whole = math.fsum(part.value for part in parts) if all(m.additive for m in measures) else NAN
    else:
        # the bars of a list stand apart and have their names in them: they need no colours
        colours = around if panel.kind is ChartKind.PIE else None
        parts = [
            Part(group_name(group, by, answer.more), float(value), group, tone)
            for group, value, tone in zip(
                answer.groups, answer.totals[first.id], _group_tones(by, answer.groups, colours), strict=True
            )
        ]
        if not first.additive or dimension is None or dimension.several:
            whole = NAN
    return Ranking(
        title_of(panel, measures, by),
        first.unit,
        tuple(parts),
        whole=whole,
        caption=first.title if by is not None else "",
        definition=definitions(measures[:1] if by else measures, around),
        measure=first.id,
        of=_groups_in_all(answer),
    )


def of_table(panel: Panel, measures: Sequence[Measure], answer: Answer, around: Surroundings) -> Grid:
    """A row a group, a column a measure."""
    by = answer.question.by
    columns = tuple(Column(measure.title, measure.unit, measure.id, measure.definition) for measure in measures)
    rows = []
    for place, group in enumerate(answer.groups):
        values = tuple(float(answer.totals[measure.id][place]) for measure in measures)
        if by is not None and group == Group() and not any(value and math.isfinite(value) for value in values):
            continue  # nothing is without one
        health = [health_of(measure, value) for measure, value in zip(measures, values, strict=True)]
        tones = tuple("" if one is None else one.tone for one in health)
        rows.append(Row("all" if by is None else group_name(group, by, answer.more), values, group, tones))
    return Grid(
        title_of(panel, measures, by),
        "" if by is None else field_title(by).lower(),
        columns,
        tuple(rows),
        caption=" · ".join(measure.title.lower() for measure in measures) if len(measures) <= 3 else "",
        definition=definitions(measures, around),
        of=_groups_in_all(answer),
    )


def of_heat(panel: Panel, heat: Heat, around: Surroundings) -> HeatChart:
    """Cells of time and value."""
    unit = unit_of(heat.question.column)
    return HeatChart(
        panel.title or f"{column_title(heat.question.column)} over time",
        unit,
        heat.question.buckets,
        heat.levels,
        heat.counts,
        below=heat.below if heat.below.any() else None,
        definition=column_definition(heat.question.grain, heat.question.column),
        things=_things(heat.question.grain),
        measure=panel.measures[0],
        marks=mark_lines(around.marks),
        selection=around.selection,
    )


def of_spread(panel: Panel, spread: Spread, answer: Answer | None, around: Surroundings) -> SpreadChart:
    """Bars of values; `answer` has the quantiles that are marked."""
    question = spread.question
    unit = unit_of(question.column)
    levels = [
        Level(answer.whole[one.id], one.title, "dim")
        for one in (answer.question.measures if answer is not None else ())
        if answer is not None and math.isfinite(answer.whole[one.id])
    ]
    return SpreadChart(
        panel.title or (question.score or column_title(question.column)),
        unit,
        spread.edges,
        spread.counts,
        log=question.log,
        below=spread.below,
        unknown=spread.unknown,
        caption="log scale" if question.log else "",
        definition=column_definition(question.grain, question.column),
        things=_things(question.grain),
        measure=panel.measures[0],
        levels=tuple(levels),
        selection=around.selection,
    )


# ---- words and tones ----


def title_of(panel: Panel, measures: Sequence[Measure], by: str | None = None) -> str:
    """The panel's title, else what is measured; and by what it is grouped, where the title cannot know it."""
    if panel.title:
        return f"{panel.title} by {field_title(by).lower()}" if by and follows_page(panel.by) else panel.title
    words = ", ".join(measure.title for measure in measures[:3]) or "Chart"
    return f"{words} by {field_title(by).lower()}" if by else words


def group_name(group: Group, by: str, more: int) -> str:
    """A group as people call it."""
    if group.others:
        return f"{format_count(more)} other{'' if more == 1 else 's'}"
    return f"no {field_title(by).lower()}" if group.value is None else group.value


def definitions(measures: Sequence[Measure], around: Surroundings) -> str:
    """What is counted and how, of one measure or of several; of costs how far they are known."""
    lines = [
        measure.definition if len(measures) == 1 else f"{measure.title}: {measure.definition}" for measure in measures
    ]
    if any(measure.unit is Unit.MONEY for measure in measures):
        if around.estimated > 0:
            lines.append(f"{format_share(around.estimated)} of the known costs are estimates from the price table.")
        if around.unpriced:
            lines.append(f"{count_of(around.unpriced, 'model call')} of unknown cost are not in it.")
    return "\n".join(lines)


def health_of(measure: Measure, value: float) -> Health | None:
    """Whether a rate is as it should be; None of measures without bands."""
    found = health.health_of(measure.id, value)
    return None if found is None else Health(_HEALTH[found], health.WORDS[found])


def projection(measure: Measure, value: float, buckets: Buckets) -> str:
    """What money spent in these times comes to in a month at the same pace: proj. $5.1k/mo."""
    length = buckets.edges[-1] - buckets.edges[0]
    if measure.unit is not Unit.MONEY or not measure.additive or not math.isfinite(value) or length <= 0:
        return ""
    month = value * _MONTH / length
    if month >= 999_500:
        return f"proj. ${month / 1e6:.1f}M/mo"
    return f"proj. ${month / 1e3:.1f}k/mo" if month >= 999.5 else f"proj. ${month:,.2f}/mo"


def _tones_of(measures: Sequence[Measure]) -> list[str]:
    """By how far out they are where all are quantiles; else, lest two be of one colour, by their place."""
    tones = [quantile_tone(measure) for measure in measures]
    return tones if all(tones) and len(set(tones)) == len(tones) else [""] * len(tones)


def quantile_tone(measure: Measure) -> str:
    """A far quantile looks graver than a near one."""
    expression = measure.expression
    if not isinstance(expression, Aggregate) or expression.fn is not Fn.QUANTILE or expression.q is None:
        return ""
    return "err" if expression.q >= 0.985 else "warn" if expression.q >= 0.94 else "accent"


def per_bucket(unit: Unit, buckets: Buckets) -> str:
    """What one bar counts: $ per day."""
    return f"{_CURRENCY.get(unit, unit.value)} per {bucket_words(buckets)}"


def bucket_words(buckets: Buckets) -> str:
    """How long a bucket is: day, 5 minutes."""
    edges = np.diff(np.array(buckets.edges, np.int64))
    length = int(np.median(edges))
    for size, word in _BUCKETS:
        if length >= size:
            number = length / size
            return word if round(number, 2) == 1 else f"{number:g} {word}s" if number == round(number, 2) else word
    return f"{length / 1e6:g} ms"


def mark_lines(marks: Sequence[Mark]) -> tuple[MarkLine, ...]:
    """Deployments as dashed lines: the latest, where there are more than can be told apart."""
    latest = sorted(marks, key=lambda mark: mark.time_ns)[-_MOST_MARKS:]
    # a prompt is named with its version: that it is the first sight of it is said by the line
    return tuple(
        MarkLine(mark.time_ns, mark.value if mark.field == "prompt" else f"{mark.of} {mark.value} deployed".strip())
        for mark in latest
    )


def unit_of(column: str) -> Unit:
    """What a column of facts is counted in."""
    if column.endswith("_ns"):
        return Unit.DURATION
    if column == "tokens_per_second":
        return Unit.SPEED
    if column.endswith("tokens"):
        return Unit.TOKENS
    if column == "cost":
        return Unit.MONEY
    return Unit.NUMBER


def column_title(column: str) -> str:
    """A column of facts as people call it."""
    known = {"duration_ns": "Latency", "ttft_ns": "TTFT", "tpot_ns": "TPOT", "value": "Score"}
    return known.get(column) or column.removesuffix("_ns").replace("_", " ").capitalize()


def column_definition(grain: Grain, column: str) -> str:
    """What a column of facts is."""
    words = COLUMNS[grain].get(column, "")
    return words.partition(") ")[2] or words


def _things(grain: Grain) -> str:
    return "searches" if grain is Grain.RETRIEVAL else f"{grain.value}s"


def _sides(panel: Panel, measures: Sequence[Measure], by: str | None) -> tuple[Sequence[Measure], Measure | None, int]:
    """What is drawn on the first scale, what over it on a scale of its own, and how many have no place."""
    first = measures[0]
    if by is not None:
        return measures[:1], None, len(measures) - 1
    stacked = panel.kind in (ChartKind.AREA, ChartKind.BARS)

    def fits(one: Measure) -> bool:
        return one.unit is first.unit and (not stacked or one.additive == first.additive)

    others = [one for one in measures if not fits(one)]
    return [one for one in measures if fits(one)], others[0] if others else None, max(0, len(others) - 1)


def _groups_in_all(answer: Answer) -> int:
    return sum(not group.others for group in answer.groups) + answer.more if answer.more else 0


def _group_tones(by: str, groups: Sequence[Group], around: Surroundings | None) -> list[str]:
    """What means something has its colour, each other group its own one of the page."""
    tones = ["others" if group.others else _TONES.get((by, group.value or ""), "") for group in groups]
    if around is not None:
        plain = [place for place, tone in enumerate(tones) if not tone]
        found = around.colours.tones(by, [groups[place].value for place in plain])
        for place, tone in zip(plain, found, strict=True):
            tones[place] = tone
    return tones


def _bands(measures: Sequence[Measure]) -> tuple[Band, ...]:
    found = {health.BANDS.get(measure.id) for measure in measures}
    bands = found.pop()
    if bands is None or found:
        return ()
    return Band(None, bands.red, "err"), Band(bands.red, bands.green, "warn"), Band(bands.green, None, "ok")


def _budget_levels(measure: Measure, around: Surroundings) -> tuple[Level, ...]:
    if measure.unit is not Unit.MONEY or not measure.additive or not around.budget:
        return ()
    length = float(np.median(np.diff(np.array(around.buckets.edges, np.int64))))
    return (Level(around.budget * length / _MONTH, "budget", "warn"),)
