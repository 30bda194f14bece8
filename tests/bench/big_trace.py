"""A trace of 100,000 spans: from the click to the painted waterfall in the real window, and frames after that."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget
from tests.bench.data import giant_database
from tests.bench.figures import Figure, median, percentile, times
from tests.bench.window import Paints, wait_idle, wait_until, window

from tailrace.model import Trace
from tailrace.ui.main_window import MainWindow
from tailrace.ui.theme import ui_font
from tailrace.ui.views.waterfall import Column, WaterfallView
from tailrace.ui.views.waterfall.keys import Step


def measure(quick: bool) -> Iterator[Figure]:
    """The click, then frames of scrolling, zooming, panning and stepping."""
    path = giant_database(20_000 if quick else 100_000)
    floor = median(times(lambda: _bare(path), 3))
    with window() as shown:
        shown.open([path])
        wait_until(lambda: shown.page.trace is not None)
        wait_idle(shown)
        clicks = [_click(shown) for _ in range(3 if quick else 7)]
        note = f"floor: SELECT * of its spans; p50 {median(clicks):.0f} ms"
        yield Figure("click to 100,000 spans painted, p95", "ms", percentile(clicks, 95), 700.0, floor, note)
        assert shown.page.trace is not None
        yield from _frames(shown.page.waterfall, shown.page.trace, 60 if quick else 150)


def _click(shown: MainWindow) -> float:
    page = shown.page
    paints = Paints(page.waterfall.area.viewport())
    (key,) = page.model.page_keys(0).tolist()
    shown.session.selection.select_trace(None)
    wait_idle(shown)
    began = time.perf_counter()
    shown.session.selection.select_trace(key)
    wait_until(lambda: page.trace is not None)
    paints.count = 0
    page.waterfall.area.viewport().update()
    wait_until(lambda: paints.count > 0)
    taken = (time.perf_counter() - began) * 1e3
    wait_idle(shown)
    return taken


def _frames(view: WaterfallView, trace: Trace, frames: int) -> Iterator[Figure]:
    size = view.size()
    canvas = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    floor = median(times(lambda: _text_rows(canvas, view), 20))
    bar = view.area.verticalScrollBar()

    def run(name: str, step: Callable[[int], object], limit: float | None = 10.0) -> Figure:
        taken: list[float] = []
        for i in range(frames):
            began = time.perf_counter()
            step(i)
            view.render(canvas)
            taken.append((time.perf_counter() - began) * 1e3)
        note = f"floor: a screen of text rows; p50 {median(taken):.1f} ms"
        return Figure(f"frame: {name}, p95", "ms", percentile(taken, 95), limit, floor, note)

    yield run("scroll by leaps", lambda i: bar.setValue(i * 4_777 % max(bar.maximum(), 1)))
    yield run("scroll", lambda i: bar.setValue(5_000 + i * 24))
    yield run("zoom", lambda i: view.area.zoomed.emit(2 if i % 100 < 50 else -2, 300 + i, 1000))
    view.area.zoomed.emit(40, 500, 1000)
    yield run("pan", lambda i: view.pan_right())
    view.fit_all()
    yield run("step down", lambda i: view.area.stepped.emit(Step.DOWN))
    yield run("next error", lambda i: view.next_error())
    view.set_columns(frozenset(Column))
    yield run("scroll with all columns", lambda i: bar.setValue(i * 4_777 % max(bar.maximum(), 1)))
    view.set_columns(frozenset())
    yield run("collapse and expand all", lambda i: view.expand_all() if i % 2 else view.collapse_all(), None)
    some = frozenset(trace.tree.span_ids[::7])
    yield run("hide by find", lambda i: view.set_matches(some if i % 2 else None, hide=True), None)


def _text_rows(canvas: QImage, view: QWidget) -> None:
    """What no view of rows can do without: a line of text a row."""
    with QPainter(canvas) as painter:
        painter.fillRect(canvas.rect(), view.palette().window())
        painter.setFont(ui_font())
        for top in range(0, canvas.height(), 24):
            painter.drawText(QRect(8, top, 240, 24), 0, f"step {top} of a task")


def _bare(path: Path) -> int:
    connection = sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)
    try:
        return len(connection.execute("SELECT * FROM span").fetchall())
    finally:
        connection.close()
