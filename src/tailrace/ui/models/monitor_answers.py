"""Ask all that the charts of a page need, and make of the answers what they draw. Belongs in a job."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from tailrace.errors import QueryError, TailraceError
from tailrace.jobs import Ticket
from tailrace.metrics.buckets import buckets_for
from tailrace.model import TraceFilter
from tailrace.model.charted import Answer, Buckets, Comparison, Mark, Question
from tailrace.model.dashboard import ChartKind, Panel
from tailrace.model.measures import Grain, Unit, aggregates_of
from tailrace.ui.models.monitor_colours import GroupColours
from tailrace.ui.models.monitor_missing import missing_words
from tailrace.ui.models.monitor_scene import OVER_TIME, Period, Scene, Wanted, filter_of, group_of, period_of, wanted_of
from tailrace.ui.models.monitor_terms import field_title, within
from tailrace.ui.models.monitor_values import (
    Surroundings,
    Trend,
    of_heat,
    of_number,
    of_ranking,
    of_spread,
    of_table,
    of_time,
)
from tailrace.ui.theme.wall_clock import shown_time, shown_zone, zone_mark
from tailrace.ui.views.charts.values import NAN, ComparisonChart, Content, DifferencesChart

if TYPE_CHECKING:
    from tailrace.workspace.monitor import Monitor

T = TypeVar("T")

MOST_BUCKETS = 60
_COMPARED = 3
_LOOKED_AT = 40  # values of a field, the most frequent of which are compared
_REQUESTS = "traffic.requests"
_ESTIMATED, _UNPRICED = "cost.estimated", "cost.unpriced_spans"


# the grain with the most facts comes first
_THINGS = {
    Grain.SPAN: "spans",
    Grain.TRACE: "traces",
    Grain.SCORE: "scores",
    Grain.RETRIEVAL: "searches",
    Grain.SESSION: "sessions",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one card draws."""

    panel_id: str
    content: Content


@dataclass(frozen=True, slots=True)
class Undrawn:
    """Why one card has nothing to draw."""

    panel_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Absent:
    """What is not in the data for one card."""

    panel_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Told:
    """What was looked at: so many facts (`things`) of these times, and how long it took."""

    facts: int
    things: str
    elapsed_ns: int
    since_ns: int
    until_ns: int


def answer_scene(
    monitor: Monitor,
    scene: Scene,
    ticket: Ticket,
    most_buckets: int = MOST_BUCKETS,
    colours: GroupColours | None = None,
) -> Told | None:
    """Answer every panel of a dashboard: each is told as news (Drawn, Absent, Undrawn) as soon as it is known. None
    where the filter matches no trace. Groups that have a colour in `colours` keep it."""
    began = time.perf_counter_ns()
    period = _period(monitor, scene, ticket, most_buckets)
    if period is None:
        return None
    asking = _Asking(monitor, scene, period, ticket, colours or GroupColours())
    asking.answer_figures()
    asking.answer_columns()
    asking.answer_comparisons()
    return Told(asking.facts, asking.things, time.perf_counter_ns() - began, period.since_ns, period.until_ns)


def said_as_sql(monitor: Monitor, scene: Scene, panel: Panel, ticket: Ticket) -> str:
    """A statement over the documented views that asks what a panel shows. Raises QueryError with a sentence where they
    do not have what it needs."""
    period = _period(monitor, scene, ticket, MOST_BUCKETS)
    if panel.kind is ChartKind.DIFFERENCES:
        raise QueryError("What differs is more than one statement says: open a chart of figures as SQL.")
    if period is None:
        raise QueryError("No trace matches: there is nothing to ask.")
    if panel.kind is not ChartKind.COMPARISON:
        wanted = wanted_of(panel, scene, period, monitor.measure)
        question = wanted.heat or wanted.spread or wanted.question
        assert question is not None
        return monitor.as_sql(question)
    by = group_of(panel, scene)
    if by is None:
        raise QueryError("Choose what to group by first: its values are compared.")
    values = scene.compare if by == scene.by else ()
    measures = tuple(monitor.measure(text) for text in panel.measures)
    asked = within(filter_of(panel, scene), period.since_ns, period.until_ns)
    return monitor.as_sql(Question(measures, asked, by=by, values=values))


def _period(monitor: Monitor, scene: Scene, ticket: Ticket, most_buckets: int) -> Period | None:
    found = monitor.range_of(scene.filter, ticket)
    if found is None:
        return None

    def buckets_of(since: int, until: int) -> Buckets:
        return buckets_for(since, until, most_buckets, shown_zone())

    return period_of(scene, found, buckets_of, local_words)


