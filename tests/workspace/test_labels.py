"""What goes out to other programs is all there, and harms no spreadsheet."""

from __future__ import annotations

import csv
import datetime
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tailrace.errors import QueryError, SourceError
from tailrace.model import Score, ScoreKind, ScoreSource, Span
from tailrace.model.review import (
    Anchor,
    Dataset,
    DatasetItem,
    DefinitionKind,
    FailureMode,
    Put,
    ScoreDefinition,
    Verdict,
    Visit,
)
from tailrace.review import judgement
from tailrace.store import Writer
from tailrace.workspace import Workspace

START_NS = 1_795_000_000_123_456_789
LONG = "why " * 60_000
HELPFUL = ScoreDefinition("h", "helpfulness", DefinitionKind.NUMBER, low=0.0, high=5.0, step=0.5)
TONE = ScoreDefinition("o", "tone", DefinitionKind.CATEGORY, options=("warm", "=cold"), position=1)
CITED = ScoreDefinition("c", "cited", DefinitionKind.YES_NO, position=2)
MODE = FailureMode("m", 'Says "sorry", twice')


@pytest.fixture
def workspace(tmp_path: Path) -> Any:
    path = tmp_path / "reviewed.tailrace"
    with Writer(path) as writer:
        writer.write(
            [
                Span(f"t{i}", "a", None, name="chat", start_ns=START_NS + i, end_ns=START_NS + 9, model="m-1",
                     input=f"question {i}", session_id="s", attributes={"i": i})
                for i in (2, 1, 3)
            ]
        )  # fmt: skip
    workspace = Workspace(path)
    evidence = judgement.evidence_score("Ann", "t1", Anchor("a", "output", "the quoted\nwords"))
    inspected = Score(
        "n1", "note", ScoreKind.TEXT, "t1", "a", comment="on the span", author="Ann", source=ScoreSource.PERSON
    )
    foreign = Score(
        "phoenix:1", "fluency", ScoreKind.NUMBER, "t2", value=0.5, author="Cy", source=ScoreSource.PERSON, created_ns=7
    )
    workspace.reviews.apply(
        [
            *map(Put, (HELPFUL, TONE, CITED, MODE)),
            Put(judgement.verdict_score("Ann", "t1", Verdict.FAIL)),
            Put(judgement.note_score("Ann", "t1", "=HYPERLINK(1)\n" + LONG)),
            Put(judgement.mode_mark("Ann", "t1", MODE)),
            Put(judgement.correction_score("Ann", "t1", "ünïcode 𝄞 \u2028")),
            Put(judgement.defined_score(HELPFUL, "Ann", "t1", 1.5)),
            Put(judgement.defined_score(TONE, "Ann", "t1", "=cold")),
            Put(judgement.defined_score(CITED, "Ann", "t1", True)),
            Put(evidence),
            Put(inspected),
            Put(foreign),
            Put(judgement.verdict_score("Bo", "t1", Verdict.PASS)),
            Put(judgement.verdict_score("Bo", "t2", Verdict.DEFER)),
            Put(judgement.adjudicated_score("Cy", "t1", "thumb", ScoreKind.THUMB, 0.0)),
            Put(replace(judgement.verdict_score("robot", "t3", Verdict.PASS), source=ScoreSource.MODEL)),
            Put(Visit("v1", "q", "t1", "Ann", 5, 1500)),
            Put(Visit("v2", "q", "t1", "Ann", 9, 750)),
            Put(Dataset("d", "Golden")),
            Put(DatasetItem("d/t1", "d", "t1", "a", '{"n": 12345678901234567890123, \n "x": 1.0}', LONG, "42",
                            {"mode": "x"}, "Ann")),
            Put(DatasetItem("d/gone", "d", "gone", None, "[not json", None, None, {}, "Bo")),
        ]
    )  # fmt: skip
    yield workspace
    workspace.close()


def cells(path: Path) -> list[dict[str, str]]:
    usual = csv.field_size_limit(10_000_000)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    finally:
        csv.field_size_limit(usual)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_labels_are_a_row_for_each_trace_and_person(workspace: Workspace) -> None:
    rows = workspace.reviews.labels()
    assert [(row["trace_id"], row["reviewer"]) for row in rows] == [
        ("t1", "Ann"), ("t1", "Bo"), ("t2", "Bo"), ("t2", "Cy"),
    ]  # fmt: skip
    ann, bo, deferred, cy = rows
    assert (ann["verdict"], bo["verdict"], deferred["verdict"], cy["verdict"]) == ("fail", "pass", "defer", None)
    assert ann["note"].endswith(LONG)
    assert ann["other_notes"] == ["on the span"]
    assert ann["failure_modes"] == [MODE.name]
    assert (ann["score.helpfulness"], ann["score.tone"], ann["score.cited"]) == (1.5, "=cold", "yes")
    assert ann["evidence"] == ["the quoted\nwords"]
    assert (ann["adjudicated_verdict"], deferred["adjudicated_verdict"]) == ("fail", None)
    assert (ann["seconds_spent"], bo["seconds_spent"]) == (2.25, None)
    assert (ann["models"], ann["session"], ann["input_preview"]) == (["m-1"], "s", "question 1")
    assert (cy["score.fluency"], cy["judged_at"]) == (0.5, cy["judged_at"])
    assert [row["reviewer"] for row in workspace.reviews.labels("attr.i:2")] == ["Bo", "Cy"]
    assert [row["trace_id"] for row in workspace.reviews.labels(reviewer="Bo")] == ["t1", "t2"]
    with pytest.raises(QueryError):
        workspace.reviews.labels("status:")


