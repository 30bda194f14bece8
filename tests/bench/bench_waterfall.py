"""Times of the waterfall: first paint and frames for a large trace. Run as a script: bench_waterfall.py [SPANS]."""

from __future__ import annotations

import json
import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tailrace.model import SpanKind, SpanStatus, SpanTree, Trace, TraceRow
from tailrace.model.tree import KINDS
from tailrace.ui.theme import DARK, load_fonts, ui_font
from tailrace.ui.theme.tokens import palette
from tailrace.ui.views.waterfall import Column, WaterfallView, analyse
from tailrace.ui.views.waterfall.keys import Step


def large_tree(count: int, seed: int = 1) -> SpanTree:
    """A root, tasks of about twenty spans below it, and steps in three levels below each task."""
    rng = np.random.default_rng(seed)
    depth = np.minimum(1 + np.arange(count) % 20 // 5, 4).astype(np.int32)
    depth[np.arange(count) % 20 == 0] = 1
    depth[0] = 0
    rows = np.arange(count)
    parent = np.full(count, -1, np.int32)
    latest = np.zeros(count, np.int64)
    for level in range(1, 5):
        above = np.where(depth == level - 1, rows, -1)
        latest = np.maximum.accumulate(above)
        parent[depth == level] = latest[depth == level]
    subtree_end = np.full(count, count, np.int32)
    for level in range(1, 5):
        stops = np.flatnonzero(depth <= level)
        at = np.searchsorted(stops, rows[depth == level], side="right")
        subtree_end[depth == level] = np.append(stops, count)[at]
    gap = rng.exponential(20e6, count).astype(np.int64)
    gap[0] = 0
    start = np.cumsum(gap)
    duration = np.maximum(start[subtree_end - 1] - start, 0) + rng.exponential(15e6, count).astype(np.int64)
    kinds = rng.integers(2, len(KINDS), count).astype(np.int8)
    kinds[depth <= 1] = KINDS.index(SpanKind.CHAIN)
    return SpanTree(
        origin_ns=1_700_000_000_000_000_000,
        extent=int((start + duration).max()),
        span_ids=[f"{i:016x}" for i in range(count)],
        names=[f"step {i % 97} of a task" for i in range(count)],
        depth=depth,
        subtree_end=subtree_end,
        parent=parent,
        start=start,
        duration=duration,
        kind=kinds,
        status=(rng.random(count) < 0.02).astype(np.int8) * 2,
        marks=np.zeros(count, np.int8),
        tokens=rng.integers(-1, 4000, count).astype(np.int64),
        cost=rng.random(count),
        missing_parents={},
    )


def trace_of(tree: SpanTree) -> Trace:
    """A trace around a tree; the view reads the tree only."""
    row = TraceRow(
        key=1,
        trace_id="bench",
        name="bench",
        status=SpanStatus.OK,
        kind=SpanKind.AGENT,
        start_ns=tree.origin_ns,
        end_ns=tree.origin_ns + tree.extent,
        span_count=len(tree),
        error_count=0,
        input_tokens=None,
        output_tokens=None,
        total_tokens=None,
        cost=None,
        estimated_cost=False,
        unpriced_spans=0,
        ttft_ns=None,
        max_depth=1,
        input_preview="",
        output_preview="",
        session_id=None,
        user_id=None,
        environment=None,
        version=None,
        thumb=None,
        score_count=0,
        note_count=0,
    )
    return Trace(row, tree)


def measure(count: int = 100_000, frames: int = 150) -> dict[str, float]:
    """Milliseconds by name."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    app.setPalette(palette(DARK))
    load_fonts()
    app.setFont(ui_font())
    trace = trace_of(large_tree(count))
    view = WaterfallView()
    view.resize(1400, 900)
    view.show()
    app.processEvents()
    canvas = QImage(1400, 900, QImage.Format.Format_ARGB32_Premultiplied)
    view.render(canvas)

    figures: dict[str, float] = {}

    def took(since: float) -> float:
        return (time.perf_counter() - since) * 1e3

    began = time.perf_counter()
    view.show_trace(trace)
    view.render(canvas)
    figures["first paint"] = took(began)
    began = time.perf_counter()
    analysis = analyse(trace.tree)
    figures["analyse"] = took(began)
    view.set_analysis(analysis)
    bar = view.area.verticalScrollBar()

    def run(name: str, step: object) -> None:
        times = []
        for i in range(frames):
            began = time.perf_counter()
            step(i)  # type: ignore[operator]
            view.render(canvas)
            times.append(took(began))
        figures[f"{name} p50"] = float(np.percentile(times, 50))
        figures[f"{name} p95"] = float(np.percentile(times, 95))

    run("scroll", lambda i: bar.setValue(i * 4_777 % max(bar.maximum(), 1)))
    run("scroll slowly", lambda i: bar.setValue(5_000 + i * 24))
    run("zoom", lambda i: view.area.zoomed.emit(2 if i % 100 < 50 else -2, 300 + i, 1000))
    view.area.zoomed.emit(40, 500, 1000)
    run("pan", lambda i: view.pan_right())
    view.fit_all()
    run("keys down", lambda i: view.area.stepped.emit(Step.DOWN))
    run("next error", lambda i: view.next_error())
    view.set_columns(frozenset(Column))
    run("scroll with columns", lambda i: bar.setValue(i * 4_777 % max(bar.maximum(), 1)))
    began = time.perf_counter()
    view.collapse_all()
    view.render(canvas)
    figures["collapse all"] = took(began)
    began = time.perf_counter()
    view.expand_all()
    view.render(canvas)
    figures["expand all"] = took(began)
    began = time.perf_counter()
    view.set_matches(frozenset(trace.tree.span_ids[::7]), hide=True)
    view.render(canvas)
    figures["hide by find"] = took(began)
    view.set_matches(None)
    run("resize name", lambda i: view.set_name_width(250 + i))
    view.close()
    return figures


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    figures = measure(count)
    print(json.dumps({"spans": count, **{name: round(ms, 2) for name, ms in figures.items()}}, indent=2))


if __name__ == "__main__":
    main()
