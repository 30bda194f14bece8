"""The columns that charts are made of, from nothing and afterwards, against a bare read of the same columns."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.data import SPANS, database
from tests.bench.figures import Figure, cache_folder, median, times

from tailrace.store import Reader
from tailrace.store.columns import Columns

_READ = (
    "id, parent_id, start_ns, end_ns, name, kind, status, error_type, status_message, tool_name, agent_name, model,"
    " provider, prompt_name, prompt_version, ttft_ns, usage_counts, input_tokens, output_tokens, total_tokens,"
    " cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, cost_source"
)
# One that every span has, one that resources have, one that hardly any has, and one with a value of its own for each
_ATTRIBUTES = ("customer.tier", "service.name", "rare.key", "gen_ai.response.id")


def measure(quick: bool) -> Iterator[Figure]:
    """How fast they are filled, and how soon they are at hand."""
    spans = SPANS // 10 if quick else SPANS
    path = database(spans)
    floor = spans / median([_bare(path) for _ in range(3)])
    rates: list[float] = []
    waits: list[float] = []
    for _ in range(3):
        with tempfile.TemporaryDirectory(dir=cache_folder()) as folder, _Bystander() as bystander:
            rates.append(spans / _fill(path, Path(folder)))
        waits.append(bystander.longest_ms)
    note = f"floor: SELECT of the same columns; another thread waits {max(waits):.0f} ms at most meanwhile"
    yield Figure("columns from nothing", "spans/s", median(rates), 300_000, floor, note)
    with tempfile.TemporaryDirectory(dir=cache_folder()) as folder:
        reader = Reader(path)
        columns = Columns(path, Path(folder))
        columns.refresh(reader)
        yield Figure("columns when nothing is new", "ms", median(times(lambda: columns.refresh(reader), 50)), 5)
        first = {key: _timed(columns, key) for key in _ATTRIBUTES}
        slowest = max(first, key=lambda key: first[key])
        yield Figure("columns of an attribute, the first time", "ms", first[slowest], 2_000, None, f"of {slowest}")
        again = max(_timed(columns, key) for key in _ATTRIBUTES)
        yield Figure("columns of an attribute, after that", "ms", again, 5)
        began = time.perf_counter()
        columns.sessions(None)
        yield Figure("columns of sessions, the first time", "ms", (time.perf_counter() - began) * 1e3)
        began = time.perf_counter()
        columns.retrievals(None)
        yield Figure("columns of searches, the first time", "ms", (time.perf_counter() - began) * 1e3)
        columns.close()
        began = time.perf_counter()
        columns.refresh(reader)
        yield Figure("columns opened again", "ms", (time.perf_counter() - began) * 1e3)
        columns.close()
        reader.close()


def _fill(path: Path, folder: Path) -> float:
    reader = Reader(path)
    columns = Columns(path, folder)
    began = time.perf_counter()
    columns.refresh(reader)
    taken = time.perf_counter() - began
    columns.close()
    reader.close()
    return taken


def _bare(path: Path) -> float:
    connection = sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)
    try:
        began = time.perf_counter()
        cursor = connection.execute(f"SELECT {_READ} FROM span")
        while cursor.fetchmany(10_000):
            pass
        return time.perf_counter() - began
    finally:
        connection.close()


def _timed(columns: Columns, key: str) -> float:
    began = time.perf_counter()
    columns.attribute(None, key)
    return (time.perf_counter() - began) * 1e3


class _Bystander:
    """A thread that wants to run every few milliseconds, as the window's does, and notes how long it had to wait."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> _Bystander:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        wanted = 0.004
        while True:
            began = time.perf_counter()
            if self._done.wait(wanted):
                return
            self.longest_ms = max(self.longest_ms, (time.perf_counter() - began - wanted) * 1e3)
