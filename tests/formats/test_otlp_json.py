"""OTLP JSON in all the ways in which it is written."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path

import orjson
import pytest
import zstandard
from google.protobuf.json_format import MessageToJson, ParseDict
from opentelemetry.proto.trace.v1 import trace_pb2
from tests.formats.otlp_making import START, TRACE, lines, log, logs_request, read, request, span, span_id, write

from tailrace.model import Json, SpanStatus


def attribute(value: Json) -> list[Json]:
    return [{"key": "x", "value": value}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"stringValue": "text"}, "text"),
        ({"stringValue": ""}, ""),
        ({"intValue": "42"}, 42),
        ({"intValue": 42}, 42),
        ({"intValue": "9223372036854775807"}, 2**63 - 1),
        ({"intValue": -1}, -1),
        ({"doubleValue": 0.5}, 0.5),
        ({"doubleValue": 1}, 1.0),
        ({"doubleValue": 1e308}, 1e308),
        ({"doubleValue": "NaN"}, "NaN"),
        ({"doubleValue": "-Infinity"}, "-Infinity"),
        ({"boolValue": False}, False),
        ({"bytesValue": "AAEC"}, "AAEC"),
        ({}, None),
        ({"arrayValue": {}}, []),
        ({"arrayValue": {"values": [{"stringValue": "a"}, {"stringValue": "b"}]}}, ["a", "b"]),
        ({"arrayValue": {"values": [{"intValue": "1"}, {}, {"stringValue": "b"}]}}, [1, None, "b"]),
        (
            {"kvlistValue": {"values": [{"key": "a", "value": {"arrayValue": {"values": [{"boolValue": True}]}}}]}},
            {"a": [True]},
        ),
        ({"kvlist_value": {"values": [{"key": "a", "value": {"int_value": "3"}}]}}, {"a": 3}),
    ],
)
def test_every_sort_of_attribute_value_becomes_plain_json(value: Json, expected: Json, tmp_path: Path) -> None:
    reading = read(write(tmp_path / "t", lines(request(span(attributes=attribute(value))))))
    assert reading.spans[0].attributes["x"] == expected
    assert type(reading.spans[0].attributes["x"]) is type(expected)
    assert reading.skipped == []


def test_a_pretty_printed_document_is_read(tmp_path: Path) -> None:
    data = orjson.dumps(request(span(1), span(2)), option=orjson.OPT_INDENT_2)
    reading = read(write(tmp_path / "t", data))
    assert (reading.format, reading.ids) == ("OTLP JSON", [span_id(1), span_id(2)])


def test_an_array_of_requests_is_read_compact_and_pretty(tmp_path: Path) -> None:
    requests = [request(span(1)), request(span(2))]
    for option in (0, orjson.OPT_INDENT_2):
        reading = read(write(tmp_path / "t", orjson.dumps(requests, option=option)))
        assert reading.ids == [span_id(1), span_id(2)]
    rows = b"[\n" + b",\n".join(orjson.dumps(each) for each in requests) + b"\n]\n"
    assert read(write(tmp_path / "t", rows)).ids == [span_id(1), span_id(2)]


def test_several_pretty_documents_in_one_file_are_all_read(tmp_path: Path) -> None:
    data = b"\n".join(orjson.dumps(request(span(n)), option=orjson.OPT_INDENT_2) for n in (1, 2))
    reading = read(write(tmp_path / "t", data))
    assert reading.ids == [span_id(1), span_id(2)]
    assert reading.spans[1].resource == {"service.name": "shop"}
    assert reading.skipped == []


def test_lines_may_mix_spans_logs_and_metrics(tmp_path: Path) -> None:
    metrics = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "a"}, {"name": "b"}]}]}]}
    reading = read(write(tmp_path / "t", lines(metrics, request(span(1)), logs_request(log()), request(span(2)))))
    assert (len(reading.spans), len(reading.logs)) == (2, 1)
    assert reading.reasons == {"metric (Tailrace shows traces and their logs)": 2}
    assert reading.skipped[0].place == "line 1"


def test_snake_case_enum_names_and_base64_ids_give_the_same_spans(tmp_path: Path) -> None:
    plain = request(
        span(
            1,
            parentSpanId=span_id(9),
            kind=3,
            status={"code": 2, "message": "no"},
            traceState="a=b",
            events=[{"timeUnixNano": str(START), "name": "e", "attributes": attribute({"intValue": "5"})}],
            links=[{"traceId": TRACE, "spanId": span_id(7)}],
            droppedEventsCount=3,
        )
    )
    expected = read(write(tmp_path / "plain", lines(plain))).spans
    for_protobuf = orjson.loads(orjson.dumps(plain))
    (raw,) = for_protobuf["resourceSpans"][0]["scopeSpans"][0]["spans"]
    for holder in (raw, raw["links"][0]):
        for key in ("traceId", "spanId", "parentSpanId"):
            if key in holder:
                holder[key] = base64.b64encode(bytes.fromhex(holder[key])).decode()
    message = ParseDict(for_protobuf, trace_pb2.TracesData())
    for snake in (True, False):
        text = MessageToJson(message, preserving_proto_field_name=snake)
        assert "SPAN_KIND_CLIENT" in text
        assert "STATUS_CODE_ERROR" in text
        reading = read(write(tmp_path / "t", text.encode()))
        assert reading.spans == expected
        assert reading.skipped == []
    assert expected[0].attributes["w3c.tracestate"] == "a=b"
    assert expected[0].attributes["otel.dropped_events_count"] == 3
    assert expected[0].attributes["span.kind"] == "client"


def test_otlp_before_scopes_is_read(tmp_path: Path) -> None:
    old = {
        "resourceSpans": [
            {"instrumentationLibrarySpans": [{"instrumentationLibrary": {"name": "old"}, "spans": [span(1)]}]}
        ]
    }
    assert read(write(tmp_path / "t", lines(old))).spans[0].scope_name == "old"


def test_line_ends_marks_and_separators_do_no_harm(tmp_path: Path) -> None:
    first = orjson.dumps(request(span(1, name="one\u2028two\u2029three\x85four")))
    data = b"\xef\xbb\xbf" + first + b"\r\n\r\n\n   \n" + orjson.dumps(request(span(2)))
    reading = read(write(tmp_path / "t", data))
    assert [span.name for span in reading.spans] == ["one\u2028two\u2029three\x85four", "step 2"]
    assert reading.skipped == []


def test_lone_surrogates_and_other_encodings_are_replaced_and_told(tmp_path: Path) -> None:
    surrogate = (
        orjson.dumps(request(span(1, name="bad XX good YY")))
        .replace(b"XX", rb"\ud83d")
        .replace(b"YY", rb"\ud83d\ude00 \\ud83d")
    )
    latin = orjson.dumps(request(span(2, name="caf#"))).replace(b"#", b"\xe9")
    reading = read(write(tmp_path / "t", lines(request(span(3))) + surrogate + b"\n" + latin + b"\n"))
    assert [span.name for span in reading.spans] == ["step 3", "bad � good 😀 \\ud83d", "caf�"]
    assert reading.reasons == {"text that is not UTF-8 (shown with replacement characters)": 2}
    assert [skipped.place for skipped in reading.skipped] == ["line 2", "line 3"]


def test_python_s_nan_and_control_characters_lose_nothing(tmp_path: Path) -> None:
    data = orjson.dumps(request(span(1, name="a#b", attributes=attribute({"doubleValue": 7.25}))))
    data = data.replace(b"7.25", b"NaN").replace(b"#", b"\x00\x1b")
    reading = read(write(tmp_path / "t", lines(request(span(2))) + data + b"\n"))
    assert reading.spans[1].name == "a\x00\x1bb"
    assert reading.spans[1].attributes["x"] == "NaN"
    assert reading.skipped == []


def test_ids_are_compared_as_lower_case_hex_and_others_keep_their_text(tmp_path: Path) -> None:
    spans = [
        span(1, traceId=TRACE.upper(), spanId="ABCDEF0123456789"),
        span(2, parentSpanId="ABCDEF0123456789"),
        span(3, traceId="ABC", spanId="1234567890123456", parentSpanId="0000000000000000"),
        span(4, traceId="run-7", spanId="Step-1"),
    ]
    reading = read(write(tmp_path / "t", lines(request(*spans))))
    assert [(each.trace_id, each.span_id, each.parent_id) for each in reading.spans] == [
        (TRACE, "abcdef0123456789", None),
        (TRACE, span_id(2), "abcdef0123456789"),
        ("abc", "1234567890123456", None),
        ("run-7", "Step-1", None),
    ]


def test_spans_without_ids_are_skipped_and_told(tmp_path: Path) -> None:
    spans = [span(1, traceId="0" * 32), span(2, traceId=None), span(3, spanId=""), span(4, spanId="0" * 16), span(5)]
    reading = read(write(tmp_path / "t", lines(request(*spans))))
    assert reading.ids == [span_id(5)]
    assert reading.reasons == {"span without a trace id": 2, "span without a span id": 2}


@pytest.mark.parametrize("end", [None, 0, "0", ""])
def test_a_span_without_an_end_is_open(end: Json, tmp_path: Path) -> None:
    (found,) = read(write(tmp_path / "t", lines(request(span(1, endTimeUnixNano=end))))).spans
    assert found.end_ns is None


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (START, START),
        (str(START), START),
        (float(START), int(float(START))),
        ("2026-11-20T23:44:52Z", START),
    ],
)
def test_times_are_read_as_numbers_and_as_text(start: Json, expected: int, tmp_path: Path) -> None:
    (found,) = read(write(tmp_path / "t", lines(request(span(1, startTimeUnixNano=start))))).spans
    assert found.start_ns == expected


@pytest.mark.parametrize("odd", [-5, "-5", 2**63, "99999999999999999999", True, [], "soon", 1e300, "nan"])
def test_times_that_cannot_be_are_told(odd: Json, tmp_path: Path) -> None:
    data = lines(request(span(1, startTimeUnixNano=odd), span(2, endTimeUnixNano=odd)))
    reading = read(write(tmp_path / "t", data))
    first, second = reading.spans
    assert first.start_ns == first.end_ns == START + 1_000_001
    assert second.end_ns is None
    assert reading.reasons == {"time that cannot be": 2}


def test_a_negative_duration_is_kept_as_it_is(tmp_path: Path) -> None:
    (found,) = read(write(tmp_path / "t", lines(request(span(1, endTimeUnixNano=str(START - 50)))))).spans
    assert found.duration_ns == -51


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"code": 2, "message": "m"}, SpanStatus.ERROR),
        ({"code": "STATUS_CODE_ERROR"}, SpanStatus.ERROR),
        ({"code": "2"}, SpanStatus.ERROR),
        ({"code": "error"}, SpanStatus.ERROR),
        ({"code": 1}, SpanStatus.OK),
        ({"code": 99}, SpanStatus.UNSET),
        ({"code": [2]}, SpanStatus.UNSET),
        ({}, SpanStatus.UNSET),
        (None, SpanStatus.UNSET),
    ],
)
def test_status_codes_are_numbers_or_names_and_unknown_ones_unset(
    status: Json, expected: SpanStatus, tmp_path: Path
) -> None:
    assert read(write(tmp_path / "t", lines(request(span(1, status=status))))).spans[0].status is expected


def test_spans_of_equal_resources_share_one_object(tmp_path: Path) -> None:
    data = lines(request(span(1)), request(span(2)), request(span(3), service="other"))
    first, second, third = read(write(tmp_path / "t", data)).spans
    assert first.resource is second.resource
    assert third.resource == {"service.name": "other"}


def test_a_placeholder_stands_for_the_span_that_it_announces(tmp_path: Path) -> None:
    def kind(name: str, **more: str) -> list[Json]:
        facts = {"logfire.span_type": name} | more
        return [{"key": key, "value": {"stringValue": value}} for key, value in facts.items()]

    pending = span(
        5,
        parentSpanId=span_id(1),
        attributes=kind("pending_span", **{"logfire.pending_parent_id": span_id(9)}),
        endTimeUnixNano=str(START + 5),
    )
    at_root = span(
        6, parentSpanId=span_id(2), attributes=kind("pending_span", **{"logfire.pending_parent_id": "0" * 16})
    )
    real = span(1, parentSpanId=span_id(9), attributes=kind("span"))
    spans = read(write(tmp_path / "t", lines(request(pending, at_root, real)))).spans
    assert [(each.span_id, each.parent_id, each.end_ns is None) for each in spans] == [
        (span_id(1), span_id(9), True),
        (span_id(2), None, True),
        (span_id(1), span_id(9), False),
    ]


def test_evaluations_come_as_scores_from_events_and_from_logs(tmp_path: Path) -> None:
    facts = [
        {"key": "gen_ai.evaluation.name", "value": {"stringValue": "Relevance"}},
        {"key": "gen_ai.evaluation.score.value", "value": {"doubleValue": 0.75}},
    ]
    event = {"timeUnixNano": str(START), "name": "gen_ai.evaluation.result", "attributes": facts}
    record = log(eventName="gen_ai.evaluation.result", attributes=facts, body=None)
    data = lines(request(span(1, events=[event]), span(2)), logs_request(record))
    reading = read(write(tmp_path / "t", data))
    assert [(score.name, score.value, score.span_id) for score in reading.scores] == [
        ("Relevance", 0.75, span_id(1)),
        ("Relevance", 0.75, span_id(1)),
    ]
    assert len(reading.logs) == 1


def test_annotations_among_the_attributes_come_as_scores(tmp_path: Path) -> None:
    annotation = [
        {"key": "annotations.0.annotation.name", "value": {"stringValue": "tone"}},
        {"key": "annotations.0.annotation.label", "value": {"stringValue": "kind"}},
    ]
    (score,) = read(write(tmp_path / "t", lines(request(span(1, attributes=annotation))))).scores
    assert (score.name, score.label) == ("tone", "kind")


def test_a_log_takes_its_name_and_time_from_where_they_are(tmp_path: Path) -> None:
    named = [{"key": "event.name", "value": {"stringValue": "gen_ai.choice"}}]
    record = log(eventName=None, timeUnixNano="0", observedTimeUnixNano=str(START + 3), attributes=named)
    (found,) = read(write(tmp_path / "t", lines(logs_request(record)))).logs
    assert (found.name, found.time_ns, found.body) == ("gen_ai.choice", START + 3, "hello")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress], ids=["gzip", "zstd"])
@pytest.mark.parametrize("option", [0, orjson.OPT_INDENT_2], ids=["line", "document"])
def test_json_may_be_compressed(pack: object, option: int, tmp_path: Path) -> None:
    assert callable(pack)
    data = orjson.dumps(request(span(1), span(2)), option=option) + b"\n"
    path = write(tmp_path / "t", pack(data))
    reading = read(path)
    assert reading.ids == [span_id(1), span_id(2)]
    assert reading.positions[-1].total == path.stat().st_size


def test_a_file_of_several_gzip_members_or_zstd_frames_is_read_whole(tmp_path: Path) -> None:
    first, second = lines(request(span(1))), lines(request(span(2)))
    zstd = zstandard.ZstdCompressor().compress
    for data in (gzip.compress(first) + gzip.compress(second), zstd(first) + zstd(second)):
        assert read(write(tmp_path / "t", data)).ids == [span_id(1), span_id(2)]
