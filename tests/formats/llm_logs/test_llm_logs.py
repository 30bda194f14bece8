"""llm's logs.db: each call a model span, tool loops as one trace, whichever generation of tables and however broken."""

from __future__ import annotations

import json
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
from tailrace.formats.llm_logs.calls import Step, chains_of, ulid_floor, ulid_time_ms
from tailrace.formats.llm_logs.side_tables import ATTACHMENT_BYTES, expand_condensed
from tailrace.model import Conversation, Json, MediaPart, ReasoningPart, Role, Span, SpanKind, SpanStatus, TextPart
from tailrace.semconv import read_conversation

MIGRATED = "llm/logs-migrated-0.36.db"
SCHEMA = """
CREATE TABLE _llm_migrations (name TEXT PRIMARY KEY, applied_at TEXT);
CREATE TABLE conversations (id TEXT PRIMARY KEY, name TEXT, model TEXT);
CREATE TABLE responses (id TEXT PRIMARY KEY, model TEXT, resolved_model TEXT, prompt TEXT, system TEXT,
    prompt_json TEXT, options_json TEXT, response TEXT, response_json TEXT, conversation_id TEXT, duration_ms INTEGER,
    datetime_utc TEXT, input_tokens INTEGER, output_tokens INTEGER, token_details TEXT, schema_id TEXT, reasoning TEXT);
CREATE TABLE tool_calls (id INTEGER PRIMARY KEY, response_id TEXT, tool_id INTEGER, name TEXT, arguments TEXT,
    tool_call_id TEXT);
CREATE TABLE tool_results (id INTEGER PRIMARY KEY, response_id TEXT, tool_id INTEGER, name TEXT, output TEXT,
    tool_call_id TEXT, instance_id INTEGER, exception TEXT);
CREATE TABLE attachments (id TEXT PRIMARY KEY, type TEXT, path TEXT, url TEXT, content BLOB);
CREATE TABLE prompt_attachments (response_id TEXT, attachment_id TEXT, "order" INTEGER);
CREATE TABLE fragments (id INTEGER PRIMARY KEY, hash TEXT, content TEXT, source TEXT);
CREATE TABLE threads (id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE turns (id TEXT PRIMARY KEY, thread_id TEXT, parent_message_hash TEXT, tip_message_hash TEXT, model TEXT,
    resolved_model TEXT, options_json TEXT, schema_id TEXT, input_tokens INTEGER, output_tokens INTEGER,
    token_details TEXT, duration_ms INTEGER, datetime_utc TEXT, response_json TEXT);
CREATE TABLE messages (hash TEXT PRIMARY KEY, parent_hash TEXT, role TEXT, provider_metadata TEXT);
CREATE TABLE parts (id INTEGER PRIMARY KEY, message_hash TEXT, position INTEGER, type TEXT, tool_name TEXT, text TEXT,
    payload TEXT);
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return make_database(tmp_path / "logs.db")


def make_database(path: Path, schema: str = SCHEMA) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(schema)
    return path


def add(path: Path, table: str, *rows: dict[str, Any]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", [*row.values()])
        connection.commit()


def ulid(minute: int) -> str:
    return ulid_floor("01kzzzzzzzabcdefghjkmnpqrs", -minute * 60_000) + f"{minute:016d}"


def response(minute: int, **cells: Any) -> dict[str, Any]:
    return {
        "id": ulid(minute),
        "model": "m",
        "conversation_id": "c",
        "datetime_utc": f"2026-01-05T10:{minute:02d}:00+00:00",
        "duration_ms": 1_000,
    } | cells


def turn(minute: int, parent: str | None, tip: str | None, **cells: Any) -> dict[str, Any]:
    usual = {"id": ulid(minute), "thread_id": "t", "model": "m", "duration_ms": 1_000}
    moment = {"datetime_utc": f"2026-01-05T10:{minute:02d}:00+00:00"}
    return usual | moment | {"parent_message_hash": parent, "tip_message_hash": tip} | cells


def read(path: Path, resume: Json = None) -> list[Record]:
    return list(recognise(path).read(path, resume))


def spans_of(records: Sequence[Record]) -> list[Span]:
    return [record for record in records if isinstance(record, Span)]


def resume_of(records: Sequence[Record]) -> Json:
    return [record for record in records if isinstance(record, Position)][-1].resume


def calls_of(records: Sequence[Record]) -> dict[str, Span]:
    return {span.attributes["llm.response.id"]: span for span in spans_of(records) if span.kind is SpanKind.LLM}


def conversation_of(span: Span) -> Conversation:
    return read_conversation(span, span.events)


def told(span: Span) -> str:
    """The newest text of a person that the model was told."""
    for message in reversed(conversation_of(span).inputs):
        texts = [part.text for part in message.parts if isinstance(part, TextPart)]
        if message.role is Role.USER and texts:
            return "".join(texts)
    return ""


@pytest.mark.parametrize("name", ["llm/logs-0.27.db", "llm/logs-0.36.db", MIGRATED])
def test_real_files_have_llms_own_figures(name: str, sample: Callable[[str], Path]) -> None:
    expected = json.loads(sample("expected.json").read_bytes())[name]
    records = read(sample(name))
    spans = spans_of(records)
    calls = [span for span in spans if span.kind is SpanKind.LLM]
    tools = [span for span in spans if span.kind is SpanKind.TOOL]
    assert recognise(sample(name)).name == "llm logs.db"
    assert len(calls) == expected["calls"]
    assert len({span.session_id for span in spans}) == expected["conversations"]
    assert Counter(span.attributes["gen_ai.request.model"] for span in calls) == expected["models"]
    assert sum(span.usage.input or 0 for span in calls if span.usage) == expected["tokens_input"]
    assert sum(span.usage.output or 0 for span in calls if span.usage) == expected["tokens_output"]
    assert len(tools) == expected["tool_calls"]
    assert sum(span.output is not None for span in tools) == expected["tool_results"]
    assert sum(span.status is SpanStatus.ERROR for span in spans) == expected["tool_results_with_exception"]
    assert all(span.events[0].name == "exception" for span in tools if span.status is SpanStatus.ERROR)
    parts = [part for span in calls for message in conversation_of(span).outputs for part in message.parts]
    assert sum(isinstance(part, ReasoningPart) for part in parts) == expected["with_reasoning"]
    media = [part for span in calls for message in conversation_of(span).inputs for part in message.parts]
    assert sum(isinstance(part, MediaPart) for part in media) == expected["attachments"]
    assert len({span.span_id for span in spans}) == len(spans)
    assert not [record for record in records if isinstance(record, Skipped)]


def test_texts_are_those_of_llm_logs(sample: Callable[[str], Path]) -> None:
    calls = calls_of(read(sample(MIGRATED)))
    exported = json.loads(sample("llm/llm-logs-migrated-0.36.json").read_bytes())
    assert len(exported) == len(calls) == 58
    for call in exported:
        span = calls[call["id"]]
        conversation = conversation_of(span)
        if call["prompt"]:
            assert told(span).endswith(call["prompt"])
            assert bool(call["prompt_fragments"]) or told(span) == call["prompt"]
        said = [part for message in conversation.outputs for part in message.parts]
        assert "".join(part.text for part in said if isinstance(part, TextPart)) == call["response"]
        assert "".join(part.text for part in said if isinstance(part, ReasoningPart)) == (call["reasoning"] or "")
        system = [message for message in conversation.inputs if message.role is Role.SYSTEM]
        expected = call["system"] or "".join(fragment["content"] for fragment in call["system_fragments"])
        assert "".join(p.text for message in system for p in message.parts if isinstance(p, TextPart)) == expected
        assert span.session_id == call["conversation_id"]
        assert span.duration_ns == call["duration_ms"] * 1_000_000
        assert {tool.name for tool in conversation.tools} == {tool["name"] for tool in call["tools"]}


def test_a_tool_loop_is_one_trace_and_later_questions_are_their_own(sample: Callable[[str], Path]) -> None:
    spans = spans_of(read(sample(MIGRATED)))
    traces: dict[str, list[Span]] = {}
    for span in spans:
        traces.setdefault(span.trace_id, []).append(span)
    shapes = Counter("-".join(span.kind.value for span in sorted(t, key=lambda s: s.start_ns)) for t in traces.values())
    assert shapes == {"llm": 40, "chain-llm-tool-tool-llm-tool-llm": 6}
    for trace in traces.values():
        roots = [span for span in trace if span.parent_id is None]
        assert len(roots) == 1
        assert {span.parent_id for span in trace if span is not roots[0]} <= {roots[0].span_id}
        assert all(span.end_ns is not None and span.end_ns >= span.start_ns for span in trace)


def test_importing_twice_gives_the_same_spans(sample: Callable[[str], Path]) -> None:
    assert spans_of(read(sample(MIGRATED))) == spans_of(read(sample(MIGRATED)))


def test_only_new_calls_come_again_and_a_loop_that_went_on_as_a_whole(database: Path) -> None:
    add(database, "responses", response(1, conversation_id="a", prompt="one"), response(2, prompt="two"))
    add(database, "tool_calls", {"response_id": ulid(2), "name": "look", "arguments": "{}", "tool_call_id": "x"})
    first = read(database)
    assert len(calls_of(first)) == 2
    assert [span.end_ns for span in spans_of(first) if span.kind is SpanKind.TOOL] == [None]
    assert spans_of(read(database, resume_of(first))) == []
    add(database, "responses", response(3, response="done"))
    add(database, "tool_results", {"response_id": ulid(3), "name": "look", "output": "found", "tool_call_id": "x"})
    later = read(database, resume_of(first))
    assert set(calls_of(later)) == {ulid(2), ulid(3)}
    old = {span.span_id for span in spans_of(first)}
    assert len({span.span_id for span in spans_of(later)} - old) == 1
    (tool,) = (span for span in spans_of(later) if span.kind is SpanKind.TOOL)
    assert (tool.output, tool.status) == ("found", SpanStatus.OK)
    assert tool.end_ns is not None
    assert spans_of(read(database, resume_of(later))) == []


def test_a_call_that_is_logged_late_is_not_missed(database: Path) -> None:
    add(database, "responses", response(5, conversation_id="a"))
    resume = resume_of(read(database))
    add(database, "responses", response(4, conversation_id="b"))
    assert set(calls_of(read(database, resume))) == {ulid(4)}


def test_a_killed_import_goes_on_behind_its_last_position(database: Path) -> None:
    rows = [response(0, id=f"{index:026d}", conversation_id=f"c{index}") for index in range(1_200)]
    add(database, "responses", *rows)
    records = read(database)
    place = next(index for index, record in enumerate(records) if isinstance(record, Position))
    rest = read(database, records[place].resume)
    assert 0 < len(spans_of(records[:place])) < 1_200
    assert len(spans_of(records[:place])) + len(spans_of(rest)) == 1_200


def test_a_call_in_both_generations_is_shown_once(database: Path) -> None:
    add(database, "responses", response(1, prompt="old"))
    add(database, "messages", {"hash": "q", "role": "user"}, {"hash": "a", "parent_hash": "q", "role": "assistant"})
    add(database, "parts", {"message_hash": "q", "position": 0, "type": "text", "text": "new"})
    add(database, "turns", turn(1, "q", "a"))
    (call,) = calls_of(read(database)).values()
    assert told(call) == "new"


def test_an_attachment_that_is_too_large_is_named_and_not_copied(database: Path) -> None:
    content = b"\x00" * (ATTACHMENT_BYTES + 1)
    add(database, "responses", response(1, prompt="look"))
    add(database, "attachments", {"id": "big", "type": "image/png", "content": content})
    add(database, "prompt_attachments", {"response_id": ulid(1), "attachment_id": "big", "order": 0})
    (call,) = calls_of(read(database)).values()
    (media,) = (part for part in conversation_of(call).inputs[-1].parts if isinstance(part, MediaPart))
    assert (media.modality, media.mime_type, media.data) == ("image", "image/png", None)
    assert media.uri == "llm-attachment:big"
    assert "too large" in str(call.all_attributes()["gen_ai.input.messages"])


def test_cached_tokens_that_anthropic_counts_apart_are_input(database: Path) -> None:
    details = json.dumps({"cache_read_input_tokens": 30, "cache_creation_input_tokens": 4})
    add(database, "responses", response(1, input_tokens=10, output_tokens=5, token_details=details))
    (call,) = calls_of(read(database)).values()
    assert call.usage is not None
    assert (call.usage.input, call.usage.cache_read, call.usage.cache_write) == (44, 30, 4)


def test_condensed_texts_are_put_back() -> None:
    condensed = {"a": [{"$": "f:1"}, {"$r": ["say ", {"$": "f:1"}]}], "b": {"$": "f:2"}, "c": {"$": 5}}
    assert expand_condensed(condensed, {"f:1": "hello"}) == {
        "a": ["hello", "say hello"],
        "b": {"$": "f:2"},
        "c": {"$": 5},
    }


def test_messages_in_a_circle_end(database: Path) -> None:
    add(
        database,
        "messages",
        {"hash": "a", "parent_hash": "b", "role": "user"},
        {"hash": "b", "parent_hash": "a", "role": "assistant"},
        {"hash": "s", "parent_hash": "s", "role": "user"},
    )
    add(database, "parts", *({"message_hash": name, "position": 0, "type": "text", "text": name} for name in "abs"))
    add(database, "turns", turn(1, "a", "b"), turn(2, "s", "s"), turn(3, "gone", "also gone"), turn(4, None, None))
    records = read(database)
    assert len(calls_of(records)) == 4
    assert Counter(record.reason for record in records if isinstance(record, Skipped)) == {
        "a call whose messages are not all there": 1
    }


def test_a_long_thread_is_bounded(database: Path) -> None:
    count = 3_000
    add(
        database,
        "messages",
        *(
            {"hash": str(index), "parent_hash": str(index - 1) if index else None, "role": "user"}
            for index in range(count)
        ),
    )
    add(database, "turns", turn(1, str(count - 1), None))
    (call,) = calls_of(read(database)).values()
    assert len(conversation_of(call).inputs) <= 1_000


def test_what_is_broken_is_counted_and_the_rest_goes_in(database: Path) -> None:
    add(
        database,
        "responses",
        response(1, id=None),
        response(2, id="not a ulid", datetime_utc="never"),
        response(3, datetime_utc=None, options_json="{", response_json="[", token_details="3", input_tokens="many"),
        response(4, duration_ms=None, prompt=b"\xff", response="fine"),
        response(5, duration_ms=-5, conversation_id=None, prompt_json='{"a":' * 3_000),
    )
    add(database, "tool_results", {"response_id": ulid(5), "name": None, "output": None, "exception": "E"})
    add(database, "tool_calls", {"response_id": ulid(4), "name": None, "arguments": "{broken"})
    records = read(database)
    calls = calls_of(records)
    assert set(calls) == {ulid(3), ulid(4), ulid(5)}
    assert calls[ulid(3)].start_ns == (ulid_time_ms(ulid(3)) or 0) * 1_000_000
    assert calls[ulid(4)].end_ns is None
    assert Counter(record.reason for record in records if isinstance(record, Skipped)) == {
        "a call without an id or a readable time": 2
    }


def test_steps_that_answer_each_other_make_one_chain() -> None:
    def step(name: str, start: int, after: str | None = None) -> Step:
        return Step(name, None, start, legacy=True, after=after)

    steps = [
        step("c", 3, "b"),
        step("a", 1),
        step("b", 2, "a"),
        step("x", 4, "gone"),
        step("y", 5, "b"),
        step("z", 0, "a"),
    ]
    assert [[s.call_id for s in chain] for chain in chains_of(steps)] == [["z"], ["a", "b", "c"], ["x"], ["y"]]


cell = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(max_size=12),
    st.binary(max_size=12),
    st.sampled_from(
        ["{}", "[]", '{"text_ref": [{"fragment": 1}, 3]}', '{"attachment": 1}', "text", "tool_call", "user"]
    ),
    st.sampled_from(["tool_result", "q", "a", "assistant", "9999-12-31 23:59:59", ulid(1)]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=examples(20))
@given(cells=st.lists(cell, min_size=60, max_size=60))
def test_no_value_in_any_cell_stops_an_import(tmp_path: Path, cells: list[Any]) -> None:
    path = tmp_path / "fuzz.db"
    path.unlink(missing_ok=True)
    make_database(path, SCHEMA.replace(" TEXT PRIMARY KEY", "").replace(" TEXT", ""))  # any type, any number of times
    values = iter(cells)

    def hostile(table: str, columns: str) -> None:
        add(path, table, {name: next(values) for name in columns.split()})

    add(path, "responses", response(1, prompt="sound", prompt_json=next(values), options_json=next(values)))
    columns = "id model prompt system options_json response response_json conversation_id duration_ms datetime_utc"
    hostile("responses", f"{columns} input_tokens token_details schema_id reasoning")
    hostile("tool_calls", "response_id name arguments tool_call_id")
    hostile("tool_results", "response_id name output tool_call_id exception")
    hostile("attachments", "id type path url content")
    hostile("prompt_attachments", "response_id attachment_id order")
    hostile("messages", "hash parent_hash role")
    add(path, "messages", {"hash": "q", "parent_hash": "a", "role": "user"})
    hostile("parts", "message_hash position type text payload")
    add(path, "parts", {"message_hash": "q", "position": 0, "type": next(values), "payload": next(values)})
    hostile("turns", "id thread_id parent_message_hash tip_message_hash datetime_utc duration_ms response_json")
    add(path, "turns", turn(2, "q", "a", options_json=next(values), token_details=next(values)))
    assert {ulid(1), ulid(2)} <= set(calls_of(read(path)))
    read(path, {"floor": next(values), "recent": next(values), "done": next(values)})
