"""How long filters take over a million spans, against bare SQL on the same file.

Run as a script. The database is made once (some minutes) in the temporary folder and kept there; TAILRACE_BENCH names
another folder, the first argument another number of spans.
"""

from __future__ import annotations

import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path

from tailrace.model import (
    Cost,
    Event,
    Score,
    ScoreKind,
    ScoreSource,
    Sorting,
    SortKey,
    Span,
    SpanKind,
    SpanStatus,
    TraceFilter,
    Usage,
)
from tailrace.query import parse
from tailrace.store import Reader, Writer

SPANS = 1_000_000
VERSION = 5
DAY = 86_400_000_000_000
START = 1_790_000_000_000_000_000

# (filter, sorting); what a person types while looking for something
FILTERS: tuple[tuple[str, Sorting], ...] = (
    ("", Sorting()),
    ("", Sorting(SortKey.COST)),
    ("status:error", Sorting()),
    ("-status:error", Sorting(SortKey.DURATION)),
    ("name:support_agent.run", Sorting()),
    ("name:docs*", Sorting()),
    ("model:gpt-4o", Sorting()),
    ("model:gpt-4o*", Sorting(SortKey.TOKENS)),
    ("model:claude* status:error", Sorting()),
    ("kind:retriever", Sorting()),
    ("kind:tool -kind:retriever", Sorting()),
    ("tool:lookup_order", Sorting()),
    ("tag:refund OR tag:vip", Sorting()),
    ("prompt:answer@v8", Sorting()),
    ("latency:>2s", Sorting()),
    ("latency:>2s cost:>$0.01", Sorting(SortKey.COST)),
    ("tokens:>5k", Sorting(SortKey.TOKENS)),
    ("cost:>$0.001 env:prod", Sorting()),
    ("ttft:>800ms", Sorting(SortKey.TTFT)),
    ("errors:>=2", Sorting(SortKey.ERRORS)),
    ("spans:>12", Sorting(SortKey.SPANS)),
    ("session:s-1234*", Sorting()),
    ("user:u-77", Sorting()),
    ("version:2.4*", Sorting()),
    ("has:note", Sorting()),
    ("has:score thumb:down", Sorting()),
    ("score.relevance:>0.9", Sorting()),
    ("has:open-span OR has:missing-root", Sorting()),
    ("span:search_policies", Sorting()),
    ("span:chat*", Sorting()),
    ("(status:error OR latency:>10s) -env:staging model:gpt*", Sorting(SortKey.NAME, False)),
)
TEXTS = ("refund", "zebra", "the", '"refund policy"', "kolimer", "ziba*", "kolimer -model:gpt-4o", "nosuba OR zebra")
ATTRIBUTES = (
    *("attr.service.name:svc-2", "attr.customer.tier:gold", "attr.http.status_code:>499", "attr.rare.key:*"),
    *("attr.http.status_code:500", "attr.service.name:svc*", "attr.server.address:*", "-attr.customer.tier:gold"),
    *("attr.gen_ai.request.temperature:>0.5", "attr.thread.id:>140000003", "attr.gen_ai.response.id:a*"),
    *("attr.gen_ai.response.id:nothing", "attr.input.value:the*", "attr.customer.tier:gold status:error"),
)


def main() -> None:
    """Print the 50th and 95th percentile of each group, and of bare SQL."""
    spans = int(sys.argv[1]) if len(sys.argv) > 1 else SPANS
    path = database(spans)
    reader = Reader(path)
    floor = _time(lambda: _bare(path), 9)
    print(f"{path}: {path.stat().st_size / 1e9:.2f} GB")
    print(f"floor, SELECT id FROM trace ORDER BY start_ns DESC: p50 {_ms(floor, 50)} ms, p95 {_ms(floor, 95)} ms")
    _group(reader, "first question of each order", [("status:error", Sorting(key)) for key in SortKey], 0, floor)
    _group(reader, "filter to first page", FILTERS, 7, floor)
    _group(reader, "free text to first page", [(text, Sorting()) for text in TEXTS], 7, floor)
    _group(reader, "attributes to first page", [(text, Sorting()) for text in ATTRIBUTES], 7, floor)
    giant = giant_database()
    times = _time(lambda: Reader(giant).read_trace(1), 7)
    print(f"read and build a trace of 100,000 spans: p50 {_ms(times, 50)} ms, p95 {_ms(times, 95)} ms")


