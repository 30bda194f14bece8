"""Spans and scores as nobody would send them, for tests that try whatever comes to mind."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tailrace.model import Cost, CostSource, Score, ScoreKind, ScoreSource, Span, SpanKind, SpanStatus, Usage

DAY = 86_400_000_000_000
ODD = ("", "a", "A", 'say "hi", please\nline', "nul\0inside", "tab\tand \\ back", "ünï→🙂", "x" * 700, "a,b;c", "NULL")

texts = st.sampled_from(ODD)
maybe = st.none() | texts
names = st.sampled_from(("call", "call", "step", "wait for slot", "queue", "QUEUED", "awaiting", *ODD))
small = st.integers(0, 30)
times = small | st.integers(-3, 40) | st.sampled_from((0, DAY - 1, DAY, 8 * DAY, -DAY, (1 << 63) - 1, -(1 << 63) + 1))
tokens = st.none() | st.integers(0, 50) | st.sampled_from(((1 << 63) - 1, -5))
floats = st.sampled_from((0.0, -0.0, 0.1, 0.1 + 0.2, 1e-300, 1.7976931348623157e308, -2.5, 123456.789012345678))
amounts = floats | st.sampled_from((float("inf"), float("-inf"), float("nan")))


@st.composite
def spans(draw: st.DrawFn, trace_id: str, number: int, known: int) -> Span:
    """A span that may name any of `known` as its parent: one before it, one after it, itself, or one that never
    comes."""
    start = draw(times)
    end = (
        None
        if draw(st.integers(0, 5)) == 0
        else max(-(1 << 63) + 1, min((1 << 63) - 1, start + draw(st.integers(-3, 25))))
    )
    parent = draw(st.none() | st.integers(0, known))
    usage = None
    if draw(st.booleans()):
        usage = Usage(draw(tokens), draw(tokens), draw(tokens), draw(tokens), draw(tokens), draw(tokens))
    cost = None
    if draw(st.integers(0, 2)) == 0:
        cost = Cost(
            draw(amounts), draw(st.sampled_from(tuple(CostSource))), draw(st.none() | floats), draw(st.none() | floats)
        )
    more: dict[str, Any] = {
        name: draw(maybe)
        for name in ("error_type", "model", "provider", "tool_name", "agent_name", "prompt_name", "prompt_version")
        if draw(st.booleans())
    }
    return Span(
        trace_id,
        f"s{number}",
        None if parent is None else f"s{parent}",
        draw(names),
        start,
        end,
        kind=draw(st.sampled_from(tuple(SpanKind))),
        status=draw(st.sampled_from(tuple(SpanStatus))),
        status_message=draw(texts),
        session_id=draw(st.sampled_from((None, "", "one", "two"))),
        user_id=draw(st.sampled_from((None, "", "ada", "bob"))),
        environment=draw(maybe),
        version=draw(maybe),
        tags=tuple(draw(st.lists(texts, max_size=2))),
        ttft_ns=draw(st.none() | small),
        usage=usage,
        cost=cost,
        input=draw(st.sampled_from((None, "where is my order", "Where is my order?", "WHERE, my order", "refund"))),
        **more,
    )


@st.composite
def batches(draw: st.DrawFn, traces: int = 4, most: int = 7) -> list[list[Span]]:
    """Some batches of spans of a few traces: late ones, and again ones that were there."""
    sizes = [draw(st.integers(1, most)) for _ in range(draw(st.integers(1, traces)))]
    made = [draw(spans(f"t{t}", number, size)) for t, size in enumerate(sizes) for number in range(size)]
    order = draw(st.permutations(made))
    found: list[list[Span]] = [[]]
    for span in order:
        if draw(st.integers(0, 3)) == 0:
            found.append([])
        found[-1].append(span)
    return [batch for batch in found if batch]


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """A score of a trace, one that is not there, or a session."""
    trace_id, session_id = draw(
        st.sampled_from((("t0", None), ("t1", None), ("gone", None), (None, "one"), (None, "nobody's")))
    )
    return Score(
        draw(st.sampled_from(("p", "q", "r"))),
        draw(
            st.sampled_from(("thumb", "note", "tone", "")),
        ),
        draw(st.sampled_from(tuple(ScoreKind))),
        trace_id,
        session_id=session_id,
        value=draw(st.none() | floats),
        label=draw(maybe),
        author=draw(maybe),
        source=draw(st.sampled_from(tuple(ScoreSource))),
        created_ns=draw(st.sampled_from((1, 5, 1_000))),
    )
