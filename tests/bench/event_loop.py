"""How long the window does not answer while it imports: gaps between the ticks of a timer in the real window."""

from __future__ import annotations

import time
from collections.abc import Iterator
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from tests.bench.data import otlp_lines
from tests.bench.figures import Figure, median, percentile
from tests.bench.window import wait_idle, wait_until, window

TICK_MS = 8
# spans a line: an application writes few, a collector under load thousands
LINES = (1, 20, 100, 512, 2048)


class Ticks(QObject):
    """Times between ticks, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def take(self) -> list[float]:
        """What has been seen since the last call."""
        taken, self.gaps = self.gaps, []
        return taken

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1e3)
        self._last = now


def measure(quick: bool) -> Iterator[Figure]:
    """The 99th percentile and the largest gap, while importing and while the text index follows."""
    path = otlp_lines(20_000 if quick else 100_000, LINES)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAILRACE_DATA", folder)
        with window() as shown:
            wait_idle(shown)
            reports: list[object] = []
            lists: list[object] = []
            shown.session.imported.connect(reports.append)
            shown.page.counted.connect(lists.append)
            ticks = Ticks()
            until = time.monotonic() + 1.0
            wait_until(lambda: time.monotonic() > until)
            floor = percentile(ticks.take(), 99)
            shown.open([path])
            wait_until(lambda: bool(reports))
            importing = ticks.take()
            seen = len(lists)
            wait_until(lambda: not shown.session.jobs.busy)
            indexing = ticks.take()
            wait_idle(shown)
    note = f"floor: the same window idle; p50 {median(importing):.0f} ms, {seen} listings meanwhile"
    yield Figure("gap while importing, p99", "ms", percentile(importing, 99), 50.0, floor, note)
    yield Figure("gap while importing, largest", "ms", max(importing), None, floor)
    yield Figure("gap while indexing, p99", "ms", percentile(indexing, 99), 50.0, floor)
    yield Figure("gap while indexing, largest", "ms", max(indexing), None, floor)
