"""From nothing to a painted window, and on to the first page of a large database; every start is a process."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.data import SPANS, database
from tests.bench.figures import Figure, cache_folder, median, percentile, times


def measure(quick: bool) -> Iterator[Figure]:
    """The painted window in ratio to a bare one; the first page after the window."""
    rounds = 5 if quick else 11
    bare: list[float] = []
    ours: list[float] = []
    for number in range(rounds + 1):
        # in turn, so that both see the same machine; the first ones warm the disk's cache
        for module, taken in (("bare_window", bare), ("our_window", ours)):
            milliseconds = _start(module)[0]
            if number:
                taken.append(milliseconds)
    ratio = median([mine / floor for mine, floor in zip(ours, bare, strict=True)])
    note = f"floor: a bare PySide6 window; {median(ours):.0f} ms over {median(bare):.0f} ms"
    yield Figure("cold start to painted window", "x", ratio, 3.0, 1.0, note)
    path = database(SPANS // 10 if quick else SPANS)
    floor = median(times(lambda: _bare(path), 5))
    pages = [_start("our_window", str(path))[1] for _ in range(rounds)]
    note = f"floor: SELECT of all keys and 200 rows; p50 {median(pages):.0f} ms"
    yield Figure("window to first page, 1 M spans, p95", "ms", percentile(pages, 95), 500.0, floor, note)


def _start(module: str, *arguments: str) -> tuple[float, float]:
    """Milliseconds to the painted window, and from there to the first page."""
    with tempfile.TemporaryDirectory() as folder:
        # compiled modules are kept, as where a program is installed
        places = {"TAILRACE_DATA": folder, "PYTHONPYCACHEPREFIX": str(cache_folder() / "compiled")}
        environment = os.environ | places | {"QT_QPA_PLATFORM": "offscreen"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{module}", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout as out:
            line = out.readline()
            painted = (time.perf_counter() - began) * 1e3
            rest = out.read().split()
        if process.wait() or line != "painted\n":
            raise RuntimeError(f"{module} {' '.join(arguments)} did not paint")
        return painted, float(rest[1]) * 1e3 if rest else 0.0


def _bare(path: Path) -> int:
    connection = sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)
    try:
        keys = connection.execute("SELECT id FROM trace ORDER BY start_ns DESC").fetchall()
        marks = ",".join("?" * 200)
        first = [key for (key,) in keys[:200]]
        return len(connection.execute(f"SELECT * FROM trace WHERE id IN ({marks})", first).fetchall())
    finally:
        connection.close()
