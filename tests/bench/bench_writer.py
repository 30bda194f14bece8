"""What a span costs to write, against a bare executemany of the same rows into the same tables.

Run as a script; the first argument is another number of spans, the second another number of spans a trace.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tailrace.model import Cost, CostSource, Event, Span, SpanKind, SpanStatus, Usage
from tailrace.store import Writer
from tailrace.store.rows import PAYLOAD_COLUMNS, SPAN_COLUMNS, payload_row, span_row
from tailrace.store.schema import ORDINAL_BITS, PAGE_SIZE

SPANS = 100_000
SPANS_A_TRACE = 13
BATCH = 1_000
START = 1_760_000_000_000_000_000
KINDS = (SpanKind.AGENT, SpanKind.LLM, SpanKind.TOOL)
WORDS = (
    "the quick brown fox",
    "jumps over",
    "a lazy dog",
    "and tells",
    "the model",
    "what it should",
    "answer",
    "today",
)


def make_spans(count: int, each: int) -> list[Span]:
    """Spans with some 2 kB of input, output and attributes."""
    rnd = random.Random(1)
    resources = [{"service.name": f"service {i}", "telemetry.sdk.name": "opentelemetry"} for i in range(5)]
    texts = [" ".join(rnd.choices(WORDS, k=85)) for _ in range(500)]
    made: list[Span] = []
    for i in range(count):
        trace, place = divmod(i, each)
        model_call = place % 3 == 1
        made.append(
            Span(
                trace_id=f"{trace + 1:032x}",
                span_id=f"{i + 1:016x}",
                parent_id=f"{trace * each + 1:016x}" if place else None,
                name=("agent", "chat", "tool")[place % 3],
                start_ns=START + i * 1_000_000,
                end_ns=START + i * 1_000_000 + 5_000_000,
                kind=KINDS[place % 3],
                status=SpanStatus.OK,
                model="gpt-4o" if model_call else None,
                session_id=f"s{trace % 100}",
                ttft_ns=100_000 if model_call else None,
                usage=Usage(100, 20, 120) if model_call else None,
                input=rnd.choice(texts),
                input_key="input.value",
                output=rnd.choice(texts),
                output_key="output.value",
                attributes={f"gen_ai.request.attribute{j}": j if j % 2 else f"value {j}" for j in range(12)},
                resource=resources[trace % 5],
                events=(Event("exception", START, {"exception.message": "x"}),) if place == 5 else (),
            )
        )
    return made


def price(model: str | None, provider: str | None, usage: Usage, start_ns: int) -> Cost:
    """A price that costs nothing to find."""
    return Cost(0.01, CostSource.PRICE_TABLE)


def floor(folder: Path, spans: list[Span]) -> float:
    """Seconds that SQLite alone takes for the rows, ready made."""
    rows = [span_row(s, s.span_id, (i + 1) << ORDINAL_BITS, i, price) for i, s in enumerate(spans)]
    payloads = [payload_row(s, (i + 1) << ORDINAL_BITS, 1) for i, s in enumerate(spans)]
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"CREATE TABLE span (id INTEGER PRIMARY KEY, {', '.join(SPAN_COLUMNS[1:])})")
    connection.execute(f"CREATE TABLE payload (id INTEGER PRIMARY KEY, {', '.join(PAYLOAD_COLUMNS[1:])})")
    began = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO span VALUES ({', '.join('?' * len(SPAN_COLUMNS))})", rows[at : at + BATCH])
        connection.executemany(
            f"INSERT INTO payload VALUES ({', '.join('?' * len(PAYLOAD_COLUMNS))})", payloads[at : at + BATCH]
        )
        connection.execute("COMMIT")
    taken = time.perf_counter() - began
    connection.close()
    return taken


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SPANS
    spans = make_spans(count, int(sys.argv[2]) if len(sys.argv) > 2 else SPANS_A_TRACE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = floor(folder, spans)
        longest = 0.0

        def timed(title: str, work: Callable[[], object]) -> float:
            began = time.perf_counter()
            work()
            taken = time.perf_counter() - began
            print(f"{title:<28}{taken / count * 1e6:8.2f} µs a span")
            return taken

        def write() -> None:
            nonlocal longest
            for at in range(0, count, BATCH):
                began = time.perf_counter()
                writer.write(spans[at : at + BATCH])
                longest = max(longest, time.perf_counter() - began)

        with Writer(folder / "bench.tailrace", price) as writer:
            print(f"{'bare executemany':<28}{bare / count * 1e6:8.2f} µs a span")
            taken = timed("write", write)
            print(f"{'':<28}{taken / bare:8.2f} x bare; longest batch {longest * 1e3:.0f} ms")
            timed("settle", writer.settle)
            timed("write the same again", write)
            timed("index", writer.index)


if __name__ == "__main__":
    main()
