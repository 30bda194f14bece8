"""A payload of 20 MB: from the click on its span to the inspector's first screen."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.data import payload_database
from tests.bench.figures import Figure, median, percentile, times
from tests.bench.window import Paints, wait_idle, wait_until, window

from tailrace.ui.main_window import MainWindow
from tailrace.ui.views.messages.text_block import TextBlock


def measure(quick: bool) -> Iterator[Figure]:
    """A long text and a large JSON document."""
    path = payload_database(2_000_000 if quick else 20_000_000)
    floor = median(times(lambda: _bare(path), 5))
    with window() as shown:
        shown.open([path])
        wait_until(lambda: shown.page.trace is not None)
        wait_idle(shown)
        for span, title in ((f"{2:016x}", "text"), (f"{3:016x}", "JSON")):
            taken = [_click(shown, span) for _ in range(3 if quick else 7)]
            note = f"floor: SELECT of the text; p50 {median(taken):.0f} ms"
            yield Figure(f"20 MB of {title} to its first screen, p95", "ms", percentile(taken, 95), 200.0, floor, note)


def _click(shown: MainWindow, span: str) -> float:
    page = shown.page
    shown.session.selection.select_span(f"{1:016x}")
    wait_idle(shown)
    column = page.inspector.messages.column
    began = time.perf_counter()
    shown.session.selection.select_span(span)

    def is_there() -> bool:
        # its beginning; a large JSON document is laid out behind that
        detail = page._detail
        if detail is None or detail.span.span_id != span:
            return False
        return any(not block.body.document().isEmpty() for block in column.findChildren(TextBlock))

    wait_until(is_there)
    paints = Paints(column.viewport())
    column.viewport().update()
    wait_until(lambda: paints.count > 0)
    return (time.perf_counter() - began) * 1e3


def _bare(path: Path) -> int:
    connection = sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)
    try:
        (text,) = connection.execute("SELECT max(input) FROM span_payload GROUP BY id = 0").fetchone()
        return len(text)
    finally:
        connection.close()
