"""How fast OTLP JSON lines become records, beside orjson alone: python tests/bench/otlp_import.py FILE [ROUNDS]."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import orjson

from tailrace.formats import recognise
from tailrace.model import Span


def main(path: Path, rounds: int) -> None:
    """Print spans a second and microseconds a span in processor time, the best of some rounds."""
    best = floor = float("inf")
    spans = 0
    for _ in range(rounds):
        began = time.process_time()
        spans = sum(type(record) is Span for record in recognise(path).read(path, None))
        best = min(best, time.process_time() - began)
        began = time.process_time()
        with path.open("rb") as file:
            for line in file:
                orjson.loads(line)
        floor = min(floor, time.process_time() - began)
    print(
        f"{spans:,} spans: {spans / best:,.0f}/s, {best / spans * 1e6:.1f} µs a span, {best / floor:.1f}x orjson alone"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
