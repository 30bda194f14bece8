"""A queue in a database, and driving the Review page of a real window with keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.driving import settle

from tailrace.model import Score, TraceFilter
from tailrace.model.review import (
    DatasetItem,
    FailureMode,
    Put,
    Queue,
    QueueSource,
    Recipe,
    Record,
    Verdict,
)
from tailrace.review.judgement import judgement_of, verdict_score
from tailrace.ui.main_window import MainWindow
from tailrace.workspace import Workspace

NO = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MODES = ("wrong policy", "tool failed")


def queue(database: Path, size: int | None = 6, *records: Record, name: str = "first", **terms: object) -> Queue:
    """Put a queue of the first traces into a database, with two failure modes and some more records."""
    workspace = Workspace(database)
    workspace.prepare()
    try:
        made = replace(Queue(name, name, Recipe(QueueSource.RANDOM, size=size, seed=len(name))), **terms)  # type: ignore[arg-type]
        workspace.reviews.make_queue(made, workspace.reviews.sample(made.recipe, "ada"))
        modes = [FailureMode(f"mode-{place}", mode, position=place) for place, mode in enumerate(MODES)]
        workspace.reviews.apply([Put(record) for record in (*modes, *records)])
    finally:
        workspace.close()
    return made


def put(database: Path, *records: Record) -> None:
    """Somebody else writes into the database."""
    workspace = Workspace(database)
    try:
        workspace.reviews.apply([Put(record) for record in records])
    finally:
        workspace.close()


def trace_ids(database: Path, queue_id: str = "first", reviewer: str = "ada") -> tuple[str, ...]:
    """The traces of a reviewer's share of a queue."""
    workspace = Workspace(database)
    try:
        listed = workspace.reviews.read_queue(queue_id, reviewer)
        assert listed is not None
        return listed.trace_ids
    finally:
        workspace.close()


def said(author: str, trace_id: str, verdict: Verdict) -> Score:
    """A verdict of somebody."""
    return verdict_score(author, trace_id, verdict)


def review(qtbot: QtBot, window: MainWindow) -> None:
    """Go to the Review page by key, and wait for its first item."""
    key(qtbot, Qt.Key.Key_2, CTRL)
    qtbot.waitUntil(lambda: window.review.reviewing.item is not None, timeout=10_000)
    settle(qtbot, window)


def key(qtbot: QtBot, code: Qt.Key, modifier: Qt.KeyboardModifier = NO) -> None:
    """Press a key where the focus is, as the window system does."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    qtbot.keyClick(widget, code, modifier)


def keys(qtbot: QtBot, window: MainWindow, text: str) -> None:
    """Press the keys of some characters, and wait until all is done."""
    for letter in text:
        key(qtbot, Qt.Key.Key_Space if letter == " " else Qt.Key(ord(letter.upper())))
        qtbot.waitUntil(lambda: not window.session.jobs.runs("review-item"), timeout=5_000)  # nobody judges unread
    settle(qtbot, window)


def type_(qtbot: QtBot, text: str) -> None:
    """Type where the focus is."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    qtbot.keyClicks(widget, text)


def lead(qtbot: QtBot, code: Qt.Key) -> None:
    """The leader key, then another."""
    key(qtbot, Qt.Key.Key_Period, CTRL)
    key(qtbot, code)


def scores(database: Path, trace_id: str | None = None, author: str = "ada") -> list[Score]:
    """What is in the file by one author, read on a connection of its own."""
    workspace = Workspace(database)
    try:
        listed = workspace.list_traces(TraceFilter()).keys.tolist()
        found = [score for one in listed for score in workspace.scores_of_trace(one) if score.author == author]
    finally:
        workspace.close()
    return [score for score in found if trace_id is None or score.trace_id == trace_id]


def verdict(database: Path, trace_id: str, author: str = "ada") -> Verdict | None:
    """Somebody's verdict as it is in the file."""
    return judgement_of(scores(database, trace_id, author), author).verdict


def place(window: MainWindow) -> int:
    """Which item is on show."""
    return window.review.reviewing.place


def states(window: MainWindow) -> list[int]:
    """The glyphs of the list, item by item."""
    return [int(state) for state in window.review.items.states]


def examples(database: Path, dataset_id: str) -> list[DatasetItem]:
    """What a dataset holds in the file."""
    workspace = Workspace(database)
    try:
        return workspace.reviews.dataset_items(dataset_id)
    finally:
        workspace.close()


Open = Callable[[Path], MainWindow]