class _Asking:
    """One dashboard being answered."""

    def __init__(self, monitor: Monitor, scene: Scene, period: Period, ticket: Ticket, colours: GroupColours) -> None:
        self._monitor = monitor
        self._scene = scene
        self._period = period
        self._ticket = ticket
        self.facts = 0
        self.things = "traces"
        self._wanted: list[Wanted] = []
        for panel in scene.dashboard.panels:
            if panel.kind is ChartKind.DIFFERENCES:
                self._tell(panel, DifferencesChart(panel.title or "What differs in the selection"))
            elif panel.kind is not ChartKind.COMPARISON:
                wanted = self._try(panel, partial(wanted_of, panel, scene, period, monitor.measure))
                self._wanted += [wanted] if wanted is not None else []
        marks: Sequence[Mark] = ()
        if any(panel.kind in (*OVER_TIME, ChartKind.HEATMAP) for panel in scene.dashboard.panels):
            marks = monitor.marks(within(scene.filter, period.since_ns, period.until_ns), ticket)
        self._around = Surroundings(period.buckets, tuple(marks), budget=scene.budget, colours=colours)

    # ---- figures: all in one go, for they share much ----

    def answer_figures(self) -> None:
        """Numbers, lines, bars, lists, tables."""
        of_figures = [one for one in self._wanted if one.question is not None and one.spread is None]
        costs = self._of_costs(of_figures)
        answers = self._ask_together([*costs, *(question for one in of_figures for question in _questions(one))])
        self._note_costs([answers[id(question)] for question in costs if id(question) in answers])
        for wanted in of_figures:
            found = [answers.get(id(question)) for question in _questions(wanted)]
            if all(answer is not None for answer in found):
                self._draw_figures(wanted, [answer for answer in found if answer is not None])
            else:
                # one of them cannot be answered: which, and why?
                self._try(wanted.panel, partial(self._draw_alone, wanted))

    def _of_costs(self, wanted: Sequence[Wanted]) -> list[Question]:
        """Where costs are shown: how far they are estimates, and how many are not known."""
        if all(measure.unit is not Unit.MONEY for one in wanted for measure in one.measures):
            return []
        measures = tuple(self._monitor.measure(text) for text in (_ESTIMATED, _UNPRICED))
        return [Question(measures, within(self._scene.filter, self._period.since_ns, self._period.until_ns))]

    def _note_costs(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            estimated, unpriced = answer.whole[_ESTIMATED], answer.whole[_UNPRICED]
            self._around = replace(
                self._around,
                estimated=0.0 if math.isnan(estimated) else estimated,
                unpriced=0 if math.isnan(unpriced) else round(unpriced),
            )

    def _draw_alone(self, wanted: Wanted) -> None:
        self._draw_figures(wanted, self._ask(_questions(wanted)))

    def _ask_together(self, questions: Sequence[Question]) -> dict[int, Answer]:
        try:
            found = self._ask(questions)
        except TailraceError:
            return {}
        return {id(question): answer for question, answer in zip(questions, found, strict=True)}

    def _ask(self, questions: Sequence[Question]) -> list[Answer]:
        return self._monitor.ask(questions, self._ticket) if questions else []

    def _draw_figures(self, wanted: Wanted, answers: Sequence[Answer]) -> None:
        panel, measures, answer = wanted.panel, wanted.measures, answers[0]
        self._count(answer)
        if _is_empty(answer):
            self._ticket.progress(Absent(panel.panel_id, missing_words(measures)))
            return
        if panel.kind is ChartKind.NUMBER:
            self._tell(panel, of_number(panel, measures[0], answer, self._trend(wanted, answers), self._around))
        elif panel.kind in OVER_TIME:
            self._tell(panel, of_time(panel, measures, answer, self._around))
        elif panel.kind is ChartKind.TABLE:
            self._tell(panel, of_table(panel, measures, answer, self._around))
        else:
            self._tell(panel, of_ranking(panel, measures, answer, self._around))

    def _trend(self, wanted: Wanted, answers: Sequence[Answer]) -> Trend:
        later = list(answers[1:])
        now = later.pop(0).whole[wanted.measures[0].id] if wanted.now is not None else NAN
        former = later.pop(0) if wanted.former is not None else None
        if former is None or not former.facts:  # nothing was there before: no figure has risen from it
            return Trend()
        period = self._period
        return Trend(now, former.whole[wanted.measures[0].id], period.now_words, period.former_words)

    def _count(self, answer: Answer) -> None:
        if answer.facts > self.facts:
            grains = {one.grain for m in answer.question.measures for one in aggregates_of(m.expression)}
            self.facts = answer.facts
            self.things = next(words for grain, words in _THINGS.items() if grain in grains)

    # ---- columns: one question each ----

    def answer_columns(self) -> None:
        """Heatmaps and histograms."""
        for wanted in self._wanted:
            if wanted.heat is not None:
                self._try(wanted.panel, partial(self._draw_heat, wanted))
            elif wanted.spread is not None:
                self._try(wanted.panel, partial(self._draw_spread, wanted))

    def _draw_heat(self, wanted: Wanted) -> None:
        assert wanted.heat is not None
        heat = self._monitor.heat(wanted.heat, self._ticket)
        self._tell(wanted.panel, of_heat(wanted.panel, heat, self._around))

    def _draw_spread(self, wanted: Wanted) -> None:
        assert wanted.spread is not None
        spread = self._monitor.spread(wanted.spread, self._ticket)
        answers = self._ask([wanted.question] if wanted.question is not None else [])
        self._tell(wanted.panel, of_spread(wanted.panel, spread, answers[0] if answers else None, self._around))

    # ---- comparisons ----

    def answer_comparisons(self) -> None:
        """Up to three values side by side."""
        for panel in self._scene.dashboard.panels:
            if panel.kind is ChartKind.COMPARISON:
                self._try(panel, partial(self._draw_comparison, panel))

    def _draw_comparison(self, panel: Panel) -> None:
        self._tell(panel, self._compare(panel))

    def _compare(self, panel: Panel) -> ComparisonChart:
        by, scene = group_of(panel, self._scene), self._scene
        title = panel.title or (f"{field_title(by)} comparison" if by else "Comparison")
        if by is None:
            return ComparisonChart(title, None, hint="Choose above what to group by; its values are compared here.")
        asked = within(filter_of(panel, scene), self._period.since_ns, self._period.until_ns)
        chosen = scene.compare if by == scene.by and len(scene.compare) > 1 else ()
        values, caption = chosen or self._frequent(by, asked), "best in each row in bold"
        if len(values) < 2:
            return ComparisonChart(title, None, hint=f"There is only one value of {field_title(by).lower()} here.")
        if not chosen:
            caption = f"most frequent · {caption}"
        measures = tuple(self._monitor.measure(text) for text in panel.measures)
        found: Comparison = self._monitor.compare(by, values, measures, asked, self._ticket)
        return ComparisonChart(title, found, caption, "\n".join(found.notes))

    def _frequent(self, by: str, asked: TraceFilter) -> tuple[str, ...]:
        """The most frequent values of a field; of prompts the versions of that one which has most calls and several. In
        the order of their names: a later version stands behind."""
        question = Question((self._monitor.measure(_REQUESTS),), asked, by=by, top=_LOOKED_AT)
        [answer] = self._ask([question])
        values = [group.value for group in answer.groups if group.value is not None]
        if by == "prompt":
            versions: dict[str, list[str]] = {}
            for value in values:
                versions.setdefault(value.rpartition("@")[0], []).append(value)
            values = next((of for name, of in versions.items() if name and len(of) > 1), values)
        return tuple(sorted(values[:_COMPARED], key=_natural))

    # ---- telling ----

    def _tell(self, panel: Panel, content: Content) -> None:
        self._ticket.progress(Drawn(panel.panel_id, content))

    def _try(self, panel: Panel, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except TailraceError as error:
            self._ticket.progress(Undrawn(panel.panel_id, str(error)))
            return None


def _questions(wanted: Wanted) -> list[Question]:
    return [one for one in (wanted.question, wanted.now, wanted.former) if one is not None]


def _is_empty(answer: Answer) -> bool:
    """Whether no measure has a figure anywhere."""
    return all(math.isnan(value) for value in answer.whole.values()) and not any(
        np.isfinite(figures).any() for figures in answer.totals.values()
    )


def _natural(text: str) -> list[tuple[int, int, str]]:
    """v9 before v10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text[:200])
    return [(0, int(part), "") if part[0] in "0123456789" else (1, 0, part) for part in parts]


def local_words(time_ns: int) -> str:
    """A moment by the clock in force: 20 Nov 13:05."""
    moment = shown_time(time_ns)
    if moment is None:
        return f"{time_ns // 10**9} s"
    return f"{moment.day} {moment:%b %H:%M}{zone_mark()}"
