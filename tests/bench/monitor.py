"""Dashboards over a million spans and ten, against queries written by hand for the same figures on the same columns."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from tests.bench import by_hand
from tests.bench.data import SPANS, database
from tests.bench.figures import Figure, median, times

from tailrace.metrics.catalogue import CATALOGUE
from tailrace.metrics.dashboards import column_of, grouped_by
from tailrace.metrics.presets import presets
from tailrace.model.charted import Answer, Buckets, HeatQuestion, Question, SpreadQuestion
from tailrace.model.dashboard import ChartKind, Dashboard, Panel
from tailrace.model.listing import TraceFilter
from tailrace.store import Reader, charting
from tailrace.store.columns import Columns
from tailrace.store.connections import migrate_file

BUCKETS = 60
_KEPT = ("kept_trace", "kept_span", "kept_score", "kept_session", "kept_retrieval")
# An attribute that every span has, and one whose values are ids
_ATTRIBUTES = ("customer.tier", "gen_ai.response.id")


@dataclass(frozen=True)
class Asked:
    """All that a dashboard asks, with its panels."""

    panels: tuple[Panel, ...]
    questions: tuple[Question, ...]
    heats: tuple[HeatQuestion, ...]
    spreads: tuple[SpreadQuestion, ...]


def measure(quick: bool) -> Iterator[Figure]:
    """The first build of the columns, each preset over all of its time, and groups of an attribute."""
    path = database(SPANS // 10 if quick else SPANS)
    migrate_file(path)
    folder = Path(tempfile.mkdtemp(prefix="tailrace-columns-"))
    reader, columns = Reader(path), Columns(path, folder)
    try:
        began = time.perf_counter()
        columns.refresh(reader)
        spans = SPANS // 10 if quick else SPANS
        taken = time.perf_counter() - began
        yield Figure("first build of the columns", "spans/s", spans / taken, 300_000, None, f"{taken:.1f} s")
        columns.sessions(None)
        columns.retrievals(None)
        with columns.reading() as cursor:
            yield from _dashboards(cursor, f"{spans / 1e6:g} M", 500.0, 7)
            for key in _ATTRIBUTES:
                yield Figure(f"grouped by {key}, first time", "ms", _by_attribute(columns, key), 2000.0)
        columns.close()
        if not quick:
            with _tenfold(folder) as connection:
                yield from _dashboards(connection.cursor(), "10 M", 3000.0, 3)
    finally:
        reader.close()
        columns.close()
        shutil.rmtree(folder)


def _dashboards(cursor: duckdb.DuckDBPyConnection, title: str, limit: float, rounds: int) -> Iterator[Figure]:
    source = charting.source_over(cursor, {"": None}, {}, None)
    extent = charting.range_of(TraceFilter(), source)
    assert extent is not None
    width = (extent[1] - extent[0]) // BUCKETS + 1
    buckets = Buckets(tuple(extent[0] + i * width for i in range(BUCKETS + 1)))
    for dashboard in presets():
        asked = _asked(dashboard, buckets)
        hand = [each for panel in asked.panels for each in by_hand.queries(panel, _by(panel), buckets)]
        _compare(asked, _answers(asked, source), cursor, buckets)

        def answer(asked: Asked = asked) -> None:
            _answers(asked, source)

        def ask_by_hand(hand: Sequence[by_hand.Query] = hand) -> None:
            for sql in (*(each.sql for each in hand), *by_hand.MARKS):
                cursor.execute(sql).fetchnumpy()

        # in turn, so that both meet the same neighbours
        taken = [(times(answer, 1, warm=not i)[0], times(ask_by_hand, 1, warm=not i)[0]) for i in range(rounds)]
        ours, theirs = (median(each) for each in zip(*taken, strict=True))
        name = f"{dashboard.name}, {title} spans"
        yield Figure(name, "ms", ours, limit, theirs, f"floor: {len(hand) + 2} queries written by hand")
        yield Figure(f"{name}, to that", "x", ours / theirs, 2.0, 1.0)


def _asked(dashboard: Dashboard, buckets: Buckets) -> Asked:
    """What the page asks, over all of the time; what follows the page is by trace name here."""
    panels = tuple(panel for panel in dashboard.panels if panel.kind is not ChartKind.DIFFERENCES)
    everything = TraceFilter("", buckets.edges[0], buckets.edges[-1])
    questions, heats, spreads = [], [], []
    for panel in panels:
        if panel.kind in (ChartKind.HEATMAP, ChartKind.HISTOGRAM):
            grain, column, score = column_of(panel.measures[0])
            if panel.kind is ChartKind.HEATMAP:
                heats.append(HeatQuestion(column, grain, everything, buckets, score=score))
            else:
                spreads.append(SpreadQuestion(column, grain, everything, score=score))
            continue
        measures = tuple(CATALOGUE[text] for text in panel.measures)
        over_time = buckets if panel.kind in by_hand.OVER_TIME else None
        questions.append(Question(measures, everything, over_time, _by(panel) or None, panel.top))
    return Asked(panels, tuple(questions), tuple(heats), tuple(spreads))


def _by(panel: Panel) -> str:
    # of values that come up equally often, as versions do here, the top ones are anybody's
    return grouped_by(panel.by, "name")


def _answers(asked: Asked, source: charting.Source) -> list[Answer]:
    answers = charting.ask(asked.questions, source)
    for heat in asked.heats:
        charting.heat(heat, source)
    for spread in asked.spreads:
        charting.spread(spread, source)
    charting.marks(TraceFilter(), source)
    return answers


def _compare(asked: Asked, answers: Sequence[Answer], cursor: duckdb.DuckDBPyConnection, buckets: Buckets) -> None:
    """The queries written by hand are of use only where they give the same."""
    drawn = [panel for panel in asked.panels if panel.kind not in (ChartKind.HEATMAP, ChartKind.HISTOGRAM)]
    for panel, answer in zip(drawn, answers, strict=True):
        parts: dict[tuple[str, int], dict[tuple[Any, ...], float]] = {}
        for query in by_hand.queries(panel, _by(panel), buckets):
            if query.bucketed is (answer.question.buckets is None):
                continue
            for row in cursor.execute(query.sql).fetchall():
                place = row[: query.grouped + query.bucketed]
                for figure, value in zip(query.figures, row[len(place) :], strict=True):
                    parts.setdefault(figure, {})[place] = np.nan if value is None else float(value)
        for measure in panel.measures:
            if measure == "cost.month":
                continue
            for i, group in enumerate(answer.groups):
                for j, found in enumerate(answer.figures[measure][i]):
                    named = "(others)" if group.others else group.value
                    place = (*[named] * bool(panel.by), *[j] * (answer.question.buckets is not None))
                    expected = parts.get((measure, 0), {}).get(place, np.nan)
                    if len(by_hand.FIGURES[measure]) == 2:
                        expected /= parts[measure, 1].get(place, np.nan)
                    same = np.isclose(found, expected, rtol=1e-9) or found == 0 or np.isnan([found, expected]).all()
                    assert same, f"{panel.title}, {measure} of {place}: {found}, by hand {expected}"


def _by_attribute(columns: Columns, key: str) -> float:
    """Milliseconds from the wish to the answer, with the reading of the attribute."""
    everything = TraceFilter()
    measures = (CATALOGUE["cost.total"], CATALOGUE["span_latency.p95"], CATALOGUE["traffic.requests"])
    began = time.perf_counter()
    table = columns.attribute(None, key)
    with columns.reading() as cursor:
        source = charting.source_over(cursor, {"": None}, {key: table}, None)
        charting.ask([Question((each,), everything, by=f"attr.{key}") for each in measures], source)
    return (time.perf_counter() - began) * 1e3


def _tenfold(folder: Path) -> duckdb.DuckDBPyConnection:
    """The columns ten times over, each with ids and times of its own."""
    [path] = folder.glob("*.duckdb")
    connection = duckdb.connect(path)
    traces, first, last = connection.execute(
        "SELECT max(trace), min(start_ns), max(start_ns) FROM kept_trace"
    ).fetchall()[0]
    for table in _KEPT:
        names = [name for (name, *_) in connection.execute(f"DESCRIBE {table}").fetchall()]
        shifted = []
        for name in names:
            by = {"trace": traces, "span": traces << 24, "root": traces << 24}.get(name)
            if name in ("start_ns", "began_ns"):
                by = last - first + 1
            shifted.append(f'"{name}" + {by}::BIGINT * times AS "{name}"' if by is not None else f'"{name}"')
        connection.execute(f"INSERT INTO {table} SELECT {', '.join(shifted)} FROM {table}, range(1, 10) AS more(times)")
    connection.execute("CHECKPOINT")
    return connection
