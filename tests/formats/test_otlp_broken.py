"""No content stops an import: what is sound goes in, the rest is counted with its place."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.formats.otlp_making import BROKEN, TRACE, lines, log, logs_request, read, request, span, span_id, write
from tests.formats.test_otlp_proto import framed, packed

from tailrace.errors import SourceError
from tailrace.formats import compression, recognise
from tailrace.formats.otlp import read_json
from tailrace.model import Json

CUT_JSON = "JSON that is damaged or cut off"
CUT_PROTO = "protobuf data that is damaged or cut off"
NOT_UTF8 = "text that is not UTF-8 (shown with replacement characters)"
WRONG = "value of a wrong type"

# file, ids of the spans that are sound in it, what is counted
BROKEN_FILES: list[tuple[str, list[int], dict[str, int]]] = [
    ("absurd-times.jsonl", [1, 2, 3, 5, 6], {"time that cannot be": 3, "span without a start time": 1}),
    ("cycle.jsonl", [1, 2, 3], {}),
    ("damaged-message.pb", [1, 2], {CUT_PROTO: 1}),
    ("damaged-middle.json", [1, 3], {CUT_JSON: 1}),
    ("deep-nesting.jsonl", [1, 3], {"value nested too deeply": 1, CUT_JSON: 1}),
    ("huge-numbers.jsonl", [1, 2, 3], {WRONG: 2}),
    ("mixed-formats.jsonl", [1, 2], {"not an OTLP request": 6, CUT_JSON: 1}),
    ("negative-durations.jsonl", [1, 2, 3], {}),
    ("not-utf8.jsonl", [1, 2, 3], {NOT_UTF8: 1}),
    ("nul-bytes.jsonl", [1, 2, 3], {}),
    ("truncated-document.json", [1], {CUT_JSON: 1}),
    ("truncated-line.jsonl", [1, 2, 4], {CUT_JSON: 1}),
    ("truncated-messages.pb", [1, 2], {CUT_PROTO: 1}),
    ("truncated.jsonl.zst", [1, 2, 3, 4, 5], {"zstd data that ends early or is damaged": 1}),
    ("truncated.jsonl.gz", list(range(168)), {"gzip data that ends early or is damaged": 1}),
    ("truncated.pb", [1, 2], {CUT_PROTO: 1}),
    ("two-on-a-line.jsonl", [1, 2, 3], {}),
    ("unknown-enums.jsonl", [1, 2, 3], {}),
]


@pytest.mark.parametrize(("name", "sound", "told"), BROKEN_FILES)
def test_what_is_sound_goes_in_and_the_rest_is_counted(name: str, sound: list[int], told: dict[str, int]) -> None:
    reading = read(BROKEN / name)
    assert reading.ids == [span_id(number) for number in sound]
    assert reading.reasons == told
    assert all(skipped.place for skipped in reading.skipped)
    assert reading.positions


def test_wrong_types_anywhere_lose_only_themselves() -> None:
    reading = read(BROKEN / "wrong-types.jsonl")
    first, second, fourth = reading.spans
    assert (first.name, first.attributes, first.events[0].name) == ("5", {"a": "b"}, "lone")
    assert second.attributes == {"k": "8", "ok": "plain"}
    assert fourth.parent_id is None
    assert [record.body for record in reading.logs] == [3]
    assert set(reading.reasons) == {
        "span that is not an object",
        "span without a trace id",
        WRONG,
        "part of a request that is not as OTLP has it",
        "log record that is not an object",
        "time that cannot be",
    }


def test_odd_ids_keep_their_text() -> None:
    reading = read(BROKEN / "wrong-length-ids.jsonl")
    assert [(each.trace_id, each.span_id, each.parent_id) for each in reading.spans] == [
        ("abc123", "ff", None),
        (TRACE + "00", span_id(2) + "00", None),
        (TRACE, span_id(6), "12"),
    ]


def test_data_damaged_in_the_middle_of_a_gzip_file_ends_it_there() -> None:
    reading = read(BROKEN / "damaged.jsonl.gz")
    assert len(reading.spans) > 40
    assert reading.skipped[-1].reason == "gzip data that ends early or is damaged"


def test_every_broken_file_has_its_test() -> None:
    named = {name for name, _, _ in BROKEN_FILES} | {"wrong-types.jsonl", "wrong-length-ids.jsonl", "damaged.jsonl.gz"}
    assert {path.name for path in BROKEN.iterdir() if "json" in path.name or ".pb" in path.name} == named


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress], ids=["gzip", "zstd"])
def test_a_bomb_is_read_up_to_a_limit(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compression, "MAX_UNPACKED", 4 << 20)
    line = lines(request(span(1)))
    data = pack(line + b" " * (64 << 20) + b"\n" + line)
    reading = read(write(tmp_path / "t", data))
    assert reading.ids == [span_id(1)]
    assert [skipped.reason for skipped in reading.skipped] == [compression.TOO_LARGE]


def test_a_line_without_an_end_is_left_out_without_holding_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_json, "MAX_DOCUMENT", 10_000)
    data = lines(request(span(1))) + b"x" * 50_000 + b"\n" + lines(request(span(2)))
    reading = read(write(tmp_path / "t", data))
    assert reading.ids == [span_id(1), span_id(2)]
    assert [(skipped.reason, skipped.place) for skipped in reading.skipped] == [(read_json.TOO_LONG, "line 2")]
    assert read(tmp_path / "t", reading.resume).ids == []


def test_positions_come_where_there_are_no_spans_so_that_reading_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_json, "TOLD_BYTES", 2 << 20)
    first = lines(request(span(1)))
    blank = read(write(tmp_path / "blank", first + (b" " * 999 + b"\n") * 9000))
    assert len(blank.positions) >= 4
    monkeypatch.setattr(read_json, "MAX_DOCUMENT", 1 << 20)
    long = read(write(tmp_path / "long", first + b"x" * (9 << 20) + b"\n"))
    assert len(long.positions) >= 4
    assert all(position.resume is None for position in long.positions[:-2])
    assert read(tmp_path / "long", long.resume).ids == []


def test_a_document_too_large_for_memory_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "t", orjson.dumps(request(span(1)), option=orjson.OPT_INDENT_2))
    monkeypatch.setattr(read_json, "MAX_DOCUMENT", 100)
    with pytest.raises(SourceError, match="too large"):
        read(path)


def test_a_file_that_vanishes_before_it_is_read_is_a_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "t", lines(request(span(1))))
    found = recognise(path)
    path.unlink()
    with pytest.raises(SourceError, match="does not exist"):
        list(found.read(path, None))


def read_or_refuse(path: Path) -> None:
    """Reading may find anything, and the only error is that the file is none of ours."""
    try:
        reading = read(path)
    except SourceError as error:
        assert any(words in error.message for words in ("does not read", "is empty", "not a readable"))  # noqa: PT017
        return
    for each in reading.spans:
        assert each.trace_id
        assert each.span_id
        assert each.parent_id is None or each.parent_id
        assert 0 < each.start_ns < 2**63
        assert each.end_ns is None or 0 < each.end_ns < 2**63
        # all of it must be storable as JSON and as UTF-8
        orjson.dumps([each.name, each.attributes, each.resource, [event.attributes for event in each.events]])
    for record in reading.logs:
        orjson.dumps([record.name, record.attributes, record.body])
    for skipped in reading.skipped:
        assert skipped.reason
        assert skipped.place


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken") / "t"


EVENTS = [{"timeUnixNano": "1795218292000000000", "name": "e", "attributes": []}]
WHOLE = [
    lines(request(span(1), span(2, events=EVENTS)), logs_request(log()), request(span(3))),
    orjson.dumps([request(span(1), span(2, events=EVENTS)), logs_request(log())], option=orjson.OPT_INDENT_2),
    packed(span(1), span(2), span(3)),
    framed(packed(span(1)), zstandard.ZstdCompressor().compress(packed(span(2)))),
    gzip.compress(lines(request(span(1)), request(span(2))), mtime=0),
    zstandard.ZstdCompressor().compress(lines(request(span(1)), request(span(2)))),
]

edits = st.lists(
    st.tuples(st.sampled_from(["cut", "replace", "insert", "delete", "copy"]), st.floats(0, 1), st.binary(max_size=8)),
    min_size=1,
    max_size=6,
)


@given(data=st.sampled_from(WHOLE), edits=edits)
@settings(max_examples=examples(150), deadline=None)
def test_no_change_of_bytes_makes_reading_fail(file: Path, data: bytes, edits: list[tuple[str, float, bytes]]) -> None:
    changed = bytearray(data)
    for edit, where, new in edits:
        at = int(where * len(changed))
        if edit == "cut":
            del changed[max(at, 20) :]
        elif edit == "replace":
            changed[at : at + len(new)] = new
        elif edit == "insert":
            changed[at:at] = new
        elif edit == "delete":
            del changed[at : at + 1 + len(new)]
        else:
            changed[at:at] = changed[at : at + 40]
    read_or_refuse(write(file, bytes(changed)))


@given(
    data=st.binary(max_size=200),
    head=st.sampled_from([b"", b"\x0a", b"\x00\x00\x00\x20\x0a", b'{"resourceSpans":', b"\x1f\x8b"]),
)
@settings(max_examples=examples(100), deadline=None)
def test_any_bytes_are_read_or_refused(file: Path, data: bytes, head: bytes) -> None:
    read_or_refuse(write(file, head + data))


odd_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [TRACE, span_id(1), "0" * 32, "1e999", "NaN", {"stringValue": 4}, {"arrayValue": {"values": 3}}]
    ).map(
        copy.deepcopy  # what is put into a request may itself be changed next
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "value", "stringValue", "intValue", "arrayValue", "kvlistValue", "values", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def places(value: Json) -> list[tuple[Any, Any]]:
    """Every container of a JSON value with every key of it."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            found.append((holder, key))
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])
    return found


