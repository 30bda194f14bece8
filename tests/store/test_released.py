"""Databases of every released version open in this one, and nothing that was in them is gone."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tailrace.model import Score, ScoreKind, TraceFilter
from tailrace.store import SCHEMA_VERSION
from tailrace.workspace import Workspace

RELEASED = sorted((Path(__file__).parents[1] / "data" / "released").glob("*.tailrace.gz"))
DERIVED = ("_fts", "_pending", "_state", "sqlite_")  # what searching and migrating keep for themselves


@pytest.fixture(params=RELEASED, ids=lambda path: path.name.removesuffix(".tailrace.gz"))
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "traces.tailrace"
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    return path


def contents(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that holds what came in or what people made."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")]
            for table in tables
            if not any(part in table for part in DERIVED)
        }


def schema_version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_there_is_a_database_of_every_schema_up_to_this_one(tmp_path: Path) -> None:
    versions = set()
    for packed in RELEASED:
        path = tmp_path / packed.stem
        path.write_bytes(gzip.decompress(packed.read_bytes()))
        versions.add(schema_version(path))
    assert versions == set(range(1, SCHEMA_VERSION + 1))


def test_a_released_database_keeps_every_row_and_every_value(released: Path) -> None:
    before = contents(released)
    assert (len(before["trace"]), len(before["span"]), len(before["score"])) in ((5, 12, 2), (5, 12, 4))
    with closing(Workspace(released)) as workspace:
        workspace.prepare()
    assert schema_version(released) == SCHEMA_VERSION
    after = contents(released)
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]] if rows else after[table]
        assert kept == rows, table


def test_a_released_database_is_searched_and_judged_as_a_new_one(released: Path) -> None:
    with closing(Workspace(released)) as workspace:
        workspace.prepare()
        workspace.index_search()
        (key,) = workspace.list_traces(TraceFilter("ferry")).keys
        before = workspace.scores_of_trace(int(key))
        workspace.put_score(Score("new", "thumb", ScoreKind.THUMB, f"{1:032x}", value=1.0, author="Ann"))
        assert len(workspace.scores_of_trace(int(key))) == len(before) + 1
        assert len(list(workspace.spans_of(int(key)))) == 4
