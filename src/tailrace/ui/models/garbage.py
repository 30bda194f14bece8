"""Collect garbage on the Qt thread only.

Python collects cycles on whichever thread happens to allocate. A widget in such a cycle would be destroyed on a thread
of the readers, which Qt does not survive.
"""

from __future__ import annotations

import gc
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_EVERY_MS = 1_000
_LITTLE = 25_000  # objects; looking through them takes some 10 ms
_SELDOM_S = 60.0


class GarbageCollection(QObject):
    """Python's own thresholds, looked at once a second. Where there is much to look through, as when a page was built
    or a job has all judgements in its hands, it is set aside until another program is in front. Ends with its
    parent."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # what is there from the start stays: looking through it would only take time, now and later
        self._aside = False
        self._all_at = monotonic()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_EVERY_MS)
        parent.destroyed.connect(_give_back)

    def collect(self) -> int:
        """Collect the oldest generation that is due; which one, -1 when none is, or when it was set aside."""
        if self._aside and _nobody_looks() and monotonic() - self._all_at > _SELDOM_S:
            self._collect_all()
            return 2
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
                if _size(generation) > _LITTLE:
                    gc.freeze()
                    self._aside = True
                    return -1
                gc.collect(generation)
                return generation
        return -1

    def _collect_all(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._aside = False
        self._all_at = monotonic()


def _size(generation: int) -> int:
    """How many objects collecting a generation would look through."""
    return gc.get_count()[0] + sum(len(gc.get_objects(older)) for older in range(1, generation + 1))


def _nobody_looks() -> bool:
    return QGuiApplication.applicationState() is not Qt.ApplicationState.ApplicationActive


def _give_back() -> None:
    gc.enable()
    gc.unfreeze()
