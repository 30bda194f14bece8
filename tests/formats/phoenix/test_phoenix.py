"""Phoenix's database: everything people see in Phoenix, nothing that is secret, however old or broken it is."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples

from tailrace.formats import Position, Record, Skipped, recognise
from tailrace.formats.foreign_sqlite import ForeignDatabase
from tailrace.model import CostSource, Json, Score, ScoreKind, ScoreSource, Span, SpanKind, SpanStatus

START = "2026-01-05 10:00:00.000001"
SCHEMA = """
CREATE TABLE alembic_version (version_num);
CREATE TABLE projects (id INTEGER PRIMARY KEY, name);
CREATE TABLE traces (id INTEGER PRIMARY KEY, project_rowid, trace_id, start_time, end_time, project_session_rowid);
CREATE TABLE project_sessions (id INTEGER PRIMARY KEY, session_id, project_id);
CREATE TABLE spans (id INTEGER PRIMARY KEY, trace_rowid, span_id, parent_id, name, span_kind, start_time, end_time,
    attributes, events, status_code, status_message, llm_token_count_prompt, llm_token_count_completion);
CREATE TABLE span_costs (id INTEGER PRIMARY KEY, span_rowid, total_cost, prompt_cost, completion_cost);
CREATE TABLE span_annotations (id INTEGER PRIMARY KEY, span_rowid, name, label, score, explanation, metadata,
    annotator_kind, identifier, source, user_id, created_at, updated_at);
