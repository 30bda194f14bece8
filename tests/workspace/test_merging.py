"""Several people, no server: what goes out comes in again, and nothing hostile does."""

from __future__ import annotations

import gzip
import json
import sqlite3
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailrace.errors import SourceError
from tailrace.model import LogRecord, Score, ScoreKind, ScoreSource, Span
from tailrace.model.score import NOTE, THUMB, own_id
from tailrace.model.versions import Version
from tailrace.store import Reader, Writer
from tailrace.store.connections import open_to_read
from tailrace.store.copies import versions_in
from tailrace.store.merging import merge_versions
from tailrace.store.scores import SCORE_COLUMNS
from tailrace.store.versions import TABLES, version_of
from tailrace.workspace import Workspace
from tailrace.workspace.merging import export_review, merge_files, merge_into_new
from tailrace.workspace.review_files import read_review

NOW = time.time_ns()


def span(trace_id: str, span_id: str = "a", **more: Any) -> Span:
    return Span(trace_id, span_id, None, **{"name": "chat", "start_ns": 1_000, "end_ns": 2_000, "input": "hi", **more})


def thumb(author: str, trace_id: str, value: float, when: int = NOW - 1000) -> Score:
    return Score(
        own_id(author, trace_id, THUMB),
        THUMB,
        ScoreKind.THUMB,
        trace_id,
        value=value,
        author=author,
        source=ScoreSource.PERSON,
        created_ns=when,
        updated_ns=when,
    )


