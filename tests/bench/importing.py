"""How fast OTLP JSON lines come in, against orjson alone and a bare executemany of the same columns."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
from tests.bench.data import otlp_lines
from tests.bench.figures import Figure, median

from tailrace.formats import recognise
from tailrace.model import Span
from tailrace.store.rows import PAYLOAD_COLUMNS, SPAN_COLUMNS, payload_row, span_row
from tailrace.store.schema import ORDINAL_BITS, PAGE_SIZE
from tailrace.workspace import Workspace

_BATCH = 2_000


def measure(quick: bool) -> Iterator[Figure]:
    """Spans a second through the workspace, the ratio to the floor, and the text index behind it."""
    count = 20_000 if quick else 100_000
    path = otlp_lines(count)
    floors: list[float] = []
    imports: list[float] = []
    indexes: list[float] = []
    for _ in range(3):
        # in turn, so that all see the same machine
        with tempfile.TemporaryDirectory() as folder:
            floors.append(_parse(path) + _insert(Path(folder), path))
            workspace = Workspace(Path(folder) / "bench.tailrace")
            workspace.prepare()
            began = time.perf_counter()
            report = workspace.import_source(path)
            imports.append(time.perf_counter() - began)
            assert report.spans == count, report
            began = time.perf_counter()
            workspace.index_search()
            indexes.append(time.perf_counter() - began)
            workspace.close()
    ratio = median([taken / floor for taken, floor in zip(imports, floors, strict=True)])
    each = 1e6 / count
    note = (
        f"floor: orjson and bare executemany; {median(imports) * each:.1f} over {median(floors) * each:.1f} µs a span"
    )
    yield Figure("import over its floor", "x", ratio, 3.0, 1.0, note)
    yield Figure("import", "spans/s", count / median(imports), 20_000.0, count / median(floors))
    yield Figure("text index behind it", "spans/s", count / median(indexes))


def _parse(path: Path) -> float:
    began = time.perf_counter()
    with path.open("rb") as file:
        for line in file:
            orjson.loads(line)
    return time.perf_counter() - began


def _insert(folder: Path, path: Path) -> float:
    """Seconds that SQLite alone takes for the rows, ready made."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"CREATE TABLE span (id INTEGER PRIMARY KEY, {', '.join(SPAN_COLUMNS[1:])})")
    connection.execute(f"CREATE TABLE payload (id INTEGER PRIMARY KEY, {', '.join(PAYLOAD_COLUMNS[1:])})")
    spans: list[tuple[object, ...]] = []
    payloads: list[tuple[object, ...]] = []
    taken = 0.0

    def flush() -> float:
        began = time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO span VALUES ({', '.join('?' * len(SPAN_COLUMNS))})", spans)
        connection.executemany(f"INSERT INTO payload VALUES ({', '.join('?' * len(PAYLOAD_COLUMNS))})", payloads)
        connection.execute("COMMIT")
        spans.clear()
        payloads.clear()
        return time.perf_counter() - began

    number = 0
    for record in recognise(path).read(path, None):
        if isinstance(record, Span):
            number += 1
            row_id = number << ORDINAL_BITS
            spans.append(span_row(record, record.span_id, row_id, number, None))
            payloads.append(payload_row(record, row_id, 1))
            if len(spans) == _BATCH:
                taken += flush()
    taken += flush()
    connection.close()
    return taken