CREATE TABLE users (id INTEGER PRIMARY KEY, email);
CREATE TABLE api_keys (id INTEGER PRIMARY KEY, hash);
INSERT INTO projects VALUES (1, 'shop');
INSERT INTO project_sessions VALUES (1, 'session-1', 1);
INSERT INTO traces VALUES (1, 1, 'AABB', '', '', 1);
INSERT INTO users VALUES (7, 'someone@example.com');
INSERT INTO api_keys VALUES (1, 'a key');
"""


def make_database(path: Path, schema: str = SCHEMA) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(schema)
    return path


def execute(path: Path, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(sql, rows)
        connection.commit()


def add_spans(path: Path, *spans: dict[str, Any]) -> None:
    usual = {"trace_rowid": 1, "name": "n", "span_kind": "CHAIN", "start_time": START, "status_code": "OK"}
    for span in spans:
        row = usual | span
        execute(
            path, f"INSERT INTO spans ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", [tuple(row.values())]
        )


def read(path: Path, resume: Json = None) -> list[Record]:
    return list(recognise(path).read(path, resume))


def spans_of(records: list[Record]) -> list[Span]:
    return [record for record in records if isinstance(record, Span)]


def scores_of(records: list[Record]) -> list[Score]:
    return [record for record in records if isinstance(record, Score)]


def skipped_of(records: list[Record]) -> Counter[str]:
    return Counter(record.reason for record in records if isinstance(record, Skipped))


def resume_of(records: list[Record]) -> Json:
    return [record for record in records if isinstance(record, Position)][-1].resume


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return make_database(tmp_path / "phoenix.db")


def test_a_real_database_has_phoenix_own_figures(sample: Callable[[str], Path]) -> None:
    path = sample("phoenix/phoenix.db")
    expected = json.loads(sample("expected.json").read_bytes())["phoenix/phoenix.db"]
    records = read(path)
    spans, scores = spans_of(records), scores_of(records)
    assert recognise(path).name == "Arize Phoenix"
    assert len(spans) == len({span.span_id for span in spans}) == expected["spans"]
    assert len({span.trace_id for span in spans}) == expected["traces"]
    assert sum(span.status is SpanStatus.ERROR for span in spans) == expected["error_spans"]
    assert Counter(span.kind.value.upper() for span in spans) == expected["span_kinds"]
    assert Counter(span.name for span in spans if span.parent_id is None) == expected["root_names"]
    assert sum(span.usage.input or 0 for span in spans if span.usage) == expected["tokens_prompt"]
    assert sum(span.usage.output or 0 for span in spans if span.usage) == expected["tokens_completion"]
    assert sum(span.cost.total for span in spans if span.cost) == pytest.approx(expected["total_cost_usd_phoenix"])
    assert len({span.session_id for span in spans}) == expected["sessions"]
    assert Counter(span.resource["openinference.project.name"] for span in spans) == {
        name: project["spans"] for name, project in expected["by_project"].items()
    }
    levels = Counter(score.score_id.split(":")[1] for score in scores)
    assert levels == {"span": 127, "trace": 14, "document": 38, "session": 5}
    assert len({score.score_id for score in scores}) == len(scores)
    names = Counter(score.name for score in scores if score.score_id.startswith("phoenix:span:"))
    assert names == expected["annotations_by_name"]
    assert sum(score.is_note for score in scores) == 12
    assert not skipped_of(records)


def test_accounts_keys_and_secrets_are_never_read(
    sample: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: set[str] = set()
    real = ForeignDatabase._authorize

    def watch(self: ForeignDatabase, action: int, first: str | None, second: str | None, a: str, b: str) -> int:
        if action == sqlite3.SQLITE_READ and first is not None:
            touched.add(first)
        return real(self, action, first, second, a, b)

    monkeypatch.setattr(ForeignDatabase, "_authorize", watch)
    read(sample("phoenix/phoenix.db"))
    assert {"spans", "traces", "span_annotations"} <= touched
    assert not [name for name in touched if any(word in name for word in ("user", "key", "secret", "token", "oauth"))]


def test_importing_changes_nothing_of_the_source(tmp_path: Path, sample: Callable[[str], Path]) -> None:
    path = tmp_path / "phoenix.db"
    shutil.copyfile(sample("phoenix/phoenix.db"), path)
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["phoenix.db"]


def test_what_was_imported_is_not_brought_again(database: Path) -> None:
    add_spans(database, {"span_id": "01"}, {"span_id": "02"})
    first = read(database)
    assert len(spans_of(first)) == 2
    assert spans_of(read(database, resume_of(first))) == []
    add_spans(database, {"span_id": "03"})
    later = read(database, resume_of(first))
    assert [span.span_id for span in spans_of(later)] == ["03"]
    assert resume_of(later)["done"] == 3


def test_a_killed_import_goes_on_behind_its_last_position(database: Path) -> None:
    add_spans(database, *({"span_id": f"{index:04x}"} for index in range(700)))
    records = read(database)
    place = next(index for index, record in enumerate(records) if isinstance(record, Position))
    taken = spans_of(records[:place])
    rest = spans_of(read(database, records[place].resume))
    assert len(taken) + len(rest) == 700
    assert {span.span_id for span in taken}.isdisjoint(span.span_id for span in rest)


def test_a_cost_computed_after_the_import_comes_with_the_next_one(database: Path) -> None:
    add_spans(database, {"span_id": "01"}, {"span_id": "02"})
    execute(database, "INSERT INTO span_costs (span_rowid, total_cost) VALUES (?, ?)", [(2, 0.5)])
    first = read(database)
    assert spans_of(first)[0].cost is None
    execute(database, "INSERT INTO span_costs (span_rowid, total_cost) VALUES (?, ?)", [(1, 0.25)])
    later = spans_of(read(database, resume_of(first)))
    assert [(span.span_id, span.cost.total if span.cost else None) for span in later] == [("01", 0.25)]
    assert later[0].cost is not None
    assert (later[0].cost.source, later[0].cost.detail) == (CostSource.FILE, "Phoenix span_costs")


def test_numbers_of_deleted_spans_used_again_are_read_again(database: Path) -> None:
    add_spans(database, {"span_id": "01"}, {"span_id": "02"})
    resume = resume_of(read(database))
    execute(database, "DELETE FROM spans WHERE id = ?", [(2,)])
    add_spans(database, {"span_id": "99"})
    assert {span.span_id for span in spans_of(read(database, resume))} == {"01", "99"}


def test_an_end_in_1970_is_a_span_that_has_not_ended(database: Path) -> None:
    add_spans(
        database,
        {"span_id": "01", "end_time": "1970-01-01 00:00:00.000000"},
        {"span_id": "02", "end_time": "2026-01-05 10:00:01.000001"},
    )
    spans = spans_of(read(database))
    assert spans[0].end_ns is None
    assert spans[1].duration_ns == 1_000_000_000


def test_the_session_of_a_trace_goes_to_spans_without_their_own(database: Path) -> None:
    add_spans(database, {"span_id": "01"}, {"span_id": "02", "attributes": '{"session": {"id": "mine"}}'})
    assert [span.session_id for span in spans_of(read(database))] == ["session-1", "mine"]


def test_the_kind_column_decides(database: Path) -> None:
    attributes = '{"openinference": {"span": {"kind": "TOOL"}}}'
    add_spans(database, {"span_id": "01", "span_kind": "RERANKER", "attributes": attributes})
    assert spans_of(read(database))[0].kind is SpanKind.RERANKER


def test_ids_are_lower_case_and_a_parent_that_is_not_there_stays(database: Path) -> None:
    add_spans(database, {"span_id": "AB", "parent_id": "CD"})
    span = spans_of(read(database))[0]
    assert (span.trace_id, span.span_id, span.parent_id) == ("aabb", "ab", "cd")


ANNOTATION = (
    "INSERT INTO span_annotations (span_rowid, name, label, score, explanation, metadata, annotator_kind, identifier,"
    " source, user_id) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def test_annotations_say_what_they_are_and_who_judged(database: Path) -> None:
    add_spans(database, {"span_id": "01"})
    execute(
        database,
        ANNOTATION,
        [
            ("quality", "good", 0.9, "clear", '{"author": "mara"}', "HUMAN", "", "APP", 7),
            ("tone", "kind", None, None, "{}", "LLM", "judge-2", "API", None),
            ("note", None, None, "look at this", "{}", "HUMAN", "px-span-note:1", "API", 7),
            ("free", None, None, "text only", None, "CODE", "", "API", None),
        ],
    )
    scores = scores_of(read(database))
    assert [score.kind for score in scores] == [
        ScoreKind.NUMBER,
        ScoreKind.CATEGORY,
        ScoreKind.TEXT,
        ScoreKind.TEXT,
    ]
    assert [score.source for score in scores] == [
        ScoreSource.PERSON,
        ScoreSource.MODEL,
        ScoreSource.PERSON,
        ScoreSource.CODE,
    ]
    assert [score.author for score in scores] == ["mara", "judge-2", "Phoenix user 7", None]
    assert [score.is_note for score in scores] == [False, False, True, False]
    assert (scores[0].value, scores[0].label, scores[0].comment) == (0.9, "good", "clear")


def test_the_id_of_a_score_is_its_target_and_name_not_its_row(database: Path) -> None:
    add_spans(database, {"span_id": "01"})
    execute(database, ANNOTATION, [("a:b", None, 1.0, None, "{}", "CODE", "c:d", "API", None)])
    before = scores_of(read(database))
    execute(database, "UPDATE span_annotations SET id = ?, score = 0.0", [(500,)])
    after = scores_of(read(database))
    assert (
        [score.score_id for score in before] == [score.score_id for score in after] == ["phoenix:span:01:a%3Ab:c%3Ad"]
    )
    assert [score.value for score in after] == [0.0]


def test_an_old_database_without_sessions_costs_or_token_columns_is_read(tmp_path: Path) -> None:
    path = make_database(
        tmp_path / "old.db",
        """
        CREATE TABLE alembic_version (version_num);
        CREATE TABLE projects (id INTEGER PRIMARY KEY, name);
        CREATE TABLE traces (id INTEGER PRIMARY KEY, project_rowid, trace_id);
        CREATE TABLE spans (id INTEGER PRIMARY KEY, trace_rowid, span_id, parent_id, name, span_kind, start_time,
            end_time, attributes, events, status_code, status_message);
        CREATE TABLE span_annotations (id INTEGER PRIMARY KEY, span_rowid, name, label, score, explanation, metadata,
            annotator_kind, created_at);
        INSERT INTO projects VALUES (1, 'old');
        INSERT INTO traces VALUES (1, 1, 'aa');
        """,
    )
    attributes = {"llm": {"token_count": {"prompt": 5, "completion": 7}}, "input": {"value": "hello"}}
    add_spans(path, {"span_id": "01", "span_kind": "LLM", "attributes": json.dumps(attributes)})
    execute(path, "INSERT INTO span_annotations (span_rowid, name, score) VALUES (?, 'old', 1)", [(1,)])
    records = read(path)
    (span,) = spans_of(records)
    assert span.usage is not None
    assert (span.usage.input, span.usage.output, span.input) == (5, 7, "hello")
    assert scores_of(records)[0].score_id == "phoenix:span:01:old:"


def test_what_is_broken_is_counted_and_the_rest_goes_in(database: Path) -> None:
    add_spans(
        database,
        {"span_id": "01"},
        {"span_id": None},
        {"span_id": "02", "start_time": "yesterday"},
        {"span_id": "03", "trace_rowid": 99},
        {"span_id": "04", "attributes": '{"a": '},
        {"span_id": "05", "attributes": "[1, 2]", "events": '[{"name": "e"}, 3]'},
        {"span_id": "06", "attributes": '{"a":' * 3_000},
        {"span_id": b"\xff\xfe", "name": b"\x00"},
        {"span_id": "07", "attributes": '{"x": "\\ud800", "n": NaN}', "end_time": 12.5, "name": None},
    )
    execute(database, ANNOTATION, [(None, None, 1.0, None, "{}", "CODE", "", "API", None)])
    records = read(database)
    assert [span.span_id for span in spans_of(records)] == ["01", "04", "05", "06", "07"]
    assert skipped_of(records) == {
        "a span without an id": 2,
        "a span without a readable start time": 1,
        "a span of a trace that is not there": 1,
        "attributes of a span that are not a JSON object": 3,
        "an event that cannot be read": 2,
        "an annotation without a name": 1,
    }


cell = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=20),
    st.sampled_from(["{}", "[]", '{"llm": {"token_count": {"prompt": "x"}}}', START, "9999-12-31 23:59:59", "NaN"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=examples(25))
@given(cells=st.lists(cell, min_size=33, max_size=33))
def test_no_value_in_any_cell_stops_an_import(tmp_path: Path, cells: list[Any]) -> None:
    path = tmp_path / "fuzz.db"
    path.unlink(missing_ok=True)
    make_database(path)
    columns = "trace_rowid, span_id, parent_id, name, span_kind, start_time, end_time, attributes, events, status_code"
    execute(path, f"INSERT INTO spans ({columns}) VALUES (1,?,?,?,?,?,?,?,?,?)", [cells[:9]])
    add_spans(path, {"span_id": "sound"})
    execute(path, "INSERT INTO span_costs (span_rowid, total_cost, prompt_cost) VALUES (?,?,?)", [cells[9:12]])
    execute(path, "UPDATE traces SET project_rowid = ?, project_session_rowid = ?", [cells[12:14]])
    execute(path, ANNOTATION, [cells[14:23]])
    execute(path, "UPDATE spans SET llm_token_count_prompt = ?, llm_token_count_completion = ?", [cells[23:25]])
    assert "sound" in {span.span_id for span in spans_of(read(path))}
    read(path, {"span_row": cells[25], "span_id": cells[26], "cost_row": cells[27]})