def shared() -> list[Version]:
    """What reviewers share, and one item of a dataset of each."""
    item = {"dataset_id": "d", "input": "in", "metadata": '{"b":[1,{"c":null}]}'}
    return [
        version_of("failure_mode", "m", NOW, False, {"name": "Made up", "description": "", "position": 0}),
        version_of("dataset", "d", NOW, False, {"name": "Golden", "description": ""}),
        version_of("dataset_item", "d/t1", NOW, False, {**item, "trace_id": "t1", "author": "ann"}),
        version_of("dataset_item", "d/t2", NOW, False, {**item, "trace_id": "t2", "author": "bo"}),
        version_of("review_queue", "q", NOW, False, {
            "name": "Monday", "recipe": '{"source":"random","seed":7}', "instructions": "", "blind": 1,
            "reviewers": '["ann","bo"]', "overlap": 0.5, "author": "ann",
        }),
        version_of("dashboard", "b", NOW, False, {
            "name": "Mine", "author": "ann",
            "panels": '[{"panel_id":"1","title":"Cost","kind":"bars","measures":["cost.total"],'
            '"x":0,"y":0,"w":6,"h":3}]',
        }),
        version_of("review_item", "q/t1", NOW, False, {
            "queue_id": "q", "trace_id": "t1", "position": 0, "stratum": "",
        }),
        version_of("review_visit", "v", NOW, True, {
            "queue_id": "q", "trace_id": "t1", "author": "bo", "began_ns": 5, "spent_ms": 900,
        }),
    ]  # fmt: skip


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Two traces that Ann and Bo have judged, differently the first, with changes and a removal."""
    path = tmp_path / "base.tailrace"
    with Writer(path) as writer:
        writer.write([span("t1"), span("t2")])
        writer.put_score(thumb("ann", "t1", 0.0, NOW - 5000))
        writer.put_score(thumb("ann", "t1", 1.0))
        writer.put_score(thumb("bo", "t1", 0.0))
        writer.put_score(thumb("bo", "t2", 0.0))
        writer.remove_score(thumb("bo", "t2", 0.0).score_id)
        note = replace(thumb("bo", "t1", 0.0), score_id="n", name=NOTE, kind=ScoreKind.TEXT, value=None)
        writer.put_score(replace(note, comment="=cmd\nÄ \u2028 𝄞"))
    merge_versions(path, shared())
    return path


def versions(path: Path) -> set[Version]:
    found = set(versions_in(path))
    assert None not in found
    return {version for version in found if version is not None}


def empty(path: Path) -> Path:
    with Writer(path):
        pass
    return path


def test_the_files_of_all_reviewers_are_the_whole(base: Path, tmp_path: Path) -> None:
    files = []
    for reviewer in ("ann", "bo"):
        files.append(tmp_path / f"{reviewer}.jsonl.gz")
        assert export_review(base, files[-1], reviewer) == len(list(read_review(files[-1])))
    out = empty(tmp_path / "third.tailrace")
    report = merge_files(out, files)
    assert versions(out) == versions(base)
    assert (report.skipped, report.conflicts, report.ahead) == ({}, 1, 0)
    authors = {v.record_id for v in read_review(files[0]) if isinstance(v, Version) and v.kind == "score"}
    assert authors == {own_id("ann", "t1", THUMB)}
    again = merge_files(out, files[::-1])
    assert (again.added, again.changed) == (0, 0)
    assert versions(out) == versions(base)


def test_a_review_file_is_small_and_can_be_read_by_people(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    export_review(base, out, None)
    header, *lines = [json.loads(line) for line in out.read_text("utf-8").strip().split("\n")]
    assert (header["tailrace_review"], header["reviewer"], header["database"]) == (1, None, "base.tailrace")
    queue = next(line for line in lines if line["kind"] == "review_queue")
    assert queue["values"]["recipe"] == {"source": "random", "seed": 7}
    assert queue["values"]["reviewers"] == ["ann", "bo"]
    dashboard = next(line for line in lines if line["kind"] == "dashboard")
    assert dashboard["values"]["panels"][0]["measures"] == ["cost.total"]
    assert "removed" not in queue
    assert None not in [value for line in lines for value in line["values"].values()]
    packed = tmp_path / "all.jsonl.gz"
    export_review(base, packed, None)
    # the header says when it was written
    assert gzip.decompress(packed.read_bytes()).split(b"\n")[1:] == out.read_bytes().split(b"\n")[1:]
    assert not list(tmp_path.glob(".*"))


def test_databases_merge_with_their_traces_in_either_order(base: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.tailrace"
    resource = {"service.name": "shop"}
    with Writer(other) as writer:
        writer.write([
            span("t1", "b", resource=resource),
            span("t3", input=None, resource=resource),
            LogRecord("t3", "a", 5, "gen_ai.user.message", {"content": "from a log"}, {}),
            thumb("cy", "t3", 1.0),
        ])  # fmt: skip
        writer.settle()
    before = versions(other)
    one, two = tmp_path / "one.tailrace", tmp_path / "two.tailrace"
    first = merge_into_new(one, [base, other])
    second = merge_into_new(two, [other, base])
    assert (first.new_traces, first.new_spans) == (1, 2)
    assert (second.new_traces, second.new_spans) == (1, 2)
    assert versions(one) == versions(two) == versions(base) | before
    assert versions(other) == before
    shown = []
    for path in (one, two):
        reader = Reader(path)
        keys = [reader.find_trace(trace_id) for trace_id in ("t1", "t2", "t3")]
        rows = reader.read_rows([key for key in keys if key is not None])
        assert reader.unsettled() == (0, 0)
        spans = {span.span_id: span for key in keys if key is not None for span in reader.spans_of(key)}
        assert spans["b"].resource == resource
        detail = reader.read_span(rows[2].key, "a")
        assert detail is not None
        shown.append([replace(row, key=0) for row in rows])
        reader.close()
    assert shown[0] == shown[1]
    assert [row.thumb for row in shown[0]][1:] == [None, 1]
    assert merge_files(one, [two, other]).new_spans == 0
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_hostile_lines_are_counted_with_their_place_and_stop_nothing(base: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    export_review(base, good, None)
    header, *lines = good.read_text("utf-8").strip().split("\n")
    ahead = json.loads(next(line for line in lines if '"failure_mode"' in line))
    ahead["stamp_ns"] = NOW + 10**15
    bad = [
        "{", "[]", "null", '{"kind": "sqlite_schema", "id": "x", "stamp_ns": 1, "values": {}}', "\x00\xff",
        '{"kind": "score", "id": "x", "stamp_ns": true, "values": {}}',
        '{"kind": "score", "id": "x", "stamp_ns": 1e400, "values": {}}',
        '{"kind": "dataset", "id": "x", "stamp_ns": 1, "values": {"name": 1, "description": ""}}',
        '{"kind": "dataset", "id": "x", "stamp_ns": 1, "values": {"name": "a", "rowid": 1}}',
        '{"kind": "dataset", "id": "x", "stamp_ns": 9223372036854775807, "values": {"name": "a", "description": ""}}',
        '{"kind": "score", "id": "x", "stamp_ns": 1, "values": {"value": "1e5"}}',
        '{"kind": "dataset_item", "id": "a/b", "stamp_ns": 1,'
        ' "values": {"dataset_id": "a", "trace_id": "c", "metadata": {}}}',
        "[" * 100_000,
    ]  # fmt: skip
    hostile = tmp_path / "hostile.jsonl"
    text = "\n".join([header, *bad, *lines, json.dumps(ahead)]).encode("utf-8", "surrogateescape")
    hostile.write_bytes(text + b'\n{"kind": "score"')
    out = empty(tmp_path / "out.tailrace")
    report = merge_files(out, [hostile])
    assert sum(report.skipped.values()) == len(bad) + 1
    assert report.examples["a line that is not JSON"] == "hostile.jsonl, line 2"
    assert report.ahead == 1
    assert {v for v in versions(out) if v.kind == "score"} == {v for v in versions(base) if v.kind == "score"}
    assert [v.stamp_ns for v in versions(out) if v.kind == "failure_mode"] == [NOW + 10**15]


def test_a_long_line_is_left_out_and_a_cut_file_gives_what_it_has(base: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl"
    count = export_review(base, whole, None)
    found = list(read_review(whole, longest_line=230))
    assert {getattr(item, "reason", "") for item in found} == {"", "a line of more than 0 MiB"}
    assert len(found) == count
    packed = tmp_path / "cut.jsonl.gz"
    export_review(base, packed, None)
    packed.write_bytes(packed.read_bytes()[:-12])
    report = merge_files(empty(tmp_path / "out.tailrace"), [packed])
    assert "gzip data that ends early or is damaged" in report.skipped


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ('{"tailrace_review": 2}', "newer Tailrace"),
        ('{"tailrace_review": "x"}', "no Tailrace writes"),
        ('{"resourceSpans": []}', "neither"),
        ("Dear reader", "neither"),
        ("", "neither"),
    ],
)
def test_a_file_that_is_none_is_refused_before_anything_changes(
    base: Path, tmp_path: Path, first: str, words: str
) -> None:
    other = tmp_path / "other"
    other.write_text(first)
    fine = tmp_path / "fine.jsonl"
    export_review(base, fine, None)
    out = empty(tmp_path / "out.tailrace")
    with pytest.raises(SourceError, match=words):
        merge_files(out, [fine, other])
    with pytest.raises(SourceError, match="does not exist"):
        merge_files(out, [fine, tmp_path / "gone"])
    assert versions(out) == set()


def test_a_settled_conflict_is_none(base: Path) -> None:
    assert merge_files(base, []).conflicts == 1
    settled = replace(thumb("ann", "t1", 1.0, NOW), score_id="tailrace:adjudicated:t1::thumb")
    with Writer(base) as writer:
        writer.put_score(replace(settled, metadata={"adjudicated": True}))
    assert merge_files(base, [base]).conflicts == 0
    with Writer(base) as writer:
        writer.put_score(thumb("bo", "t1", 0.0, NOW + 5))
    assert merge_files(base, []).conflicts == 1


def test_a_workspace_takes_in_what_another_gave_out(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "ann.jsonl"
    first = Workspace(base)
    second = Workspace(empty(tmp_path / "second.tailrace"))
    try:
        assert first.reviews.export_review(out, "ann") > 0
        assert second.reviews.merge([out]).added > 0
    finally:
        first.close()
        second.close()
    connection = open_to_read(second.database)
    try:
        assert connection.execute("SELECT author, value FROM score").fetchall() == [("ann", 1.0)]
    finally:
        connection.close()


def test_a_database_from_before_reviews_merges_too_and_stays_as_it_is(base: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.tailrace"
    with Writer(old) as writer:
        writer.write([span("t9"), thumb("cy", "t9", 1.0)])
    change(old, *(f"DROP TABLE {kind}" for kind in TABLES if kind != "score"), "PRAGMA user_version = 1")
    before = old.read_bytes()
    report = merge_files(base, [old])
    assert (report.added, report.new_traces, report.skipped) == (1, 1, {})
    assert old.read_bytes() == before


def test_a_database_made_by_hand_brings_only_what_is_sound(base: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.tailrace"
    with Writer(odd) as writer:
        writer.write([span("t9"), thumb("cy", "t9", 1.0)])
    change(
        odd,
        "ALTER TABLE score RENAME TO strict_score",
        "CREATE TABLE score AS SELECT * FROM strict_score",
        *(f"INSERT INTO score SELECT * FROM (SELECT {values} FROM strict_score)" for values in (
            columns_with(score_id="x'ff00'"),
            columns_with(score_id="CAST(x'ff' AS TEXT)"),
            columns_with(score_id="'s1'", updated_ns="'soon'"),
            columns_with(score_id="'s2'", name="x'00'"),
            columns_with(score_id="'s3'", metadata="'{'"),
            columns_with(score_id="'s4'", kind="'fist'"),
        )),
        "INSERT INTO score_history (score_id, replaced_ns, removed, former) VALUES ('s5', 1, 1, 'nonsense')",
        "INSERT INTO score_history (score_id, replaced_ns, removed, former) VALUES ('s6', 1, 0, '[]')",
    )  # fmt: skip
    before = versions(base)
    report = merge_files(base, [odd])
    assert report.added == 1
    assert sum(report.skipped.values()) == 6
    assert {version.record_id for version in versions(base) - before} == {own_id("cy", "t9", THUMB)}


def columns_with(**values: str) -> str:
    return ", ".join(values.get(name, name) for name in SCORE_COLUMNS)


def change(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
