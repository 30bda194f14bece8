"""Measures and dashboards of one database."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from tailrace.errors import QueryError
from tailrace.metrics.catalogue import CATALOGUE
from tailrace.metrics.formula import parse_formula
from tailrace.metrics.presets import presets
from tailrace.model import Score, ScoreKind, Span
from tailrace.model.dashboard import ChartKind, Dashboard, Panel
from tailrace.model.review import Put, Removal
from tailrace.store import Reader, ScoreBook, Writer
from tailrace.store.changes import apply
from tailrace.workspace import Workspace
from tailrace.workspace.merging import merge_files
from tailrace.workspace.monitor_names import dashboards_in, measures_in

MINE = Dashboard("b1", "Mine", (Panel("1", "Cost", ChartKind.BARS, ("cost.total",), 0, 0, 6, 3, "model"),), "Jo")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "traces.tailrace"
    with Writer(path) as writer:
        writer.write([Span("t1", "a", None, "chat", 1_000, 2_000)])
        writer.put_score(Score("s1", "relevance", ScoreKind.NUMBER, "t1", value=0.5))
        writer.put_score(Score("s2", 'odd "name"', ScoreKind.NUMBER, "t1", value=0.5))
    return path


@pytest.fixture
def reader(database: Path) -> Iterator[Reader]:
    reader = Reader(database)
    yield reader
    reader.close()


def test_the_measures_are_those_of_the_catalogue_and_of_every_score(reader: Reader) -> None:
    found = measures_in(reader)
    ids = [measure.id for measure in found]
    assert [one for one in ids if one in CATALOGUE] == list(CATALOGUE)
    assert "mean(score.relevance)" in ids
    assert 'below(score."odd \\"name\\"", 0.5)' in ids
    groups = [group for group, _ in groupby(measure.group for measure in found)]
    assert len(set(groups)) == len(groups), "those of a group stand together"
    assert [parse_formula(one) for one in ids] == list(found)


def test_the_presets_come_first_and_saved_dashboards_after_them(database: Path, reader: Reader) -> None:
    assert dashboards_in(reader) == list(presets())
    book = ScoreBook(database)
    undone = apply(book, [Put(MINE), Put(Dashboard("b2", "Another", ()))])
    *first, another, mine = dashboards_in(reader)
    assert first == list(presets())
    assert (another.name, mine.name, mine.panels, mine.author) == ("Another", "Mine", MINE.panels, "Jo")
    assert mine.created_ns is not None
    apply(book, undone)
    assert dashboards_in(reader) == list(presets())
    book.close()


def test_a_workspace_is_asked_by_name_and_saves_dashboards_through_its_reviews(database: Path) -> None:
    workspace = Workspace(database)
    monitor = workspace.monitor
    assert monitor.measure("cost.total") is CATALOGUE["cost.total"]
    assert len(monitor.measures()) > len(CATALOGUE)
    with pytest.raises(QueryError) as caught:
        monitor.measure("2 * cost.totl")
    assert caught.value.position == 4
    undone = workspace.reviews.apply([Put(MINE)])
    assert [one.name for one in monitor.dashboards()][len(presets()) :] == ["Mine"]
    workspace.reviews.apply(undone)
    assert monitor.dashboards() == list(presets())
    workspace.close()


def test_merging_brings_dashboards_over_and_their_removal_too(database: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.tailrace"
    with Writer(other):
        pass
    book = ScoreBook(other)
    apply(book, [Put(MINE)])
    book.close()
    reader = Reader(database)
    assert merge_files(database, [other]).skipped == {}
    assert [one.name for one in dashboards_in(reader)][len(presets()) :] == ["Mine"]
    book = ScoreBook(other)
    apply(book, [Removal(Dashboard, "b1")])
    book.close()
    merge_files(database, [other])
    assert dashboards_in(reader) == list(presets())
    reader.close()
