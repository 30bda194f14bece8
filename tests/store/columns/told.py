"""What the columns say of a database, and the same worked out from its rows in plain Python, one at a time."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.store.written import rows

from tailrace.model import SpanKind
from tailrace.semconv.errors import categorise
from tailrace.store import Reader
from tailrace.store.columns import Columns

Fact = dict[str, Any]
Facts = dict[str, dict[Any, Fact]]

LARGEST = (1 << 63) - 1
FARTHEST = (1 << 62) - 1
DAY = 86_400_000_000_000
TOKENS = ("input", "output", "total", "cached", "cache_write", "reasoning")
KEYS = {"trace": ("trace",), "span": ("span",), "session": ("session",), "retrieval": ("span",)}


def facts_of(columns: Columns, path: Path) -> Facts:
    """Every row of every view, by its key; scores as a count of equal ones."""
    reader = Reader(path)
    columns.refresh(reader)
    columns.sessions(None)
    columns.retrievals(None)
    reader.close()
    found: Facts = {}
    with columns.reading() as cursor:
        for grain, key in KEYS.items():
            cursor.execute(f"SELECT * FROM {grain}_facts")
            names = [column[0] for column in cursor.description or ()]
            facts = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            found[grain] = {fact[key[0]]: fact for fact in facts}
            assert len(found[grain]) == len(facts)
        cursor.execute("SELECT * FROM score_facts")
        names = [column[0] for column in cursor.description or ()]
        counted = Counter(repr(sorted(zip(names, row, strict=True))) for row in cursor.fetchall())
        found["score"] = {score: {"count": count} for score, count in counted.items()}
    return found


def built(path: Path, folder: Path) -> Facts:
    """The facts of columns made from nothing."""
    columns = Columns(path, folder)
    try:
        return facts_of(columns, path)
    finally:
        columns.close()


def expected(path: Path) -> Facts:
    """The same, from the rows."""
    spans = _table(path, "span")
    traces = _table(path, "trace")
    told = {trace["id"]: trace for trace in traces}
    by_trace: dict[int, list[Fact]] = {trace["id"]: [] for trace in traces}
    for span in spans:
        by_trace[span["id"] >> 24].append(span)
    span_facts: dict[Any, Fact] = {}
    trace_facts: dict[Any, Fact] = {}
    for key, group in by_trace.items():
        facts = _spans(group, told[key]["start_ns"])
        span_facts |= {fact["span"]: fact for fact in facts}
        trace_facts[key] = _trace(told[key], facts)
    _place(trace_facts, traces)
    extra = ("queue_ns", "loop")
    return {
        "trace": trace_facts,
        "span": {key: {k: v for k, v in fact.items() if k not in extra} for key, fact in span_facts.items()},
        "session": _sessions(trace_facts, traces),
        "score": _scores(path, trace_facts),
    }


def _table(path: Path, name: str) -> list[Fact]:
    names = [row[1] for row in rows(path, f"PRAGMA table_info({name})")]
    return [dict(zip(names, row, strict=True)) for row in rows(path, f"SELECT * FROM {name} ORDER BY 1")]


def short(text: str | None) -> str | None:
    """A text as it is kept."""
    if not text:
        return None
    return f"{text[:500]}… ({len(text)})" if len(text) > 500 else text


def _near(time: int) -> int:
    return max(-FARTHEST, min(FARTHEST, time))


def _clamped(number: int) -> int:
    return max(-LARGEST, min(LARGEST, number))


def _arranging(kind: str) -> bool:
    return kind not in ("llm", "tool", "retriever", "embedding", "reranker")


def _waits(name: str | None) -> bool:
    words = re.split("[^a-z]+", (name or "").lower())
    return bool(
        {"wait", "waiting", "queue", "queued", "queueing", "queuing", "sleep", "sleeping", "backoff"} & set(words)
        or {"throttle", "throttled"} & set(words)
    )


def _spans(group: list[Fact], start_ns: int) -> list[Fact]:
    by_id = {span["span_id"]: span for span in group}
    parent = {span["id"]: by_id.get(span["parent_id"]) for span in group}
    low = {span["id"]: _near(span["start_ns"]) for span in group}
    high: dict[int, int] = {}
    for span in group:
        if parent[span["id"]] is span:
            parent[span["id"]] = None
        if span["end_ns"] is not None:
            high[span["id"]] = max(_near(span["end_ns"]), low[span["id"]])
    until = {span["id"]: high.get(span["id"], low[span["id"]]) for span in group}
    changed = True
    while changed:
        changed = False
        for span in group:
            above = parent[span["id"]]
            if above is not None and above["id"] not in high and until[above["id"]] < until[span["id"]]:
                until[above["id"]] = until[span["id"]]
                changed = True
    again: set[int] = set()
    last: dict[Any, Fact] = {}
    for span in sorted(group, key=lambda one: (low[one["id"]], one["id"])):
        above = parent[span["id"]]
        call = (
            above and above["id"],
            *(span["kind"], short(span["name"]), short(span["tool_name"])),
        )
        before = last.get(call)
        if (
            before is not None
            and before["status"] == "error"
            and before["id"] in high
            and high[before["id"]] <= low[span["id"]]
        ):
            again.add(span["id"])
        last[call] = span
    loops = Counter(
        (parent[span["id"]] and parent[span["id"]]["id"], short(span["tool_name"]) or short(span["name"]))  # type: ignore[index]
        for span in group
        if span["kind"] == "tool"
    )
    return [_span(span, start_ns, group, parent, low, high, until, again, loops) for span in group]


def _span(
    span: Fact,
    start_ns: int,
    group: list[Fact],
    parent: dict[int, Fact | None],
    low: dict[int, int],
    high: dict[int, int],
    until: dict[int, int],
    again: set[int],
    loops: Counter[Any],
) -> Fact:
    key = span["id"]
    self_ns, gap = None, 0
    if key in high:
        end = high[key]
        covered, reached = 0, low[key]
        children = [one["id"] for one in group if parent[one["id"]] is span]
        for child in sorted(children, key=lambda child: (low[child], child)):
            begin, finish = (min(max(time, low[key]), end) for time in (low[child], until[child]))
            if child in again:
                gap += max(0, begin - reached)
            covered += max(0, finish - max(begin, reached))
            reached = max(reached, finish)
        self_ns = end - low[key] - covered
    counts = span["usage_counts"] == 1
    duration = None if span["end_ns"] is None else _clamped(span["end_ns"] - span["start_ns"])
    names = ("input_tokens", "output_tokens", "total_tokens", "cache_read_tokens", "cache_write_tokens")
    tokens = dict(zip(TOKENS, (span[name] if counts else None for name in (*names, "reasoning_tokens")), strict=True))
    said, ttft, cost = tokens["output"], span["ttft_ns"], span["cost"] if counts else None
    tpot = speed = None
    if said is not None and said > 1 and ttft is not None and duration is not None and 0 <= ttft <= duration:
        tpot = (duration - ttft) / (said - 1)
    if said is not None and duration is not None and duration > 0:
        speed = said / (duration / 1e9)
    failed = span["status"] == "error"
    name, version = short(span["prompt_name"]), short(span["prompt_version"])
    arranging = _arranging(span["kind"])
    above = parent[key]
    return {
        "span": key,
        "trace": key >> 24,
        "start_ns": start_ns,
        "began_ns": span["start_ns"],
        "duration_ns": duration,
        "self_ns": self_ns,
        "kind": short(span["kind"]),
        "step": short(span["name"]),
        "failed": failed,
        "origin": failed and not any(one["status"] == "error" and parent[one["id"]] is span for one in group),
        "error_category": categorise(short(span["error_type"]), span["status_message"], SpanKind(span["kind"]))
        if failed
        else None,
        "ttft_ns": ttft,
        "tpot_ns": tpot,
        "tokens_per_second": speed,
        "retry": key in again,
        "usage": tokens["total"] is not None,
        **{f"{name}_tokens": value for name, value in tokens.items()},
        "cost": cost,
        "cost_input": span["cost_input"] if counts else None,
        "cost_output": span["cost_output"] if counts else None,
        "unpriced": bool(tokens["total"]) and cost is None,
        "estimated": cost is not None and span["cost_source"] == "price table",
        "status": short(span["status"]),
        "model": short(span["model"]),
        "provider": short(span["provider"]),
        "tool": short(span["tool_name"]),
        "agent": short(span["agent_name"]),
        "prompt": None if name is None else name + (f"@{version}" if version else ""),
        "error": short(span["error_type"]) if failed else None,
        "queue_ns": (self_ns if _waits(short(span["name"])) else gap) if arranging else 0,
        "loop": loops[above and above["id"], short(span["tool_name"]) or short(span["name"])]
        if span["kind"] == "tool"
        else None,
    }


def _trace(row: Fact, spans: list[Fact]) -> Fact:
    def own(*kinds: str) -> int:
        return _clamped(sum(span["self_ns"] or 0 for span in spans if span["kind"] in kinds))

    kinds = Counter(span["kind"] for span in spans)
    queue = sum(span["queue_ns"] or 0 for span in spans)
    others = sum(
        span["self_ns"] - span["queue_ns"] for span in spans if _arranging(span["kind"]) and span["self_ns"] is not None
    )
    sums: Fact = {}
    for name in ("cached_tokens", "reasoning_tokens"):
        known = [span[name] for span in spans if span[name] is not None]
        sums[name] = _clamped(sum(known)) if known else None
    same = ("start_ns", "duration_ns", "ttft_ns", "span_count", "error_count", "max_depth", "input_tokens")
    same += ("output_tokens", "total_tokens", "cost", "unpriced_spans", "thumb")
    return {
        "trace": row["id"],
        "trace_id": row["trace_id"] or None,
        "root": row["root"],
        **{name: row[name] for name in same},
        "failed": row["error_count"] > 0,
        **sums,
        "estimated": row["estimated_cost"] != 0,
        "llm_calls": kinds["llm"],
        "tool_calls": kinds["tool"],
        "tool_errors": sum(span["kind"] == "tool" and span["failed"] for span in spans),
        "retrievals": kinds["retriever"],
        "agent_steps": kinds["llm"] + kinds["tool"] if kinds["agent"] else None,
        "loop_depth": max((span["loop"] for span in spans if span["loop"]), default=None),
        "retries": sum(span["retry"] for span in spans),
        "model_ns": own("llm"),
        "retrieval_ns": own("retriever", "embedding", "reranker"),
        "tool_ns": own("tool"),
        "queue_ns": _clamped(queue),
        "other_ns": _clamped(others),
        "name": short(row["name"]),
        "status": row["status"],
        "env": short(row["environment"]),
        "version": short(row["version"]),
        "user": short(row["user_id"]),
        "session": short(row["session_id"]),
        "tags": json.loads(row["tags"]),
    }


def _place(facts: dict[Any, Fact], traces: list[Fact]) -> None:
    turns: Counter[str] = Counter()
    first: dict[str, int] = {}
    for fact in sorted(facts.values(), key=lambda fact: (fact["start_ns"], fact["trace"])):
        session, user = fact["session"], fact["user"]
        fact["turn"] = None
        if session is not None:
            turns[session] += 1
            fact["turn"] = turns[session]
        fact |= {"new_user": False, "users": None, "week": None}
        if user is not None:
            since = first.setdefault(user, fact["start_ns"])
            fact["new_user"] = _near(since) // DAY == _near(fact["start_ns"]) // DAY
            fact["users"] = "new" if fact["new_user"] else "returning"
            day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=_near(since) // DAY)
            fact["week"] = f"{day - timedelta(days=day.weekday()):%Y-%m-%d}"


def words_of(text: str) -> set[str]:
    """The different words of a text."""
    return {word for word in re.split(r"[\W_]+", text.lower()) if word}


def _sessions(facts: dict[Any, Fact], traces: list[Fact]) -> dict[Any, Fact]:
    told = {trace["id"]: trace for trace in traces}
    grouped: dict[str, list[Fact]] = {}
    for fact in sorted(facts.values(), key=lambda fact: (fact["start_ns"], fact["trace"])):
        if fact["session"] is not None:
            grouped.setdefault(fact["session"], []).append(fact)
    found: dict[Any, Fact] = {}
    for session, group in grouped.items():
        said = [words_of(told[fact["trace"]]["input_preview"]) for fact in group]
        ends = [told[fact["trace"]]["end_ns"] for fact in group if told[fact["trace"]]["end_ns"] is not None]
        tokens = [fact["total_tokens"] for fact in group if fact["total_tokens"] is not None]
        costs = [fact["cost"] for fact in group if fact["cost"] is not None]
        found[session] = {
            "session": session,
            "user": next((fact["user"] for fact in group if fact["user"] is not None), None),
            "trace": group[0]["trace"],
            "start_ns": group[0]["start_ns"],
            "turns": len(group),
            "duration_ns": _clamped(max(ends) - group[0]["start_ns"]) if ends else None,
            "failed": any(fact["failed"] for fact in group),
            "abandoned": group[-1]["failed"] or group[-1]["thumb"] == 0,
            "rephrased": sum(bool(a and b) and len(a & b) >= 0.6 * len(a | b) for a, b in pairwise(said)),
            "total_tokens": _clamped(sum(tokens)) if tokens else None,
            "cost": sum(costs) if costs else None,
        }
    return found


def _scores(path: Path, facts: dict[Any, Fact]) -> dict[Any, Fact]:
    keys = {fact["trace_id"]: key for key, fact in facts.items()}
    first = {fact["session"]: fact["start_ns"] for fact in facts.values() if fact["turn"] == 1}
    counted: Counter[str] = Counter()
    for row in _table(path, "score"):
        if row["kind"] == "text" and row["value"] is None:
            continue
        trace = keys.get(row["trace_id"])
        said = row["created_ns"] if row["updated_ns"] is None else row["updated_ns"]
        start = facts[trace]["start_ns"] if trace is not None else said
        if row["trace_id"] is None:
            start = first.get(short(row["session_id"]), said)
        fact = {
            "trace": trace,
            "start_ns": start,
            "score": short(row["name"]),
            "score_kind": row["kind"],
            "value": row["value"],
            "label": short(row["label"]),
            "source": row["source"],
            "author": short(row["author"]),
        }
        counted[repr(sorted(fact.items()))] += 1
    return {score: {"count": count} for score, count in counted.items()}
