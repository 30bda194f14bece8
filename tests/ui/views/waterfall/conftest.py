"""Small traces for the waterfall's tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from hypothesis import settings

from tailrace.model import SpanKind, SpanStatus, SpanTree, Trace, TraceRow, build_tree
from tailrace.model.tree import KINDS, STATUSES

# a busy machine stalls now and then; that is no failure
settings.register_profile("tailrace", deadline=None)
settings.load_profile("tailrace")


class Given(NamedTuple):
    """One span of a test's trace; times in nanoseconds after the trace's start."""

    id: str
    parent: str | None
    start: int
    end: int | None
    kind: str = "chain"
    error: bool = False
    tokens: int | None = None
    cost: float | None = None


ORIGIN = 1_700_000_000_000_000_000


def grow_tree(spans: Sequence[Sequence[object]]) -> SpanTree:
    """The tree of spans given as (id, parent, start, end[, kind[, error[, tokens[, cost]]]])."""
    given = [Given(*span) for span in spans]  # type: ignore[arg-type]
    return build_tree(
        [g.id for g in given],
        [g.parent for g in given],
        [f"name {g.id}" for g in given],
        [ORIGIN + g.start for g in given],
        [None if g.end is None else ORIGIN + g.end for g in given],
        [KINDS.index(SpanKind(g.kind)) for g in given],
        [STATUSES.index(SpanStatus.ERROR if g.error else SpanStatus.UNSET) for g in given],
        [g.tokens for g in given],
        [g.cost for g in given],
    )


@pytest.fixture(scope="session")
def grow() -> Callable[[Sequence[Sequence[object]]], SpanTree]:
    """Makes a tree out of short tuples."""
    return grow_tree


@pytest.fixture(scope="session")
def trace_of() -> Callable[[SpanTree], Trace]:
    """Puts a row around a tree."""

    def wrap(tree: SpanTree) -> Trace:
        row = TraceRow(
            key=1,
            trace_id="t",
            name="t",
            status=SpanStatus.UNSET,
            kind=SpanKind.AGENT,
            start_ns=tree.origin_ns,
            end_ns=None,
            span_count=len(tree),
            error_count=0,
            input_tokens=None,
            output_tokens=None,
            total_tokens=None,
            cost=None,
            estimated_cost=False,
            unpriced_spans=0,
            ttft_ns=None,
            max_depth=1,
            input_preview="",
            output_preview="",
            session_id=None,
            user_id=None,
            environment=None,
            version=None,
            thumb=None,
            score_count=0,
            note_count=0,
        )
        return Trace(row, tree)

    return wrap


@pytest.fixture(scope="session")
def agent() -> SpanTree:
    """An agent run: plan (with a model call), a loop with a failing tool, and an answer."""
    ms = 1_000_000
    return grow_tree(
        [
            ("run", None, 0, 1000 * ms, "agent"),
            ("plan", "run", 0, 200 * ms, "chain"),
            ("think", "plan", 10 * ms, 190 * ms, "llm", False, 1200, 0.01),
            ("loop", "run", 200 * ms, 600 * ms, "agent"),
            ("call", "loop", 200 * ms, 300 * ms, "llm", False, 400, 0.002),
            ("refund", "loop", 300 * ms, 450 * ms, "tool", True),
            ("again", "loop", 450 * ms, 600 * ms, "tool", True),
            ("answer", "run", 600 * ms, 1000 * ms, "llm", False, 900, 0.02),
        ]
    )
