"""How far a reviewer is with a queue, how fast, and how long the rest will take."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from tailrace.model.review import DEFERRED, FAILED, OPEN, PASSED, Visit
from tailrace.model.words import format_count

PACE_VISITS: Final = 20


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of items by state; `pace_ms` milliseconds an item takes and `left_s` seconds until the open ones are
    done at that pace, None where nothing is known yet."""

    size: int
    passed: int
    failed: int
    deferred: int
    open: int
    pace_ms: int | None
    left_s: int | None

    @property
    def done(self) -> int:
        """Items with a verdict, deferred ones too."""
        return self.passed + self.failed + self.deferred


def progress_of(counts: Sequence[int], visits: Sequence[Visit], done: Container[str] = ()) -> Progress:
    """Progress out of how many items have each state (OPEN, PASSED, FAILED, DEFERRED) and the latest visits, in any
    order.

    The pace is the median of the last 20 visits. With `done`, the trace ids of items that have a verdict, only visits
    to these count, unless there are none: leafing through open items is not reviewing them."""
    latest = sorted(visits, key=lambda visit: visit.began_ns, reverse=True)
    counted = [visit for visit in latest if visit.trace_id in done] or latest
    pace = round(median(max(visit.spent_ms, 0) for visit in counted[:PACE_VISITS])) if counted else None
    remaining = counts[OPEN]
    left = 0 if not remaining else None if pace is None else round(remaining * pace / 1000)
    return Progress(
        sum(counts), counts[PASSED], counts[FAILED], counts[DEFERRED], counts[OPEN], pace_ms=pace, left_s=left
    )


def progress_words(progress: Progress) -> str:
    """68 of 200 · 41 pass · 23 fail · 4 deferred · ~9 s each · 20 min left. What is zero or unknown is left out."""
    if not progress.size:
        return "nothing to review"
    words = [f"{format_count(progress.done)} of {format_count(progress.size)}"]
    for count, word in ((progress.passed, "pass"), (progress.failed, "fail"), (progress.deferred, "deferred")):
        if count:
            words.append(f"{format_count(count)} {word}")
    if progress.pace_ms is not None:
        words.append(f"~{_each(progress.pace_ms)} each")
    if progress.left_s is not None:
        words.append(f"{_left(progress.left_s)} left" if progress.open else "all done")
    return " · ".join(words)


def pace_words(milliseconds: int) -> str:
    """What one item takes: about 9.2 s, under a second."""
    return "under a second" if milliseconds < 1000 else f"about {_each(milliseconds)}"


def _each(milliseconds: int) -> str:
    seconds = milliseconds / 1000
    if seconds < 9.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    return f"{seconds:.0f} s" if seconds < 99.5 else f"{max(round(seconds / 60), 2)} min"


def _left(seconds: int) -> str:
    minutes = max(round(seconds / 60), 1)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"
