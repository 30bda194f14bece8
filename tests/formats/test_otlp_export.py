"""What was exported and is imported again is the same."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.formats.otlp_making import START, TRACE, lines, read, request, span, span_id, write

from tailrace import semconv
from tailrace.formats import export_otlp
from tailrace.model import Cost, CostSource, Event, Json, Link, Span, SpanKind, SpanStatus, Usage


def there_and_back(spans: list[Span], path: Path) -> list[Span]:
    data = io.BytesIO()
    assert export_otlp(spans, data) == len(spans)
    reading = read(write(path, data.getvalue()))
    assert reading.skipped == []
    return reading.spans


@pytest.mark.parametrize(
    "name",
    [
        "otlp/openai-v2-latest.traces.jsonl",
        "otlp/openinference.traces.jsonl",
        "otlp/langgraph-openinference.traces.jsonl",
        "otlp/pydantic-ai-logfire.traces.jsonl",
        "otlp/traceloop-0.40.traces.jsonl",
        "otlp/traceloop-sdk.traces.jsonl",
        "otlp/vercel-ai-sdk.otlp-http-json.jsonl",
        "langfuse/sdk-otlp/langfuse-sdk.traces.pb",
    ],
)
def test_real_spans_come_back_the_same(name: str, sample: Callable[[str], Path], tmp_path: Path) -> None:
    spans = read(sample(name)).spans
    assert there_and_back(spans, tmp_path / "t") == spans


def test_rare_fields_come_back(tmp_path: Path) -> None:
    rare = span(
        1,
        kind=4,
        traceState="a=b",
        droppedAttributesCount=1,
        droppedEventsCount=2,
        droppedLinksCount=3,
        endTimeUnixNano=None,
        parentSpanId=span_id(7),
        links=[{"traceId": TRACE, "spanId": span_id(7), "attributes": []}],
        status={"code": 2, "message": "no"},
    )
    spans = read(write(tmp_path / "t", lines(request(rare, span(2))))).spans
    data = io.BytesIO()
    export_otlp(spans, data)
    (line,) = data.getvalue().splitlines()
    raw = orjson.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    for key in ("kind", "traceState", "droppedAttributesCount", "droppedEventsCount", "droppedLinksCount", "status"):
        assert raw[key] == rare[key]
    assert there_and_back(spans, tmp_path / "t") == spans


def test_a_placeholder_comes_back_as_the_open_span_it_became(tmp_path: Path) -> None:
    facts = {"logfire.span_type": "pending_span", "logfire.pending_parent_id": span_id(9)}
    attributes = [{"key": key, "value": {"stringValue": value}} for key, value in facts.items()]
    pending = span(5, parentSpanId=span_id(1), attributes=attributes)
    spans = read(write(tmp_path / "t", lines(request(pending)))).spans
    assert there_and_back(spans, tmp_path / "t") == spans


def made(**facts: Json) -> Span:
    """A span as another format's importer makes it: facts outside the attributes."""
    bare = semconv.make_span(
        trace_id=TRACE,
        span_id=span_id(1),
        parent_id=None,
        name="n",
        start_ns=START,
        end_ns=START + 5,
        status=SpanStatus.OK,
        status_message="",
        attributes={},
        resource={},
    )
    return replace(bare, **facts)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", SpanKind.RERANKER),
        ("model", "gpt-5"),
        ("provider", "openai"),
        ("tool_name", "search"),
        ("agent_name", "Planner"),
        ("prompt_name", "p"),
        ("prompt_version", "7"),
        ("session_id", "s"),
        ("user_id", "u"),
        ("environment", "staging"),
        ("version", "1.2"),
        ("error_type", "RateLimitError"),
        ("tags", ("a", "b")),
        ("ttft_ns", 420_000_000),
        ("usage", Usage(input=10, output=4, total=14, cache_read=3, reasoning=2)),
        ("input", "question"),
        ("output", "answer"),
    ],
)
def test_facts_from_other_formats_come_back(field: str, value: Json, tmp_path: Path) -> None:
    (back,) = there_and_back([made(**{field: value})], tmp_path / "t")
    assert getattr(back, field) == value


def test_costs_of_the_source_come_back_and_estimates_stay_here(tmp_path: Path) -> None:
    said = made(cost=Cost(0.25, input=0.2, output=0.05))
    estimated = made(cost=Cost(0.25, CostSource.PRICE_TABLE, detail="table: row"))
    back, gone = there_and_back([said, estimated], tmp_path / "t")
    assert back.cost is not None
    assert (back.cost.total, back.cost.input, back.cost.output) == (0.25, 0.2, 0.05)
    assert gone.cost is None


def test_neighbours_of_one_resource_share_a_line(tmp_path: Path) -> None:
    data = io.BytesIO()
    export_otlp([made(), made(), made(resource={"service.name": "b"}), made(scope_name="x")], data)
    assert len(data.getvalue().splitlines()) == 3


def test_lone_surrogates_and_depth_are_written_all_the_same(tmp_path: Path) -> None:
    deep: Json = "bottom"
    for _ in range(150):
        deep = [deep]
    data = io.BytesIO()
    export_otlp([made(attributes={"a": "x\ud800", "b": deep, "c": 2**70})], data)
    reading = read(write(tmp_path / "t", data.getvalue()))
    assert reading.spans[0].attributes["a"] == "x�"
    assert reading.spans[0].attributes["c"] == str(2**70)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
attributes = st.dictionaries(words.map(lambda word: f"x.{word}"), json_values, max_size=4)
ids = st.integers(1, 2**64 - 1).map(lambda number: f"{number:016x}")
times = st.integers(2, 2**63 - 1)


@given(
    st.lists(
        st.builds(
            lambda span_id, parent, name, start, end, status, message, facts, resource, scope, events, links: (
                semconv.make_span(
                    trace_id=TRACE,
                    span_id=span_id,
                    parent_id=parent,
                    name=name,
                    start_ns=start,
                    end_ns=end,
                    status=status,
                    status_message=message,
                    attributes=facts,
                    resource=resource,
                    scope_name=scope,
                    events=tuple(events),
                    links=tuple(links),
                )
            ),
            ids,
            st.none() | ids,
            words,
            times,
            st.none() | times,
            st.sampled_from(SpanStatus),
            words,
            attributes,
            attributes,
            words,
            st.lists(st.builds(Event, words, times, attributes), max_size=2),
            st.lists(st.builds(Link, st.just(TRACE), ids, attributes), max_size=2),
        ),
        max_size=4,
    ).filter(bool)
)
@settings(max_examples=examples(80), deadline=None)
def test_any_span_comes_back_the_same(tmp_path_factory: pytest.TempPathFactory, spans: list[Span]) -> None:
    path = tmp_path_factory.getbasetemp() / "export"
    assert there_and_back(spans, path) == spans
