"""Questions answered together: what is asked of the same facts in the same cells is counted once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from tailrace.model.charted import Answer, Group, Question
from tailrace.model.measures import Aggregate, Fn, Grain
from tailrace.store.charting.cells import By, Cells, Scope, rows_statement
from tailrace.store.charting.counting import Counted, read, write
from tailrace.store.charting.figures import Figures, asks_elapsed, work_out
from tailrace.store.charting.names import attribute_key
from tailrace.store.charting.ranges import range_statement, read_range
from tailrace.store.charting.ranking import Ranked, aggregates_in, by_of, rank_statement, read_ranks
from tailrace.store.charting.source import Source
from tailrace.store.charting.statement import Statement


def ask(questions: Sequence[Question], source: Source) -> list[Answer]:
    """The answers in the order of the questions."""
    began = time.perf_counter_ns()
    asked = _prepare(questions, source)
    counts = _Counts()
    for each in asked:
        for grain in each.grains:
            among = [one for one in each.aggregates if one.grain is grain]
            counts.want(each.cells(grain), among, each.ranked)
            counts.want(each.together(grain), [*among, _facts(grain)], None)
    counts.count(source)
    elapsed = time.perf_counter_ns() - began
    return [_answer(each, counts, elapsed) for each in asked]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question whose groups (None: it has none) and time (where no limits say it) are known. `rows` is the table of
    its spans where they are put aside."""

    question: Question
    aggregates: tuple[Aggregate, ...]
    scope: Scope
    ranked: Ranked | None
    rows: str | None
    limits: tuple[int, int] | None

    @property
    def grains(self) -> list[Grain]:
        return list(dict.fromkeys(each.grain for each in self.aggregates))

    def cells(self, grain: Grain) -> Cells:
        """Where the figures of a grain are counted."""
        rows = self.rows if grain is Grain.SPAN else None
        by = None if self.ranked is None else by_of(self.question, self.ranked, rows)
        return Cells(grain, self.scope, self.question.buckets, by)

    def together(self, grain: Grain) -> Cells:
        """All that counts of a grain."""
        question = self.question
        rows = self.rows if grain is Grain.SPAN else None
        only = By(question.by, question.values, rows) if question.by is not None and question.values else None
        return Cells(grain, self.scope, only=only)


@dataclass(slots=True)
class _Counts:
    """What is wanted in which cells, and what is found there."""

    wanted: dict[Cells, dict[Aggregate, None]] = field(default_factory=dict)
    ranked: dict[Cells, Ranked | None] = field(default_factory=dict)
    found: dict[tuple[Cells, Aggregate], Counted] = field(default_factory=dict)

    def want(self, cells: Cells, aggregates: Iterable[Aggregate], ranked: Ranked | None) -> None:
        self.wanted.setdefault(cells, {}).update(dict.fromkeys(aggregates))
        self.ranked[cells] = ranked

    def count(self, source: Source) -> None:
        """Find all of it."""
        home = self._shared()
        wanted: dict[Cells, list[Aggregate]] = {}
        for cells, aggregate in dict.fromkeys(home.values()):
            wanted.setdefault(cells, []).append(aggregate)
        written = [each for cells, among in wanted.items() for each in write(cells, among, source.attributes)]
        for each, answer in zip(written, source.run([each.statement for each in written]), strict=True):
            ranked = self.ranked[each.cells]
            names = () if ranked is None else ranked.top
            places = {value: place for place, value in enumerate(names, 1)} if _plain(each.cells) else None
            rows = 1 if ranked is None else len(names) + 2
            for aggregate, counted in read(each, answer, places, rows).items():
                self.found[each.cells, aggregate] = counted
        self.found.update({wanted: self.found[taken] for wanted, taken in home.items()})

    def _shared(self) -> dict[tuple[Cells, Aggregate], tuple[Cells, Aggregate]]:
        """From where each figure is taken: what is counted over time is known for the whole time as well, and so are
        the rows, where all of them are gone through for it anyway."""
        over_time = {replace(each, buckets=None): each for each in self.wanted if each.buckets and not each.by}
        home: dict[tuple[Cells, Aggregate], tuple[Cells, Aggregate]] = {}
        for cells, among in self.wanted.items():
            other = over_time.get(cells, cells)
            all_rows = any(not each.where and each.fn is not Fn.PEAK for each in self.wanted[other])
            for each in among:
                taken = other if each in self.wanted[other] or (all_rows and each == _facts(each.grain)) else cells
                home[cells, each] = (taken, each)
        return home