def test_csv_is_whole_quoted_and_guarded(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "labels.csv"
    assert workspace.reviews.write_labels(out) == 4
    raw = out.read_bytes()
    assert raw.startswith(b"trace_id,trace_name,started,")
    assert raw.count(b"\r\n") == 5
    ann = cells(out)[0]
    assert ann["note"] == "'=HYPERLINK(1)\n" + LONG
    assert ann["score.tone"] == "'=cold"
    assert (ann["score.helpfulness"], ann["correction"]) == ("1.5", "ünïcode 𝄞 \u2028")
    assert json.loads(ann["failure_modes"]) == [MODE.name]
    assert ann["started"] == "2026-11-18T11:06:40.12345679Z"
    workspace.reviews.write_labels(out, guard=False)
    assert cells(out)[0]["note"] == "=HYPERLINK(1)\n" + LONG
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_every_beginning_of_a_formula_is_guarded(workspace: Workspace, tmp_path: Path, text: str) -> None:
    workspace.reviews.apply([Put(judgement.note_score("Bo", "t2", text))])
    out = tmp_path / "labels.csv"
    workspace.reviews.write_labels(out)
    assert next(row for row in cells(out) if row["reviewer"] == "Bo" and row["trace_id"] == "t2")["note"] == "'" + text


def test_jsonl_holds_values(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    assert workspace.reviews.write_labels(out) == 4
    ann = lines(out)[0]
    assert ann["note"].startswith("=HYPERLINK")
    assert (ann["failure_modes"], ann["score.helpfulness"], ann["user"]) == ([MODE.name], 1.5, None)
    stream = io.BytesIO()
    assert workspace.reviews.write_labels(stream) == 4
    assert stream.getvalue() == out.read_bytes()


def test_parquet_has_real_types(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "labels.parquet"
    assert workspace.reviews.write_labels(out) == 4
    with duckdb.connect() as connection:
        table = connection.read_parquet(str(out))
        types = dict(zip(table.columns, map(str, table.types), strict=True))
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()]
    assert types["started"] == types["judged_at"] == "TIMESTAMP_NS"
    assert types["failure_modes"] == types["evidence"] == "VARCHAR[]"
    assert types["score.helpfulness"] == types["seconds_spent"] == "DOUBLE"
    assert types["score.tone"] == "VARCHAR"
    assert rows[0]["started"] == datetime.datetime(2026, 11, 18, 11, 6, 40, 123456)
    assert (rows[0]["note"], rows[0]["failure_modes"]) == ("=HYPERLINK(1)\n" + LONG, [MODE.name])
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_score_that_changed_its_kind_loses_no_value_in_parquet(workspace: Workspace, tmp_path: Path) -> None:
    changed = replace(HELPFUL, kind=DefinitionKind.CATEGORY, options=("good", "bad"))
    workspace.reviews.apply([Put(changed), Put(judgement.defined_score(changed, "Bo", "t1", "bad"))])
    out = tmp_path / "labels.parquet"
    workspace.reviews.write_labels(out)
    with duckdb.connect() as connection:
        table = connection.read_parquet(str(out))
        at = table.columns.index("score.helpfulness")
        assert [row[at] for row in table.fetchall()] == ["1.5", "bad", None, None]


@pytest.mark.parametrize("name", ["none.csv", "none.jsonl", "none.parquet"])
def test_nothing_to_write_is_an_empty_table(workspace: Workspace, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert workspace.reviews.write_labels(out, "attr.i:99") == 0
    if name.endswith("csv"):
        assert len(out.read_bytes().splitlines()) == 1
    elif name.endswith("parquet"):
        with duckdb.connect() as connection:
            assert len(connection.read_parquet(str(out)).columns) > 20


def test_a_dataset_keeps_json_as_it_is_written(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "golden.jsonl"
    assert workspace.reviews.write_dataset(out) == 2
    first, second = lines(out)
    assert first["input"] == {"n": 12345678901234567890123, "x": 1.0}
    assert b'"x": 1.0' in out.read_bytes()
    assert (first["output"], first["expected"]) == (LONG, "42")
    assert first["metadata"] == {"trace_id": "t1", "mode": "x"}
    assert second == {"input": "[not json", "output": None, "expected": None, "metadata": {"trace_id": "gone"}}
    assert workspace.reviews.write_dataset(out, "Golden", "attr.i:1") == 1
    for name in ("golden.csv", "golden.parquet"):
        assert workspace.reviews.write_dataset(tmp_path / name, "d") == 2
    assert cells(tmp_path / "golden.csv")[0]["output"] == LONG
    with duckdb.connect() as connection:
        table = connection.read_parquet(str(tmp_path / "golden.parquet"))
        row = table.fetchall()[0]
        assert (row[1], row[2], json.loads(row[3])) == (LONG, "42", {"trace_id": "t1", "mode": "x"})


def test_a_dataset_must_be_one(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(SourceError, match=r"no dataset named Silver.*Golden \(d\)"):
        workspace.reviews.write_dataset(out, "Silver")
    workspace.reviews.apply([Put(Dataset("e", "Golden"))])
    with pytest.raises(SourceError, match="more than one dataset"):
        workspace.reviews.write_dataset(out)
    assert workspace.reviews.write_dataset(out, "d") == 2
    assert workspace.reviews.write_dataset(out, "e") == 0


def test_an_export_that_fails_leaves_what_was_there(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "labels.csv"
    out.write_text("mine")
    with pytest.raises(SourceError, match="does not say"):
        workspace.reviews.write_labels(tmp_path / "labels.xlsx")
    with pytest.raises(SourceError, match="cannot be written"):
        workspace.reviews.write_labels(tmp_path / "no such folder" / "labels.csv")
    with pytest.raises(QueryError):
        workspace.reviews.write_labels(out, "status:")
    assert out.read_text() == "mine"
    assert not list(tmp_path.glob(".labels*"))