FULL = span(
    1,
    events=EVENTS,
    links=[{"traceId": TRACE, "spanId": span_id(4)}],
    status={"code": 2, "message": "m"},
    attributes=[
        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "5"}},
        {"key": "input.value", "value": {"stringValue": '{"a": [1]}'}},
        {"key": "tag.tags", "value": {"arrayValue": {"values": [{"stringValue": "a"}]}}},
        {"key": "llm.cost.total", "value": {"doubleValue": 0.1}},
    ],
)


@given(st.data())
@settings(max_examples=examples(200), deadline=None)
def test_no_change_of_values_makes_reading_fail(file: Path, data: st.DataObject) -> None:
    requests: list[Json] = [request(FULL, span(2)), logs_request(log(attributes=FULL["attributes"]))]
    requests = orjson.loads(orjson.dumps(requests))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places(requests)))
        new = deepcopy(data.draw(odd_values))  # drawn again it is the same object, which must not come to hold itself
        if data.draw(st.booleans()) and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = new
    sound = lines(request(span(9)))
    text = "\n".join(json.dumps(each) for each in requests).encode() + b"\n"
    read_or_refuse(write(file, sound + text))
    assert span_id(9) in read(file).ids


@given(st.data())
@settings(max_examples=examples(100), deadline=None)
def test_a_damaged_line_never_takes_the_lines_around_it_along(file: Path, data: st.DataObject) -> None:
    middle = orjson.dumps(request(span(2), span(3)))
    cut = data.draw(st.integers(0, len(middle)))
    junk = data.draw(st.binary(max_size=10)).replace(b"\n", b"")
    whole = lines(request(span(1))) + middle[:cut] + junk + middle[cut + len(junk) :] + b"\n" + lines(request(span(4)))
    ids = read(write(file, whole)).ids
    assert ids[0] == span_id(1)
    assert ids[-1] == span_id(4)