def _group(reader: Reader, title: str, filters: Sequence[tuple[str, Sorting]], rounds: int, floor: list[float]) -> None:
    """Each filter in turn, so that the reader remembers the orders and not the answer, as when a person types."""
    # more of them than the reader remembers answers
    others = [(parse(f"spans:>{900 + i}").tree, Sorting()) for i in range(12 if len(filters) < 12 else 0)]
    times: dict[tuple[str, Sorting], list[float]] = {item: [] for item in filters}
    found: dict[tuple[str, Sorting], int] = {}
    for number in range(rounds + 1):  # the first time warms the file's pages
        for item in filters:
            text, sorting = item
            tree = parse(text).tree
            assert tree is not None, parse(text).message
            began = time.perf_counter()
            answer = reader.list_traces(tree, TraceFilter(text), sorting)
            reader.read_rows(answer.keys[:200].tolist())
            if number or not rounds:
                times[item].append(time.perf_counter() - began)
            found[item] = len(answer.keys)
        for other, sorting in others:
            assert other is not None
            reader.list_traces(other, TraceFilter(), sorting)
    for item, of_filter in times.items():
        text, sorting = item
        print(f"  {_ms(of_filter, 50):>7} ms {_ms(of_filter, 95):>7} ms {found[item]:>8,}  {text} [{sorting.key}]")
    everything = [value for of_filter in times.values() for value in of_filter]
    ratio = statistics.median(everything) / statistics.median(floor)
    print(f"{title}: p50 {_ms(everything, 50)} ms, p95 {_ms(everything, 95)} ms, {ratio:.1f} x the floor", flush=True)


def _time(work: Callable[[], object], rounds: int) -> list[float]:
    work()
    times: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times


def _ms(times: list[float], percentile: int) -> str:
    ordered = sorted(times)
    return f"{ordered[min(len(ordered) - 1, len(ordered) * percentile // 100)] * 1e3:.1f}"


def _bare(path: Path) -> int:
    connection = sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)
    try:
        return len(connection.execute("SELECT id FROM trace ORDER BY start_ns DESC").fetchall())
    finally:
        connection.close()