def _prepare(questions: Sequence[Question], source: Source) -> list[_Asked]:
    """Find out at once which groups there are, and from when to when traces begin where the length of that matters."""
    scopes = [source.scope(question.filter, question.buckets) for question in questions]
    alike: dict[tuple[str, Scope], list[int]] = {}
    lasting: dict[Scope, None] = {}
    for i, (question, scope) in enumerate(zip(questions, scopes, strict=True)):
        if question.by is not None:
            alike.setdefault((question.by, scope), []).append(i)
        if None in (scope.since_ns, scope.until_ns) and any(
            asks_elapsed(each.expression) for each in question.measures
        ):
            lasting[scope] = None
    together = [[questions[i] for i in places] for places in alike.values()]
    rows = _put_aside(alike, together, source)
    ranks = [
        rank_statement(some, scope, source.attributes, name)
        for some, (_, scope), name in zip(together, alike, rows, strict=True)
    ]
    found = source.run([*ranks, *map(range_statement, lasting)])
    groups: dict[int, tuple[Ranked, str | None]] = {}
    for places, some, name, answer in zip(alike.values(), together, rows, found, strict=False):
        groups.update({i: (each, name) for i, each in zip(places, read_ranks(some, answer), strict=True)})
    limits = dict(zip(lasting, map(read_range, found[len(ranks) :]), strict=True))
    asked: list[_Asked] = []
    for i, (question, scope) in enumerate(zip(questions, scopes, strict=True)):
        ranked, name = groups.get(i, (None, None))
        asked.append(_Asked(question, aggregates_in(question), scope, ranked, name, limits.get(scope)))
    return asked


def _put_aside(
    alike: Iterable[tuple[str, Scope]], together: Iterable[Sequence[Question]], source: Source
) -> list[str | None]:
    """The tables of spans that are grouped by an attribute, one for each group of questions that need one."""
    names: list[str | None] = []
    statements: list[Statement] = []
    for (field_name, scope), some in zip(alike, together, strict=True):
        key = attribute_key(field_name)
        spans = [each for question in some for each in aggregates_in(question) if each.grain is Grain.SPAN]
        names.append(None if key is None or not spans else f"held_{len(statements)}")
        if key is not None and spans:
            statements.append(rows_statement(f"held_{len(statements)}", key, scope, spans, source.attributes))
    source.run(statements)
    return names


def _answer(asked: _Asked, counts: _Counts, elapsed_ns: int) -> Answer:
    question, ranked = asked.question, asked.ranked
    groups, rows = [Group()], [0]
    if ranked is not None:
        groups = [Group(value) for value in ranked.top]
        rows = list(range(1, len(groups) + 1))
        if ranked.none:
            groups.append(Group())
            rows.append(0)
        if ranked.more:
            groups.append(Group(others=True))
            rows.append(len(ranked.top) + 1)
    lengths, length = _lengths(asked)

    def over_time(aggregate: Aggregate) -> Figures:
        return counts.found[asked.cells(aggregate.grain), aggregate].figures[rows]

    def in_all(aggregate: Aggregate) -> Figures:
        return counts.found[asked.cells(aggregate.grain), aggregate].totals[rows]

    def together(aggregate: Aggregate) -> Figures:
        return counts.found[asked.together(aggregate.grain), aggregate].totals

    figures, totals, whole = {}, {}, {}
    for measure in question.measures:
        totals[measure.id] = work_out(measure.expression, in_all, np.full(len(rows), length))
        figures[measure.id] = (
            totals[measure.id][:, np.newaxis]
            if question.buckets is None
            else work_out(measure.expression, over_time, np.tile(lengths, (len(rows), 1)))
        )
        whole[measure.id] = float(work_out(measure.expression, together, np.array([length]))[0])
    facts = [counts.found[asked.together(grain), _facts(grain)].totals[0] for grain in asked.grains]
    more = 0 if ranked is None else ranked.more
    return Answer(question, tuple(groups), figures, totals, whole, more, int(max(facts, default=0)), elapsed_ns)


def _lengths(asked: _Asked) -> tuple[Figures, float]:
    """How long each bucket is, as far as it is within the filter's time, and how long all of it; NaN where nothing
    tells."""
    scope = asked.scope
    first, last = asked.limits or (None, None)
    since = scope.since_ns if scope.since_ns is not None else first
    until = scope.until_ns if scope.until_ns is not None else last
    whole = np.nan if since is None or until is None else float(max(until - since, 0))
    if asked.question.buckets is None or since is None or until is None:
        return np.zeros(0), whole
    edges = asked.question.buckets.edges
    inside = [max(min(end, until) - max(start, since), 0) for start, end in pairwise(edges)]
    return np.array(inside, np.float64), whole


def _facts(grain: Grain) -> Aggregate:
    return Aggregate(Fn.COUNT, grain)


def _plain(cells: Cells) -> bool:
    return cells.by is not None and cells.by.top is None
