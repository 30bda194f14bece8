"""What charts ask, put to the columns: the filters' traces are found, and what is derived for the asking is there."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tailrace.jobs import Ticket
from tailrace.model.charted import (
    Answer,
    Heat,
    HeatQuestion,
    Mark,
    Question,
    Sample,
    Spread,
    SpreadQuestion,
)
from tailrace.model.facts import ATTRIBUTE
from tailrace.model.listing import TraceFilter
from tailrace.model.measures import Aggregate, Grain, aggregates_of
from tailrace.store import Reader, charting
from tailrace.workspace.filtering import tree_of

if TYPE_CHECKING:
    from tailrace.store.columns import Columns


def ask(columns: Columns, reader: Reader, questions: Sequence[Question], ticket: Ticket) -> list[Answer]:
    """The answers in the order of the questions; those about the same traces share their work, and all their time."""
    began = time.perf_counter_ns()
    aggregates = [one for each in questions for measure in each.measures for one in aggregates_of(measure.expression)]
    fields = [each.by for each in questions if each.by is not None]
    names = [name for each in aggregates for name in (each.column, *(where.column for where in each.where))]
    grains = {each.grain for each in aggregates}
    with _source(columns, reader, [each.filter for each in questions], (*fields, *names), grains, ticket) as source:
        answers = charting.ask(questions, source)
    elapsed = time.perf_counter_ns() - began
    return [replace(each, elapsed_ns=elapsed) for each in answers]


def heat(columns: Columns, reader: Reader, question: HeatQuestion, ticket: Ticket) -> Heat:
    """A heatmap."""
    with _source(columns, reader, [question.filter], [question.column], {question.grain}, ticket) as source:
        return charting.heat(question, source)


def spread(columns: Columns, reader: Reader, question: SpreadQuestion, ticket: Ticket) -> Spread:
    """A histogram."""
    with _source(columns, reader, [question.filter], [question.column], {question.grain}, ticket) as source:
        return charting.spread(question, source)


def marks(columns: Columns, reader: Reader, asked: TraceFilter, ticket: Ticket) -> list[Mark]:
    """When the versions among some traces were first seen."""
    with _source(columns, reader, [asked], (), (), ticket) as source:
        return charting.marks(asked, source)


def range_of(columns: Columns, reader: Reader, asked: TraceFilter, ticket: Ticket) -> tuple[int, int] | None:
    """The earliest and the latest start of some traces."""
    with _source(columns, reader, [asked], (), (), ticket) as source:
        return charting.range_of(asked, source)


def samples(
    columns: Columns,
    reader: Reader,
    by: str,
    values: Sequence[str],
    asked: TraceFilter,
    totals: Sequence[Aggregate],
    ticket: Ticket,
) -> Mapping[Aggregate, Sequence[Sample]]:
    """How totals spread over the traces of each value of a field that have any."""
    from tailrace.store.charting.samples import samples

    names = [name for each in totals for name in (each.column, *(where.column for where in each.where))]
    with _source(columns, reader, [asked], [by, *names], {each.grain for each in totals}, ticket) as source:
        return samples(by, values, asked, totals, source)


@contextmanager
def _source(
    columns: Columns,
    reader: Reader,
    filters: Iterable[TraceFilter],
    names: Iterable[str],
    grains: Collection[Grain],
    ticket: Ticket,
) -> Iterator[charting.Source]:
    """What answers are made from; `names` are of columns and fields, some of them attributes."""
    trees = {each.text: tree_of(each.text) for each in filters}
    with reader.reading(ticket) as snapshot:
        chosen = {text: snapshot.matches(tree) for text, tree in trees.items()}
    keys = dict.fromkeys(name.removeprefix(ATTRIBUTE) for name in names if name.startswith(ATTRIBUTE))
    tables = {key: columns.attribute(ticket, key) for key in keys}
    if Grain.SESSION in grains:
        columns.sessions(ticket)
    if Grain.RETRIEVAL in grains:
        columns.retrievals(ticket)
    with columns.reading(ticket) as cursor:
        yield charting.source_over(cursor, chosen, tables, ticket)
