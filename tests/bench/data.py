"""The data that is measured: made once, by Tailrace's own writer or as OTLP lines, and kept between runs."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import orjson
from tests.bench.figures import cache_folder

from tailrace.model import Cost, Event, Score, ScoreKind, ScoreSource, Span, SpanKind, SpanStatus, Usage
from tailrace.store import Writer

SPANS = 1_000_000
VERSION = 6
DAY = 86_400_000_000_000
START = 1_790_000_000_000_000_000


def database(spans: int = SPANS) -> Path:
    """The database of synthetic traces, made when it is not there."""
    return _made(cache_folder() / f"queries-{VERSION}-{spans}.tailrace", lambda: _traces(spans))


def giant_database(spans: int = 100_000) -> Path:
    """A database of one trace."""
    return _made(cache_folder() / f"giant-{VERSION}-{spans}.tailrace", lambda: _giant(spans))


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


def otlp_lines(spans: int, each: tuple[int, ...] = (100,)) -> Path:
    """OTLP JSON lines as the Collector writes them, some 2 kB a span, `each` spans a line in turn."""
    path = cache_folder() / f"otlp-{VERSION}-{spans}-{'-'.join(map(str, each))}.jsonl"
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            made = line = 0
            source = _otlp_spans(spans)
            while made < spans:
                size = min(each[line % len(each)], spans - made)
                resource = {"attributes": [_attribute("service.name", f"service {line % 5}")]}
                scoped = [{"scope": {"name": "bench", "version": "1"}, "spans": [next(source) for _ in range(size)]}]
                file.write(orjson.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": scoped}]}) + b"\n")
                made += size
                line += 1
        part.rename(path)
    return path


def payload_database(characters: int) -> Path:
    """A database whose one trace has a small root, a span whose answer is one long text and one whose input is one
    large JSON document."""
    return _made(cache_folder() / f"payload-{VERSION}-{characters}.tailrace", lambda: _payload(characters))


def _payload(characters: int) -> Iterator[Span | Score]:
    rng = random.Random(5)
    words = " ".join(rng.choices(_WORDS, _WEIGHTS, k=2000))
    lines = "\n".join(words[i : i + 90] for i in range(0, len(words), 90))
    text = (lines * (characters // len(lines) + 1))[:characters]
    rows = [{"id": i, "text": words[i % 900 :][:400], "score": i / 7} for i in range(characters // 450)]
    for number, (given, key) in enumerate(
        (("hello", "input.value"), (text, "input.value"), (orjson.dumps(rows).decode(), "input.value"))
    ):
        yield Span(
            "e" * 32,
            f"{number + 1:016x}",
            f"{1:016x}" if number else None,
            ("root", "long text", "long JSON")[number],
            START + number,
            START + 10**9,
            kind=SpanKind.LLM if number else SpanKind.AGENT,
            input=given,
            input_key=key,
        )


def _otlp_spans(count: int) -> Iterator[dict[str, object]]:
    rng = random.Random(11)
    texts = [" ".join(rng.choices(_WORDS, _WEIGHTS, k=60)) for _ in range(500)]
    made = 0
    while made < count:
        trace_id = f"{rng.getrandbits(128):032x}"
        size = rng.choice((3, 4, 6, 8, 10, 12, 22))
        ids = [f"{rng.getrandbits(64):016x}" for _ in range(size)]
        start = START + made * 1_000_000
        for i in range(size):
            kind = ("AGENT", "LLM", "TOOL")[0 if i == 0 else 1 + i % 2]
            attributes = [
                _attribute("openinference.span.kind", kind),
                _attribute("input.value", rng.choice(texts)),
                _attribute("output.value", rng.choice(texts)),
                _attribute("session.id", f"s{made % 400}"),
                _attribute("user.id", f"u{made % 90}"),
                _attribute("thread.name", "MainThread"),
                _attribute("code.function", "run"),
                _attribute("server.address", "api.example.org"),
                _attribute("customer.tier", ("gold", "silver", "bronze")[made % 3]),
                {"key": "http.status_code", "value": {"intValue": "200"}},
            ]
            if kind == "LLM":
                attributes += [
                    _attribute("llm.model_name", "gpt-4o-mini"),
                    _attribute("llm.provider", "openai"),
                    {"key": "llm.token_count.prompt", "value": {"intValue": str(rng.randrange(50, 4000))}},
                    {"key": "llm.token_count.completion", "value": {"intValue": str(rng.randrange(5, 900))}},
                    _attribute("llm.invocation_parameters", '{"temperature":0.7,"top_p":1}'),
                ]
            yield {
                "traceId": trace_id,
                "spanId": ids[i],
                "parentSpanId": ids[max(0, i - 1 - i % 3)] if i else "",
                "name": ("agent.run", "chat gpt-4o-mini", "lookup_order")[0 if i == 0 else 1 + i % 2],
                "kind": 1,
                "startTimeUnixNano": str(start + i * 1000),
                "endTimeUnixNano": str(start + i * 1000 + rng.randrange(10**9)),
                "attributes": attributes,
                "status": {"code": 2} if rng.random() < 0.01 else {},
            }
            made += 1
            if made == count:
                return


def _attribute(key: str, value: str) -> dict[str, object]:
    return {"key": key, "value": {"stringValue": value}}
