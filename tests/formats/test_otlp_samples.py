"""Figures of files that other tools wrote equal those that these tools give."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.formats.otlp_making import Reading, read

from tailrace.model import Json, Span, SpanStatus

Sample = Callable[[str], Path]

WITH_FIGURES = [
    "jaeger/otlp2jaeger-in.json",
    "langfuse/sdk-otlp/langfuse-sdk.traces.pb",
    "otlp/langgraph-openinference.traces.jsonl",
    "otlp/langgraph-openinference.traces.pb",
    "otlp/openai-v2-2.1b0.traces.jsonl",
    "otlp/openai-v2-latest.logs.pb",
    "otlp/openai-v2-latest.sdkfile.jsonl",
    "otlp/openai-v2-latest.traces.jsonl",
    "otlp/openai-v2-latest.traces.pb",
    "otlp/openai-v2-latest.traces.pb.gz",
    "otlp/openai-v2.traces.jsonl",
    "otlp/openinference.sdkfile.jsonl",
    "otlp/openinference.traces.jsonl",
    "otlp/openinference.traces.pb",
    "otlp/openinference.traces.pb.gz",
    "otlp/pydantic-ai-logfire.traces.jsonl",
    "otlp/traceloop-0.40.traces.jsonl",
    "otlp/traceloop-sdk.traces.jsonl",
    "otlp/traceloop.traces.jsonl",
    "otlp/vercel-ai-sdk.otlp-http-json.jsonl",
]


def figures(reading: Reading) -> dict[str, Json]:
    """The figures of expected.json, got from what was read."""
    by_id = {span.span_id: span for span in reading.spans}

    def depth(span: Span) -> int:
        levels = 1
        while span.parent_id in by_id:
            span = by_id[span.parent_id]
            levels += 1
        return levels

    sums: dict[str, dict[str, int]] = {}
    for span in reading.spans:
        for key, value in span.all_attributes().items():
            if "token" in key and isinstance(value, int):
                entry = sums.setdefault(key, {"spans": 0, "sum": 0})
                entry["spans"] += 1
                entry["sum"] += value
    events = [event for span in reading.spans for event in span.events]
    return {
        "spans": len(reading.spans),
        "traces": len({span.trace_id for span in reading.spans}),
        "error_spans": sum(span.status is SpanStatus.ERROR for span in reading.spans),
        "max_depth": max(map(depth, reading.spans), default=0),
        "root_names": dict(Counter(span.name for span in reading.spans if span.parent_id is None)),
        "spans_with_unknown_parent": sum(
            span.parent_id is not None and span.parent_id not in by_id for span in reading.spans
        ),
        "duplicate_span_ids": len(reading.spans) - len(by_id),
        "token_attribute_sums": sums,
        "span_events": len(events),
        "exceptions": sum(event.name == "exception" for event in events),
        "links": sum(len(span.links) for span in reading.spans),
        "spans_without_end": sum(span.end_ns is None for span in reading.spans),
        "negative_durations": sum((span.duration_ns or 0) < 0 for span in reading.spans),
        "zero_durations": sum(span.duration_ns == 0 for span in reading.spans),
        "log_records": len(reading.logs),
        "unreadable_lines": len(reading.skipped),
    }


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_figures_equal_those_of_the_source_tool(name: str, sample: Sample) -> None:
    expected = json.loads(sample("expected.json").read_text())[name]
    reading = read(sample(name))
    found = figures(reading)
    known = {key: value for key, value in expected.items() if key in found}
    assert known, "nothing to compare"
    assert {key: found[key] for key in known} == known
    assert reading.skipped == []
    assert reading.positions[-1].done == reading.positions[-1].total == sample(name).stat().st_size


def test_every_otlp_file_with_figures_is_among_these(sample: Sample) -> None:
    expected = json.loads(sample("expected.json").read_text())
    known = {name for name in expected if name.startswith("otlp/")}
    assert known <= set(WITH_FIGURES)


@pytest.mark.parametrize(
    ("first", "others"),
    [
        (
            "otlp/openinference.traces.json",
            [
                "otlp/openinference.traces.jsonl",
                "otlp/openinference.traces.pb",
                "otlp/openinference.traces.pb.gz",
            ],
        ),
        ("otlp/langgraph-openinference.traces.jsonl", ["otlp/langgraph-openinference.traces.pb"]),
        (
            "otlp/openai-v2-latest.traces.jsonl",
            ["otlp/openai-v2-latest.traces.pb", "otlp/openai-v2-latest.traces.pb.gz"],
        ),
        ("langfuse/sdk-otlp/langfuse-sdk.traces.jsonl", ["langfuse/sdk-otlp/langfuse-sdk.traces.pb"]),
    ],
)
def test_one_data_set_gives_the_same_spans_in_every_form(first: str, others: list[str], sample: Sample) -> None:
    spans = read(sample(first)).spans
    assert spans
    for other in others:
        assert read(sample(other)).spans == spans, other


def test_logs_are_the_same_in_json_and_protobuf(sample: Sample) -> None:
    logs = read(sample("otlp/openai-v2-latest.logs.jsonl")).logs
    assert len(logs) == 17
    assert read(sample("otlp/openai-v2-latest.logs.pb")).logs == logs


def test_logs_of_the_older_convention_keep_their_event_names(sample: Sample) -> None:
    names = Counter(record.name for record in read(sample("otlp/openai-v2-2.1b0.logs.jsonl")).logs)
    assert sum(names.values()) == 51
    assert set(names) <= {
        "gen_ai.system.message",
        "gen_ai.user.message",
        "gen_ai.assistant.message",
        "gen_ai.tool.message",
        "gen_ai.choice",
    }


def test_a_log_record_of_no_span_is_counted(sample: Sample) -> None:
    reading = read(sample("otlp/opentelemetry-proto-example-events-logs.json"))
    assert reading.reasons == {"log record without a span": 1}


def test_the_example_of_the_specification_is_read_whole(sample: Sample) -> None:
    (span,) = read(sample("otlp/opentelemetry-proto-example-trace.json")).spans
    assert span.trace_id == "5b8efff798038103d269b633813fc60c"
    assert span.span_id == "eee19b7ec3c1b174"
    assert span.parent_id == "eee19b7ec3c1b173"
    assert span.attributes["span.kind"] == "server"


def test_one_request_exactly_as_it_was_sent_is_read(sample: Sample) -> None:
    assert len(read(sample("otlp/langgraph-openinference.wire.pb.gz")).spans) == 40
    assert len(read(sample("openai-agents/openai-agents-openinference.traces.jsonl")).spans) == 49


def test_what_is_json_but_not_otlp_is_not_taken_for_it(sample: Sample) -> None:
    for name in ("langfuse/sdk-otlp/langfuse-sdk.ingestion-events.json", "openai-agents/agents-sdk-export.jsonl"):
        with pytest.raises(Exception, match="does not read"):
            read(sample(name))
