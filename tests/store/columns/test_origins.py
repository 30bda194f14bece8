"""Where errors began, and what tokens in and out cost, as charts count them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tailrace.model import Cost, Span, SpanKind, SpanStatus, Usage
from tailrace.store import Reader, Writer
from tailrace.store.columns import Columns


def span(span_id: str, parent_id: str | None, failed: bool = False, **more: Any) -> Span:
    status = SpanStatus.ERROR if failed else SpanStatus.OK
    return Span("t1", span_id, parent_id, span_id, 1_000, 2_000, status=status, **more)


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[dict[str, tuple[Any, ...]]]:
    """Of each span by its name: failed, origin, category, cost in and cost out."""
    path = tmp_path / "traces.tailrace"
    with Writer(path) as writer:
        writer.write(
            [
                span("root", None, True),
                span("agent", "root", True),
                span("call", "agent", True, kind=SpanKind.LLM, error_type="RateLimitError"),
                span("again", "agent", kind=SpanKind.LLM, usage=Usage(10, 5), cost=Cost(0.5, input=0.2, output=0.3)),
                span("tool", "agent", True, kind=SpanKind.TOOL),
                span("below", "tool"),
                span("lost", "elsewhere", True, status_message="timed out"),
                span("itself", "itself", True),
            ]
        )
    reader, columns = Reader(path), Columns(path, tmp_path / "cache")
    columns.refresh(reader)
    with columns.reading() as cursor:
        rows = cursor.execute(
            "SELECT step, failed, origin, error_category, cost_input, cost_output FROM span_facts"
        ).fetchall()
    yield {row[0]: row[1:] for row in rows}
    columns.close()
    reader.close()


def test_an_error_that_is_passed_on_upwards_began_once(facts: dict[str, tuple[Any, ...]]) -> None:
    assert {name for name, (failed, *_) in facts.items() if failed} - {
        name for name, (_, origin, *_) in facts.items() if origin
    } == {"root", "agent"}
    assert {name: row[2] for name, row in facts.items() if row[1]} == {
        "call": "rate-limit", "tool": "tool", "lost": "timeout", "itself": "unknown",
    }  # fmt: skip


def test_the_parts_of_a_cost_are_those_of_its_tokens(facts: dict[str, tuple[Any, ...]]) -> None:
    assert facts["again"][3:] == (0.2, 0.3)
    assert facts["call"][3:] == (None, None)
