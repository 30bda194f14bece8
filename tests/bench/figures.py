"""What a measurement says: a figure beside its limit and beside a floor measured in the same run."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `value`, `limit` and `floor` are in `unit` ("ms", "x" for a ratio to the floor, or
    "spans/s", where more is better). Without a limit it is told and not judged. `note` names the floor, or what else
    there is to know."""

    name: str
    unit: str
    value: float
    limit: float | None = None
    floor: float | None = None
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether the budget is kept."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.unit.endswith("/s") else self.value <= self.limit

    @property
    def ratio(self) -> float | None:
        """How many times the floor."""
        return self.value / self.floor if self.floor else None


def times(work: Callable[[], object], rounds: int, warm: bool = True) -> list[float]:
    """Milliseconds of each of some rounds, after one that warms."""
    if warm:
        work()
    taken: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1e3)
    return taken


def median(values: Sequence[float]) -> float:
    """The middle of some values."""
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which so many percent are."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def cache_folder() -> Path:
    """Where the data lives between runs. TAILRACE_BENCH names another place."""
    folder = Path(os.environ.get("TAILRACE_BENCH") or Path(tempfile.gettempdir()) / "tailrace-bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