def _folder() -> Path:
    folder = Path(os.environ.get("TAILRACE_BENCH") or Path(tempfile.gettempdir()) / "tailrace-bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def database(spans: int = SPANS) -> Path:
    """The database of synthetic traces, made when it is not there."""
    return _made(_folder() / f"queries-{VERSION}-{spans}.tailrace", lambda: _traces(spans))


def giant_database(spans: int = 100_000) -> Path:
    """A database of one trace."""
    return _made(_folder() / f"giant-{VERSION}-{spans}.tailrace", lambda: _giant(spans))


def _made(path: Path, spans: Callable[[], Iterator[Span | Score]]) -> Path:
    if path.exists():
        return path
    part = path.with_suffix(".part")
    for leftover in path.parent.glob(part.name + "*"):
        leftover.unlink()
    began = time.perf_counter()
    with Writer(part) as writer:
        batch: list[Span | Score] = []
        for span in spans():
            batch.append(span)
            if len(batch) >= 2000:
                writer.write(batch)
                batch.clear()
        writer.write(batch)
        writer.settle()
        print(f"written in {time.perf_counter() - began:.0f} s", flush=True)
        writer.index()
        print(f"indexed after {time.perf_counter() - began:.0f} s", flush=True)
    connection = sqlite3.connect(part)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    part.rename(path)
    return path


_KNOWN = ("the", "to", "customer", "please", "refund", "policy", "order", "within", "days", "account")
_SYLLABLES = ("ba", "ko", "li", "mer", "no", "pas", "ri", "su", "ten", "vo", "wa", "zi", "dur", "fe", "gol", "hi")
_WORDS = (*_KNOWN, *("".join(parts) for parts in product(_SYLLABLES, repeat=3)))
_WEIGHTS = [1 / (rank + 3) for rank in range(len(_WORDS))]
_MODELS = ("gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "gpt-4.1", "claude-haiku-4-5", "gemini-2.5-flash")
_APPS = ("support_agent.run", "docs_rag.answer", "ops_agent.loop", "research_crew.kickoff")
_TOOLS = ("search_policies", "lookup_order", "create_ticket", "send_email", "sql_query", "get_weather")


def _traces(count: int) -> Iterator[Span | Score]:
    rng = random.Random(7)
    resources = [{"service.name": f"svc-{i}", "deployment.environment": "prod"} for i in range(4)]
    texts = [" ".join(rng.choices(_WORDS, _WEIGHTS, k=60)) for _ in range(3000)]
    texts += [f"{texts[i]} zebra" for i in range(3)]
    made = number = 0
    while made < count:
        number += 1
        app = rng.choices(range(4), (45, 27, 20, 8))[0]
        start = START + int(rng.random() * 14 * DAY)
        trace_id = f"{rng.getrandbits(128):032x}"
        spans = min(rng.choice((3, 4, 6, 8, 10, 12, 22)), max(count - made, 1))
        session = f"s-{number // 4}"
        failed = rng.random() < 0.06
        ids = [f"{rng.getrandbits(64):016x}" for _ in range(spans)]
        when = start
        for i in range(spans):
            kind = SpanKind.AGENT if i == 0 else (SpanKind.LLM, SpanKind.TOOL, SpanKind.RETRIEVER)[(i + app) % 3]
            model = rng.choices(_MODELS, (40, 30, 12, 8, 6, 4))[0] if kind is SpanKind.LLM else None
            tool = rng.choice(_TOOLS) if kind is SpanKind.TOOL else None
            length = int(rng.lognormvariate(20, 1.2))
            error = failed and i in (0, spans - 1)
            if i == 0:
                name = _APPS[app]
            else:
                name = f"chat {model}" if model else tool or "retrieve"
            yield Span(
                trace_id,
                ids[i],
                None if i == 0 else ids[max(0, i - 1 - i % 3)],
                name,
                when,
                None if rng.random() < 0.0002 else when + length * (3 if i == 0 else 1),
                kind=kind,
                status=SpanStatus.ERROR if error else SpanStatus.OK,
                status_message="the upstream server did not answer" if error else "",
                model=model,
                provider="openai" if model else None,
                tool_name=tool,
                prompt_name="answer" if model and app == 1 else None,
                prompt_version=f"v{7 + number % 2}" if model and app == 1 else None,
                session_id=session if i == 0 else None,
                user_id=f"u-{number % 900}" if i == 0 else None,
                environment="staging" if number % 12 == 0 else "prod",
                version=f"2.{number % 7}.1",
                tags=(("refund", "vip", "beta", "internal")[number % 4],) if i == 0 and number % 3 == 0 else (),
                ttft_ns=length // 4 if model else None,
                usage=Usage(rng.randrange(50, 4000), rng.randrange(5, 900)) if model else None,
                cost=Cost(rng.random() * 0.01) if model else None,
                input=texts[rng.randrange(len(texts) if rng.random() < 0.001 else 3000)],
                input_key="input.value",
                output=texts[rng.randrange(3000)],
                output_key="output.value",
                attributes={
                    "gen_ai.operation.name": "chat" if model else "execute",
                    "gen_ai.request.temperature": 0.7,
                    "gen_ai.response.id": ids[i],
                    "http.status_code": 500 if error else 200,
                    "customer.tier": ("gold", "silver", "bronze")[number % 3],
                    "server.address": "api.example.org",
                    "thread.id": 140_000_000 + i,
                    "thread.name": "MainThread",
                    "code.function": "run",
                    "metadata": {"turn": i, "flags": ["a", "b"]},
                }
                | ({"rare.key": "yes"} if rng.random() < 0.00005 else {}),
                resource=resources[app],
                scope_name="synthetic",
                events=(Event("exception", when, {"exception.type": "TimeoutError"}),) if error else (),
            )
            when += length // 3 + 1
            made += 1
        if number % 4 == 0:
            yield _score(trace_id, "relevance", ScoreKind.NUMBER, rng.random(), start)
        if number % 30 == 0:
            yield _score(trace_id, "thumb", ScoreKind.THUMB, float(number % 60 == 0), start)
        if number % 200 == 0:
            yield _score(trace_id, "note", ScoreKind.TEXT, None, start)


def _score(trace_id: str, name: str, kind: ScoreKind, value: float | None, when: int) -> Score:
    comment = "look at this" if kind is ScoreKind.TEXT else None
    return Score(
        f"{trace_id}:{name}",
        name,
        kind,
        trace_id,
        value=value,
        comment=comment,
        source=ScoreSource.PERSON,
        created_ns=when,
    )


def _giant(count: int) -> Iterator[Span | Score]:
    rng = random.Random(3)
    ids = [f"{rng.getrandbits(64):016x}" for _ in range(count)]
    for i in range(count):
        start = START + i * 1_000_000
        yield Span(
            "f" * 32,
            ids[i],
            None if i == 0 else ids[rng.randrange(max(0, i - 400), i)],
            f"step {i % 50}",
            start,
            start + rng.randrange(10**9),
            kind=SpanKind.LLM if i % 3 else SpanKind.TOOL,
            status=SpanStatus.ERROR if i % 997 == 996 else SpanStatus.OK,
            usage=Usage(100, 20) if i % 3 else None,
            cost=Cost(0.001 * (i % 7)) if i % 3 else None,
            input="x",
        )


if __name__ == "__main__":
    main()
