"""A Monitor whose answers are made up: for what no real data says at will (waiting, failing, nothing there)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np

from tailrace.errors import TailraceError
from tailrace.jobs import Ticket
from tailrace.metrics.formula import parse_formula
from tailrace.model import ImportProgress, TraceFilter
from tailrace.model.charted import (
    Answer,
    Comparison,
    Differences,
    Group,
    Heat,
    HeatQuestion,
    Mark,
    Question,
    Spread,
    SpreadQuestion,
)
from tailrace.model.dashboard import ChartKind, Dashboard, Panel
from tailrace.model.measures import Measure

HOUR = 3_600 * 10**9


def panel(panel_id: str, kind: ChartKind, *measures: str, x: int = 0, y: int = 0, w: int = 4, h: int = 3,
          by: str = "") -> Panel:  # fmt: skip
    return Panel(panel_id, "", kind, measures, x, y, w, h, by)


PRESET = Dashboard(
    "preset",
    "Overview",
    (
        panel("requests", ChartKind.NUMBER, "traffic.requests", w=2, h=1),
        panel("success", ChartKind.NUMBER, "reliability.success", x=2, w=2, h=1),
        panel("latency", ChartKind.LINE, "latency.p50", "latency.p95", y=1, w=6),
        panel("heat", ChartKind.HEATMAP, "trace.duration_ns", x=6, y=1, w=6),
        panel("models", ChartKind.LIST, "traffic.requests", y=4, by="page"),
        panel("tools", ChartKind.TABLE, "tools.calls", "tools.success", x=4, y=4, by="tool"),
        panel("compared", ChartKind.COMPARISON, "traffic.requests", x=8, y=4, by="page"),
    ),
)


class MadeUp:
    """Every figure is 1; groups are “a” and “b”. `gate`, when cleared, holds back what is asked. `fail` is raised by
    whatever asks for figures. `asked` are the questions so far."""

    def __init__(self, earliest: int, latest: int, dashboards: Sequence[Dashboard] = (PRESET,)) -> None:
        self.found: tuple[int, int] | None = (earliest, latest)
        self.saved = list(dashboards)
        self.asked: list[Question] = []
        self.differed: list[tuple[TraceFilter, TraceFilter]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.building = threading.Event()
        self.building.set()
        self.fail: TailraceError | None = None
        self.prepared = 0
        self.value: Callable[[Measure], float] = lambda measure: 1.0

    def close(self) -> None:
        """Nothing is held."""

    def prepare(self, ticket: Ticket) -> None:
        if not self.building.is_set():
            ticket.progress(ImportProgress("x.tailrace", "charting", 300, 1_000, "spans", 300, 1.0))
        _wait(self.building, ticket)
        self.prepared += 1

    def range_of(self, asked: TraceFilter, ticket: Ticket | None = None) -> tuple[int, int] | None:
        return self.found

    def ask(self, questions: Sequence[Question], ticket: Ticket) -> list[Answer]:
        _wait(self.gate, ticket)
        if self.fail is not None:
            raise self.fail
        self.asked += questions
        return [self._answer(question) for question in questions]

    def _answer(self, question: Question) -> Answer:
        groups = (Group(),) if question.by is None else (Group("a"), Group("b"))
        count = 1 if question.buckets is None else len(question.buckets)
        figures = {one.id: np.full((len(groups), count), self.value(one)) for one in question.measures}
        totals = {one.id: np.full(len(groups), self.value(one)) for one in question.measures}
        whole = {one.id: self.value(one) for one in question.measures}
        return Answer(question, groups, figures, totals, whole, facts=120)

    def heat(self, question: HeatQuestion, ticket: Ticket) -> Heat:
        rows, columns = 6, len(question.buckets)
        levels = np.geomspace(1e9, 64e9, rows + 1)
        return Heat(question, levels, np.ones((rows, columns), np.int64), np.zeros(columns, np.int64))

    def spread(self, question: SpreadQuestion, ticket: Ticket) -> Spread:
        return Spread(question, np.geomspace(1e9, 64e9, 11), np.arange(10), 0, 0, 45)

    def marks(self, asked: TraceFilter, ticket: Ticket) -> list[Mark]:
        return []

    def measure(self, text: str) -> Measure:
        return parse_formula(text)

    def measures(self, ticket: Ticket) -> tuple[Measure, ...]:
        return tuple(parse_formula(text) for text in ("traffic.requests", "latency.p95", "cost.total"))

    def dashboards(self, ticket: Ticket) -> list[Dashboard]:
        return list(self.saved)

    def compare(
        self, by: str, values: Sequence[str], measures: Sequence[Measure], asked: TraceFilter, ticket: Ticket
    ) -> Comparison:
        return Comparison(by, tuple(values), (), tuple(1 for _ in values))

    def differs(self, selection: TraceFilter, against: TraceFilter, ticket: Ticket) -> Differences:
        self.differed.append((selection, against))
        return Differences((), 12, 28, 5, 9)


def _wait(event: threading.Event, ticket: Ticket) -> None:
    while not event.wait(0.01):
        ticket.check()
