"""Reviewing in a database of a million spans: from the key to the next item painted, in the real window."""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from tests.bench.data import SPANS
from tests.bench.event_loop import Ticks
from tests.bench.figures import Figure, median, percentile, times
from tests.bench.reviewed import ITEMS_OF_ALL, reviewed_database
from tests.bench.window import Paints, wait_idle, wait_until, window

from tailrace.model.review import Queue, QueueSource, Recipe
from tailrace.ui.main_window import MainWindow
from tailrace.workspace import Workspace

_REVIEWER = "bench"
_ITEMS = 200


def measure(quick: bool) -> Iterator[Figure]:
    """Verdicts with the next item read ahead, jumps to items that are not, and a queue of all traces."""
    path = reviewed_database(SPANS // 10 if quick else SPANS)
    _clean(path)
    try:
        yield from _measure(path, 60 if quick else _ITEMS)
    finally:
        _clean(path)


def _measure(path: Path, rounds: int) -> Iterator[Figure]:
    workspace = Workspace(path)
    workspace.prepare()
    sampled = _queue(workspace, Recipe(QueueSource.RANDOM, size=_ITEMS, seed=1))
    began = time.perf_counter()
    everything = _queue(workspace, Recipe())
    yield Figure("queue of all traces made", "ms", (time.perf_counter() - began) * 1e3)
    keys = workspace.reviews.read_queue(sampled, _REVIEWER)
    workspace.close()
    assert keys is not None
    floor = median(times(lambda: _bare(path, int(keys.keys[0])), 9))
    with window() as shown:
        shown.judging.author = _REVIEWER
        shown.open([path])
        wait_until(lambda: shown.page.trace is not None)
        wait_idle(shown)
        shown.show_page("review")
        began = time.perf_counter()
        shown.review.open_queue(everything)
        wait_until(lambda: shown.review.reviewing.item is not None)
        yield Figure("queue of all traces opened", "ms", (time.perf_counter() - began) * 1e3)
        wait_idle(shown)
        shown.review.open_queue(sampled)
        wait_until(lambda: shown.review.reviewing.item is not None)
        wait_idle(shown)
        note = "floor: the item's rows by bare SQL and one synchronous commit"
        ticks = Ticks()
        passes = [_judge(shown, Qt.Key.Key_P) for _ in range(rounds // 2)]
        yield Figure("review: key to next item painted, p95", "ms", percentile(passes, 95), 60.0, floor, note)
        fails = [_judge(shown, Qt.Key.Key_F, Qt.Key.Key_1) for _ in range(rounds - rounds // 2 - 1)]
        note = f"behind a failure mode's key; p50 {median(fails):.0f} ms"
        yield Figure("review: fail to next item painted, p95", "ms", percentile(fails, 95), 60.0, floor, note)
        gaps = ticks.take()
        note = f"while {rounds - 1} items are judged; the largest {max(gaps):.0f} ms"
        yield Figure("review: gap in the event loop, p99", "ms", percentile(gaps, 99), 50.0, None, note)
        jumps = [_jump(shown, i * 61 % _ITEMS) for i in range(40)]
        note = f"not read ahead; p50 {median(jumps):.0f} ms"
        yield Figure("review: any item painted, p95", "ms", percentile(jumps, 95), None, floor, note)
        yield from _queues(shown)


def _queues(shown: MainWindow) -> Iterator[Figure]:
    """A queue of a million items, and all that a page reads of queues, modes and scores."""
    ticks = Ticks()
    began = time.perf_counter()
    shown.review.open_queue("queue-0")
    wait_until(lambda: len(shown.review.items.states) >= ITEMS_OF_ALL and shown.review.reviewing.item is not None)
    yield Figure("queue of a million items opened", "ms", (time.perf_counter() - began) * 1e3)
    wait_idle(shown)
    passes = [_judge(shown, Qt.Key.Key_P) for _ in range(60)]
    yield Figure(
        "review: the same among a million, p95", "ms", percentile(passes, 95), None, note=f"p50 {median(passes):.0f} ms"
    )
    wait_idle(shown)
    ticks.take()
    began = time.perf_counter()
    shown.review.setup.read()
    wait_until(lambda: not shown.session.jobs.runs("review-setup"))
    yield Figure("queues, modes and datasets read", "ms", (time.perf_counter() - began) * 1e3)
    yield Figure("gap meanwhile, largest", "ms", max(ticks.take(), default=0.0))


def _judge(shown: MainWindow, key: Qt.Key, *before: Qt.Key) -> float:
    """One verdict as fast as a very fast person gives them: what is read ahead has been. Keys `before` it are not
    waited for."""
    ahead = shown.review.reviewing._ahead
    wait_until(lambda: not ahead.isActive() and not shown.session.jobs.runs("review-ahead"))
    former = shown.review.reviewing.place
    paints = Paints(shown.review.item_view)
    for one in before:
        _press(shown, one)
    began = time.perf_counter()
    _press(shown, key)
    reviewing = shown.review.reviewing
    wait_until(lambda: reviewing.place != former and reviewing.item is not None and paints.count > 0)
    return (time.perf_counter() - began) * 1e3


def _press(shown: MainWindow, key: Qt.Key) -> None:
    target = QApplication.focusWidget() or shown
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, chr(key).lower()))


def _jump(shown: MainWindow, place: int) -> float:
    wait_idle(shown)
    shown.review.reviewing._known.clear()
    former = shown.review.reviewing.item
    paints = Paints(shown.review.item_view)
    began = time.perf_counter()
    shown.review.reviewing.go(place)
    wait_until(lambda: shown.review.reviewing.item not in (None, former) and paints.count > 0)
    return (time.perf_counter() - began) * 1e3


def _queue(workspace: Workspace, recipe: Recipe) -> str:
    queue = Queue(uuid.uuid4().hex, f"bench {recipe.source}", recipe, author=_REVIEWER)
    workspace.reviews.make_queue(queue, workspace.reviews.sample(recipe, _REVIEWER))
    return queue.queue_id


def _bare(path: Path, key: int) -> int:
    connection = sqlite3.connect(path.as_uri(), uri=True)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        rows = connection.execute(
            "SELECT * FROM span LEFT JOIN span_payload AS p ON p.id = span.id WHERE span.id BETWEEN ? AND ?",
            (key << 24, (key + 1 << 24) - 1),
        ).fetchall()
        connection.execute("UPDATE trace SET thumb = thumb WHERE id = ?", (key,))
        connection.commit()
        return len(rows)
    finally:
        connection.close()


def _clean(path: Path) -> None:
    """The data is kept between runs, what was said of it is not."""
    connection = sqlite3.connect(path)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "review_queue" in tables:
        judged = "SELECT trace_id FROM score WHERE author = 'bench'"
        connection.execute(f"UPDATE trace SET thumb = NULL WHERE trace_id IN ({judged}) AND thumb IS NOT NULL")
        mine = "SELECT queue_id FROM review_queue WHERE author = 'bench'"
        connection.execute(f"DELETE FROM review_item WHERE queue_id IN ({mine})")
        connection.execute("DELETE FROM score_history WHERE score_id LIKE 'tailrace:bench:%'")
        for table in ("review_queue", "review_visit", "score"):
            connection.execute(f"DELETE FROM {table} WHERE author = 'bench'")
    connection.commit()
    connection.close()
