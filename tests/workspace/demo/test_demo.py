"""The demo is believable, has everything that pages show, and is the same every time."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import mean

import pytest

from tailrace.jobs import Cancelled, Ticket
from tailrace.model import ImportProgress, Score, ScoreSource, Span, SpanKind, SpanStatus
from tailrace.semconv import read_conversation, read_documents
from tailrace.store import Reader
from tailrace.workspace.demo import invent, write_demo
from tailrace.workspace.demo.traffic import DAY_NS

END_NS = 1_795_219_200_000_000_000
Invented = list[tuple[list[Span], list[Score]]]


@pytest.fixture(scope="module")
def demo() -> Invented:
    return list(invent(END_NS, traces=1_200))


def spans_of(demo: Invented) -> list[Span]:
    return [span for trace, _ in demo for span in trace]


def digest(demo: Invented) -> str:
    return hashlib.sha256(repr(demo).encode()).hexdigest()


def test_the_same_seed_gives_the_same_demo_in_another_process() -> None:
    script = (
        "import hashlib; from tailrace.workspace.demo import invent;"
        f"print(hashlib.sha256(repr(list(invent({END_NS}, traces=60))).encode()).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest(list(invent(END_NS, traces=60)))
    assert digest(list(invent(END_NS, seed=8, traces=60))) != other.stdout.strip()


def test_it_has_as_many_traces_as_asked_for_within_fourteen_days(demo: Invented) -> None:
    assert len(demo) == len({trace[0].trace_id for trace, _ in demo}) == 1_200
    spans = spans_of(demo)
    assert 11 * 1_200 < len(spans) < 16 * 1_200
    assert len({(span.trace_id, span.span_id) for span in spans}) == len(spans)
    starts = [min(span.start_ns for span in trace) for trace, _ in demo]
    assert END_NS - 14.1 * DAY_NS < min(starts) < END_NS - 13 * DAY_NS
    assert END_NS - 2 * 3_600e9 < max(starts) < END_NS
    assert all(score.created_ns is not None and score.created_ns <= END_NS for _, scores in demo for score in scores)


def test_every_kind_of_span_status_and_trouble_occurs(demo: Invented) -> None:
    spans = spans_of(demo)
    kinds = {span.kind for span in spans}
    assert kinds >= set(SpanKind) - {SpanKind.UNKNOWN, SpanKind.PROMPT}
    assert SpanKind.UNKNOWN not in kinds
    errors = {span.error_type for span in spans if span.status is SpanStatus.ERROR}
    assert errors >= {"RateLimitError", "APITimeoutError", "ReadTimeout", "GuardrailBlocked", "ValueError"}
    assert all(span.events or span.parent_id is None for span in spans if span.status is SpanStatus.ERROR)


def test_every_field_that_pages_show_is_filled_somewhere(demo: Invented) -> None:
    spans = spans_of(demo)
    for field in (
        "model",
        "provider",
        "tool_name",
        "agent_name",
        "prompt_name",
        "prompt_version",
        "session_id",
        "user_id",
        "environment",
        "version",
        "tags",
        "ttft_ns",
        "usage",
        "cost",
        "input",
        "output",
        "links",
        "events",
    ):
        assert sum(bool(getattr(span, field)) for span in spans) > 10, field
    assert len({span.model for span in spans}) >= 8
    assert {span.environment for span in spans} == {"prod", "staging", "dev"}
    usages = [span.usage for span in spans if span.usage]
    assert any(usage.cache_read for usage in usages)
    assert any(usage.reasoning for usage in usages)
    assert all((usage.cache_read or 0) <= (usage.input or 0) for usage in usages)
    assert all((usage.reasoning or 0) <= (usage.output or 0) for usage in usages)


def test_model_calls_read_as_conversations_in_every_convention(demo: Invented) -> None:
    calls = [span for span in spans_of(demo) if span.kind is SpanKind.LLM and span.status is SpanStatus.OK]
    for span in calls[::7]:
        conversation = read_conversation(span, span.events)
        assert conversation.inputs, span.name
        assert conversation.outputs, span.name
    searches = [span for span in spans_of(demo) if span.kind is SpanKind.RETRIEVER]
    assert all(read_documents(span) for span in searches[::9])


def test_no_blank_is_left_unfilled(demo: Invented) -> None:
    for span in spans_of(demo):
        for text in (span.name, span.input or "", span.output or ""):
            assert not re.search(r"(?<![\w{])\{\w+\}", text), text


def test_the_last_prompt_version_is_visibly_worse(demo: Invented) -> None:
    faithful: dict[str, list[float]] = {"v12": [], "v13": [], "v14": []}
    broken: dict[str, list[bool]] = {"v12": [], "v13": [], "v14": []}
    for trace, scores in demo:
        version = next((span.prompt_version for span in trace if span.prompt_name == "support"), None)
        if version is not None and trace[0].environment != "dev":
            broken[version].append(any(span.status is SpanStatus.ERROR for span in trace))
            faithful[version] += [score.value or 0.0 for score in scores if score.name == "faithfulness"]
    assert mean(faithful["v14"]) < mean(faithful["v12"]) - 0.1
    assert mean(broken["v14"]) > 1.5 * mean(broken["v13"])


def test_people_models_code_and_customers_have_judged(demo: Invented) -> None:
    scores = [score for _, trace_scores in demo for score in trace_scores]
    assert len({score.score_id for score in scores}) == len(scores)
    assert {score.source for score in scores} >= set(ScoreSource) - {ScoreSource.UNKNOWN}
    assert {score.name for score in scores} >= {
        "thumb",
        "note",
        "user_feedback",
        "faithfulness",
        "relevance",
        "resolved",
    }
    assert all(score.author for score in scores)
    known = {(span.trace_id, span.span_id) for span in spans_of(demo)}
    assert sum(score.span_id is not None for score in scores) > 100
    lost = [score for score in scores if score.span_id and (score.trace_id, score.span_id) not in known]
    assert len(lost) <= 8  # of spans that an oddity took away


def test_some_traces_are_odd(demo: Invented) -> None:
    traces = [trace for trace, _ in demo]
    ids = [{span.span_id for span in trace} for trace in traces]
    orphaned = sum(any(s.parent_id and s.parent_id not in i for s in t) for t, i in zip(traces, ids, strict=True))
    assert 3 <= orphaned <= 8
    assert 1 <= sum(any(span.end_ns is None for span in trace) for trace in traces) <= 3
    assert max(len(trace) for trace in traces) > 200
    starts = [{span.span_id: span.start_ns for span in trace} for trace in traces]
    skewed = sum(
        any(span.start_ns < known.get(span.parent_id or "", 0) for span in trace)
        for trace, known in zip(traces, starts, strict=True)
    )
    assert 1 <= skewed <= 5


def test_texts_are_told_apart(demo: Invented) -> None:
    questions = Counter(trace[0].input for trace, _ in demo if trace[0].parent_id is None)
    assert len(questions) > 700
    assert questions.most_common(1)[0][1] < 30


def test_writing_it_makes_a_database_that_reads(tmp_path: Path) -> None:
    path = tmp_path / "demo.tailrace"
    news: list[object] = []
    write_demo(path, END_NS, traces=200, ticket=Ticket(news.append))
    assert [entry.name for entry in tmp_path.iterdir()] == ["demo.tailrace"]
    expected = list(invent(END_NS, traces=200))
    info = Reader(path).info()
    assert (info.traces, info.spans) == (200, len(spans_of(expected)))
    assert info.errors == sum(span.status is SpanStatus.ERROR for span in spans_of(expected))
    assert info.scores + info.notes >= sum(len(scores) for _, scores in expected)
    assert info.cost_usd
    assert isinstance(news[-1], ImportProgress)
    write_demo(path, END_NS, traces=100)
    assert Reader(path).info().traces == 100


def test_stopping_it_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "demo.tailrace"
    write_demo(path, END_NS, traces=20)
    before = path.read_bytes()
    ticket = Ticket()
    ticket.cancel()
    with pytest.raises(Cancelled):
        write_demo(path, END_NS, traces=20, ticket=ticket)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["demo.tailrace"]
