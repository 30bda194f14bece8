"""OTLP protobuf: bare, length-prefixed, compressed, damaged."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.trace.v1 import trace_pb2
from tests.formats.otlp_making import START, TRACE, lines, read, request, span, span_id, write

from tailrace.formats.otlp import wire
from tailrace.model import Json, SpanStatus


def message(*spans: Json) -> trace_pb2.TracesData:
    """A request as protobuf; ids are hex as in OTLP JSON."""
    made = ParseDict(
        request(*[{k: v for k, v in each.items() if "Id" not in k} for each in spans]), trace_pb2.TracesData()
    )
    for raw, each in zip(made.resource_spans[0].scope_spans[0].spans, spans, strict=True):
        raw.trace_id = bytes.fromhex(each.get("traceId", ""))
        raw.span_id = bytes.fromhex(each.get("spanId", ""))
        raw.parent_span_id = bytes.fromhex(each.get("parentSpanId", ""))
    return made


def packed(*spans: Json) -> bytes:
    return message(*spans).SerializeToString()


def framed(*messages: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(each)) + each for each in messages)


VALUES: list[Json] = [
    {"stringValue": "text"},
    {"intValue": "-42"},
    {"doubleValue": 0.5},
    {"doubleValue": "NaN"},
    {"boolValue": True},
    {"bytesValue": "AAEC"},
    {"arrayValue": {"values": [{"intValue": "1"}, {}, {"stringValue": "b"}]}},
    {"kvlistValue": {"values": [{"key": "a", "value": {"arrayValue": {"values": [{"boolValue": True}]}}}]}},
    {},
]


def test_protobuf_and_json_give_the_same_spans(tmp_path: Path) -> None:
    spans = [
        span(1, attributes=[{"key": f"k{i}", "value": value} for i, value in enumerate(VALUES)], kind=5),
        span(
            2,
            parentSpanId=span_id(1),
            status={"code": 2, "message": "broke"},
            traceState="a=b",
            droppedLinksCount=2,
            events=[
                {"name": "e", "timeUnixNano": str(START), "attributes": [{"key": "a", "value": {"intValue": "1"}}]}
            ],
        ),
        span(3, endTimeUnixNano=None),
    ]
    expected = read(write(tmp_path / "json", lines(request(*spans)))).spans
    reading = read(write(tmp_path / "pb", packed(*spans)))
    assert (reading.format, reading.spans) == ("OTLP protobuf", expected)
    assert expected[1].status is SpanStatus.ERROR


def test_links_are_read(tmp_path: Path) -> None:
    made = message(span(1))
    link = made.resource_spans[0].scope_spans[0].spans[0].links.add()
    link.trace_id, link.span_id = bytes.fromhex(TRACE), bytes.fromhex(span_id(2))
    (found,) = read(write(tmp_path / "t", made.SerializeToString())).spans
    assert (found.links[0].trace_id, found.links[0].span_id) == (TRACE, span_id(2))


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress, zstandard.ZstdCompressor().compress])
def test_messages_with_their_lengths_are_read_each_packed_or_not(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    data = framed(pack(packed(span(1), span(2))), pack(packed(span(3))))
    for whole in (data, gzip.compress(data)):
        reading = read(write(tmp_path / "t", whole))
        assert reading.format.startswith("OTLP protobuf messages")
        assert reading.ids == [span_id(1), span_id(2), span_id(3)]
        assert reading.skipped == []


def test_requests_one_after_another_are_one_message(tmp_path: Path) -> None:
    assert read(write(tmp_path / "t", packed(span(1)) + packed(span(2)))).ids == [span_id(1), span_id(2)]


def test_spans_logs_and_metrics_may_be_in_one_file(tmp_path: Path) -> None:
    logs = logs_service_pb2.ExportLogsServiceRequest()
    record = logs.resource_logs.add().scope_logs.add().log_records.add()
    record.trace_id, record.span_id = bytes.fromhex(TRACE), bytes.fromhex(span_id(1))
    record.event_name, record.time_unix_nano = "gen_ai.user.message", START
    record.body.string_value = "hello"
    metrics = metrics_service_pb2.ExportMetricsServiceRequest()
    metric = metrics.resource_metrics.add().scope_metrics.add().metrics.add()
    metric.name = "tokens"
    metric.sum.data_points.add().as_int = 4
    parts = [metrics.SerializeToString(), logs.SerializeToString(), packed(span(1))]
    for data in (b"".join(parts), framed(*parts)):
        reading = read(write(tmp_path / "t", data))
        assert (reading.ids, [log.body for log in reading.logs]) == ([span_id(1)], ["hello"])
        assert reading.reasons == {"metric (Tailrace shows traces and their logs)": 1}


def test_unsound_ids_and_times_are_told(tmp_path: Path) -> None:
    spans = [
        span(1, traceId="00" * 16),
        span(2, traceId=""),
        span(3, spanId=""),
        span(4, spanId="abcdef"),
        span(5, startTimeUnixNano=str(2**64 - 1)),
        span(6, endTimeUnixNano=str(2**64 - 1)),
        span(7, startTimeUnixNano="0"),
    ]
    reading = read(write(tmp_path / "t", packed(*spans)))
    assert reading.ids == ["abcdef", span_id(5), span_id(6), span_id(7)]
    assert reading.reasons == {
        "span without a trace id": 2,
        "span without a span id": 1,
        "time that cannot be": 2,
        "span without a start time": 1,
    }
    assert reading.spans[2].end_ns is None


def test_text_that_is_not_utf8_is_replaced_and_told(tmp_path: Path) -> None:
    data = packed(span(1), span(2, name="caf####"), span(3)).replace(b"####", b"\xe9\xff\xfe\xfd")
    reading = read(write(tmp_path / "t", data))
    assert [each.name for each in reading.spans] == ["step 1", "caf����", "step 3"]
    assert reading.reasons == {"text that is not UTF-8 (shown with replacement characters)": 1}
    assert reading.spans[1].resource == {"service.name": "shop"}
    assert reading.spans[1].scope_name == "test"


def test_every_cut_gives_the_spans_before_it(tmp_path: Path) -> None:
    data = packed(*(span(n) for n in range(1, 5)))
    ids = [span_id(n) for n in range(1, 5)]
    one = len(data) - len(packed(*(span(n) for n in range(1, 4))))
    for cut in range(len(data) - 3 * one, len(data)):
        reading = read(write(tmp_path / "t", data[:cut]))
        sound = len(reading.ids)
        assert reading.ids == ids[:sound]
        assert (len(data) - cut - 1) // one == 3 - sound
        assert reading.reasons == {"protobuf data that is damaged or cut off": 1}


def test_a_damaged_message_does_not_hide_the_next(tmp_path: Path) -> None:
    damaged = bytearray(packed(span(2), span(3)))
    damaged[-40:] = b"\xff" * 40
    data = framed(packed(span(1)), bytes(damaged), packed(span(4)))
    reading = read(write(tmp_path / "t", data))
    assert reading.ids[0] == span_id(1)
    assert reading.ids[-1] == span_id(4)
    assert span_id(2) in reading.ids
    assert reading.skipped
    assert reading.skipped[0].place == f"byte {4 + len(packed(span(1)))}"


@pytest.mark.parametrize("size", [2**32 - 1, 2**31, 10**6])
def test_a_length_beyond_the_file_reserves_nothing(size: int, tmp_path: Path) -> None:
    data = framed(packed(span(1))) + struct.pack(">I", size) + packed(span(2))[:-1]
    reading = read(write(tmp_path / "t", data))
    assert reading.ids[0] == span_id(1)
    assert set(reading.reasons) == {"protobuf data that is damaged or cut off"}


def test_an_empty_service_answer_is_not_taken_for_a_request(tmp_path: Path) -> None:
    data = trace_service_pb2.ExportTracePartialSuccess(rejected_spans=4, error_message="full").SerializeToString()
    with pytest.raises(Exception, match="does not read"):
        read(write(tmp_path / "t", data))


@pytest.mark.parametrize("cut", [False, True])
def test_walking_over_any_bytes_ends(cut: bool) -> None:
    for data in (b"\x80" * 30, b"\x0a", b"\x0a\xff\xff\xff\xff\x0f", b"\x00\x00", b"\x0b\x0c", b"\x09\x01"):
        try:
            assert len(list(wire.walk(data, cut=cut))) < 30
        except ValueError:
            continue
