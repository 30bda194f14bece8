"""Facts made by hand: rows as Python has them, and the same rows in a DuckDB with the views that charts ask."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import duckdb

from tailrace.model.measures import Grain
from tailrace.store.charting import Attributes, Source, Statement
from tailrace.store.columns.tables import STATEMENTS

Row: TypeAlias = dict[str, Any]

SPAN_BITS = 24
_KEPT = {
    Grain.TRACE: "kept_trace",
    Grain.SPAN: "kept_span",
    Grain.SCORE: "kept_score",
    Grain.SESSION: "kept_session",
    Grain.RETRIEVAL: "kept_retrieval",
}
_AT_ONCE = 200


@dataclass
class Facts:
    """Rows by grain, and the values of attributes: key -> span -> text or number."""

    rows: dict[Grain, list[Row]]
    attributes: dict[str, dict[int, str | float]] = field(default_factory=dict)

    def load(self) -> duckdb.DuckDBPyConnection:
        """A database in memory with these facts."""
        connection = duckdb.connect()
        for statement in STATEMENTS:
            connection.execute(statement)
        for grain, rows in self.rows.items():
            _insert(connection, _KEPT[grain], rows)
        for i, values in enumerate(self.attributes.values()):
            connection.execute(f"CREATE TABLE attribute_{i} (span BIGINT, trace BIGINT, text VARCHAR, number DOUBLE)")
            said = [
                {"span": span, "trace": span >> SPAN_BITS, "text": str(value), "number": number_of(value)}
                for span, value in values.items()
            ]
            _insert(connection, f"attribute_{i}", said)
        return connection

    def source(self, connection: duckdb.DuckDBPyConnection, **chosen: str | None) -> Source:
        """What `ask` and its like take, with tables of chosen traces by the text of their filter."""

        def run(statements: Sequence[Statement]) -> list[dict[str, Any]]:
            return [connection.execute(each.sql, each.parameters).fetchnumpy() for each in statements]

        names = Attributes({key: f"attribute_{i}" for i, key in enumerate(self.attributes)})
        return Source(run, {"": None, **chosen}, names)


def number_of(value: str | float | None) -> float | None:
    """The number that an attribute is."""
    return float(value) if isinstance(value, int | float) else None


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        columns = ", ".join(f'"{name}"' for name in some[0])
        marks = f"({', '.join('?' * len(some[0]))})"
        connection.execute(
            f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * len(some))}",
            [value for row in some for value in row.values()],
        )


INTEGERS = (None, None, 0, 1, 1, 2, 3, 7, 7, -4, 10**6, 2**53 + 1, 2**62 + 3, -(2**62) + 1)
NUMBERS = (None, None, 0.0, 0.25, 0.25, 1.0, 1e-9, -2.5, 3.75, 1e15)
TEXTS = (None, "a", "a", "b", "B", "c", "d'; DROP TABLE kept_span; --", 'e"', "ü\0x", "f")
_KINDS = ("llm", "llm", "tool", "retriever", "agent")


def no_facts() -> Facts:
    """Nothing, with two attributes that nobody has."""
    return Facts({grain: [] for grain in Grain}, {"stage": {}, "amount": {}})


def some_facts(rng: random.Random, starts: Sequence[int], traces: int) -> Facts:
    """Traces that begin at some of the times given, with spans, scores, sessions and searches."""
    rows: dict[Grain, list[Row]] = {grain: [] for grain in Grain}
    stage: dict[int, str | float] = {}
    amount: dict[int, str | float] = {}
    for trace in range(1, traces + 1):
        start = rng.choice(starts)
        rows[Grain.TRACE].append(trace_row(rng, trace, start))
        for ordinal in range(rng.choice((0, 1, 1, 2, 3, 5))):
            span = _span(rng, trace << SPAN_BITS | ordinal, trace, start)
            rows[Grain.SPAN].append(span)
            if rng.random() < 0.4:
                stage[span["span"]] = rng.choice(("x", "y", "y", "z"))
            if rng.random() < 0.5:
                amount[span["span"]] = rng.choice((1, 2.5, 2.5, -3, "many"))
            if span["kind"] == "retriever":
                rows[Grain.RETRIEVAL].append(_retrieval(rng, span))
        for _ in range(rng.choice((0, 0, 1, 3))):
            rows[Grain.SCORE].append(_score(rng, rng.choice((trace, trace, trace, None)), start))
        if rng.random() < 0.5:
            rows[Grain.SESSION].append(_session(rng, trace, start))
    return Facts(rows, {"stage": stage, "amount": amount})


def trace_row(rng: random.Random, trace: int, start: int) -> Row:
    """A trace with some value in every column that tests look at."""
    return {
        "trace": trace,
        "trace_id": f"t{trace}",
        "root": rng.choice((None, trace << SPAN_BITS, trace << SPAN_BITS | 1)),
        "start_ns": start,
        "duration_ns": rng.choice(INTEGERS),
        "ttft_ns": rng.choice((None, 5, 9)),
        "failed": rng.random() < 0.3,
        "span_count": rng.randrange(9),
        "cost": rng.choice(NUMBERS),
        "thumb": rng.choice((None, 0, 1)),
        "new_user": rng.random() < 0.5,
        "name": rng.choice(TEXTS),
        "status": rng.choice(("ok", "error", "unset")),
        "env": rng.choice((None, "prod", "staging")),
        "version": rng.choice((None, "1", "2")),
        "user": rng.choice((None, *(f"u{i}" for i in range(30)))),
        "session": rng.choice((None, *(f"s{i}" for i in range(100)))),
        "users": rng.choice((None, "new", "returning")),
        "week": rng.choice((None, "2026-03-23", "2026-03-30")),
        "tags": rng.choice((None, [], ["a"], ["a", "b"], ["b", "c", "d"])),
    }


def span_row(trace: int, ordinal: int, start: int) -> Row:
    """A span of a trace."""
    return _span(random.Random(ordinal), trace << SPAN_BITS | ordinal, trace, start)


def _span(rng: random.Random, span: int, trace: int, start: int) -> Row:
    failed = rng.random() < 0.3
    kind = rng.choice(_KINDS)
    return {
        "span": span,
        "trace": trace,
        "start_ns": start,
        "began_ns": min(start + rng.randrange(1000), 2**63 - 1),
        "duration_ns": rng.choice(INTEGERS),
        "cost_input": rng.choice(NUMBERS),
        "failed": failed,
        "kind": kind,
        "step": rng.choice(("chat", "search", "run")),
        "status": "error" if failed else "ok",
        "error": rng.choice((None, "Timeout", "RateLimit")) if failed else None,
        "error_category": rng.choice(("timeout", "rate-limit", "unknown")) if failed else None,
        "input_tokens": rng.choice((None, 5, 100)),
        "cost": rng.choice(NUMBERS),
        "model": rng.choice(TEXTS) if kind == "llm" else None,
        "provider": rng.choice((None, "one", "other")),
        "tool": rng.choice(("lookup", "send")) if kind == "tool" else None,
        "agent": rng.choice((None, "planner")),
        "prompt": rng.choice((None, "answer", "answer@1", "answer@2")),
    }


def _retrieval(rng: random.Random, span: Row) -> Row:
    return {
        **{name: span[name] for name in ("span", "trace", "start_ns", "duration_ns", "failed", "step", "tool")},
        "documents": rng.choice((None, 0, 1, 4)),
        "best_score": rng.choice(NUMBERS),
    }


def _score(rng: random.Random, trace: int | None, start: int) -> Row:
    return {
        "trace": trace,
        "start_ns": start,
        "score": rng.choice(("thumb", "quality", "tone")),
        "score_kind": rng.choice(("thumb", "number", "category")),
        "value": rng.choice(NUMBERS),
        "label": rng.choice((None, "warm", "cold")),
        "source": rng.choice(("person", "code", "model")),
        "author": rng.choice((None, "Jo")),
    }


def _session(rng: random.Random, trace: int, start: int) -> Row:
    return {
        "session": f"s{trace}",
        "user": rng.choice((None, "u1", "u2")),
        "trace": trace,
        "start_ns": start,
        "turns": rng.randrange(1, 9),
        "duration_ns": rng.choice(INTEGERS),
        "failed": rng.random() < 0.3,
        "cost": rng.choice(NUMBERS),
    }
