"""Garbage is collected on the Qt thread."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

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
