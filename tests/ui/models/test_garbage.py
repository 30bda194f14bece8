"""Garbage is collected on the Qt thread."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tailrace.ui.models import garbage
from tailrace.ui.models.garbage import GarbageCollection


class Knot:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_cycles_that_a_worker_makes_are_collected_on_the_qt_thread(qtbot: QtBot) -> None:
    parent = QObject()
    where: list[str] = []
    collection = GarbageCollection(parent)
    try:
        known = weakref.ref(Knot(), lambda _: where.append(threading.current_thread().name))
        # far more than automatic collection would let stand
        worker = threading.Thread(target=lambda: [Knot() for _ in range(20_000)], name="worker")
        worker.start()
        worker.join()
        assert known() is not None
        assert where == []
        assert collection.collect() >= 0
        assert known() is None
        assert where == [threading.main_thread().name]
        assert collection.collect() in (-1, 1, 2), "the youngest generation has just been collected"
    finally:
        collection._timer.stop()
        gc.enable()
        gc.unfreeze()
    parent.deleteLater()


def test_much_is_set_aside_at_once_and_looked_through_when_another_program_is_in_front(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = QObject()
    collection = GarbageCollection(parent)
    try:
        # more than may be looked through while somebody waits
        held = [Knot() for _ in range(40_000)]
        known = weakref.ref(held[0])
        assert collection.collect() == -1
        assert gc.get_count()[0] < 1_000
        held.clear()
        monkeypatch.setattr(garbage, "_nobody_looks", lambda: True)
        collection.collect()
        assert known() is not None, "not more often than once a minute"
        monkeypatch.setattr(garbage, "_SELDOM_S", -1.0)
        assert collection.collect() == 2
        assert known() is None
    finally:
        collection._timer.stop()
        gc.enable()
        gc.unfreeze()
    parent.deleteLater()
