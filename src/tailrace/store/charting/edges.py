"""Which of some half-open intervals a value is in, as an SQL expression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tailrace.store.charting.statement import GREATEST, LEAST, Bindings


@dataclass(frozen=True, slots=True)
class _Run:
    """Intervals of one width in a row: `first` is the place of the first, which begins at `start`."""

    first: int
    start: int | float
    width: int | None  # None: one interval alone


def place_of(value: str, edges: Sequence[int] | Sequence[float], bindings: Bindings) -> str:
    """The i for which edges[i] <= value < edges[i + 1], of a value from the first edge to below the last. Runs of whole
    numbers equally far apart are divided, what is between them is decided by halves: a year of days with 23 and 25
    hours among them takes two or three comparisons."""
    return _decided(value, _runs(edges), bindings)


def _runs(edges: Sequence[int] | Sequence[float]) -> list[_Run]:
    runs: list[_Run] = []
    divisible = all(isinstance(edge, int) for edge in edges) and edges[-1] - edges[0] <= GREATEST
    for place, (start, end) in enumerate(pairwise(edges)):
        width = int(end - start) if divisible else None
        if not width or not runs or runs[-1].width != width:
            runs.append(_Run(place, start, width))
    ends = [run.first for run in runs[1:]] + [len(edges) - 1]
    return [
        run if end - run.first > 1 else _Run(run.first, run.start, None) for run, end in zip(runs, ends, strict=True)
    ]


def _decided(value: str, runs: Sequence[_Run], bindings: Bindings) -> str:
    """As deep as the number of runs has binary digits."""
    if len(runs) > 1:
        middle = len(runs) // 2
        edge = runs[middle].start
        bound = bindings.bind(min(max(edge, LEAST), GREATEST) if isinstance(edge, int) else edge)
        below, above = (_decided(value, half, bindings) for half in (runs[:middle], runs[middle:]))
        return f"CASE WHEN {value} < {bound} THEN {below} ELSE {above} END"
    run = runs[0]
    if run.width is None:
        return str(run.first)
    divided = f"({value} - {bindings.bind(run.start)}) // {bindings.bind(run.width)}"
    return f"{run.first} + {divided}" if run.first else divided
